#pragma once

#include <weixin/payment_wire.hpp>

#include <openapi/payment.hpp>

#include <bill/bill_receiver.hpp>

// The operations of WeChat Pay APIv2 as pure functions: for each, `check` refuses what the platform's document does not
// allow, `encode` makes the request and `decode` reads the answer.
namespace openapi::weixin {

namespace operations {
inline constexpr Operation unifiedOrder{.method = "payment.unifiedOrder", .path = "/pay/unifiedorder", .movesMoney = true};
inline constexpr Operation orderQuery{.method = "payment.orderQuery", .path = "/pay/orderquery", .readOnly = true};
inline constexpr Operation closeOrder{.method = "payment.closeOrder", .path = "/pay/closeorder", .movesMoney = true};
inline constexpr Operation refund{
    .method = "payment.refund", .path = "/secapi/pay/refund", .clientCertificate = true, .movesMoney = true};
inline constexpr Operation refundQuery{.method = "payment.refundQuery", .path = "/pay/refundquery", .readOnly = true};
inline constexpr Operation downloadBill{.method = "payment.downloadBill", .path = "/pay/downloadbill", .readOnly = true};
inline constexpr Operation downloadFundflow{.method = "payment.downloadFundflow",
                                            .path = "/pay/downloadfundflow",
                                            .clientCertificate = true,
                                            .hmacOnly = true,
                                            .readOnly = true};
inline constexpr Operation sandboxKey{.method = "payment.sandboxKey", .path = "/pay/getsignkey", .readOnly = true};
inline constexpr Operation getOrderInfo{.method = "payment.getOrderInfo", .path = "/pay/unifiedorder", .movesMoney = true};
inline constexpr Operation cancelOrder{.method = "payment.cancelOrder"};
inline constexpr Operation verifyPayment{.method = "payment.verifyPaymentNotify"};
inline constexpr Operation verifyRefund{.method = "payment.verifyRefundNotify"};
}  // namespace operations

void check(const PaymentSettings& settings, const UnifiedOrderRequest& request);
void check(const PaymentSettings& settings, const OrderQueryRequest& request);
void check(const PaymentSettings& settings, const CloseOrderRequest& request);
void check(const PaymentSettings& settings, const RefundRequest& request);
void check(const PaymentSettings& settings, const RefundQueryRequest& request);
void check(const PaymentSettings& settings, const DownloadBillRequest& request);
void check(const PaymentSettings& settings, const DownloadFundflowRequest& request);

[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const UnifiedOrderRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const OrderQueryRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const CloseOrderRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const RefundRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const RefundQueryRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const DownloadBillRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);
[[nodiscard]] HttpRequest encode(const PaymentSettings& settings, const DownloadFundflowRequest& request, const Stamp& stamp,
                                 std::size_t host = 0);

[[nodiscard]] UnifiedOrderResult decode(const PaymentSettings& settings, const UnifiedOrderRequest& request,
                                        const HttpResponse& response);
[[nodiscard]] OrderQueryResult decode(const PaymentSettings& settings, const OrderQueryRequest& request,
                                      const HttpResponse& response);
[[nodiscard]] CloseOrderResult decode(const PaymentSettings& settings, const CloseOrderRequest& request,
                                      const HttpResponse& response);
[[nodiscard]] RefundResult decode(const PaymentSettings& settings, const RefundRequest& request, const HttpResponse& response);
[[nodiscard]] RefundQueryResult decode(const PaymentSettings& settings, const RefundQueryRequest& request,
                                       const HttpResponse& response);
[[nodiscard]] DownloadBillResult decode(const PaymentSettings& settings, const DownloadBillRequest& request,
                                        const HttpResponse& response);
[[nodiscard]] DownloadFundflowResult decode(const PaymentSettings& settings, const DownloadFundflowRequest& request,
                                            const HttpResponse& response);

/// The order that `getOrderInfo` places: the trade type follows from the client type. Throws `unsupported` for a client type
/// that WeChat does not have.
[[nodiscard]] UnifiedOrderRequest orderFor(const PaymentSettings& settings, const GetOrderInfoRequest& request);
/// What the client needs to pay, signed. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=7_7
[[nodiscard]] GetOrderInfoResult orderInfo(const PaymentSettings& settings, const UnifiedOrderRequest& order,
                                           const UnifiedOrderResult& placed, const Stamp& stamp);

/// The request for the sandbox's own key, signed with the real one, and the key in its answer.
[[nodiscard]] HttpRequest encodeSandboxKey(const PaymentSettings& settings, const Stamp& stamp, std::size_t host = 0);
[[nodiscard]] std::string decodeSandboxKey(const PaymentSettings& settings, const HttpResponse& response);

/// Verifies and reads a payment notification. `now` decides on staleness.
[[nodiscard]] PaymentNotify paymentNotify(const PaymentSettings& settings, const Event& event,
                                          std::chrono::system_clock::time_point now);
/// Decrypts and reads a refund notification.
[[nodiscard]] RefundNotify refundNotify(const PaymentSettings& settings, const Event& event);

/// What became of a bill, now that the answer has ended. Throws the platform's error, if it sent one. The sink is then complete.
[[nodiscard]] SavedBill savedBill(const Operation& operation, bill::BillReceiver& receiver, BillSink& sink,
                                  const HttpResponse& response);

}  // namespace openapi::weixin
