#include <openapi/bmob/changes.hpp>
#include <openapi/bmob/values.hpp>

#include <bmob/names.hpp>
#include <check.hpp>
#include <marshal/json_struct.hpp>
#include <stamp.hpp>

#include <cmath>

namespace openapi::bmob {

namespace {

Json operation(const char* op, const char* member, Json value) { return Fields{{"__op", op}, {member, std::move(value)}}; }

Json::Array jsonOf(const std::vector<Pointer>& rows) {
  Json::Array items;
  items.reserve(rows.size());
  for (const auto& row : rows) items.push_back(row.json());
  return items;
}

double inRange(const char* field, double value, double most) {
  if (!std::isfinite(value) || std::abs(value) > most) {
    check::invalid(field, most < 100 ? "must be -90 to 90" : "must be -180 to 180");
  }
  return value;
}

}  // namespace

Pointer::Pointer(std::string className, std::string objectId) : className_{std::move(className)}, objectId_{std::move(objectId)} {
  names::className("className", className_);
  names::objectId("objectId", objectId_);
}

Json Pointer::json() const { return Fields{{"__type", "Pointer"}, {"className", className_}, {"objectId", objectId_}}; }

GeoPoint::GeoPoint(double latitude, double longitude)
    : latitude_{inRange("latitude", latitude, 90)}, longitude_{inRange("longitude", longitude, 180)} {}

Json GeoPoint::json() const {
  return Fields{{"__type", "GeoPoint"},
                {"latitude", marshal::detail::jsonOfFraction(latitude_)},
                {"longitude", marshal::detail::jsonOfFraction(longitude_)}};
}

Date::Date(std::string text) : text_{std::move(text)} { names::time("date", text_); }
Date::Date(std::chrono::system_clock::time_point time) : text_{timeText(time)} {}
Json Date::json() const { return Fields{{"__type", "Date"}, {"iso", text_}}; }

File::File(std::string cdn, std::string filename, std::string url)
    : cdn_{std::move(cdn)}, filename_{std::move(filename)}, url_{std::move(url)} {
  check::text("cdn", cdn_, 64);
  check::text("filename", filename_, 1024);
  check::text("url", url_, 2048);
}

Json File::json() const { return Fields{{"__type", "File"}, {"group", cdn_}, {"filename", filename_}, {"url", url_}}; }

std::optional<std::chrono::system_clock::time_point> timeOf(const std::string& text) {
  std::chrono::system_clock::time_point time;
  if (text.size() != 19 || !parseGmt8(text, time)) return std::nullopt;
  return time;
}

std::string timeText(std::chrono::system_clock::time_point time) { return formatGmt8(time, "%Y-%m-%d %H:%M:%S"); }

Changes::Changes(const Fields& values) {
  for (const auto& [name, value] : values) set(name, value);
}

Changes& Changes::put(std::string name, Json value) {
  names::column("column", name);
  fields_.set(std::move(name), std::move(value));
  return *this;
}

Changes& Changes::set(std::string name, Json value) { return put(std::move(name), std::move(value)); }
Changes& Changes::unset(std::string name) { return put(std::move(name), Fields{{"__op", "Delete"}}); }
Changes& Changes::increment(std::string name, std::int64_t amount) {
  return put(std::move(name), operation("Increment", "amount", amount));
}
Changes& Changes::add(std::string name, Json::Array values) {
  return put(std::move(name), operation("Add", "objects", std::move(values)));
}
Changes& Changes::addUnique(std::string name, Json::Array values) {
  return put(std::move(name), operation("AddUnique", "objects", std::move(values)));
}
Changes& Changes::remove(std::string name, Json::Array values) {
  return put(std::move(name), operation("Remove", "objects", std::move(values)));
}
Changes& Changes::addRelation(std::string name, const std::vector<Pointer>& rows) {
  return put(std::move(name), operation("AddRelation", "objects", jsonOf(rows)));
}
Changes& Changes::removeRelation(std::string name, const std::vector<Pointer>& rows) {
  return put(std::move(name), operation("RemoveRelation", "objects", jsonOf(rows)));
}

}  // namespace openapi::bmob
