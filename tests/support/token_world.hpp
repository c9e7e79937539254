#pragma once

#include <openapi/error.hpp>
#include <openapi/token_store.hpp>

#include <token/token_source.hpp>
#include <token/waiter.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// What tests of access tokens are made of.
namespace tokens {

namespace asio = boost::asio;
using openapi::Errc;
using openapi::Error;
using openapi::Outcome;
using openapi::StoredToken;
using openapi::token::Deadline;
using openapi::token::FreshToken;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Long enough never to pass in a test that goes well.
inline constexpr seconds patience{60};

inline Deadline in(milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// A door that coroutines on any event loop wait at until it opens.
class Gate {
 public:
  explicit Gate(bool open = false) : open_{open} {}

  void open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    for (const auto& bell : bells_) bell->ring();
    bells_.clear();
  }
  [[nodiscard]] bool isOpen() const {
    const std::lock_guard lock{mutex_};
    return open_;
  }
  static asio::awaitable<void> pass(std::shared_ptr<Gate> gate) {
    const auto executor = co_await asio::this_coro::executor;
    openapi::token::Waiter waiter{executor, gate};
    gate->add(waiter);
    bool open = gate->isOpen();
    while (!open) {
      co_await waiter.sleepUntil(Deadline::max());
      open = gate->isOpen();
    }
  }

 private:
  void add(const openapi::token::Waiter& waiter) {
    const std::lock_guard lock{mutex_};
    bells_.push_back(waiter.bell());
  }

  mutable std::mutex mutex_;
  bool open_;
  std::vector<std::shared_ptr<openapi::http::Pool::Bell>> bells_;
};

/// One call and how it ended.
template <class T>
struct Call {
  std::atomic<bool> done = false;
  std::optional<T> value{};
  std::optional<Error> error{};
  std::string strange{};  ///< an exception that is no `Error`
  asio::cancellation_signal signal{};

  void take(std::exception_ptr failure, T result) {
    try {
      if (failure) std::rethrow_exception(failure);
      value = std::move(result);
    } catch (const Error& thrown) {
      error = thrown;
    } catch (const std::exception& thrown) {
      strange = thrown.what();
    }
    done = true;
  }
};

template <class T>
std::shared_ptr<Call<T>> start(const asio::any_io_executor& executor, asio::awaitable<T> operation) {
  auto call = std::make_shared<Call<T>>();
  asio::co_spawn(executor, std::move(operation),
                 asio::bind_cancellation_slot(call->signal.slot(), [call](std::exception_ptr failure, T result) {
                   call->take(std::move(failure), std::move(result));
                 }));
  return call;
}

/// Runs `loop` until `happened`; fails the test when that takes too long.
template <class Condition>
void runUntil(asio::io_context& loop, Condition happened) {
  const auto end = in(patience);
  loop.restart();
  while (!happened()) {
    if (std::chrono::steady_clock::now() >= end) BOOST_FAIL("nothing happened");
    if (loop.run_one_for(milliseconds{20}) != 0) continue;
    if (loop.stopped()) std::this_thread::sleep_for(milliseconds{1});  // out of work: other threads have some
    loop.restart();
  }
}

/// Waits for what other threads do.
template <class Condition>
void awaitOthers(Condition happened) {
  const auto end = in(patience);
  while (!happened()) {
    if (std::chrono::steady_clock::now() >= end) BOOST_FAIL("nothing happened");
    std::this_thread::sleep_for(milliseconds{1});
  }
}

template <class T>
T resultOf(asio::io_context& loop, asio::awaitable<T> operation) {
  const auto call = start(loop.get_executor(), std::move(operation));
  runUntil(loop, [&] { return call->done.load(); });
  BOOST_REQUIRE_MESSAGE(call->value, (call->error ? call->error->what() : call->strange));
  return *call->value;
}

template <class T>
Error failureOf(asio::io_context& loop, asio::awaitable<T> operation) {
  const auto call = start(loop.get_executor(), std::move(operation));
  runUntil(loop, [&] { return call->done.load(); });
  BOOST_REQUIRE_MESSAGE(call->error, (call->value ? "no error was thrown" : call->strange));
  return *call->error;
}

/// An event loop on a thread of its own.
class Background {
 public:
  ~Background() { stop(); }
  [[nodiscard]] asio::any_io_executor executor() { return loop_->get_executor(); }
  /// The loop stands still; what was under way in it stays as it is.
  void stop() {
    if (!thread_.joinable()) return;
    loop_->stop();
    thread_.join();
  }
  /// What was under way is destroyed.
  void destroy() {
    stop();
    guard_.reset();
    loop_.reset();
  }

 private:
  std::unique_ptr<asio::io_context> loop_ = std::make_unique<asio::io_context>(1);
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> guard_{loop_->get_executor()};
  std::thread thread_{[loop = loop_.get()] { loop->run(); }};
};

#define CHECK_TOKEN_FAILURE(failure, code, meaning)     \
  do {                                                  \
    const openapi::Error seen = (failure);              \
    BOOST_TEST_CONTEXT("message: " << seen.what()) {    \
      BOOST_TEST((seen.errc() == openapi::Errc::code)); \
      BOOST_TEST((seen.outcome() == Outcome::meaning)); \
    }                                                   \
  } while (false)

}  // namespace tokens
