#pragma once

#include "certificates.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace testing {

/// Something that happens once, for threads that wait for it.
class Event {
 public:
  void set();
  void wait();
  [[nodiscard]] bool happened() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

/// One accepted connection, seen from a script that blocks.
class Peer {
 public:
  Peer(int socket, SSL_CTX* tls) : socket_{socket}, tls_{tls} {}
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// The server's side of the handshake.
  bool handshake();
  /// One whole request, head and body; empty once the client has closed.
  [[nodiscard]] std::string readRequest();
  /// Up to `most` bytes as they come; empty once the client has closed.
  [[nodiscard]] std::string readSome(std::size_t most = 16384);
  bool send(std::string_view bytes);
  /// Returns when the client has closed.
  void awaitEnd();
  /// Closes in good order: close_notify, then the socket.
  void close();
  /// Sends close_notify and leaves the socket open.
  void sayGoodbye();
  /// Closes the socket and nothing else.
  void cut();
  /// Closes with a TCP reset.
  void reset();

  [[nodiscard]] bool resumed() const { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }
  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] std::string sni() const;
  int number = 0;  ///< 1 for the first connection

 private:
  int socket_;
  SSL_CTX* tls_;
  std::shared_ptr<SSL> ssl_;
  std::string pending_;
};

using Script = std::function<void(Peer&)>;

/// A server on 127.0.0.1 that runs `script` on a thread for each connection, after the handshake if it speaks TLS.
class Server {
 public:
  struct Options {
    bool tls = true;
    Certified identity = identities().server;
    bool wantClientCertificate = false;
    int newestTls = 0;  ///< 0: whatever OpenSSL has
    bool handshake = true;
    int backlog = 1024;
  };

  explicit Server(Script script);
  Server(Options options, Script script);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/", const std::string& host = "127.0.0.1") const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] int handshakeFailures() const { return handshakeFailures_; }
  /// Stops listening and ends all connections.
  void stop();

 private:
  void accept();
  void serve(const std::shared_ptr<Peer>& peer);

  Options options_;
  Script script_;
  std::shared_ptr<SSL_CTX> tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<int> handshakeFailures_{0};
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<int> sockets_;
  std::list<std::thread> workers_;
  std::thread acceptor_;
};

/// A script that answers every request with what `answer` makes of it, until the client closes.
[[nodiscard]] Script answering(std::function<std::string(const std::string& request)> answer);

/// `HTTP/1.1 200 OK` with a length.
[[nodiscard]] std::string ok(std::string_view body, std::string_view headers = {});

}  // namespace testing
