#pragma once

#include "http/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace openapi::http {

/// TLS over a connected socket. A step does not wait: what it needs first is in its answer, and `supply` waits for that.
class TlsChannel {
 public:
  enum class Need {
    nothing,
    bytes,  ///< of the socket
    room,   ///< in the socket
  };
  struct Step {
    Need need = Need::nothing;
    std::size_t count = 0;  ///< of plain bytes that were read or written
    boost::system::error_code failure{};
  };

  TlsChannel(Ssl ssl, boost::asio::ip::tcp::socket& socket);
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;
  ~TlsChannel();

  [[nodiscard]] Step handshake();
  /// `eof` after a close in good order, `stream_truncated` after any other.
  [[nodiscard]] Step read(boost::asio::mutable_buffer space);
  [[nodiscard]] Step write(std::string_view bytes);

  /// Waits for what the last step needs. An end of the socket is for the next step to judge: it may have come in good order.
  [[nodiscard]] boost::asio::awaitable<boost::system::error_code> supply(Need need);
  /// The socket has nothing to read just now.
  void drained() { mayHaveMore_ = false; }

  /// Whether `read` has something to look at before bytes come.
  [[nodiscard]] bool pending() const;
  /// Whether the peer still listens and everything that came was read.
  [[nodiscard]] bool quiet() const;
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

 private:
  struct Bio;

  [[nodiscard]] bool holdsBytes() const;
  int take(char* space, int size);
  int put(const char* bytes, int size);
  void noteFault();
  Step after(int result, std::size_t count);
  [[nodiscard]] boost::system::error_code failureOf(int kind) const;

  boost::asio::ip::tcp::socket& socket_;
  std::vector<char> incoming_;
  std::string_view unread_;  // of incoming_
  bool mayHaveMore_ = false;
  bool ended_ = false;
  boost::system::error_code fault_;  // of the socket
  Ssl ssl_;
};

}  // namespace openapi::http
