#pragma once

#include <openapi/transport.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>

namespace openapi::http {

/// Reads one HTTP answer from bytes that arrive in pieces. Bounded: neither header nor body grow past their limits.
/// Every fault of the answer is an `Error` with `badResponse` and outcome `unknown`.
class ResponseReader {
 public:
  struct Limits {
    std::size_t header;
    std::size_t body;
  };

  /// `buffer` keeps bytes between the calls; it may be shared by answers that follow each other.
  /// `bodiless`: the request was HEAD or CONNECT, so the answer ends with its header.
  ResponseReader(boost::beast::flat_buffer& buffer, Limits limits, bool bodiless);

  /// Where the next bytes go. Never empty.
  [[nodiscard]] boost::asio::mutable_buffer space();
  /// Takes the `count` bytes that were put there. True once the answer is complete.
  bool take(std::size_t count);
  /// The peer closed. True if that completes the answer, which then was one without a stated length.
  [[nodiscard]] bool takeEnd();

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] int status() const { return static_cast<int>(parser_->get().result_int()); }
  /// Whether a further request may use the connection: nothing after the answer, and no wish to close.
  [[nodiscard]] bool reusable() const;
  /// Bytes of the body as it travelled.
  [[nodiscard]] std::size_t bodyBytes() const { return bodyBytes_; }
  /// The answer, its content encoding removed.
  [[nodiscard]] HttpResponse result();

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void restart();
  bool parse();

  boost::beast::flat_buffer& buffer_;
  Limits limits_;
  bool bodiless_;
  bool started_ = false;
  int interim_ = 0;
  std::size_t bodyBytes_ = 0;
  std::optional<Parser> parser_;
};

}  // namespace openapi::http
