#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace openapi::codec {

/// The number that the whole of `text` is, as `std::from_chars` reads it; nothing when anything is left over, or it does not fit.
template <class Number>
std::optional<Number> wholeNumber(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace openapi::codec
