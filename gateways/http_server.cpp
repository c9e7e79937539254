#include <gateways/http_server.hpp>

#include <codec/text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <set>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace openapi::gateway {
namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds idleTime{120};
using Plain = beast::tcp_stream;
using Secure = asio::ssl::stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

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

Request requestFrom(const Parser::value_type& message, const Request& client) {
  auto request = client;
  request.method = std::string{message.method_string()};
  const std::string target{message.target()};
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
  for (const auto& field : message) request.headers.add(std::string{field.name_string()}, std::string{field.value()});
  request.body = message.body();
  return request;
}

template <class Body>
http::response<Body> headFrom(const Reply& reply, bool keepAlive) {
  http::response<Body> response{static_cast<http::status>(reply.status), 11};
  response.set(http::field::server, "nginx");
  if (!reply.contentType.empty()) response.set(http::field::content_type, reply.contentType);
  for (const auto& [name, value] : reply.headers) response.insert(name, value);
  response.keep_alive(keepAlive);
  return response;
}

Response responseFrom(const Reply& reply, bool keepAlive) {
  auto response = headFrom<http::string_body>(reply, keepAlive);
  response.body() = reply.body;
  response.prepare_payload();
  return response;
}

/// No value when the source failed.
std::optional<std::string> nextBlock(BodySource& source) {
  try {
    return source.next();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

int statusOf(const beast::error_code& error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
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
    beast::error_code ignored;
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
    beast::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    Request client;
    if (!impl->tls_) {
      Plain stream{std::move(socket)};
      const Listed listed{impl, stream.socket()};
      co_await exchange(impl, stream, client);
      stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
      co_return;
    }
    Secure stream{Plain{std::move(socket)}, *impl->tls_};
    const Listed listed{impl, stream.next_layer().socket()};
    stream.next_layer().expires_after(idleTime);
    auto shaken = co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    if (std::get<0>(shaken)) co_return;
    noteClient(stream.native_handle(), client);
    const bool polite = co_await exchange(impl, stream, client);
    if (!polite) co_return;
    stream.next_layer().expires_after(std::chrono::seconds{5});
    auto closed = co_await stream.async_shutdown(token);
    static_cast<void>(closed);
  }

  /// Serves one connection. True when it ended in an orderly way.
  template <class Stream>
  static asio::awaitable<bool> exchange(std::shared_ptr<Impl> impl, Stream& stream, const Request& client) {
    beast::flat_buffer buffer;
    for (;;) {
      Parser parser;
      parser.body_limit(maxBodyBytes);
      parser.header_limit(maxHeaderBytes);
      beast::get_lowest_layer(stream).expires_after(idleTime);
      auto read = co_await http::async_read(stream, buffer, parser, token);
      if (const auto error = std::get<0>(read)) {
        const int status = statusOf(error);
        if (status == 0 || error == http::error::end_of_stream || error == http::error::partial_message) co_return true;
        Reply refusal{.status = status, .contentType = "text/plain", .body = "the request is not acceptable\n"};
        auto sent = co_await write(stream, std::move(refusal), false);
        co_return sent;
      }
      const bool keepAlive = parser.get().keep_alive();
      auto reply = impl->reply(requestFrom(parser.get(), client));
      for (bool ready = prepared(reply); !ready; ready = prepared(reply)) {
        auto turn = co_await asio::post(impl->executor_, token);
        static_cast<void>(turn);
      }
      if (reply.delay.count() > 0) {
        beast::get_lowest_layer(stream).expires_never();
        asio::steady_timer timer{impl->executor_, reply.delay};
        auto waited = co_await timer.async_wait(token);
        static_cast<void>(waited);
      }
      if (reply.fault == TransportFault::dropConnection) co_return false;
      const bool cut = reply.fault == TransportFault::truncate;
      auto sent = co_await write(stream, std::move(reply), keepAlive);
      if (cut || !sent) co_return false;
      if (!keepAlive) co_return true;
    }
  }

  template <class Stream>
  static asio::awaitable<bool> write(Stream& stream, Reply reply, bool keepAlive) {
    if (reply.source) {
      auto sent = co_await writeStream(stream, std::move(reply), keepAlive);
      co_return sent;
    }
    const bool cut = reply.fault == TransportFault::truncate;
    auto response = responseFrom(reply, keepAlive);
    beast::get_lowest_layer(stream).expires_after(idleTime);
    if (!cut) {
      auto written = co_await http::async_write(stream, response, token);
      co_return !std::get<0>(written);
    }
    http::response_serializer<http::string_body> serializer{response};
    serializer.split(true);
    auto header = co_await http::async_write_header(stream, serializer, token);
    if (std::get<0>(header)) co_return false;
    const auto half = asio::buffer(response.body().data(), response.body().size() / 2);
    auto written = co_await asio::async_write(stream, half, token);
    co_return !std::get<0>(written);
  }

  template <class Stream>
  static asio::awaitable<bool> writeStream(Stream& stream, Reply reply, bool keepAlive) {
    const bool cut = reply.fault == TransportFault::truncate;
    auto head = headFrom<http::empty_body>(reply, keepAlive);
    head.chunked(true);
    http::response_serializer<http::empty_body> serializer{head};
    beast::get_lowest_layer(stream).expires_after(idleTime);
    auto begun = co_await http::async_write_header(stream, serializer, token);
    if (std::get<0>(begun)) co_return false;
    for (bool stop = false; !stop;) {
      auto block = nextBlock(*reply.source);
      if (!block) co_return false;
      if (block->empty()) break;
      stop = cut && reply.source->halfway();
      if (stop) block->resize((block->size() + 1) / 2);
      beast::get_lowest_layer(stream).expires_after(idleTime);
      const auto chunk = http::make_chunk(asio::const_buffer{block->data(), block->size()});
      auto written = co_await asio::async_write(stream, chunk, token);
      if (std::get<0>(written)) co_return false;
    }
    if (cut) co_return false;
    const auto end = http::make_chunk_last();
    auto ended = co_await asio::async_write(stream, end, token);
    co_return !std::get<0>(ended);
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
