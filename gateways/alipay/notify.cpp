#include <gateways/alipay/alipay_platform.hpp>

#include <codec/form.hpp>
#include <crypto/random.hpp>

#include <algorithm>

namespace openapi::gateway::alipay {
namespace {

/// yyyyMMdd00222HHmmss and 15 digits.
std::string notifyId(Time now) {
  const auto time = compactTime(now);
  auto digits = crypto::randomText(15);
  for (auto& c : digits) c = static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
  return time.substr(0, 8) + "00222" + time.substr(8) + digits;
}

std::string optionalTime(const std::optional<Time>& time) { return time ? readableTime(*time) : std::string{}; }

std::string* valueOf(codec::FormFields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

std::string fundBillText(const std::string& amount) {
  return R"([{"amount":")" + amount + R"(","fundChannel":"ALIPAYACCOUNT"}])";
}

}  // namespace

/// In the order of a real body; `sign` follows the subject.
codec::FormFields AlipayPlatform::notifyFields(const Trade& trade, const Refund* refund) const {
  const auto now = services_.clock.now();
  const auto amount = trade.total.yuan();
  codec::FormFields fields{
      {"gmt_create", readableTime(trade.created)},
      {"charset", trade.charset},
      {"gmt_payment", optionalTime(trade.paid)},
      {"gmt_refund", refund == nullptr ? std::string{} : readableTime(refund->time) + ".0"},
      {"gmt_close", optionalTime(trade.closed)},
      {"notify_time", readableTime(now)},
      {"subject", trade.subject},
      {trade.buyerOpenId.empty() ? "buyer_id" : "buyer_open_id", trade.buyerOpenId.empty() ? trade.buyerId : trade.buyerOpenId},
      {"body", trade.body},
      {"passback_params", trade.passbackParams},
      {"invoice_amount", amount},
      {"version", "1.0"},
      {"notify_id", notifyId(now)},
      {"fund_bill_list", fundBillText(amount)},
      {"notify_type", "trade_status_sync"},
      {"out_trade_no", trade.outTradeNo},
      {"total_amount", amount},
      {"refund_fee", refund == nullptr ? std::string{} : trade.refunded.yuan()},
      {"out_biz_no", refund == nullptr ? std::string{} : refund->outRequestNo},
      {"trade_status", trade.status},
      {"trade_no", trade.tradeNo},
      {"auth_app_id", identity_.appId},
      {"receipt_amount", amount},
      {"point_amount", "0.00"},
      {"app_id", identity_.appId},
      {"buyer_pay_amount", amount},
      {"sign_type", trade.signType},
      {"seller_id", identity_.sellerId}};
  std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
  return fields;
}

void AlipayPlatform::notify(const Trade& trade, const Refund* refund, const NotifyOptions& options) {
  if (trade.notifyUrl.empty()) return;
  auto fields = notifyFields(trade, refund);
  const auto charset = charsetOf(trade.charset).value_or(Charset::utf8);
  for (auto& [name, value] : fields) value = fromUtf8(value, charset);
  services_.notifier.enqueue({.provider = "alipay",
                              .kind = refund == nullptr ? "payment" : "refund",
                              .url = trade.notifyUrl,
                              .outTradeNo = trade.outTradeNo,
                              .body = signedForm(std::move(fields))},
                             options);
}

std::string AlipayPlatform::signedForm(codec::FormFields fields) const {
  auto signature = sign(notifyStringToSign(fields), *valueOf(fields, "sign_type"));
  const auto subject = std::find_if(fields.begin(), fields.end(), [](const auto& field) { return field.first == "subject"; });
  fields.insert(subject + 1, {"sign", std::move(signature)});
  return javaForm(fields);
}

std::string AlipayPlatform::renewed(const std::string& body) const {
  auto fields = codec::parseForm(body);
  std::erase_if(fields, [](const auto& field) { return field.first == "sign"; });
  *valueOf(fields, "notify_time") = readableTime(services_.clock.now());
  return signedForm(std::move(fields));
}

std::string AlipayPlatform::returnUrl(const Trade& trade) const {
  codec::FormFields fields{{"charset", trade.charset},
                           {"out_trade_no", trade.outTradeNo},
                           {"method", trade.method + ".return"},
                           {"total_amount", trade.total.yuan()},
                           {"trade_no", trade.tradeNo},
                           {"auth_app_id", identity_.appId},
                           {"version", "1.0"},
                           {"app_id", identity_.appId},
                           {"sign_type", trade.signType},
                           {"seller_id", identity_.sellerId},
                           {"timestamp", readableTime(services_.clock.now())}};
  auto signature = sign(notifyStringToSign(fields), trade.signType);
  fields.insert(fields.begin() + 4, {"sign", std::move(signature)});
  return trade.returnUrl + (trade.returnUrl.find('?') == std::string::npos ? '?' : '&') + javaForm(fields);
}

}  // namespace openapi::gateway::alipay
