#include <gateways/alipay/alipay_platform.hpp>

#include <openapi/error.hpp>

#include <crypto/random.hpp>

namespace openapi::gateway::alipay {
namespace {

void checkPayable(const Trade& trade) {
  if (trade.status == tradeSuccess || trade.status == tradeFinished) throw ControlError{409, "the order is paid", "outTradeNo"};
  if (trade.status == tradeClosed) throw ControlError{409, "the order is closed", "outTradeNo"};
}

std::string codeDigits(std::size_t count) {
  auto text = crypto::randomText(count);
  for (auto& c : text) c = static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
  return text;
}

}  // namespace

Trade AlipayPlatform::openOrderString(const std::string& outTradeNo, const std::string& orderString) {
  const Request nothing{};
  Call call{nothing};
  try {
    call.params = readOrderString(orderString);
    admit(call);
    const bool app = call.method == "alipay.trade.app.pay";
    if (!app && !call.isPage()) throw ControlError{400, "orderString must be an app, page or wap order", "orderString"};
    const auto product = app ? Product::app : call.method == "alipay.trade.wap.pay" ? Product::wap : Product::page;
    const auto order = orderOf(call, product);
    if (order.outTradeNo != outTradeNo) throw ControlError{400, "orderString is about another order", "orderString"};
    return openTrade(call, order);
  } catch (const Refusal& why) {
    const bool over = why.subCode == "ACQ.TRADE_HAS_SUCCESS" || why.subCode == "ACQ.TRADE_HAS_CLOSE";
    throw ControlError{over ? 409 : 400, why.subCode + " " + why.subMsg, "orderString"};
  } catch (const Error& e) {
    throw ControlError{400, e.what(), "orderString"};
  }
}

Trade AlipayPlatform::opened(const Json& input) {
  const auto outTradeNo = requireText(input, "outTradeNo");
  const auto orderString = optionalText(input, "orderString");
  if (!orderString.empty()) return openOrderString(outTradeNo, orderString);
  auto trade = store_.byOutTradeNo(outTradeNo);
  if (!trade)
    throw ControlError{404, "Alipay has not seen this order: pass orderString for an app, page or wap order", "outTradeNo"};
  if (trade->opened()) return *trade;
  const auto now = services_.clock.now();
  if (now >= trade->created + knobs_.qrCodeLife || now >= trade->expires)
    throw ControlError{409, "the QR code has expired", "outTradeNo"};
  open(*trade);
  store_.update(*trade);
  return *trade;
}

void AlipayPlatform::setBuyer(Trade& trade, const Json& input) {
  const auto openid = optionalText(input, "openid");
  if (openid.empty() || openid == trade.buyerId || openid == trade.buyerOpenId) return;
  if (trade.buyerFixed) throw ControlError{409, "the order belongs to another openid", "openid"};
  trade.buyerId = isUserId(openid) ? openid : userIdFor(openid);
  if (trade.buyerId == identity_.sellerId) throw ControlError{409, "the seller cannot pay", "openid"};
  store_.update(trade);
}

Json AlipayPlatform::pay(const Json& input) {
  settleTimes();
  const auto options = NotifyOptions::from(input);
  Transaction transaction{services_.database};
  auto trade = opened(input);
  checkPayable(trade);
  setBuyer(trade, input);
  markPaid(trade, options);
  transaction.commit();
  return orderJson(trade);
}

std::optional<FieldNames> AlipayPlatform::controlFields(std::string_view route) const {
  if (route == "/pay" || route == "/open")
    return FieldNames{"outTradeNo", "orderString", "openid", "notifyTimes", "notifyDelayMs"};
  if (route == "/authcode") return FieldNames{"openid"};
  if (route == "/paycode") return FieldNames{"result"};
  if (route == "/bill") return billFields();
  if (route == "/answers") return FieldNames{"shape", "times"};
  return std::nullopt;
}

Json AlipayPlatform::extra(std::string_view route, const Json& input) {
  if (route == "/open") {
    settleTimes();
    Transaction transaction{services_.database};
    auto trade = opened(input);
    checkPayable(trade);
    setBuyer(trade, input);
    transaction.commit();
    return orderJson(trade);
  }
  if (route == "/authcode") return authCode(input);
  if (route == "/paycode") return payCode(input);
  if (route == "/bill") return planBills(input);
  if (route == "/answers") {
    const auto shape = shapeOf(requireText(input, "shape"));
    if (!shape) throw ControlError{400, "there is no such shape", "shape"};
    shapeAnswers(*shape, optionalInteger(input, "times", 1, 0, 1'000'000));
    return Fields{{"ok", true}};
  }
  return Platform::extra(route, input);
}

Json AlipayPlatform::authCode(const Json& input) const {
  const auto openid = optionalText(input, "openid", defaultBuyer);
  const auto user = isUserId(openid) ? openid : userIdFor(openid);
  return Fields{{"code", "auth-" + user + "-" + crypto::randomText(16)}, {"openid", user}};
}

Json AlipayPlatform::payCode(const Json& input) const {
  const auto result = optionalText(input, "result", "ok");
  // 28 and 16 digits; the last ones say how the payment ends.
  if (result == "ok") return Fields{{"code", "28" + codeDigits(15) + "1"}};
  if (result == "password") return Fields{{"code", "28" + codeDigits(11) + "10003"}};
  if (result == "unknown") return Fields{{"code", "28" + codeDigits(11) + "20000"}};
  throw ControlError{400, "result must be ok, password or unknown", "result"};
}

Json AlipayPlatform::orderJson(const Trade& trade) const {
  Fields fields{{"provider", "alipay"},
                {"outTradeNo", trade.outTradeNo},
                {"transactionId", trade.tradeNo},
                {"appId", identity_.appId},
                {"mchId", identity_.sellerId},
                {"openid", trade.buyerId},
                {"tradeType", trade.method},
                {"tradeState", trade.opened() ? trade.status : std::string{"NOT_OPENED"}},
                {"totalFee", trade.total.count()},
                {"refundFee", trade.refunded.count()},
                {"subject", trade.subject},
                {"body", trade.body},
                {"notifyUrl", trade.notifyUrl},
                {"created", readableTime(trade.created)},
                {"expires", readableTime(trade.expires)}};
  if (trade.paid) fields.append("timeEnd", compactTime(*trade.paid));
  if (trade.closed) fields.append("closed", readableTime(*trade.closed));
  if (!trade.qrCode.empty()) fields.append("qrCode", trade.qrCode);
  if (trade.paid && !trade.returnUrl.empty()) fields.append("returnUrl", returnUrl(trade));
  return fields;
}

Json AlipayPlatform::orders() {
  settleTimes();
  Json::Array list;
  for (const auto& trade : store_.trades()) list.push_back(orderJson(trade));
  return list;
}

Json AlipayPlatform::refunds() {
  Json::Array list;
  for (const auto& [trade, refund] : store_.refunds()) {
    list.push_back(Fields{{"provider", "alipay"},
                          {"outTradeNo", trade.outTradeNo},
                          {"transactionId", trade.tradeNo},
                          {"outRefundNo", refund.outRequestNo},
                          {"refundFee", refund.amount.count()},
                          {"totalFee", trade.total.count()},
                          {"refundStatus", "SUCCESS"},
                          {"refundDesc", refund.reason},
                          {"created", readableTime(refund.time)}});
  }
  return list;
}

}  // namespace openapi::gateway::alipay
