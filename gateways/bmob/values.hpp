#pragma once

#include <gateways/bmob/catalog.hpp>

#include <openapi/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

/// A value as it is kept, and the column that it needs; null needs none.
struct StoredValue {
  Json json{};
  std::optional<Column> column{};
};

/// Checks the value of a column: dates, pointers, geographic points. Refuses with 102, 106, 107 and 117.
[[nodiscard]] StoredValue storedValue(const std::string& key, const Json& value);

/// `__type` of an object, empty when there is none.
[[nodiscard]] std::string_view typeTag(const Json& value);

struct Pointer {
  std::string className{};
  std::string objectId{};
};
/// Refuses with 106 what is no pointer.
[[nodiscard]] Pointer pointerIn(const std::string& key, const Json& value);
[[nodiscard]] Json pointerJson(const Pointer& pointer);
[[nodiscard]] Json relationJson(const std::string& target);

struct Point {
  double latitude = 0;
  double longitude = 0;
};
/// Refuses with 102 and 117 what is no point.
[[nodiscard]] Point pointIn(const std::string& key, const Json& value);

/// The number in a JSON value.
[[nodiscard]] std::optional<double> realIn(const Json& value);
/// The shortest text of a number; no value when it is not finite.
[[nodiscard]] std::optional<Json> numberJson(double value);

/// `Pointer<Game>` for messages, the type's name where there is no class.
[[nodiscard]] std::string describe(const Column& column);
/// Refuses with 111 when the column is there with another type.
void requireType(const Table& table, const std::string& key, const Column& column);

/// How many objects and arrays stand inside each other.
[[nodiscard]] std::size_t depthOf(const Json& value);

}  // namespace openapi::gateway::bmob
