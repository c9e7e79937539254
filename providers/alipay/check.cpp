#include <alipay/operations.hpp>

#include <check.hpp>
#include <crypto/hidden_field.hpp>

// Limits of https://opendocs.alipay.com/open/02ekfj (create) and its neighbours.
namespace openapi::alipay {

namespace {

constexpr Fen maxAmount{10'000'000'000};

void checkOrderNumber(std::string_view value) { check::number("outTradeNo", value, 64, "_"); }

void checkOrder(const std::optional<std::string>& outTradeNo, const std::optional<std::string>& transactionId) {
  if (!outTradeNo && !transactionId) check::invalid("outTradeNo", "required, or transactionId");
  if (outTradeNo) checkOrderNumber(*outTradeNo);
  if (transactionId) check::number("transactionId", *transactionId, 64, {});
}

template <class Request>
void checkOrderOnly(const Request& request) {
  check::extra(request.extra);
  checkOrder(request.outTradeNo, request.transactionId);
}

/// A text that comes back in signed notifications.
void checkEchoed(std::string_view field, std::string_view value) {
  const auto hidden = crypto::hiddenField(value, followingFields);
  if (!hidden.empty())
    check::invalid(field, "must not hold \"&" + std::string{hidden} + "=\": in the notification it would read as a field");
}

bool has(const Fields& extra, std::string_view name) { return extra.find(name) != nullptr; }

}  // namespace

void check(const Settings&, const Code2SessionRequest& request) { check::text("code", request.code, 128); }

void check(const Settings&, const UnifiedOrderRequest& request) {
  check::extra(request.extra);
  if (has(request.extra, "clientType")) {
    check::invalid("clientType", "belongs to getOrderInfo or the configuration; unifiedOrder places orders for mini programs");
  }
  check::text("subject", request.subject.value_or(""), 256);
  if (request.subject->find_first_of("/=&") != std::string::npos) check::invalid("subject", "Alipay takes no / = & in it");
  if (request.body && !request.body->empty()) check::text("body", *request.body, 128);
  checkEchoed("body", request.body.value_or(""));
  const Json* passback = request.extra.find("passbackParams");
  if (passback != nullptr && passback->string() != nullptr && !passback->string()->empty()) {
    check::text("passbackParams", *passback->string(), 512);
    checkEchoed("passbackParams", *passback->string());
  }
  checkOrderNumber(request.outTradeNo);
  check::amount("totalFee", request.totalFee, maxAmount);
  check::url("notifyUrl", request.notifyUrl, 256);
  if (request.openid && !request.openid->empty()) check::text("openid", *request.openid, 128);
}

void check(const Settings& settings, const GetOrderInfoRequest& request) {
  const auto client = clientOf(settings, request);
  check(settings, orderFor(request));
  const bool payer = has(request.extra, "buyerId") || has(request.extra, "buyerOpenId") || has(request.extra, "buyerLogonId");
  if (client == Client::miniProgram && !payer) check::text("openid", request.openid.value_or(""), 128);
}

void check(const Settings&, const OrderQueryRequest& request) { checkOrderOnly(request); }
void check(const Settings&, const CloseOrderRequest& request) { checkOrderOnly(request); }
void check(const Settings&, const CancelOrderRequest& request) { checkOrderOnly(request); }

void check(const Settings&, const RefundRequest& request) {
  check::extra(request.extra);
  checkOrder(request.outTradeNo, request.transactionId);
  if (request.outRefundNo) check::number("outRefundNo", *request.outRefundNo, 64, "_-");
  check::amount("refundFee", request.refundFee, maxAmount);
  if (request.totalFee && request.refundFee > *request.totalFee) check::invalid("refundFee", "more than totalFee");
  if (request.totalFee && request.refundFee < *request.totalFee && !request.outRefundNo) {
    check::invalid("outRefundNo",
                   "required, as this is not the whole totalFee: without it Alipay cannot tell two refunds from one sent twice");
  }
  if (request.refundFeeType) check::text("refundFeeType", *request.refundFeeType, 8);
  if (request.refundDesc) check::text("refundDesc", *request.refundDesc, 256);
}

void check(const Settings&, const RefundQueryRequest& request) {
  check::extra(request.extra);
  checkOrder(request.outTradeNo, request.transactionId);
  check::number("outRefundNo", request.outRefundNo.value_or(""), 64, "_-");
}

}  // namespace openapi::alipay
