#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace openapi {

/// An amount of money in fen (1/100 yuan). Every public amount has this type, on both platforms.
///
/// A value type without a floating point number anywhere: conversion from and to yuan text is
/// decimal and exact. Arithmetic throws `std::overflow_error` instead of wrapping.
class Fen {
 public:
  constexpr Fen() = default;
  constexpr explicit Fen(std::int64_t count) : count_{count} {}

  /// The amount as a number of fen.
  [[nodiscard]] constexpr std::int64_t count() const { return count_; }

  /// Yuan text with exactly two decimals: `Fen{8800}.yuan() == "88.00"`.
  [[nodiscard]] std::string yuan() const;

  /// Reads yuan text: digits, then at most two decimals (`88`, `88.8`, `88.80`).
  /// Signs, exponents, blanks, a third decimal and overflow give no value.
  [[nodiscard]] static std::optional<Fen> fromYuan(std::string_view text);

  /// Reads a whole number of fen (`8800`). Signs, decimals, blanks and overflow give no value.
  [[nodiscard]] static std::optional<Fen> fromText(std::string_view text);

  friend constexpr auto operator<=>(const Fen&, const Fen&) = default;
  friend Fen operator+(Fen left, Fen right);
  friend Fen operator-(Fen left, Fen right);
  Fen& operator+=(Fen other) { return *this = *this + other; }
  Fen& operator-=(Fen other) { return *this = *this - other; }

 private:
  std::int64_t count_ = 0;
};

}  // namespace openapi
