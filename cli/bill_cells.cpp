#include <cli/bill_cells.hpp>

#include <stamp.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <type_traits>

namespace openapi::bill {

BOOST_DESCRIBE_STRUCT(TradeRow, (),
                      (line, platform, kind, time, transactionId, outTradeNo, totalFee, refundId, outRefundNo, refundFee,
                       refundAppliedFee, refundType, refundState, refundCreateTime, refundSuccessTime, body, attach, fee, rate,
                       rateRemark, appId, mchId, subMchId, deviceInfo, openid, tradeType, tradeState, bankType, feeType,
                       settlementTotalFee, couponFee, couponRefundFee, businessType, createTime, buyerLogonId, storeId, storeName,
                       operatorId, terminalId, voucherName, remark, receiptAmount, redPacketAmount, pointAmount, discountAmount,
                       mdiscountAmount, voucherAmount, merchantRedPacketAmount, cardAmount, royaltyAmount))
BOOST_DESCRIBE_STRUCT(FlowRow, (),
                      (line, platform, time, direction, amount, balance, flowId, transactionId, businessType, businessName,
                       remark, applicant, voucherNo, outTradeNo, body, buyerLogonId, channel, billSource, businessOrderNo,
                       businessBaseOrderNo))
BOOST_DESCRIBE_STRUCT(TotalRow, (),
                      (line, storeId, storeName, paymentCount, refundCount, totalFee, receiptAmount, discountAmount,
                       mdiscountAmount, cardAmount, fee, royaltyAmount, netAmount, businessType, incomeCount, income,
                       expenseCount, expense))

}  // namespace openapi::bill

namespace openapi::cli {
namespace {

using Names = std::vector<std::string_view>;
using bill::BillKind;
using bill::Platform;

std::string_view toText(Platform platform) { return platform == Platform::weixin ? "weixin" : "alipay"; }
std::string_view toText(bill::Direction direction) { return direction == bill::Direction::income ? "income" : "expense"; }
std::string_view toText(bill::TradeKind kind) {
  if (kind == bill::TradeKind::payment) return "payment";
  return kind == bill::TradeKind::refund ? "refund" : "revoked";
}

template <class T>
CellValue valueOf(const T& member) {
  if constexpr (std::is_enum_v<T>) {
    return toText(member);
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return member.empty() ? CellValue{} : CellValue{member};
  } else if constexpr (requires { member.has_value(); }) {
    return member ? CellValue{*member} : CellValue{};
  } else {
    return member;
  }
}

template <class Row>
void take(const Row& row, std::vector<RowCell>& cells) {
  cells.clear();
  boost::mp11::mp_for_each<boost::describe::describe_members<Row, boost::describe::mod_public>>([&](auto member) {
    cells.push_back({member.name, valueOf(row.*member.pointer)});
  });
}

bool contains(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

const Names& otherPlatformsMembers(const bill::BillHeader& header) {
  static const Names weixinTrade{"appId",
                                 "mchId",
                                 "subMchId",
                                 "deviceInfo",
                                 "openid",
                                 "tradeType",
                                 "tradeState",
                                 "bankType",
                                 "feeType",
                                 "attach",
                                 "settlementTotalFee",
                                 "couponFee",
                                 "rate",
                                 "rateRemark",
                                 "refundId",
                                 "refundType",
                                 "refundState",
                                 "refundCreateTime",
                                 "refundSuccessTime",
                                 "couponRefundFee"};
  static const Names alipayTrade{"businessType",   "createTime",      "buyerLogonId",    "storeId",
                                 "storeName",      "operatorId",      "terminalId",      "voucherName",
                                 "remark",         "receiptAmount",   "redPacketAmount", "pointAmount",
                                 "discountAmount", "mdiscountAmount", "voucherAmount",   "merchantRedPacketAmount",
                                 "cardAmount",     "royaltyAmount"};
  static const Names weixinFlow{"applicant", "voucherNo"};
  static const Names alipayFlow{"outTradeNo",         "body", "buyerLogonId", "channel", "billSource", "businessOrderNo",
                                "businessBaseOrderNo"};
  static const Names storeTotals{"storeId",    "storeName",     "paymentCount",   "refundCount",
                                 "totalFee",   "receiptAmount", "discountAmount", "mdiscountAmount",
                                 "cardAmount", "fee",           "royaltyAmount"};
  static const Names flowTotals{"businessType", "incomeCount", "income", "expenseCount", "expense"};
  const bool weixin = header.platform == Platform::weixin;
  switch (header.kind) {
    case BillKind::trade:
      return weixin ? alipayTrade : weixinTrade;
    case BillKind::flow:
      return weixin ? alipayFlow : weixinFlow;
    case BillKind::tradeTotals:
      return flowTotals;
    case BillKind::flowTotals:
      break;
  }
  return storeTotals;
}

/// Turns a value into what people read.
struct ToText {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(std::string_view text) const { return std::string{text}; }
  std::string operator()(Fen amount) const { return amount.yuan(); }
  std::string operator()(bill::Fee amount) const { return amount.yuan(); }
  std::string operator()(bill::Rate rate) const { return rate.percent(); }
  std::string operator()(bill::Time time) const { return timeText(time); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(std::uint64_t number) const { return std::to_string(number); }
};

}  // namespace

void takeCells(const bill::TradeRow& row, std::vector<RowCell>& cells) { take(row, cells); }
void takeCells(const bill::FlowRow& row, std::vector<RowCell>& cells) { take(row, cells); }
void takeCells(const bill::TotalRow& row, std::vector<RowCell>& cells) { take(row, cells); }

bool isMemberOf(const bill::BillHeader& header, std::string_view name) {
  return name != "platform" && !contains(otherPlatformsMembers(header), name);
}

const Names& tableMembers(const bill::BillHeader& header) {
  static const Names trade{"time", "kind", "outTradeNo", "totalFee", "outRefundNo", "refundFee", "fee", "refundState", "body"};
  static const Names flow{"time", "direction", "amount", "balance", "transactionId", "businessType", "businessName", "remark"};
  static const Names stores{"storeId",  "storeName",     "paymentCount", "refundCount",
                            "totalFee", "receiptAmount", "fee",          "netAmount"};
  static const Names flows{"businessType", "incomeCount", "income", "expenseCount", "expense", "netAmount"};
  switch (header.kind) {
    case BillKind::trade:
      return trade;
    case BillKind::flow:
      return flow;
    case BillKind::tradeTotals:
      return stores;
    case BillKind::flowTotals:
      break;
  }
  return flows;
}

bool isAbsent(const CellValue& value) { return std::holds_alternative<std::monostate>(value); }

std::string timeText(bill::Time time) { return formatGmt8(time, "%Y-%m-%dT%H:%M:%S+08:00"); }

std::string cellText(const CellValue& value) { return std::visit(ToText{}, value); }

}  // namespace openapi::cli
