// A user's program outside the tree: constructs, converts, calls.
#include <openapi/bill/reader.hpp>
#include <openapi/openapi.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main() {
  boost::asio::io_context context;
  openapi::Weixin weixin{context.get_executor(),
                         {.appId = "wx0000000000000001", .mchId = "10000100", .key = "0123456789abcdef0123456789abcdef"}};

  std::cout << openapi::Fen{8800}.yuan() << ' ' << openapi::Fen::fromYuan("88.05").value().count() << '\n';

  try {
    openapi::bill::BillReader bill{"no such bill.csv"};
    return 1;
  } catch (const openapi::Error& error) {
    if (error.errc() != openapi::Errc::invalidArgument) return 1;
  }

  openapi::CancelOrderRequest cancel{.outTradeNo = "20261121000001"};
  try {
    openapi::wait(weixin.payment.cancelOrder(cancel));
  } catch (const openapi::Error& error) {
    std::cout << openapi::toString(error.errc()) << ' ' << openapi::toString(error.outcome()) << '\n';
    return error.errc() == openapi::Errc::unsupported ? 0 : 1;
  }
  return 1;
}
