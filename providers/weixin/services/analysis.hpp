#pragma once

#include <openapi/weixin/analysis.hpp>

#include <chrono>

namespace openapi::weixin {

/// How long the period of a question may be.
enum class Period { day, week, month, portrait };

/// Checks the period of `request`: whole days that exist, of the right length, and over before the day of `now` in GMT+8.
void checkPeriod(Period period, const AnalysisRequest& request, std::chrono::system_clock::time_point now);

}  // namespace openapi::weixin
