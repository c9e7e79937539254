#pragma once

#include "async.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>

namespace demo {

/// The shop's door to the internet: an HTTP server on loopback for notifications.
class NotifyServer {
 public:
  using Handler = std::function<asio::awaitable<openapi::NotifyReply>(std::string path, openapi::Event event)>;

  NotifyServer(const asio::any_io_executor& executor, Handler handler);
  [[nodiscard]] std::string url() const;
  void stop() { acceptor_.close(); }

 private:
  asio::awaitable<void> listen();
  asio::awaitable<void> serve(asio::ip::tcp::socket socket);

  asio::ip::tcp::acceptor acceptor_;
  Handler handler_;
};

}  // namespace demo
