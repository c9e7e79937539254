#include <weixin/services/analysis.hpp>

#include <check.hpp>
#include <stamp.hpp>
#include <weixin/services/services.hpp>

namespace openapi::weixin {

namespace {

using Days = std::chrono::sys_days;

constexpr ServiceOperation analysisOf(std::string_view method, std::string_view path) {
  return {method, Verb::post, path, Answer::json, true};
}

constexpr auto dailyRetain = analysisOf("analysis.getDailyRetain", "/datacube/getweanalysisappiddailyretaininfo");
constexpr auto weeklyRetain = analysisOf("analysis.getWeeklyRetain", "/datacube/getweanalysisappidweeklyretaininfo");
constexpr auto monthlyRetain = analysisOf("analysis.getMonthlyRetain", "/datacube/getweanalysisappidmonthlyretaininfo");
constexpr auto dailySummary = analysisOf("analysis.getDailySummary", "/datacube/getweanalysisappiddailysummarytrend");
constexpr auto dailyTrend = analysisOf("analysis.getDailyVisitTrend", "/datacube/getweanalysisappiddailyvisittrend");
constexpr auto weeklyTrend = analysisOf("analysis.getWeeklyVisitTrend", "/datacube/getweanalysisappidweeklyvisittrend");
constexpr auto monthlyTrend = analysisOf("analysis.getMonthlyVisitTrend", "/datacube/getweanalysisappidmonthlyvisittrend");
constexpr auto userPortrait = analysisOf("analysis.getUserPortrait", "/datacube/getweanalysisappiduserportrait");
constexpr auto visitDistribution = analysisOf("analysis.getVisitDistribution", "/datacube/getweanalysisappidvisitdistribution");
constexpr auto visitPage = analysisOf("analysis.getVisitPage", "/datacube/getweanalysisappidvisitpage");

Days dayOf(std::string_view field, const std::string& text) {
  if (text.empty()) check::invalid(field, "required: a day written as yyyyMMdd");
  if (!isDay(text)) check::invalid(field, "must be a day written as yyyyMMdd");
  const auto number = [&](std::size_t at, std::size_t length) { return std::stoi(text.substr(at, length)); };
  return std::chrono::year{number(0, 4)} / number(4, 2) / number(6, 2);
}

void checkMonth(Days begin, Days end) {
  const std::chrono::year_month_day first{begin};
  if (first.day() != std::chrono::day{1}) check::invalid("beginDate", "must be the first day of a month");
  const Days last{first.year() / first.month() / std::chrono::last};
  if (end != last) check::invalid("endDate", "must be the last day of the month of beginDate");
}

template <Period period>
ServiceCall prepare(const ServiceOperation& operation, const AnalysisRequest& request) {
  checkPeriod(period, request, std::chrono::system_clock::now());
  return callOf(operation, request);
}

template <class Result>
Awaitable<Result> ask(const SharedServices& services, const ServiceOperation& operation, const AnalysisRequest& request,
                      ServiceCall (*prepareOne)(const ServiceOperation&, const AnalysisRequest&)) {
  return perform(services, &operation, request, prepareOne, resultOf<Result>);
}

}  // namespace

void checkPeriod(Period period, const AnalysisRequest& request, std::chrono::system_clock::time_point now) {
  const Days begin = dayOf("beginDate", request.beginDate);
  const Days end = dayOf("endDate", request.endDate);
  const auto days = (end - begin).count() + 1;
  if (days < 1) check::invalid("endDate", "is before beginDate");
  if (period == Period::day && days != 1) check::invalid("endDate", "must be the day of beginDate: one day at a time");
  if (period == Period::week) {
    if (std::chrono::weekday{begin} != std::chrono::Monday) check::invalid("beginDate", "must be a Monday");
    if (days != 7) check::invalid("endDate", "must be the Sunday of the week of beginDate");
  }
  if (period == Period::month) checkMonth(begin, end);
  if (period == Period::portrait && days != 1 && days != 7 && days != 30) {
    check::invalid("endDate", "must give a period of 1, 7 or 30 days");
  }
  if (request.endDate >= formatGmt8(now, "%Y%m%d")) check::invalid("endDate", "must be yesterday at the latest (GMT+8)");
}

Awaitable<RetainResult> Analysis::getDailyRetain(const AnalysisRequest& request) const {
  return ask<RetainResult>(services_, dailyRetain, request, prepare<Period::day>);
}

Awaitable<RetainResult> Analysis::getWeeklyRetain(const AnalysisRequest& request) const {
  return ask<RetainResult>(services_, weeklyRetain, request, prepare<Period::week>);
}

Awaitable<RetainResult> Analysis::getMonthlyRetain(const AnalysisRequest& request) const {
  return ask<RetainResult>(services_, monthlyRetain, request, prepare<Period::month>);
}

Awaitable<DailySummaryResult> Analysis::getDailySummary(const AnalysisRequest& request) const {
  return ask<DailySummaryResult>(services_, dailySummary, request, prepare<Period::day>);
}

Awaitable<VisitTrendResult> Analysis::getDailyVisitTrend(const AnalysisRequest& request) const {
  return ask<VisitTrendResult>(services_, dailyTrend, request, prepare<Period::day>);
}

Awaitable<VisitTrendResult> Analysis::getWeeklyVisitTrend(const AnalysisRequest& request) const {
  return ask<VisitTrendResult>(services_, weeklyTrend, request, prepare<Period::week>);
}

Awaitable<VisitTrendResult> Analysis::getMonthlyVisitTrend(const AnalysisRequest& request) const {
  return ask<VisitTrendResult>(services_, monthlyTrend, request, prepare<Period::month>);
}

Awaitable<UserPortraitResult> Analysis::getUserPortrait(const AnalysisRequest& request) const {
  return ask<UserPortraitResult>(services_, userPortrait, request, prepare<Period::portrait>);
}

Awaitable<VisitDistributionResult> Analysis::getVisitDistribution(const AnalysisRequest& request) const {
  return ask<VisitDistributionResult>(services_, visitDistribution, request, prepare<Period::day>);
}

Awaitable<VisitPageResult> Analysis::getVisitPage(const AnalysisRequest& request) const {
  return ask<VisitPageResult>(services_, visitPage, request, prepare<Period::day>);
}

}  // namespace openapi::weixin
