#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace openapi::codec {

/// The code point at the start of `bytes` and the number of bytes it takes; 0 bytes when it is malformed (RFC 3629).
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

[[nodiscard]] inline CodePoint decodeUtf8(std::string_view bytes) {
  const auto at = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const auto low = [&](std::size_t i) { return static_cast<char32_t>(at(i) & 0x3FU); };
  if (bytes.empty()) return {};
  const auto lead = static_cast<char32_t>(at(0));
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {};
  if (lead < 0xE0) {
    if (bytes.size() < 2 || !continues(1)) return {};
    return {(lead & 0x1FU) << 6U | low(1), 2};
  }
  if (lead < 0xF0) {
    if (bytes.size() < 3 || !continues(1) || !continues(2)) return {};
    const char32_t value = (lead & 0x0FU) << 12U | low(1) << 6U | low(2);
    if (value < 0x800 || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, 3};
  }
  if (bytes.size() < 4 || !continues(1) || !continues(2) || !continues(3)) return {};
  const char32_t value = (lead & 0x07U) << 18U | low(1) << 12U | low(2) << 6U | low(3);
  if (value < 0x10000 || value > 0x10FFFF) return {};
  return {value, 4};
}

/// Appends the code point `c`.
inline void appendUtf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0U | c >> 6U);
  } else if (c < 0x10000) {
    byte(0xE0U | c >> 12U);
    byte(0x80U | (c >> 6U & 0x3FU));
  } else {
    byte(0xF0U | c >> 18U);
    byte(0x80U | (c >> 12U & 0x3FU));
    byte(0x80U | (c >> 6U & 0x3FU));
  }
  byte(0x80U | (c & 0x3FU));
}

}  // namespace openapi::codec
