#include "server.hpp"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace testing {

void Event::set() {
  const std::lock_guard lock{mutex_};
  set_ = true;
  changed_.notify_all();
}

void Event::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return set_; });
}

bool Event::happened() const {
  const std::lock_guard lock{mutex_};
  return set_;
}

Peer::~Peer() { cut(); }

bool Peer::handshake() {
  ssl_.reset(SSL_new(tls_), SSL_free);
  SSL_set_fd(ssl_.get(), socket_);
  const bool good = SSL_accept(ssl_.get()) == 1;
  ERR_clear_error();
  return good;
}

std::string Peer::readSome(std::size_t most) {
  std::string bytes(most, '\0');
  const auto count = ssl_ ? SSL_read(ssl_.get(), bytes.data(), static_cast<int>(most))
                          : static_cast<int>(::recv(socket_, bytes.data(), most, 0));
  ERR_clear_error();
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

std::string Peer::readRequest() {
  std::size_t needed = std::string::npos;
  for (;;) {
    if (const auto end = pending_.find("\r\n\r\n"); needed == std::string::npos && end != std::string::npos) {
      const auto length = pending_.find("\r\nContent-Length: ");
      needed = end + 4 + (length < end ? std::stoul(pending_.substr(length + 18)) : 0);
    }
    if (pending_.size() >= needed) break;
    const auto more = readSome();
    if (more.empty()) return {};
    pending_ += more;
  }
  auto request = pending_.substr(0, needed);
  pending_.erase(0, needed);
  return request;
}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    ERR_clear_error();
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Peer::awaitEnd() {
  while (!readSome().empty()) {
  }
}

void Peer::sayGoodbye() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

void Peer::close() {
  sayGoodbye();
  ssl_.reset();
  ::shutdown(socket_, SHUT_RDWR);
}

void Peer::cut() {
  ssl_.reset();
  ::shutdown(socket_, SHUT_RDWR);
}

void Peer::reset() {
  const linger at{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at, sizeof at);
  sockaddr unspecified{};
  unspecified.sa_family = AF_UNSPEC;
  ::connect(socket_, &unspecified, sizeof unspecified);  // disconnects at once, with a reset
}

std::string Peer::sni() const {
  const auto* name = ssl_ ? SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name) : nullptr;
  return name ? name : "";
}

Server::Server(Script script) : Server(Options{}, std::move(script)) {}

Server::Server(Options options, Script script) : options_{std::move(options)}, script_{std::move(script)} {
  std::signal(SIGPIPE, SIG_IGN);
  if (options_.tls) {
    tls_.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_use_certificate(tls_.get(), options_.identity.certificate.get());
    SSL_CTX_use_PrivateKey(tls_.get(), options_.identity.key.get());
    static const unsigned char context[] = "test";
    SSL_CTX_set_session_id_context(tls_.get(), context, sizeof context);
    if (options_.newestTls != 0) {
      SSL_CTX_set_min_proto_version(tls_.get(), TLS1_VERSION);
      SSL_CTX_set_max_proto_version(tls_.get(), options_.newestTls);
      SSL_CTX_set_cipher_list(tls_.get(), "DEFAULT@SECLEVEL=0");
    }
    if (options_.wantClientCertificate) {
      X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_.get()), identities().authority.certificate.get());
      SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, options_.backlog) != 0) {
    throw std::runtime_error("no port for the test server");
  }
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept(); }};
}

Server::~Server() { stop(); }

std::string Server::url(const std::string& path, const std::string& host) const {
  return (options_.tls ? "https://" : "http://") + host + ':' + std::to_string(port_) + path;
}

void Server::accept() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto peer = std::make_shared<Peer>(socket, tls_.get());
    peer->number = ++connections_;
    const std::lock_guard lock{mutex_};
    sockets_.push_back(socket);
    if (stopping_) ::shutdown(socket, SHUT_RDWR);
    workers_.emplace_back([this, peer] { serve(peer); });
  }
}

void Server::serve(const std::shared_ptr<Peer>& peer) {
  if (options_.tls && options_.handshake && !peer->handshake()) {
    ++handshakeFailures_;
  } else {
    script_(*peer);
  }
  peer->cut();
}

void Server::stop() {
  if (!acceptor_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  for (auto& worker : workers_) worker.join();
  for (const int socket : sockets_) ::close(socket);
}

Script answering(std::function<std::string(const std::string&)> answer) {
  return [answer = std::move(answer)](Peer& peer) {
    for (auto request = peer.readRequest(); !request.empty(); request = peer.readRequest()) {
      if (!peer.send(answer(request))) return;
    }
  };
}

std::string ok(std::string_view body, std::string_view headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" +
         std::string(body);
}

}  // namespace testing
