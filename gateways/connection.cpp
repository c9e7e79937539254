#include <gateways/connection.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>

#include <array>
#include <new>
#include <tuple>
#include <utility>

namespace openapi::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using http::TlsChannel;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t readSize = 16 * 1024;

http::Ssl serverSide(SSL_CTX* context) {
  http::Ssl ssl{SSL_new(context)};
  if (!ssl) {
    ERR_clear_error();
    throw std::bad_alloc{};
  }
  SSL_set_accept_state(ssl.get());
  return ssl;
}

}  // namespace

Connection::Connection(tcp::socket socket, SSL_CTX* tls) : socket_{std::move(socket)}, timer_{socket_.get_executor()} {
  if (tls != nullptr) tls_.emplace(serverSide(tls), socket_);
}

void Connection::allow(std::chrono::seconds time) {
  deadline_ = Watch::now() + time;
  if (deadline_ < alarm_) watch();  // else it goes off earlier, and looks again
}

void Connection::watch() {
  alarm_ = deadline_;
  timer_.expires_at(alarm_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->look();
  });
}

void Connection::look() {
  alarm_ = Watch::time_point::max();
  error_code ignored;
  if (Watch::now() >= deadline_) {
    socket_.close(ignored);
  } else if (deadline_ != alarm_) {
    watch();
  }
}

asio::awaitable<bool> Connection::handshake() {
  for (;;) {
    const auto step = tls_->handshake();
    if (step.failure) co_return false;
    if (step.need == TlsChannel::Need::nothing) co_return true;
    auto failed = co_await tls_->supply(step.need);
    if (failed) co_return false;
  }
}

asio::awaitable<error_code> Connection::read(boost::beast::flat_buffer& buffer) {
  const auto space = buffer.prepare(readSize);
  if (!tls_) {
    auto got = co_await socket_.async_read_some(space, token);
    buffer.commit(std::get<1>(got));
    co_return std::get<0>(got);
  }
  for (;;) {
    const auto step = tls_->read(space);
    if (step.failure) co_return step.failure;
    buffer.commit(step.count);
    if (step.need == TlsChannel::Need::nothing) co_return error_code{};
    auto failed = co_await tls_->supply(step.need);
    if (failed) co_return failed;
  }
}

asio::awaitable<bool> Connection::write(std::string_view bytes) {
  if (!tls_) {
    const auto all = asio::buffer(bytes);
    auto written = co_await asio::async_write(socket_, all, token);
    co_return !std::get<0>(written);
  }
  while (!bytes.empty()) {
    const auto step = tls_->write(bytes);
    if (step.failure) co_return false;
    bytes.remove_prefix(step.count);
    if (step.need == TlsChannel::Need::nothing) continue;
    auto failed = co_await tls_->supply(step.need);
    if (failed) co_return false;
  }
  co_return true;
}

asio::awaitable<void> Connection::end() {
  if (tls_) {
    SSL_shutdown(tls_->ssl());  // the client's answer to it is not waited for, only its end
    ERR_clear_error();
  }
  error_code failed;
  socket_.shutdown(tcp::socket::shutdown_send, failed);
  std::array<char, 4096> rest{};
  const auto space = asio::buffer(rest);
  while (!failed) {
    auto got = co_await socket_.async_read_some(space, token);
    failed = std::get<0>(got);
  }
}

}  // namespace openapi::gateway
