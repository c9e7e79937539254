// What users may and may not write. A line marked "refused" must be an error that names the way out;
// every other line must compile. guard.sh compares the compiler's messages with the marks.
#include <openapi/openapi.hpp>

#include <utility>

namespace {

using boost::asio::awaitable;
openapi::OrderQueryRequest makeQuery() { return {}; }

awaitable<void> payments(openapi::Payment& payment, openapi::Event event) {
  openapi::GetOrderInfoRequest order{.outTradeNo = "1", .totalFee = openapi::Fen{1}};
  co_await payment.getOrderInfo(order);
  co_await payment.getOrderInfo({.outTradeNo = "1", .totalFee = openapi::Fen{1}});  // refused
  co_await payment.getOrderInfo(std::move(order));                                  // refused
  openapi::UnifiedOrderRequest place{.outTradeNo = "1"};
  co_await payment.unifiedOrder(place);
  co_await payment.unifiedOrder({.outTradeNo = "1"});             // refused
  co_await payment.unifiedOrder(openapi::UnifiedOrderRequest{});  // refused
  const openapi::OrderQueryRequest query{.outTradeNo = "1"};
  co_await payment.orderQuery(query);
  co_await payment.orderQuery({.outTradeNo = "1"});  // refused
  co_await payment.orderQuery({});                   // refused
  co_await payment.orderQuery(makeQuery());          // refused
  openapi::CloseOrderRequest close{.outTradeNo = "1"};
  co_await payment.closeOrder(close);
  co_await payment.closeOrder({.outTradeNo = "1"});  // refused
  openapi::CancelOrderRequest cancel{.outTradeNo = "1"};
  co_await payment.cancelOrder(cancel);
  co_await payment.cancelOrder({.outTradeNo = "1"});  // refused
  openapi::RefundRequest refund{.outTradeNo = "1", .refundFee = openapi::Fen{1}};
  co_await payment.refund(refund);
  co_await payment.refund({.outTradeNo = "1", .refundFee = openapi::Fen{1}});  // refused
  openapi::RefundQueryRequest refundQuery{.outTradeNo = "1"};
  co_await payment.refundQuery(refundQuery);
  co_await payment.refundQuery({.outTradeNo = "1"});  // refused
  openapi::DownloadBillRequest bill{.billDate = "20261121"};
  co_await payment.downloadBill(bill);
  co_await payment.downloadBill({.billDate = "20261121"});  // refused
  openapi::DownloadFundflowRequest flow{.billDate = "20261121"};
  co_await payment.downloadFundflow(flow);
  co_await payment.downloadFundflow({.billDate = "20261121"});  // refused
  co_await payment.verifyPaymentNotify(event);
  co_await payment.verifyPaymentNotify({.body = "x"});     // refused
  co_await payment.verifyPaymentNotify(std::move(event));  // refused
  openapi::Event other{.body = "x"};
  co_await payment.verifyRefundNotify(other);
  co_await payment.verifyRefundNotify({.body = "x"});  // refused
}

awaitable<void> login(openapi::alipay::Auth& auth, std::string code) {
  openapi::alipay::Code2SessionRequest request{.code = code};
  co_await auth.code2Session(request);
  co_await auth.code2Session(code);
  co_await auth.code2Session(std::move(code));
  co_await auth.code2Session(openapi::alipay::Code2SessionRequest{.code = "1"});  // refused
}

awaitable<void> upload(openapi::bmob::Files& files, std::string name) {
  openapi::bmob::UploadRequest request{.fileName = name};
  openapi::bmob::Files::Progress progress = [name](std::size_t, std::size_t) {};
  const auto watch = [name](std::size_t, std::size_t) {};
  co_await files.upload(request);
  co_await files.upload(request, progress);
  co_await files.upload(request, std::move(progress));
  co_await files.upload({.fileName = name});                                       // refused
  co_await files.upload({.fileName = name}, progress);                             // refused
  co_await files.upload(std::move(request), progress);                             // refused
  co_await files.upload({.fileName = name}, [name](std::size_t, std::size_t) {});  // refused
  co_await files.upload(request, [name](std::size_t, std::size_t) {});             // refused
  co_await files.upload(request, watch);                                           // refused
}

}  // namespace

void useAll(openapi::Payment& payment, openapi::alipay::Auth& auth, openapi::bmob::Files& files) {
  openapi::Event event;
  (void)payments(payment, event);
  (void)login(auth, "1");
  (void)upload(files, "1");
}
