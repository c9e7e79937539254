#pragma once

#include <string>
#include <string_view>

namespace openapi::codec {

/// Throws `Error` with `Errc::badResponse`.
[[noreturn]] void failBadResponse(const std::string& message);

/// `text` as it may stand in a message: printable ASCII only, at most 64 characters.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace openapi::codec
