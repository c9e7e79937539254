#include "http/retry.hpp"

#include <openapi/error.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>

namespace openapi::http {

std::chrono::milliseconds backoffBefore(int attempt, const RetryPolicy& policy, double random01) {
  if (attempt <= 1 || policy.firstBackoff.count() <= 0) return std::chrono::milliseconds{0};
  const auto longest = static_cast<double>(longestBackoff.count());
  const auto full = std::min(longest, std::ldexp(static_cast<double>(policy.firstBackoff.count()), std::min(attempt - 2, 60)));
  const auto share = 0.5 + 0.5 * std::clamp(random01, 0.0, 1.0);
  return std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(full * share)};
}

boost::asio::awaitable<bool> sleepWithin(std::chrono::milliseconds pause, std::chrono::steady_clock::time_point deadline) {
  namespace asio = boost::asio;
  const auto now = std::chrono::steady_clock::now();
  if (now >= deadline || deadline - now <= pause) co_return false;
  auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, pause};
  boost::system::error_code failure;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (failure) throw Error(Errc::cancelled, "cancelled while waiting for the next attempt; nothing of it was sent");
  co_return true;
}

}  // namespace openapi::http
