#pragma once

#include <sys/types.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tokens {

/// A child process that ends with this object, and with the test should that crash.
class Process {
 public:
  explicit Process(const std::vector<std::string>& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void tell(const std::string& line);
  /// The next line of its output. Fails the test when none comes for long.
  std::string line();
  [[nodiscard]] bool running();
  void kill();

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
};

/// A port on which nothing listens.
std::uint16_t freePort();

/// A real Redis on a port of its own, without persistence.
class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void stop();
  /// On the same port, empty.
  void start();
  /// The answer to a command, as text; errors begin with "-". For the test's own use.
  std::string ask(const std::vector<std::string>& command);

 private:
  bool tryStart();

  std::vector<std::string> options_;
  std::string folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

/// A server on 127.0.0.1 that runs `script` on a thread for each connection.
class Server {
 public:
  explicit Server(std::function<void(int socket)> script);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept();

  const std::function<void(int)> script_;
  std::uint16_t port_ = 0;
  const int listener_;
  std::mutex mutex_;
  std::list<int> sockets_;
  std::list<std::thread> connections_;
  std::thread thread_;
  bool closing_ = false;
};

/// Sends all of `bytes`; false when the peer is gone.
bool sendAll(int socket, const std::string& bytes);
/// What comes until the peer closes.
std::string readAll(int socket);

/// Gives tokens over HTTP: `/token?force=0` the same one until it is forced or told otherwise.
class TokenEndpoint {
 public:
  explicit TokenEndpoint(bool stable = true);
  ~TokenEndpoint();

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int forced() const { return forced_; }
  /// Requests wait from now on, until `release`.
  void hold();
  void release();
  void awaitRequests(int count);

 private:
  void serve(int socket);

  const bool stable_;
  std::atomic<int> requests_{0};
  std::atomic<int> forced_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool closing_ = false;
  int serial_ = 0;
  Server server_;
};

}  // namespace tokens
