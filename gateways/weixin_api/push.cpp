#include <gateways/weixin_api/push.hpp>

#include <gateways/faults.hpp>
#include <gateways/weixin_api/push_cipher.hpp>
#include <gateways/weixin_api/users.hpp>

#include <codec/text.hpp>
#include <codec/xml.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>
#include <openapi/error.hpp>

#include <map>

namespace openapi::gateway::weixin_api {
namespace {

constexpr auto provider = "weixinApi";
constexpr std::chrono::seconds again{5};

/// A text that no end of a CDATA section can be in.
std::string cdata(const std::string& text) {
  std::string all = "<![CDATA[";
  std::size_t from = 0;
  for (auto end = text.find("]]>"); end != std::string::npos; end = text.find("]]>", from)) {
    all += text.substr(from, end + 2 - from) + "]]><![CDATA[";
    from = end + 2;
  }
  return all + text.substr(from) + "]]>";
}

void appendXml(std::string& out, const std::string& name, const Json& value) {
  if (const auto* items = value.array()) {
    for (const auto& item : *items) appendXml(out, name, item);
    return;
  }
  out += "<" + name + ">";
  if (const auto* fields = value.object()) {
    for (const auto& [child, content] : *fields) appendXml(out, child, content);
  } else if (const auto* text = value.string()) {
    out += cdata(*text);
  } else if (!value.isNull()) {
    out += value.json();
  }
  out += "</" + name + ">";
}

std::string written(const Fields& fields, bool xml) {
  if (!xml) return Json{fields}.json();
  std::string out;
  appendXml(out, "xml", fields);
  return out;
}

/// `gh_…`: the account's original id.
std::string originalId(const std::string& appId) { return "gh_" + codec::toLowerHex(crypto::sha1(appId)).substr(0, 12); }

std::int64_t nextMessageId(Database& database) {
  constexpr std::int64_t first = 23'000'000'000'000'001;  // above 2^53
  const auto id = std::stoll(database.setting("weixinApi.messageId").value_or(std::to_string(first)));
  database.setSetting("weixinApi.messageId", std::to_string(id + 1));
  return id;
}

struct Outgoing {
  std::string query{};
  std::string body{};
};

Outgoing sealed(Context& context, const std::string& appId, const std::string& openid, const Fields& message) {
  const auto token = pushToken(context.database());
  const auto timestamp = std::to_string(toMillis(context.now()) / 1000);
  const auto nonce = std::to_string(100'000'000 + static_cast<unsigned char>(randomBytes(1)[0]) * 1'000'003);
  const auto& mode = context.settings.text("pushMode");
  const bool xml = context.settings.text("pushFormat") == "xml";
  codec::FormFields query{
      {"signature", pushSignature({token, timestamp, nonce})}, {"timestamp", timestamp}, {"nonce", nonce}, {"openid", openid}};
  if (mode == "plain") return {codec::writeForm(query), written(message, xml)};
  const auto encrypted = encryptPush(encodingAesKey(context.database()), written(message, xml), appId);
  query.emplace_back("encrypt_type", "aes");
  query.emplace_back("msg_signature", pushSignature({token, timestamp, nonce, encrypted}));
  auto outside = mode == "safe" ? Fields{{"ToUserName", originalId(appId)}} : message;
  outside.append("Encrypt", encrypted);
  return {codec::writeForm(query), written(outside, xml)};
}

Fields complete(Context& context, const std::string& appId, const std::string& openid, const Fields& fields) {
  Fields message{{"ToUserName", originalId(appId)}, {"FromUserName", openid}, {"CreateTime", toMillis(context.now()) / 1000}};
  for (const auto& [name, value] : fields) message.set(name, value);
  if (message.find("MsgType") == nullptr) message.append("MsgType", "text");
  const auto* type = message.find("MsgType");
  const bool event = type->string() != nullptr && *type->string() == "event";
  if (!event && message.find("MsgId") == nullptr) message.append("MsgId", nextMessageId(context.database()));
  return message;
}

std::int64_t dispatch(Context& context, const std::string& url, const std::string& appId, const std::string& openid,
                      const Fields& message, const NotifyOptions& options) {
  const auto outgoing = sealed(context, appId, openid, message);
  const auto target = url + (url.find('?') == std::string::npos ? "?" : "&") + outgoing.query;
  return context.services.notifier.enqueue({provider, "push", target, "", outgoing.body}, options);
}

/// The texts of a reply, which is JSON or XML. No value when it is neither.
std::optional<std::map<std::string, std::string>> replyFields(std::string_view body) {
  std::map<std::string, std::string> fields;
  try {
    if (body.starts_with('<')) {
      const auto xml = codec::FlatXml::parse(body, "xml");
      for (const auto& field : xml.fields()) fields.emplace(field.name, field.value);
      return fields;
    }
    const auto json = Json::parse(body);
    if (json.object() == nullptr) return std::nullopt;
    for (const auto& [name, value] : *json.object())
      fields.emplace(name, value.string() != nullptr ? *value.string() : value.json());
    return fields;
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool isGoodReply(Database& database, const std::string& mode, std::string_view body) {
  if (body.empty() || body == "success") return true;
  auto fields = replyFields(body);
  if (!fields) return false;
  if (mode == "plain") return fields->contains("MsgType");
  const auto encrypted = (*fields)["Encrypt"];
  const auto signature = pushSignature({pushToken(database), (*fields)["TimeStamp"], (*fields)["Nonce"], encrypted});
  if (!crypto::equalInConstantTime(signature, (*fields)["MsgSignature"])) return false;
  const auto reply = decryptPush(encodingAesKey(database), encrypted);
  const auto inner = reply ? replyFields(reply->message) : std::nullopt;
  return inner && inner->contains("MsgType");
}

void requireUrl(const std::string& url) {
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw ControlError{400, "url must begin with http:// or https://", "url"};
}

std::string urlIn(const Context& context, const Json& input) {
  auto url = optionalText(input, "url", context.settings.text("pushUrl"));
  if (url.empty()) throw ControlError{400, "url is missing, and the setting pushUrl is empty", "url"};
  requireUrl(url);
  return url;
}

}  // namespace

std::string pushToken(Database& database) {
  return database.settingOr("weixinApi.pushToken", [] { return crypto::randomText(32); });
}

std::string encodingAesKey(Database& database) {
  return database.settingOr("weixinApi.encodingAesKey", [] { return crypto::randomText(43); });
}

void applyPushRules(Context& context) {
  NotifyRules rules;
  rules.schedule = {again, again, again};
  rules.contentType = context.settings.text("pushFormat") == "xml" ? "text/xml" : "application/json";
  rules.acknowledged = [&database = context.database(), mode = context.settings.text("pushMode")](
                           int status, std::string_view body) { return status == 200 && isGoodReply(database, mode, body); };
  context.services.notifier.setRules(provider, std::move(rules));
}

void push(Context& context, const std::string& appId, const std::string& openid, const Fields& fields) {
  const auto& url = context.settings.text("pushUrl");
  if (url.empty()) return;
  dispatch(context, url, appId, openid, complete(context, appId, openid, fields), {});
}

Json pushMessage(Context& context, const Json& input) {
  const auto url = urlIn(context, input);
  const auto appId = appIn(context, input);
  const auto openid = input.find("openid") == nullptr ? makeOpenid() : openidIn(input);
  const auto* given = input.find("message");
  if (given != nullptr && given->object() == nullptr) throw ControlError{400, "message must be an object", "message"};
  const auto message = complete(context, appId, openid, given == nullptr ? Fields{} : *given->object());
  const auto id = dispatch(context, url, appId, openid, message, NotifyOptions::from(input));
  return Fields{{"id", id}, {"message", message}};
}

Json pushCheck(Context& context, const Json& input) {
  const auto url = urlIn(context, input);
  const auto timestamp = std::to_string(toMillis(context.now()) / 1000);
  const auto nonce = crypto::randomText(10);
  const auto echo = std::to_string(toMillis(context.now())) + "123456";
  const auto signature = pushSignature({pushToken(context.database()), timestamp, nonce});
  const auto query = codec::writeForm({{"signature", signature}, {"echostr", echo}, {"timestamp", timestamp}, {"nonce", nonce}});
  return Fields{{"url", url + (url.find('?') == std::string::npos ? "?" : "&") + query}, {"query", query}, {"echostr", echo}};
}

}  // namespace openapi::gateway::weixin_api
