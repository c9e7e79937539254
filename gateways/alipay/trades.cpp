#include <gateways/alipay/alipay_platform.hpp>

#include <crypto/random.hpp>

#include <algorithm>

namespace openapi::gateway::alipay {
namespace {

std::string randomDigits(std::size_t count) {
  std::string text = crypto::randomText(count);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>('0' + static_cast<unsigned char>(c) % 10); });
  return text;
}

Json fundBills(const std::string& amount) { return Json::Array{Fields{{"amount", amount}, {"fund_channel", "ALIPAYACCOUNT"}}}; }

Node zeroAmounts(const Json& biz) {
  Node node{{"buyer_pay_amount", "0.00"}, {"invoice_amount", "0.00"}, {"point_amount", "0.00"}, {"receipt_amount", "0.00"}};
  for (const auto name : {"out_trade_no", "trade_no"}) {
    if (const auto text = textOf(biz, name, 64); !text.empty()) node[name] = text;
  }
  return node;
}

bool endsWith(const std::string& text, std::string_view end) { return text.size() >= end.size() && text.ends_with(end); }

Node names(const Trade& trade) { return {{"out_trade_no", trade.outTradeNo}, {"trade_no", trade.tradeNo}}; }

}  // namespace

OrderParams AlipayPlatform::orderOf(const Call& call, Product product) const {
  return readOrder(call.biz, {product, identity_.sellerId, knobs_.subjectCharacters}, services_.clock.now());
}

std::string AlipayPlatform::freshTradeNo() const { return compactDate(services_.clock.now()) + "22001" + randomDigits(15); }

Trade AlipayPlatform::tradeFrom(const Call& call, const OrderParams& order) const {
  Trade trade;
  trade.outTradeNo = order.outTradeNo;
  trade.method = call.method;
  trade.total = order.total;
  trade.fingerprint = order.fingerprint();
  trade.subject = order.subject;
  trade.body = order.body;
  trade.buyerId = order.buyerId;
  trade.buyerOpenId = order.buyerOpenId;
  trade.buyerFixed = order.product == Product::create;
  trade.passbackParams = order.passbackParams;
  trade.storeId = order.storeId;
  trade.operatorId = order.operatorId;
  trade.terminalId = order.terminalId;
  trade.authCode = order.authCode;
  trade.notifyUrl = call.text("notify_url");
  trade.returnUrl = call.text("return_url");
  trade.charset = call.text("charset");
  trade.signType = call.signType;
  trade.created = services_.clock.now();
  trade.expires = order.expires;
  return trade;
}

void AlipayPlatform::checkRepeat(const Trade& trade, const OrderParams& order) const {
  if (trade.status == tradeSuccess || trade.status == tradeFinished) throw refusal("ACQ.TRADE_HAS_SUCCESS");
  if (trade.status == tradeClosed) throw refusal("ACQ.TRADE_HAS_CLOSE");
  if (trade.fingerprint != order.fingerprint()) throw refusal("ACQ.CONTEXT_INCONSISTENT");
}

void AlipayPlatform::open(Trade& trade) {
  trade.status = waitBuyerPay;
  trade.tradeNo = freshTradeNo();
  trade.created = services_.clock.now();
  if (trade.buyerId.empty()) trade.buyerId = defaultBuyer;
}

Trade AlipayPlatform::openTrade(const Call& call, const OrderParams& order) {
  if (auto known = store_.byOutTradeNo(order.outTradeNo)) {
    checkRepeat(*known, order);
    if (known->opened()) return *known;
    open(*known);
    store_.update(*known);
    return *known;
  }
  auto trade = tradeFrom(call, order);
  open(trade);
  store_.insert(trade);
  return trade;
}

Node AlipayPlatform::create(const Call& call) { return names(openTrade(call, orderOf(call, Product::create))); }

Node AlipayPlatform::precreate(const Call& call) {
  const auto order = orderOf(call, Product::precreate);
  auto trade = store_.byOutTradeNo(order.outTradeNo);
  if (trade) {
    checkRepeat(*trade, order);
    if (trade->qrCode.empty()) throw refusal("ACQ.CONTEXT_INCONSISTENT");
    if (!trade->opened()) {
      trade->created = services_.clock.now();
      trade->expires = order.expires;
      store_.update(*trade);
    }
  } else {
    trade = tradeFrom(call, order);
    trade->qrCode = "https://qr.alipay.com/bax0" + crypto::randomText(18);
    store_.insert(*trade);
  }
  return {{"out_trade_no", trade->outTradeNo}, {"qr_code", trade->qrCode}};
}

Node AlipayPlatform::appPay(const Call& call) {
  const auto trade = openTrade(call, orderOf(call, Product::app));
  auto node = names(trade);
  node["app_id"] = identity_.appId;
  node["seller_id"] = identity_.sellerId;
  node["total_amount"] = trade.total.yuan();
  node["charset"] = trade.charset;
  node["timestamp"] = readableTime(services_.clock.now());
  return node;
}

Reply AlipayPlatform::cashier(const Call& call) {
  const bool wap = call.method == "alipay.trade.wap.pay";
  const auto trade = openTrade(call, orderOf(call, wap ? Product::wap : Product::page));
  const auto name = call.charset == Charset::gbk ? "GBK" : "utf-8";
  return page("<!DOCTYPE html>\n<html>\n<head><meta charset=\"" + std::string{name} + "\"><title>支付宝 - " +
                  (wap ? "手机网站支付" : "网上支付") + "</title></head>\n<body>\n<h1>" + htmlEscape(trade.subject) +
                  "</h1>\n<p>商户订单号 <b id=\"outTradeNo\">" + htmlEscape(trade.outTradeNo) +
                  "</b></p>\n<p>支付宝交易号 <b id=\"tradeNo\">" + trade.tradeNo +
                  "</b></p>\n<p>应付金额 <b id=\"totalAmount\">" + trade.total.yuan() + "</b> 元</p>\n</body>\n</html>\n",
              call.charset);
}

std::string AlipayPlatform::paidAmount(const Trade& trade) const {
  return trade.paid && !knobs_.sandboxAmounts ? trade.total.yuan() : "0.00";
}

void AlipayPlatform::addAmounts(Node& node, const Trade& trade) const {
  for (const auto name : {"buyer_pay_amount", "invoice_amount", "receipt_amount"}) node[name] = paidAmount(trade);
  node["point_amount"] = "0.00";
  node["total_amount"] = trade.total.yuan();
  if (trade.paid) node["fund_bill_list"] = fundBills(trade.total.yuan());
}

void AlipayPlatform::addBuyer(Node& node, const Trade& trade) const {
  node["buyer_logon_id"] = maskedLogon(trade.buyerId);
  if (trade.buyerOpenId.empty()) {
    node["buyer_user_id"] = trade.buyerId;
  } else {
    node["buyer_open_id"] = trade.buyerOpenId;
  }
}

Node AlipayPlatform::barCodeAnswer(const Trade& trade) const {
  auto node = names(trade);
  addBuyer(node, trade);
  if (!trade.paid) {
    node["code"] = "10003";
    node["total_amount"] = trade.total.yuan();
    return node;
  }
  addAmounts(node, trade);
  node["gmt_payment"] = readableTime(*trade.paid);
  return node;
}

Node AlipayPlatform::barCodePay(const Call& call) {
  const auto order = orderOf(call, Product::pay);
  const auto known = store_.byOutTradeNo(order.outTradeNo);
  const bool same = known && known->authCode == order.authCode && known->fingerprint == order.fingerprint();
  if (same && known->status == tradeSuccess) return barCodeAnswer(*known);
  if (known) checkRepeat(*known, order);
  if (store_.authCodeUsed(order.authCode, order.outTradeNo)) throw refusal("ACQ.PAYMENT_AUTH_CODE_INVALID");
  auto trade = openTrade(call, order);
  trade.authCode = order.authCode;
  if (endsWith(order.authCode, "10003") || trade.total > knobs_.passwordLimit) {
    store_.update(trade);
    return barCodeAnswer(trade);
  }
  markPaid(trade, {});
  if (!endsWith(order.authCode, "20000")) return barCodeAnswer(trade);
  return refusalNode(refusal("aop.ACQ.SYSTEM_ERROR"));
}

void AlipayPlatform::markPaid(Trade& trade, const NotifyOptions& options) {
  trade.status = tradeSuccess;
  trade.paid = services_.clock.now();
  store_.update(trade);
  notify(trade, nullptr, options);
}

std::optional<Trade> AlipayPlatform::find(const Json& biz) {
  const auto outTradeNo = textOf(biz, "out_trade_no", 64);
  const auto tradeNo = textOf(biz, "trade_no", 64);
  if (outTradeNo.empty() && tradeNo.empty()) throw invalidParameter("trade_no与out_trade_no不能同时为空");
  auto trade = tradeNo.empty() ? store_.byOutTradeNo(outTradeNo) : store_.byTradeNo(tradeNo);
  if (trade && !trade->opened()) return std::nullopt;
  return trade;
}

Node AlipayPlatform::query(const Call& call) {
  const auto trade = find(call.biz);
  if (!trade) throw refusal("ACQ.TRADE_NOT_EXIST", zeroAmounts(call.biz));
  auto node = names(*trade);
  addBuyer(node, *trade);
  addAmounts(node, *trade);
  node["buyer_user_type"] = "PRIVATE";
  node["trade_status"] = trade->status;
  if (trade->paid) node["send_pay_date"] = readableTime(*trade->paid);
  return node;
}

Node AlipayPlatform::close(const Call& call) {
  auto trade = find(call.biz);
  if (!trade) throw refusal("ACQ.TRADE_NOT_EXIST");
  if (trade->status != waitBuyerPay) throw refusal("ACQ.TRADE_STATUS_ERROR");
  closeTrade(*trade, services_.clock.now());
  return names(*trade);
}

void AlipayPlatform::closeTrade(Trade& trade, Time when) {
  trade.status = tradeClosed;
  trade.closed = when;
  store_.update(trade);
}

Node AlipayPlatform::cancel(const Call& call) {
  auto trade = find(call.biz);
  if (!trade) {
    Node node{{"retry_flag", "N"}};
    for (const auto name : {"out_trade_no", "trade_no"}) {
      if (const auto text = textOf(call.biz, name, 64); !text.empty()) node[name] = text;
    }
    return node;
  }
  if (trade->status == waitBuyerPay) {
    trade->cancelAction = "close";
    closeTrade(*trade, services_.clock.now());
  }
  auto node = trade->paid ? cancelPaid(*trade) : Node{{"action", "close"}};
  node.merge(names(*trade));
  node["retry_flag"] = "N";
  return node;
}

void AlipayPlatform::settleTimes() {
  const auto now = services_.clock.now();
  Transaction transaction{services_.database};
  for (auto& trade : store_.expired(now)) closeTrade(trade, trade.expires);
  for (auto& trade : store_.refundableSince(now - knobs_.refundWindow)) {
    trade.status = tradeFinished;
    store_.update(trade);
    notify(trade, nullptr, {});
  }
  transaction.commit();
}

}  // namespace openapi::gateway::alipay
