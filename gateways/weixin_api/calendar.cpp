#include <gateways/weixin_api/calendar.hpp>

namespace openapi::gateway::weixin_api {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr hours beijing{8};
constexpr hours readyAt{8};

Day dayOf(Time time) { return std::chrono::floor<days>(time + beijing); }

Day parsed(const std::string& text) {
  const auto time = parseCompactDate(text);
  if (!time) throw Refused{61500};
  return dayOf(*time);
}

bool isRight(const DayRange& range, Span span) {
  const std::chrono::year_month_day begin{range.begin};
  const std::chrono::year_month_day end{range.end};
  const auto length = range.days();
  switch (span) {
    case Span::day:
      return length == 1;
    case Span::week:
      return length == 7 && std::chrono::weekday{range.begin} == std::chrono::Monday;
    case Span::month:
      return begin.day() == std::chrono::day{1} &&
             end == std::chrono::year_month_day{begin.year() / begin.month() / std::chrono::last};
    case Span::portrait:
      return length == 1 || length == 7 || length == 30;
  }
  return false;
}

bool isReady(const Context& context, const DayRange& range) {
  const auto& ready = context.settings.text("analysisReady");
  const bool endsYesterday = range.end == today(context) - days{1};
  if (!endsYesterday || ready == "always") return true;
  return ready == "morning" && context.now() - startOfDay(context.now()) >= readyAt;
}

}  // namespace

DayRange rangeOf(const Context& context, const Json& body, Span span) {
  const DayRange range{parsed(textOf(body, "begin_date")), parsed(textOf(body, "end_date"))};
  if (!isRight(range, span) || range.end >= today(context)) throw Refused{61501};
  if (!isReady(context, range)) throw Refused{61503};
  return range;
}

std::string dateText(Day day) { return compactDate(Time{day} - beijing); }
std::string monthText(Day day) { return dateText(day).substr(0, 6); }
Day today(const Context& context) { return dayOf(context.now()); }
Day firstDay(const Context& context) { return dayOf(*parseCompactDate(context.settings.text("firstDay"))); }

}  // namespace openapi::gateway::weixin_api
