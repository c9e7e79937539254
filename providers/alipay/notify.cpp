#include <alipay/operations.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/sign_content.hpp>
#include <marshal/flat_struct.hpp>
#include <notify_event.hpp>

#include <algorithm>
#include <utility>
#include <vector>

// https://opendocs.alipay.com/open/270/105902
namespace openapi::alipay {

namespace {

constexpr std::string_view contentTypes = "x-www-form-urlencoded";

constexpr std::array<marshal::Irregular, 4> notifyNames{{
    {"openid", "buyer_id"},
    {"cashFee", "buyer_pay_amount"},
    {"totalFee", "total_amount"},
    {"transactionId", "trade_no"},
}};
using NotifyStyle = marshal::WireStyle<notifyNames, marshal::Amounts::yuan>;

std::string_view valueOf(const codec::FormFields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; });
  return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

/// Which fields the signed text has.
struct Variant {
  bool withSignType = false;
  bool withEmpty = true;
  bool withCertSn = true;
};

std::string signedText(const codec::FormFields& fields, Variant variant) {
  std::vector<crypto::NamedValue> named;
  named.reserve(fields.size());
  for (const auto& [name, value] : fields) {
    const bool left = name == "sign" || (name == "sign_type" && !variant.withSignType) || (name == "alipay_cert_sn" && !variant.withCertSn);
    if (!left) named.emplace_back(name, value);
  }
  return crypto::signContent(named, !variant.withEmpty);
}

/// Payment messages leave `sign_type` out of the signed text; some other messages keep it, some drop empty values, and none
/// is documented well. All of them are signed by Alipay over everything that is read here, so each is as good as the first.
std::vector<Variant> variantsFor(const codec::FormFields& fields) {
  std::vector<Variant> variants{{}};
  const bool anyEmpty = std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.second.empty(); });
  if (anyEmpty) variants.push_back({false, false, true});
  if (!valueOf(fields, "alipay_cert_sn").empty()) variants.push_back({false, true, false});
  if (!valueOf(fields, "sign_type").empty()) variants.push_back({true, true, true});
  return variants;
}

std::string digestOf(std::string_view bytes, crypto::RsaDigest digest) {
  const auto text = [](const auto& hash) { return std::string{hash.begin(), hash.end()}; };
  return digest == crypto::RsaDigest::sha256 ? text(crypto::sha256(bytes)) : text(crypto::sha1(bytes));
}

void verifySign(const Settings& settings, const codec::FormFields& fields) {
  const auto signature = valueOf(fields, "sign");
  if (signature.empty()) throw Error{Errc::badSignature, "the notification carries no sign"};
  const auto stated = valueOf(fields, "sign_type");
  if (!stated.empty() && stated != settings.signType) {
    throw Error{Errc::badSignature, "sign_type is not the configured " + settings.signType + ": refused"};
  }
  // One RSA operation, whatever the variant.
  const auto digest = settings.alipayPublicKey.recoverDigest(signature, settings.digest);
  for (const auto variant : variantsFor(fields)) {
    if (digest && crypto::equalInConstantTime(*digest, digestOf(signedText(fields, variant), settings.digest))) return;
  }
  throw Error{Errc::badSignature,
              "sign does not verify: check alipayPublicKey (Alipay's public key, not the app's), and that the body is the bytes that arrived"};
}

void verifyIdentity(const Settings& settings, const codec::FormFields& fields) {
  if (valueOf(fields, "app_id") != settings.appId) throw Error{Errc::identityMismatch, "app_id: the notification is for another application"};
  const auto seller = valueOf(fields, "seller_id");
  if (settings.mchId && !seller.empty() && seller != *settings.mchId) {
    throw Error{Errc::identityMismatch, "seller_id: the notification is for another payee"};
  }
}

bool sameIgnoringCase(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), same);
}

void convertToUtf8(codec::FormFields& fields) {
  const auto charset = valueOf(fields, "charset");
  const bool utf8 = charset.empty() || sameIgnoringCase(charset, "utf-8") || sameIgnoringCase(charset, "utf8");
  const bool gbk = sameIgnoringCase(charset, "gbk") || sameIgnoringCase(charset, "gb2312") || sameIgnoringCase(charset, "gb18030");
  if (!utf8 && !gbk) throw Error{Errc::badResponse, "charset: neither utf-8 nor gbk"};
  for (auto& [name, value] : fields) {
    if (utf8 && !codec::isUtf8(value)) throw Error{Errc::badResponse, name + ": not valid UTF-8"};
    if (!gbk) continue;
    auto converted = codec::fromGb18030(value);
    if (!converted) throw Error{Errc::badResponse, name + ": not valid GBK"};
    value = std::move(*converted);
  }
}

void requirePresent(const codec::FormFields& fields, const char* name) {
  if (valueOf(fields, name).empty()) throw Error{Errc::badResponse, std::string{name} + ": missing in the notification"};
}

/// `2017-03-16 16:10:31` -> `20170316161031`, as the unified interface documents it.
std::string digitsOf(std::string_view time) {
  std::string digits;
  std::copy_if(time.begin(), time.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits.substr(0, 14);
}

PaymentNotify readFields(const codec::FormFields& fields) {
  std::vector<marshal::FlatField> views;
  views.reserve(fields.size());
  for (const auto& [name, value] : fields) views.push_back({name, value});
  std::sort(views.begin(), views.end(), [](const auto& left, const auto& right) { return left.name < right.name; });
  constexpr std::array<std::string_view, 1> envelope{"sign"};
  auto notify = marshal::structFromFlat<NotifyStyle, PaymentNotify>(views, envelope);
  constexpr std::string_view prefix = "TRADE_";
  if (notify.tradeStatus) {
    const std::string_view status = *notify.tradeStatus;
    notify.resultCode = status.starts_with(prefix) ? status.substr(prefix.size()) : status;
  }
  if (notify.gmtPayment) notify.timeEnd = digitsOf(*notify.gmtPayment);
  const Json* openId = notify.extra.find("buyerOpenId");
  if (!notify.openid && openId != nullptr && openId->string() != nullptr) notify.openid = *openId->string();
  return notify;
}

}  // namespace

PaymentNotify paymentNotify(const Settings& settings, const Event& event, std::chrono::system_clock::time_point now) {
  std::string decoded;
  auto fields = codec::parseForm(notifyBody(event, contentTypes, decoded));
  verifyIdentity(settings, fields);
  verifySign(settings, fields);
  convertToUtf8(fields);
  for (const char* name : {"out_trade_no", "trade_no", "total_amount"}) requirePresent(fields, name);
  auto notify = readFields(fields);
  if (settings.notifyMaxAge) requireFresh(notify.notifyTime.value_or(""), "notify_time", now, *settings.notifyMaxAge);
  return notify;
}

}  // namespace openapi::alipay
