#pragma once

#include <openapi/error.hpp>

#include <string_view>

namespace openapi::http {

/// What an error says of a request that may have been carried out.
inline constexpr std::string_view unknownEffect = "whether the request took effect is unknown, query before you repeat it";

/// An HTTP status that the platform's own answers do not have. `changes`: the request asked for more than to read. `said`: what
/// is known beside the status. The error has the status, and the members of `details`.
[[nodiscard]] Error unexpectedStatus(int status, bool changes, std::string_view said = {}, Error::Details details = {});

}  // namespace openapi::http
