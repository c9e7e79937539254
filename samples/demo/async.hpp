#pragma once

#include <openapi/openapi.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

namespace demo {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// The result of an operation, or its error: `catch` cannot `co_await`, so faults are looked at as values.
template <class T>
struct Attempt {
  std::optional<T> value{};
  std::optional<openapi::Error> error{};

  [[nodiscard]] bool unknown() const { return error && error->outcome() == openapi::Outcome::unknown; }
  [[nodiscard]] bool hasCode(std::string_view one, std::string_view other) const {
    return error && (error->errCode() == one || error->errCode() == other);
  }
};

template <class T>
asio::awaitable<Attempt<T>> attempted(asio::awaitable<T> operation) {
  Attempt<T> attempt;
  try {
    auto value = co_await std::move(operation);
    attempt.value.emplace(std::move(value));
  } catch (const openapi::Error& error) {
    attempt.error.emplace(error);
  }
  co_return attempt;
}

/// Something that happens once, and those who wait for it.
class Arrival {
 public:
  explicit Arrival(const asio::any_io_executor& executor) : timer_{executor} {}
  void announce();
  /// Whether it happened within `patience`.
  asio::awaitable<bool> wait(milliseconds patience);

 private:
  asio::steady_timer timer_;
  bool happened_ = false;
};

asio::awaitable<void> sleepFor(milliseconds time);

/// Runs `job(0) … job(count - 1)`, at most `width` of them at a time. The first failure ends it, and is thrown.
asio::awaitable<void> inParallel(std::size_t count, std::size_t width, std::function<asio::awaitable<void>(std::size_t)> job);

}  // namespace demo
