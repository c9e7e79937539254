#include "http/response_reader.hpp"

#include "codec/text.hpp"

#include <openapi/error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace openapi::http {

namespace {

namespace beast = boost::beast;

constexpr std::size_t readSize = 16 * 1024;
constexpr std::size_t streamReadSize = 64 * 1024;
constexpr int mostInterim = 8;

[[noreturn]] void refuse(const std::string& reason) {
  Error::Details details;
  details.outcome = Outcome::unknown;
  throw Error(Errc::badResponse, "the HTTP answer " + reason, std::move(details));
}

[[noreturn]] void refuse(const boost::system::error_code& reason, ResponseReader::Limits limits) {
  using beast::http::error;
  if (reason == error::header_limit) refuse("has a header of more than " + std::to_string(limits.header) + " bytes");
  if (reason == error::body_limit || reason == error::buffer_overflow) {
    refuse("has a body of more than " + std::to_string(limits.body) + " bytes");
  }
  refuse("is malformed (" + reason.message() + ")");
}

enum class Encoding { identity, gzip };

Encoding encodingOf(const beast::http::fields& fields) {
  auto encoding = Encoding::identity;
  const auto range = fields.equal_range(beast::http::field::content_encoding);
  for (auto field = range.first; field != range.second; ++field) {
    const auto value = field->value();
    if (beast::iequals(value, "identity") || value.empty()) continue;
    const bool gzip = beast::iequals(value, "gzip") || beast::iequals(value, "x-gzip");
    if (!gzip || encoding == Encoding::gzip) refuse("has a content encoding that nobody asked for");
    encoding = Encoding::gzip;
  }
  return encoding;
}

std::string decoded(std::string body, Encoding encoding, std::size_t limit) {
  if (encoding == Encoding::identity || body.empty()) return body;
  try {
    return codec::gunzip(body, limit);
  } catch (const Error& error) {
    refuse(std::string("cannot be unpacked: ") + error.what());
  }
}

}  // namespace

ResponseReader::ResponseReader(beast::flat_buffer& buffer, Limits limits, bool bodiless, BodySink* sink)
    : buffer_{buffer}, limits_{limits}, bodiless_{bodiless}, sink_{sink} {
  buffer_.max_size(limits_.header + 2 * (sink_ == nullptr ? readSize : streamReadSize));
  restart();
}

void ResponseReader::restart() {
  parser_.emplace();
  parser_->eager(sink_ == nullptr);
  parser_->header_limit(
      static_cast<std::uint32_t>(std::min<std::size_t>(limits_.header, std::numeric_limits<std::uint32_t>::max())));
  if (sink_ == nullptr) {
    parser_->body_limit(limits_.body);
  } else {
    parser_->body_limit(boost::none);
  }
  if (bodiless_) parser_->skip(true);
}

boost::asio::mutable_buffer ResponseReader::space() {
  const auto room = std::min(streaming() ? streamReadSize : readSize, buffer_.max_size() - buffer_.size());
  if (room == 0) refuse("has a chunk header or trailer without end");
  return buffer_.prepare(room);
}

bool ResponseReader::take(std::size_t count) {
  started_ = started_ || count > 0;
  buffer_.commit(count);
  for (;;) {
    if (!parse()) return false;
    const auto status = parser_->get().result_int();
    if (status >= 200) return true;
    if (status == 101 || ++interim_ > mostInterim) refuse("changes the protocol or never comes to its point");
    restart();
  }
}

bool ResponseReader::parse() {
  while (buffer_.size() > 0 && !parser_->is_done()) {
    boost::system::error_code failure;
    const auto used = parser_->put(buffer_.data(), failure);
    buffer_.consume(used);
    if (failure == beast::http::error::need_more) break;
    if (failure) refuse(failure, limits_);
    beginBody();
  }
  beginBody();
  return parser_->is_done();
}

// Comes between the head and the first byte of the body: so the parser of a stream must not read both in one go.
void ResponseReader::beginBody() {
  if (begun_ || !parser_->is_header_done() || parser_->get().result_int() < 200) return;
  begun_ = true;
  if (sink_ == nullptr) return;
  sink_->begin(head());
  parser_->get().body().sink = sink_;
  parser_->eager(true);
}

bool ResponseReader::takeEnd() {
  if (!parser_->is_header_done() || !parser_->need_eof()) return false;
  boost::system::error_code failure;
  parser_->put_eof(failure);
  return !failure && parser_->is_done();
}

bool ResponseReader::reusable() const { return parser_->is_done() && parser_->keep_alive() && buffer_.size() == 0; }

HttpResponse ResponseReader::head() const {
  const auto& message = parser_->get();
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    const auto name = field.name_string();
    const auto value = field.value();
    response.headers.add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  return response;
}

HttpResponse ResponseReader::result() {
  HttpResponse response = head();
  if (sink_ == nullptr) {
    auto& message = parser_->get();
    response.body = decoded(std::move(message.body().text), encodingOf(message), limits_.body);
  }
  return response;
}

}  // namespace openapi::http
