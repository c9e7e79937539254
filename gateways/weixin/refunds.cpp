#include <gateways/weixin/money.hpp>
#include <gateways/weixin/weixin_platform.hpp>

#include <codec/text.hpp>
#include <crypto/aes.hpp>

#include <algorithm>

namespace openapi::gateway::weixin {
namespace {

constexpr std::size_t mostRefunds = 50;
constexpr std::size_t pageSize = 20;
constexpr auto unsettledFunds = "REFUND_SOURCE_UNSETTLED_FUNDS";
constexpr auto mismatch = "订单金额或退款金额与之前请求不一致，请核实后再试";

bool isTransactionId(const std::string& text) {
  return text.size() == 28 && text.find_first_not_of("0123456789") == std::string::npos;
}

Refund refundOf(const Row& row) {
  Refund refund;
  refund.id = row.integer("id");
  refund.orderId = row.integer("order_id");
  refund.outRefundNo = row.text("out_refund_no");
  refund.refundId = row.text("refund_id");
  refund.refundFee = row.integer("refund_fee");
  refund.settlementFee = row.integer("settlement_fee");
  refund.feeReturned = row.integer("fee_returned");
  refund.coupons = couponsFromStored(row.text("coupons"));
  refund.created = fromMillis(row.integer("created"));
  refund.finished = fromMillis(row.integer("finished"));
  refund.result = row.text("result");
  refund.account = row.text("account");
  refund.description = row.text("description");
  return refund;
}

/// The part of `amount` that goes back when `before` of `total` fen were refunded, and then `now` more.
std::int64_t partOf(std::int64_t amount, std::int64_t before, std::int64_t now, std::int64_t total) {
  return share(amount, before + now, total) - share(amount, before, total);
}

std::vector<Coupon> couponParts(const Order& order, std::int64_t before, std::int64_t now) {
  std::vector<Coupon> parts;
  for (const auto& coupon : order.coupons) {
    const auto fee = partOf(coupon.fee, before, now, order.totalFee);
    if (fee > 0) parts.push_back({coupon.id, coupon.type, fee});
  }
  return parts;
}

/// The coupons of one refund; `suffix` is empty or `_n`.
void addCoupons(Message& content, const Refund& refund, const std::string& suffix) {
  content.emplace_back("coupon_refund_fee" + suffix, std::to_string(refund.couponFee()));
  content.emplace_back("coupon_refund_count" + suffix, std::to_string(refund.coupons.size()));
  for (std::size_t i = 0; i < refund.coupons.size(); ++i) {
    const auto index = suffix + "_" + std::to_string(i);
    content.emplace_back("coupon_type" + index, refund.coupons[i].type);
    content.emplace_back("coupon_refund_id" + index, refund.coupons[i].id);
    content.emplace_back("coupon_refund_fee" + index, std::to_string(refund.coupons[i].fee));
  }
}

void addRecord(Message& content, const Refund& refund, std::size_t number, Time now) {
  const auto suffix = "_" + std::to_string(number);
  const auto status = refund.status(now);
  content.emplace_back("out_refund_no" + suffix, refund.outRefundNo);
  content.emplace_back("refund_id" + suffix, refund.refundId);
  content.emplace_back("refund_channel" + suffix, "ORIGINAL");
  content.emplace_back("refund_fee" + suffix, std::to_string(refund.refundFee));
  if (refund.settlementFee != refund.refundFee) {
    content.emplace_back("settlement_refund_fee" + suffix, std::to_string(refund.settlementFee));
  }
  addCoupons(content, refund, suffix);
  content.emplace_back("refund_status" + suffix, status);
  content.emplace_back("refund_account" + suffix, refund.account);
  content.emplace_back("refund_recv_accout" + suffix, "支付用户零钱");
  if (status == "SUCCESS") content.emplace_back("refund_success_time" + suffix, readableTime(refund.finished));
}

void addOrder(Message& content, const Order& order) {
  content.emplace_back("transaction_id", order.transactionId);
  content.emplace_back("out_trade_no", order.outTradeNo);
  content.emplace_back("total_fee", std::to_string(order.totalFee));
  if (order.settlementFee != order.totalFee) content.emplace_back("settlement_total_fee", std::to_string(order.settlementFee));
  content.emplace_back("fee_type", "CNY");
  content.emplace_back("cash_fee", std::to_string(order.cashFee()));
}

}  // namespace

Reply WeixinPlatform::refund(const Call& call) {
  const auto fee = std::stoll(call.value("refund_fee"));
  const auto totalFee = std::stoll(call.value("total_fee"));
  if (call.value("transaction_id").empty() && call.value("out_trade_no").empty()) throw NotAccepted{"缺少参数 out_trade_no"};
  if (fee > totalFee) throw NotAccepted{"invalid refund_fee"};
  const auto account = call.value("refund_account");
  if (!account.empty() && account != unsettledFunds && account != "REFUND_SOURCE_RECHARGE_FUNDS") {
    throw Refused{"PARAM_ERROR", "refund_account参数错误"};
  }
  auto order = orderToRefund(call);
  if (const auto earlier = findRefund("out_refund_no", call.value("out_refund_no"), call.sandbox)) {
    const bool same = earlier->orderId == order.id && earlier->refundFee == fee && order.totalFee == totalFee;
    if (!same) throw Refused{"REFUND_FEE_MISMATCH", mismatch};
    return refundAnswer(call, order, *earlier);
  }
  checkRefund(order, fee, totalFee);
  const auto refund = acceptRefund(call, order, fee);
  notifyRefund(call, order, refund);
  return refundAnswer(call, order, refund);
}

Order WeixinPlatform::orderToRefund(const Call& call) {
  const auto transactionId = call.value("transaction_id");
  if (!transactionId.empty() && !isTransactionId(transactionId)) throw Refused{"INVALID_TRANSACTIONID", "无效transaction_id"};
  auto order =
      transactionId.empty() ? findOrder(call.value("out_trade_no"), call.sandbox) : findTransaction(transactionId, call.sandbox);
  if (!order || !order->isPaid()) throw Refused{"ORDERNOTEXIST", "订单不存在"};
  return *order;
}

void WeixinPlatform::checkRefund(const Order& order, std::int64_t fee, std::int64_t totalFee) {
  const auto now = services_.clock.now();
  if (order.totalFee != totalFee) throw Refused{"REFUND_FEE_MISMATCH", mismatch};
  if (now > order.paid + std::chrono::days{365}) throw Refused{"TRADE_OVERDUE", "订单已经超过可退款的最大期限"};
  const auto earlier = refundsOf(order.id);
  const auto remaining = order.totalFee - refunded(earlier);
  if (remaining == 0) throw Refused{"ERROR", "订单已全额退款"};
  if (earlier.size() >= mostRefunds) throw Refused{"ERROR", "一笔订单最多支持50次部分退款"};
  if (fee > remaining) throw Refused{"INVALID_REQUEST", "refund_fee大于可退金额"};
  const bool tooSoon = identity_.strictLimits && !earlier.empty() && now - earlier.back().created < std::chrono::minutes{1};
  if (tooSoon) throw Refused{"FREQUENCY_LIMITED", "频率限制"};
}

Refund WeixinPlatform::acceptRefund(const Call& call, Order& order, std::int64_t fee) {
  const auto before = refunded(refundsOf(order.id));
  Refund refund;
  refund.orderId = order.id;
  refund.outRefundNo = call.value("out_refund_no");
  refund.refundFee = fee;
  refund.coupons = couponParts(order, before, fee);
  refund.settlementFee = fee - sumOf(refund.coupons, "NO_CASH");
  refund.feeReturned = partOf(order.fee, before, fee, order.totalFee);
  refund.created = services_.clock.now();
  refund.finished = refund.created + (call.sandbox ? std::chrono::milliseconds{0} : identity_.refundDelay);
  refund.result = order.refundResult;
  refund.account = call.value("refund_account").empty() ? unsettledFunds : call.value("refund_account");
  refund.description = call.value("refund_desc");
  if (balance(call.sandbox) + refund.feeReturned < refund.settlementFee) {
    throw Refused{"NOTENOUGH", "基本账户余额不足，请充值后重新发起"};
  }
  auto& database = services_.database;
  database.execute(
      "INSERT INTO weixin_refunds(sandbox, order_id, out_refund_no, refund_fee, settlement_fee, fee_returned, coupons, created, "
      "finished, result, account, description) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
      {std::int64_t{call.sandbox}, order.id, refund.outRefundNo, refund.refundFee, refund.settlementFee, refund.feeReturned,
       storedCoupons(refund.coupons), toMillis(refund.created), toMillis(refund.finished), refund.result, refund.account,
       refund.description});
  refund.id = database.lastInsertId();
  refund.refundId = "50000" + digits(refund.id % 100000, 5) + compactDate(refund.created) + digits(refund.id, 11);
  database.execute("UPDATE weixin_refunds SET refund_id = ? WHERE id = ?", {refund.refundId, refund.id});
  database.execute("UPDATE weixin_orders SET state = 'REFUND' WHERE id = ?", {order.id});
  order.state = "REFUND";
  if (refund.result != "REFUNDCLOSE") {  // a refund that ends closed takes no money
    book(call.sandbox, {refund.refundId, "退款", "退还交易手续费", true, refund.feeReturned, "", refund.outRefundNo});
    book(call.sandbox, {refund.refundId, "退款", "退款", false, refund.settlementFee, refund.description, refund.outRefundNo});
  }
  return refund;
}

void WeixinPlatform::notifyRefund(const Call& call, const Order& order, const Refund& refund) {
  const auto url = call.value("notify_url");
  if (url.empty()) return;
  Message inner{{"transaction_id", order.transactionId},
                {"out_trade_no", order.outTradeNo},
                {"refund_id", refund.refundId},
                {"out_refund_no", refund.outRefundNo},
                {"total_fee", std::to_string(order.totalFee)},
                {"settlement_total_fee", std::to_string(order.settlementFee)},
                {"refund_fee", std::to_string(refund.refundFee)},
                {"settlement_refund_fee", std::to_string(refund.settlementFee)},
                {"cash_refund_fee", std::to_string(refund.refundFee - refund.couponFee())},
                {"refund_status", refund.result}};
  if (refund.result == "SUCCESS") inner.emplace_back("success_time", readableTime(refund.finished));
  inner.insert(inner.end(),
               {{"refund_recv_accout", "支付用户零钱"}, {"refund_account", refund.account}, {"refund_request_source", "API"}});
  const auto secret = crypto::encryptAes256Ecb(refundKey(call.key), codec::writeXml("root", inner));
  const Message outer{{"return_code", "SUCCESS"},
                      {"appid", order.appId},
                      {"mch_id", identity_.mchId},
                      {"nonce_str", call.value("nonce_str")},
                      {"req_info", codec::toBase64(secret)}};
  NotifyOptions options;
  options.notBefore = refund.finished;
  services_.notifier.enqueue({"weixin", "refund", url, order.outTradeNo, codec::writeXml("xml", outer)}, options);
}

Reply WeixinPlatform::refundAnswer(const Call& call, const Order& order, const Refund& refund) {
  Message content;
  addOrder(content, order);
  content.insert(content.end(), {{"out_refund_no", refund.outRefundNo},
                                 {"refund_id", refund.refundId},
                                 {"refund_channel", ""},
                                 {"refund_fee", std::to_string(refund.refundFee)}});
  if (refund.settlementFee != refund.refundFee) {
    content.emplace_back("settlement_refund_fee", std::to_string(refund.settlementFee));
  }
  content.emplace_back("cash_refund_fee", std::to_string(refund.refundFee - refund.couponFee()));
  addCoupons(content, refund, "");
  return success(call, std::move(content));
}

Reply WeixinPlatform::refundQuery(const Call& call) {
  const auto refundId = call.value("refund_id");
  const auto outRefundNo = call.value("out_refund_no");
  const auto transactionId = call.value("transaction_id");
  const auto outTradeNo = call.value("out_trade_no");
  std::vector<Refund> records;
  if (!refundId.empty() || !outRefundNo.empty()) {
    const auto found = refundId.empty() ? findRefund("out_refund_no", outRefundNo, call.sandbox)
                                        : findRefund("refund_id", refundId, call.sandbox);
    if (found) records.push_back(*found);
  } else if (!transactionId.empty() || !outTradeNo.empty()) {
    if (!transactionId.empty() && !isTransactionId(transactionId)) throw Refused{"INVALID_TRANSACTIONID", "无效transaction_id"};
    const auto order = transactionId.empty() ? findOrder(outTradeNo, call.sandbox) : findTransaction(transactionId, call.sandbox);
    if (order) records = refundsOf(order->id);
  } else {
    throw NotAccepted{"缺少参数 out_trade_no"};
  }
  const auto offsetText = call.value("offset");
  const auto offset = offsetText.empty() ? std::size_t{0} : static_cast<std::size_t>(std::stoull(offsetText));
  if (offset >= records.size()) throw Refused{"REFUNDNOTEXIST", "退款单不存在"};
  const auto order = *orderById(records.front().orderId);
  const auto count = std::min(pageSize, records.size() - offset);
  Message content;
  addOrder(content, order);
  content.emplace_back("refund_fee", std::to_string(refunded(records)));
  if (!offsetText.empty() || records.size() > pageSize)
    content.emplace_back("total_refund_count", std::to_string(records.size()));
  content.emplace_back("refund_count", std::to_string(count));
  for (std::size_t i = 0; i < count; ++i) addRecord(content, records[offset + i], i, services_.clock.now());
  return success(call, std::move(content));
}

std::optional<Refund> WeixinPlatform::findRefund(std::string_view column, const std::string& number, bool sandbox) {
  const auto row = services_.database.first("SELECT * FROM weixin_refunds WHERE sandbox = ? AND " + std::string{column} + " = ?",
                                            {std::int64_t{sandbox}, number});
  if (!row) return std::nullopt;
  return refundOf(*row);
}

std::vector<Refund> WeixinPlatform::refundsOf(std::int64_t orderId) {
  std::vector<Refund> refunds;
  for (const auto& row : services_.database.query("SELECT * FROM weixin_refunds WHERE order_id = ? ORDER BY id", {orderId})) {
    refunds.push_back(refundOf(row));
  }
  return refunds;
}

/// What went back or is on its way.
std::int64_t WeixinPlatform::refunded(const std::vector<Refund>& refunds) const {
  std::int64_t sum = 0;
  for (const auto& refund : refunds) sum += refund.isClosed(services_.clock.now()) ? 0 : refund.refundFee;
  return sum;
}

/// Six bad refunds within a second shut the door for a minute.
void WeixinPlatform::limitRefunds(const std::optional<Refused>& outcome) {
  const auto now = services_.clock.now();
  if (!outcome) {
    if (blockedUntil_ && now < *blockedUntil_) throw Refused{"INVALID_REQ_TOO_MUCH", "无效请求过多，请稍后再试"};
    return;
  }
  badRefunds_.push_back(now);
  while (now - badRefunds_.front() >= std::chrono::seconds{1}) badRefunds_.pop_front();
  if (badRefunds_.size() >= 6) blockedUntil_ = now + std::chrono::minutes{1};
}

Json WeixinPlatform::refunds() {
  Json::Array list;
  for (const auto& row : services_.database.query("SELECT * FROM weixin_refunds ORDER BY id")) {
    const auto refund = refundOf(row);
    list.push_back(refundJson(*orderById(refund.orderId), refund));
  }
  return list;
}

Json WeixinPlatform::refundJson(const Order& order, const Refund& refund) const {
  const auto status = refund.status(services_.clock.now());
  Fields fields{{"provider", "weixin"},
                {"outTradeNo", order.outTradeNo},
                {"transactionId", order.transactionId},
                {"outRefundNo", refund.outRefundNo},
                {"refundId", refund.refundId},
                {"totalFee", order.totalFee},
                {"refundFee", refund.refundFee},
                {"settlementRefundFee", refund.settlementFee},
                {"cashRefundFee", refund.refundFee - refund.couponFee()},
                {"couponRefundFee", refund.couponFee()},
                {"feeReturned", refund.feeReturned},
                {"refundStatus", status},
                {"refundDesc", refund.description},
                {"created", readableTime(refund.created)},
                {"sandbox", order.sandbox}};
  if (status == "SUCCESS") fields.append("successTime", readableTime(refund.finished));
  return fields;
}

Json WeixinPlatform::setRefundResult(const Json& input) {
  const auto outTradeNo = requireText(input, "outTradeNo");
  const auto status = requireText(input, "status");
  if (status != "SUCCESS" && status != "CHANGE" && status != "REFUNDCLOSE") {
    throw ControlError{400, "status must be SUCCESS, CHANGE or REFUNDCLOSE", "status"};
  }
  const auto order = findOrder(outTradeNo, false);
  if (!order) throw ControlError{404, "there is no such order", "outTradeNo"};
  services_.database.execute("UPDATE weixin_orders SET refund_result = ? WHERE id = ?", {status, order->id});
  return orderJson(*order);
}

}  // namespace openapi::gateway::weixin
