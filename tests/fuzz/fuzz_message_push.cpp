// Messages that anybody on the internet can push. The first byte says what the others are.
#include <codec/xml.hpp>
#include <cstdint>
#include <optional>
#include <weixin/services/message_push.hpp>

#include "../support/push_peer.hpp"
#include "platforms.hpp"

namespace {

using openapi::Errc;
using openapi::Json;
using openapi::weixin::PushMessage;
using openapi::weixin::PushRequest;
using openapi::weixin::PushSettings;

const openapi::test::PushPeer& peer() {
  static const openapi::test::PushPeer made;
  return made;
}
const PushSettings& safe() {
  static const auto settings = openapi::weixin::pushSettings(peer().appId, peer().token, peer().encodingAesKey);
  return settings;
}
const PushSettings& plain() {
  static const auto settings = openapi::weixin::pushSettings(peer().appId, peer().token, std::nullopt);
  return settings;
}

/// What `work` gives, or the error. Messages repeat no key.
template <class Work>
auto resultOf(const Work& work, std::optional<Errc>* failure = nullptr) -> std::optional<decltype(work())> {
  try {
    return work();
  } catch (const openapi::Error& error) {
    const std::string_view message = error.what();
    fuzz::require(!message.empty() && message.size() < 500, "a message without end");
    for (const char c : message) fuzz::require(c >= 0x20 && c <= 0x7E, "raw bytes in a message");
    fuzz::require(message.find(peer().encodingAesKey) == std::string_view::npos, "the key in a message");
    if (failure != nullptr) *failure = error.errc();
    return std::nullopt;
  }
}

void checkMessage(const PushMessage& message) {
  fuzz::require(!message.toUserName.empty() && !message.fromUserName.empty() && !message.msgType.empty(), "a member is missing");
  fuzz::require(message.msgType != "event" || !message.event.value_or("").empty(), "an event without a name");
  fuzz::require(!message.id.empty(), "no id");
  fuzz::require(message.format == "json" || message.format == "xml", "no format");
  fuzz::requireWritable(message);
}

bool same(PushMessage left, const PushMessage& right) {
  left.encrypted = right.encrypted;
  const auto text = [](const PushMessage& message) {
    return openapi::marshal::toJson<openapi::marshal::CamelStyle>(message).json();
  };
  return text(left) == text(right);
}

/// A message of WeChat's own, in every mode: the same every time.
void receiveMessage(const std::string& message) {
  std::optional<Errc> plainFailure;
  const auto open = resultOf([&] { return openapi::weixin::receivePush(plain(), peer().plainRequest(message)); }, &plainFailure);
  if (open) checkMessage(*open);
  for (const bool asXml : {false, true}) {
    std::optional<Errc> failure;
    const auto request = peer().safeRequest(message, asXml);
    const auto closed = resultOf([&] { return openapi::weixin::receivePush(safe(), request); }, &failure);
    fuzz::require(closed.has_value() == open.has_value() || plainFailure == Errc::config, "taken in one mode only");
    fuzz::require(closed || plainFailure == Errc::config || failure == plainFailure, "another error in safe mode");
    if (!closed) continue;
    fuzz::require(closed->encrypted && same(*closed, *open), "another message in safe mode");
  }
  // Without an encrypted part it is nothing in safe mode, whatever the signature.
  auto request = peer().plainRequest(message);
  fuzz::require(!resultOf([&] { return openapi::weixin::receivePush(safe(), request); }), "a plain message in safe mode");
  request.isBase64Encoded = true;
  (void)resultOf([&] { return openapi::weixin::receivePush(plain(), request); });
}

/// What stands inside the encryption: random bytes, length, message, appId and padding.
void receiveBlocks(std::string_view bytes) {
  const std::string blocks{bytes.substr(0, bytes.size() / 32 * 32)};
  std::optional<Errc> failure;
  const auto request = peer().carrying(peer().encryptedBlocks(blocks));
  const auto message = resultOf([&] { return openapi::weixin::receivePush(safe(), request); }, &failure);
  fuzz::require(message || failure == Errc::badResponse || failure == Errc::identityMismatch || blocks.empty(), "another error");
  if (!message) return;
  checkMessage(*message);
  const auto count = static_cast<unsigned char>(blocks.back());
  const auto end = blocks.size() - count;
  fuzz::require(count >= 1 && count <= 32 && blocks.substr(end) == std::string(count, blocks.back()), "wrong padding");
  fuzz::require(std::string_view{blocks}.substr(0, end).ends_with(peer().appId), "another app");
  const auto size = static_cast<std::uint32_t>(end - 20 - peer().appId.size());
  fuzz::require(blocks.substr(16, 4) == openapi::test::PushPeer::bigEndian(size), "wrong length");
}

/// Query up to the end of the line, then the body: from somebody who knows neither token nor key.
void receiveRaw(std::string_view text) {
  static const auto otherPlain = openapi::weixin::pushSettings(peer().appId, "unknown", std::nullopt);
  static const auto otherSafe = openapi::weixin::pushSettings(peer().appId, "unknown", peer().encodingAesKey);
  const auto end = std::min(text.find('\n'), text.size());
  PushRequest request{std::string{text.substr(0, end)}, std::string{text.substr(std::min(end + 1, text.size()))}, false};
  for (const auto* settings : {&otherSafe, &otherPlain}) {
    for (const bool encoded : {false, true}) {
      request.isBase64Encoded = encoded;
      fuzz::require(!resultOf([&] { return openapi::weixin::receivePush(*settings, request); }), "a forged message");
    }
    const auto address = resultOf([&] { return openapi::weixin::verifyPushUrl(*settings, request); });
    fuzz::require(!address, "a forged check of the address");
  }
}

/// Beside what is signed.
void receiveQuery(const std::string& text) {
  const std::string body = R"({"ToUserName":"a","FromUserName":"b","CreateTime":1,"MsgType":"text"})";
  for (const auto& query : {peer().query() + '&' + text, text + '&' + peer().query()}) {
    const auto message = resultOf([&] { return openapi::weixin::receivePush(plain(), {query, body, false}); });
    const auto address = resultOf([&] { return openapi::weixin::verifyPushUrl(plain(), {query, "", false}); });
    fuzz::require(!address || message, "an address whose query is none");
    if (address) fuzz::require(address->echostr.find_first_of("<>\"'& \r\n") == std::string::npos, "a page");
    if (message)
      fuzz::require(openapi::codec::FlatForm::parse(query.substr(query.starts_with('?') ? 1 : 0)).value("nonce") == peer().nonce,
                    "another nonce");
  }
}

/// XML of any depth: as the flat reader has it, and the same after writing.
void readXml(std::string_view text) {
  std::optional<openapi::codec::FlatXml> flat;
  fuzz::accepts(Errc::badResponse, [&] { flat = openapi::codec::FlatXml::parse(text, "xml"); });
  Json tree;
  const bool read = fuzz::accepts(Errc::badResponse, [&] { tree = openapi::codec::parseXmlTree(text, "xml"); });
  if (flat) {
    fuzz::require(read && tree.object()->size() == flat->fields().size(), "flat, but no tree");
    for (const auto& field : flat->fields()) {
      fuzz::require(tree.find(field.name) != nullptr && *tree.find(field.name)->string() == field.value, "another text");
    }
  }
  if (!read) return;
  fuzz::require(Json::parse(tree.json()) == tree, "a tree that is no JSON");
  const auto written = openapi::codec::writeXmlTree("xml", *tree.object());
  if (written.size() <= openapi::codec::FlatXml::maxBytes)
    fuzz::require(openapi::codec::parseXmlTree(written, "xml") == tree, "not the same after writing");
}

/// Our own reply, which the other side can read.
void reply(std::string_view text) {
  const auto message = resultOf([&] { return Json::parse(text); });
  if (!message) return;
  const openapi::weixin::PushStamp stamp{"0123456789abcdef", 1714112445, peer().nonce};
  for (const auto* format : {"json", "xml"}) {
    const openapi::weixin::PushReplyRequest request{*message, format};
    std::optional<Errc> failure;
    const auto open = resultOf([&] { return openapi::weixin::pushReply(plain(), request, stamp); }, &failure);
    const auto closed = resultOf([&] { return openapi::weixin::pushReply(safe(), request, stamp); });
    fuzz::require(open.has_value() == closed.has_value(), "written in one mode only");
    fuzz::require(open || failure == Errc::invalidArgument, "another error");
    if (!open || open->body.size() > 256 * 1024) continue;
    const auto envelope =
        request.format == "json" ? Json::parse(closed->body) : openapi::codec::parseXmlTree(closed->body, "xml");
    const auto& encrypt = *envelope.find("Encrypt")->string();
    fuzz::require(encrypt == peer().encrypted(open->body), "another message inside");
    fuzz::require(*envelope.find("MsgSignature")->string() == peer().sign(encrypt), "another signature");
    // Read back by what reads messages: the same error or message as the plain text.
    receiveMessage(open->body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rest = fuzz::textOf(data + 1, size - 1);
  if (rest.find(peer().encodingAesKey) != std::string_view::npos) return 0;  // messages may repeat what was sent
  switch (data[0]) {
    case 'm':
      receiveMessage(std::string{rest});
      break;
    case 'b':
      receiveBlocks(rest);
      break;
    case 'r':
      receiveRaw(rest);
      break;
    case 'q':
      receiveQuery(std::string{rest});
      break;
    case 'x':
      readXml(rest);
      break;
    case 'a':
      reply(rest);
      break;
    default:
      break;
  }
  return 0;
}
