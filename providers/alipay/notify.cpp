#include <alipay/operations.hpp>

#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/hidden_field.hpp>
#include <crypto/sign_content.hpp>
#include <marshal/flat_struct.hpp>
#include <notify_event.hpp>

#include <algorithm>
#include <optional>
#include <span>
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

using codec::FlatField;
using codec::FlatForm;

/// Which fields the signed text has.
struct Variant {
  bool withSignType = false;
  bool withEmpty = true;
  bool withCertSn = true;
};

/// The fields that a signature of this kind covers: nothing else is read.
std::vector<FlatField> signedFields(const FlatForm& form, Variant variant) {
  std::vector<FlatField> covered;
  covered.reserve(form.fields().size());
  for (const auto& [name, value] : form.fields()) {
    const bool left = name == "sign" || (name == "sign_type" && !variant.withSignType) ||
                      (name == "alipay_cert_sn" && !variant.withCertSn) || (value.empty() && !variant.withEmpty);
    if (!left) covered.push_back({name, value});
  }
  return covered;
}

std::string signedText(const std::vector<FlatField>& fields) {
  std::vector<crypto::NamedValue> named;
  named.reserve(fields.size());
  for (const auto& [name, value] : fields) named.emplace_back(name, value);
  return crypto::signContent(named, false);
}

/// Payment messages leave `sign_type` out of the signed text; some other messages keep it, some drop empty values, and none
/// is documented well. All of them are signed by Alipay, so each is as good as the first for the fields that it covers.
std::vector<Variant> otherVariants(const FlatForm& form) {
  std::vector<Variant> variants;
  const auto& fields = form.fields();
  const bool anyEmpty = std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.value.empty(); });
  if (anyEmpty) variants.push_back({false, false, true});
  if (!form.value("alipay_cert_sn").empty()) variants.push_back({false, true, false});
  if (!form.value("sign_type").empty()) variants.push_back({true, true, true});
  return variants;
}

/// Whether `digest` is that of `bytes`.
bool isDigestOf(std::string_view digest, std::string_view bytes, crypto::RsaDigest kind) {
  const auto isSame = [digest](const auto& hash) {
    return crypto::equalInConstantTime(digest, {reinterpret_cast<const char*>(hash.data()), hash.size()});
  };
  return kind == crypto::RsaDigest::sha256 ? isSame(crypto::sha256(bytes)) : isSame(crypto::sha1(bytes));
}

/// What the signature covers, if it verifies.
std::optional<std::vector<FlatField>> verifiedFields(const Settings& settings, const FlatForm& form, std::string_view signature) {
  // One RSA operation, whatever the variant.
  const auto digest = settings.alipayPublicKey.recoverDigest(signature, settings.digest);
  if (!digest) return {};
  const auto fits = [&](const std::vector<FlatField>& fields) {
    return isDigestOf(*digest, signedText(fields), settings.digest);
  };
  if (auto fields = signedFields(form, {}); fits(fields)) return fields;
  for (const auto variant : otherVariants(form)) {
    if (auto fields = signedFields(form, variant); fits(fields)) return fields;
  }
  return {};
}

/// Field names are plain, and no text reads as the fields that follow it: else one signature would fit other fields too.
void requireOneReading(const std::vector<FlatField>& fields) {
  const auto isPlain = [](char c) { return codec::isAlphanumeric(c) || c == '_' || c == '-' || c == '.'; };
  for (const auto& [name, value] : fields) {
    if (!std::all_of(name.begin(), name.end(), isPlain))
      throw Error{Errc::badResponse, "a field has a name that no field of Alipay's has"};
    if (const auto hidden = crypto::hiddenField(value, followingFields); !hidden.empty()) {
      throw Error{Errc::badSignature,
                  std::string{name} + ": holds \"&" + std::string{hidden} +
                      "=\", so the signature fits other fields too; query the order, and refuse such a text in orders"};
    }
  }
}

/// The fields that the signature covers. Throws `badSignature`.
std::vector<FlatField> verifySign(const Settings& settings, const FlatForm& form) {
  const auto signature = form.value("sign");
  if (signature.empty()) throw Error{Errc::badSignature, "the notification carries no sign"};
  const auto isSignType = [](const auto& field) { return field.name == "sign_type"; };
  const auto stated = std::find_if(form.fields().begin(), form.fields().end(), isSignType);
  if (stated != form.fields().end() && stated->value != settings.signType) {
    throw Error{Errc::badSignature, "sign_type is not the configured " + settings.signType + ": refused"};
  }
  auto verified = verifiedFields(settings, form, signature);
  if (!verified) {
    throw Error{Errc::badSignature,
                "sign does not verify: check alipayPublicKey (Alipay's public key, not the app's), and that the body is the "
                "bytes that arrived"};
  }
  requireOneReading(*verified);
  return std::move(*verified);
}

void verifyIdentity(const Settings& settings, const FlatForm& form) {
  const auto appId = form.value("app_id");
  if (appId.empty())
    throw Error{Errc::identityMismatch, "app_id: missing in the notification; pass the body as it arrived, without the address"};
  if (appId != settings.appId) throw Error{Errc::identityMismatch, "app_id: the notification is for another application"};
  const auto seller = form.value("seller_id");
  if (settings.mchId && !seller.empty() && seller != *settings.mchId) {
    throw Error{Errc::identityMismatch, "seller_id: the notification is for another payee"};
  }
}

/// `fields` of the form in UTF-8; `converted` holds the texts that are not those of the form.
void convertToUtf8(const FlatForm& form, std::vector<FlatField>& fields, std::vector<std::string>& converted) {
  const auto charset = form.value("charset");
  const bool utf8 = charset.empty() || codec::equalIgnoringCase(charset, "utf-8") || codec::equalIgnoringCase(charset, "utf8");
  const bool gbk = codec::equalIgnoringCase(charset, "gbk") || codec::equalIgnoringCase(charset, "gb2312") ||
                   codec::equalIgnoringCase(charset, "gb18030");
  if (!utf8 && !gbk) throw Error{Errc::badResponse, "charset: neither utf-8 nor gbk"};
  if (utf8 && codec::isUtf8(form.text())) return;
  converted.reserve(fields.size());
  for (auto& [name, value] : fields) {
    if (utf8 && !codec::isUtf8(value)) throw Error{Errc::badResponse, std::string{name} + ": not valid UTF-8"};
    if (!gbk) continue;
    auto text = codec::fromGb18030(value);
    if (!text) throw Error{Errc::badResponse, std::string{name} + ": not valid GBK"};
    value = converted.emplace_back(std::move(*text));
  }
}

void requirePresent(std::span<const FlatField> fields, const char* name) {
  const FlatField* field = codec::findField(fields, name);
  if (field == nullptr || field->value.empty())
    throw Error{Errc::badResponse, std::string{name} + ": missing in the notification"};
}

/// `2017-03-16 16:10:31` -> `20170316161031`, as the unified interface documents it.
std::string digitsOf(std::string_view time) {
  std::string digits;
  std::copy_if(time.begin(), time.end(), std::back_inserter(digits), codec::isDigit);
  return digits.substr(0, 14);
}

PaymentNotify readFields(std::span<const FlatField> fields) {
  constexpr std::array<std::string_view, 1> envelope{"sign"};
  auto notify = marshal::structFromFlat<NotifyStyle, PaymentNotify>(fields, envelope);
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
  const auto form = FlatForm::parse(notifyBody(event, contentTypes, decoded));
  verifyIdentity(settings, form);
  auto fields = verifySign(settings, form);
  std::vector<std::string> converted;
  convertToUtf8(form, fields, converted);
  // What Alipay sends through the buyer's browser is signed alike, and has no notify_id.
  for (const char* name : {"notify_id", "out_trade_no", "trade_no", "total_amount"}) requirePresent(fields, name);
  auto notify = readFields(fields);
  notify.extra.erase("signType");  // whatever the message says, it was verified as the configuration says
  notify.extra.append("signType", settings.signType);
  if (settings.notifyMaxAge) requireFresh(notify.notifyTime.value_or(""), "notify_time", now, *settings.notifyMaxAge);
  return notify;
}

}  // namespace openapi::alipay
