#include <gateways/bmob/dates.hpp>

#include <codec/ascii.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::size_t secondsLength = 19;
constexpr std::size_t maxFraction = 9;

std::optional<int> twoDigits(std::string_view text) {
  if (text.size() != 2 || !codec::isDigit(text[0]) || !codec::isDigit(text[1])) return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/// Takes `.123` from the front.
std::optional<milliseconds> takeFraction(std::string_view& text) {
  if (!text.starts_with('.')) return milliseconds{0};
  const auto end = std::find_if_not(text.begin() + 1, text.end(), codec::isDigit);
  const auto digits = text.substr(1, static_cast<std::size_t>(end - text.begin()) - 1);
  if (digits.empty() || digits.size() > maxFraction) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < 3; ++i) value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  text.remove_prefix(digits.size() + 1);
  return milliseconds{value};
}

/// What a zone is east of Greenwich: `Z`, `+08:00`, `+0800`; nothing is Beijing.
std::optional<minutes> zoneOf(std::string_view text) {
  if (text.empty()) return hours{8};
  if (text == "Z" || text == "z") return minutes{0};
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  const bool hasColon = text.size() == 6 && text[3] == ':';
  if (!hasColon && text.size() != 5) return std::nullopt;
  const auto hour = twoDigits(text.substr(1, 2));
  const auto minute = twoDigits(text.substr(hasColon ? 4 : 3));
  if (!hour || !minute || *hour > 14 || *minute > 59) return std::nullopt;
  const auto offset = hours{*hour} + minutes{*minute};
  return text.front() == '-' ? -offset : offset;
}

}  // namespace

std::optional<Time> dateIn(std::string_view text) {
  // The first and last year are left out: an offset must not leave the four digits.
  if (text.substr(0, 4) < "0001" || text.substr(0, 4) > "9998") return std::nullopt;
  if (text.size() == 10) return parseReadableDate(text);
  if (text.size() < secondsLength) return std::nullopt;
  std::string head{text.substr(0, secondsLength)};
  if (head[10] == 'T') head[10] = ' ';
  const auto local = parseReadableTime(head);
  text.remove_prefix(secondsLength);
  const auto fraction = takeFraction(text);
  const auto zone = zoneOf(text);
  if (!local || !fraction || !zone) return std::nullopt;
  return *local + hours{8} - *zone + *fraction;
}

}  // namespace openapi::gateway::bmob
