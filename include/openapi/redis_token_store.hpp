#pragma once

#include <openapi/token_store.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace openapi {

/// Where Redis is.
struct RedisOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::optional<std::string> username{};  ///< Redis 6 ACL
  std::optional<std::string> password{};
  int database = 0;
  std::string prefix = "openapi:token:";    ///< of every key
  std::chrono::milliseconds timeout{1000};  ///< of one operation: connect, ask, answer
};

/// Keeps tokens in Redis, so that several machines share them: one renews, the others wait for it. Only in builds with
/// `OPENAPI_WITH_REDIS`.
///
/// Each operation opens a connection of its own (they are rare: a process remembers a token until it nears its end), on
/// the event loop that awaits it, so that a restarted Redis is found again at once. What happens without Redis
/// is described at `WeixinConfig::tokenStore`.
[[nodiscard]] std::shared_ptr<TokenStore> makeRedisTokenStore(RedisOptions options);

}  // namespace openapi
