#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace openapi {

/// An access token and when it ends.
struct StoredToken {
  std::string value{};
  std::chrono::system_clock::time_point expiresAt{};
};

/// Where the access tokens of apps are kept, and who may renew them. Share one store between all that call the
/// platform for an app, so that one of them renews the token and the others find it.
///
/// `key` names an app and the kind of its token; `owner` names who holds a lock, different for each renewal.
/// Every method may be called from several coroutines and threads at once; it throws `Error` (`connect`, `timeout`,
/// `connectionLost`, `badResponse`, `cancelled`) when the store cannot be used, within a bounded time.
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  /// The token kept under `key`, expired or not; none when there is none, or what is there is no token.
  [[nodiscard]] virtual boost::asio::awaitable<std::optional<StoredToken>> load(std::string key) = 0;
  /// Keeps `token` if `owner` still holds the lock of `key`; says whether it was kept.
  [[nodiscard]] virtual boost::asio::awaitable<bool> save(std::string key, std::string owner, StoredToken token) = 0;
  /// Takes the lock of `key` unless someone holds it. It ends by itself after `lease`.
  [[nodiscard]] virtual boost::asio::awaitable<bool> lock(std::string key, std::string owner,
                                                          std::chrono::milliseconds lease) = 0;
  /// Gives the lock back, if `owner` still holds it.
  [[nodiscard]] virtual boost::asio::awaitable<void> unlock(std::string key, std::string owner) = 0;
};

/// Keeps tokens in this process: the default. Share it between providers of one app.
[[nodiscard]] std::shared_ptr<TokenStore> makeMemoryTokenStore();

}  // namespace openapi
