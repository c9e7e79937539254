#include <weixin/payment_operations.hpp>

#include <check.hpp>
#include <codec/text.hpp>
#include <crypto/hidden_field.hpp>

// Limits of https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_1 and its neighbours.
namespace openapi::weixin {

namespace {

constexpr std::string_view orderCharacters = "_-|*";
constexpr std::string_view refundCharacters = "_-|*@";
constexpr Fen maxFee{10'000'000'000};

void checkOrderNumber(std::string_view field, std::string_view value) { check::number(field, value, 32, orderCharacters); }

void checkTransactionId(const std::optional<std::string>& value) {
  if (value) check::number("transactionId", *value, 32, {});
}

void checkText(const Fields& extra, std::string_view field, std::size_t maxCharacters) {
  const Json* value = extra.find(field);
  if (value == nullptr || value->string() == nullptr) return;
  if (codec::codePoints(*value->string()) > maxCharacters) {
    check::invalid(field, "longer than " + std::to_string(maxCharacters) + " characters");
  }
}

/// A text that comes back in signed messages.
void checkEchoed(const Fields& extra, std::string_view field, std::size_t maxCharacters) {
  checkText(extra, field, maxCharacters);
  const Json* value = extra.find(field);
  if (value == nullptr || value->string() == nullptr) return;
  const auto hidden = crypto::hiddenField(*value->string(), followingFields);
  if (!hidden.empty())
    check::invalid(field, "must not hold \"&" + std::string{hidden} + "=\": in the notification it would read as a field");
}

/// Either number names the order.
void checkOrder(const std::optional<std::string>& outTradeNo, const std::optional<std::string>& transactionId) {
  if (!outTradeNo && !transactionId) check::invalid("outTradeNo", "required, or transactionId");
  if (outTradeNo) checkOrderNumber("outTradeNo", *outTradeNo);
  checkTransactionId(transactionId);
}

std::string_view plainText(const Json* value) {
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string_view{};
}

void checkTime(const Fields& extra, std::string_view field) {
  const Json* value = extra.find(field);
  std::chrono::system_clock::time_point time;
  if (value == nullptr || value->isNull()) return;
  const std::string text{plainText(value)};
  if (text.size() != 14 || !parseGmt8(text, time)) check::invalid(field, "must be a time as yyyyMMddHHmmss");
}

void checkBill(const std::string& billDate, const std::optional<std::string>& tarType) {
  if (billDate.empty()) check::invalid("billDate", "required");
  if (!isDay(billDate)) check::invalid("billDate", "must be a day as yyyyMMdd, such as 20261121");
  if (tarType) check::oneOf("tarType", *tarType, "GZIP");
}

void requireIdentity(const PaymentSettings& settings, std::string_view what) {
  if (settings.identity == nullptr && !settings.sandbox) {
    throw Error{Errc::config,
                std::string{what} + " needs the merchant's API certificate: set pfx, or certificate and certificateKey"};
  }
}

std::string tradeTypeOf(const PaymentSettings& settings, const UnifiedOrderRequest& request) {
  return request.tradeType.value_or(settings.clientType == "app-plus" ? "APP" : "JSAPI");
}

}  // namespace

void check(const PaymentSettings& settings, const UnifiedOrderRequest& request) {
  check::extra(request.extra);
  checkOrderNumber("outTradeNo", request.outTradeNo);
  check::text("body", request.body.value_or(""), 128);
  check::amount("totalFee", request.totalFee, maxFee);
  check::url("notifyUrl", request.notifyUrl, 256);
  if (request.notifyUrl.find('?') != std::string::npos) check::invalid("notifyUrl", "WeChat takes no query in it");
  if (request.extra.find("clientType") != nullptr) {
    check::invalid("clientType", "belongs to getOrderInfo or the configuration; unifiedOrder takes tradeType");
  }
  const auto tradeType = tradeTypeOf(settings, request);
  check::oneOf("tradeType", tradeType, "JSAPI NATIVE APP MWEB");
  const bool partner = request.extra.find("subOpenid") != nullptr || request.extra.find("subOpenId") != nullptr;
  if (tradeType == "JSAPI" && !partner) check::text("openid", request.openid.value_or(""), 128);
  if (request.openid && !request.openid->empty()) check::text("openid", *request.openid, 128);
  if (tradeType == "NATIVE") check::text("productId", plainText(request.extra.find("productId")), 32);
  if (tradeType == "MWEB" && request.extra.find("sceneInfo") == nullptr)
    check::invalid("sceneInfo", "required for MWEB (h5_info)");
  checkEchoed(request.extra, "attach", 127);
  checkText(request.extra, "detail", 6000);
  checkEchoed(request.extra, "deviceInfo", 32);
  checkText(request.extra, "goodsTag", 32);
  checkText(request.extra, "spbillCreateIp", 64);
  checkTime(request.extra, "timeStart");
  checkTime(request.extra, "timeExpire");
}

void check(const PaymentSettings&, const OrderQueryRequest& request) {
  check::extra(request.extra);
  checkOrder(request.outTradeNo, request.transactionId);
}

void check(const PaymentSettings&, const CloseOrderRequest& request) {
  check::extra(request.extra);
  checkOrderNumber("outTradeNo", request.outTradeNo.value_or(""));
}

void check(const PaymentSettings& settings, const RefundRequest& request) {
  check::extra(request.extra);
  checkOrder(request.outTradeNo, request.transactionId);
  check::number("outRefundNo", request.outRefundNo.value_or(""), 64, refundCharacters);
  if (!request.totalFee) check::invalid("totalFee", "required");
  check::amount("totalFee", *request.totalFee, maxFee);
  check::amount("refundFee", request.refundFee, maxFee);
  if (request.refundFee > *request.totalFee) check::invalid("refundFee", "more than totalFee");
  if (request.refundFeeType) check::text("refundFeeType", *request.refundFeeType, 8);
  if (request.refundDesc) check::text("refundDesc", *request.refundDesc, 80);
  if (request.notifyUrl) check::url("notifyUrl", *request.notifyUrl, 256);
  requireIdentity(settings, "refund");
}

void check(const PaymentSettings&, const RefundQueryRequest& request) {
  check::extra(request.extra);
  const bool any = request.refundId || request.outRefundNo || request.transactionId || request.outTradeNo;
  if (!any) check::invalid("outRefundNo", "required, or refundId, outTradeNo or transactionId");
  if (request.outTradeNo) checkOrderNumber("outTradeNo", *request.outTradeNo);
  checkTransactionId(request.transactionId);
  if (request.outRefundNo) check::number("outRefundNo", *request.outRefundNo, 64, refundCharacters);
  if (request.refundId) check::number("refundId", *request.refundId, 32, {});
  if (request.offset && *request.offset < 0) check::invalid("offset", "must not be negative");
}

void check(const PaymentSettings&, const DownloadBillRequest& request) {
  check::extra(request.extra);
  checkBill(request.billDate, request.tarType);
  if (request.billType) check::oneOf("billType", *request.billType, "ALL SUCCESS REFUND RECHARGE_REFUND");
}

void check(const PaymentSettings& settings, const DownloadFundflowRequest& request) {
  check::extra(request.extra);
  checkBill(request.billDate, request.tarType);
  if (request.accountType) check::oneOf("accountType", *request.accountType, "Basic Operation Fees");
  requireIdentity(settings, "downloadFundflow");
}

}  // namespace openapi::weixin
