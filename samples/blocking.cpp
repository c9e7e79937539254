// Use the library from code without coroutines: `openapi::wait` runs one operation to its end and gives its result, or
// throws its `Error`. It may be called from several threads at once; a provider is safe to share between them.
// An unpaid order is closed, and closing an order that does not exist shows what a refusal looks like.
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

int main() try {
  samples::LocalPlatforms platforms;
  boost::asio::io_context context;  // never run: `wait` brings an event loop of its own
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};

  openapi::UnifiedOrderRequest order{.body = "季卡",
                                     .outTradeNo = "blocking_1",
                                     .totalFee = openapi::Fen{35},
                                     .notifyUrl = "http://127.0.0.1:9/notify",
                                     .tradeType = "NATIVE",
                                     .extra = {{"productId", "season-card"}}};
  const auto placed = openapi::wait(weixin.payment.unifiedOrder(order));
  std::cout << "the QR code says " << placed.codeUrl.value_or("") << '\n';
  samples::require(placed.codeUrl.has_value(), "a native order has a QR code");

  openapi::CloseOrderRequest close{.outTradeNo = order.outTradeNo};
  openapi::wait(weixin.payment.closeOrder(close));
  openapi::OrderQueryRequest query{.outTradeNo = order.outTradeNo};
  const auto state = openapi::wait(weixin.payment.orderQuery(query));
  std::cout << order.outTradeNo << ": " << state.tradeState << '\n';
  samples::require(state.tradeState == "CLOSED", "the order is closed");

  try {
    openapi::CloseOrderRequest other{.outTradeNo = "blocking_2"};
    openapi::wait(weixin.payment.closeOrder(other));
  } catch (const openapi::Error& error) {
    std::cout << toString(error.outcome()) << ": " << error.errCode() << ' ' << error.errMsg() << '\n';
    return error.outcome() == openapi::Outcome::rejected && error.errCode() == "ORDERNOTEXIST" ? 0 : 1;
  }
  return 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
