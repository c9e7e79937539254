#include <gateways/alipay/alipay_platform.hpp>

namespace openapi::gateway::alipay {
namespace {

Node nothingReturned() { return {{"refund_fee", "0.00"}, {"send_back_fee", "0.00"}}; }

Json returnedBills(Fen amount) { return Json::Array{Fields{{"amount", amount.yuan()}, {"fund_channel", "ALIPAYACCOUNT"}}}; }

void checkState(const Trade& trade) {
  if (trade.status == tradeSuccess) return;
  if (trade.status == tradeClosed) throw refusal("ACQ.TRADE_HAS_CLOSE", nothingReturned());
  throw refusal(trade.status == tradeFinished ? "ACQ.TRADE_HAS_FINISHED" : "ACQ.TRADE_STATUS_ERROR", nothingReturned());
}

}  // namespace

Node AlipayPlatform::refund(const Call& call) {
  auto trade = find(call.biz);
  const auto amount = requiredAmount(call.biz, "refund_amount", "退款金额");
  const auto reason = textOf(call.biz, "refund_reason", 256);
  const auto stated = textOf(call.biz, "out_request_no", 64);
  if (!trade) throw refusal("ACQ.TRADE_NOT_EXIST", nothingReturned());
  const auto outRequestNo = stated.empty() ? trade->outTradeNo : stated;
  if (const auto known = store_.refund(trade->id, outRequestNo)) {
    if (known->amount != amount) throw refusal("ACQ.DISCORDANT_REPEAT_REQUEST", nothingReturned());
    return refundAnswer(call.biz, *trade, *known, false);
  }
  checkState(*trade);
  if (stated.empty() && amount != trade->total) throw refusal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", nothingReturned());
  if (trade->refunded + amount > trade->total) throw refusal("ACQ.REASON_TRADE_REFUND_FEE_ERR", nothingReturned());
  const auto made = returnMoney(*trade, outRequestNo, amount, reason);
  return refundAnswer(call.biz, *trade, made, true);
}

Refund AlipayPlatform::returnMoney(Trade& trade, const std::string& outRequestNo, Fen amount, const std::string& reason) {
  Refund made{
      .tradeId = trade.id, .outRequestNo = outRequestNo, .amount = amount, .reason = reason, .time = services_.clock.now()};
  store_.insert(made);
  trade.refunded += amount;
  if (trade.refunded == trade.total) {
    closeTrade(trade, made.time);
  } else {
    store_.update(trade);
  }
  notify(trade, &made, {});
  return made;
}

Node AlipayPlatform::refundAnswer(const Json& biz, const Trade& trade, const Refund& refund, bool changed) const {
  Node node{{"out_trade_no", trade.outTradeNo},
            {"trade_no", trade.tradeNo},
            {"fund_change", changed ? "Y" : "N"},
            {"refund_fee", trade.refunded.yuan()},
            {"gmt_refund_pay", readableTime(refund.time)},
            {"send_back_fee", changed ? refund.amount.yuan() : "0.00"}};
  addBuyer(node, trade);
  if (queryOption(biz, "refund_detail_item_list")) node["refund_detail_item_list"] = returnedBills(refund.amount);
  return node;
}

Node AlipayPlatform::refundQuery(const Call& call) {
  const auto outRequestNo = requiredText(call.biz, "out_request_no", 64);
  const auto trade = find(call.biz);
  if (!trade) throw refusal("ACQ.TRADE_NOT_EXIST");
  const auto known = store_.refund(trade->id, outRequestNo);
  if (!known) return {};
  Node node{{"out_trade_no", trade->outTradeNo},     {"trade_no", trade->tradeNo},        {"out_request_no", known->outRequestNo},
            {"refund_amount", known->amount.yuan()}, {"refund_status", "REFUND_SUCCESS"}, {"total_amount", trade->total.yuan()}};
  if (!known->reason.empty()) node["refund_reason"] = known->reason;
  if (queryOption(call.biz, "gmt_refund_pay")) node["gmt_refund_pay"] = readableTime(known->time);
  if (queryOption(call.biz, "refund_detail_item_list")) {
    node["refund_detail_item_list"] = returnedBills(known->amount);
    node["send_back_fee"] = known->amount.yuan();
  }
  return node;
}

Node AlipayPlatform::cancelPaid(Trade& trade) {
  if (trade.cancelAction.empty()) {
    const auto now = services_.clock.now();
    if (trade.status == tradeFinished) throw refusal("ACQ.TRADE_HAS_FINISHED");
    if (now - *trade.paid > knobs_.cancelWindow) throw refusal("ACQ.TRADE_CANCEL_TIME_OUT");
    if (trade.refunded > Fen{0}) throw refusal("ACQ.REASON_TRADE_REFUND_FEE_ERR");
    trade.cancelAction = "refund";
    static_cast<void>(returnMoney(trade, trade.outTradeNo, trade.total, "撤销"));
  }
  return {{"action", trade.cancelAction}, {"gmt_refund_pay", readableTime(*trade.closed)}};
}

}  // namespace openapi::gateway::alipay
