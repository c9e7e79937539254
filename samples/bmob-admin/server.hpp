#pragma once

#include <samples/bmob-admin/exchange.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bmob_admin {

/// What one client may take of the service.
struct Limits {
  std::uint32_t headerBytes = 16 * 1024;
  std::uint64_t bodyBytes = 64 * 1024;
  std::chrono::milliseconds readTime{15'000};   ///< for a whole request to arrive, the wait for it included
  std::chrono::milliseconds writeTime{15'000};  ///< for an answer to be taken
  std::chrono::milliseconds drainTime{10'000};  ///< for what is under way when the service stops
  std::size_t connections = 256;
  int requestsPerConnection = 1000;
};

/// An HTTP/1.1 server on Beast. Give it a context with one thread, and destroy it there or when the context has stopped.
///
/// A request is read within one time limit, whatever the pace of its bytes; then the connection is closed. Requests of one
/// connection are answered one after the other.
class Server {
 public:
  /// Makes the answer. What it throws becomes a 500.
  using Handler = std::function<boost::asio::awaitable<Answer>(Request)>;

  /// `host` is an IP address, or `localhost`; port 0: the system chooses. Throws `boost::system::system_error`.
  Server(const boost::asio::any_io_executor& executor, const std::string& host, std::uint16_t port, Limits limits,
         Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:8080`
  [[nodiscard]] std::string url() const;
  /// Takes no more connections and requests, and closes those that wait. What is under way goes on, at most `drainTime`. A
  /// second call ends everything at once.
  void stop();
  /// It was stopped, and nothing is under way any more.
  [[nodiscard]] bool done() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace bmob_admin
