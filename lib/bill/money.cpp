#include <openapi/bill/money.hpp>
#include <stdexcept>

#include "bill/decimal.hpp"

namespace openapi::bill {
namespace {

constexpr std::int64_t feesInFen = 1000;

/// `count` as a multiple of 10^-`places`, with `least` decimals or more.
std::string decimalText(std::int64_t count, unsigned places, unsigned least) {
  const bool negative = count < 0;
  const auto magnitude = negative ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
  std::string text = std::to_string(magnitude);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  text.insert(text.size() - places, 1, '.');
  for (unsigned decimals = places; decimals > least && text.back() == '0'; --decimals) text.pop_back();
  if (negative) text.insert(text.begin(), '-');
  return text;
}

}  // namespace

std::string Fee::yuan() const { return decimalText(count_, 5, 2); }

std::optional<Fen> Fee::fen() const {
  if (count_ % feesInFen != 0) return {};
  return Fen{count_ / feesInFen};
}

std::optional<Fee> Fee::fromYuan(std::string_view text) {
  std::int64_t count = 0;
  if (!parseDecimal(text, 5, count)) return {};
  return Fee{count};
}

Fee Fee::fromFen(Fen amount) {
  std::int64_t count = 0;
  if (__builtin_mul_overflow(amount.count(), feesInFen, &count)) throw std::overflow_error{"openapi::bill::Fee: out of range"};
  return Fee{count};
}

Fee operator+(Fee left, Fee right) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(left.count_, right.count_, &sum)) throw std::overflow_error{"openapi::bill::Fee: sum out of range"};
  return Fee{sum};
}

Fee operator-(Fee left, Fee right) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(left.count_, right.count_, &difference)) {
    throw std::overflow_error{"openapi::bill::Fee: difference out of range"};
  }
  return Fee{difference};
}

std::string Rate::percent() const { return decimalText(count_, 4, 2) + "%"; }

std::optional<Rate> Rate::fromPercent(std::string_view text) {
  std::int64_t count = 0;
  if (!text.ends_with('%') || !parseDecimal(text.substr(0, text.size() - 1), 4, count)) return {};
  return Rate{count};
}

}  // namespace openapi::bill
