#include "http/tls_channel.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace openapi::http {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t incomingSize = 17 * 1024;  // a record

template <class Call>
ssize_t again(const Call& call) {
  for (;;) {
    const ssize_t result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

}  // namespace

/// OpenSSL's way to the socket. Its own would raise SIGPIPE.
struct TlsChannel::Bio {
  static TlsChannel& channel(BIO* bio) { return *static_cast<TlsChannel*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* space, int size) {
    BIO_clear_retry_flags(bio);
    const int count = channel(bio).take(space, size);
    if (count < 0 && !channel(bio).fault_) BIO_set_retry_read(bio);
    return count;
  }

  static int write(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const int count = channel(bio).put(bytes, size);
    if (count < 0 && !channel(bio).fault_) BIO_set_retry_write(bio);
    return count;
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    return command == BIO_CTRL_EOF && channel(bio).ended_ ? 1 : 0;
  }

  static BIO_METHOD* make() {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "openapi socket");
    if (method == nullptr) return nullptr;
    BIO_meth_set_read(method, read);
    BIO_meth_set_write(method, write);
    BIO_meth_set_ctrl(method, control);
    return method;
  }
};

TlsChannel::TlsChannel(Ssl ssl, asio::ip::tcp::socket& socket) : socket_{socket}, ssl_{std::move(ssl)} {
  static const BIO_METHOD* const method = Bio::make();
  auto* bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) {
    ERR_clear_error();
    throw std::bad_alloc{};
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_read_ahead(ssl_.get(), 1);  // a record with one call, instead of its head and then the rest
}

TlsChannel::~TlsChannel() {
  // Marks the end as intended: otherwise OpenSSL would take the session for broken and not resume it.
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

asio::awaitable<error_code> TlsChannel::supply(Need need) {
  error_code failure;
  if (need == Need::room) {
    co_await socket_.async_wait(asio::ip::tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, failure));
    co_return failure;
  }
  incoming_.resize(incomingSize);
  const auto space = asio::buffer(incoming_);
  const auto count = co_await socket_.async_read_some(space, asio::redirect_error(asio::use_awaitable, failure));
  unread_ = {incoming_.data(), count};
  mayHaveMore_ = count == space.size();
  if (failure != asio::error::eof) co_return failure;
  ended_ = true;
  co_return error_code{};
}

bool TlsChannel::holdsBytes() const { return !unread_.empty() || SSL_has_pending(ssl_.get()) == 1; }

bool TlsChannel::pending() const { return mayHaveMore_ || holdsBytes(); }

bool TlsChannel::quiet() const { return !holdsBytes() && SSL_get_shutdown(ssl_.get()) == 0; }

void TlsChannel::noteFault() {
  if (errno != EAGAIN && errno != EWOULDBLOCK) fault_.assign(errno, asio::error::get_system_category());
}

int TlsChannel::take(char* space, int size) {
  if (!unread_.empty()) {
    const auto count = std::min(static_cast<std::size_t>(size), unread_.size());
    std::memcpy(space, unread_.data(), count);
    unread_.remove_prefix(count);
    return static_cast<int>(count);
  }
  if (ended_) return 0;
  if (!mayHaveMore_) return -1;
  const auto count = again([&] { return ::recv(socket_.native_handle(), space, static_cast<std::size_t>(size), MSG_DONTWAIT); });
  mayHaveMore_ = count > 0;
  ended_ = count == 0;
  if (count < 0) noteFault();
  return static_cast<int>(count);
}

int TlsChannel::put(const char* bytes, int size) {
  const auto count =
      again([&] { return ::send(socket_.native_handle(), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL); });
  if (count < 0) noteFault();
  return static_cast<int>(count);
}

error_code TlsChannel::failureOf(int kind) const {
  const auto reason = ERR_get_error();
  ERR_clear_error();
  if (kind == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
  if (fault_) return fault_;
  if (ended_ || kind != SSL_ERROR_SSL) return asio::ssl::error::stream_truncated;
  return {static_cast<int>(reason), asio::error::get_ssl_category()};
}

TlsChannel::Step TlsChannel::after(int result, std::size_t count) {
  if (result == 1) return {.count = count};
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind == SSL_ERROR_WANT_READ) return {.need = Need::bytes};
  if (kind == SSL_ERROR_WANT_WRITE) return {.need = Need::room};
  return {.failure = failureOf(kind)};
}

TlsChannel::Step TlsChannel::handshake() {
  ERR_clear_error();
  return after(SSL_do_handshake(ssl_.get()), 0);
}

TlsChannel::Step TlsChannel::read(asio::mutable_buffer space) {
  std::size_t count = 0;
  ERR_clear_error();
  const int result = SSL_read_ex(ssl_.get(), space.data(), space.size(), &count);
  return after(result, count);
}

TlsChannel::Step TlsChannel::write(std::string_view bytes) {
  std::size_t count = 0;
  ERR_clear_error();
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return after(result, count);
}

}  // namespace openapi::http
