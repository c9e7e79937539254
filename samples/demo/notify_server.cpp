#include "notify_server.hpp"

#include <openapi/beast.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace demo {

namespace beast = boost::beast;
namespace http = boost::beast::http;

NotifyServer::NotifyServer(const asio::any_io_executor& executor, Handler handler)
    : acceptor_{executor, {asio::ip::address_v4::loopback(), 0}}, handler_{std::move(handler)} {
  asio::co_spawn(executor, listen(), asio::detached);
}

std::string NotifyServer::url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

asio::awaitable<void> NotifyServer::listen() {
  const auto executor = acceptor_.get_executor();
  for (;;) {
    auto socket = co_await acceptor_.async_accept(asio::use_awaitable);  // throws when the server is stopped
    asio::co_spawn(executor, serve(std::move(socket)), [](std::exception_ptr) {});
  }
}

asio::awaitable<void> NotifyServer::serve(asio::ip::tcp::socket socket) {
  beast::tcp_stream stream{std::move(socket)};
  beast::flat_buffer buffer;
  bool keepAlive = true;
  while (keepAlive) {
    stream.expires_after(std::chrono::seconds{30});
    http::request_parser<http::string_body> parser;
    parser.body_limit(64 * 1024);
    co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
    const auto& request = parser.get();
    keepAlive = request.keep_alive();
    auto reply = co_await handler_(std::string{request.target()}, openapi::eventFrom(request));
    auto response = openapi::responseFrom(reply, request.version(), keepAlive);
    co_await http::async_write(stream, response, asio::use_awaitable);
  }
}

}  // namespace demo
