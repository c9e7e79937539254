#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace openapi {

class Json;
struct Field;

/// Named values in the order in which they were added or received. Names are camelCase.
class Fields {
 public:
  Fields();
  Fields(std::initializer_list<Field> items);
  Fields(const Fields&);
  Fields(Fields&&) noexcept;
  Fields& operator=(const Fields&);
  Fields& operator=(Fields&&) noexcept;
  ~Fields();

  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const Field* begin() const;
  [[nodiscard]] const Field* end() const;
  /// Makes room for `count` values in all.
  void reserve(std::size_t count);
  /// The value of `name`, or null. The pointer holds until the object changes.
  [[nodiscard]] const Json* find(std::string_view name) const;
  /// Adds a value, or replaces the one of the same name.
  void set(std::string name, Json value);
  /// Adds a value without looking for one of the same name.
  void append(std::string name, Json value);
  /// Removes the value of `name`; says whether there was one.
  bool erase(std::string_view name);

  friend bool operator==(const Fields&, const Fields&);

 private:
  std::vector<Field> items_;
};

/// A JSON value. Integers are exact 64-bit numbers; any other number keeps its decimal text, so that
/// nothing passes through a `double`. The order of members is kept.
class Json {
 public:
  /// A number that is not a 64-bit integer, as its text (`0.60`, `1e400`).
  struct Number {
    std::string text;
    friend bool operator==(const Number&, const Number&) = default;
  };
  using Array = std::vector<Json>;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_{value} {}
  Json(int value) : value_{std::int64_t{value}} {}
  Json(unsigned value) : value_{std::int64_t{value}} {}
  Json(long value) : value_{std::int64_t{value}} {}
  Json(long long value) : value_{std::int64_t{value}} {}
  Json(unsigned long value) : Json{static_cast<unsigned long long>(value)} {}
  Json(unsigned long long value);
  Json(double) = delete;  ///< it would not be the number that was meant: write `Json::Number{"0.10"}`
  Json(Number value) : value_{std::move(value)} {}
  Json(const char* value) : value_{std::string{value}} {}
  /// It would be `true`: write `*row.find("score")`.
  template <class Other>
    requires(!std::same_as<std::remove_const_t<Other>, char>)
  Json(Other* value) = delete;
  Json(std::string_view value) : value_{std::string{value}} {}
  Json(std::string value) : value_{std::move(value)} {}
  Json(Array value) : value_{std::move(value)} {}
  Json(Fields value) : value_{std::move(value)} {}

  /// Reads one JSON text. Strict (RFC 8259, no repeated keys) and bounded: at most 64 levels and 500,000 values.
  /// Throws `Error` with `Errc::badResponse` that names the offset.
  [[nodiscard]] static Json parse(std::string_view text);

  /// The value as JSON text, without white space.
  [[nodiscard]] std::string json() const;

  [[nodiscard]] bool isNull() const { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  [[nodiscard]] const Number* number() const { return std::get_if<Number>(&value_); }
  [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Fields* object() const { return std::get_if<Fields>(&value_); }
  /// The member `name` of an object, or null.
  [[nodiscard]] const Json* find(std::string_view name) const;
  /// What the value is, for messages: `null`, `boolean`, `number`, `string`, `array`, `object`.
  [[nodiscard]] std::string_view kind() const;

  friend bool operator==(const Json&, const Json&);

 private:
  std::variant<std::monostate, bool, std::int64_t, Number, std::string, Array, Fields> value_;
};

/// One member of `Fields`.
struct Field {
  std::string name;
  Json value;
  friend bool operator==(const Field&, const Field&) = default;
};

}  // namespace openapi
