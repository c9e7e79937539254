#pragma once

#include <openapi/json.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace openapi::bmob {

// The values that JSON has no types for. Each becomes the JSON that Bmob documents wherever a `Json` is taken. They have
// constructors, so that one may be written inside a `co_await` expression with g++ 12 as well.

/// A row of another table: `{"__type":"Pointer","className":"Game","objectId":"DdUOIIIW"}`.
class Pointer {
 public:
  /// Throws `invalidArgument` for what cannot be a name of a table or an id.
  Pointer(std::string className, std::string objectId);
  [[nodiscard]] const std::string& className() const { return className_; }
  [[nodiscard]] const std::string& objectId() const { return objectId_; }
  [[nodiscard]] Json json() const;
  operator Json() const { return json(); }

 private:
  std::string className_;
  std::string objectId_;
};

/// A place on the earth. A table has at most one column of them.
class GeoPoint {
 public:
  /// Degrees: -90 to 90, and -180 to 180. Throws `invalidArgument` outside of that.
  GeoPoint(double latitude, double longitude);
  [[nodiscard]] double latitude() const { return latitude_; }
  [[nodiscard]] double longitude() const { return longitude_; }
  [[nodiscard]] Json json() const;
  operator Json() const { return json(); }

 private:
  double latitude_;
  double longitude_;
};

/// A time in a column of type Date: `{"__type":"Date","iso":"2018-08-21 18:02:52"}`.
class Date {
 public:
  /// `YYYY-MM-DD HH:mm:ss`, Beijing time. Throws `invalidArgument` for anything else.
  explicit Date(std::string text);
  explicit Date(const char* text) : Date{std::string{text}} {}
  explicit Date(std::chrono::system_clock::time_point time);
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] Json json() const;
  operator Json() const { return json(); }

 private:
  std::string text_;
};

/// An uploaded file as a column holds it; made from the `cdn`, `filename` and `url` that `file.upload` gave.
class File {
 public:
  File(std::string cdn, std::string filename, std::string url);
  [[nodiscard]] Json json() const;
  operator Json() const { return json(); }

 private:
  std::string cdn_;
  std::string filename_;
  std::string url_;
};

/// The platform's time text (`2018-04-19 17:26:45`, GMT+8) as a point in time; no value for anything else.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> timeOf(const std::string& text);
/// A point in time as the platform's text, GMT+8, whole seconds.
[[nodiscard]] std::string timeText(std::chrono::system_clock::time_point time);

}  // namespace openapi::bmob
