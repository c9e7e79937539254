// A Beast server that receives the payment notifications of both platforms. Anyone can send one: verify the bytes as they
// arrived, see whether they tell of a payment, compare the amount with the order, deliver once however often the platform
// repeats itself, and give `notifyReply` as the answer.
#include <openapi/beast.hpp>
#include <openapi/openapi.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <exception>
#include <iostream>
#include <map>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

struct Order {
  openapi::Fen amount{};
  bool paid = false;
};

struct Shop {
  openapi::Weixin& weixin;
  openapi::Alipay& alipay;
  asio::ip::tcp::acceptor acceptor;
  std::map<std::string, Order> orders{};
  int delivered = 0;
  int repeated = 0;
  int refused = 0;
};

/// Alipay also tells of closed orders and of refunds; WeChat's notifications here are payments, without `tradeStatus`.
bool isPayment(const openapi::PaymentNotify& notify) {
  if (notify.refundFee.value_or(openapi::Fen{}) != openapi::Fen{}) return false;
  return !notify.tradeStatus || notify.tradeStatus == "TRADE_SUCCESS" || notify.tradeStatus == "TRADE_FINISHED";
}

/// A real shop does this in one transaction of its database.
bool book(Shop& shop, const openapi::PaymentNotify& paid) {
  const auto order = shop.orders.find(paid.outTradeNo);
  if (order == shop.orders.end() || order->second.amount != paid.totalFee) return false;
  ++(order->second.paid ? shop.repeated : shop.delivered);
  order->second.paid = true;
  std::cout << paid.outTradeNo << ": " << paid.totalFee.yuan() << " yuan\n";
  return true;
}

asio::awaitable<openapi::NotifyReply> onNotify(Shop& shop, std::string path, openapi::Event event) {
  const bool fromAlipay = path == "/alipay";
  const auto provider = fromAlipay ? openapi::Provider::alipay : openapi::Provider::weixin;
  auto& payment = fromAlipay ? shop.alipay.payment : shop.weixin.payment;
  try {
    auto notify = co_await payment.verifyPaymentNotify(event);
    const bool done = !isPayment(notify) || book(shop, notify);
    co_return openapi::notifyReply(provider, done, "not booked");
  } catch (const openapi::Error& error) {
    ++shop.refused;
    std::cout << path << " refused, " << toString(error.errc()) << ": " << error.what() << '\n';
    co_return openapi::notifyReply(provider, false, "not verified");
  }
}

asio::awaitable<void> serve(Shop& shop, asio::ip::tcp::socket socket) {
  beast::tcp_stream stream{std::move(socket)};
  stream.expires_after(std::chrono::seconds{10});
  beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  parser.body_limit(64 * 1024);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  const auto& request = parser.get();
  auto reply = co_await onNotify(shop, std::string{request.target()}, openapi::eventFrom(request));
  auto response = openapi::responseFrom(reply, request.version(), false);
  co_await http::async_write(stream, response, asio::use_awaitable);
  if (shop.delivered == 2 && shop.repeated == 2 && shop.refused == 1) shop.acceptor.close();  // all that this sample expects
}

asio::awaitable<void> listen(Shop& shop) {
  while (shop.acceptor.is_open()) {
    auto socket = co_await shop.acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(shop.acceptor.get_executor(), serve(shop, std::move(socket)), [](std::exception_ptr) {});
  }
}

asio::awaitable<void> sell(Shop& shop, openapi::Payment& payment, std::string provider, std::string openid, openapi::Fen amount,
                           samples::LocalPlatforms& platforms) {
  const auto port = std::to_string(shop.acceptor.local_endpoint().port());
  openapi::GetOrderInfoRequest order{.openid = openid,
                                     .subject = "季卡",
                                     .body = "季卡",
                                     .outTradeNo = "notify_" + provider,
                                     .totalFee = amount,
                                     .notifyUrl = "http://127.0.0.1:" + port + "/" + provider};
  shop.orders[order.outTradeNo] = {amount};
  co_await payment.getOrderInfo(order);
  platforms.buyerPays(provider, order.outTradeNo, 2);
}

/// What anybody on the internet can send.
asio::awaitable<void> forge(Shop& shop) {
  beast::tcp_stream stream{shop.acceptor.get_executor()};
  co_await stream.async_connect(shop.acceptor.local_endpoint(), asio::use_awaitable);
  http::request<http::string_body> request{http::verb::post, "/weixin", 11};
  request.set(http::field::host, "shop.example");
  request.set(http::field::content_type, "text/xml");
  request.body() =
      "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><appid>wx2421b1c4370ec43b"
      "</appid><mch_id>10000100</mch_id><out_trade_no>notify_weixin</out_trade_no><total_fee>1999</total_fee>"
      "<transaction_id>1</transaction_id><sign>0123456789ABCDEF0123456789ABCDEF</sign></xml>";
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
}

int main() try {
  samples::LocalPlatforms platforms;
  asio::io_context context;
  openapi::Weixin weixin{context.get_executor(), platforms.weixin, platforms.http};
  openapi::Alipay alipay{context.get_executor(), platforms.alipay, platforms.http};
  Shop shop{weixin, alipay, {context, {asio::ip::address_v4::loopback(), 0}}};

  const auto rethrow = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  asio::co_spawn(context, listen(shop), [](std::exception_ptr) {});  // ends when the acceptor is closed
  asio::co_spawn(context, sell(shop, weixin.payment, "weixin", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", openapi::Fen{1999}, platforms),
                 rethrow);
  asio::co_spawn(context, sell(shop, alipay.payment, "alipay", "2088102175794899", openapi::Fen{2003}, platforms), rethrow);
  asio::co_spawn(context, forge(shop), rethrow);
  context.run_for(std::chrono::seconds{30});
  samples::require(shop.delivered == 2 && shop.repeated == 2, "both orders are paid once, and both notifications came twice");
  samples::require(shop.refused == 1, "the forged notification is refused");
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
