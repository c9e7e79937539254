#pragma once

#include "http/pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace openapi::token {

using Deadline = std::chrono::steady_clock::time_point;

/// Lets one coroutine sleep until someone on any thread rings its bell, which is safe even while its event loop goes away.
/// `owner` is for whom it waits; all its waiters on one event loop share a pool without connections.
class Waiter : public http::Sleeper {
 public:
  Waiter(const boost::asio::any_io_executor& executor, const std::shared_ptr<const void>& owner);
  ~Waiter() override;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  [[nodiscard]] const std::shared_ptr<http::Pool::Bell>& bell() const { return bell_; }
  /// Returns when the bell has rung since the last sleep, at `until`, or when the coroutine is cancelled.
  [[nodiscard]] boost::asio::awaitable<void> sleepUntil(Deadline until);
  void wake() override;

 private:
  struct Begin;

  std::mutex mutex_;  // guards the timer: the bell rings on other threads
  boost::asio::steady_timer timer_;
  bool rung_ = false;
  std::shared_ptr<http::Pool::Bell> bell_;
};

/// Throws `Error` with `cancelled` and `notSent`.
[[noreturn]] void throwCancelled();

/// Runs `work` on a strand of its own and gives true when it has ended, with its exception if it threw one. False when it has
/// not at `deadline`: then it is cancelled, and goes its way. The same, and `cancelled`, when the caller is cancelled.
[[nodiscard]] boost::asio::awaitable<bool> finishWithin(std::shared_ptr<const void> owner, boost::asio::awaitable<void> work,
                                                        Deadline deadline);

/// `finishWithin` for work that gives a value: none when the deadline came first.
template <class T>
boost::asio::awaitable<void> keepResult(boost::asio::awaitable<T> work, std::shared_ptr<std::optional<T>> result) {
  T value = co_await std::move(work);
  result->emplace(std::move(value));
}

template <class T>
boost::asio::awaitable<std::optional<T>> resultWithin(std::shared_ptr<const void> owner, boost::asio::awaitable<T> work,
                                                      Deadline deadline) {
  const auto result = std::make_shared<std::optional<T>>();
  auto kept = keepResult(std::move(work), result);
  const bool finished = co_await finishWithin(std::move(owner), std::move(kept), deadline);
  if (!finished) co_return std::nullopt;
  co_return std::move(*result);
}

}  // namespace openapi::token
