#include <gateways/weixin/bill_rows.hpp>

#include <gateways/weixin/money.hpp>

#include <array>

namespace openapi::gateway::weixin {
namespace {

constexpr auto bom = "\xEF\xBB\xBF";
constexpr auto line = "\r\n";

constexpr unsigned inAll = 1;
constexpr unsigned inSuccess = 2;
constexpr unsigned inRefund = 4;
constexpr unsigned everywhere = inAll | inSuccess | inRefund;

using Text = std::string BillRow::*;
using Amount = std::int64_t BillRow::*;

struct Column {
  const char* name;
  const char* oldName;  ///< null: old bills have no such column
  unsigned in;
  Text text;
  Amount amount;
};

constexpr Column textColumn(const char* name, Text text, unsigned in = everywhere) { return {name, name, in, text, nullptr}; }

using R = BillRow;
constexpr std::array<Column, 29> columns{
    {textColumn("交易时间", &R::time),
     textColumn("公众账号ID", &R::appId),
     textColumn("商户号", &R::mchId),
     {"特约商户号", "子商户号", everywhere, &R::subMchId, nullptr},
     textColumn("设备号", &R::deviceInfo),
     textColumn("微信订单号", &R::transactionId),
     textColumn("商户订单号", &R::outTradeNo),
     textColumn("用户标识", &R::openid),
     textColumn("交易类型", &R::tradeType),
     textColumn("交易状态", &R::state),
     textColumn("付款银行", &R::bankType),
     textColumn("货币种类", &R::feeType),
     {"应结订单金额", "总金额", everywhere, nullptr, &R::settlement},
     {"代金券金额", "代金券或立减优惠金额", everywhere, nullptr, &R::coupon},
     textColumn("退款申请时间", &R::refundCreated, inRefund),
     textColumn("退款成功时间", &R::refundFinished, inRefund),
     textColumn("微信退款单号", &R::refundId, inAll | inRefund),
     textColumn("商户退款单号", &R::outRefundNo, inAll | inRefund),
     {"退款金额", "退款金额", inAll | inRefund, nullptr, &R::refund},
     {"充值券退款金额", "代金券或立减优惠退款金额", inAll | inRefund, nullptr, &R::rechargeRefund},
     textColumn("退款类型", &R::refundType, inAll | inRefund),
     textColumn("退款状态", &R::refundState, inAll | inRefund),
     textColumn("商品名称", &R::body),
     textColumn("商户数据包", &R::attach),
     {"手续费", "手续费", everywhere, nullptr, &R::fee},
     textColumn("费率", &R::rate),
     {"订单金额", nullptr, everywhere, nullptr, &R::order},
     {"申请退款金额", nullptr, inAll | inRefund, nullptr, &R::applied},
     {"费率备注", nullptr, everywhere, &R::rateRemark, nullptr}}};

constexpr auto headSummary = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
constexpr auto headOldSummary = "总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额";
constexpr auto headFlow =
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
    "业务凭证号";
constexpr auto headFlowSummary = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

unsigned maskOf(BillType type) {
  if (type == BillType::all) return inAll;
  return type == BillType::success ? inSuccess : inRefund;
}

bool isShown(const Column& column, BillType type, bool old) {
  return (column.in & maskOf(type)) != 0 && !(old && column.oldName == nullptr);
}

/// As the platform writes texts into cells.
void appendText(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\x01') {
      out += ' ';
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

/// Cells of one line, each behind its back-tick.
class Line {
 public:
  explicit Line(std::string& out) : out_{out} {}
  void text(std::string_view value) {
    begin();
    appendText(out_, value);
  }
  void yuan(std::int64_t fen) {
    begin();
    appendYuan(out_, fen);
  }
  void feeYuan(std::int64_t fen) {
    begin();
    appendFeeYuan(out_, fen);
  }
  void count(std::int64_t number) {
    begin();
    out_ += std::to_string(number) + ".0";
  }
  void end() { out_ += line; }

 private:
  void begin() {
    out_ += first_ ? "`" : ",`";
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

void setNumber(std::string& out, std::string_view prefix, std::string_view date, std::uint64_t number, std::size_t width) {
  out = prefix;
  out += date;
  appendDigits(out, number, width);
}

std::uint64_t plain(std::int64_t number) { return static_cast<std::uint64_t>(number); }

}  // namespace

std::string TradeBill::head() const {
  std::string text;
  for (const auto& column : columns) {
    if (!isShown(column, type_, old_)) continue;
    const bool returned = type_ == BillType::rechargeRefund && column.amount == &BillRow::fee;
    text += (text.empty() ? bom : ",") + std::string{returned ? "返还手续费" : old_ ? column.oldName : column.name};
  }
  return text + line;
}

void TradeBill::append(std::string& out, const BillRow& row) {
  Line cells{out};
  for (const auto& column : columns) {
    if (!isShown(column, type_, old_)) continue;
    if (column.text != nullptr) {
      cells.text(row.*column.text);
    } else if (column.amount == &BillRow::fee) {
      cells.feeYuan(row.fee);
    } else if (old_ && column.amount == &BillRow::settlement) {
      cells.yuan(row.order);
    } else {
      cells.yuan(row.*column.amount);
    }
  }
  cells.end();
  ++rows_;
  totals_.settlement += row.settlement;
  totals_.refund += row.refund;
  totals_.rechargeRefund += row.rechargeRefund;
  totals_.fee += row.fee;
  totals_.order += row.order;
  totals_.applied += row.applied;
}

std::string TradeBill::end() const {
  std::string out = std::string{old_ ? headOldSummary : headSummary} + line;
  Line cells{out};
  cells.count(rows_);
  cells.yuan(old_ ? totals_.order : totals_.settlement);
  cells.yuan(totals_.refund);
  cells.yuan(totals_.rechargeRefund);
  cells.feeYuan(totals_.fee);
  if (!old_) {
    cells.yuan(totals_.order);
    cells.yuan(totals_.applied);
  }
  cells.end();
  return out;
}

std::string FlowBill::head() { return bom + std::string{headFlow} + line; }

void FlowBill::append(std::string& out, const FlowRow& row) {
  Line cells{out};
  for (const auto* text : {&row.time, &row.business, &row.number, &row.name, &row.type}) cells.text(*text);
  cells.text(row.income ? "收入" : "支出");
  cells.yuan(row.amount);
  cells.yuan(row.balance);
  cells.text("system");
  cells.text(row.remark);
  cells.text(row.voucher);
  cells.end();
  ++rows_;
  incomes_ += row.income ? 1 : 0;
  (row.income ? income_ : expense_) += row.amount;
}

std::string FlowBill::end() const {
  std::string out = std::string{headFlowSummary} + line;
  Line cells{out};
  cells.count(rows_);
  cells.count(incomes_);
  cells.yuan(income_);
  cells.count(rows_ - incomes_);
  cells.yuan(expense_);
  cells.end();
  return out;
}

MadeRows::MadeRows(MadeFor whose, bool returnedFee)
    : date_{readableDate(whose.day) + " "}, compactDate_{compactDate(whose.day)}, returnedFee_{returnedFee} {
  row_.appId = std::move(whose.appId);
  row_.mchId = std::move(whose.mchId);
  row_.tradeType = "JSAPI";
}

const BillRow& MadeRows::of(const MadeTrade& trade) {
  constexpr std::array<const char*, 4> banks{"OTHERS", "CMB_DEBIT", "ICBC_CREDIT", "CCB_DEBIT"};
  row_.time = date_ + clockText(trade.second);
  setNumber(row_.transactionId, "4200000263", compactDate_, plain(trade.order()), 10);
  setNumber(row_.outTradeNo, "M", compactDate_, plain(trade.order()), 10);
  setNumber(row_.openid, "oMadeTrade", "", trade.random, 18);
  row_.bankType = banks[trade.random % banks.size()];
  row_.body = madeGoods(trade);
  row_.attach = trade.number % 4 == 0 ? "shop=12,desk=" + std::to_string(trade.number % 90) : std::string{};
  const bool back = trade.refund;
  row_.state = back ? "REFUND" : "SUCCESS";
  row_.settlement = back ? 0 : trade.amount;
  row_.order = row_.settlement;
  row_.refund = back ? trade.amount : 0;
  row_.applied = row_.refund;
  row_.fee = back && !returnedFee_ ? -trade.fee : trade.fee;
  row_.refundType = back ? "ORIGINAL" : "";
  row_.refundState = row_.refundType.empty() ? "" : "SUCCESS";
  row_.refundCreated = back ? row_.time : std::string{};
  row_.refundFinished = row_.refundCreated;
  row_.refundId = "0";
  row_.outRefundNo = "0";
  if (back) {
    setNumber(row_.refundId, "50000709", compactDate_, plain(trade.number), 12);
    setNumber(row_.outRefundNo, "MR", compactDate_, plain(trade.number), 10);
  }
  return row_;
}

MadeFlows::MadeFlows(MadeFor whose, std::string_view account, std::int64_t balance)
    : mchId_{std::move(whose.mchId)},
      date_{readableDate(whose.day) + " "},
      compactDate_{compactDate(whose.day)},
      basic_{account == "Basic"},
      fees_{account == "Fees"} {
  row_.balance = balance;
}

void MadeFlows::add(std::string& out, FlowBill& bill, std::string_view type, bool income, std::int64_t amount) {
  setNumber(row_.number, mchId_, compactDate_, 900'000'000'000 + plain(entries_++), 12);
  row_.type = type;
  row_.income = income;
  row_.amount = amount;
  row_.balance += income ? amount : -amount;
  bill.append(out, row_);
}

void MadeFlows::append(std::string& out, FlowBill& bill, const MadeTrade& trade) {
  const bool back = trade.refund;
  row_.time = date_ + clockText(trade.second);
  setNumber(row_.business, back ? "50000709" : "4200000263", compactDate_, plain(trade.number), back ? 12 : 10);
  setNumber(row_.voucher, back ? "MR" : "M", compactDate_, plain(trade.number), 10);
  row_.remark = back ? std::string_view{"缺货"} : madeGoods(trade);
  if (!basic_) {
    row_.name = back ? fees_ ? "扣除交易手续费" : "付款到零钱" : "充值";
    add(out, bill, row_.name, !back, trade.amount);
    return;
  }
  row_.name = back ? "退款" : "交易";
  if (back) {
    add(out, bill, "退还交易手续费", true, trade.fee);
    add(out, bill, "退款", false, trade.amount);
  } else {
    add(out, bill, "交易", true, trade.amount);
    add(out, bill, "扣除交易手续费", false, trade.fee);
  }
}

}  // namespace openapi::gateway::weixin
