#include <alipay/operations.hpp>

#include <answer.hpp>
#include <check.hpp>
#include <codec/ascii.hpp>

#include <algorithm>
#include <utility>

namespace openapi::alipay {

namespace {

using marshal::Amounts;
using marshal::Irregular;
using marshal::WireStyle;

constexpr std::array<Irregular, 1> orderNames{{{"transactionId", "trade_no"}}};
using OrderStyle = WireStyle<orderNames, Amounts::yuan>;

constexpr std::array<Irregular, 8> queryNames{{
    {"transactionId", "trade_no"},
    {"openid", "buyer_user_id"},
    {"tradeState", "trade_status"},
    {"totalFee", "total_amount"},
    {"settlementTotalFee", "settle_amount"},
    {"feeType", "trans_currency"},
    {"cashFeeType", "pay_currency"},
    {"cashFee", "buyer_pay_amount"},
}};
using QueryStyle = WireStyle<queryNames, Amounts::yuan>;

constexpr std::array<Irregular, 5> refundNames{{
    {"transactionId", "trade_no"},
    {"openid", "buyer_user_id"},
    {"refundId", "refund_settlement_id"},
    {"cashRefundFee", "present_refund_buyer_amount"},
    {"cashFeeType", "refund_currency"},
}};
using RefundStyle = WireStyle<refundNames, Amounts::yuan>;

constexpr std::array<Irregular, 6> refundQueryNames{{
    {"transactionId", "trade_no"},
    {"outRefundNo", "out_request_no"},
    {"refundId", "refund_settlement_id"},
    {"totalFee", "total_amount"},
    {"refundFee", "refund_amount"},
    {"refundDesc", "refund_reason"},
}};
using RefundQueryStyle = WireStyle<refundQueryNames, Amounts::yuan>;

constexpr std::array<Irregular, 1> sessionNames{{{"openid", "user_id"}}};
using SessionStyle = WireStyle<sessionNames, Amounts::yuan>;

/// Parameters that stand beside `biz_content`, not in it.
constexpr std::array<std::string_view, 4> topLevelNames{"notify_url", "return_url", "app_auth_token", "auth_token"};
/// Amounts of Alipay's documents that callers may give in `extra`, in fen like every amount.
constexpr std::array<std::string_view, 3> extraAmounts{"sendBackFee", "discountableAmount", "undiscountableAmount"};

bool isExtraAmount(std::string_view name) {
  const auto isIt = [camel = marshal::toCamel(name)](std::string_view amount) { return amount == camel; };
  return std::any_of(extraAmounts.begin(), extraAmounts.end(), isIt);
}

Fields withAmountsInYuan(const Fields& extra) {
  Fields converted;
  for (const auto& [name, value] : extra) {
    const bool amount = isExtraAmount(name) && !value.isNull();
    if (amount && value.integer() == nullptr) check::invalid(name, "must be an integer number of fen");
    if (amount && *value.integer() < 0) check::invalid(name, "must not be negative");
    converted.append(name, amount ? Json{Fen{*value.integer()}.yuan()} : value);
  }
  return converted;
}

/// A user id has 16 digits and begins with 2088; anything else is the newer open id.
bool isUserId(std::string_view id) { return id.size() == 16 && id.starts_with("2088") && codec::allDigits(id); }

void nameThePayer(Fields& business) {
  const Json* payer = business.find("buyer_id");
  if (payer == nullptr || payer->string() == nullptr || isUserId(*payer->string())) return;
  Json openId = *payer;
  business.erase("buyer_id");
  business.set("buyer_open_id", std::move(openId));
}

/// The business parameters of a request, split into those of `biz_content` and those beside it.
template <class Request>
codec::FormFields parametersOf(Request request) {
  request.extra = withAmountsInYuan(request.extra);
  Fields business = marshal::toFields<RequestStyle>(request);
  codec::FormFields parameters;
  for (const auto name : topLevelNames) {
    const Json* value = business.find(name);
    if (value != nullptr && value->string() != nullptr) parameters.emplace_back(name, *value->string());
    business.erase(name);
  }
  nameThePayer(business);
  parameters.emplace_back("biz_content", Json{std::move(business)}.json());
  return parameters;
}

template <class Request>
HttpRequest encodeOperation(const Settings& settings, const Operation& operation, Request request, const Stamp& stamp) {
  return gatewayRequest(settings, signedParameters(settings, operation.api, parametersOf(std::move(request)), stamp));
}

template <class Style, class Result>
Result decodeOperation(const Settings& settings, const Operation& operation, const HttpResponse& response) {
  auto result = marshal::fromJson<Style, Result>(verifiedNode(settings, operation, response));
  result.extra.append("errCode", 0);  // as every method of the requirement documents answers
  return result;
}

/// Newer apps see an open id where others see a user id.
template <class Result>
void takeOpenId(Result& result, std::string_view name) {
  const Json* openId = result.extra.find(name);
  if (!result.openid && openId != nullptr && openId->string() != nullptr) result.openid = *openId->string();
}

using Number = std::optional<std::string>;

/// A signature covers what an answer says, not which question it answers.
void requireSame(std::string_view name, const Number& asked, const Number& answered) {
  if (!asked || asked->empty() || !answered || *asked == *answered) return;
  throw Error{Errc::identityMismatch, std::string{name} + ": the answer is about another order or refund"};
}

/// Alipay goes by the trade number when both are there.
template <class Request, class Result>
void requireSameOrder(const Request& request, const Result& result) {
  requireSame("trade_no", request.transactionId, result.transactionId);
  if (!request.transactionId) requireSame("out_trade_no", request.outTradeNo, result.outTradeNo);
}

template <class Style, class Result, class Request>
Result decodeOrder(const Settings& settings, const Operation& operation, const Request& request, const HttpResponse& response) {
  auto result = decodeOperation<Style, Result>(settings, operation, response);
  requireSameOrder(request, result);
  return result;
}

std::string tradeState(std::string_view status) {
  if (status == "WAIT_BUYER_PAY") return "USERPAYING";
  constexpr std::string_view prefix = "TRADE_";
  return std::string{status.starts_with(prefix) ? status.substr(prefix.size()) : status};
}

UnifiedOrderRequest completed(const Settings& settings, const UnifiedOrderRequest& request) {
  UnifiedOrderRequest order = request;
  order.tradeType.reset();  // WeChat's
  if (settings.mchId && order.extra.find("sellerId") == nullptr) order.extra.set("sellerId", *settings.mchId);
  return order;
}

}  // namespace

Client clientOf(const Settings& settings, const GetOrderInfoRequest& request) {
  const auto client = request.clientType.value_or(settings.clientType);
  if (client == "mp-alipay") return Client::miniProgram;
  if (client == "app-plus") return Client::app;
  if (client == "page") return Client::page;
  if (client == "wap") return Client::wap;
  throw Error{Errc::unsupported, "clientType: Alipay has no \"" + client + "\"; use mp-alipay, app-plus, page or wap"};
}

HttpRequest encode(const Settings& settings, const Code2SessionRequest& request, const Stamp& stamp) {
  codec::FormFields own{{"grant_type", "authorization_code"}, {"code", request.code}};
  return gatewayRequest(settings, signedParameters(settings, operations::oauthToken.api, std::move(own), stamp));
}

HttpRequest encode(const Settings& settings, const UnifiedOrderRequest& request, const Stamp& stamp) {
  return encodeOperation(settings, operations::create, completed(settings, request), stamp);
}

HttpRequest encode(const Settings& settings, const OrderQueryRequest& request, const Stamp& stamp) {
  return encodeOperation(settings, operations::query, request, stamp);
}

HttpRequest encode(const Settings& settings, const CloseOrderRequest& request, const Stamp& stamp) {
  return encodeOperation(settings, operations::close, request, stamp);
}

HttpRequest encode(const Settings& settings, const CancelOrderRequest& request, const Stamp& stamp) {
  return encodeOperation(settings, operations::cancel, request, stamp);
}

HttpRequest encode(const Settings& settings, const RefundRequest& request, const Stamp& stamp) {
  RefundRequest own = request;
  own.totalFee.reset();   // WeChat's; Alipay knows the amount of the trade
  own.notifyUrl.reset();  // Alipay has none for refunds
  return encodeOperation(settings, operations::refund, std::move(own), stamp);
}

HttpRequest encode(const Settings& settings, const RefundQueryRequest& request, const Stamp& stamp) {
  RefundQueryRequest own = request;
  own.refundId.reset();  // WeChat's, as the next one
  own.offset.reset();
  return encodeOperation(settings, operations::refundQuery, std::move(own), stamp);
}

Code2SessionResult decode(const Settings& settings, const Code2SessionRequest&, const HttpResponse& response) {
  auto result = decodeOperation<SessionStyle, Code2SessionResult>(settings, operations::oauthToken, response);
  if (!result.openid.empty()) result.userId = result.openid;
  const Json* openId = result.extra.find("openId");
  if (result.openid.empty() && openId != nullptr && openId->string() != nullptr) result.openid = *openId->string();
  if (result.openid.empty()) throw Error{Errc::badResponse, "user_id, open_id: the answer has neither"};
  return result;
}

UnifiedOrderResult decode(const Settings& settings, const UnifiedOrderRequest& request, const HttpResponse& response) {
  auto result = decodeOperation<OrderStyle, UnifiedOrderResult>(settings, operations::create, response);
  requireSame("out_trade_no", request.outTradeNo, result.outTradeNo);
  return result;
}

OrderQueryResult decode(const Settings& settings, const OrderQueryRequest& request, const HttpResponse& response) {
  auto result = decodeOrder<QueryStyle, OrderQueryResult>(settings, operations::query, request, response);
  requirePresent("trade_status", result.tradeState);
  result.tradeState = tradeState(result.tradeState);
  takeOpenId(result, "buyerOpenId");
  return result;
}

CloseOrderResult decode(const Settings& settings, const CloseOrderRequest& request, const HttpResponse& response) {
  return decodeOrder<OrderStyle, CloseOrderResult>(settings, operations::close, request, response);
}

CancelOrderResult decode(const Settings& settings, const CancelOrderRequest& request, const HttpResponse& response) {
  return decodeOrder<OrderStyle, CancelOrderResult>(settings, operations::cancel, request, response);
}

RefundResult decode(const Settings& settings, const RefundRequest& request, const HttpResponse& response) {
  auto result = decodeOrder<RefundStyle, RefundResult>(settings, operations::refund, request, response);
  takeOpenId(result, "buyerOpenId");
  return result;
}

RefundQueryResult decode(const Settings& settings, const RefundQueryRequest& request, const HttpResponse& response) {
  auto result = decodeOrder<RefundQueryStyle, RefundQueryResult>(settings, operations::refundQuery, request, response);
  requireSame("out_request_no", request.outRefundNo, result.outRefundNo);
  return result;
}

UnifiedOrderRequest orderFor(const GetOrderInfoRequest& request) {
  return {request.openid,   request.subject,   request.body, request.outTradeNo,
          request.totalFee, request.notifyUrl, {},           request.extra};
}

std::string signedOrder(const Settings& settings, Client client, const UnifiedOrderRequest& request, const Stamp& stamp) {
  UnifiedOrderRequest order = completed(settings, request);
  const auto choose = [&order](std::string_view productCode) {
    if (order.extra.find("productCode") == nullptr) order.extra.set("productCode", productCode);
  };
  if (client == Client::page) choose("FAST_INSTANT_TRADE_PAY");
  if (client == Client::wap) choose("QUICK_WAP_WAY");
  const std::string_view api = client == Client::app    ? "alipay.trade.app.pay"
                               : client == Client::page ? "alipay.trade.page.pay"
                                                        : "alipay.trade.wap.pay";
  const auto parameters = signedParameters(settings, api, parametersOf(std::move(order)), stamp);
  return client == Client::app ? codec::writeForm(parameters) : gatewayUrl(settings, parameters);
}

GetOrderInfoResult tradeNumber(const UnifiedOrderResult& placed) {
  if (placed.transactionId && !placed.transactionId->empty()) return {Json{*placed.transactionId}};
  Error::Details details;
  details.errMsg = "获取支付宝交易号失败";
  details.outcome = Outcome::unknown;
  throw Error{Errc::rejected, details.errMsg + ": Alipay accepted the order without trade_no; query the order", details};
}

}  // namespace openapi::alipay
