#include <gateways/clock.hpp>

#include <array>
#include <cstdio>

namespace openapi::gateway {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr hours beijing{8};

struct Calendar {
  int year;
  unsigned month;
  unsigned day;
  long hour;
  long minute;
  long second;
};

Calendar calendarOf(Time time) {
  const auto local = time + beijing;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(local - day)};
  return {static_cast<int>(date.year()),     static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), clock.hours().count(),
          clock.minutes().count(),           clock.seconds().count()};
}

std::string print(Time time, const char* format) {
  const auto c = calendarOf(time);
  std::array<char, 80> text{};
  const int length = std::snprintf(text.data(), text.size(), format, c.year, c.month, c.day, c.hour, c.minute, c.second);
  return {text.data(), static_cast<std::size_t>(length)};
}

/// Writes the last `count` digits of `value`, and gives the place behind them.
char* writeDigits(char* place, int count, long value) {
  for (int i = count; i-- > 0; value /= 10) place[i] = static_cast<char>('0' + value % 10);
  return place + count;
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// `pattern` has y, M, d, H, m, s where digits stand; everything else stands for itself.
std::optional<Time> parse(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::string year, month, day, hour, minute, second;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (pattern[i]) {
      case 'y':
        year += text[i];
        break;
      case 'M':
        month += text[i];
        break;
      case 'd':
        day += text[i];
        break;
      case 'H':
        hour += text[i];
        break;
      case 'm':
        minute += text[i];
        break;
      case 's':
        second += text[i];
        break;
      default:
        if (text[i] != pattern[i]) return std::nullopt;
    }
  }
  const auto y = digits(year), mo = digits(month), d = digits(day), h = digits(hour), mi = digits(minute), s = digits(second);
  if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*mo)},
                                         std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
  return Time{std::chrono::sys_days{date} + hours{*h} + std::chrono::minutes{*mi} + std::chrono::seconds{*s} - beijing};
}

}  // namespace

Time systemTime() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

std::string compactTime(Time time) { return print(time, "%04d%02u%02u%02ld%02ld%02ld"); }
// Bmob's rows have two times each: this is a good part of what a list of them costs.
std::string readableTime(Time time) {
  const auto c = calendarOf(time);
  if (c.year < 0 || c.year > 9999) return print(time, "%04d-%02u-%02u %02ld:%02ld:%02ld");
  std::string text = "0000-00-00 00:00:00";
  auto* place = writeDigits(text.data(), 4, c.year) + 1;
  place = writeDigits(place, 2, static_cast<long>(c.month)) + 1;
  place = writeDigits(place, 2, static_cast<long>(c.day)) + 1;
  place = writeDigits(place, 2, c.hour) + 1;
  place = writeDigits(place, 2, c.minute) + 1;
  writeDigits(place, 2, c.second);
  return text;
}
std::string compactDate(Time time) { return compactTime(time).substr(0, 8); }
std::string readableDate(Time time) { return readableTime(time).substr(0, 10); }

std::optional<Time> parseCompactTime(std::string_view text) { return parse(text, "yyyyMMddHHmmss"); }
std::optional<Time> parseReadableTime(std::string_view text) { return parse(text, "yyyy-MM-dd HH:mm:ss"); }
std::optional<Time> parseCompactDate(std::string_view text) { return parse(text, "yyyyMMdd"); }
std::optional<Time> parseReadableDate(std::string_view text) { return parse(text, "yyyy-MM-dd"); }

Time startOfDay(Time time) { return Time{std::chrono::floor<std::chrono::days>(time + beijing)} - beijing; }

}  // namespace openapi::gateway
