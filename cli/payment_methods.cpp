#include <cli/method_table.hpp>

namespace openapi::cli {
namespace {

Payment& payment(Client& client) { return *client.payment; }

}  // namespace

std::vector<Method> paymentMethods() {
  return {
      method<payment, GetOrderInfoRequest, GetOrderInfoResult, &Payment::getOrderInfo>("payment.getOrderInfo"),
      method<payment, UnifiedOrderRequest, UnifiedOrderResult, &Payment::unifiedOrder>("payment.unifiedOrder"),
      method<payment, OrderQueryRequest, OrderQueryResult, &Payment::orderQuery>("payment.orderQuery"),
      method<payment, CloseOrderRequest, CloseOrderResult, &Payment::closeOrder>("payment.closeOrder"),
      method<payment, CancelOrderRequest, CancelOrderResult, &Payment::cancelOrder>("payment.cancelOrder"),
      method<payment, RefundRequest, RefundResult, &Payment::refund>("payment.refund"),
      method<payment, RefundQueryRequest, RefundQueryResult, &Payment::refundQuery>("payment.refundQuery"),
      method<payment, DownloadBillRequest, DownloadBillResult, &Payment::downloadBill>("payment.downloadBill"),
      method<payment, DownloadFundflowRequest, DownloadFundflowResult, &Payment::downloadFundflow>("payment.downloadFundflow"),
      method<payment, Event, PaymentNotify, &Payment::verifyPaymentNotify>("payment.verifyPaymentNotify"),
      method<payment, Event, RefundNotify, &Payment::verifyRefundNotify>("payment.verifyRefundNotify"),
  };
}

}  // namespace openapi::cli
