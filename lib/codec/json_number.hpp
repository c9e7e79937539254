#pragma once

#include <cstddef>
#include <string_view>

namespace openapi::codec {

/// The length of the JSON number at the start of `text`, 0 when there is none (RFC 8259, section 6).
[[nodiscard]] inline std::size_t jsonNumberLength(std::string_view text) {
  const auto digitsFrom = [text](std::size_t i) {
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i;
  };
  const std::size_t start = text.starts_with('-') ? 1 : 0;
  std::size_t end = digitsFrom(start);
  if (end == start) return 0;
  if (text[start] == '0') end = start + 1;
  if (end < text.size() && text[end] == '.' && digitsFrom(end + 1) > end + 1) end = digitsFrom(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool hasSign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
    const std::size_t exponent = end + (hasSign ? 2 : 1);
    if (digitsFrom(exponent) > exponent) end = digitsFrom(exponent);
  }
  return end;
}

}  // namespace openapi::codec
