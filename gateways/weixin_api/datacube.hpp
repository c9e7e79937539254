#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

// `/datacube/getweanalysisappid…`: numbers that depend on the app and the date only.
[[nodiscard]] Reply dailyRetain(Context& context, const Call& call);
[[nodiscard]] Reply weeklyRetain(Context& context, const Call& call);
[[nodiscard]] Reply monthlyRetain(Context& context, const Call& call);
[[nodiscard]] Reply dailySummary(Context& context, const Call& call);
[[nodiscard]] Reply dailyVisitTrend(Context& context, const Call& call);
[[nodiscard]] Reply weeklyVisitTrend(Context& context, const Call& call);
[[nodiscard]] Reply monthlyVisitTrend(Context& context, const Call& call);
[[nodiscard]] Reply userPortrait(Context& context, const Call& call);
[[nodiscard]] Reply visitDistribution(Context& context, const Call& call);
[[nodiscard]] Reply visitPage(Context& context, const Call& call);

}  // namespace openapi::gateway::weixin_api
