#pragma once

#include "http/names.hpp"

#include <openapi/redis_token_store.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace openapi::token {

/// One answer of Redis. Arrays do not occur: no command here has one.
struct RedisReply {
  enum class Kind { nil, text, integer, error, oversized };
  Kind kind = Kind::nil;
  std::string text{};  ///< of an error: its code, such as `WRONGTYPE`, never the rest, which may repeat what was sent
  std::int64_t integer = 0;
};

/// A connection to Redis on the executor of the coroutine that uses it. Throws `Error` with `connect`, `connectionLost` or
/// `badResponse`. Never moves on its own: who uses it sets the deadline.
class RedisConnection {
 public:
  RedisConnection(const boost::asio::any_io_executor& executor, std::shared_ptr<const RedisOptions> options)
      : socket_{executor}, options_{std::move(options)} {}

  /// Connects, and says who asks and for which database.
  [[nodiscard]] boost::asio::awaitable<void> open(std::shared_ptr<http::Names> names);
  [[nodiscard]] boost::asio::awaitable<RedisReply> ask(std::vector<std::string> command);

 private:
  boost::asio::awaitable<void> connect(std::shared_ptr<http::Names> names);
  boost::asio::awaitable<http::Addresses> resolve(std::shared_ptr<http::Names> names);
  boost::asio::awaitable<void> authenticate();
  boost::asio::awaitable<RedisReply> readReply();

  boost::asio::ip::tcp::socket socket_;
  const std::shared_ptr<const RedisOptions> options_;
};

/// `host:port`, for messages.
[[nodiscard]] std::string addressOf(const RedisOptions& options);

}  // namespace openapi::token
