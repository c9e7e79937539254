#pragma once

#include <openapi/fen.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::bill {

/// An amount in 1/100000 yuan: handling fees have five decimals, and a sum over a bill must be exact.
///
/// A value type like `Fen`: decimal, without a floating point number; arithmetic throws `std::overflow_error`.
class Fee {
 public:
  constexpr Fee() = default;
  constexpr explicit Fee(std::int64_t count) : count_{count} {}

  /// The amount as a number of 1/100000 yuan.
  [[nodiscard]] constexpr std::int64_t count() const { return count_; }

  /// Yuan text with two to five decimals: `0.08`, `21.078`, `-0.02`.
  [[nodiscard]] std::string yuan() const;
  /// The amount in fen, when it is a whole number of them.
  [[nodiscard]] std::optional<Fen> fen() const;

  /// Reads yuan text: a minus perhaps, digits, then at most five decimals (`0`, `-0.02000`). Anything else gives no value.
  [[nodiscard]] static std::optional<Fee> fromYuan(std::string_view text);
  /// The same amount. Throws `std::overflow_error`.
  [[nodiscard]] static Fee fromFen(Fen amount);

  friend constexpr auto operator<=>(const Fee&, const Fee&) = default;
  friend Fee operator+(Fee left, Fee right);
  friend Fee operator-(Fee left, Fee right);
  Fee& operator+=(Fee other) { return *this = *this + other; }
  Fee& operator-=(Fee other) { return *this = *this - other; }

 private:
  std::int64_t count_ = 0;
};

/// A percentage in 1/10000 percent, exact: the rate of a handling fee.
class Rate {
 public:
  constexpr Rate() = default;
  constexpr explicit Rate(std::int64_t count) : count_{count} {}

  /// The rate as a number of 1/10000 percent: 6000 for `0.60%`.
  [[nodiscard]] constexpr std::int64_t count() const { return count_; }

  /// Text with two to four decimals: `0.60%`, `0.385%`.
  [[nodiscard]] std::string percent() const;

  /// Reads `0.60%`: at most four decimals, then the percent sign. Anything else gives no value.
  [[nodiscard]] static std::optional<Rate> fromPercent(std::string_view text);

  friend constexpr auto operator<=>(const Rate&, const Rate&) = default;

 private:
  std::int64_t count_ = 0;
};

}  // namespace openapi::bill
