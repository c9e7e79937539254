#include "bills.hpp"

#include <openapi/bill/reader.hpp>

#include <stdexcept>

namespace demo {

namespace {

namespace bill = openapi::bill;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error{"the bill cannot be read: " + what}; }

template <class T>
T present(const std::optional<T>& value, std::string_view name) {
  if (!value) fail("a row without " + std::string{name});
  return *value;
}

std::int64_t wholeFen(bill::Fee fee) { return present(fee.fen(), "a whole number of fen").count(); }

/// Whether the row's order or refund was not in the books yet.
bool add(Books& books, const bill::TradeRow& row) {
  const std::string order{row.outTradeNo};
  if (row.kind == bill::TradeKind::payment)
    return books.paid.emplace(order, PaidLine{present(row.totalFee, "an amount"), std::string{row.transactionId}}).second;
  if (!row.refundState.empty() && row.refundState != "SUCCESS") fail("a refund that has not succeeded");
  const auto amount = row.refundAppliedFee ? row.refundAppliedFee : row.refundFee;
  return books.refunds.emplace(row.outRefundNo, RefundLine{order, present(amount, "an amount")}).second;
}

/// `order 1: the shop has 1.00 yuan, the fund flow 0.99 (difference 0.01 yuan)`
std::string words(const std::string& what, const std::string& number, std::int64_t shop, std::int64_t flow) {
  return what + ' ' + number + ": the shop has " + yuan(shop) + " yuan, the fund flow " + yuan(flow) + " (difference " +
         yuan(shop - flow) + " yuan)";
}

void compareFlow(const std::string& what, const std::map<std::string, std::int64_t>& shop,
                 const std::map<std::string, std::int64_t>& flow, std::vector<std::string>& differences) {
  for (const auto& [number, amount] : shop) {
    const auto other = flow.find(number);
    const auto there = other == flow.end() ? 0 : other->second;
    if (there != amount) differences.push_back(words(what, number, amount, there));
  }
  for (const auto& [number, amount] : flow) {
    if (!shop.contains(number)) differences.push_back(words(what, number, 0, amount));
  }
}

}  // namespace

Books readTradeBill(std::string content) {
  bill::BillReader reader{bill::fromText(std::move(content))};
  Books books{.source = "the trade bill"};
  bill::Fee fees;
  while (const auto* row = reader.nextTrade()) {
    if (!add(books, *row)) fail("order or refund " + std::string{row->outTradeNo} + " stands in it twice");
    fees += row->fee.value_or(bill::Fee{});
  }
  books.fees = wholeFen(fees);
  return books;
}

FundFlow readFundFlow(std::string content) {
  bill::BillReader reader{bill::fromText(std::move(content))};
  FundFlow flow;
  while (const auto* row = reader.nextFlow()) {
    const bool in = row->direction == bill::Direction::income;
    const auto amount = row->amount.count();
    const std::string number{row->voucherNo};
    if (row->businessType == "交易" && in) {
      flow.received[number] += amount;
    } else if (row->businessType == "退款" && !in) {
      flow.returned[number] += amount;
    } else if (row->businessType == "扣除交易手续费" || row->businessType == "退还交易手续费") {
      flow.fees += in ? -amount : amount;
    } else {
      fail("a flow of unknown kind: " + std::string{row->businessType});
    }
    flow.balance = present(row->balance, "a balance").count();
  }
  return flow;
}

std::vector<std::string> compare(const Books& shop, const FundFlow& flow) {
  std::vector<std::string> differences;
  std::map<std::string, std::int64_t> paid;
  std::map<std::string, std::int64_t> refunded;
  for (const auto& [number, line] : shop.paid) paid[number] = line.amount.count();
  for (const auto& [number, line] : shop.refunds) refunded[number] = line.amount.count();
  compareFlow("order", paid, flow.received, differences);
  compareFlow("refund", refunded, flow.returned, differences);
  return differences;
}

}  // namespace demo
