#include <weixin/payment_wire.hpp>

#include <answer.hpp>
#include <codec/text.hpp>
#include <crypto/client_identity.hpp>
#include <crypto/digest.hpp>
#include <crypto/hidden_field.hpp>
#include <crypto/sign_content.hpp>
#include <http/status.hpp>
#include <platform_text.hpp>
#include <weixin/payment_hints.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace openapi::weixin {

namespace {

constexpr std::string_view officialUrl = "https://api.mch.weixin.qq.com";
constexpr std::string_view officialBackupUrl = "https://api2.mch.weixin.qq.com";
constexpr std::size_t keyLength = 32;
constexpr std::int64_t maxTimeout = 600'000;
constexpr std::int64_t maxNotifyAge = 10 * 365 * 86'400;

[[noreturn]] void badConfig(const std::string& message) { throw Error{Errc::config, message}; }

std::string withoutSlash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

std::array<std::string, 2> baseUrls(const WeixinConfig& config) {
  const bool official = !config.payBaseUrl;
  std::string backup = config.payBackupUrl ? *config.payBackupUrl : official ? std::string{officialBackupUrl} : std::string{};
  return {withoutSlash(official ? std::string{officialUrl} : *config.payBaseUrl), withoutSlash(std::move(backup))};
}

std::shared_ptr<const ClientIdentity> identityFromPfx(const WeixinConfig& config) {
  try {
    return ClientIdentity::fromP12(*config.pfx, config.pfxPassword.value_or(*config.mchId));
  } catch (const Error& error) {
    badConfig(std::string{"pfx: "} + error.what());
  }
}

std::shared_ptr<const ClientIdentity> identityOf(const WeixinConfig& config) {
  if (config.pfx) return identityFromPfx(config);
  if (config.certificate.has_value() != config.certificateKey.has_value()) {
    badConfig("certificate and certificateKey: one is useless without the other");
  }
  if (config.certificate) return ClientIdentity::fromPem(*config.certificate, *config.certificateKey);
  return nullptr;
}

SignType configuredSignType(const WeixinConfig& config) {
  const auto name = config.signType.value_or("MD5");
  if (name != "MD5" && name != "HMAC-SHA256") badConfig("signType must be MD5 or HMAC-SHA256");
  return name == "MD5" ? SignType::md5 : SignType::hmacSha256;
}

/// Codes with which the platform says that it does not know.
bool meansUnknown(std::string_view errCode) {
  constexpr std::array<std::string_view, 4> codes{"SYSTEMERROR", "SYSTEM_ERROR", "BANKERROR", "20100"};
  return std::find(codes.begin(), codes.end(), errCode) != codes.end();
}

/// Codes after which the same request may be sent again unchanged.
bool meansRetry(std::string_view errCode) {
  constexpr std::array<std::string_view, 6> codes{"SYSTEMERROR",       "SYSTEM_ERROR",       "BIZERR_NEED_RETRY",
                                                  "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "20100"};
  return std::find(codes.begin(), codes.end(), errCode) != codes.end();
}

std::string pathOf(const PaymentSettings& settings, const Operation& operation) {
  std::string path{operation.path};
  if (!settings.sandbox) return path;
  // The sandbox has the refund without `secapi`.
  constexpr std::string_view prefix = "/secapi";
  if (path.starts_with(prefix)) path.erase(0, prefix.size());
  return "/sandboxnew" + path;
}

std::string_view first(std::string_view preferred, std::string_view otherwise) {
  return preferred.empty() ? otherwise : preferred;
}

}  // namespace

PaymentSettings paymentSettings(const WeixinConfig& config) {
  if (config.appId.empty()) badConfig("appId required");
  if (!config.mchId || config.mchId->empty()) badConfig("mchId required");
  if (!config.key || config.key->empty()) badConfig("key required");
  if (config.key->size() != keyLength) {
    badConfig("key: the merchant's APIv2 key has 32 characters, this one has " + std::to_string(config.key->size()));
  }
  if (config.timeout < 1 || config.timeout > maxTimeout) badConfig("timeout must be 1 to 600000 milliseconds");
  if (config.notifyMaxAge && (*config.notifyMaxAge < 1 || *config.notifyMaxAge > maxNotifyAge)) {
    badConfig("notifyMaxAge must be 1 second to 10 years");
  }
  PaymentSettings settings;
  settings.appId = config.appId;
  settings.mchId = *config.mchId;
  settings.key = *config.key;
  settings.signType = config.sandbox ? SignType::md5 : configuredSignType(config);
  settings.clientType = config.clientType.value_or("mp-weixin");
  settings.baseUrls = baseUrls(config);
  settings.sandbox = config.sandbox;
  settings.identity = identityOf(config);
  settings.timeout = std::chrono::milliseconds{config.timeout};
  if (config.notifyMaxAge) settings.notifyMaxAge = std::chrono::seconds{*config.notifyMaxAge};
  return settings;
}

SignType signTypeOf(std::string_view name, std::string_view field) {
  if (name == "MD5") return SignType::md5;
  if (name == "HMAC-SHA256") return SignType::hmacSha256;
  throw Error{Errc::invalidArgument, std::string{field} + ": must be MD5 or HMAC-SHA256"};
}

SignType requestSignType(const PaymentSettings& settings, const Operation& operation, const Fields& extra) {
  const Json* given = extra.find("signType");
  if (settings.sandbox) return SignType::md5;
  if (given == nullptr || given->isNull()) return operation.hmacOnly ? SignType::hmacSha256 : settings.signType;
  const auto type = signTypeOf(given->string() != nullptr ? *given->string() : std::string{}, "signType");
  if (operation.hmacOnly && type != SignType::hmacSha256) {
    throw Error{Errc::invalidArgument, "signType: WeChat takes only HMAC-SHA256 here"};
  }
  return type;
}

std::string sign(std::span<crypto::NamedValue> fields, std::string_view key, SignType type) {
  std::string content = crypto::signContent(fields, true);
  content += "&key=";
  content += key;
  return type == SignType::md5 ? codec::toUpperHex(crypto::md5(content)) : codec::toUpperHex(crypto::hmacSha256(key, content));
}

HttpRequest signedRequest(const PaymentSettings& settings, const Operation& operation, SignType type, marshal::FlatFields fields,
                          const Stamp& stamp, std::size_t host) {
  const auto isPublic = [](const auto& field) {
    constexpr std::array<std::string_view, 5> names{"appid", "mch_id", "nonce_str", "sign", "sign_type"};
    return std::find(names.begin(), names.end(), field.first) != names.end();
  };
  const bool asked = std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.first == "sign_type"; });
  std::erase_if(fields, isPublic);
  fields.emplace_back("appid", settings.appId);
  fields.emplace_back("mch_id", settings.mchId);
  fields.emplace_back("nonce_str", stamp.nonce);
  if (asked || type == SignType::hmacSha256) fields.emplace_back("sign_type", type == SignType::md5 ? "MD5" : "HMAC-SHA256");

  std::vector<crypto::NamedValue> named;
  named.reserve(fields.size());
  for (const auto& [name, value] : fields) named.emplace_back(name, value);
  fields.emplace_back("sign", sign(named, settings.key, type));

  HttpRequest request;
  request.url = settings.baseUrls.at(host) + pathOf(settings, operation);
  request.headers.add("Content-Type", "text/xml; charset=utf-8");
  request.body = codec::writeXml("xml", fields);
  if (operation.clientCertificate) request.identity = settings.identity;
  return request;
}

codec::FlatXml parseSigned(std::string_view text) {
  try {
    return codec::FlatXml::parse(text, "xml");
  } catch (const codec::RepeatedElement& error) {
    throw Error{Errc::badSignature, error.what()};
  }
}

void verifySign(const codec::FlatXml& message, std::string_view key, SignType type) {
  const auto given = message.value("sign");
  if (given.empty()) throw Error{Errc::badSignature, "the message carries no sign"};
  std::vector<crypto::NamedValue> fields;
  fields.reserve(message.fields().size());
  for (const auto& field : message.fields()) {
    if (field.name != "sign") fields.emplace_back(field.name, field.value);
  }
  if (!crypto::equalInConstantTime(sign(fields, key, type), given)) {
    throw Error{Errc::badSignature, "sign does not verify: check the API key (key), and that the bytes are those that arrived"};
  }
  for (const auto& [name, value] : fields) {
    if (const auto hidden = crypto::hiddenField(value, followingFields); !hidden.empty()) {
      throw Error{Errc::badSignature,
                  std::string{name} + ": holds \"&" + std::string{hidden} +
                      "=\", so the signature fits other fields too; query the order, and refuse such a text in orders"};
    }
  }
}

void verifyIdentity(const codec::FlatXml& message, const PaymentSettings& settings) {
  const auto appId = message.value("appid");
  const auto mchId = message.value("mch_id");
  const bool omitted = settings.sandbox && appId.empty();  // the sandbox often leaves it out
  const auto differs = [](std::string_view name, std::string_view value, const char* whose) {
    const auto problem =
        value.empty() ? std::string{"missing in the message"} : std::string{"the message is for another "} + whose;
    throw Error{Errc::identityMismatch, std::string{name} + ": " + problem};
  };
  if (!omitted && appId != settings.appId) differs("appid", appId, "application");
  if (mchId != settings.mchId) differs("mch_id", mchId, "merchant");
}

void throwRejected(const Operation& operation, std::string_view errCode, std::string_view errMsg, bool isSigned) {
  Error::Details details;
  details.errCode = errCode;
  details.errMsg = errMsg;
  const bool unknown = meansUnknown(errCode) || (operation.movesMoney && !isSigned);
  details.outcome = unknown ? Outcome::unknown : Outcome::rejected;
  details.retryable = meansRetry(errCode);
  std::string message = platformText(errCode);
  if (!errMsg.empty()) message += ' ' + platformText(errMsg);
  if (const auto hint = paymentHint(errCode, errMsg); !hint.empty()) message += " (" + std::string{hint} + ')';
  if (!isSigned && operation.movesMoney) message += " (unsigned answer: query before you repeat)";
  throw Error{Errc::rejected, message, std::move(details)};
}

codec::FlatXml verifiedAnswer(const PaymentSettings& settings, const Operation& operation, SignType type,
                              const HttpResponse& response) {
  if (response.status != 200) throw http::unexpectedStatus(response.status, !operation.readOnly);
  auto answer = parseSigned(response.body);
  const auto returnCode = answer.value("return_code");
  requirePresent("return_code", returnCode);
  if (returnCode != "SUCCESS") {
    throwRejected(operation, returnCode, first(answer.value("return_msg"), answer.value("retmsg")), false);
  }
  verifyIdentity(answer, settings);
  verifySign(answer, settings.key, type);
  const auto resultCode = answer.value("result_code");
  requirePresent("result_code", resultCode);
  if (resultCode != "SUCCESS")
    throwRejected(operation, first(answer.value("err_code"), resultCode), answer.value("err_code_des"), true);
  return answer;
}

}  // namespace openapi::weixin
