#include <stamp.hpp>

#include <codec/ascii.hpp>
#include <crypto/random.hpp>

#include <array>
#include <ctime>

namespace openapi {

namespace {

constexpr std::chrono::hours zoneOffset{8};
// No platform is older, and the nanoseconds of the system clock end in 2262.
constexpr int firstYear = 1970;
constexpr int lastYear = 2199;

int number(const std::string& text, std::size_t at, std::size_t length) {
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

std::chrono::year_month_day dayOf(const std::string& digits) {
  return std::chrono::year{number(digits, 0, 4)} / number(digits, 4, 2) / number(digits, 6, 2);
}

/// `yyyy-MM-dd HH:mm:ss` without its separators, or an empty text.
std::string withoutSeparators(const std::string& text) {
  constexpr std::string_view shape = "dddd-dd-dd dd:dd:dd";
  if (text.size() != shape.size()) return {};
  std::string digits;
  for (std::size_t at = 0; at < shape.size(); ++at) {
    if (shape[at] == 'd') {
      digits += text[at];
    } else if (shape[at] != text[at]) {
      return {};
    }
  }
  return digits;
}

}  // namespace

Stamp freshStamp() { return {std::chrono::system_clock::now(), crypto::randomText(32)}; }

std::string formatGmt8(std::chrono::system_clock::time_point time, const char* format) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time + zoneOffset);
  const std::time_t local = seconds.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&local, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

bool parseGmt8(const std::string& text, std::chrono::system_clock::time_point& time) {
  const std::string digits = text.size() == 14 ? text : withoutSeparators(text);
  if (digits.size() != 14 || !codec::allDigits(digits)) return false;
  const auto day = dayOf(digits);
  const auto year = static_cast<int>(day.year());
  if (year < firstYear || year > lastYear) return false;
  const int hour = number(digits, 8, 2);
  const int minute = number(digits, 10, 2);
  const int second = number(digits, 12, 2);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return false;
  time = std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} -
         zoneOffset;
  return true;
}

bool isDay(const std::string& text) { return text.size() == 8 && codec::allDigits(text) && dayOf(text).ok(); }

}  // namespace openapi
