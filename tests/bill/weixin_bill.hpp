#pragma once

#include <map>

#include "support.hpp"

namespace bill_test {

using Lines = std::vector<std::vector<std::string>>;

inline std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> result;
  for (std::size_t end = 0; end != std::string_view::npos; names.remove_prefix(end == std::string_view::npos ? 0 : end + 1)) {
    end = names.find(',');
    result.emplace_back(names.substr(0, end));
  }
  return result;
}

constexpr std::string_view commonNames =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,";
constexpr std::string_view oldCommonNames =
    "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,";

inline std::vector<std::string> names(std::string_view common, std::string_view others) {
  return split(std::string{common} + std::string{others});
}

inline const auto& allNames() {
  static const auto result = names(commonNames,
                                   "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
                                   "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注");
  return result;
}

inline const auto& successNames() {
  static const auto result = names(commonNames, "应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注");
  return result;
}

inline const auto& refundNames() {
  static const auto result =
      names(commonNames,
            "应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,"
            "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注");
  return result;
}

inline const auto& rechargeRefundNames() {
  static const auto result = [] {
    auto changed = refundNames();
    std::replace(changed.begin(), changed.end(), std::string{"手续费"}, std::string{"返还手续费"});
    return changed;
  }();
  return result;
}

inline const auto& oldAllNames() {
  static const auto result =
      names(oldCommonNames,
            "总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,"
            "商品名称,商户数据包,手续费,费率");
  return result;
}

inline const auto& oldSuccessNames() {
  static const auto result = names(oldCommonNames, "总金额,代金券或立减优惠金额,商品名称,商户数据包,手续费,费率");
  return result;
}

inline const auto& oldRefundNames() {
  static const auto result =
      names(oldCommonNames,
            "总金额,代金券或立减优惠金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,"
            "退款类型,退款状态,商品名称,商户数据包,手续费,费率");
  return result;
}

constexpr std::string_view sevenTotals =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
constexpr std::string_view fourTotals = "总交易单数,应结订单总金额,手续费总金额,订单总金额";
constexpr std::string_view oldTotals = "总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额";

/// A row as a map from names to cells; what is not said is a payment of 88.00 yuan.
using RowCells = std::map<std::string, std::string>;

inline RowCells payment(RowCells changes = {}) {
  RowCells cells = {{"交易时间", "2026-11-21 08:01:02"},
                    {"公众账号ID", "wx2421b1c4370ec43b"},
                    {"商户号", "10000100"},
                    {"特约商户号", "0"},
                    {"子商户号", "0"},
                    {"设备号", "WEB"},
                    {"微信订单号", "4200000001202611210000000001"},
                    {"商户订单号", "20261121000001"},
                    {"用户标识", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
                    {"交易类型", "JSAPI"},
                    {"交易状态", "SUCCESS"},
                    {"付款银行", "CMB_CREDIT"},
                    {"货币种类", "CNY"},
                    {"应结订单金额", "80.00"},
                    {"代金券金额", "8.00"},
                    {"微信退款单号", "0"},
                    {"商户退款单号", "0"},
                    {"退款金额", "0.00"},
                    {"充值券退款金额", "0.00"},
                    {"代金券或立减优惠退款金额", "0.00"},
                    {"代金券或立减优惠金额", "8.00"},
                    {"退款类型", ""},
                    {"退款状态", ""},
                    {"退款申请时间", ""},
                    {"退款成功时间", ""},
                    {"商品名称", "季卡"},
                    {"商户数据包", "uid=1"},
                    {"手续费", "0.48000"},
                    {"返还手续费", "0.48000"},
                    {"费率", "0.60%"},
                    {"订单金额", "88.00"},
                    {"总金额", "88.00"},
                    {"申请退款金额", "0.00"},
                    {"费率备注", ""}};
  for (const auto& [name, value] : changes) cells[name] = value;
  return cells;
}

inline RowCells refund(RowCells changes = {}) {
  RowCells cells = payment({{"交易状态", "REFUND"},
                            {"应结订单金额", "0.00"},
                            {"代金券金额", "0.00"},
                            {"代金券或立减优惠金额", "0.00"},
                            {"订单金额", "0.00"},
                            {"总金额", "0.00"},
                            {"微信退款单号", "50000709672026112108420787722"},
                            {"商户退款单号", "R20261121000001"},
                            {"退款申请时间", "2026-11-21 09:00:00"},
                            {"退款成功时间", "2026-11-21 09:00:05"},
                            {"退款金额", "80.00"},
                            {"申请退款金额", "88.00"},
                            {"退款类型", "ORIGINAL"},
                            {"退款状态", "SUCCESS"},
                            {"手续费", "-0.48000"}});
  for (const auto& [name, value] : changes) cells[name] = value;
  return cells;
}

struct WeixinBill {
  std::vector<std::string> columns = allNames();
  std::vector<RowCells> rows{};
  std::string totalNames{sevenTotals};
  std::vector<std::string> totals{};
  std::string lineEnd = "\r\n";
  bool mark = true;
  bool finalLineEnd = true;

  [[nodiscard]] std::string text() const {
    std::string out = mark ? "\xEF\xBB\xBF" : "";
    out += joined(columns, ",") + lineEnd;
    for (const auto& row : rows) {
      std::vector<std::string> cells;
      for (const auto& name : columns) cells.push_back(row.contains(name) ? row.at(name) : "");
      out += "`" + joined(cells, ",`") + lineEnd;
    }
    out += totalNames + lineEnd + "`" + joined(totals, ",`");
    return finalLineEnd ? out + lineEnd : out;
  }
};

/// One payment and its refund, in the layout of `ALL`.
inline WeixinBill smallBill() {
  WeixinBill bill;
  bill.rows = {payment(), refund()};
  bill.totals = {"2.0", "80.00", "80.00", "0.0", "0.0", "88.00", "88.00"};
  return bill;
}

}  // namespace bill_test
