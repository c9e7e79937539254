#pragma once

#include <openapi/error.hpp>

#include <chrono>

namespace openapi::bill {

/// Why a platform gave no bill.
enum class Absence {
  notReady,   ///< it is being made: ask again after `readyAt`
  noBill,     ///< there was no trade that day, so there is no bill
  wrongDate,  ///< no bill is made for such a date: in the future, today, too long ago
  other,      ///< another failure: see the error
};

/// What `error`, of a download of the bill of `billDate` (yyyyMMdd or yyyyMM) that failed at `now`, says. Before the platform's
/// hour "no bill" means that it is not ready.
[[nodiscard]] Absence whyNoBill(const Error& error, const std::string& billDate, std::chrono::system_clock::time_point now);

/// When the platforms have the bill of `billDate`: 10:00 (GMT+8) of the day after.
[[nodiscard]] std::chrono::system_clock::time_point readyAt(const std::string& billDate);

}  // namespace openapi::bill
