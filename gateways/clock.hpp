#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace openapi::gateway {

/// A moment of the platforms' clock.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] Time systemTime();

/// The platforms' clock: the system's, `scale` times as fast, plus what was advanced.
class Clock {
 public:
  /// `start`: when the clock was set to the system's time; default: now.
  explicit Clock(std::function<Time()> source = systemTime, int scale = 1, std::optional<Time> start = {})
      : source_{std::move(source)}, scale_{scale}, start_{start ? *start : source_()} {}

  [[nodiscard]] Time now() const { return start_ + (source_() - start_) * scale_ + offset_; }
  void advance(std::chrono::milliseconds by) { offset_ += by; }
  [[nodiscard]] Time start() const { return start_; }
  [[nodiscard]] std::chrono::milliseconds offset() const { return offset_; }
  [[nodiscard]] int scale() const { return scale_; }

 private:
  std::function<Time()> source_;
  int scale_;
  Time start_;
  std::chrono::milliseconds offset_{0};
};

// Beijing time (GMT+8), which both platforms use everywhere.
[[nodiscard]] std::string compactTime(Time time);   ///< yyyyMMddHHmmss
[[nodiscard]] std::string readableTime(Time time);  ///< yyyy-MM-dd HH:mm:ss
[[nodiscard]] std::string compactDate(Time time);   ///< yyyyMMdd
[[nodiscard]] std::string readableDate(Time time);  ///< yyyy-MM-dd
/// The inverse of these; no value for anything that is no time of the calendar.
[[nodiscard]] std::optional<Time> parseCompactTime(std::string_view text);
[[nodiscard]] std::optional<Time> parseReadableTime(std::string_view text);
[[nodiscard]] std::optional<Time> parseCompactDate(std::string_view text);
[[nodiscard]] std::optional<Time> parseReadableDate(std::string_view text);
/// The last midnight in Beijing.
[[nodiscard]] Time startOfDay(Time time);

/// Milliseconds since 1970, as the database keeps them.
[[nodiscard]] inline std::int64_t toMillis(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline Time fromMillis(std::int64_t count) { return Time{std::chrono::milliseconds{count}}; }

}  // namespace openapi::gateway
