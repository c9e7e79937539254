// Take an order on either platform through one interface: `takeOrder` does not know which one it talks to.
// What `getOrderInfo` gives goes to the client unchanged; the client pays with it.
// Only after a query (or a verified notification) says so is the order paid.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<std::string> takeOrder(openapi::Payment& payment, std::string openid, std::string outTradeNo) {
  openapi::GetOrderInfoRequest order{.openid = openid,
                                     .subject = "季卡",
                                     .body = "季卡",
                                     .outTradeNo = outTradeNo,
                                     .totalFee = openapi::Fen{8800},
                                     .notifyUrl = "http://127.0.0.1:9/notify"};
  auto placed = co_await payment.getOrderInfo(order);
  co_return placed.orderInfo.json();
}

asio::awaitable<bool> isPaid(openapi::Payment& payment, std::string outTradeNo) {
  openapi::OrderQueryRequest query{.outTradeNo = outTradeNo};
  auto order = co_await payment.orderQuery(query);
  std::cout << outTradeNo << ": " << order.tradeState << '\n';
  const auto& state = order.tradeState;
  const bool paid = state == "SUCCESS" || state == "FINISHED" || state == "REFUND";  // REFUND: paid, and some of it went back
  if (order.totalFee != openapi::Fen{8800}) co_return false;
  co_return paid;
}

asio::awaitable<void> sell(openapi::Payment& payment, std::string provider, std::string openid,
                           samples::LocalPlatforms& platforms) {
  const std::string number = "take_" + provider;
  auto orderInfo = co_await takeOrder(payment, openid, number);
  std::cout << number << ": for the client: " << orderInfo << '\n';
  auto before = co_await isPaid(payment, number);
  samples::require(!before, "nobody paid yet");

  platforms.buyerPays(provider, number);
  auto after = co_await isPaid(payment, number);
  samples::require(after, "the buyer paid 88.00");
}

int main() try {
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  openapi::Alipay alipay{context.get_executor(), platforms.alipay, platforms.http};

  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  asio::co_spawn(context, sell(weixin.payment, "weixin", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", platforms), rethrow);
  asio::co_spawn(context, sell(alipay.payment, "alipay", "2088102175794899", platforms), rethrow);
  context.run();
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
