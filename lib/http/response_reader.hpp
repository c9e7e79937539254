#pragma once

#include <openapi/transport.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace openapi::http {

/// A body that is kept as text, or handed on as it comes.
struct AnswerBody {
  struct value_type {
    std::string text{};
    BodySink* sink = nullptr;
    std::size_t bytes = 0;
  };

  class reader {
   public:
    template <bool isRequest, class Fields>
    reader(boost::beast::http::header<isRequest, Fields>&, value_type& body) : body_{body} {}
    void init(const boost::optional<std::uint64_t>& length, boost::system::error_code& failure) {
      failure = {};
      constexpr std::uint64_t most = 1024 * 1024;  // a peer may promise more than it sends
      if (length && body_.sink == nullptr) body_.text.reserve(static_cast<std::size_t>((std::min)(*length, most)));
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& failure) {
      failure = {};
      std::size_t taken = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers); at != boost::asio::buffer_sequence_end(buffers); ++at) {
        const boost::asio::const_buffer piece{*at};
        hand({static_cast<const char*>(piece.data()), piece.size()});
        taken += piece.size();
      }
      body_.bytes += taken;
      return taken;
    }
    void finish(boost::system::error_code& failure) { failure = {}; }

   private:
    void hand(std::string_view piece) {
      if (body_.sink != nullptr) {
        body_.sink->take(piece);
      } else {
        body_.text.append(piece);
      }
    }

    value_type& body_;
  };
};

/// Reads one HTTP answer from bytes that arrive in pieces. Bounded: neither header nor body grow past their limits.
/// Every fault of the answer is an `Error` with `badResponse` and outcome `unknown`.
class ResponseReader {
 public:
  struct Limits {
    std::size_t header;
    std::size_t body;  ///< of an answer without a sink
  };

  /// `buffer` keeps bytes between the calls; it may be shared by answers that follow each other.
  /// `bodiless`: the request was HEAD or CONNECT, so the answer ends with its header.
  /// `sink` takes the body, unless it is null.
  ResponseReader(boost::beast::flat_buffer& buffer, Limits limits, bool bodiless, BodySink* sink = nullptr);

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
  [[nodiscard]] std::size_t bodyBytes() const { return parser_->get().body().bytes; }
  /// Whether the head is complete and a sink takes the body.
  [[nodiscard]] bool streaming() const { return sink_ != nullptr && begun_; }
  /// The answer, its content encoding removed.
  [[nodiscard]] HttpResponse result();

 private:
  using Parser = boost::beast::http::response_parser<AnswerBody>;

  void restart();
  bool parse();
  void beginBody();
  [[nodiscard]] HttpResponse head() const;

  boost::beast::flat_buffer& buffer_;
  Limits limits_;
  bool bodiless_;
  BodySink* sink_;
  bool started_ = false;
  bool begun_ = false;
  int interim_ = 0;
  std::optional<Parser> parser_;
};

}  // namespace openapi::http
