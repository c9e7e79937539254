#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace openapi::codec {

/// Standard base64 with padding, no line breaks.
[[nodiscard]] std::string toBase64(std::string_view bytes);
/// Strict: standard alphabet, right padding, no white space. Anything else gives no value.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

[[nodiscard]] std::string toLowerHex(std::span<const unsigned char> bytes);
[[nodiscard]] std::string toUpperHex(std::span<const unsigned char> bytes);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view bytes);
/// Number of code points of valid UTF-8.
[[nodiscard]] std::size_t codePoints(std::string_view utf8);

/// Puts `with` in the place of each `what`, which is not empty. Linear, whatever the text is.
void replaceAll(std::string& text, std::string_view what, std::string_view with);

/// GBK, GB2312 and GB18030 bytes to UTF-8. Bytes that are no text give no value.
[[nodiscard]] std::optional<std::string> fromGb18030(std::string_view bytes);
/// UTF-8 to GBK bytes, for what GBK can hold.
[[nodiscard]] std::optional<std::string> toGbk(std::string_view utf8);

/// Decodes one gzip stream (RFC 1952), trailer checked. Throws `Error` with `Errc::badResponse` when it is damaged,
/// cut, followed by other bytes, or larger than `maxBytes` when decoded.
[[nodiscard]] std::string gunzip(std::string_view bytes, std::size_t maxBytes);
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace openapi::codec
