#pragma once

#include <openapi/json.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>

namespace openapi::cli {

/// Runs what `start` gives to its end on an event loop of its own. SIGINT and SIGTERM cancel it, the second one kills.
/// Throws `Error`: `cancelled` with outcome `unknown` when only the event loop knows of the cancellation.
[[nodiscard]] Json runInterruptible(const std::function<boost::asio::awaitable<Json>(boost::asio::any_io_executor)>& start);

}  // namespace openapi::cli
