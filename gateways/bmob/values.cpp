#include <gateways/bmob/values.hpp>

#include <gateways/bmob/dates.hpp>
#include <gateways/bmob/names.hpp>
#include <gateways/bmob/refused.hpp>

#include <codec/whole_number.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace openapi::gateway::bmob {
namespace {

const std::string* textMember(const Json& value, std::string_view name) {
  const auto* member = value.find(name);
  return member == nullptr ? nullptr : member->string();
}

std::string withSixDecimals(double value) {
  std::array<char, 400> text{};
  const int length = std::snprintf(text.data(), text.size(), "%f", value);
  return {text.data(), static_cast<std::size_t>(std::max(length, 0))};
}

StoredValue storedDate(const Json& value) {
  const auto* iso = textMember(value, "iso");
  const auto date = iso == nullptr ? std::nullopt : dateIn(*iso);
  if (!date) throw Refused{107, "invalid date: " + shown(iso == nullptr ? std::string{} : *iso) + "."};
  return {Fields{{"__type", "Date"}, {"iso", readableTime(*date)}}, Column{Type::date, {}}};
}

StoredValue storedObject(const std::string& key, const Json& value) {
  const auto tag = typeTag(value);
  if (tag.empty()) return {value, Column{Type::object, {}}};
  if (tag == "Date") return storedDate(value);
  if (tag == "Pointer" || tag == "Object") {
    auto pointer = pointerIn(key, value);
    return {pointerJson(pointer), Column{Type::pointer, pointer.className}};
  }
  if (tag == "GeoPoint") {
    static_cast<void>(pointIn(key, value));
    return {Fields{{"__type", "GeoPoint"}, {"latitude", *value.find("latitude")}, {"longitude", *value.find("longitude")}},
            Column{Type::geo, {}}};
  }
  if (tag == "File") return {value, Column{Type::file, {}}};
  if (tag == "Relation") {
    const auto* target = textMember(value, "className");
    if (target == nullptr || !isClassName(*target)) throw invalidPointer(key);
    return {relationJson(*target), Column{Type::relation, *target}};
  }
  throw invalidJson("unknown __type " + std::string{tag});
}

}  // namespace

std::string_view typeTag(const Json& value) {
  const auto* tag = textMember(value, "__type");
  return tag == nullptr ? std::string_view{} : std::string_view{*tag};
}

StoredValue storedValue(const std::string& key, const Json& value) {
  if (value.isNull()) return {};
  if (value.object() != nullptr) return storedObject(key, value);
  const auto type = value.string() != nullptr    ? Type::string
                    : value.boolean() != nullptr ? Type::boolean
                    : value.array() != nullptr   ? Type::array
                                                 : Type::number;
  return {value, Column{type, {}}};
}

Pointer pointerIn(const std::string& key, const Json& value) {
  const auto* className = textMember(value, "className");
  const auto* objectId = textMember(value, "objectId");
  const auto tag = typeTag(value);
  const bool isPointer = tag == "Pointer" || tag == "Object";
  if (!isPointer || className == nullptr || objectId == nullptr || !isClassName(*className) || objectId->empty() ||
      objectId->size() > 64) {
    throw invalidPointer(key);
  }
  return {*className, *objectId};
}

Json pointerJson(const Pointer& pointer) {
  return Fields{{"__type", "Pointer"}, {"className", pointer.className}, {"objectId", pointer.objectId}};
}

Json relationJson(const std::string& target) { return Fields{{"__type", "Relation"}, {"className", target}}; }

Point pointIn(const std::string& key, const Json& value) {
  const auto part = [&](std::string_view name) {
    const auto* member = value.find(name);
    return member == nullptr ? std::nullopt : realIn(*member);
  };
  const auto latitude = part("latitude");
  const auto longitude = part("longitude");
  if (typeTag(value) != "GeoPoint" || !latitude || !longitude) throw Refused{102, shown(key) + ": invalid geopoint object."};
  if (!(std::abs(*latitude) <= 90)) throw Refused{117, "Latitude must be in [-90, 90]: " + withSixDecimals(*latitude) + "."};
  if (!(std::abs(*longitude) <= 180))
    throw Refused{117, "Longitude must be in [-180, 180]: " + withSixDecimals(*longitude) + "."};
  return {*latitude, *longitude};
}

std::optional<double> realIn(const Json& value) {
  if (const auto* integer = value.integer()) return static_cast<double>(*integer);
  if (const auto* number = value.number()) return std::strtod(number->text.c_str(), nullptr);
  return std::nullopt;
}

std::optional<Json> numberJson(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  const std::string_view shortest{text.data(), static_cast<std::size_t>(end - text.data())};
  if (const auto integer = codec::wholeNumber<std::int64_t>(shortest)) return Json{*integer};
  return Json{Json::Number{std::string{shortest}}};
}

std::string describe(const Column& column) {
  const std::string name{nameOf(column.type)};
  return column.target.empty() ? name : name + "<" + column.target + ">";
}

void requireType(const Table& table, const std::string& key, const Column& column) {
  const auto* known = table.find(key);
  if (known == nullptr || (known->type == column.type && known->target == column.target)) return;
  throw wrongType(key, describe(*known), describe(column));
}

std::size_t depthOf(const Json& value) {
  std::size_t inner = 0;
  if (const auto* items = value.array()) {
    for (const auto& item : *items) inner = std::max(inner, depthOf(item));
    return inner + 1;
  }
  if (const auto* members = value.object()) {
    for (const auto& member : *members) inner = std::max(inner, depthOf(member.value));
    return inner + 1;
  }
  return 0;
}

}  // namespace openapi::gateway::bmob
