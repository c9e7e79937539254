#pragma once

#include <codec/ascii.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace openapi::marshal {

/// A name that the compiler computes. Long enough for every field of the platforms' documents.
struct FixedName {
  std::array<char, 64> text{};
  std::size_t size = 0;

  constexpr void add(char c) { text.at(size++) = c; }
  constexpr operator std::string_view() const { return {text.data(), size}; }
};

constexpr FixedName fixedName(std::string_view text) {
  FixedName name;
  for (const char c : text) name.add(c);
  return name;
}

/// `outTradeNo` -> `out_trade_no`, by the compiler.
constexpr FixedName snakeName(std::string_view camel) {
  FixedName name;
  for (const char c : camel) {
    if (codec::isUpper(c)) name.add('_');
    name.add(codec::lower(c));
  }
  return name;
}

/// The same at run time, for names that are not known in advance.
[[nodiscard]] std::string toSnake(std::string_view camel);
/// `out_trade_no` -> `outTradeNo`. An underscore before anything but a letter stays, so that `1_0` and `10` differ
/// and `toSnake(toCamel(name)) == name` for every lower-case name.
[[nodiscard]] std::string toCamel(std::string_view snake);

/// One of the few names that do not follow the rule.
struct Irregular {
  std::string_view camel;
  std::string_view wire;
};

/// How amounts are written on the wire.
enum class Amounts { fen, yuan };

/// The public spelling: JSON of the command line, configuration files. Input errors are `invalidArgument`.
struct CamelStyle {
  static constexpr Amounts amounts = Amounts::fen;
  static constexpr bool lenientTypes = false;  // a number is not a text
  static constexpr FixedName wireName(std::string_view camel) { return fixedName(camel); }
  static std::string wireOf(std::string_view camel) { return std::string{camel}; }
  static std::string publicOf(std::string_view wire) { return toCamel(wire); }
};

/// snake_case with a table of irregular names: what the platforms send and take.
template <const auto& table, Amounts unit>
struct WireStyle {
  static constexpr Amounts amounts = unit;
  static constexpr bool lenientTypes = true;
  static constexpr FixedName wireName(std::string_view camel) {
    for (const Irregular& entry : table) {
      if (entry.camel == camel) return fixedName(entry.wire);
    }
    return snakeName(camel);
  }
  static std::string wireOf(std::string_view camel) {
    for (const Irregular& entry : table) {
      if (entry.camel == camel) return std::string{entry.wire};
    }
    return toSnake(camel);
  }
  static std::string publicOf(std::string_view wire) {
    for (const Irregular& entry : table) {
      if (entry.wire == wire) return std::string{entry.camel};
    }
    return toCamel(wire);
  }
};

}  // namespace openapi::marshal
