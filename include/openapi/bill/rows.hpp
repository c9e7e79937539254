#pragma once

#include <openapi/bill/money.hpp>
#include <openapi/fen.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace openapi::bill {

// The rows of settlement bills. Fields have the names of the payment interface. Texts are views that are valid until the
// next row is read, and empty where the bill has none; amounts, rates and times that a bill has not are absent.

using Time = std::chrono::system_clock::time_point;

/// Whose bill it is.
enum class Platform { weixin, alipay };

/// A column that this library does not know.
struct Cell {
  std::string_view name{};  ///< as in the header
  std::string_view value{};
};

/// What a row of a trade bill is about.
enum class TradeKind { payment, refund, revoked };

/// One row of a trade bill: WeChat's `ALL`, `SUCCESS`, `REFUND` and `RECHARGE_REFUND`, Alipay's `trade`.
struct TradeRow {
  std::uint64_t line = 0;  ///< in the file; the header's line counts
  Platform platform{};
  TradeKind kind{};
  Time time{};  ///< of the payment or refund (交易时间; Alipay 完成时间, or 创建时间 while that is empty)

  std::string_view transactionId{};
  std::string_view outTradeNo{};
  std::optional<Fen> totalFee{};  ///< of the order, coupons included (订单金额, in old bills 总金额); 0 in a refund

  std::string_view refundId{};             ///< refunds; empty where the bill prints 0
  std::string_view outRefundNo{};          ///< refunds; Alipay's refund request number
  std::optional<Fen> refundFee{};          ///< what went back, never negative: without coupons on WeChat (退款金额)
  std::optional<Fen> refundAppliedFee{};   ///< what the merchant asked for (申请退款金额)
  std::string_view refundType{};           ///< `ORIGINAL`, `BALANCE` …
  std::string_view refundState{};          ///< `SUCCESS`, `FAIL`, `PROCESSING`
  std::optional<Time> refundCreateTime{};  ///< refund bills
  std::optional<Time> refundSuccessTime{};

  std::string_view body{};  ///< the goods (商品名称)
  std::string_view attach{};
  std::optional<Fee> fee{};  ///< the platform's charge (手续费, 服务费; 返还手续费 in a bill of recharge refunds)
  std::optional<Rate> rate{};
  std::string_view rateRemark{};

  // WeChat
  std::string_view appId{};
  std::string_view mchId{};
  std::string_view subMchId{};  ///< empty where the bill prints 0
  std::string_view deviceInfo{};
  std::string_view openid{};
  std::string_view tradeType{};
  std::string_view tradeState{};  ///< `SUCCESS`, `REFUND`, `REVOKED`: what `kind` was read from
  std::string_view bankType{};
  std::string_view feeType{};
  std::optional<Fen> settlementTotalFee{};  ///< without coupons that are not settled (应结订单金额)
  std::optional<Fen> couponFee{};
  std::optional<Fen> couponRefundFee{};

  // Alipay. Amounts as printed: negative in a refund.
  std::string_view businessType{};  ///< 交易 or 退款: what `kind` was read from
  std::optional<Time> createTime{};
  std::string_view buyerLogonId{};
  std::string_view storeId{};
  std::string_view storeName{};
  std::string_view operatorId{};
  std::string_view terminalId{};
  std::string_view voucherName{};
  std::string_view remark{};
  std::optional<Fen> receiptAmount{};            ///< 商家实收
  std::optional<Fen> redPacketAmount{};          ///< 支付宝红包
  std::optional<Fen> pointAmount{};              ///< 集分宝
  std::optional<Fen> discountAmount{};           ///< 支付宝优惠
  std::optional<Fen> mdiscountAmount{};          ///< 商家优惠
  std::optional<Fen> voucherAmount{};            ///< 券核销金额
  std::optional<Fen> merchantRedPacketAmount{};  ///< 商家红包消费金额
  std::optional<Fen> cardAmount{};               ///< 卡消费金额
  std::optional<Fen> royaltyAmount{};            ///< 分润

  std::span<const Cell> extra{};
};

/// Whether the money came in or went out.
enum class Direction { income, expense };

/// One row of an account bill: WeChat's fund flow, Alipay's `signcustomer`.
struct FlowRow {
  std::uint64_t line = 0;
  Platform platform{};
  Time time{};
  Direction direction{};
  Fen amount{};  ///< never negative
  std::optional<Fen> balance{};

  std::string_view flowId{};         ///< 资金流水单号, 账务流水号
  std::string_view transactionId{};  ///< 微信支付业务单号, 业务流水号
  std::string_view businessType{};
  std::string_view businessName{};  ///< 业务名称; Alipay 业务描述
  std::string_view remark{};

  // WeChat
  std::string_view applicant{};  ///< 资金变更提交申请人
  std::string_view voucherNo{};  ///< 业务凭证号: order or refund number

  // Alipay
  std::string_view outTradeNo{};
  std::string_view body{};
  std::string_view buyerLogonId{};  ///< 对方账号
  std::string_view channel{};
  std::string_view billSource{};
  std::string_view businessOrderNo{};
  std::string_view businessBaseOrderNo{};

  std::span<const Cell> extra{};
};

/// One row of Alipay's files of totals: one for each store (业务明细(汇总)) or each type of business (账务汇总).
struct TotalRow {
  std::uint64_t line = 0;

  // 业务明细(汇总)
  std::string_view storeId{};
  std::string_view storeName{};
  std::optional<std::int64_t> paymentCount{};
  std::optional<std::int64_t> refundCount{};
  std::optional<Fen> totalFee{};
  std::optional<Fen> receiptAmount{};
  std::optional<Fen> discountAmount{};
  std::optional<Fen> mdiscountAmount{};
  std::optional<Fen> cardAmount{};
  std::optional<Fee> fee{};
  std::optional<Fen> royaltyAmount{};
  std::optional<Fen> netAmount{};  ///< 实收净额; 总金额

  // 账务汇总
  std::string_view businessType{};
  std::optional<std::int64_t> incomeCount{};
  std::optional<Fen> income{};
  std::optional<std::int64_t> expenseCount{};
  std::optional<Fen> expense{};  ///< as printed

  std::span<const Cell> extra{};
};

}  // namespace openapi::bill
