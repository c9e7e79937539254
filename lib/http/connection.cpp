#include "http/connection.hpp"

#include <openapi/error.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace openapi::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

Error connectFailure(const Route& route, const std::string& reason, bool retryable = true) {
  std::string where = bracketed(route.peerHost) + ':' + route.peerPort;
  if (route.proxied) where = route.target.address() + " through the proxy " + where;
  Error::Details details;
  details.retryable = retryable;
  return Error(Errc::connect, "cannot connect to " + where + ": " + reason, std::move(details));
}

Error lost(const std::string& what) {
  Error::Details details;
  details.outcome = Outcome::unknown;
  return Error(Errc::connectionLost, what + "; whether the request took effect is unknown, query before you repeat it",
               std::move(details));
}

Error lost(const char* when, const error_code& reason) {
  return lost(std::string("the connection was lost ") + when + " (" + reason.message() + ")");
}

std::string describe(const error_code& reason) {
  if (reason == asio::error::connection_refused) return "connection refused; check the address, and that the server runs";
  if (reason == asio::error::timed_out) return "no answer; check the address and the firewall";
  if (reason == asio::error::operation_aborted) return "given up";
  return reason.message();
}

// The share of the time that one of `left` addresses may use.
steady_clock::time_point shareOf(steady_clock::time_point deadline, std::size_t left) {
  constexpr std::chrono::seconds most{10};
  const auto now = steady_clock::now();
  if (deadline - now > most * static_cast<int>(left)) return now + most;
  return now + (deadline - now) / static_cast<int>(left);
}

/// Writes the body in pieces, and says after each how far it is.
template <class Stream>
asio::awaitable<void> sendReporting(Stream& stream, std::string_view head, std::string_view body, Transfer& transfer) {
  constexpr std::size_t piece = 64 * 1024;
  error_code failure;
  transfer.written = true;
  co_await asio::async_write(stream, asio::buffer(head.data(), head.size()), asio::redirect_error(asio::use_awaitable, failure));
  for (std::size_t sent = 0; !failure && sent < body.size();) {
    const auto next = body.substr(sent, piece);
    co_await asio::async_write(stream, asio::buffer(next.data(), next.size()),
                               asio::redirect_error(asio::use_awaitable, failure));
    if (failure) break;
    sent += next.size();
    transfer.request.progress(sent);
  }
  if (failure) throw lost("while the request was written", failure);
}

template <class Stream>
asio::awaitable<void> send(Stream& stream, std::string_view head, std::string_view body, Transfer& transfer) {
  const std::array<asio::const_buffer, 2> message{asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
  error_code failure;
  transfer.written = true;
  co_await asio::async_write(stream, message, asio::redirect_error(asio::use_awaitable, failure));
  if (failure) throw lost("while the request was written", failure);
}

bool certificateRefused(const error_code& failure) {
  return failure.category() == asio::error::get_ssl_category() &&
         refusesClientCertificate(static_cast<unsigned long>(failure.value()));
}

std::string certificateAdvice(const error_code& failure) {
  return "the server refused the client certificate, or wants one (" + failure.message() +
         "); check the merchant's certificate in the configuration";
}

Error readFailure(const error_code& failure, const ResponseReader& reader, bool used) {
  // In TLS 1.3 a server refuses the client certificate after our side of the handshake, and before it reads a request.
  if (!used && !reader.started() && certificateRefused(failure)) return Error(Errc::connect, certificateAdvice(failure));
  if (!reader.started() && failure == asio::error::eof) return lost("the server closed the connection without an answer");
  return lost(reader.started() ? "in the middle of the answer" : "before the answer", failure);
}

template <class Stream>
asio::awaitable<void> receive(Stream& stream, ResponseReader& reader, Transfer& transfer, bool used) {
  for (bool complete = false; !complete;) {
    error_code failure;
    const auto space = reader.space();
    const auto count = co_await stream.async_read_some(space, asio::redirect_error(asio::use_awaitable, failure));
    complete = reader.take(count);
    if (reader.streaming()) {
      transfer.streaming = true;
      transfer.lastBytes = steady_clock::now();
    }
    if (complete || !failure) continue;
    // Without a stated length only a close in good order ends the answer; TLS says so, plain HTTP cannot know.
    complete = failure == asio::error::eof && reader.takeEnd();
    if (!complete) throw readFailure(failure, reader, used);
  }
}

}  // namespace

Connection::~Connection() {
  // Marks the end as intended: otherwise OpenSSL would take the session for broken and not resume it.
  if (tls_) SSL_set_shutdown(tls_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void Connection::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
}

bool Connection::usable() {
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool Connection::nothingPending() const {
  if (!tls_) return true;
  auto* ssl = const_cast<Tls&>(*tls_).native_handle();
  return SSL_pending(ssl) == 0 && BIO_ctrl_pending(SSL_get_rbio(ssl)) == 0 && SSL_get_shutdown(ssl) == 0;
}

asio::awaitable<void> Connection::open(const Route& route, std::shared_ptr<TlsProfile> tls, Addresses addresses,
                                       steady_clock::time_point deadline) {
  profile_ = std::move(tls);
  co_await connectTcp(route, std::move(addresses), deadline);
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!route.connectHead.empty()) co_await openTunnel(route);
  if (profile_) co_await handshake(route);
}

asio::awaitable<void> Connection::connectTcp(const Route& route, Addresses addresses, steady_clock::time_point deadline) {
  const auto executor = co_await asio::this_coro::executor;
  const auto port = static_cast<asio::ip::port_type>(std::stoul(route.peerPort));
  error_code failure = asio::error::host_not_found;
  for (std::size_t i = 0; i < addresses.size() && !closed_; ++i) {
    const auto left = addresses.size() - i;
    const int number = dialling_ = static_cast<int>(i) + 1;
    asio::steady_timer patience{socket_.get_executor()};
    if (left > 1) {
      patience.expires_at(shareOf(deadline, left));
      patience.async_wait(asio::bind_executor(executor, [weak = weak_from_this(), number](const error_code& cancelled) {
        const auto self = weak.lock();
        error_code ignored;
        if (self && !cancelled && self->dialling_ == number) self->socket_.close(ignored);
      }));
    }
    const asio::ip::tcp::endpoint endpoint{addresses[i], port};
    co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
    dialling_ = 0;
    if (!failure && !closed_) co_return;
    error_code ignored;
    socket_.close(ignored);
    if (failure == asio::error::operation_aborted && !closed_) failure = asio::error::timed_out;
  }
  throw connectFailure(route, describe(failure));
}

asio::awaitable<void> Connection::openTunnel(const Route& route) {
  error_code failure;
  co_await asio::async_write(socket_, asio::buffer(route.connectHead), asio::redirect_error(asio::use_awaitable, failure));
  ResponseReader reader{buffer_, {16 * 1024, 0}, true};
  for (bool complete = false; !complete && !failure;) {
    const auto space = reader.space();
    const auto count = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failure));
    try {
      complete = reader.take(count);
    } catch (const Error&) {
      throw connectFailure(route, "the proxy does not speak HTTP; check the proxy's address");
    }
  }
  if (failure) throw connectFailure(route, "the proxy gave no answer (" + describe(failure) + ")");
  const auto status = reader.status();
  if (status == 407) throw connectFailure(route, "the proxy wants a user name and password, or refused them (407)", false);
  if (status != 200) throw connectFailure(route, "the proxy refused with status " + std::to_string(status));
  if (buffer_.size() != 0) throw connectFailure(route, "the proxy sent bytes that are not the server's");
}

asio::awaitable<void> Connection::handshake(const Route& route) {
  sessions_ = profile_->sessions(route.target.address());
  auto ssl = profile_->start(route.target.host, *sessions_);
  tls_.emplace(socket_, ssl.release());
  SSL_clear_mode(tls_->native_handle(), SSL_MODE_RELEASE_BUFFERS);  // 34 kB a connection, instead of two allocations a record
  error_code failure;
  co_await tls_->async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, failure));
  if (!failure) co_return;
  if (certificateRefused(failure)) throw connectFailure(route, certificateAdvice(failure), false);
  const auto fault = explainHandshake(tls_->native_handle(), route.target.host, failure.message());
  throw connectFailure(route, fault.message, !fault.certificate);
}

asio::awaitable<void> Connection::exchange(Transfer& transfer) {
  ResponseReader reader{buffer_, transfer.limits, transfer.request.method == "HEAD", transfer.request.sink.get()};
  const bool reporting = static_cast<bool>(transfer.request.progress);
  if (tls_) {
    if (reporting) co_await sendReporting(*tls_, head_, transfer.request.body, transfer);
    if (!reporting) co_await send(*tls_, head_, transfer.request.body, transfer);
    co_await receive(*tls_, reader, transfer, used_);
  } else {
    if (reporting) co_await sendReporting(socket_, head_, transfer.request.body, transfer);
    if (!reporting) co_await send(socket_, head_, transfer.request.body, transfer);
    co_await receive(socket_, reader, transfer, used_);
  }
  transfer.reusable = !closed_ && reader.reusable() && nothingPending();
  transfer.response = reader.result();
  transfer.bodyBytes = reader.bodyBytes();
  used_ = true;
}

}  // namespace openapi::http
