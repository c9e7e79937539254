#include "shop.hpp"

#include <algorithm>
#include <stdexcept>

namespace demo {

namespace {

constexpr int mostAttempts = 6;
constexpr auto weixinPayer = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
constexpr auto alipayPayer = "2088102175794899";

bool means(const openapi::OrderQueryResult& order, std::initializer_list<std::string_view> states) {
  return std::find(states.begin(), states.end(), order.tradeState) != states.end();
}

[[noreturn]] void giveUp(const std::string& what, const std::string& number) {
  throw std::runtime_error{what + ' ' + number + ": the outcome is still unknown after " + std::to_string(mostAttempts) +
                           " attempts"};
}

}  // namespace

Shop::Shop(asio::any_io_executor executor, openapi::Payment& weixin, openapi::Payment& alipay, Ledger& ledger)
    : executor_{std::move(executor)}, weixin_{weixin}, alipay_{alipay}, ledger_{ledger} {}

std::string Shop::notifyUrl(Provider provider) const { return url_ + (provider == Provider::weixin ? "/weixin" : "/alipay"); }

Arrival& Shop::arrival(const std::string& number) {
  auto& arrival = arrivals_[number];
  if (!arrival) arrival = std::make_unique<Arrival>(executor_);
  return *arrival;
}

openapi::GetOrderInfoRequest Shop::orderRequest(const Sale& sale) const {
  openapi::GetOrderInfoRequest request;
  if (sale.provider == Provider::alipay || sale.clientType == "mp-weixin" || sale.clientType == "jsapi") {
    request.openid = sale.provider == Provider::weixin ? weixinPayer : alipayPayer;
  }
  request.subject = "茶叶";
  request.body = "茶叶, 一两";
  request.outTradeNo = sale.number;
  request.totalFee = sale.amount;
  request.notifyUrl = notifyUrl(sale.provider);
  request.clientType = sale.clientType;
  if (sale.clientType == "h5") {
    request.extra.set("sceneInfo", R"({"h5_info":{"type":"Wap","wap_url":"https://shop.example","wap_name":"shop"}})");
  }
  return request;
}

bool Shop::book(const std::string& number, const std::string& transactionId, Fen amount) {
  const auto booked = ledger_.bookPayment(number, transactionId, amount);
  if (booked == Booked::now) arrival(number).announce();
  return booked == Booked::now;
}

asio::awaitable<void> Shop::place(std::string number) {
  const Sale sale = ledger_.at(number);
  const auto request = orderRequest(sale);
  for (int i = 0; i < mostAttempts; ++i) {
    auto placed = co_await attempted(payment(sale.provider).getOrderInfo(request));
    if (placed.value) {
      ledger_.keepOrderInfo(number, placed.value->orderInfo);
      co_return;
    }
    if (!placed.unknown()) throw *placed.error;
    ++met_.unknownOrders;
    // It may be there, or not: both platforms take the same order with the same number again. Paid already it cannot be.
    co_await ask(number);
  }
  giveUp("order", number);
}

asio::awaitable<std::optional<openapi::OrderQueryResult>> Shop::ask(std::string number) {
  const auto provider = ledger_.at(number).provider;
  openapi::OrderQueryRequest query{.outTradeNo = number};
  for (int i = 0; i < mostAttempts; ++i) {
    auto answer = co_await attempted(payment(provider).orderQuery(query));
    if (answer.value) {
      if (answer.value->outTradeNo != number) throw std::runtime_error{number + ": the platform answered for another order"};
      co_return std::move(answer.value);
    }
    if (answer.hasCode("ORDERNOTEXIST", "ACQ.TRADE_NOT_EXIST")) co_return std::nullopt;
    if (answer.error->outcome() == openapi::Outcome::rejected) throw *answer.error;
  }
  giveUp("order query", number);
}

asio::awaitable<bool> Shop::learn(std::string number) {
  auto order = co_await ask(number);
  const bool paid = order && means(*order, {"SUCCESS", "REFUND", "FINISHED"}) && order->totalFee && order->transactionId;
  if (paid && book(number, *order->transactionId, *order->totalFee)) ++met_.paidByQuery;
  co_return paid;
}

asio::awaitable<void> Shop::awaitPayment(std::string number, milliseconds patience) {
  const auto notified = co_await arrival(number).wait(patience);
  if (notified) co_return;
  auto paid = co_await learn(number);
  if (!paid) throw std::runtime_error{number + ": neither a notification nor a query says that it is paid"};
}

asio::awaitable<Shop::RefundState> Shop::learnRefund(std::string number, std::string refundNumber) {
  const auto provider = ledger_.at(number).provider;
  openapi::RefundQueryRequest query{.outTradeNo = number, .outRefundNo = refundNumber};
  auto answer = co_await attempted(payment(provider).refundQuery(query));
  if (answer.hasCode("REFUNDNOTEXIST", "ACQ.TRADE_NOT_EXIST")) co_return RefundState::absent;
  if (answer.unknown()) co_return RefundState::underWay;
  if (!answer.value) throw *answer.error;
  std::optional<Fen> amount;
  auto state = RefundState::absent;
  if (answer.value->refundStatus == "REFUND_SUCCESS") amount = answer.value->refundFee;
  for (const auto& item : answer.value->refundList) {
    if (item.outRefundNo != refundNumber) continue;
    state = RefundState::underWay;
    if (item.refundStatus == "SUCCESS") amount = item.refundFee;
  }
  if (!amount) co_return state;
  if (ledger_.bookRefund(number, refundNumber, *amount) == Booked::refused) {
    throw std::runtime_error{refundNumber + ": the platform gave back " + amount->yuan() +
                             " yuan, which is not what was asked for"};
  }
  co_return RefundState::done;
}

asio::awaitable<void> Shop::refund(std::string number, std::string refundNumber, Fen amount) {
  const Sale sale = ledger_.at(number);
  ledger_.openRefund(number, refundNumber, amount);
  openapi::RefundRequest request{
      .outTradeNo = number, .outRefundNo = refundNumber, .totalFee = sale.amount, .refundFee = amount, .refundDesc = "退货"};
  if (sale.provider == Provider::weixin) request.notifyUrl = notifyUrl(sale.provider) + "/refund";
  auto state = RefundState::absent;
  for (int i = 0; i < mostAttempts && state == RefundState::absent; ++i) {
    auto refunded = co_await attempted(payment(sale.provider).refund(request));
    if (refunded.error && !refunded.unknown()) throw *refunded.error;
    if (refunded.unknown()) ++met_.unknownRefunds;
    state = co_await learnRefund(number, refundNumber);
  }
  for (int i = 0; i < 400 && state != RefundState::done; ++i) {
    co_await sleepFor(milliseconds{100});
    state = co_await learnRefund(number, refundNumber);
  }
  if (state != RefundState::done) giveUp("refund", refundNumber);
}

asio::awaitable<void> Shop::close(std::string number) {
  const auto provider = ledger_.at(number).provider;
  openapi::CloseOrderRequest request{.outTradeNo = number};
  for (int i = 0; i < mostAttempts; ++i) {
    auto closed = co_await attempted(payment(provider).closeOrder(request));
    // An order that no buyer opened is unknown to Alipay: nothing is left to close.
    const bool nothingLeft = closed.hasCode("ORDERCLOSED", "ACQ.TRADE_NOT_EXIST");
    if (closed.value || nothingLeft) {
      ledger_.close(number);
      co_return;
    }
    if (closed.hasCode("ORDERPAID", "ACQ.TRADE_STATUS_ERROR")) {
      auto paid = co_await learn(number);
      if (paid) co_return;
    }
    if (!closed.unknown()) throw *closed.error;
    ++met_.unknownOthers;
  }
  giveUp("closing", number);
}

asio::awaitable<void> Shop::cancel(std::string number) {
  openapi::CancelOrderRequest request{.outTradeNo = number};
  for (int i = 0; i < mostAttempts; ++i) {
    auto cancelled = co_await attempted(alipay_.cancelOrder(request));
    if (cancelled.error && !cancelled.unknown()) throw *cancelled.error;
    if (cancelled.unknown()) ++met_.unknownOthers;
    if (cancelled.value && cancelled.value->retryFlag != "Y") {
      ledger_.cancel(number, cancelled.value->transactionId.value_or(""), cancelled.value->action == "refund");
      co_return;
    }
  }
  giveUp("cancelling", number);
}

asio::awaitable<openapi::NotifyReply> Shop::onNotify(std::string path, openapi::Event event) {
  const auto provider = path.starts_with("/alipay") ? Provider::alipay : Provider::weixin;
  bool taken = false;
  try {
    if (path == "/weixin/refund") {
      taken = co_await takeRefund(event);
    } else {
      taken = co_await takePayment(provider, event);
    }
    ++met_.notifications;
    if (taken) genuine_.try_emplace(path, event);
  } catch (const openapi::Error& error) {
    met_.forgeries.push_back(error.errc());
  }
  co_return openapi::notifyReply(provider, taken, "not taken");
}

asio::awaitable<bool> Shop::takePayment(Provider provider, openapi::Event event) {
  auto notify = co_await payment(provider).verifyPaymentNotify(event);
  const auto* sale = ledger_.find(notify.outTradeNo);
  if (sale == nullptr || sale->amount != notify.totalFee) co_return false;
  if (failing_.erase(notify.outTradeNo) > 0) {
    ++met_.turnedAway;
    co_return false;
  }
  // A closed trade of Alipay is the end of a refund or of an unpaid order: no payment.
  if (notify.tradeStatus && *notify.tradeStatus != "TRADE_SUCCESS" && *notify.tradeStatus != "TRADE_FINISHED") {
    ++met_.repeated;
    co_return true;
  }
  if (book(notify.outTradeNo, notify.transactionId, notify.totalFee)) co_return true;
  ++met_.repeated;
  co_return ledger_.at(notify.outTradeNo).transactionId == notify.transactionId;
}

/// WeChat does not sign this one: it is only a reason to ask.
asio::awaitable<bool> Shop::takeRefund(openapi::Event event) {
  auto notify = co_await weixin_.verifyRefundNotify(event);
  const auto* sale = ledger_.find(notify.outTradeNo);
  if (sale == nullptr) co_return false;
  const auto before = sale->refunded();
  auto state = co_await learnRefund(notify.outTradeNo, notify.outRefundNo);
  if (ledger_.at(notify.outTradeNo).refunded() == before) ++met_.repeated;
  co_return state == RefundState::done;
}

}  // namespace demo
