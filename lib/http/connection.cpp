#include "http/connection.hpp"

#include "http/status.hpp"

#include <openapi/error.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace openapi::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t smallMessage = 16 * 1024;  // goes out in one piece: one record, one call of the system
constexpr std::size_t reportedPiece = 64 * 1024;
constexpr int mostSteps = 16;

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
  return Error(Errc::connectionLost, what + "; " + std::string{unknownEffect}, std::move(details));
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

bool certificateRefused(const error_code& failure) {
  return failure.category() == asio::error::get_ssl_category() &&
         refusesClientCertificate(static_cast<unsigned long>(failure.value()));
}

std::string certificateAdvice(const error_code& failure) {
  return "the server refused the client certificate, or wants one (" + failure.message() +
         "); check the merchant's certificate in the configuration";
}

Error readFailure(const error_code& failure, const ResponseReader& reader, bool used, bool secure) {
  // In TLS 1.3 a server refuses the client certificate after our side of the handshake, and before it reads a request.
  if (!used && !reader.started() && certificateRefused(failure)) return Error(Errc::connect, certificateAdvice(failure));
  if (!reader.started() && failure == asio::error::eof) {
    const bool mayWantTls = !used && !secure;
    return lost(std::string{"the server closed the connection without an answer"} +
                (mayWantTls ? " (does its address begin with https?)" : ""));
  }
  return lost(reader.started() ? "in the middle of the answer" : "before the answer", failure);
}

}  // namespace

void Connection::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
}

bool Connection::usable() {
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool quiet = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (quiet && tls_) tls_->drained();
  return quiet;
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
  auto failure = co_await write(route.connectHead);
  ResponseReader reader{buffer_, {16 * 1024, 0}, true};
  for (bool complete = false; !complete && !failure;) {
    const auto space = reader.space();
    const auto read = co_await readSome(space);
    failure = read.failure;
    try {
      complete = reader.take(read.count);
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
  SSL_set_connect_state(ssl.get());
  tls_.emplace(std::move(ssl), socket_);
  auto step = tls_->handshake();
  while (step.need != TlsChannel::Need::nothing) {
    step.failure = co_await satisfy(step.need);
    if (step.failure) break;
    step = tls_->handshake();
  }
  const auto failure = step.failure;
  if (!failure) co_return;
  if (certificateRefused(failure)) throw connectFailure(route, certificateAdvice(failure), false);
  const auto fault = explainHandshake(tls_->ssl(), route.target.host, failure.message());
  throw connectFailure(route, fault.message, !fault.certificate);
}

asio::awaitable<error_code> Connection::satisfy(TlsChannel::Need need) {
  steps_ = 0;
  auto failure = co_await tls_->supply(need);
  if (closed_) failure = asio::error::operation_aborted;
  co_return failure;
}

// A fast peer must not keep the others, nor an interruption, from their turn.
asio::awaitable<error_code> Connection::giveWay() {
  steps_ = 0;
  co_await asio::post(asio::use_awaitable);
  error_code failure;
  if (closed_) failure = asio::error::operation_aborted;
  co_return failure;
}

asio::awaitable<error_code> Connection::write(std::string_view bytes) {
  error_code failure;
  if (!tls_) {
    const auto all = asio::buffer(bytes.data(), bytes.size());
    co_await asio::async_write(socket_, all, asio::redirect_error(asio::use_awaitable, failure));
    co_return failure;
  }
  while (!bytes.empty() && !failure) {
    const auto step = tls_->write(bytes);
    bytes.remove_prefix(step.count);
    failure = step.failure;
    if (step.need != TlsChannel::Need::nothing) failure = co_await satisfy(step.need);
    if (++steps_ > mostSteps && !failure) failure = co_await giveWay();
  }
  co_return failure;
}

asio::awaitable<Connection::Read> Connection::readSome(asio::mutable_buffer space) {
  Read read;
  if (!tls_) {
    read.count = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, read.failure));
    co_return read;
  }
  auto need = tls_->pending() ? TlsChannel::Need::nothing : TlsChannel::Need::bytes;
  if (++steps_ > mostSteps) read.failure = co_await giveWay();
  while (read.count == 0 && !read.failure) {
    if (need != TlsChannel::Need::nothing) read.failure = co_await satisfy(need);
    if (read.failure) break;
    const auto step = tls_->read(space);
    read.count = step.count;
    read.failure = step.failure;
    need = step.need;
  }
  co_return read;
}

asio::awaitable<void> Connection::send(Transfer& transfer) {
  const auto& body = transfer.request.body;
  const bool reporting = static_cast<bool>(transfer.request.progress);
  const bool small = !reporting && head_.size() + body.size() <= smallMessage;
  if (small) head_ += body;
  transfer.written = true;
  auto failure = co_await write(head_);
  const std::size_t piece = reporting ? reportedPiece : body.size();
  for (std::size_t sent = 0; !small && !failure && sent < body.size();) {
    const auto next = std::string_view{body}.substr(sent, piece);
    failure = co_await write(next);
    if (failure) break;
    sent += next.size();
    if (reporting) transfer.request.progress(sent);
  }
  if (failure) throw lost("while the request was written", failure);
}

asio::awaitable<void> Connection::receive(ResponseReader& reader, Transfer& transfer) {
  for (bool complete = false; !complete;) {
    const auto space = reader.space();
    const auto read = co_await readSome(space);
    complete = reader.take(read.count);
    if (reader.streaming()) {
      transfer.streaming = true;
      transfer.lastBytes = steady_clock::now();
    }
    if (complete || !read.failure) continue;
    // Without a stated length only a close in good order ends the answer; TLS says so, plain HTTP cannot know.
    complete = read.failure == asio::error::eof && reader.takeEnd();
    if (!complete) throw readFailure(read.failure, reader, used_, tls_.has_value());
  }
}

asio::awaitable<void> Connection::exchange(Transfer& transfer) {
  ResponseReader reader{buffer_, transfer.limits, transfer.request.method == "HEAD", transfer.request.sink.get()};
  co_await send(transfer);
  co_await receive(reader, transfer);
  transfer.reusable = !closed_ && reader.reusable() && (!tls_ || tls_->quiet());
  transfer.response = reader.result();
  transfer.bodyBytes = reader.bodyBytes();
  used_ = true;
}

}  // namespace openapi::http
