#include <gateways/digits.hpp>
#include <gateways/packing.hpp>
#include <gateways/weixin/bill_rows.hpp>
#include <gateways/weixin/weixin_platform.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <algorithm>
#include <utility>

namespace openapi::gateway::weixin {
namespace {

constexpr std::chrono::hours bookTime{9};
constexpr auto oldest = std::chrono::days{92};

/// What payments and refunds have in common.
BillRow commonRow(const Order& order, const std::string& mchId, Time time, const char* state) {
  BillRow row;
  row.time = readableTime(time);
  row.appId = order.appId;
  row.mchId = mchId;
  row.deviceInfo = order.param("device_info");
  row.transactionId = order.transactionId;
  row.outTradeNo = order.outTradeNo;
  row.openid = order.openid;
  row.tradeType = order.param("trade_type");
  row.state = state;
  row.bankType = order.bankType;
  row.body = order.param("body");
  row.attach = order.param("attach");
  return row;
}

BillRow paymentRow(const Order& order, const std::string& mchId) {
  auto row = commonRow(order, mchId, order.paid, "SUCCESS");
  row.settlement = order.settlementFee;
  row.coupon = order.couponFee();
  row.fee = order.fee;
  row.order = order.totalFee;
  return row;
}

const char* billStatus(const std::string& status) {
  if (status == "PROCESSING" || status == "SUCCESS") return status == "SUCCESS" ? "SUCCESS" : "PROCESSING";
  return status == "CHANGE" ? "CHANGE" : "FAIL";
}

BillRow refundRow(const Order& order, const Refund& refund, const std::string& mchId, Time now, bool returnedFee) {
  auto row = commonRow(order, mchId, refund.created, "REFUND");
  const auto status = refund.status(now);
  row.refundCreated = readableTime(refund.created);
  row.refundFinished = status == "SUCCESS" ? readableTime(refund.finished) : std::string{};
  row.refundId = refund.refundId;
  row.outRefundNo = refund.outRefundNo;
  row.refund = refund.settlementFee;
  row.rechargeRefund = sumOf(refund.coupons, "CASH");
  row.refundType = "ORIGINAL";
  row.refundState = billStatus(status);
  row.fee = returnedFee ? refund.feeReturned : -refund.feeReturned;
  row.applied = refund.refundFee;
  return row;
}

/// Small bills have a length, those with made rows come in chunks.
Reply fileReply(std::shared_ptr<BodySource> text, bool zipped, bool stream) {
  Reply reply;
  reply.contentType = zipped ? "application/x-gzip" : "text/plain; charset=utf-8";
  auto source = zipped ? gzipBody(std::move(text)) : std::move(text);
  if (stream) {
    reply.source = std::move(source);
  } else {
    reply.body = drained(*source);
  }
  return reply;
}

/// The digest stands before the body, so that a bill that is made while it is sent is made twice.
void prepareDigest(Reply& reply, std::shared_ptr<BodySource> again) {
  auto digest = std::make_shared<crypto::Sha1>();
  reply.prepare = [again = std::move(again), digest = std::move(digest)](Reply& prepared) {
    const auto block = again->next();
    digest->add(block);
    if (block.empty()) prepared.headers.add("Digest", "SHA=" + digest->hex());
    return block.empty();
  };
}

std::optional<BillType> typeOf(std::string_view name) {
  if (name == "ALL") return BillType::all;
  if (name == "SUCCESS") return BillType::success;
  if (name == "REFUND") return BillType::refund;
  if (name == "RECHARGE_REFUND") return BillType::rechargeRefund;
  return std::nullopt;
}

bool isAccount(std::string_view name) { return name == "Basic" || name == "Operation" || name == "Fees"; }

MadeKind kindOf(BillType type) {
  switch (type) {
    case BillType::all:
      return MadeKind::all;
    case BillType::success:
      return MadeKind::payments;
    case BillType::refund:
      return MadeKind::refunds;
    case BillType::rechargeRefund:
      return MadeKind::rechargeRefunds;
  }
  return MadeKind::all;
}

std::optional<std::int64_t> rowsOf(std::string_view type, std::int64_t trades) {
  if (isAccount(type)) return type == "Basic" ? 2 * trades : trades;
  const auto kind = typeOf(type);
  return kind ? std::optional{countOf(kindOf(*kind), trades)} : std::nullopt;
}

std::shared_ptr<BodySource> tradeText(std::string start, std::shared_ptr<TradeBill> bill, MadeTrades made, MadeRows rows) {
  return std::make_shared<BillText>(
      std::move(start), made,
      [bill, rows = std::move(rows)](std::string& out, const MadeTrade& trade) mutable { bill->append(out, rows.of(trade)); },
      [bill] { return bill->end(); });
}

std::shared_ptr<BodySource> flowText(std::string start, std::shared_ptr<FlowBill> bill, MadeTrades made, MadeFlows flows) {
  return std::make_shared<BillText>(
      std::move(start), made,
      [bill, flows = std::move(flows)](std::string& out, const MadeTrade& trade) mutable { flows.append(out, *bill, trade); },
      [bill] { return bill->end(); });
}

/// A day by its text; the message of the error is the platform's.
std::optional<Time> dayOf(const Call& call) { return parseCompactDate(call.xml.value("bill_date")); }

}  // namespace

WeixinPlatform::BillState WeixinPlatform::billState(Time day, bool sandbox) {
  const auto now = services_.clock.now();
  const auto today = startOfDay(now);
  if (day > today || day < today - oldest) return BillState::outOfRange;
  if (day == today) return BillState::creating;
  const auto plan = planOf(day, sandbox);
  const auto last = lastEntry(day, sandbox);
  const auto made = now >= day + std::chrono::days{1} + bookTime;
  if (plan.byClock && !made) return BillState::creating;
  if (!last) return plan.rows() > 0 ? BillState::ready : BillState::empty;
  // A whole day after the last entry it is there too: a clock that jumped a day always has its bill.
  return made || now >= *last + std::chrono::days{1} ? BillState::ready : BillState::creating;
}

/// The platform's own sandbox has no made trades.
BillPlan WeixinPlatform::planOf(Time day, bool sandbox) { return sandbox ? BillPlan{} : plans_.of(day); }

std::optional<Time> WeixinPlatform::lastEntry(Time day, bool sandbox) {
  const auto from = toMillis(day);
  const auto to = toMillis(day + std::chrono::days{1});
  const auto box = std::int64_t{sandbox};
  const auto row = services_.database.first(
      "SELECT max(time) AS last FROM (SELECT time FROM weixin_flows WHERE sandbox = ? AND time >= ? AND time < ? "
      "UNION ALL SELECT paid FROM weixin_orders WHERE sandbox = ? AND paid >= ? AND paid < ? "
      "UNION ALL SELECT created FROM weixin_refunds WHERE sandbox = ? AND created >= ? AND created < ?)",
      {box, from, to, box, from, to, box, from, to});
  if (row->isNull("last")) return std::nullopt;
  return fromMillis(row->integer("last"));
}

Reply WeixinPlatform::downloadBill(const Call& call) {
  const auto type = call.value("bill_type");
  const auto tar = call.value("tar_type");
  if (call.xml.value("bill_date").empty() || type.empty()) throw Refused{"20001", "missing parameter"};
  const auto billType = typeOf(type);
  if (!billType) throw Refused{"20001", "invalid bill_type"};
  if (!tar.empty() && tar != "GZIP") throw Refused{"20001", "data format error"};
  const auto day = dayOf(call);
  if (!day) throw Refused{"20001", "invalid bill_date"};
  switch (billState(*day, call.sandbox)) {
    case BillState::outOfRange:
      throw Refused{"20001", "invalid bill_date"};
    case BillState::creating:
      throw Refused{"20003", "Bill Creating"};
    case BillState::empty:
      throw Refused{"20002", "No Bill Exist"};
    case BillState::ready:
      break;
  }
  auto bill = tradeBill(*day, *billType, call.sandbox);
  if (!bill) throw Refused{"20002", "No Bill Exist"};
  return fileReply(std::move(bill), tar == "GZIP", planOf(*day, call.sandbox).rows() > 0);
}

/// Null when there is nothing of this type.
std::shared_ptr<BodySource> WeixinPlatform::tradeBill(Time day, BillType type, bool sandbox) {
  const auto from = toMillis(day);
  const auto to = toMillis(day + std::chrono::days{1});
  const auto plan = planOf(day, sandbox);
  const bool recharge = type == BillType::rechargeRefund;
  auto bill = std::make_shared<TradeBill>(type, plan.oldColumns);
  auto& database = services_.database;
  const auto start = bill->head();
  auto text = start;
  const auto payments =
      database.query("SELECT * FROM weixin_orders WHERE sandbox = ? AND paid >= ? AND paid < ? ORDER BY paid, id",
                     {std::int64_t{sandbox}, from, to});
  if (type == BillType::all || type == BillType::success) {
    for (const auto& payment : payments) {
      auto row = paymentRow(orderOf(payment), identity_.mchId);
      const auto added = &payment == payments.data() ? plan.changes : 0;
      row.settlement += added;
      row.order += added;
      bill->append(text, row);
    }
  }
  if (type != BillType::success) {
    const auto refunds = database.query(
        "SELECT id, refund_id, account FROM weixin_refunds WHERE sandbox = ? AND created >= ? AND created < ? ORDER BY created, "
        "id",
        {std::int64_t{sandbox}, from, to});
    for (const auto& entry : refunds) {
      if (recharge && entry.text("account") != "REFUND_SOURCE_RECHARGE_FUNDS") continue;
      const auto refund = *findRefund("refund_id", entry.text("refund_id"), sandbox);
      bill->append(text, refundRow(*orderById(refund.orderId), refund, identity_.mchId, services_.clock.now(), recharge));
    }
  }
  const MadeTrades made{day, plan, kindOf(type), payments.empty()};
  if (text == start && made.count() == 0) return nullptr;
  return tradeText(std::move(text), std::move(bill), made, {{identity_.appId, identity_.mchId, day}, recharge});
}

Reply WeixinPlatform::downloadFundflow(const Call& call) {
  const auto account = call.value("account_type");
  const auto tar = call.value("tar_type");
  if (call.type != SignType::hmacSha256) throw Refused{"PARAM_ERROR", "sign_type参数错误，仅支持HMAC-SHA256"};
  if (call.xml.value("bill_date").empty()) throw Refused{"PARAM_ERROR", "缺少参数 bill_date"};
  if (account.empty()) throw Refused{"PARAM_ERROR", "缺少参数 account_type"};
  if (!isAccount(account)) throw Refused{"PARAM_ERROR", "account_type参数错误"};
  if (!tar.empty() && tar != "GZIP") throw Refused{"PARAM_ERROR", "tar_type参数错误"};
  const auto day = dayOf(call);
  if (!day) throw Refused{"PARAM_ERROR", "bill_date参数错误"};
  switch (billState(*day, call.sandbox)) {
    case BillState::outOfRange:
      throw Refused{"PARAM_ERROR", "bill_date参数错误"};
    case BillState::creating:
      throw Refused{"BILL_CREATING", "账单生成中"};
    case BillState::empty:
      throw Refused{"NO_BILL_EXIST", "账单文件不存在"};
    case BillState::ready:
      break;
  }
  auto bill = fundFlow(*day, account, call.sandbox);
  if (!bill) throw Refused{"NO_BILL_EXIST", "账单文件不存在"};
  const bool zipped = tar == "GZIP";
  auto reply = fileReply(std::move(bill), zipped, planOf(*day, call.sandbox).rows() > 0);
  if (reply.source) {
    auto again = fundFlow(*day, account, call.sandbox);
    prepareDigest(reply, zipped ? gzipBody(std::move(again)) : std::move(again));
  } else {
    reply.headers.add("Digest", "SHA=" + codec::toLowerHex(crypto::sha1(reply.body)));
  }
  return reply;
}

/// Null when nothing was entered.
std::shared_ptr<BodySource> WeixinPlatform::fundFlow(Time day, const std::string& account, bool sandbox) {
  const auto plan = planOf(day, sandbox);
  const auto entries = services_.database.query(
      "SELECT * FROM weixin_flows WHERE sandbox = ? AND account = ? AND time >= ? AND time < ? ORDER BY id",
      {std::int64_t{sandbox}, account, toMillis(day), toMillis(day + std::chrono::days{1})});
  const auto first = std::find_if(entries.begin(), entries.end(), [](const Row& row) { return row.text("type") == "交易"; });
  const MadeTrades made{day, plan, MadeKind::all, first == entries.end()};
  if (entries.empty() && made.count() == 0) return nullptr;
  auto bill = std::make_shared<FlowBill>();
  auto text = FlowBill::head();
  std::int64_t balance = 0;
  std::int64_t added = 0;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto time = fromMillis(entry->integer("time"));
    const auto change = entry == first ? plan.changes : 0;
    added += change;
    balance = entry->integer("balance") + added;
    auto number = identity_.mchId + compactDate(time);
    appendDigits(number, static_cast<std::uint64_t>(entry->integer("id")), 12);
    bill->append(text, {readableTime(time), entry->text("business"), number, entry->text("name"), entry->text("type"),
                        entry->integer("income") != 0, entry->integer("amount") + change, balance, entry->text("remark"),
                        entry->text("voucher")});
  }
  return flowText(std::move(text), std::move(bill), made, {{identity_.appId, identity_.mchId, day}, account, balance});
}

Json WeixinPlatform::planBills(const Json& input) {
  const auto text = [this](const std::string& type, Time day, const BillPlan& plan) {
    const MadeFor whose{identity_.appId, identity_.mchId, day};
    if (isAccount(type)) {
      return flowText(FlowBill::head(), std::make_shared<FlowBill>(), {day, plan, MadeKind::all, true}, {whose, type, 0});
    }
    const auto kind = *typeOf(type);
    auto bill = std::make_shared<TradeBill>(kind, plan.oldColumns);
    auto head = bill->head();
    return tradeText(std::move(head), std::move(bill), {day, plan, kindOf(kind), true},
                     {whose, kind == BillType::rechargeRefund});
  };
  return planBill(input, plans_, {"ALL", rowsOf, text}, services_.clock.now());
}

/// Enters money in one of the merchant's accounts. Nothing is entered for nothing.
void WeixinPlatform::book(bool sandbox, const Flow& flow) {
  if (flow.amount == 0) return;
  const auto after = balance(sandbox, flow.account) + (flow.income ? flow.amount : -flow.amount);
  services_.database.execute(
      "INSERT INTO weixin_flows(sandbox, account, time, business, name, type, income, amount, balance, remark, voucher) "
      "VALUES(?,?,?,?,?,?,?,?,?,?,?)",
      {std::int64_t{sandbox}, flow.account, toMillis(services_.clock.now()), flow.business, flow.name, flow.type,
       std::int64_t{flow.income}, flow.amount, after, flow.remark, flow.voucher});
}

std::int64_t WeixinPlatform::balance(bool sandbox, const std::string& account) {
  const auto row =
      services_.database.first("SELECT balance FROM weixin_flows WHERE sandbox = ? AND account = ? ORDER BY id DESC LIMIT 1",
                               {std::int64_t{sandbox}, account});
  return row ? row->integer("balance") : 0;
}

Json WeixinPlatform::moveMoney(const Json& input, bool income) {
  if (input.find("amount") == nullptr) throw ControlError{400, "amount is missing", "amount"};
  const auto account = optionalText(input, "account", "Basic");
  if (!isAccount(account)) throw ControlError{400, "account must be Basic, Operation or Fees", "account"};
  const auto available = balance(false, account);
  const auto amount = optionalInteger(input, "amount", 0, 1, 1'000'000'000'000);
  if (!income && amount > available) throw ControlError{409, "the account holds " + std::to_string(available) + " fen", "amount"};
  const std::string name = income ? "充值" : "提现";
  book(false, {.name = name, .type = name, .income = income, .amount = amount, .account = account});
  return Fields{{"balance", balance(false, account)}};
}

}  // namespace openapi::gateway::weixin
