#include <bill/bill_receiver.hpp>

#include <codec/text.hpp>
#include <http/status.hpp>
#include <openapi/error.hpp>

namespace openapi::bill {

namespace {

constexpr std::string_view gzipMagic = "\x1f\x8b";
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t mostMessage = 64 * 1024;
constexpr std::size_t inflateSize = 256 * 1024;

/// The first byte that is not a byte-order mark or a blank; nothing when more bytes are needed to know.
std::optional<char> firstLetter(std::string_view text) {
  if (text.size() < byteOrderMark.size() && byteOrderMark.starts_with(text)) return std::nullopt;
  if (text.starts_with(byteOrderMark)) text.remove_prefix(byteOrderMark.size());
  const auto at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::nullopt : std::optional{text[at]};
}

}  // namespace

void BillReceiver::begin(const HttpResponse& head) {
  begun_ = true;
  status_ = head.status;
  form_ = Form::undecided;
  content_ = Content::undecided;
  gunzip_.reset();
  growth_ = {};
  gunzipped_ = false;
  start_.clear();
  bytes_ = 0;
  const auto header = head.headers.get("Digest");
  constexpr std::string_view prefix = "SHA=";
  digest_ = header.starts_with(prefix) ? header.substr(prefix.size()) : std::string_view{};
  travelled_.reset();
  decoded_.reset();
  if (!digest_.empty()) {
    travelled_.emplace();
    decoded_.emplace();
  }
  sink_->restart();
}

void BillReceiver::take(std::string_view bytes) {
  if (status_ != 200) return;  // whatever it is, it is no bill
  if (travelled_) travelled_->add(bytes);
  std::string begun;
  if (form_ == Form::undecided) {
    start_ += bytes;
    if (start_.size() < gzipMagic.size()) return;
    begun = std::move(start_);
    start_.clear();
    bytes = begun;
    form_ = bytes.starts_with(gzipMagic) ? Form::gzip : Form::plain;
    if (form_ == Form::plain) decoded_.reset();  // the same bytes as those that travelled
    if (form_ == Form::gzip) {
      gunzip_ = codec::fastestGunzip();
      inflated_.resize(inflateSize);
    }
  }
  if (form_ == Form::gzip) {
    inflate(bytes);
  } else {
    takeDecoded(bytes);
  }
}

void BillReceiver::inflate(std::string_view bytes) {
  while (!bytes.empty()) {
    if (gunzipped_) throw Error{Errc::badResponse, "the bill is damaged: bytes follow the end of its gzip stream"};
    const auto step = gunzip_->run(bytes, inflated_);
    growth_.add(step);
    bytes.remove_prefix(step.consumed);
    gunzipped_ = step.finished;
    if (step.produced > 0) takeDecoded({inflated_.data(), step.produced});
    if (step.consumed == 0 && step.produced == 0 && !step.finished) break;
  }
}

void BillReceiver::takeDecoded(std::string_view bytes) {
  if (decoded_) decoded_->add(bytes);
  switch (content_) {
    case Content::bill:
      hand(bytes);
      break;
    case Content::message:
      if (start_.size() + bytes.size() > mostMessage)
        throw Error{Errc::badResponse, "the answer is a message of more than 64 KiB"};
      start_ += bytes;
      break;
    case Content::undecided:
      start_ += bytes;
      decide();
  }
}

void BillReceiver::decide() {
  const auto letter = firstLetter(start_);
  if (!letter && start_.size() <= mostMessage) return;
  if (letter == '<') {
    content_ = Content::message;
    if (start_.size() > mostMessage) throw Error{Errc::badResponse, "the answer is a message of more than 64 KiB"};
    return;
  }
  content_ = Content::bill;
  hand(start_);
  start_.clear();
}

void BillReceiver::hand(std::string_view bytes) {
  bytes_ += static_cast<std::int64_t>(bytes.size());
  sink_->write(bytes);
}

bool BillReceiver::verifyDigest() {
  if (digest_.empty()) return false;
  if (travelled_->hex() == digest_ || (decoded_ && decoded_->hex() == digest_)) return true;
  throw Error{Errc::badResponse, "Digest: the bill does not have the digest that came with it; fetch it again"};
}

BillReceiver::Received BillReceiver::finish(const HttpResponse& response) {
  if (!begun_) {
    begin(response);
    take(response.body);
  }
  if (status_ != 200) throw http::unexpectedStatus(status_, false);
  if (form_ == Form::gzip && !gunzipped_) throw Error{Errc::badResponse, "the bill is cut: its gzip stream has no end"};
  begun_ = false;
  if (form_ == Form::undecided && !start_.empty()) takeDecoded(std::exchange(start_, {}));
  if (content_ == Content::message) return {.message = std::move(start_)};
  if (content_ == Content::undecided) hand(start_);
  Received received;
  received.bytes = bytes_;
  received.digestVerified = verifyDigest();
  return received;
}

}  // namespace openapi::bill
