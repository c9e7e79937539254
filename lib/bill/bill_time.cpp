#include "bill/bill_time.hpp"

#include <cstring>
#include <string>

namespace openapi::bill {
namespace {

constexpr std::string_view shape = "dddd-dd-dd dd:dd:dd";
constexpr std::string_view wideColon = "：";
// As in lib/stamp.cpp: no platform is older, and the nanoseconds of the system clock end in 2262.
constexpr int firstYear = 1970;
constexpr int lastYear = 2199;

bool hasShape(const char* text) {
  bool fits = true;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = static_cast<unsigned char>(text[i] - '0') < 10;
    fits &= shape[i] == 'd' ? digit : text[i] == shape[i];
  }
  return fits;
}

int twoDigits(const char* text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

/// Seconds of the midnight in GMT+8 with which the day begins; -1 when there is no such day.
std::int64_t midnight(const char* text) {
  const std::chrono::year_month_day day{std::chrono::year{twoDigits(text) * 100 + twoDigits(text + 2)},
                                        std::chrono::month{static_cast<unsigned>(twoDigits(text + 5))},
                                        std::chrono::day{static_cast<unsigned>(twoDigits(text + 8))}};
  const auto year = static_cast<int>(day.year());
  if (!day.ok() || year < firstYear || year > lastYear) return -1;
  return std::chrono::seconds{std::chrono::sys_days{day}.time_since_epoch()}.count();
}

}  // namespace

bool TimeParser::parse(std::string_view text, Time& time) {
  if (text.size() == shape.size()) return parsePlain(text.data(), time);
  if (text.size() > shape.size() + 2 * (wideColon.size() - 1)) return false;
  std::string narrow;
  while (!text.empty()) {
    const bool wide = text.starts_with(wideColon);
    narrow += wide ? ':' : text.front();
    text.remove_prefix(wide ? wideColon.size() : 1);
  }
  return narrow.size() == shape.size() && parsePlain(narrow.data(), time);
}

bool TimeParser::parsePlain(const char* text, Time& time) {
  if (!hasShape(text)) return false;
  std::uint64_t day = 0;  // the year's last two digits, month and day
  std::memcpy(&day, text + 2, sizeof day);
  if (day != lastDay_ || text[0] != '2' || text[1] != '0') {
    const std::int64_t seconds = midnight(text);
    if (seconds < 0) return false;
    const bool remembered = text[0] == '2' && text[1] == '0';
    lastDay_ = remembered ? day : 0;
    lastDaySeconds_ = seconds;
  }
  const int hour = twoDigits(text + 11);
  const int minute = twoDigits(text + 14);
  const int second = twoDigits(text + 17);
  if (hour > 23 || minute > 59 || second > 59) return false;
  constexpr std::int64_t zoneOffset = 8 * 3600;
  const std::int64_t seconds = lastDaySeconds_ + hour * 3600 + minute * 60 + second - zoneOffset;
  time = Time{std::chrono::seconds{seconds}};
  return true;
}

}  // namespace openapi::bill
