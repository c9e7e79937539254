#include <weixin/payment_operations.hpp>

#include <answer.hpp>
#include <bill/bill_text.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <utility>

namespace openapi::weixin {

namespace {

template <class Request>
HttpRequest encodeOperation(const PaymentSettings& settings, const Operation& operation, const Request& request,
                            const Stamp& stamp, std::size_t host) {
  const auto type = requestSignType(settings, operation, request.extra);
  return signedRequest(settings, operation, type, marshal::flatFromStruct<PaymentStyle>(request), stamp, host);
}

template <class Result, class Request>
Result decodeOperation(const PaymentSettings& settings, const Operation& operation, const Request& request,
                       const HttpResponse& response) {
  const auto type = requestSignType(settings, operation, request.extra);
  const auto answer = verifiedAnswer(settings, operation, type, response);
  auto result = marshal::structFromFlat<PaymentStyle, Result>(answer.fields(), envelope);
  if (result.extra.find("returnMsg") == nullptr) result.extra.append("returnMsg", "ok");  // seldom left out by the platform
  return result;
}

/// The failure of a bill is XML, unsigned, with names of its own.
[[noreturn]] void throwBillFailure(const Operation& operation, std::string_view body) {
  const auto start = body.substr(body.find('<'));
  if (!start.starts_with("<xml") && !start.starts_with("<?xml")) {
    throw Error{Errc::badResponse, "the answer is neither a bill nor XML: it looks like HTML"};
  }
  const auto answer = codec::FlatXml::parse(body, "xml");
  const auto pick = [&answer](std::string_view one, std::string_view other) {
    return answer.value(one).empty() ? answer.value(other) : answer.value(one);
  };
  auto code = pick("error_code", "err_code");
  auto text = pick("err_code_des", "return_msg");
  if (code.empty()) code = answer.value("return_code") == "SUCCESS" ? answer.value("result_code") : answer.value("return_code");
  requirePresent("return_code", code);
  throwRejected(operation, code, text, false);
}

std::string billContent(const Operation& operation, const HttpResponse& response) {
  const auto sink = std::make_shared<bill::BillText>();
  bill::BillReceiver receiver{sink};
  static_cast<void>(savedBill(operation, receiver, *sink, response));
  if (!codec::isUtf8(sink->text)) throw Error{Errc::badResponse, "the bill is not UTF-8: it is damaged, or something else"};
  return std::move(sink->text);
}

/// A bill comes without an envelope; callers see the same members as in any other answer.
Fields billEnvelope() { return {{"returnCode", "SUCCESS"}, {"returnMsg", "ok"}}; }

template <class Request>
HttpRequest encodeBill(const PaymentSettings& settings, const Operation& operation, Request request, const Stamp& stamp,
                       std::size_t host) {
  auto http = encodeOperation(settings, operation, request, stamp, host);
  http.maxResponseBytes = bill::maxBillText;
  return http;
}

Json signedForApp(const PaymentSettings& settings, const std::string& prepayId, SignType type, const Stamp& stamp) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(stamp.now.time_since_epoch()).count();
  const std::string timestamp = std::to_string(seconds);
  std::vector<crypto::NamedValue> fields{{"appid", settings.appId}, {"partnerid", settings.mchId}, {"prepayid", prepayId},
                                         {"package", "Sign=WXPay"}, {"noncestr", stamp.nonce},     {"timestamp", timestamp}};
  Fields info;
  for (const auto& [name, value] : fields) info.append(std::string{name}, Json{value});
  info.append("sign", sign(fields, settings.key, type));
  return info;
}

Json signedForPage(const PaymentSettings& settings, const std::string& prepayId, SignType type, const Stamp& stamp) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(stamp.now.time_since_epoch()).count();
  const std::string timestamp = std::to_string(seconds);
  const std::string package = "prepay_id=" + prepayId;
  std::vector<crypto::NamedValue> fields{{"appId", settings.appId},
                                         {"timeStamp", timestamp},
                                         {"nonceStr", stamp.nonce},
                                         {"package", package},
                                         {"signType", type == SignType::md5 ? "MD5" : "HMAC-SHA256"}};
  Fields info;
  for (const auto& [name, value] : fields) info.append(std::string{name}, Json{value});
  info.append("paySign", sign(fields, settings.key, type));
  return info;
}

[[noreturn]] void missingInOrder(const char* text) {
  Error::Details details;
  details.errMsg = text;
  details.outcome = Outcome::unknown;
  throw Error{Errc::rejected, std::string{text} + ": WeChat accepted the order without it; query the order", std::move(details)};
}

const std::string& required(const std::optional<std::string>& value, const char* missing) {
  if (!value || value->empty()) missingInOrder(missing);
  return *value;
}

}  // namespace

HttpRequest encode(const PaymentSettings& settings, const UnifiedOrderRequest& request, const Stamp& stamp, std::size_t host) {
  UnifiedOrderRequest order = request;
  order.subject.reset();  // WeChat has no such field
  if (!order.tradeType) order.tradeType = settings.clientType == "app-plus" ? "APP" : "JSAPI";
  if (order.extra.find("spbillCreateIp") == nullptr) order.extra.set("spbillCreateIp", "127.0.0.1");
  return encodeOperation(settings, operations::unifiedOrder, order, stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const OrderQueryRequest& request, const Stamp& stamp, std::size_t host) {
  return encodeOperation(settings, operations::orderQuery, request, stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const CloseOrderRequest& request, const Stamp& stamp, std::size_t host) {
  CloseOrderRequest order = request;
  order.transactionId.reset();  // WeChat closes by the merchant's number only
  return encodeOperation(settings, operations::closeOrder, order, stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const RefundRequest& request, const Stamp& stamp, std::size_t host) {
  return encodeOperation(settings, operations::refund, request, stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const RefundQueryRequest& request, const Stamp& stamp, std::size_t host) {
  return encodeOperation(settings, operations::refundQuery, request, stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const DownloadBillRequest& request, const Stamp& stamp, std::size_t host) {
  DownloadBillRequest bill = request;
  if (!bill.billType) bill.billType = "ALL";
  return encodeBill(settings, operations::downloadBill, std::move(bill), stamp, host);
}

HttpRequest encode(const PaymentSettings& settings, const DownloadFundflowRequest& request, const Stamp& stamp,
                   std::size_t host) {
  DownloadFundflowRequest bill = request;
  if (!bill.accountType) bill.accountType = "Basic";
  return encodeBill(settings, operations::downloadFundflow, std::move(bill), stamp, host);
}

UnifiedOrderResult decode(const PaymentSettings& settings, const UnifiedOrderRequest& request, const HttpResponse& response) {
  return decodeOperation<UnifiedOrderResult>(settings, operations::unifiedOrder, request, response);
}

OrderQueryResult decode(const PaymentSettings& settings, const OrderQueryRequest& request, const HttpResponse& response) {
  auto result = decodeOperation<OrderQueryResult>(settings, operations::orderQuery, request, response);
  requirePresent("trade_state", result.tradeState);
  return result;
}

CloseOrderResult decode(const PaymentSettings& settings, const CloseOrderRequest& request, const HttpResponse& response) {
  return decodeOperation<CloseOrderResult>(settings, operations::closeOrder, request, response);
}

RefundResult decode(const PaymentSettings& settings, const RefundRequest& request, const HttpResponse& response) {
  return decodeOperation<RefundResult>(settings, operations::refund, request, response);
}

RefundQueryResult decode(const PaymentSettings& settings, const RefundQueryRequest& request, const HttpResponse& response) {
  auto result = decodeOperation<RefundQueryResult>(settings, operations::refundQuery, request, response);
  for (auto& item : result.refundList) {
    if (!item.couponRefundCount) item.couponRefundCount = static_cast<std::int64_t>(item.couponList.size());
  }
  return result;
}

SavedBill savedBill(const Operation& operation, bill::BillReceiver& receiver, BillSink& sink, const HttpResponse& response) {
  const auto received = receiver.finish(response);
  if (received.message) throwBillFailure(operation, *received.message);
  sink.complete();
  return {received.bytes, received.digestVerified, billEnvelope()};
}

DownloadBillResult decode(const PaymentSettings&, const DownloadBillRequest&, const HttpResponse& response) {
  return {billContent(operations::downloadBill, response), billEnvelope()};
}

DownloadFundflowResult decode(const PaymentSettings&, const DownloadFundflowRequest&, const HttpResponse& response) {
  return {billContent(operations::downloadFundflow, response), billEnvelope()};
}

UnifiedOrderRequest orderFor(const PaymentSettings& settings, const GetOrderInfoRequest& request) {
  UnifiedOrderRequest order{request.openid,   request.subject,   request.body, request.outTradeNo,
                            request.totalFee, request.notifyUrl, {},           request.extra};
  const auto client = request.clientType.value_or(settings.clientType);
  if (client == "mp-weixin" || client == "jsapi") {
    order.tradeType = "JSAPI";
  } else if (client == "app-plus") {
    order.tradeType = "APP";
  } else if (client == "h5") {
    order.tradeType = "MWEB";
  } else if (client == "native") {
    order.tradeType = "NATIVE";
    if (order.extra.find("productId") == nullptr) order.extra.set("productId", order.outTradeNo);
  } else {
    throw Error{Errc::unsupported,
                "clientType: WeChat Pay has no \"" + client + "\"; use mp-weixin, jsapi, app-plus, h5 or native"};
  }
  return order;
}

GetOrderInfoResult orderInfo(const PaymentSettings& settings, const UnifiedOrderRequest& order, const UnifiedOrderResult& placed,
                             const Stamp& stamp) {
  const auto tradeType = order.tradeType.value_or("JSAPI");
  if (tradeType == "NATIVE") return {Json{Fields{{"codeUrl", required(placed.codeUrl, "获取codeUrl失败")}}}};
  if (tradeType == "MWEB") return {Json{Fields{{"mwebUrl", required(placed.mwebUrl, "获取mwebUrl失败")}}}};
  const auto& prepayId = required(placed.prepayId, "获取prepayId失败");
  const auto type = requestSignType(settings, operations::unifiedOrder, order.extra);
  return {tradeType == "APP" ? signedForApp(settings, prepayId, type, stamp) : signedForPage(settings, prepayId, type, stamp)};
}

HttpRequest encodeSandboxKey(const PaymentSettings& settings, const Stamp& stamp, std::size_t host) {
  marshal::FlatFields fields{{"mch_id", settings.mchId}, {"nonce_str", stamp.nonce}};
  std::vector<crypto::NamedValue> named{{"mch_id", settings.mchId}, {"nonce_str", stamp.nonce}};
  fields.emplace_back("sign", sign(named, settings.key, SignType::md5));
  HttpRequest request;
  request.url = settings.baseUrls.at(host) + "/sandboxnew" + std::string{operations::sandboxKey.path};
  request.headers.add("Content-Type", "text/xml; charset=utf-8");
  request.body = codec::writeXml("xml", fields);
  return request;
}

std::string decodeSandboxKey(const PaymentSettings& settings, const HttpResponse& response) {
  const auto answer = codec::FlatXml::parse(response.body, "xml");
  if (answer.value("return_code") != "SUCCESS") {
    const auto text = answer.value("return_msg").empty() ? answer.value("retmsg") : answer.value("return_msg");
    throwRejected(operations::sandboxKey, answer.value("return_code"), text, false);
  }
  const auto mchId = answer.value("mch_id");
  if (!mchId.empty() && mchId != settings.mchId) throw Error{Errc::identityMismatch, "mch_id: the key is for another merchant"};
  const auto key = answer.value("sandbox_signkey");
  requirePresent("sandbox_signkey", key);
  return std::string{key};
}

}  // namespace openapi::weixin
