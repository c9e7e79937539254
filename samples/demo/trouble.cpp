#include "day.hpp"

#include <http/client.hpp>

#include <array>

namespace demo {

namespace {

constexpr milliseconds patience{8000};

std::string ackOf(const std::string& path) {
  return openapi::notifyReply(path == "/alipay" ? Provider::alipay : Provider::weixin, true).body;
}

}  // namespace

asio::awaitable<void> Day::faults() {
  using enum Provider;
  static constexpr std::array<FaultCase, 16> cases{{
      {"order answer lost 下单应答丢失", weixin, "mp-weixin", false, "/pay/unifiedorder", "dropAfterCommit", 1, "", true},
      {"order answer lost 下单应答丢失", alipay, "mp-alipay", false, "alipay.trade.create", "dropAfterCommit", 1, "", true},
      {"order never arrived 下单未到达", weixin, "native", false, "/pay/unifiedorder", "dropBeforeCommit", 1, "", true},
      {"answer with a wrong signature 应答签名错误", weixin, "app-plus", false, "/pay/unifiedorder", "badSignature", 1, "", true},
      {"answer with a wrong signature 应答签名错误", alipay, "mp-alipay", false, "alipay.trade.create", "badSignature", 1, "",
       true},
      {"answer cut short 应答截断", alipay, "mp-alipay", false, "alipay.trade.create", "truncate", 1, "", true},
      {"HTTP 502 instead of an answer 网关错误", weixin, "jsapi", false, "/pay/unifiedorder", "status", 1, "", true},
      {"system error, once 系统错误一次", weixin, "h5", false, "/pay/unifiedorder", "errorCode", 1, "SYSTEMERROR", false},
      {"system error, lasting 持续系统错误", weixin, "mp-weixin", false, "/pay/unifiedorder", "errorCode", 3, "SYSTEMERROR",
       true},
      {"refund answer lost 退款应答丢失", weixin, "mp-weixin", true, "/secapi/pay/refund", "dropAfterCommit", 1, "", true},
      {"refund answer lost 退款应答丢失", alipay, "mp-alipay", true, "alipay.trade.refund", "dropAfterCommit", 1, "", true},
      {"refund never arrived 退款未到达", weixin, "app-plus", true, "/secapi/pay/refund", "dropBeforeCommit", 1, "", true},
      {"refund never arrived 退款未到达", alipay, "page", true, "alipay.trade.refund", "dropBeforeCommit", 1, "", true},
      {"answer cut short 应答截断", weixin, "native", true, "/secapi/pay/refund", "truncate", 1, "", true},
      {"system error, lasting 持续系统错误", weixin, "jsapi", true, "/secapi/pay/refund", "errorCode", 3, "SYSTEMERROR", true},
      {"system error, lasting 持续系统错误", alipay, "wap", true, "alipay.trade.refund", "errorCode", 3, "ACQ.SYSTEM_ERROR",
       true},
  }};
  progress_.phase("Faults 故障", cases.size() + 3);
  for (const auto& fault : cases) {
    co_await faulty(fault);
    progress_.step();
  }
  co_await cancelAfterLostOrder();
  progress_.step();
  co_await cancelPaidOrder();
  progress_.step();
  co_await closePaidOrder();
  progress_.step();
}

void Day::arm(const FaultCase& fault) {
  openapi::Fields input{{"path", fault.path}, {"fault", fault.fault}, {"times", fault.times}};
  if (*fault.errCode != '\0') input.set("errCode", fault.errCode);
  control("POST", "/fault", input);
}

void Day::observe(const std::string& name, bool asExpected) {
  auto& tally = outcomes_.faults[name];
  ++tally.tried;
  if (asExpected) {
    ++tally.held;
  } else {
    outcomes_.differences.push_back("fault \"" + name + "\": the shop did not see what it should have seen");
  }
}

/// An order, paid and refunded, with one fault on the way to the order or to the refund.
asio::awaitable<void> Day::faulty(FaultCase fault) {
  const auto number = newSale(fault.provider, fault.client, Fen{fault.onRefund ? 2003 : 1999});
  if (!fault.onRefund) arm(fault);
  const auto orders = shop_.met().unknownOrders;
  co_await shop_.place(number);
  if (!fault.onRefund) observe(fault.name, (shop_.met().unknownOrders > orders) == fault.unknown);
  buyerPays(number);
  co_await shop_.awaitPayment(number, patience);
  if (fault.onRefund) {
    arm(fault);
    const auto refunds = shop_.met().unknownRefunds;
    co_await shop_.refund(number, number + "R1", Fen{1999});
    observe(fault.name, (shop_.met().unknownRefunds > refunds) == fault.unknown);
  }
  progress_.note(std::string{fault.name} + ": overcome");
}

/// The answer to an order is lost, and the shop undoes the order instead of repeating it.
asio::awaitable<void> Day::cancelAfterLostOrder() {
  const auto number = newSale(Provider::alipay, "mp-alipay", Fen{58});
  arm({"", Provider::alipay, "", false, "alipay.trade.create", "dropAfterCommit", 1, "", true});
  const auto request = shop_.orderRequest(ledger_.at(number));
  auto placed = co_await attempted(shop_.payment(Provider::alipay).getOrderInfo(request));
  co_await shop_.cancel(number);
  observe("order in doubt cancelled 撤销未知订单", placed.unknown() && ledger_.at(number).paid == Fen{});
}

/// The buyer has paid, the shop does not know it, and cancels: the money goes back. Even the answer to that is lost once.
asio::awaitable<void> Day::cancelPaidOrder() {
  const auto number = newSale(Provider::alipay, "app-plus", Fen{35});
  co_await shop_.place(number);
  buyerPays(number, {{"notifyDelayMs", 1500}});
  arm({"", Provider::alipay, "", false, "alipay.trade.cancel", "dropAfterCommit", 1, "", true});
  co_await shop_.cancel(number);
  observe("paid order cancelled 撤销已付订单", ledger_.at(number).refunded() == Fen{35});
}

/// The buyer pays while the shop closes the order: it stays paid.
asio::awaitable<void> Day::closePaidOrder() {
  const auto number = newSale(Provider::weixin, "native", Fen{57});
  co_await shop_.place(number);
  buyerPays(number, {{"notifyDelayMs", 1500}});
  co_await shop_.close(number);
  observe("closing a paid order 关闭已付订单", ledger_.at(number).state == State::paid);
}

asio::awaitable<void> Day::forgeNotifications() {
  ForgersView view;
  view.weixinPayment = shop_.genuine("/weixin").body;
  view.weixinRefund = shop_.genuine("/weixin/refund").body;
  view.alipayPayment = shop_.genuine("/alipay").body;
  view.weixinKey = weixinKey_;
  view.alipayPrivateKey = alipayPrivateKey_;
  const auto weixinVictim = newSale(Provider::weixin, "native", Fen{8195});
  const auto alipayVictim = newSale(Provider::alipay, "mp-alipay", Fen{4035});
  co_await shop_.place(weixinVictim);
  co_await shop_.place(alipayVictim);
  view.weixinVictim = ledger_.at(weixinVictim);
  view.alipayVictim = ledger_.at(alipayVictim);
  for (const auto& claim : withRightKeys(view)) {
    openapi::Event event{.headers = {{"Content-Type", claim.contentType}}, .body = claim.body};
    auto& payment = shop_.payment(claim.path == "/alipay" ? Provider::alipay : Provider::weixin);
    auto verified = co_await attempted(payment.verifyPaymentNotify(event));
    if (!verified.value)
      outcomes_.differences.push_back("the forgeries prove nothing: with the right key this one fails, too: " + claim.path);
  }
  const auto forgeries = forge(view);
  progress_.phase("Forged notifications 伪造通知", forgeries.size());
  for (const auto& forgery : forgeries) {
    auto fault = co_await faultWith(forgery);
    auto& tally = outcomes_.forgeries[forgery.kind];
    ++tally.tried;
    tally.held += fault.empty() ? 1 : 0;
    if (!fault.empty())
      outcomes_.differences.push_back("forged notification, " + forgery.kind + " at " + forgery.path + ": " + fault);
    progress_.step();
  }
}

/// What is wrong with the shop's answer to a forgery; empty when it was refused, for the right reason, and the books did not
/// change.
asio::awaitable<std::string> Day::faultWith(Forgery forgery) {
  openapi::HttpOptions options;
  options.proxy = "";
  const auto client = openapi::http::makeClient(options);
  openapi::HttpRequest request;
  request.url = shop_.url() + forgery.path;
  request.headers.add("Content-Type", forgery.contentType);
  request.body = forgery.body;
  request.deadline = std::chrono::steady_clock::now() + patience;
  const auto books = ledger_.sales();
  const auto refusals = shop_.met().forgeries.size();
  auto response = co_await client->send(std::move(request));
  if (response.body == ackOf(forgery.path)) co_return "it was acknowledged";
  if (ledger_.sales() != books) co_return "it changed the books";
  const auto& reasons = shop_.met().forgeries;
  if (reasons.size() != refusals + 1) co_return "it was taken for a genuine one";
  if (reasons.back() != forgery.reason) co_return "it was refused as " + std::string{toString(reasons.back())};
  co_return std::string{};
}

asio::awaitable<void> Day::forgeAnswers() {
  progress_.phase("Forged answers 伪造应答", 6);
  const auto onWeixin = newSale(Provider::weixin, "native", Fen{16070});
  const auto onAlipay = newSale(Provider::alipay, "mp-alipay", Fen{16070});
  co_await shop_.place(onWeixin);
  co_await shop_.place(onAlipay);
  for (const auto* shape : {"duplicateAfterSign", "duplicateBeforeSign"}) {
    const openapi::Fields second{{"provider", "alipay"}, {"shape", shape}};
    co_await forgedAnswer("second node 重复节点", onAlipay, second);
  }
  for (const auto* shape : {"noSign", "emptySign"}) {
    const openapi::Fields bare{{"provider", "alipay"}, {"shape", shape}};
    co_await forgedAnswer("no signature 无签名", onAlipay, bare);
  }
  const openapi::Fields spoiltAlipay{{"path", "alipay.trade.query"}, {"fault", "badSignature"}};
  co_await forgedAnswer("wrong signature 签名错误", onAlipay, spoiltAlipay);
  const openapi::Fields spoiltWeixin{{"path", "/pay/orderquery"}, {"fault", "badSignature"}};
  co_await forgedAnswer("wrong signature 签名错误", onWeixin, spoiltWeixin);
}

asio::awaitable<void> Day::forgedAnswer(std::string name, std::string victim, openapi::Fields fault) {
  control("POST", fault.find("shape") != nullptr ? "/answers" : "/fault", fault);
  openapi::OrderQueryRequest query{.outTradeNo = victim};
  auto answer = co_await attempted(shop_.payment(ledger_.at(victim).provider).orderQuery(query));
  const bool refused =
      answer.error && (answer.error->errc() == openapi::Errc::badSignature || answer.error->errc() == openapi::Errc::badResponse);
  auto& tally = outcomes_.answers[name];
  ++tally.tried;
  tally.held += refused ? 1 : 0;
  if (!refused) outcomes_.differences.push_back("a forged answer passed: " + name);
  progress_.step();
}

}  // namespace demo
