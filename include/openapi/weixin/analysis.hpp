#pragma once

#include <openapi/weixin/service.hpp>

#include <vector>

namespace openapi::weixin {

/// A period in the calendar of GMT+8, yesterday at the latest. How long it must be is said at each method.
struct AnalysisRequest {
  std::optional<std::string> accessToken{};
  std::string beginDate{};  ///< yyyyMMdd
  std::string endDate{};    ///< yyyyMMdd
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(AnalysisRequest, (), (accessToken, beginDate, endDate, extra))

/// One number of a series.
struct KeyValue {
  std::int64_t key{};    ///< what it counts: days, weeks or months since, an access source, …
  std::int64_t value{};  ///< how many
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(KeyValue, (), (key, value, extra))

struct RetainResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string refDate{};               ///< `20170313`, `20170306-20170312`, `201702`
  std::vector<KeyValue> visitUvNew{};  ///< new users who came back; key 0 is the period itself
  std::vector<KeyValue> visitUv{};     ///< active users who came back
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RetainResult, (), (errCode, errMsg, refDate, visitUvNew, visitUv, extra))

struct DailySummary {
  std::string refDate{};
  std::int64_t visitTotal{};  ///< users so far
  std::int64_t sharePv{};     ///< times shared
  std::int64_t shareUv{};     ///< users who shared
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DailySummary, (), (refDate, visitTotal, sharePv, shareUv, extra))

struct DailySummaryResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::vector<DailySummary> list{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DailySummaryResult, (), (errCode, errMsg, list, extra))

struct VisitTrend {
  std::string refDate{};
  std::int64_t sessionCnt{};                ///< times opened
  std::int64_t visitPv{};                   ///< page visits
  std::int64_t visitUv{};                   ///< visitors
  std::int64_t visitUvNew{};                ///< new users
  std::optional<double> stayTimeUv{};       ///< seconds for each visitor
  std::optional<double> stayTimeSession{};  ///< seconds for each time opened
  std::optional<double> visitDepth{};       ///< pages
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitTrend, (),
                      (refDate, sessionCnt, visitPv, visitUv, visitUvNew, stayTimeUv, stayTimeSession, visitDepth, extra))

struct VisitTrendResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::vector<VisitTrend> list{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitTrendResult, (), (errCode, errMsg, list, extra))

struct PortraitItem {
  std::optional<std::int64_t> id{};  ///< opaque; devices have none
  std::string name{};
  std::int64_t value{};  ///< visitors
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(PortraitItem, (), (id, name, value, extra))

/// The users of a period, by what they are.
struct Portrait {
  std::vector<PortraitItem> province{};
  std::vector<PortraitItem> city{};
  std::vector<PortraitItem> genders{};
  std::vector<PortraitItem> platforms{};
  std::vector<PortraitItem> devices{};
  std::vector<PortraitItem> ages{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Portrait, (), (province, city, genders, platforms, devices, ages, extra))

struct UserPortraitResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string refDate{};
  std::optional<Portrait> visitUvNew{};  ///< new users
  std::optional<Portrait> visitUv{};     ///< active users
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UserPortraitResult, (), (errCode, errMsg, refDate, visitUvNew, visitUv, extra))

struct VisitDistribution {
  std::string index{};  ///< `access_source_session_cnt`, `access_staytime_info`, `access_depth_info`, …
  std::vector<KeyValue> itemList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitDistribution, (), (index, itemList, extra))

struct VisitDistributionResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string refDate{};
  std::vector<VisitDistribution> list{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitDistributionResult, (), (errCode, errMsg, refDate, list, extra))

struct VisitPage {
  std::string pagePath{};
  std::int64_t pageVisitPv{};
  std::int64_t pageVisitUv{};
  std::optional<double> pageStaytimePv{};  ///< seconds for each visit
  std::int64_t entrypagePv{};
  std::int64_t exitpagePv{};
  std::int64_t pageSharePv{};
  std::int64_t pageShareUv{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitPage, (),
                      (pagePath, pageVisitPv, pageVisitUv, pageStaytimePv, entrypagePv, exitpagePv, pageSharePv, pageShareUv,
                       extra))

struct VisitPageResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string refDate{};
  std::vector<VisitPage> list{};  ///< the 200 most visited
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VisitPageResult, (), (errCode, errMsg, refDate, list, extra))

using GetDailyRetainRequest = AnalysisRequest;
using GetWeeklyRetainRequest = AnalysisRequest;
using GetMonthlyRetainRequest = AnalysisRequest;
using GetDailySummaryRequest = AnalysisRequest;
using GetDailyVisitTrendRequest = AnalysisRequest;
using GetWeeklyVisitTrendRequest = AnalysisRequest;
using GetMonthlyVisitTrendRequest = AnalysisRequest;
using GetUserPortraitRequest = AnalysisRequest;
using GetVisitDistributionRequest = AnalysisRequest;
using GetVisitPageRequest = AnalysisRequest;
using GetDailyRetainResult = RetainResult;
using GetWeeklyRetainResult = RetainResult;
using GetMonthlyRetainResult = RetainResult;
using GetDailySummaryResult = DailySummaryResult;
using GetDailyVisitTrendResult = VisitTrendResult;
using GetWeeklyVisitTrendResult = VisitTrendResult;
using GetMonthlyVisitTrendResult = VisitTrendResult;
using GetUserPortraitResult = UserPortraitResult;
using GetVisitDistributionResult = VisitDistributionResult;
using GetVisitPageResult = VisitPageResult;

/// How a mini program is used. The platform has yesterday's numbers some hours after midnight: until then `errCode()` is
/// `61503`, which is worth another try later.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/data-analysis/visit-retain/getDailyRetain.html
class Analysis {
 public:
  explicit Analysis(SharedServices services) : services_{std::move(services)} {}

  /// One day: `beginDate` is `endDate`.
  Awaitable<RetainResult> getDailyRetain(const AnalysisRequest& request) const;
  /// One week, Monday to Sunday.
  Awaitable<RetainResult> getWeeklyRetain(const AnalysisRequest& request) const;
  /// One month, from its first day to its last.
  Awaitable<RetainResult> getMonthlyRetain(const AnalysisRequest& request) const;
  /// One day.
  Awaitable<DailySummaryResult> getDailySummary(const AnalysisRequest& request) const;
  /// One day.
  Awaitable<VisitTrendResult> getDailyVisitTrend(const AnalysisRequest& request) const;
  /// One week, Monday to Sunday.
  Awaitable<VisitTrendResult> getWeeklyVisitTrend(const AnalysisRequest& request) const;
  /// One month, from its first day to its last.
  Awaitable<VisitTrendResult> getMonthlyVisitTrend(const AnalysisRequest& request) const;
  /// One day, seven days or thirty days.
  Awaitable<UserPortraitResult> getUserPortrait(const AnalysisRequest& request) const;
  /// One day.
  Awaitable<VisitDistributionResult> getVisitDistribution(const AnalysisRequest& request) const;
  /// One day.
  Awaitable<VisitPageResult> getVisitPage(const AnalysisRequest& request) const;

  OPENAPI_NAMED_REQUEST(getDailyRetain, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getWeeklyRetain, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getMonthlyRetain, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getDailySummary, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getDailyVisitTrend, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getWeeklyVisitTrend, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getMonthlyVisitTrend, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getUserPortrait, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getVisitDistribution, AnalysisRequest);
  OPENAPI_NAMED_REQUEST(getVisitPage, AnalysisRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
