#include <alipay/gateway_wire.hpp>

#include <alipay/hints.hpp>
#include <answer.hpp>
#include <codec/json_slices.hpp>
#include <crypto/sign_content.hpp>
#include <http/status.hpp>
#include <platform_text.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace openapi::alipay {

namespace {

constexpr std::string_view officialGateway = "https://openapi.alipay.com/gateway.do";
constexpr std::string_view officialSandbox = "https://openapi-sandbox.dl.alipaydev.com/gateway.do";
constexpr std::int64_t maxTimeout = 600'000;
constexpr std::int64_t maxNotifyAge = 10 * 365 * 86'400;
constexpr std::string_view bizContent = "biz_content";

[[noreturn]] void badConfig(const std::string& message) { throw Error{Errc::config, message}; }

std::string nodeName(std::string_view api) {
  std::string name{api};
  std::replace(name.begin(), name.end(), '.', '_');
  return name + "_response";
}

const codec::JsonSlice* find(const std::vector<codec::JsonSlice>& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [name](const auto& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

const codec::JsonSlice& nodeOf(const std::vector<codec::JsonSlice>& members, std::string_view api) {
  for (const auto& name : {nodeName(api), std::string{"error_response"}, std::string{"null_response"}}) {
    if (const auto* member = find(members, name)) return *member;
  }
  failMissing(nodeName(api));
}

/// The signature of the answer; empty when it has none.
std::string signOf(const std::vector<codec::JsonSlice>& members) {
  const auto* member = find(members, "sign");
  if (member == nullptr) return {};
  const auto value = Json::parse(member->value);
  if (value.isNull()) return {};
  if (value.string() == nullptr) throw Error{Errc::badResponse, "sign: expected a text"};
  return *value.string();
}

std::string textOf(const Json& node, std::string_view name) {
  const Json* value = node.find(name);
  if (value == nullptr) return {};
  if (const auto* text = value->string()) return *text;
  return value->integer() != nullptr ? std::to_string(*value->integer()) : std::string{};
}

bool meansSystemError(std::string_view subCode) {
  return subCode.ends_with("SYSTEM_ERROR") || subCode.ends_with("unknow-error") || subCode.ends_with("unknown-error");
}

/// The gateway repeats the signed text in this message; it may hold tokens, so it stays out of `what()`.
std::string_view withoutSignedText(std::string_view message) {
  constexpr std::string_view marker = "网关生成的验签字符串";
  return message.substr(0, message.find(marker));
}

[[noreturn]] void throwRejected(const Operation& operation, const Json& node, bool isSigned) {
  const auto code = textOf(node, "code");
  const auto subCode = textOf(node, "sub_code");
  const auto subMsg = textOf(node, "sub_msg");
  Error::Details details;
  details.errCode = subCode.empty() ? code : subCode;
  details.errMsg = subMsg.empty() ? textOf(node, "msg") : subMsg;
  const bool systemError = code == "20000" || code == "10003" || meansSystemError(subCode);
  details.outcome = systemError || (operation.movesMoney && !isSigned) ? Outcome::unknown : Outcome::rejected;
  details.retryable = code == "40005" || (systemError && operation.repeatable && operation.repeatAfterSystemError);
  std::string message = platformText(details.errCode) + ' ' + platformText(withoutSignedText(details.errMsg));
  if (const auto hint = hintOf(details.errCode); !hint.empty()) message += " (" + std::string{hint} + ')';
  if (!isSigned && operation.movesMoney) message += " (unsigned answer: query before you repeat)";
  throw Error{Errc::rejected, message, std::move(details)};
}

Json checkedNode(const Settings& settings, const Operation& operation, const HttpResponse& response) {
  if (response.status != 200) throw http::unexpectedStatus(response.status, !operation.readOnly);
  const auto members = codec::topLevelMembers(response.body);
  const auto& slice = nodeOf(members, operation.api);
  const auto signature = signOf(members);
  if (!signature.empty() && !settings.alipayPublicKey.verify(slice.value, signature, settings.digest)) {
    throw Error{Errc::badSignature,
                "sign does not verify: check alipayPublicKey (Alipay's public key, not the app's) and signType"};
  }
  auto node = Json::parse(slice.value);
  if (node.object() == nullptr)
    throw Error{Errc::badResponse, slice.name + ": expected an object, got " + std::string{node.kind()}};
  const auto code = textOf(node, "code");
  const bool failed = slice.name == "error_response" || slice.name == "null_response" || (!code.empty() && code != "10000");
  if (failed) throwRejected(operation, node, !signature.empty());
  if (signature.empty()) throw Error{Errc::badSignature, "the answer says success but carries no sign"};
  if (code.empty() && operation.answersCode) failMissing("code");
  return node;
}

}  // namespace

Settings settingsFrom(const AlipayConfig& config) {
  if (config.appId.empty()) badConfig("appId required");
  if (config.privateKey.empty()) badConfig("privateKey required");
  if (config.alipayPublicKey.empty()) badConfig("alipayPublicKey required");
  if (config.timeout < 1 || config.timeout > maxTimeout) badConfig("timeout must be 1 to 600000 milliseconds");
  if (config.notifyMaxAge && (*config.notifyMaxAge < 1 || *config.notifyMaxAge > maxNotifyAge)) {
    badConfig("notifyMaxAge must be 1 second to 10 years");
  }
  if (config.keyType && *config.keyType != "PKCS8" && *config.keyType != "PKCS1") badConfig("keyType must be PKCS8 or PKCS1");
  Settings settings;
  settings.appId = config.appId;
  settings.signType = config.signType.value_or("RSA2");
  if (settings.signType != "RSA2" && settings.signType != "RSA") badConfig("signType must be RSA2 or RSA");
  settings.digest = settings.signType == "RSA2" ? crypto::RsaDigest::sha256 : crypto::RsaDigest::sha1;
  settings.privateKey = crypto::PrivateKey::load(config.privateKey, "privateKey");
  settings.alipayPublicKey = crypto::PublicKey::load(config.alipayPublicKey, "alipayPublicKey");
  settings.gateway = config.gateway.value_or(std::string{config.sandbox ? officialSandbox : officialGateway});
  settings.clientType = config.clientType.value_or("mp-alipay");
  settings.mchId = config.mchId;
  settings.timeout = std::chrono::milliseconds{config.timeout};
  if (config.notifyMaxAge) settings.notifyMaxAge = std::chrono::seconds{*config.notifyMaxAge};
  return settings;
}

codec::FormFields signedParameters(const Settings& settings, std::string_view api, codec::FormFields own, const Stamp& stamp) {
  codec::FormFields fields{{"app_id", settings.appId},
                           {"method", std::string{api}},
                           {"charset", "utf-8"},
                           {"sign_type", settings.signType},
                           {"timestamp", formatGmt8(stamp.now, "%Y-%m-%d %H:%M:%S")},
                           {"version", "1.0"}};
  for (auto& [name, value] : own) {
    if (!value.empty()) fields.emplace_back(std::move(name), std::move(value));
  }
  std::vector<crypto::NamedValue> named;
  named.reserve(fields.size());
  for (const auto& [name, value] : fields) named.emplace_back(name, value);
  fields.emplace_back("sign", settings.privateKey.sign(crypto::signContent(named, true), settings.digest));
  return fields;
}

namespace {

std::string withQuery(const std::string& gateway, const std::string& query) {
  return gateway + (gateway.find('?') == std::string::npos ? '?' : '&') + query;
}

}  // namespace

HttpRequest gatewayRequest(const Settings& settings, const codec::FormFields& signedParameters) {
  codec::FormFields query;
  codec::FormFields body;
  for (const auto& field : signedParameters) {
    const bool business = field.first == bizContent || field.first == "code" || field.first == "refresh_token";
    (business ? body : query).push_back(field);
  }
  HttpRequest request;
  request.url = withQuery(settings.gateway, codec::writeForm(query));
  request.headers.add("Content-Type", "application/x-www-form-urlencoded;charset=utf-8");
  request.body = codec::writeForm(body);
  return request;
}

std::string gatewayUrl(const Settings& settings, const codec::FormFields& signedParameters) {
  return withQuery(settings.gateway, codec::writeForm(signedParameters));
}

Json verifiedNode(const Settings& settings, const Operation& operation, const HttpResponse& response) {
  try {
    return checkedNode(settings, operation, response);
  } catch (const Error& error) {
    Error::Details details = error.details();
    details.requestId = response.headers.get("trace_id");
    throw Error{error.errc(), error.what(), std::move(details)};
  }
}

}  // namespace openapi::alipay
