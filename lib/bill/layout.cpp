#include "bill/layout.hpp"

#include <algorithm>
#include <initializer_list>

namespace openapi::bill {
namespace {

constexpr auto plain = Trait::plain;
constexpr auto freeText = Trait::freeText;
constexpr auto number = Trait::number;

constexpr Column<TradeCells> weixinTrade[] = {
    {"交易时间", &TradeCells::time, plain},
    {"公众账号ID", &TradeCells::appId, plain},
    {"商户号", &TradeCells::mchId, plain},
    {"特约商户号", &TradeCells::subMchId, number},
    {"子商户号", &TradeCells::subMchId, number},
    {"设备号", &TradeCells::deviceInfo, freeText},
    {"微信订单号", &TradeCells::transactionId, plain},
    {"商户订单号", &TradeCells::outTradeNo, plain},
    {"用户标识", &TradeCells::openid, plain},
    {"交易类型", &TradeCells::tradeType, plain},
    {"交易状态", &TradeCells::tradeState, plain},
    {"付款银行", &TradeCells::bankType, plain},
    {"货币种类", &TradeCells::feeType, plain},
    {"应结订单金额", &TradeCells::settlementTotalFee, plain},
    {"订单金额", &TradeCells::totalFee, plain},
    {"总金额", &TradeCells::totalFee, plain},
    {"代金券金额", &TradeCells::couponFee, plain},
    {"代金券或立减优惠金额", &TradeCells::couponFee, plain},
    {"退款申请时间", &TradeCells::refundCreateTime, plain},
    {"退款成功时间", &TradeCells::refundSuccessTime, plain},
    {"微信退款单号", &TradeCells::refundId, number},
    {"商户退款单号", &TradeCells::outRefundNo, number},
    {"退款金额", &TradeCells::refundFee, plain},
    {"申请退款金额", &TradeCells::refundAppliedFee, plain},
    {"充值券退款金额", &TradeCells::couponRefundFee, plain},
    {"代金券或立减优惠退款金额", &TradeCells::couponRefundFee, plain},
    {"退款类型", &TradeCells::refundType, plain},
    {"退款状态", &TradeCells::refundState, plain},
    {"商品名称", &TradeCells::body, freeText},
    {"商户数据包", &TradeCells::attach, freeText},
    {"手续费", &TradeCells::fee, plain},
    {"返还手续费", &TradeCells::fee, plain},
    {"费率", &TradeCells::rate, plain},
    {"费率备注", &TradeCells::rateRemark, freeText},
};

constexpr Column<TradeCells> alipayTrade[] = {
    {"支付宝交易号", &TradeCells::transactionId, plain},
    {"商户订单号", &TradeCells::outTradeNo, plain},
    {"业务类型", &TradeCells::businessType, plain},
    {"商品名称", &TradeCells::body, freeText},
    {"创建时间", &TradeCells::createTime, plain},
    {"完成时间", &TradeCells::finishTime, plain},
    {"门店编号", &TradeCells::storeId, plain},
    {"门店名称", &TradeCells::storeName, freeText},
    {"操作员", &TradeCells::operatorId, freeText},
    {"终端号", &TradeCells::terminalId, freeText},
    {"对方账户", &TradeCells::buyerLogonId, freeText},
    {"订单金额(元)", &TradeCells::totalFee, plain},
    {"商家实收(元)", &TradeCells::receiptAmount, plain},
    {"支付宝红包(元)", &TradeCells::redPacketAmount, plain},
    {"集分宝(元)", &TradeCells::pointAmount, plain},
    {"支付宝优惠(元)", &TradeCells::discountAmount, plain},
    {"商家优惠(元)", &TradeCells::mdiscountAmount, plain},
    {"券核销金额(元)", &TradeCells::voucherAmount, plain},
    {"券名称", &TradeCells::voucherName, freeText},
    {"商家红包消费金额(元)", &TradeCells::merchantRedPacketAmount, plain},
    {"卡消费金额(元)", &TradeCells::cardAmount, plain},
    {"退款批次号/请求号", &TradeCells::outRefundNo, plain},
    {"服务费(元)", &TradeCells::fee, plain},
    {"分润(元)", &TradeCells::royaltyAmount, plain},
    {"备注", &TradeCells::remark, freeText},
};

constexpr Column<FlowCells> weixinFlow[] = {
    {"记账时间", &FlowCells::time, plain},
    {"微信支付业务单号", &FlowCells::transactionId, plain},
    {"资金流水单号", &FlowCells::flowId, plain},
    {"业务名称", &FlowCells::businessName, plain},
    {"业务类型", &FlowCells::businessType, plain},
    {"收支类型", &FlowCells::statedDirection, plain},
    {"收支金额(元)", &FlowCells::statedAmount, plain},
    {"账户结余(元)", &FlowCells::balance, plain},
    {"资金变更提交申请人", &FlowCells::applicant, freeText},
    {"备注", &FlowCells::remark, freeText},
    {"业务凭证号", &FlowCells::voucherNo, plain},
};

constexpr Column<FlowCells> alipayFlow[] = {
    {"账务流水号", &FlowCells::flowId, plain},
    {"业务流水号", &FlowCells::transactionId, plain},
    {"商户订单号", &FlowCells::outTradeNo, plain},
    {"商品名称", &FlowCells::body, freeText},
    {"发生时间", &FlowCells::time, plain},
    {"对方账号", &FlowCells::buyerLogonId, freeText},
    {"收入金额(+元)", &FlowCells::income, plain},
    {"支出金额(-元)", &FlowCells::expense, plain},
    {"账户余额(元)", &FlowCells::balance, plain},
    {"交易渠道", &FlowCells::channel, plain},
    {"业务类型", &FlowCells::businessType, plain},
    {"备注", &FlowCells::remark, freeText},
    {"业务描述", &FlowCells::businessName, freeText},
    {"业务账单来源", &FlowCells::billSource, plain},
    {"业务订单号", &FlowCells::businessOrderNo, plain},
    {"业务基础订单号", &FlowCells::businessBaseOrderNo, plain},
};

constexpr Column<TotalRow> tradeTotals[] = {
    {"门店编号", &TotalRow::storeId, plain},
    {"门店名称", &TotalRow::storeName, freeText},
    {"交易订单总笔数", &TotalRow::paymentCount, plain},
    {"退款订单总笔数", &TotalRow::refundCount, plain},
    {"订单金额(元)", &TotalRow::totalFee, plain},
    {"商家实收(元)", &TotalRow::receiptAmount, plain},
    {"支付宝优惠(元)", &TotalRow::discountAmount, plain},
    {"商家优惠(元)", &TotalRow::mdiscountAmount, plain},
    {"卡消费金额(元)", &TotalRow::cardAmount, plain},
    {"服务费(元)", &TotalRow::fee, plain},
    {"分润(元)", &TotalRow::royaltyAmount, plain},
    {"实收净额(元)", &TotalRow::netAmount, plain},
};

constexpr Column<TotalRow> flowTotals[] = {
    {"类型", &TotalRow::businessType, plain},     {"业务类型", &TotalRow::businessType, plain},
    {"收入笔数", &TotalRow::incomeCount, plain},  {"收入金额(+元)", &TotalRow::income, plain},
    {"支出笔数", &TotalRow::expenseCount, plain}, {"支出金额(-元)", &TotalRow::expense, plain},
    {"总金额(元)", &TotalRow::netAmount, plain},
};

using Names = std::span<const std::string>;

bool has(Names names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string_view firstMissing(Names names, std::initializer_list<std::string_view> wanted) {
  for (const auto name : wanted) {
    if (!has(names, name)) return name;
  }
  return {};
}

/// What is missing of columns that come together or not at all.
std::string_view missingOf(Names names, std::initializer_list<std::string_view> together) {
  const bool any = std::any_of(together.begin(), together.end(), [names](std::string_view name) { return has(names, name); });
  return any ? firstMissing(names, together) : std::string_view{};
}

std::string_view missingInWeixinTrade(Names names) {
  if (const auto name = firstMissing(names, {"交易时间", "微信订单号", "商户订单号", "交易状态"}); !name.empty()) return name;
  if (!has(names, "手续费") && !has(names, "返还手续费")) return "手续费";
  if (const auto name = missingOf(names, {"微信退款单号", "商户退款单号", "退款金额", "退款状态"}); !name.empty()) return name;
  if (has(names, "总金额")) return {};
  if (has(names, "退款金额") && !has(names, "申请退款金额")) return "申请退款金额";
  return firstMissing(names, {"应结订单金额", "订单金额"});
}

}  // namespace

std::span<const Column<TradeCells>> weixinTradeColumns() { return weixinTrade; }
std::span<const Column<TradeCells>> alipayTradeColumns() { return alipayTrade; }
std::span<const Column<FlowCells>> weixinFlowColumns() { return weixinFlow; }
std::span<const Column<FlowCells>> alipayFlowColumns() { return alipayFlow; }
std::span<const Column<TotalRow>> tradeTotalColumns() { return tradeTotals; }
std::span<const Column<TotalRow>> flowTotalColumns() { return flowTotals; }

std::string normalised(std::string_view name) {
  std::string result{name};
  for (const auto& [wide, narrow] : {std::pair{std::string_view{"（"}, "("}, std::pair{std::string_view{"）"}, ")"}}) {
    for (auto at = result.find(wide); at != std::string::npos; at = result.find(wide)) result.replace(at, wide.size(), narrow);
  }
  std::erase(result, ' ');
  return result;
}

std::optional<Layout> layoutOf(Names names) {
  if (has(names, "微信订单号")) return Layout{Platform::weixin, BillKind::trade};
  if (has(names, "资金流水单号")) return Layout{Platform::weixin, BillKind::flow};
  if (has(names, "支付宝交易号")) return Layout{Platform::alipay, BillKind::trade};
  if (has(names, "账务流水号")) return Layout{Platform::alipay, BillKind::flow};
  if (has(names, "交易订单总笔数")) return Layout{Platform::alipay, BillKind::tradeTotals};
  if (has(names, "收入金额(+元)")) return Layout{Platform::alipay, BillKind::flowTotals};
  return {};
}

std::string_view missingColumn(const Layout& layout, Names names) {
  switch (layout.kind) {
    case BillKind::trade:
      if (layout.platform == Platform::weixin) return missingInWeixinTrade(names);
      return firstMissing(names, {"商户订单号", "业务类型", "创建时间", "完成时间", "订单金额(元)", "商家实收(元)",
                                  "退款批次号/请求号", "服务费(元)"});
    case BillKind::flow:
      if (layout.platform == Platform::weixin) return firstMissing(names, {"记账时间", "收支类型", "收支金额(元)"});
      return firstMissing(names, {"发生时间", "收入金额(+元)", "支出金额(-元)"});
    case BillKind::tradeTotals:
      return firstMissing(names, {"门店编号", "退款订单总笔数", "订单金额(元)"});
    case BillKind::flowTotals:
      return firstMissing(names, {"收入笔数", "支出笔数", "支出金额(-元)"});
  }
  return {};
}

}  // namespace openapi::bill
