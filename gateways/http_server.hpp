#pragma once

#include <openapi/event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace openapi::gateway {

/// One request as a platform sees it.
struct Request {
  std::string method{};
  std::string path{};   ///< as sent, without the query
  std::string query{};  ///< what follows the `?`, still encoded
  Headers headers{};
  std::string body{};
  std::string clientCertificate{};  ///< subject and SHA-256 of a client certificate that verified, else empty
  std::string clientName{};         ///< the common name in it
};

/// What the server does to an answer on its way out.
enum class TransportFault {
  none,
  dropConnection,  ///< close without an answer
  truncate,        ///< send the header and half of the body, then close
};

/// Makes a body while it is sent. Destroyed when the answer has gone out, or the client has left.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// The next bytes, about 64 KiB; none at the end. What it throws cuts the answer.
  [[nodiscard]] virtual std::string next() = 0;
  /// Whether about half of it was given out: where `TransportFault::truncate` cuts.
  [[nodiscard]] virtual bool halfway() const = 0;
};

struct Reply {
  int status = 200;
  std::string contentType{};
  Headers headers{};
  std::string body{};
  TransportFault fault = TransportFault::none;
  std::chrono::milliseconds delay{0};    ///< wait this long before the answer goes out
  std::shared_ptr<BodySource> source{};  ///< instead of `body`, sent in chunks
  /// Called until it gives true before the answer goes out; other requests are served in between.
  std::function<bool(Reply&)> prepare{};
};

/// The server's certificate as PEM; with `clientCa`, client certificates are asked for, but not required.
struct ServerTls {
  std::string certificate{};
  std::string key{};
  std::string clientCa{};
};

/// An HTTP/1.1 server on 127.0.0.1. A body that comes from a source is asked for only as fast as the client reads. The handler
/// runs on the executor, one call at a time when the context has one thread. Destroy it on that thread, or when the context has
/// stopped.
class HttpServer {
 public:
  using Handler = std::function<Reply(const Request&)>;

  /// Port 0: the system chooses. Without `tls` the server speaks plain HTTP.
  HttpServer(boost::asio::any_io_executor executor, std::uint16_t port, const std::optional<ServerTls>& tls, Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  ///< `https://127.0.0.1:PORT`

  static constexpr std::size_t maxBodyBytes = 16 * 1024 * 1024;
  static constexpr std::uint32_t maxHeaderBytes = 64 * 1024;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace openapi::gateway
