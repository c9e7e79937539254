#include <gateways/weixin/money.hpp>
#include <gateways/weixin/weixin_platform.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin {
namespace {

constexpr auto bom = "\xEF\xBB\xBF";
constexpr std::chrono::hours bookTime{9};
constexpr auto oldest = std::chrono::days{92};

constexpr auto headAll =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,"
    "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,"
    "申请退款金额,费率备注";
constexpr auto headSuccess =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,"
    "代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注";
constexpr auto headRefund =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,"
    "代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,"
    "商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注";
constexpr auto headRecharge =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,"
    "代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,"
    "商户数据包,"
    "返还手续费,费率,订单金额,申请退款金额,费率备注";
constexpr auto headSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
constexpr auto headFlow =
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
    "业务凭证号";
constexpr auto headFlowSummary = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// As the platform writes texts into cells.
std::string cellText(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '\x01') {
      cell += ' ';
    } else if (c == '\r') {
      cell += "\\r";
    } else if (c == '\n') {
      cell += "\\n";
    } else {
      cell += c;
    }
  }
  return cell;
}

void appendRow(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "`" : ",`") + cellText(cells[i]);
  out += "\r\n";
}

struct Totals {
  std::int64_t rows = 0;
  std::int64_t settlement = 0;
  std::int64_t refund = 0;
  std::int64_t rechargeRefund = 0;
  std::int64_t fee = 0;
  std::int64_t order = 0;
  std::int64_t applied = 0;
};

void appendTotals(std::string& out, const Totals& totals) {
  out += std::string{headSummary} + "\r\n";
  appendRow(out, {std::to_string(totals.rows) + ".0", yuan(totals.settlement), yuan(totals.refund), yuan(totals.rechargeRefund),
                  feeYuan(totals.fee), yuan(totals.order), yuan(totals.applied)});
}

/// The twelve columns that all rows begin with.
std::vector<std::string> commonCells(const Order& order, const std::string& mchId, Time time, const char* state) {
  return {readableTime(time),
          order.appId,
          mchId,
          "0",
          order.param("device_info"),
          order.transactionId,
          order.outTradeNo,
          order.openid,
          order.param("trade_type"),
          state,
          order.bankType,
          "CNY"};
}

void append(std::vector<std::string>& cells, std::initializer_list<std::string> more) { cells.insert(cells.end(), more); }

void addPayment(std::string& out, Totals& totals, const Order& order, const std::string& mchId, bool refundColumns) {
  auto cells = commonCells(order, mchId, order.paid, "SUCCESS");
  append(cells, {yuan(order.settlementFee), yuan(order.couponFee())});
  if (refundColumns) append(cells, {"0", "0", "0.00", "0.00", "", ""});
  append(cells, {order.param("body"), order.param("attach"), feeYuan(order.fee), "0.60%", yuan(order.totalFee)});
  if (refundColumns) append(cells, {"0.00"});
  append(cells, {""});
  appendRow(out, cells);
  ++totals.rows;
  totals.settlement += order.settlementFee;
  totals.fee += order.fee;
  totals.order += order.totalFee;
}

const char* billStatus(const std::string& status) {
  if (status == "PROCESSING" || status == "SUCCESS") return status == "SUCCESS" ? "SUCCESS" : "PROCESSING";
  return status == "CHANGE" ? "CHANGE" : "FAIL";
}

void addRefund(std::string& out, Totals& totals, const Order& order, const Refund& refund, const std::string& mchId, Time now,
               bool timeColumns, bool returnedFee) {
  const auto recharge = sumOf(refund.coupons, "CASH");
  const auto status = refund.status(now);
  const auto fee = returnedFee ? refund.feeReturned : -refund.feeReturned;
  auto cells = commonCells(order, mchId, refund.created, "REFUND");
  append(cells, {"0.00", "0.00"});
  if (timeColumns)
    append(cells, {readableTime(refund.created), status == "SUCCESS" ? readableTime(refund.finished) : std::string{}});
  append(cells, {refund.refundId, refund.outRefundNo, yuan(refund.settlementFee), yuan(recharge), "ORIGINAL", billStatus(status),
                 order.param("body"), order.param("attach"), feeYuan(fee), "0.60%", "0.00", yuan(refund.refundFee), ""});
  appendRow(out, cells);
  ++totals.rows;
  totals.refund += refund.settlementFee;
  totals.rechargeRefund += recharge;
  totals.fee += fee;
  totals.applied += refund.refundFee;
}

Reply fileReply(const std::string& text, bool zipped) {
  Reply reply;
  reply.contentType = zipped ? "application/x-gzip" : "text/plain; charset=utf-8";
  reply.body = zipped ? codec::gzip(text) : text;
  return reply;
}

/// A day by its text; the message of the error is the platform's.
std::optional<Time> dayOf(const Call& call) { return parseCompactDate(call.xml.value("bill_date")); }

}  // namespace

WeixinPlatform::BillState WeixinPlatform::billState(Time day, std::optional<Time> lastEntry) const {
  const auto now = services_.clock.now();
  const auto today = startOfDay(now);
  if (day > today || day < today - oldest) return BillState::outOfRange;
  if (day == today) return BillState::creating;
  if (!lastEntry) return BillState::empty;
  // At nine the next morning, or a whole day after the last entry: a clock that jumped a day always has its bill.
  const bool made = now >= day + std::chrono::days{1} + bookTime || now >= *lastEntry + std::chrono::days{1};
  return made ? BillState::ready : BillState::creating;
}

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
  constexpr std::array<std::string_view, 4> types{"ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND"};
  if (std::find(types.begin(), types.end(), type) == types.end()) throw Refused{"20001", "invalid bill_type"};
  if (!tar.empty() && tar != "GZIP") throw Refused{"20001", "data format error"};
  const auto day = dayOf(call);
  if (!day) throw Refused{"20001", "invalid bill_date"};
  switch (billState(*day, lastEntry(*day, call.sandbox))) {
    case BillState::outOfRange:
      throw Refused{"20001", "invalid bill_date"};
    case BillState::creating:
      throw Refused{"20003", "Bill Creating"};
    case BillState::empty:
      throw Refused{"20002", "No Bill Exist"};
    case BillState::ready:
      break;
  }
  const auto bill = tradeBill(*day, type, call.sandbox);
  if (bill.empty()) throw Refused{"20002", "No Bill Exist"};
  return fileReply(bill, tar == "GZIP");
}

/// Empty when there is nothing of this type.
std::string WeixinPlatform::tradeBill(Time day, const std::string& type, bool sandbox) {
  const auto from = toMillis(day);
  const auto to = toMillis(day + std::chrono::days{1});
  const bool all = type == "ALL";
  const bool recharge = type == "RECHARGE_REFUND";
  std::string bill = bom;
  bill += std::string{all ? headAll : type == "SUCCESS" ? headSuccess : recharge ? headRecharge : headRefund} + "\r\n";
  Totals totals;
  auto& database = services_.database;
  if (all || type == "SUCCESS") {
    for (const auto& row :
         database.query("SELECT * FROM weixin_orders WHERE sandbox = ? AND paid >= ? AND paid < ? ORDER BY paid, id",
                        {std::int64_t{sandbox}, from, to})) {
      addPayment(bill, totals, orderOf(row), identity_.mchId, all);
    }
  }
  if (type != "SUCCESS") {
    const auto rows = database.query(
        "SELECT id, refund_id, account FROM weixin_refunds WHERE sandbox = ? AND created >= ? AND created < ? ORDER BY created, "
        "id",
        {std::int64_t{sandbox}, from, to});
    for (const auto& row : rows) {
      if (recharge && row.text("account") != "REFUND_SOURCE_RECHARGE_FUNDS") continue;
      const auto refund = *findRefund("refund_id", row.text("refund_id"), sandbox);
      addRefund(bill, totals, *orderById(refund.orderId), refund, identity_.mchId, services_.clock.now(), !all, recharge);
    }
  }
  if (totals.rows == 0) return {};
  appendTotals(bill, totals);
  return bill;
}

Reply WeixinPlatform::downloadFundflow(const Call& call) {
  const auto account = call.value("account_type");
  const auto tar = call.value("tar_type");
  if (call.type != SignType::hmacSha256) throw Refused{"PARAM_ERROR", "sign_type参数错误，仅支持HMAC-SHA256"};
  if (call.xml.value("bill_date").empty()) throw Refused{"PARAM_ERROR", "缺少参数 bill_date"};
  if (account.empty()) throw Refused{"PARAM_ERROR", "缺少参数 account_type"};
  if (account != "Basic" && account != "Operation" && account != "Fees") throw Refused{"PARAM_ERROR", "account_type参数错误"};
  if (!tar.empty() && tar != "GZIP") throw Refused{"PARAM_ERROR", "tar_type参数错误"};
  const auto day = dayOf(call);
  if (!day) throw Refused{"PARAM_ERROR", "bill_date参数错误"};
  switch (billState(*day, lastEntry(*day, call.sandbox))) {
    case BillState::outOfRange:
      throw Refused{"PARAM_ERROR", "bill_date参数错误"};
    case BillState::creating:
      throw Refused{"BILL_CREATING", "账单生成中"};
    case BillState::empty:
      throw Refused{"NO_BILL_EXIST", "账单文件不存在"};
    case BillState::ready:
      break;
  }
  const auto text = fundFlow(*day, account, call.sandbox);
  if (text.empty()) throw Refused{"NO_BILL_EXIST", "账单文件不存在"};
  auto reply = fileReply(text, tar == "GZIP");
  reply.headers.add("Digest", "SHA=" + codec::toLowerHex(crypto::sha1(reply.body)));
  return reply;
}

std::string WeixinPlatform::fundFlow(Time day, const std::string& account, bool sandbox) {
  const auto rows = services_.database.query(
      "SELECT * FROM weixin_flows WHERE sandbox = ? AND account = ? AND time >= ? AND time < ? ORDER BY id",
      {std::int64_t{sandbox}, account, toMillis(day), toMillis(day + std::chrono::days{1})});
  if (rows.empty()) return {};
  std::string text = bom + std::string{headFlow} + "\r\n";
  std::array<std::int64_t, 2> counts{};
  std::array<std::int64_t, 2> sums{};
  for (const auto& row : rows) {
    const bool income = row.integer("income") != 0;
    const auto time = fromMillis(row.integer("time"));
    ++counts[income ? 1 : 0];
    sums[income ? 1 : 0] += row.integer("amount");
    const auto id = std::to_string(row.integer("id"));
    const auto number = identity_.mchId + compactDate(time) + std::string(12 - std::min<std::size_t>(12, id.size()), '0') + id;
    appendRow(text,
              {readableTime(time), row.text("business"), number, row.text("name"), row.text("type"), income ? "收入" : "支出",
               yuan(row.integer("amount")), yuan(row.integer("balance")), "system", row.text("remark"), row.text("voucher")});
  }
  text += std::string{headFlowSummary} + "\r\n";
  appendRow(text, {std::to_string(rows.size()) + ".0", std::to_string(counts[1]) + ".0", yuan(sums[1]),
                   std::to_string(counts[0]) + ".0", yuan(sums[0])});
  return text;
}

/// Enters money in the merchant's basic account. Nothing is entered for nothing.
void WeixinPlatform::book(bool sandbox, const Flow& flow) {
  if (flow.amount == 0) return;
  const auto after = balance(sandbox) + (flow.income ? flow.amount : -flow.amount);
  services_.database.execute(
      "INSERT INTO weixin_flows(sandbox, account, time, business, name, type, income, amount, balance, remark, voucher) "
      "VALUES(?, 'Basic', ?,?,?,?,?,?,?,?,?)",
      {std::int64_t{sandbox}, toMillis(services_.clock.now()), flow.business, flow.name, flow.type, std::int64_t{flow.income},
       flow.amount, after, flow.remark, flow.voucher});
}

std::int64_t WeixinPlatform::balance(bool sandbox) {
  const auto row = services_.database.first(
      "SELECT balance FROM weixin_flows WHERE sandbox = ? AND account = 'Basic' ORDER BY id DESC LIMIT 1",
      {std::int64_t{sandbox}});
  return row ? row->integer("balance") : 0;
}

Json WeixinPlatform::withdraw(const Json& input) {
  if (input.find("amount") == nullptr) throw ControlError{400, "amount is missing", "amount"};
  const auto available = balance(false);
  const auto amount = optionalInteger(input, "amount", 0, 1, 1'000'000'000'000);
  if (amount > available) throw ControlError{409, "the account holds " + std::to_string(available) + " fen", "amount"};
  book(false, {"", "提现", "提现", false, amount, "", ""});
  return Fields{{"balance", available - amount}};
}

}  // namespace openapi::gateway::weixin
