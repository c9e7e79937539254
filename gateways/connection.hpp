#pragma once

#include <http/tls_channel.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace openapi::gateway {

/// The server's side of one TCP connection, with TLS or without. Used by one coroutine at a time, which keeps it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// Without `tls`: plain text.
  Connection(boost::asio::ip::tcp::socket socket, SSL_CTX* tls);

  /// From now on the client has so long: then the connection is closed, and what waits for it fails.
  void allow(std::chrono::seconds time);
  void allowForever() { deadline_ = Watch::time_point::max(); }

  [[nodiscard]] boost::asio::awaitable<bool> handshake();
  /// Adds bytes that came.
  [[nodiscard]] boost::asio::awaitable<boost::system::error_code> read(boost::beast::flat_buffer& buffer);
  /// Sends all of `bytes`, which stay where they are. False when the client has left.
  [[nodiscard]] boost::asio::awaitable<bool> write(std::string_view bytes);
  /// Says goodbye, and waits for the client's end of it, so that it gets everything that was sent.
  [[nodiscard]] boost::asio::awaitable<void> end();

  [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return socket_; }
  /// Null without TLS.
  [[nodiscard]] SSL* ssl() const { return tls_ ? tls_->ssl() : nullptr; }

 private:
  using Watch = std::chrono::steady_clock;

  void watch();
  void look();

  boost::asio::ip::tcp::socket socket_;
  std::optional<http::TlsChannel> tls_{};
  boost::asio::steady_timer timer_;
  Watch::time_point deadline_ = Watch::time_point::max();
  Watch::time_point alarm_ = Watch::time_point::max();  ///< when the timer goes off
};

}  // namespace openapi::gateway
