#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace openapi::bill {

/// What may be read before the first byte of a text that `fastDecimal` reads.
constexpr std::size_t decimalPadding = 8;

/// Reads a decimal number exactly, as a multiple of 10^-`places`: a minus perhaps, digits, a point perhaps and 1 to `places`
/// digits behind it. Anything else, overflow included, is false.
[[nodiscard]] inline bool parseDecimal(std::string_view text, unsigned places, std::int64_t& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t result = 0;
  const auto append = [&result, negative](char c) {
    const int digit = c - '0';
    if (digit < 0 || digit > 9) return false;
    return !__builtin_mul_overflow(result, 10, &result) && !__builtin_add_overflow(result, negative ? -digit : digit, &result);
  };
  std::size_t at = 0;
  for (; at < text.size() && text[at] != '.'; ++at) {
    if (!append(text[at])) return false;
  }
  if (at == 0) return false;
  unsigned decimals = 0;
  if (at < text.size()) {
    for (++at; at < text.size(); ++at, ++decimals) {
      if (decimals == places || !append(text[at])) return false;
    }
    if (decimals == 0) return false;
  }
  for (; decimals < places; ++decimals) {
    if (!append('0')) return false;
  }
  value = result;
  return true;
}

/// The value of eight digits, the first in the lowest byte. False when one of them is no digit.
[[nodiscard]] inline bool eightDigits(std::uint64_t digits, std::uint64_t& value) {
  constexpr std::uint64_t high = 0xF0F0F0F0F0F0F0F0U;
  constexpr std::uint64_t zeros = 0x3030303030303030U;
  const bool valid = ((digits & high) == zeros) & (((digits + 0x0606060606060606U) & high) == zeros);
  digits = (digits & 0x0F0F0F0F0F0F0F0FU) * 2561 >> 8U;
  digits = (digits & 0x00FF00FF00FF00FFU) * 6553601 >> 16U;
  value = (digits & 0x0000FFFF0000FFFFU) * 42949672960001U >> 32U;
  return valid;
}

/// The same as `parseDecimal`. The usual amounts, of at most eight characters with all decimals, take no loop.
/// `decimalPadding` bytes before `text` must be readable.
template <unsigned places>
[[nodiscard]] inline bool fastDecimal(std::string_view text, std::int64_t& value) {
  if constexpr (std::endian::native == std::endian::little) {
    const std::size_t size = text.size();
    if (size >= places + 2 && size <= 8 && text[size - places - 1] == '.') {
      constexpr std::uint64_t beforeAndPoint = (std::uint64_t{1} << (8U * (8U - places))) - 1;
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + size - 8, 8);
      bytes = (bytes & ~beforeAndPoint) | (bytes << 8U & beforeAndPoint);  // without the point
      const auto unused = static_cast<unsigned>(8 * (9 - size));
      const std::uint64_t lead = (std::uint64_t{1} << unused) - 1;
      std::uint64_t number = 0;
      if (eightDigits((bytes & ~lead) | (0x3030303030303030U & lead), number)) {
        value = static_cast<std::int64_t>(number);
        return true;
      }
    }
  }
  return parseDecimal(text, places, value);
}

}  // namespace openapi::bill
