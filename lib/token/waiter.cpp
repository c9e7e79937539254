#include "token/waiter.hpp"

#include "http/context_service.hpp"

#include <openapi/error.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace openapi::token {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

std::shared_ptr<http::Pool::Bell> hang(const asio::any_io_executor& executor, const std::shared_ptr<const void>& owner,
                                       http::Sleeper& sleeper) {
  bool made = false;
  auto pool = http::ContextService::of(http::baseExecutor(executor)).pool(owner, {0, std::chrono::milliseconds{0}}, made);
  return std::make_shared<http::Pool::Bell>(std::move(pool), sleeper);
}

}  // namespace

Waiter::Waiter(const asio::any_io_executor& executor, const std::shared_ptr<const void>& owner)
    : timer_{executor}, bell_{hang(executor, owner, *this)} {}

Waiter::~Waiter() { bell_->disarm(); }

void Waiter::wake() {
  const std::lock_guard lock{mutex_};
  rung_ = true;
  timer_.cancel();
}

/// Starts to wait under the lock, so that no ring falls between the look at `rung_` and the wait.
struct Waiter::Begin {
  Waiter& waiter;
  Deadline until;
  template <class Handler>
  void operator()(Handler&& handler) {
    const std::lock_guard lock{waiter.mutex_};
    waiter.timer_.expires_at(std::exchange(waiter.rung_, false) ? Deadline::min() : until);
    waiter.timer_.async_wait(std::forward<Handler>(handler));
  }
};

asio::awaitable<void> Waiter::sleepUntil(Deadline until) {
  boost::system::error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  auto sleep = asio::async_initiate<decltype(token), void(boost::system::error_code)>(Begin{*this, until}, token);
  co_await std::move(sleep);
  const std::lock_guard lock{mutex_};
  rung_ = false;
}

void throwCancelled() { throw Error(Errc::cancelled, "cancelled while waiting for an access token; nothing was sent"); }

namespace {

/// A piece of work on its strand, and the bell of who waits for it.
class Errand : public std::enable_shared_from_this<Errand> {
 public:
  Errand(asio::any_io_executor strand, std::shared_ptr<http::Pool::Bell> bell)
      : strand_{std::move(strand)}, bell_{std::move(bell)} {}

  void start(asio::awaitable<void> work) {
    asio::co_spawn(strand_, std::move(work),
                   asio::bind_cancellation_slot(signal_.slot(), asio::bind_executor(strand_, Done{shared_from_this()})));
  }
  void stop() {
    asio::post(strand_, [self = shared_from_this()] {
      if (!self->done()) self->signal_.emit(asio::cancellation_type::terminal);
    });
  }
  [[nodiscard]] bool done() const {
    const std::lock_guard lock{mutex_};
    return done_;
  }
  /// Only when it is done.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Done {
    std::shared_ptr<Errand> errand;
    void operator()(std::exception_ptr failure) const { errand->finish(std::move(failure)); }
  };

  void finish(std::exception_ptr failure) {
    {
      const std::lock_guard lock{mutex_};
      failure_ = std::move(failure);
      done_ = true;
    }
    bell_->ring();
  }

  const asio::any_io_executor strand_;
  const std::shared_ptr<http::Pool::Bell> bell_;
  asio::cancellation_signal signal_;
  mutable std::mutex mutex_;
  std::exception_ptr failure_;
  bool done_ = false;
};

}  // namespace

asio::awaitable<bool> finishWithin(std::shared_ptr<const void> owner, asio::awaitable<void> work, Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  Waiter waiter{executor, owner};
  const auto errand = std::make_shared<Errand>(asio::make_strand(http::baseExecutor(executor)), waiter.bell());
  errand->start(std::move(work));
  while (!errand->done()) {
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool cancelled = state.cancelled() != asio::cancellation_type::none;
    if (cancelled || steady_clock::now() >= deadline) {
      errand->stop();
      if (cancelled) throwCancelled();
      co_return false;
    }
    co_await waiter.sleepUntil(deadline);
  }
  errand->rethrow();
  co_return true;
}

}  // namespace openapi::token
