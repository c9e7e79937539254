#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Letters and digits of ASCII, whatever the locale.
namespace openapi::codec {

[[nodiscard]] constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool isLower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool isLetter(char c) { return isLower(c) || isUpper(c); }
[[nodiscard]] constexpr bool isAlphanumeric(char c) { return isLetter(c) || isDigit(c); }

/// The small letter of a capital one; any other character as it is.
[[nodiscard]] constexpr char lower(char c) { return isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

[[nodiscard]] inline std::string lowerCase(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

[[nodiscard]] inline bool equalIgnoringCase(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) { return lower(a) == lower(b); });
}

/// Whether every character is a digit; true for an empty text.
[[nodiscard]] inline bool allDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), isDigit); }

/// What a hexadecimal digit counts; -1 for any other character.
[[nodiscard]] constexpr int hexValue(char c) {
  if (isDigit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace openapi::codec
