#pragma once

#include <gateways/bill_plan.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::gateway::weixin {

enum class BillType { all, success, refund, rechargeRefund };

/// One payment or refund; amounts in fen.
struct BillRow {
  std::string time{};
  std::string appId{};
  std::string mchId{};
  std::string subMchId = "0";
  std::string deviceInfo{};
  std::string transactionId{};
  std::string outTradeNo{};
  std::string openid{};
  std::string tradeType{};
  std::string state{};
  std::string bankType{};
  std::string feeType = "CNY";
  std::int64_t settlement = 0;
  std::int64_t coupon = 0;
  std::string refundCreated{};
  std::string refundFinished{};
  std::string refundId = "0";
  std::string outRefundNo = "0";
  std::int64_t refund = 0;
  std::int64_t rechargeRefund = 0;
  std::string refundType{};
  std::string refundState{};
  std::string body{};
  std::string attach{};
  std::int64_t fee = 0;
  std::string rate = "0.60%";
  std::int64_t order = 0;
  std::int64_t applied = 0;
  std::string rateRemark{};
};

/// Writes a trade bill: `head`, rows, `end`.
class TradeBill {
 public:
  TradeBill(BillType type, bool oldColumns) : type_{type}, old_{oldColumns} {}
  [[nodiscard]] std::string head() const;
  void append(std::string& out, const BillRow& row);
  [[nodiscard]] std::string end() const;

 private:
  BillType type_;
  bool old_;
  std::int64_t rows_ = 0;
  BillRow totals_{};
};

/// One entry in the merchant's account.
struct FlowRow {
  std::string time{};
  std::string business{};
  std::string number{};
  std::string name{};
  std::string type{};
  bool income = false;
  std::int64_t amount = 0;
  std::int64_t balance = 0;
  std::string remark{};
  std::string voucher{};
};

/// Writes the bill of an account.
class FlowBill {
 public:
  [[nodiscard]] static std::string head();
  void append(std::string& out, const FlowRow& row);
  [[nodiscard]] std::string end() const;

 private:
  std::int64_t rows_ = 0;
  std::int64_t incomes_ = 0;
  std::int64_t income_ = 0;
  std::int64_t expense_ = 0;
};

/// Whose made trades they are.
struct MadeFor {
  std::string appId{};
  std::string mchId{};
  Time day{};
};

/// Turns made trades into rows of trade bills.
class MadeRows {
 public:
  MadeRows(MadeFor whose, bool returnedFee);
  /// Valid until the next call.
  [[nodiscard]] const BillRow& of(const MadeTrade& trade);

 private:
  std::string date_;
  std::string compactDate_;
  bool returnedFee_;
  BillRow row_{};
};

/// Turns made trades into entries of an account: two each in `Basic`, one in `Operation` and `Fees`.
class MadeFlows {
 public:
  MadeFlows(MadeFor whose, std::string_view account, std::int64_t balance);
  void append(std::string& out, FlowBill& bill, const MadeTrade& trade);

 private:
  void add(std::string& out, FlowBill& bill, std::string_view type, bool income, std::int64_t amount);
  std::string mchId_;
  std::string date_;
  std::string compactDate_;
  bool basic_;
  bool fees_;
  std::int64_t entries_ = 0;
  FlowRow row_{};
};

}  // namespace openapi::gateway::weixin
