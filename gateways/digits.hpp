#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace openapi::gateway {

/// The last `width` digits of `number`, which may have leading zeros.
inline void appendDigits(std::string& out, std::uint64_t number, std::size_t width) {
  out.append(width, '0');
  for (auto at = out.size(); width > 0; --width, number /= 10) out[--at] = static_cast<char>('0' + number % 10);
}

/// Yuan as bills print them: `12.30`, `-0.02`.
inline void appendYuan(std::string& out, std::int64_t fen) {
  if (fen < 0) out += '-';
  const auto size = fen < 0 ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, size / 100).ptr);
  out += '.';
  appendDigits(out, size % 100, 2);
}

[[nodiscard]] inline std::string yuanText(std::int64_t fen) {
  std::string text;
  appendYuan(text, fen);
  return text;
}

}  // namespace openapi::gateway
