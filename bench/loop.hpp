#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <exception>

namespace bench {

using Clock = std::chrono::steady_clock;

/// How long a closed loop goes on, and how often it came round.
struct Pace {
  Clock::time_point end{};
  std::size_t answers = 0;
};

/// Runs `loop(load)` `inFlight` times at once for `seconds`. `load.pace` counts. Returns the seconds that it took.
template <class Load>
double run(boost::asio::awaitable<void> (*loop)(Load&), Load& load, int inFlight, double seconds) {
  const auto begin = Clock::now();
  load.pace = {begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)), 0};
  load.context.restart();
  for (int i = 0; i < inFlight; ++i) {
    boost::asio::co_spawn(load.context, loop(load), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  load.context.run();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace bench
