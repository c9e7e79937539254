#include "day.hpp"

namespace demo {

namespace {

constexpr std::size_t width = 16;

std::string textOf(const openapi::Json& json, std::string_view name) { return *json.find(name)->string(); }
Fen fenOf(const openapi::Json& json, std::string_view name) { return Fen{*json.find(name)->integer()}; }

}  // namespace

asio::awaitable<void> Day::compareBooks() {
  progress_.phase("The next morning: bills 次日账单");
  openapi::DownloadBillRequest gzipped{.billDate = outcomes_.date, .billType = "ALL", .tarType = "GZIP"};
  auto weixinBill = co_await shop_.payment(Provider::weixin).downloadBill(gzipped);
  openapi::DownloadFundflowRequest flow{.billDate = outcomes_.date, .accountType = "Basic"};
  auto fundFlow = co_await shop_.payment(Provider::weixin).downloadFundflow(flow);
  openapi::DownloadBillRequest zipped{.billDate = outcomes_.date};
  auto alipayBill = co_await shop_.payment(Provider::alipay).downloadBill(zipped);
  outcomes_.flow = readFundFlow(fundFlow.content);

  auto& weixin = outcomes_.books[Provider::weixin];
  weixin = {booksOf(ledger_, Provider::weixin), platformBooks(Provider::weixin), readTradeBill(weixinBill.content)};
  auto askedWeixin = co_await askAll(Provider::weixin);
  weixin.push_back(askedWeixin);
  auto& alipay = outcomes_.books[Provider::alipay];
  alipay = {booksOf(ledger_, Provider::alipay), platformBooks(Provider::alipay), readTradeBill(alipayBill.content)};
  auto askedAlipay = co_await askAll(Provider::alipay);
  alipay.push_back(askedAlipay);

  for (const auto& [provider, books] : outcomes_.books) {
    for (std::size_t i = 1; i < books.size(); ++i) differ(provider, compare(books.front(), books[i]));
  }
  differ(Provider::weixin, compare(weixin.front(), outcomes_.flow));
  for (const auto& books : weixin) {
    if (books.fees && *books.fees != outcomes_.flow.fees) {
      differ(Provider::weixin,
             {"fees: " + books.source + " has " + yuan(*books.fees) + " yuan, the fund flow " + yuan(outcomes_.flow.fees)});
    }
  }
  const auto left = weixin.front().totalPaid().count() - weixin.front().totalRefunded().count() - outcomes_.flow.fees;
  if (left != outcomes_.flow.balance) {
    differ(Provider::weixin,
           {"balance: the shop expects " + yuan(left) + " yuan, the fund flow has " + yuan(outcomes_.flow.balance)});
  }
}

void Day::differ(Provider provider, const std::vector<std::string>& differences) {
  for (const auto& difference : differences) outcomes_.differences.push_back(std::string{nameOf(provider)} + ", " + difference);
}

/// What the control routes say: everything that the platform has.
Books Day::platformBooks(Provider provider) {
  Books books{.source = "the platform"};
  const std::string name = provider == Provider::weixin ? "weixin" : "alipay";
  std::int64_t fees = 0;
  const auto orders = control("GET", "/orders");
  for (const auto& order : *orders.array()) {
    if (textOf(order, "provider") != name || order.find("timeEnd") == nullptr) continue;
    books.paid[textOf(order, "outTradeNo")] = {fenOf(order, "totalFee"), textOf(order, "transactionId")};
    if (provider == Provider::weixin) fees += fenOf(order, "fee").count();
  }
  const auto refunds = control("GET", "/refunds");
  for (const auto& refund : *refunds.array()) {
    if (textOf(refund, "provider") != name) continue;
    books.refunds[textOf(refund, "outRefundNo")] = {textOf(refund, "outTradeNo"), fenOf(refund, "refundFee")};
    if (provider == Provider::weixin) fees -= fenOf(refund, "feeReturned").count();
  }
  if (provider == Provider::weixin) books.fees = fees;
  return books;
}

/// What the API says of every order and refund, asked one by one.
asio::awaitable<Books> Day::askAll(Provider provider) {
  std::vector<std::string> numbers;
  for (const auto& [number, sale] : ledger_.sales()) {
    if (sale.provider == provider) numbers.push_back(number);
  }
  progress_.phase("Asking " + std::string{nameOf(provider)} + " for every order 逐笔查询", numbers.size());
  Books books{.source = "queries"};
  const std::function<asio::awaitable<void>(std::size_t)> job = [&](std::size_t index) {
    return askOrder(&books, numbers[index]);
  };
  co_await inParallel(numbers.size(), width, job);
  co_return books;
}

asio::awaitable<void> Day::askOrder(Books* books, std::string number) {
  const Sale sale = ledger_.at(number);
  auto order = co_await shop_.ask(number);
  const bool paid = order && (order->tradeState == "SUCCESS" || order->tradeState == "REFUND" ||
                              order->tradeState == "FINISHED" || (order->tradeState == "CLOSED" && order->sendPayDate));
  if (paid) {
    books->paid[number] = {order->totalFee.value_or(Fen{}), order->transactionId.value_or("")};
    co_await askRefunds(books, sale);
  }
  progress_.step();
}

/// WeChat lists the refunds of an order; Alipay is asked for each number.
asio::awaitable<void> Day::askRefunds(Books* books, Sale sale) {
  auto& payment = shop_.payment(sale.provider);
  if (sale.provider == Provider::weixin) {
    openapi::RefundQueryRequest query{.outTradeNo = sale.number};
    auto answer = co_await attempted(payment.refundQuery(query));
    if (answer.error && answer.error->errCode() != "REFUNDNOTEXIST") throw *answer.error;
    if (!answer.value) co_return;
    for (const auto& item : answer.value->refundList) {
      if (item.refundStatus == "SUCCESS")
        books->refunds[item.outRefundNo.value_or("")] = {sale.number, item.refundFee.value_or(Fen{})};
    }
    co_return;
  }
  for (const auto& refund : sale.refunds) {
    openapi::RefundQueryRequest query{.outTradeNo = sale.number, .outRefundNo = refund.number};
    auto answer = co_await payment.refundQuery(query);
    if (answer.refundStatus == "REFUND_SUCCESS") books->refunds[refund.number] = {sale.number, answer.refundFee.value_or(Fen{})};
  }
}

}  // namespace demo
