#pragma once

#include <alipay/gateway_wire.hpp>

#include <openapi/payment.hpp>

#include <string>

// The operations of Alipay's gateway as pure functions: for each, `check` refuses what the platform's document does not
// allow, `encode` makes the request and `decode` reads the answer.
namespace openapi::alipay {

namespace operations {
inline constexpr Operation oauthToken{.method = "auth.code2Session",
                                      .api = "alipay.system.oauth.token",
                                      .repeatable = false,
                                      .repeatAfterSystemError = false,
                                      .answersCode = false};
inline constexpr Operation create{
    .method = "payment.unifiedOrder", .api = "alipay.trade.create", .movesMoney = true, .repeatAfterSystemError = false};
inline constexpr Operation query{.method = "payment.orderQuery", .api = "alipay.trade.query", .readOnly = true};
inline constexpr Operation close{.method = "payment.closeOrder", .api = "alipay.trade.close", .movesMoney = true};
inline constexpr Operation cancel{.method = "payment.cancelOrder", .api = "alipay.trade.cancel", .movesMoney = true};
inline constexpr Operation refund{.method = "payment.refund", .api = "alipay.trade.refund", .movesMoney = true};
inline constexpr Operation refundQuery{
    .method = "payment.refundQuery", .api = "alipay.trade.fastpay.refund.query", .readOnly = true};
inline constexpr Operation getOrderInfo{
    .method = "payment.getOrderInfo", .api = "alipay.trade.create", .movesMoney = true, .repeatAfterSystemError = false};
inline constexpr Operation downloadBill{
    .method = "payment.downloadBill", .api = "alipay.data.dataservice.bill.downloadurl.query", .readOnly = true};
inline constexpr Operation downloadFundflow{
    .method = "payment.downloadFundflow", .api = "alipay.data.dataservice.bill.downloadurl.query", .readOnly = true};
inline constexpr Operation verifyPayment{.method = "payment.verifyPaymentNotify"};
inline constexpr Operation verifyRefund{.method = "payment.verifyRefundNotify"};
}  // namespace operations

/// What a text that comes back in notifications must not hold as `&name=`, as it would read as one of these fields there.
inline constexpr std::array<std::string_view, 7> followingFields{"buyer_id",   "buyer_open_id", "out_trade_no", "point_amount",
                                                                 "refund_fee", "seller_id",     "total_amount"};

/// Where an order is paid: what `getOrderInfo` makes of the client type.
enum class Client { miniProgram, app, page, wap };
/// Throws `unsupported` for a client type that Alipay does not have.
[[nodiscard]] Client clientOf(const Settings& settings, const GetOrderInfoRequest& request);

void check(const Settings& settings, const Code2SessionRequest& request);
void check(const Settings& settings, const GetOrderInfoRequest& request);
void check(const Settings& settings, const UnifiedOrderRequest& request);
void check(const Settings& settings, const OrderQueryRequest& request);
void check(const Settings& settings, const CloseOrderRequest& request);
void check(const Settings& settings, const CancelOrderRequest& request);
void check(const Settings& settings, const RefundRequest& request);
void check(const Settings& settings, const RefundQueryRequest& request);

[[nodiscard]] HttpRequest encode(const Settings& settings, const Code2SessionRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const UnifiedOrderRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const OrderQueryRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const CloseOrderRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const CancelOrderRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const RefundRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const RefundQueryRequest& request, const Stamp& stamp);

[[nodiscard]] Code2SessionResult decode(const Settings& settings, const Code2SessionRequest& request,
                                        const HttpResponse& response);
[[nodiscard]] UnifiedOrderResult decode(const Settings& settings, const UnifiedOrderRequest& request,
                                        const HttpResponse& response);
[[nodiscard]] OrderQueryResult decode(const Settings& settings, const OrderQueryRequest& request, const HttpResponse& response);
[[nodiscard]] CloseOrderResult decode(const Settings& settings, const CloseOrderRequest& request, const HttpResponse& response);
[[nodiscard]] CancelOrderResult decode(const Settings& settings, const CancelOrderRequest& request, const HttpResponse& response);
[[nodiscard]] RefundResult decode(const Settings& settings, const RefundRequest& request, const HttpResponse& response);
[[nodiscard]] RefundQueryResult decode(const Settings& settings, const RefundQueryRequest& request, const HttpResponse& response);

/// The order of `getOrderInfo` as `unifiedOrder` takes it.
[[nodiscard]] UnifiedOrderRequest orderFor(const GetOrderInfoRequest& request);
/// The App's order string, or the address of the page or wap cashier: signed here, without a round trip.
[[nodiscard]] std::string signedOrder(const Settings& settings, Client client, const UnifiedOrderRequest& order,
                                      const Stamp& stamp);
/// The trade number that a mini program pays with.
[[nodiscard]] GetOrderInfoResult tradeNumber(const UnifiedOrderResult& placed);

/// Verifies and reads a notification. `now` decides on staleness.
[[nodiscard]] PaymentNotify paymentNotify(const Settings& settings, const Event& event,
                                          std::chrono::system_clock::time_point now);

}  // namespace openapi::alipay
