#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace openapi::http {

struct RetryPolicy {
  int maxAttempts = 3;  ///< 1: never repeat
  std::chrono::milliseconds firstBackoff{200};
};

inline constexpr std::chrono::milliseconds longestBackoff{5000};

/// The pause before attempt number `attempt` (2, 3 …): `firstBackoff`, doubled for each further attempt, at most
/// `longestBackoff`; `random01` in [0, 1) picks a point in the upper half of it. No pause before the first attempt.
[[nodiscard]] std::chrono::milliseconds backoffBefore(int attempt, const RetryPolicy& policy, double random01);

/// Sleeps for `pause` and gives true; or gives false at once when `deadline` would pass meanwhile.
/// Throws `Error` with `cancelled` and `notSent` when the awaiting coroutine is cancelled.
[[nodiscard]] boost::asio::awaitable<bool> sleepWithin(std::chrono::milliseconds pause,
                                                       std::chrono::steady_clock::time_point deadline);

}  // namespace openapi::http
