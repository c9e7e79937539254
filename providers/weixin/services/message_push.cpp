#include <weixin/services/message_push.hpp>
#include <weixin/services/services.hpp>

#include <codec/form.hpp>
#include <codec/text.hpp>
#include <codec/xml.hpp>
#include <crypto/aes.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <check.hpp>
#include <notify_event.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

// https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
namespace openapi::weixin {

namespace {

constexpr ServiceOperation verifyUrlOperation{"messagePush.verifyUrl", Verb::get, "", Answer::json, true, false};
constexpr ServiceOperation receiveOperation{"messagePush.receive", Verb::get, "", Answer::json, true, false};
constexpr ServiceOperation replyOperation{"messagePush.reply", Verb::get, "", Answer::json, true, false};

constexpr std::size_t maxQuery = 8 * 1024;
constexpr std::size_t maxMessage = 1024 * 1024;
constexpr std::size_t maxEchostr = 256;
constexpr std::size_t padBlock = 32;
constexpr std::size_t randomSize = 16;
constexpr std::size_t lengthSize = 4;
constexpr std::size_t ivSize = 16;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view wordBytes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
constexpr std::string_view echoBytes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~+/=";

[[noreturn]] void failResponse(const std::string& message) { throw Error{Errc::badResponse, message}; }
[[noreturn]] void failSignature(const std::string& message) { throw Error{Errc::badSignature, message}; }

bool consistsOf(std::string_view text, std::string_view bytes, std::size_t maxLength) {
  return !text.empty() && text.size() <= maxLength && text.find_first_not_of(bytes) == std::string_view::npos;
}

codec::FlatForm queryOf(const PushRequest& request) {
  std::string_view query = request.query;
  if (query.starts_with('?')) query.remove_prefix(1);
  if (query.size() > maxQuery) failResponse("query: longer than " + std::to_string(maxQuery) + " characters");
  try {
    return codec::FlatForm::parse(query);
  } catch (const Error& error) {
    failResponse(std::string{"query: "} + error.what());
  }
}

/// The parts are signed without separators. Their shape keeps anybody from moving bytes between them: a nonce that took
/// enough of `Encrypt` to leave whole blocks would be longer.
void requireSignature(const PushSettings& settings, const codec::FlatForm& query, std::string_view name,
                      std::string_view encrypt) {
  const auto timestamp = query.value("timestamp");
  const auto nonce = query.value("nonce");
  const auto signature = query.value(name);
  if (signature.empty()) failSignature("the query holds no " + std::string{name});
  if (!consistsOf(timestamp, digits, 20)) failSignature("timestamp: missing in the query, or no number");
  if (!consistsOf(nonce, wordBytes, 64)) failSignature("nonce: missing in the query, or not one of WeChat's");
  std::vector<std::string_view> parts{settings.token, timestamp, nonce};
  if (!encrypt.empty()) parts.push_back(encrypt);
  if (crypto::equalInConstantTime(pushSignature(std::move(parts)), signature)) return;
  failSignature(std::string{name} + ": does not verify; not from WeChat, or pushToken is not the Token of its console");
}

/// The message without padding: 1 to 32 bytes, each of which says how many there are.
std::optional<std::string_view> unpadded(std::string_view padded) {
  if (padded.empty() || padded.size() % padBlock != 0) return std::nullopt;
  const auto count = static_cast<unsigned char>(padded.back());
  if (count < 1 || count > padBlock) return std::nullopt;
  const auto padding = padded.substr(padded.size() - count);
  if (padding.find_first_not_of(padded.back()) != std::string_view::npos) return std::nullopt;
  return padded.substr(0, padded.size() - count);
}

std::string padded(std::string text) {
  const std::size_t count = padBlock - text.size() % padBlock;
  return text.append(count, static_cast<char>(count));
}

std::string lengthOf(std::string_view message) {
  const std::size_t size = message.size();
  std::string length;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) length += static_cast<char>(size >> shift & 0xFFU);
  return length;
}

std::size_t lengthIn(std::string_view bytes) {
  std::size_t size = 0;
  for (const char c : bytes) size = size << 8U | static_cast<unsigned char>(c);
  return size;
}

/// WeChat takes the first bytes of the key for the iv.
std::string_view ivOf(std::string_view aesKey) { return aesKey.substr(0, ivSize); }

std::string decryptPush(const PushSettings& settings, std::string_view encrypt) {
  const auto ciphertext = codec::fromBase64(encrypt);
  if (!ciphertext) failResponse("Encrypt: not base64");
  const auto& key = *settings.aesKey;
  const auto bytes = crypto::decryptAesCbc(key, ivOf(key), *ciphertext, crypto::AesPadding::none);
  const auto plain = bytes ? unpadded(*bytes) : std::nullopt;
  if (!plain) failResponse("Encrypt: does not decrypt; is encodingAesKey the EncodingAESKey of WeChat's console?");
  if (plain->size() < randomSize + lengthSize) failResponse("Encrypt: what it holds is too short for a message");
  const auto rest = plain->substr(randomSize + lengthSize);
  const auto size = lengthIn(plain->substr(randomSize, lengthSize));
  if (size > rest.size()) failResponse("Encrypt: the message in it is shorter than its length says");
  if (settings.appId.empty() || !crypto::equalInConstantTime(rest.substr(size), settings.appId)) {
    throw Error{Errc::identityMismatch, "Encrypt: the message is for another app; is appId that of this mini program?"};
  }
  return std::string{rest.substr(0, size)};
}

struct Document {
  Json json;
  std::string_view format;
};

Document documentIn(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > maxMessage) failResponse("body: larger than a message can be");
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) failResponse("body: empty");
  if (text[start] == '<') return {codec::parseXmlTree(text, "xml"), "xml"};
  if (text[start] == '{') return {Json::parse(text), "json"};
  failResponse("body: neither JSON nor XML");
}

/// The text of a member that every message has.
void requireMember(std::string_view text, std::string_view name) {
  if (text.empty()) failResponse(std::string{name} + ": missing in the message");
}

/// Puts `value` where it belongs; says whether there is such a place.
bool assignMember(PushMessage& message, std::string_view name, const Json& value) {
  const marshal::Path path{nullptr, name};
  const auto text = [&] { return marshal::detail::textFromJson(value, true, path, Errc::badResponse); };
  const auto integer = [&] { return marshal::detail::integerFromJson(value, true, path, Errc::badResponse); };
  if (name == "ToUserName") {
    message.toUserName = text();
  } else if (name == "FromUserName") {
    message.fromUserName = text();
  } else if (name == "CreateTime") {
    message.createTime = integer();
  } else if (name == "MsgType") {
    message.msgType = text();
  } else if (name == "Event") {
    message.event = text();
  } else if (name == "MsgId") {
    message.msgId = integer();
  } else if (name == "Content" && value.object() == nullptr && value.array() == nullptr) {
    message.content = text();
  } else {
    return false;
  }
  return true;
}

/// Events have no number of their own. Some are all from one sender, so that two of one second differ only in their text.
std::string idOf(const PushMessage& message, std::string_view text) {
  if (message.msgId) return std::to_string(*message.msgId);
  return message.fromUserName + '|' + std::to_string(message.createTime) + '|' + message.event.value_or(message.msgType) + '|' +
         codec::toLowerHex(crypto::sha1(text));
}

PushMessage messageIn(const Document& document, std::string_view text, bool encrypted) {
  PushMessage message;
  const auto* createTime = document.json.find("CreateTime");
  if (createTime == nullptr || createTime->isNull()) failResponse("CreateTime: missing in the message");
  for (const auto& [name, value] : *document.json.object()) {
    if (!value.isNull() && !assignMember(message, name, value)) message.extra.append(name, value);
  }
  requireMember(message.toUserName, "ToUserName");
  requireMember(message.fromUserName, "FromUserName");
  requireMember(message.msgType, "MsgType");
  if (message.msgType == "event") requireMember(message.event.value_or(""), "Event");
  message.id = idOf(message, text);
  message.format = document.format;
  message.encrypted = encrypted;
  return message;
}

/// Without a key. In compatible mode the plain members are all that can be read.
PushMessage plainMessage(const PushSettings& settings, const codec::FlatForm& query, std::string_view body) {
  requireSignature(settings, query, "signature", {});
  const auto document = documentIn(body);
  if (document.json.find("Encrypt") != nullptr && document.json.find("MsgType") == nullptr) {
    throw Error{Errc::config, "encodingAesKey: required, since the message is encrypted; it is in WeChat's console"};
  }
  return messageIn(document, body, false);
}

/// Of an outer message nothing but `Encrypt` is signed.
PushMessage encryptedMessage(const PushSettings& settings, const codec::FlatForm& query, std::string_view body) {
  const auto outer = documentIn(body);
  const auto* encrypt = outer.json.find("Encrypt");
  if (encrypt == nullptr || encrypt->string() == nullptr || encrypt->string()->empty()) {
    failSignature("the message is not encrypted, although encodingAesKey is configured: set safe mode in WeChat's console");
  }
  requireSignature(settings, query, "msg_signature", *encrypt->string());
  const auto text = decryptPush(settings, *encrypt->string());
  return messageIn(documentIn(text), text, true);
}

std::string written(const Fields& fields, bool asXml) { return asXml ? codec::writeXmlTree("xml", fields) : Json{fields}.json(); }

Fields envelope(const PushSettings& settings, std::string_view text, const PushStamp& stamp) {
  const auto encrypt = encryptPush(*settings.aesKey, stamp.random16, text, settings.appId);
  const auto timestamp = std::to_string(stamp.timestamp);
  const auto signature = pushSignature({settings.token, timestamp, stamp.nonce, encrypt});
  return {{"Encrypt", encrypt}, {"MsgSignature", signature}, {"TimeStamp", stamp.timestamp}, {"Nonce", stamp.nonce}};
}

PushStamp freshPushStamp() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {crypto::randomText(randomSize), std::chrono::duration_cast<std::chrono::seconds>(now).count(), crypto::randomText(16)};
}

PushSettings settingsOf(const Services& services) {
  return pushSettings(services.appId, services.pushToken, services.encodingAesKey);
}

boost::asio::awaitable<VerifyPushUrlResult> verifyNow(SharedServices services, PushRequest request) {
  auto result = inService(*services, verifyUrlOperation, [&] { return verifyPushUrl(settingsOf(*services), request); });
  co_return result;
}

boost::asio::awaitable<PushMessage> receiveNow(SharedServices services, PushRequest request) {
  auto message = inService(*services, receiveOperation, [&] { return receivePush(settingsOf(*services), request); });
  co_return message;
}

boost::asio::awaitable<PushReplyResult> replyNow(SharedServices services, PushReplyRequest request) {
  auto result = inService(*services, replyOperation, [&] { return pushReply(settingsOf(*services), request, freshPushStamp()); });
  co_return result;
}

}  // namespace

PushSettings pushSettings(const std::string& appId, const std::optional<std::string>& pushToken,
                          const std::optional<std::string>& encodingAesKey) {
  constexpr std::size_t keyLength = 43;
  if (!pushToken || pushToken->empty()) {
    throw Error{Errc::config, "pushToken: missing in the configuration; it is the Token of message push in WeChat's console"};
  }
  PushSettings settings{appId, *pushToken, std::nullopt};
  if (!encodingAesKey) return settings;
  // One digit more than the key has makes whole groups; the bits of the last digit that no key needs may be anything.
  auto key = encodingAesKey->size() == keyLength ? codec::fromBase64(*encodingAesKey + 'A') : std::nullopt;
  if (!key) {
    throw Error{Errc::config, "encodingAesKey: must be 43 characters of base64; copy EncodingAESKey from WeChat's console"};
  }
  key->pop_back();
  settings.aesKey = std::move(*key);
  return settings;
}

VerifyPushUrlResult verifyPushUrl(const PushSettings& settings, const PushRequest& request) {
  const auto query = queryOf(request);
  requireSignature(settings, query, "signature", {});
  // It is not signed, and goes back as it is: nothing that a browser would take for a page.
  const auto echostr = query.value("echostr");
  if (!consistsOf(echostr, echoBytes, maxEchostr)) {
    failResponse("echostr: missing in the query, or not one of WeChat's; is this the check of the address (a GET)?");
  }
  return {std::string{echostr}};
}

PushMessage receivePush(const PushSettings& settings, const PushRequest& request) {
  const auto query = queryOf(request);
  const Event event{{}, request.body, request.isBase64Encoded};
  std::string decoded;
  const auto body = notifyBody(event, {}, decoded);
  return settings.aesKey ? encryptedMessage(settings, query, body) : plainMessage(settings, query, body);
}

PushReplyResult pushReply(const PushSettings& settings, const PushReplyRequest& request, const PushStamp& stamp) {
  check::oneOf("format", request.format, "json xml");
  const auto* message = request.message.object();
  if (message == nullptr) check::invalid("message", "must be an object under WeChat's own names");
  const bool asXml = request.format == "xml";
  std::string text = written(*message, asXml);
  if (text.size() > maxMessage) check::invalid("message", "longer than " + std::to_string(maxMessage) + " bytes");
  if (settings.aesKey) text = written(envelope(settings, text, stamp), asXml);
  return {asXml ? "application/xml" : "application/json", std::move(text)};
}

std::string pushSignature(std::vector<std::string_view> parts) {
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (const auto part : parts) joined += part;
  return codec::toLowerHex(crypto::sha1(joined));
}

std::string encryptPush(std::string_view aesKey, std::string_view random16, std::string_view message, std::string_view appId) {
  std::string plain{random16};
  plain += lengthOf(message);
  plain += message;
  plain += appId;
  return codec::toBase64(crypto::encryptAesCbc(aesKey, ivOf(aesKey), padded(std::move(plain)), crypto::AesPadding::none));
}

Awaitable<VerifyPushUrlResult> MessagePush::verifyUrl(const PushRequest& request) const { return verifyNow(services_, request); }

Awaitable<PushMessage> MessagePush::receive(const PushRequest& request) const { return receiveNow(services_, request); }

Awaitable<PushReplyResult> MessagePush::reply(const PushReplyRequest& request) const { return replyNow(services_, request); }

}  // namespace openapi::weixin
