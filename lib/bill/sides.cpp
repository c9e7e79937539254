#include "bill/sides.hpp"

#include <openapi/error.hpp>

#include <stdexcept>

#include "bill/names.hpp"

namespace openapi::bill {
namespace {

[[noreturn]] void failBill(const TradeRow& row, const std::string& message) {
  throw Error{Errc::badResponse, "the bill's line " + std::to_string(row.line) + ": " + message};
}

[[noreturn]] void failLedger(const LedgerEntry& entry, const std::string& message) {
  throw Error{Errc::invalidArgument, "the ledger's entry " + std::to_string(entry.line) + ": " + message};
}

EntryKind kindOf(TradeKind kind) {
  switch (kind) {
    case TradeKind::refund:
      return EntryKind::refund;
    case TradeKind::revoked:
      return EntryKind::revoked;
    case TradeKind::payment:
      break;
  }
  return EntryKind::payment;
}

/// Alipay's bills have no state: what is in them has happened.
EntryState stateOf(const TradeRow& row) {
  if (row.kind != TradeKind::refund || row.refundState.empty() || row.refundState == "SUCCESS") return EntryState::success;
  if (row.refundState == "PROCESSING" || row.refundState == "CHANGE") return EntryState::pending;
  if (row.refundState == "FAIL" || row.refundState == "REFUNDCLOSE") return EntryState::failed;
  failBill(row, "退款状态: neither SUCCESS nor PROCESSING nor FAIL: \"" + shown(row.refundState) + "\"");
}

Fen amountOf(const TradeRow& row) {
  const bool refund = row.kind == TradeKind::refund;
  const auto& amount = !refund ? row.totalFee : row.refundAppliedFee ? row.refundAppliedFee : row.refundFee;
  if (!amount) failBill(row, refund ? "申请退款金额: a refund without an amount" : "订单金额: a payment without an amount");
  return *amount;
}

void addTo(SideTotals& totals, const Entry& entry) {
  ++totals.rows;
  if (entry.state != EntryState::success) return;
  switch (entry.kind) {
    case EntryKind::payment:
      ++totals.payments;
      totals.paid += entry.amount;
      break;
    case EntryKind::refund:
      ++totals.refunds;
      totals.refunded += entry.amount;
      break;
    case EntryKind::revoked:
      ++totals.revoked;
      totals.revokedAmount += entry.amount;
      break;
  }
}

bool isOutside(const ReconcileOptions& options, Time time) {
  return (options.from && time < *options.from) || (options.to && time >= *options.to);
}

bool tooLong(const Entry& entry) {
  return entry.outTradeNo.size() > longestNumber || entry.outRefundNo.size() > longestNumber ||
         entry.transactionId.size() > longestNumber;
}

const std::string numberTooLong = "a number of more than " + std::to_string(longestNumber) + " bytes";
constexpr const char* sumTooLarge = "the amounts up to here have a sum that is too large";

}  // namespace

const Entry* BillEntries::next() {
  const TradeRow* const row = bill_.nextTrade();
  if (row == nullptr) {
    if (!bill_.summary().agrees())
      throw Error{Errc::badResponse, "the bill does not add up: its summary is not that of its rows"};
    return nullptr;
  }
  entry_ = {};
  entry_.line = row->line;
  entry_.kind = kindOf(row->kind);
  entry_.state = stateOf(*row);
  entry_.amount = amountOf(*row);
  entry_.outTradeNo = row->outTradeNo;
  if (row->kind == TradeKind::refund) entry_.outRefundNo = row->outRefundNo;
  entry_.transactionId = row->transactionId;
  if (tooLong(entry_)) failBill(*row, numberTooLong);
  if (entry_.kind == EntryKind::payment && isOutside(options_, row->time)) ++result_.foreignPayments;
  entry_.hash = hash_(entry_);
  try {
    addTo(result_.bill, entry_);
  } catch (const std::overflow_error&) {
    failBill(*row, sumTooLarge);
  }
  read_.addBillRow();
  return &entry_;
}

const Entry* LedgerEntries::next() {
  const LedgerEntry* const found = ledger_.next();
  if (found == nullptr) return nullptr;
  if (found->outTradeNo.empty()) failLedger(*found, "outTradeNo: required");
  if (found->amount < Fen{}) failLedger(*found, "amount: negative");
  entry_ = {};
  entry_.line = found->line;
  entry_.kind = found->kind;
  entry_.state = found->state;
  entry_.amount = found->amount;
  entry_.outTradeNo = found->outTradeNo;
  if (found->kind == EntryKind::refund) entry_.outRefundNo = found->outRefundNo;
  entry_.transactionId = found->transactionId;
  if (tooLong(entry_)) failLedger(*found, numberTooLong);
  entry_.outsidePeriod = found->time && isOutside(options_, *found->time);
  entry_.hash = hash_(entry_);
  try {
    addTo(totals_, entry_);
  } catch (const std::overflow_error&) {
    failLedger(*found, sumTooLarge);
  }
  read_.addLedgerRow();
  return &entry_;
}

}  // namespace openapi::bill
