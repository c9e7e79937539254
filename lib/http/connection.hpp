#pragma once

#include "http/names.hpp"
#include "http/pool.hpp"
#include "http/proxy.hpp"
#include "http/response_reader.hpp"
#include "http/tls.hpp"
#include "http/tls_channel.hpp"
#include "http/url.hpp"

#include <openapi/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::http {

/// The way to a server, as a URL and the proxy rules give it.
struct Route {
  Target target{};
  std::string peerHost{};  ///< the server, or the proxy
  std::string peerPort{};
  bool proxied = false;
  const Proxy* plainProxy = nullptr;  ///< the proxy of an http URL
  std::string connectHead{};          ///< empty without a tunnel
  std::string poolKey{};              ///< without the client identity
};

/// One request on its way and what is known about it.
struct Transfer {
  const HttpRequest& request;
  ResponseReader::Limits limits;
  bool written = false;   ///< a byte of the request may have left
  bool reusable = false;  ///< the connection may serve further requests
  std::size_t bodyBytes = 0;
  HttpResponse response{};
  bool streaming = false;  ///< the head is there, and the request's sink takes the body
  std::chrono::steady_clock::time_point lastBytes{};
};

/// A TCP connection, mostly with TLS. All of it runs on the strand of the one request that uses it at a time.
class Connection : public PooledConnection, public std::enable_shared_from_this<Connection> {
 public:
  explicit Connection(const boost::asio::any_io_executor& executor) : socket_{executor} {}

  /// Connects to the first of `addresses` that answers, opens the tunnel and does the handshake, unless `tls` is null.
  /// Throws `Error` with `connect`.
  [[nodiscard]] boost::asio::awaitable<void> open(const Route& route, std::shared_ptr<TlsProfile> tls, Addresses addresses,
                                                  std::chrono::steady_clock::time_point deadline);
  /// Sends `head` and the body, and reads the answer.
  [[nodiscard]] boost::asio::awaitable<void> exchange(Transfer& transfer);

  /// Ends whatever goes on, for good.
  void close();
  [[nodiscard]] bool usable() override;
  /// The memory in which the head of the next request is written.
  [[nodiscard]] std::string& head() { return head_; }

 private:
  struct Read {
    std::size_t count = 0;
    boost::system::error_code failure{};
  };

  boost::asio::awaitable<void> connectTcp(const Route& route, Addresses addresses,
                                          std::chrono::steady_clock::time_point deadline);
  boost::asio::awaitable<void> openTunnel(const Route& route);
  boost::asio::awaitable<void> handshake(const Route& route);
  boost::asio::awaitable<void> send(Transfer& transfer);
  boost::asio::awaitable<void> receive(ResponseReader& reader, Transfer& transfer);
  boost::asio::awaitable<boost::system::error_code> write(std::string_view bytes);
  boost::asio::awaitable<Read> readSome(boost::asio::mutable_buffer space);
  boost::asio::awaitable<boost::system::error_code> giveWay();
  boost::asio::awaitable<boost::system::error_code> satisfy(TlsChannel::Need need);

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<TlsProfile> profile_;
  std::shared_ptr<SessionSlot> sessions_;  // used by the SSL of tls_
  std::optional<TlsChannel> tls_;
  boost::beast::flat_buffer buffer_;
  std::string head_;
  bool closed_ = false;
  bool used_ = false;  // an answer came over it
  int steps_ = 0;      // since it last waited
  int dialling_ = 0;   // number of the address being tried; 0: none
};

}  // namespace openapi::http
