#pragma once

#include <openapi/event.hpp>
#include <openapi/json.hpp>

namespace openapi::cli {

/// The event of a notification, from `{"headers":{…},"body":"…","isBase64Encoded":false}`. What cloud functions add to
/// that (path, method, query) is ignored; what is absent is empty. Throws `invalidArgument` that names the member.
[[nodiscard]] Event eventFrom(const Json& input);

}  // namespace openapi::cli
