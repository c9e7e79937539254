#include <cli/pace.hpp>

#include <http/retry.hpp>

#include <algorithm>

namespace openapi::cli {

Pace::Pace(int perSecond)
    : interval_{perSecond == 0 ? Clock::duration{0} : Clock::duration{std::chrono::seconds{1}} / perSecond} {}

Pace::Clock::duration Pace::reserve() {
  const std::lock_guard lock{mutex_};
  const auto now = Clock::now();
  const auto mine = std::max(now, next_);
  next_ = mine + interval_;
  return mine - now;
}

boost::asio::awaitable<void> Pace::turn() {
  const auto pause = std::chrono::ceil<std::chrono::milliseconds>(reserve());
  if (pause.count() <= 0) co_return;
  const bool slept = co_await http::sleepWithin(pause, Clock::time_point::max());
  static_cast<void>(slept);
}

}  // namespace openapi::cli
