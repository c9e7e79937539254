#pragma once

#include <openapi/event.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace openapi {

/// A client certificate with its key and chain. Made from the configuration; opaque here.
class ClientIdentity;

/// One HTTP answer. Content encodings are removed from `body`, which is empty when the request had a sink.
struct HttpResponse {
  int status = 0;
  Headers headers{};
  std::string body{};
};

/// Takes the body of an answer piece by piece. All calls come one after the other, on the thread that reads the answer; the next
/// piece is read when `take` has returned. What they throw ends the request and reaches its caller.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The head of an answer arrived: `head.body` is empty. Called once for each attempt; what came before it is void.
  virtual void begin(const HttpResponse& head) = 0;
  /// The next bytes of the body, without the chunks in which they travelled, their content encoding not removed.
  virtual void take(std::string_view bytes) = 0;
};

/// One HTTP request, complete: a transport adds nothing but `Host`, `Content-Length` and `User-Agent`.
struct HttpRequest {
  std::string method = "POST";
  std::string url{};
  Headers headers{};
  std::string body{};
  /// The one deadline over name resolution, connect, TLS, write and read, and over all attempts.
  std::chrono::steady_clock::time_point deadline = (std::chrono::steady_clock::time_point::max)();
  std::shared_ptr<const ClientIdentity> identity{};  ///< the client certificate, where the endpoint wants one
  std::size_t maxResponseBytes = 0;                  ///< 0: the limit of `HttpOptions`
  /// Where the body of the answer goes instead of `HttpResponse::body`. It is then not limited by `HttpOptions`.
  std::shared_ptr<BodySink> sink{};
  /// With a sink: the deadline is for the head of the answer; then bytes must go on coming, with no longer pause than this.
  std::chrono::milliseconds longestPause{30000};
  std::string label{};  ///< for observers: `weixin payment.refund`
  int attempt = 1;      ///< for observers: 1 for the first try, then 2, 3 …
  /// Called with the number of bytes of the body that were handed to the network so far, as they go, on the thread that sends.
  /// What it throws ends the request and reaches its caller. A transport that does not call it is right too.
  std::function<void(std::size_t written)> progress{};
};

/// The network as the providers see it. Implement it for tests, recording or unusual networks.
///
/// `send` throws `Error` with `connect` (outcome `notSent`), `timeout`, `connectionLost` or `cancelled`
/// (outcome `unknown` once any byte of the request may have left, else `notSent`) or `badResponse`.
/// It may be called by several coroutines at once and must outlive none of them.
class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual boost::asio::awaitable<HttpResponse> send(HttpRequest request) = 0;
};

}  // namespace openapi
