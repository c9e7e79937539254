#include <openapi/fen.hpp>

#include <codec/ascii.hpp>

#include <charconv>
#include <stdexcept>

namespace openapi {

namespace {

bool addDigits(std::int64_t& value, std::string_view digits) {
  for (const char c : digits) {
    if (!codec::isDigit(c) || __builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_add_overflow(value, std::int64_t{c - '0'}, &value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string Fen::yuan() const {
  const bool negative = count_ < 0;
  const auto magnitude = negative ? ~static_cast<std::uint64_t>(count_) + 1 : static_cast<std::uint64_t>(count_);
  char text[32];
  char* end = text;
  if (negative) *end++ = '-';
  end = std::to_chars(end, text + sizeof text, magnitude / 100).ptr;
  *end++ = '.';
  *end++ = static_cast<char>('0' + magnitude % 100 / 10);
  *end++ = static_cast<char>('0' + magnitude % 10);
  return {text, end};
}

std::optional<Fen> Fen::fromYuan(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || decimals.size() > 2 || (point != std::string_view::npos && decimals.empty())) return {};
  std::int64_t value = 0;
  if (!addDigits(value, whole) || !addDigits(value, decimals)) return {};
  if (!addDigits(value, std::string_view{"00"}.substr(decimals.size()))) return {};
  return Fen{value};
}

std::optional<Fen> Fen::fromText(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || !addDigits(value, text)) return {};
  return Fen{value};
}

Fen operator+(Fen left, Fen right) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(left.count_, right.count_, &sum)) throw std::overflow_error{"openapi::Fen: sum out of range"};
  return Fen{sum};
}

Fen operator-(Fen left, Fen right) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(left.count_, right.count_, &difference)) {
    throw std::overflow_error{"openapi::Fen: difference out of range"};
  }
  return Fen{difference};
}

}  // namespace openapi
