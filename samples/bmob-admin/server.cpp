#include <samples/bmob-admin/server.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <array>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace bmob_admin {
namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds goodbyeTime{2};
constexpr std::size_t goodbyeBytes = 1024 * 1024;
constexpr std::string_view busy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 62\r\n"
    "Cache-Control: no-store\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    R"({"code":503,"error":"too many connections; try again shortly"})";

using Parser = http::request_parser<http::string_body>;

/// Nothing from elsewhere is loaded, nothing inline runs, nobody frames or stores what the service says.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> securityHeaders{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; "
     "base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

/// One client. It is idle until the first byte of a request has come.
struct Connection {
  explicit Connection(tcp::socket socket) : stream{std::move(socket)} {}

  beast::tcp_stream stream;
  beast::flat_buffer buffer{};
  std::optional<Parser> parser{};
  bool working = false;  ///< a request has come, and its answer is not out

  [[nodiscard]] bool idle() const { return !working && buffer.size() == 0 && !(parser && parser->got_some()); }
  void close() { stream.close(); }
};

tcp::endpoint endpointOf(const std::string& host, std::uint16_t port) {
  return {host == "localhost" ? asio::ip::address{asio::ip::address_v4::loopback()} : asio::ip::make_address(host), port};
}

tcp::acceptor listenOn(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port) {
  try {
    return {executor, endpointOf(host, port)};
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error{"cannot listen on " + host + ":" + std::to_string(port) + ": " + error.code().message() +
                             "; choose another --listen"};
  }
}

/// The status that a client gets for a request that cannot be read, or 0 when there is nobody to tell.
int statusOf(const beast::error_code& error) {
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

Answer refusalOf(int status) {
  if (status == 413) return errorAnswer(413, "the body of the request is too large");
  if (status == 431) return errorAnswer(431, "the headers of the request are too large");
  return errorAnswer(400, "this is not an HTTP request that the service understands");
}

/// What a client may say that two readers would understand differently.
bool isAmbiguous(const Parser::value_type& message) {
  if (message.count(http::field::host) != 1) return true;
  return message.count(http::field::transfer_encoding) > 0 && message.count(http::field::content_length) > 0;
}

Request requestFrom(Parser::value_type message) {
  Request request{.method = std::string{message.method_string()}, .target = std::string{message.target()}};
  for (const auto& field : message) request.headers.add(std::string{field.name_string()}, std::string{field.value()});
  request.body = std::move(message.body());
  return request;
}

/// The head of `answer` in a message with any body.
template <class Message>
void fillHead(Message& message, const Answer& answer, bool keepAlive) {
  message.version(11);
  message.result(static_cast<unsigned>(answer.status));
  for (const auto& [name, value] : securityHeaders) message.insert(name, value);
  for (const auto& [name, value] : answer.headers) message.insert(name, value);
  if (!answer.contentType.empty()) message.set(http::field::content_type, answer.contentType);
  if (answer.status != 204) message.content_length(answer.body.size());
  message.keep_alive(keepAlive);
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
 public:
  Impl(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port, Limits limits, Handler handler)
      : executor_{executor},
        acceptor_{listenOn(executor, host, port)},
        drain_{executor},
        pause_{executor},
        limits_{limits},
        handler_{std::move(handler)},
        endpoint_{acceptor_.local_endpoint()} {}

  void start() { asio::co_spawn(executor_, accept(shared_from_this()), asio::detached); }

  void stop() {
    if (stopping_) return close();
    stopping_ = true;
    closeAcceptor();
    for (const auto& connection : connections_) {
      if (connection->idle()) connection->close();
    }
    if (connections_.empty()) return;
    drain_.expires_after(limits_.drainTime);
    drain_.async_wait([impl = shared_from_this()](const beast::error_code& error) {
      if (!error) impl->closeConnections();
    });
  }

  void close() {
    stopping_ = true;
    closeAcceptor();
    closeConnections();
    drain_.cancel();
  }

  [[nodiscard]] bool done() const { return stopping_ && connections_.empty(); }
  [[nodiscard]] const tcp::endpoint& endpoint() const { return endpoint_; }

 private:
  using Shared = std::shared_ptr<Impl>;
  using Client = std::shared_ptr<Connection>;

  /// Keeps a connection in the list of those that `stop` looks at.
  class Listed {
   public:
    Listed(Shared impl, Client client) : impl_{std::move(impl)}, client_{std::move(client)} {
      impl_->connections_.insert(client_);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() {
      impl_->connections_.erase(client_);
      if (impl_->stopping_ && impl_->connections_.empty()) impl_->drain_.cancel();
    }

   private:
    Shared impl_;
    Client client_;
  };

  void closeAcceptor() {
    beast::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

  void closeConnections() {
    for (const auto& connection : connections_) connection->close();
  }

  static asio::awaitable<void> accept(Shared impl) {
    while (!impl->stopping_) {
      auto accepted = co_await impl->acceptor_.async_accept(token);
      if (impl->stopping_) co_return;
      if (std::get<0>(accepted)) {  // such as no more file descriptors: they come back
        impl->pause_.expires_after(std::chrono::milliseconds{50});
        auto waited = co_await impl->pause_.async_wait(token);
        static_cast<void>(waited);
        continue;
      }
      impl->take(std::move(std::get<1>(accepted)));
    }
  }

  void take(tcp::socket socket) {
    beast::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    if (connections_.size() >= limits_.connections) {
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(busy), ignored);
      return;
    }
    auto client = std::make_shared<Connection>(std::move(socket));
    client->buffer.max_size(limits_.headerBytes + limits_.bodyBytes);
    auto listed = std::make_unique<Listed>(shared_from_this(), client);  // from now on, not from when the coroutine starts
    asio::co_spawn(executor_, serve(shared_from_this(), client, std::move(listed)), asio::detached);
  }

  static asio::awaitable<void> serve(Shared impl, Client client, std::unique_ptr<Listed> listed) {
    bool more = !impl->stopping_;
    for (int served = 1; more; ++served) {
      const bool last = served == impl->limits_.requestsPerConnection;
      more = co_await exchange(impl, client, last);
    }
    client->close();
    static_cast<void>(listed);
  }

  /// Reads a request and answers it. False when the connection is at its end.
  static asio::awaitable<bool> exchange(Shared impl, Client client, bool last) {
    auto& stream = client->stream;
    auto& parser = client->parser.emplace();
    client->working = false;
    parser.header_limit(impl->limits_.headerBytes);
    parser.body_limit(impl->limits_.bodyBytes);
    if (impl->stopping_ && client->idle()) co_return false;
    stream.expires_after(impl->limits_.readTime);
    auto head = co_await http::async_read_header(stream, client->buffer, parser, token);
    auto error = std::get<0>(head);
    if (!error && isAmbiguous(parser.get())) error = http::error::bad_value;
    if (!error && !parser.is_done() && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
      auto sent = co_await asio::async_write(stream, asio::buffer(goOn), token);
      error = std::get<0>(sent);
    }
    if (!error && !parser.is_done()) {
      auto body = co_await http::async_read(stream, client->buffer, parser, token);
      error = std::get<0>(body);
    }
    if (error) {
      const int status = statusOf(error);
      if (status == 0) co_return false;
      client->working = true;
      auto refused = co_await write(impl, client, refusalOf(status), false, false);
      if (refused) co_await sayGoodbye(client);
      co_return false;
    }
    client->working = true;
    const bool wantsMore = parser.keep_alive();
    const bool withoutBody = parser.get().method() == http::verb::head;
    stream.expires_never();
    auto answer = co_await answerOf(impl, requestFrom(parser.release()));
    const bool keepAlive = wantsMore && !last && !impl->stopping_;
    auto sent = co_await write(impl, client, std::move(answer), keepAlive, withoutBody);
    if (sent && !keepAlive) co_await sayGoodbye(client);
    co_return sent&& keepAlive;
  }

  static asio::awaitable<Answer> answerOf(Shared impl, Request request) {
    try {
      auto answer = co_await impl->handler_(std::move(request));
      co_return answer;
    } catch (const std::exception&) {
      co_return errorAnswer(500, "the service failed");
    }
  }

  static asio::awaitable<bool> write(Shared impl, Client client, Answer answer, bool keepAlive, bool withoutBody) {
    client->stream.expires_after(impl->limits_.writeTime);
    if (withoutBody || answer.status == 204) {
      http::response<http::empty_body> message;
      fillHead(message, answer, keepAlive);
      auto written = co_await http::async_write(client->stream, message, token);
      co_return !std::get<0>(written);
    }
    http::response<http::string_body> message;
    fillHead(message, answer, keepAlive);
    message.body() = std::move(answer.body);
    auto written = co_await http::async_write(client->stream, message, token);
    co_return !std::get<0>(written);
  }

  /// Closing a socket with unread bytes in it could take the answer away from the client, so they are read first; not for long.
  static asio::awaitable<void> sayGoodbye(Client client) {
    beast::error_code ignored;
    client->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    client->stream.expires_after(goodbyeTime);
    std::array<char, 4096> sink{};
    for (std::size_t total = 0; total < goodbyeBytes;) {
      auto read = co_await client->stream.async_read_some(asio::buffer(sink), token);
      if (std::get<0>(read)) co_return;
      total += std::get<1>(read);
    }
  }

  asio::any_io_executor executor_;
  tcp::acceptor acceptor_;
  asio::steady_timer drain_;
  asio::steady_timer pause_;
  Limits limits_;
  Handler handler_;
  tcp::endpoint endpoint_;
  std::set<Client> connections_;
  bool stopping_ = false;
};

Server::Server(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port, Limits limits, Handler handler)
    : impl_{std::make_shared<Impl>(executor, host, port, limits, std::move(handler))} {
  impl_->start();
}

Server::~Server() { impl_->close(); }

std::uint16_t Server::port() const { return impl_->endpoint().port(); }

std::string Server::url() const {
  const auto address = impl_->endpoint().address();
  const auto host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return "http://" + host + ":" + std::to_string(port());
}

void Server::stop() { impl_->stop(); }

bool Server::done() const { return impl_->done(); }

}  // namespace bmob_admin
