#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <utility>

namespace openapi {

namespace detail {

/// Runs `operation` to its end on an event loop of its own, on the calling thread.
void runToEnd(boost::asio::awaitable<void> operation);

template <class T>
boost::asio::awaitable<void> keepResult(boost::asio::awaitable<T> operation, std::optional<T>& result) {
  auto value = co_await std::move(operation);
  result.emplace(std::move(value));
}

}  // namespace detail

/// Runs one operation from blocking code and gives its result, or throws its `Error`.
/// It needs no event loop of the caller's. Not for use inside a coroutine: `co_await` there.
template <class T>
T wait(boost::asio::awaitable<T> operation) {
  std::optional<T> result;
  detail::runToEnd(detail::keepResult(std::move(operation), result));
  return std::move(*result);
}

inline void wait(boost::asio::awaitable<void> operation) { detail::runToEnd(std::move(operation)); }

}  // namespace openapi
