#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <mutex>

namespace openapi::cli {

/// Lets so many things a second begin, from any thread.
class Pace {
 public:
  /// `perSecond` 0: no limit.
  explicit Pace(int perSecond);

  /// When it is one's turn. Throws `Error` with `cancelled`.
  [[nodiscard]] boost::asio::awaitable<void> turn();

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] Clock::duration reserve();

  Clock::duration interval_{};
  std::mutex mutex_;
  Clock::time_point next_{};
};

}  // namespace openapi::cli
