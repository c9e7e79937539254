#pragma once

#include <openapi/error.hpp>
#include <openapi/token_store.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace openapi::token {

/// What the platform answers to a request for a token.
struct FreshToken {
  std::string value{};
  std::chrono::seconds expiresIn{};
};

struct TokenRules {
  std::string key{};                  ///< of the app and the kind of token, in the store
  std::chrono::seconds renewAhead{};  ///< a token with less time left is renewed; the old one serves meanwhile
  /// Whether every request for a token gives the same one until it ends, so that a process may ask for itself when the store
  /// fails. Otherwise the failure of the store is the failure of the call, because a new token ends everyone's old one.
  bool repeatable = true;
  /// Whether `fetch(true)` exists: a new token at once, the old one dead. At most one in `forcePause` for each key.
  bool forceable = true;
  std::chrono::seconds forcePause{30};
  /// After the platform refused to give a token, so long it is not asked again for a call: who asks gets the same error.
  std::chrono::seconds refusalPause{1};
  /// After the platform refused a token that had come in the place of a refused one, so long no other is fetched in its place.
  std::chrono::seconds replacePause{30};
};

/// The current token of one app. One renewal at a time, in this process and among all that share the store.
/// May be used by any number of coroutines on any threads; a caller who goes lets the others go on.
class TokenSource {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;
  using Deadline = std::chrono::steady_clock::time_point;
  /// Asks the platform for a token. `force`: a new one even when the current one has not ended.
  using Fetch = std::function<boost::asio::awaitable<FreshToken>(bool force, Deadline deadline)>;

  TokenSource(std::shared_ptr<TokenStore> store, TokenRules rules, Fetch fetch, Clock clock = std::chrono::system_clock::now);
  ~TokenSource();
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;

  /// A token that has not ended. Throws what `fetch` throws, or threw a moment ago when that was a refusal; or the failure of the
  /// store; `timeout`, `notSent` at the deadline.
  [[nodiscard]] boost::asio::awaitable<std::string> current(Deadline deadline);
  /// A token other than `refused`, which the platform no longer takes: from this process, from the store, or a renewed one.
  /// Throws `rejected` when the platform gives `refused` again and none may be forced yet; and, a while after `refusedToo`, its
  /// error.
  [[nodiscard]] boost::asio::awaitable<std::string> instead(std::string refused, Deadline deadline);
  /// The platform refuses with `error` the token that `instead` gave, too. It masks what is secret.
  void refusedToo(const Error& error);
  /// Fetches now, whatever there is, and keeps what came for everyone. By `force` only where and when that may be done.
  [[nodiscard]] boost::asio::awaitable<FreshToken> renew(bool force, Deadline deadline);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace openapi::token
