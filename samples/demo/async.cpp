#include "async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <memory>

namespace demo {

namespace {

struct Pool {
  std::size_t next = 0;
  std::size_t count;
  std::size_t running = 0;
  std::function<asio::awaitable<void>(std::size_t)> job;
  std::exception_ptr failure{};
  Arrival done;
};

asio::awaitable<void> work(std::shared_ptr<Pool> pool) {
  while (pool->next < pool->count && !pool->failure) {
    const auto index = pool->next++;
    co_await pool->job(index);
  }
}

}  // namespace

void Arrival::announce() {
  happened_ = true;
  timer_.cancel();
}

asio::awaitable<bool> Arrival::wait(milliseconds patience) {
  if (happened_) co_return true;
  timer_.expires_after(patience);
  boost::system::error_code cancelled;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  co_return happened_;
}

asio::awaitable<void> sleepFor(milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, time};
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> inParallel(std::size_t count, std::size_t width, std::function<asio::awaitable<void>(std::size_t)> job) {
  const auto executor = co_await asio::this_coro::executor;
  const auto pool = std::make_shared<Pool>(Pool{0, count, 0, std::move(job), {}, Arrival{executor}});
  if (count == 0) co_return;
  pool->running = std::min(count, width);
  for (std::size_t i = 0, workers = pool->running; i < workers; ++i) {
    asio::co_spawn(executor, work(pool), [pool](std::exception_ptr failure) {
      if (failure && !pool->failure) pool->failure = failure;
      if (--pool->running == 0) pool->done.announce();
    });
  }
  co_await pool->done.wait(std::chrono::hours{1});
  if (pool->failure) std::rethrow_exception(pool->failure);
}

}  // namespace demo
