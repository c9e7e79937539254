#pragma once

#include <gateways/weixin_api/context.hpp>

#include <chrono>
#include <string>

namespace openapi::gateway::weixin_api {

using Day = std::chrono::sys_days;  ///< of Beijing's calendar

/// A period of whole days that the analysis was asked for.
struct DayRange {
  Day begin{};
  Day end{};
  [[nodiscard]] int days() const { return static_cast<int>((end - begin).count()) + 1; }
};

enum class Span { day, week, month, portrait };

/// Reads `begin_date` and `end_date`. Throws `Refused`: 61500 for what is no date, 61501 for a wrong range or one that is not
/// over, 61503 when yesterday's numbers are not ready.
[[nodiscard]] DayRange rangeOf(const Context& context, const Json& body, Span span);

[[nodiscard]] std::string dateText(Day day);   ///< yyyyMMdd
[[nodiscard]] std::string monthText(Day day);  ///< yyyyMM
[[nodiscard]] Day today(const Context& context);
/// The setting `firstDay`.
[[nodiscard]] Day firstDay(const Context& context);

}  // namespace openapi::gateway::weixin_api
