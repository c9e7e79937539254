#pragma once

#include <openapi/error.hpp>
#include <openapi/transport.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace openapi {

/// Sees each HTTP request. Called on the thread that does the work; must not throw or block.
/// Nothing secret is passed: no header, no body, no query.
class Observer {
 public:
  struct Started {
    std::string_view label;   ///< `weixin payment.refund`
    std::string_view target;  ///< scheme, host and path
    std::size_t requestBytes;
    int attempt;  ///< 1, 2 …
  };
  struct Finished {
    std::string_view label;
    std::string_view target;
    int attempt;
    int httpStatus;               ///< 0 without an answer
    std::optional<Errc> failure;  ///< empty on success
    std::size_t responseBytes;
    std::chrono::microseconds latency;
  };
  virtual ~Observer() = default;
  virtual void started(const Started& event) = 0;
  virtual void finished(const Finished& event) = 0;
};

/// How requests travel. Copied by the provider.
struct HttpOptions {
  std::shared_ptr<Transport> transport{};   ///< empty: the library's own HTTPS client
  std::string caFile{};                     ///< PEM file of roots instead of the system's
  std::optional<std::string> proxy{};       ///< `http://host:port`; empty text: none; unset: HTTPS_PROXY, NO_PROXY
  std::size_t maxConnectionsPerHost = 256;  ///< more requests wait for a free connection
  std::chrono::milliseconds idleTimeout{30000};
  std::size_t maxResponseBytes = 8 * 1024 * 1024;
  std::size_t maxHeaderBytes = 16 * 1024;
  int maxAttempts = 3;                          ///< of requests that are safe to repeat; 1: never repeat
  std::chrono::milliseconds firstBackoff{200};  ///< doubled for each further attempt, with jitter
  std::chrono::milliseconds dnsCacheTime{30000};
  std::shared_ptr<Observer> observer{};
};

}  // namespace openapi
