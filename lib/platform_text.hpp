#pragma once

#include <string>
#include <string_view>

namespace openapi {

/// A platform's own text as it may stand in a message: one line without control characters, at most 300 characters.
/// Nobody vouches for the text of an unsigned answer.
[[nodiscard]] std::string platformText(std::string_view utf8);

}  // namespace openapi
