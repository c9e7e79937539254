#include <gateways/http_server.hpp>

#include <codec/text.hpp>
#include <gateways/connection.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace openapi::gateway {
namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds idleTime{120};
constexpr std::chrono::seconds farewellTime{5};
using Parser = beast::http::request_parser<beast::http::string_body>;

asio::ssl::context makeTls(const ServerTls& tls) {
  asio::ssl::context context{asio::ssl::context::tls_server};
  auto* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  context.use_certificate_chain(asio::buffer(tls.certificate));
  context.use_private_key(asio::buffer(tls.key), asio::ssl::context::pem);
  static constexpr std::array<unsigned char, 7> sessionContext{'o', 'p', 'e', 'n', 'a', 'p', 'i'};
  SSL_CTX_set_session_id_context(native, sessionContext.data(), sessionContext.size());
  if (!tls.clientCa.empty()) {
    context.add_certificate_authority(asio::buffer(tls.clientCa));
    // A certificate that does not verify passes the handshake and counts as none, as with nginx's `optional`.
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  }
  return context;
}

std::string commonName(X509* certificate) {
  auto* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  const auto* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string subjectOf(X509* certificate) {
  char* text = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
  std::string subject = text == nullptr ? "" : text;
  OPENSSL_free(text);
  return subject;
}

void noteClient(SSL* ssl, Request& request) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(ssl), &X509_free};
  if (!certificate || SSL_get_verify_result(ssl) != X509_V_OK) return;
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) return;
  request.clientName = commonName(certificate.get());
  request.clientCertificate = subjectOf(certificate.get()) + " sha256=" + codec::toLowerHex(digest);
}

Request requestFrom(Parser::value_type message, const Request& client) {
  auto request = client;
  request.method = std::string{message.method_string()};
  const std::string_view target = message.target();
  const auto mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  if (mark < target.size()) request.query = target.substr(mark + 1);
  for (const auto& field : message) request.headers.add(std::string{field.name_string()}, std::string{field.value()});
  request.body = std::move(message.body());
  return request;
}

void addHeader(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

constexpr std::size_t usualHead = 512;

/// All of the head but what says how long the body is.
std::string headOf(const Reply& reply, bool keepAlive) {
  std::string text;
  text.reserve(usualHead + reply.body.size());
  text.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  text.append(beast::http::obsolete_reason(static_cast<beast::http::status>(reply.status))).append("\r\n");
  addHeader(text, "Server", "nginx");
  if (!reply.contentType.empty()) addHeader(text, "Content-Type", reply.contentType);
  for (const auto& [name, value] : reply.headers) addHeader(text, name, value);
  if (!keepAlive) addHeader(text, "Connection", "close");
  return text;
}

/// How a request wants its answer.
struct Manner {
  bool keepAlive = false;
  bool headOnly = false;  ///< HEAD: the head of the answer to GET
};

/// The whole answer as one piece; cut: with half of its body.
std::string textOf(const Reply& reply, const Manner& manner) {
  auto text = headOf(reply, manner.keepAlive);
  addHeader(text, "Content-Length", std::to_string(reply.body.size()));
  text += "\r\n";
  if (manner.headOnly) return text;
  const bool cut = reply.fault == TransportFault::truncate;
  return text.append(reply.body, 0, cut ? reply.body.size() / 2 : reply.body.size());
}

/// No value when the source failed.
std::optional<std::string> nextBlock(BodySource& source) {
  try {
    return source.next();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// 0: there is nobody to answer.
int statusOf(const error_code& error) {
  if (error == beast::http::error::body_limit) return 413;
  if (error == beast::http::error::header_limit) return 431;
  if (error == beast::http::error::end_of_stream) return 0;
  return error.category() == beast::http::make_error_code(beast::http::error::bad_method).category() ? 400 : 0;
}

/// Reads one request. What came after it stays in `buffer`.
asio::awaitable<error_code> receive(Connection& connection, beast::flat_buffer& buffer, Parser& parser) {
  while (!parser.is_done()) {
    error_code error = beast::http::error::need_more;
    if (buffer.size() > 0) {
      error = {};
      buffer.consume(parser.put(buffer.data(), error));
    }
    if (!error) continue;
    if (error != beast::http::error::need_more) co_return error;
    auto failed = co_await connection.read(buffer);
    if (failed) co_return beast::http::error::end_of_stream;
  }
  co_return error_code{};
}

std::string chunkOf(std::string_view block) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), block.size(), 16).ptr;
  std::string text{size.data(), end};
  return text.append("\r\n").append(block).append("\r\n");
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::any_io_executor executor, std::uint16_t port, const std::optional<ServerTls>& tls, Handler handler)
      : executor_{std::move(executor)},
        acceptor_{executor_, tcp::endpoint{asio::ip::address_v4::loopback(), port}},
        handler_{std::move(handler)} {
    if (tls) tls_.emplace(makeTls(*tls));
    port_ = acceptor_.local_endpoint().port();
  }

  void start() { asio::co_spawn(executor_, accept(shared_from_this()), asio::detached); }

  void close() {
    error_code ignored;
    acceptor_.close(ignored);
    for (auto* socket : sockets_) socket->close(ignored);
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool secure() const { return tls_.has_value(); }

 private:
  /// Keeps a connection in the list of those that `close` ends.
  class Listed {
   public:
    Listed(std::shared_ptr<Impl> impl, tcp::socket& socket) : impl_{std::move(impl)}, socket_{&socket} {
      impl_->sockets_.insert(socket_);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() { impl_->sockets_.erase(socket_); }

   private:
    std::shared_ptr<Impl> impl_;
    tcp::socket* socket_;
  };

  static asio::awaitable<void> accept(std::shared_ptr<Impl> impl) {
    for (;;) {
      auto accepted = co_await impl->acceptor_.async_accept(token);
      if (!impl->acceptor_.is_open()) co_return;
      if (std::get<0>(accepted)) continue;
      auto session = impl->session(impl, std::move(std::get<1>(accepted)));
      asio::co_spawn(impl->executor_, std::move(session), asio::detached);
    }
  }

  static asio::awaitable<void> session(std::shared_ptr<Impl> impl, tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    const auto connection = std::make_shared<Connection>(std::move(socket), impl->tls_ ? impl->tls_->native_handle() : nullptr);
    const Listed listed{impl, connection->socket()};
    Request client;
    connection->allow(idleTime);
    if (connection->ssl() != nullptr) {
      auto shaken = co_await connection->handshake();
      if (!shaken) co_return;
      noteClient(connection->ssl(), client);
    }
    auto polite = co_await exchange(impl, *connection, client);
    if (!polite) co_return;
    connection->allow(farewellTime);
    co_await connection->end();
  }

  /// Serves one connection. True when it ended in an orderly way.
  static asio::awaitable<bool> exchange(std::shared_ptr<Impl> impl, Connection& connection, const Request& client) {
    beast::flat_buffer buffer;
    for (;;) {
      Parser parser;
      parser.eager(true);
      parser.body_limit(maxBodyBytes);
      parser.header_limit(maxHeaderBytes);
      connection.allow(idleTime);
      auto error = co_await receive(connection, buffer, parser);
      if (error) {
        const int status = statusOf(error);
        if (status == 0) co_return true;
        Reply refusal{.status = status, .contentType = "text/plain", .body = "the request is not acceptable\n"};
        const Manner last{};
        auto sent = co_await write(connection, std::move(refusal), last);
        co_return sent;
      }
      const Manner manner{.keepAlive = parser.get().keep_alive(), .headOnly = parser.get().method() == beast::http::verb::head};
      auto reply = impl->reply(requestFrom(parser.release(), client));
      for (bool ready = prepared(reply); !ready; ready = prepared(reply)) {
        auto turn = co_await asio::post(impl->executor_, token);
        static_cast<void>(turn);
      }
      if (reply.delay.count() > 0) {
        connection.allowForever();
        asio::steady_timer timer{impl->executor_, reply.delay};
        auto waited = co_await timer.async_wait(token);
        static_cast<void>(waited);
      }
      if (reply.fault == TransportFault::dropConnection) co_return false;
      const bool cut = reply.fault == TransportFault::truncate;
      auto sent = co_await write(connection, std::move(reply), manner);
      if (cut || !sent) co_return false;
      if (!manner.keepAlive) co_return true;
    }
  }

  static asio::awaitable<bool> write(Connection& connection, Reply reply, Manner manner) {
    connection.allow(idleTime);
    if (reply.source) {
      auto sent = co_await writeStream(connection, std::move(reply), manner);
      co_return sent;
    }
    const auto text = textOf(reply, manner);
    auto sent = co_await connection.write(text);
    co_return sent;
  }

  static asio::awaitable<bool> writeStream(Connection& connection, Reply reply, Manner manner) {
    const bool cut = reply.fault == TransportFault::truncate;
    auto head = headOf(reply, manner.keepAlive);
    addHeader(head, "Transfer-Encoding", "chunked");
    head += "\r\n";
    auto begun = co_await connection.write(head);
    if (!begun || manner.headOnly) co_return begun;
    for (bool stop = false; !stop;) {
      auto block = nextBlock(*reply.source);
      if (!block) co_return false;
      if (block->empty()) break;
      stop = cut && reply.source->halfway();
      if (stop) block->resize((block->size() + 1) / 2);
      connection.allow(idleTime);
      const auto chunk = chunkOf(*block);
      auto written = co_await connection.write(chunk);
      if (!written) co_return false;
    }
    if (cut) co_return false;
    const std::string_view last = "0\r\n\r\n";
    auto ended = co_await connection.write(last);
    co_return ended;
  }

  static Reply failure(const std::exception& e) {
    return {.status = 500, .contentType = "text/plain", .body = std::string{"the local gateway failed: "} + e.what() + "\n"};
  }

  Reply reply(const Request& request) {
    try {
      return handler_(request);
    } catch (const std::exception& e) {
      return failure(e);
    }
  }

  static bool prepared(Reply& reply) {
    if (!reply.prepare) return true;
    try {
      const auto prepare = reply.prepare;  // which may replace itself
      return prepare(reply);
    } catch (const std::exception& e) {
      reply = failure(e);
      return true;
    }
  }

  asio::any_io_executor executor_;
  tcp::acceptor acceptor_;
  std::optional<asio::ssl::context> tls_;
  Handler handler_;
  std::set<tcp::socket*> sockets_;
  std::uint16_t port_ = 0;
};

HttpServer::HttpServer(asio::any_io_executor executor, std::uint16_t port, const std::optional<ServerTls>& tls, Handler handler)
    : impl_{std::make_shared<Impl>(std::move(executor), port, tls, std::move(handler))} {
  impl_->start();
}

HttpServer::~HttpServer() { impl_->close(); }

std::uint16_t HttpServer::port() const { return impl_->port(); }

std::string HttpServer::url() const {
  return (impl_->secure() ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port());
}

}  // namespace openapi::gateway
