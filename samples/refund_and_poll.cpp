// Give money back in parts, and ask until the platform says that it has arrived.
// WeChat only accepts a refund at first; Alipay moves the money at once. The same loop serves both.
// The refund's number is what makes it safe: the same number is the same refund, however often it is sent.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

/// The refund as the platform sees it: its amount once it is done, no value while it is under way.
asio::awaitable<std::optional<openapi::Fen>> finishedRefund(openapi::Payment& payment, openapi::RefundRequest refund) {
  openapi::RefundQueryRequest query{.outTradeNo = refund.outTradeNo, .outRefundNo = refund.outRefundNo};
  auto answer = co_await payment.refundQuery(query);
  if (answer.refundStatus == "REFUND_SUCCESS") co_return answer.refundFee;  // Alipay
  for (const auto& item : answer.refundList) {                              // WeChat
    if (item.outRefundNo == refund.outRefundNo && item.refundStatus == "SUCCESS") co_return item.refundFee;
  }
  co_return std::nullopt;
}

asio::awaitable<openapi::Fen> refundAndPoll(openapi::Payment& payment, openapi::RefundRequest refund) {
  co_await payment.refund(refund);
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor};
  for (int asked = 0; asked < 100; ++asked) {
    auto done = co_await finishedRefund(payment, refund);
    if (done) co_return *done;
    timer.expires_after(std::chrono::milliseconds{200});  // a real program asks after minutes, not milliseconds
    co_await timer.async_wait(asio::use_awaitable);
  }
  throw std::runtime_error{"the refund is still under way: go on asking later"};
}

asio::awaitable<void> run(openapi::Payment& payment, std::string provider, std::string openid,
                          samples::LocalPlatforms& platforms) {
  openapi::GetOrderInfoRequest order{.openid = openid,
                                     .subject = "茶",
                                     .body = "茶",
                                     .outTradeNo = "refund_" + provider,
                                     .totalFee = openapi::Fen{115},
                                     .notifyUrl = "http://127.0.0.1:9/notify"};
  co_await payment.getOrderInfo(order);
  platforms.buyerPays(provider, order.outTradeNo);

  openapi::Fen back{};
  for (const auto part : {35, 57, 23}) {
    openapi::RefundRequest refund{.outTradeNo = order.outTradeNo,
                                  .outRefundNo = order.outTradeNo + "_" + std::to_string(part),
                                  .totalFee = order.totalFee,
                                  .refundFee = openapi::Fen{part}};
    auto done = co_await refundAndPoll(payment, refund);
    back += done;
    std::cout << *refund.outRefundNo << ": " << done.yuan() << " yuan, " << back.yuan() << " in all\n";
  }
  samples::require(back == order.totalFee, "the parts are the whole");
}

int main() try {
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  openapi::Alipay alipay{context.get_executor(), platforms.alipay, platforms.http};

  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  asio::co_spawn(context, run(weixin.payment, "weixin", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", platforms), rethrow);
  asio::co_spawn(context, run(alipay.payment, "alipay", "2088102175794899", platforms), rethrow);
  context.run();
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
