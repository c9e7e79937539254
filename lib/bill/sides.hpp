#pragma once

#include <openapi/bill/reconcile.hpp>

#include "bill/entry.hpp"
#include "bill/entry_hash.hpp"

namespace openapi::bill {

/// Tells how far both sides were read.
class ReadRows {
 public:
  explicit ReadRows(const ReconcileOptions& options) : options_{options} {}
  void addBillRow() { count(bill_); }
  void addLedgerRow() { count(ledger_); }
  void report() const {
    if (options_.onProgress) options_.onProgress(bill_, ledger_);
  }

 private:
  static constexpr std::uint64_t step = 65536;
  void count(std::uint64_t& rows) {
    if (++rows % step == 0) report();
  }

  const ReconcileOptions& options_;
  std::uint64_t bill_ = 0;
  std::uint64_t ledger_ = 0;
};

/// The rows of the bill as entries, summed up. Throws when the bill does not add up.
class BillEntries final : public EntrySource {
 public:
  BillEntries(BillReader& bill, const EntryHash& hash, ReadRows& read, Reconciliation& result, const ReconcileOptions& options)
      : bill_{bill}, hash_{hash}, read_{read}, result_{result}, options_{options} {}
  [[nodiscard]] const Entry* next() override;

 private:
  BillReader& bill_;
  const EntryHash& hash_;
  ReadRows& read_;
  Reconciliation& result_;
  const ReconcileOptions& options_;
  Entry entry_{};
};

/// The entries of the ledger, summed up.
class LedgerEntries final : public EntrySource {
 public:
  LedgerEntries(Ledger& ledger, const EntryHash& hash, ReadRows& read, SideTotals& totals, const ReconcileOptions& options)
      : ledger_{ledger}, hash_{hash}, read_{read}, totals_{totals}, options_{options} {}
  [[nodiscard]] const Entry* next() override;

 private:
  Ledger& ledger_;
  const EntryHash& hash_;
  ReadRows& read_;
  SideTotals& totals_;
  const ReconcileOptions& options_;
  Entry entry_{};
};

}  // namespace openapi::bill
