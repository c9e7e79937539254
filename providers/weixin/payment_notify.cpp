#include <weixin/payment_operations.hpp>

#include <codec/text.hpp>
#include <crypto/aes.hpp>
#include <crypto/digest.hpp>

#include <notify_event.hpp>
#include <platform_text.hpp>

#include <algorithm>
#include <array>
#include <utility>

// https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_7 (payment) and 9_16 (refund)
namespace openapi::weixin {

namespace {

constexpr std::size_t md5Length = 32;
constexpr std::size_t hmacLength = 64;
constexpr std::string_view contentTypes = "xml text/plain octet-stream";

/// What the message says, else what the signature's length tells: notifications seldom carry the type.
SignType notifySignType(const codec::FlatXml& message) {
  const auto stated = message.value("sign_type");
  const auto length = message.value("sign").size();
  if (length == 0) throw Error{Errc::badSignature, "the message carries no sign"};
  if (stated == "MD5") return SignType::md5;
  if (stated == "HMAC-SHA256") return SignType::hmacSha256;
  if (!stated.empty() || (length != md5Length && length != hmacLength)) {
    throw Error{Errc::badSignature, "sign is neither an MD5 nor an HMAC-SHA256 signature"};
  }
  return length == md5Length ? SignType::md5 : SignType::hmacSha256;
}

[[noreturn]] void throwNotifyFailure(std::string_view code, std::string_view text) {
  Error::Details details;
  details.errCode = code;
  details.errMsg = text;
  details.outcome = Outcome::rejected;
  auto message = platformText(code);
  if (!text.empty()) message += ' ' + platformText(text);
  throw Error{Errc::rejected, message + " (the notification tells of a failure)", std::move(details)};
}

codec::FlatXml parseNotify(const Event& event, std::string& decoded) {
  auto message = parseSigned(notifyBody(event, contentTypes, decoded));
  const auto returnCode = message.value("return_code");
  if (returnCode.empty()) throw Error{Errc::badResponse, "return_code: missing in the notification"};
  if (returnCode != "SUCCESS") throwNotifyFailure(returnCode, message.value("return_msg"));
  return message;
}

/// Nothing signs a refund notification: blocks that were moved or repeated show where a value is not what it can be.
void requirePlausible(const RefundNotify& notify) {
  const auto require = [](bool plausible, const char* name) {
    if (!plausible)
      throw Error{Errc::badResponse, std::string{name} + ": not what WeChat sends; query the refund before you rely on it"};
  };
  const auto isNumber = [](std::string_view text, std::size_t maxLength) {
    constexpr std::string_view allowed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-|*@";
    return text.size() <= maxLength && text.find_first_not_of(allowed) == std::string_view::npos;
  };
  constexpr std::array<std::string_view, 3> statuses{"SUCCESS", "CHANGE", "REFUNDCLOSE"};
  require(isNumber(notify.outTradeNo, 32), "out_trade_no");
  require(isNumber(notify.transactionId, 32), "transaction_id");
  require(isNumber(notify.outRefundNo, 64), "out_refund_no");
  require(isNumber(notify.refundId, 32), "refund_id");
  require(std::find(statuses.begin(), statuses.end(), notify.refundStatus) != statuses.end(), "refund_status");
  require(notify.refundFee <= notify.totalFee, "refund_fee");
}

void requirePresent(bool present, const char* name) {
  if (!present) throw Error{Errc::badResponse, std::string{name} + ": missing in the notification"};
}

}  // namespace

PaymentNotify paymentNotify(const PaymentSettings& settings, const Event& event, std::chrono::system_clock::time_point now) {
  std::string decoded;
  const auto message = parseNotify(event, decoded);
  verifyIdentity(message, settings);
  verifySign(message, settings.key, notifySignType(message));
  const auto resultCode = message.value("result_code");
  requirePresent(!resultCode.empty(), "result_code");
  if (resultCode != "SUCCESS") {
    const auto errCode = message.value("err_code");
    throwNotifyFailure(errCode.empty() ? resultCode : errCode, message.value("err_code_des"));
  }
  auto notify = marshal::structFromFlat<PaymentStyle, PaymentNotify>(message.fields(), envelope);
  requirePresent(message.find("total_fee") != nullptr, "total_fee");
  requirePresent(!notify.outTradeNo.empty(), "out_trade_no");
  requirePresent(!notify.transactionId.empty(), "transaction_id");
  if (settings.notifyMaxAge) requireFresh(notify.timeEnd.value_or(""), "time_end", now, *settings.notifyMaxAge);
  return notify;
}

RefundNotify refundNotify(const PaymentSettings& settings, const Event& event) {
  std::string decoded;
  const auto message = parseNotify(event, decoded);
  verifyIdentity(message, settings);
  const auto ciphertext = codec::fromBase64(message.value("req_info"));
  const auto key = codec::toLowerHex(crypto::md5(settings.key));
  const auto plain = ciphertext ? crypto::decryptAes256Ecb(key, *ciphertext) : std::nullopt;
  if (!plain)
    throw Error{Errc::badResponse, "req_info: does not decrypt with the API key; query the refund before you rely on it"};
  const auto inner = codec::FlatXml::parse(*plain, "root");
  auto notify = marshal::structFromFlat<PaymentStyle, RefundNotify>(inner.fields());
  notify.appId = message.value("appid");
  notify.mchId = message.value("mch_id");
  notify.extra.append("returnCode", message.value("return_code"));
  requirePresent(inner.find("total_fee") != nullptr, "total_fee");
  requirePresent(inner.find("refund_fee") != nullptr, "refund_fee");
  requirePresent(!notify.outTradeNo.empty(), "out_trade_no");
  requirePresent(!notify.outRefundNo.empty(), "out_refund_no");
  requirePresent(!notify.refundId.empty(), "refund_id");
  requirePresent(!notify.refundStatus.empty(), "refund_status");
  requirePlausible(notify);
  return notify;
}

}  // namespace openapi::weixin
