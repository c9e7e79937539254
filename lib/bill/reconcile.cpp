#include <openapi/bill/reconcile.hpp>

#include <openapi/error.hpp>

#include <algorithm>
#include <bit>

#include "bill/entry_table.hpp"
#include "bill/sides.hpp"
#include "bill/spill.hpp"

namespace openapi::bill {
namespace {

constexpr std::size_t leastMemory = 128UL * 1024;
constexpr std::size_t mostParts = 64;
constexpr std::size_t largestBlock = 64UL * 1024;
constexpr std::size_t smallestBlock = 2 * longestRecord;

/// How memory is shared out: an eighth or less for what is written, the rest for what is held.
struct Shares {
  explicit Shares(std::size_t allowed) {
    const std::size_t memory = std::max(allowed, leastMemory);
    parts = std::clamp<std::size_t>(std::bit_floor(memory / (1024UL * 1024)), 4, mostParts);
    block = std::clamp<std::size_t>(memory / 16 / parts, smallestBlock, largestBlock);
    // Two buffers of parts that are read, and what the readers of both sides hold.
    table = memory - parts * block - 2 * block - std::min(memory / 16, 1024UL * 1024);
  }

  std::size_t parts = 0;
  std::size_t block = 0;
  std::size_t table = 0;
};

/// Both sides, divided alike.
struct Divided {
  std::vector<SpilledPart> bill{};
  std::vector<SpilledPart> ledger{};
};

class Comparison {
 public:
  explicit Comparison(const ReconcileOptions& options)
      : options_{options}, shares_{options.memory}, file_{options.temporaryFolder}, table_{shares_.table} {}

  Reconciliation run(BillReader& bill, Ledger& ledger) {
    const EntryHash hash;
    ReadRows read{options_};
    BillEntries billEntries{bill, hash, read, result_, options_};
    LedgerEntries ledgerEntries{ledger, hash, read, result_.ledger, options_};
    compare(billEntries, ledgerEntries, 0);
    read.report();
    return result_;
  }

 private:
  // ---- what fits is compared in memory, what does not is divided

  void compare(EntrySource& bill, EntrySource& ledger, unsigned level, std::size_t expected = 0) {
    table_.clear();
    Divided divided;
    if (level > 0) table_.startLinking(expected);
    divided.bill = level > 0 ? take(bill, level, [this](const Entry& entry) { return linkBillEntry(entry); })
                             : take(bill, level, [this](const Entry& entry) { return table_.store(entry) != 0; });
    // Until here the bill might have been refused.
    if (level == 0 && divided.bill.empty()) linkBill();
    if (divided.bill.empty()) {
      compareInMemory(ledger, level, divided);
    } else {
      divided.ledger = divide(ledger, level, nullptr);
    }
    if (divided.bill.empty()) {
      reportOnlyInBill();
    } else {
      compareParts(divided, level);
    }
  }

  /// Gives every entry to `keep`, as long as there is room; then everything is divided.
  template <class Keep>
  std::vector<SpilledPart> take(EntrySource& source, unsigned level, Keep keep) {
    while (const Entry* entry = source.next()) {
      if (!keep(*entry)) return divideWithTable(entry, &source, level);
    }
    return {};
  }

  void compareInMemory(EntrySource& ledger, unsigned level, Divided& divided) {
    while (const Entry* entry = ledger.next()) {
      if (compareLedgerEntry(*entry)) continue;
      divided.bill = divideWithTable(nullptr, nullptr, level);
      divided.ledger = divide(ledger, level, entry);
      return;
    }
  }

  SpillWriter writer(unsigned level) {
    constexpr unsigned hashBits = 64;
    if ((level + 1) * static_cast<unsigned>(std::countr_zero(shares_.parts)) > hashBits / 2) {
      throw Error{Errc::config,
                  "reconciling: " + std::to_string(options_.memory) + " bytes of memory are not enough; allow more"};
    }
    return SpillWriter{file_, level, shares_.parts, shares_.block};
  }

  /// What is in the table, `entry`, and what the source still has.
  std::vector<SpilledPart> divideWithTable(const Entry* entry, EntrySource* source, unsigned level) {
    auto out = writer(level);
    table_.forEach([&out](EntryTable::Place, const Entry& kept) {
      if (!kept.dropped) out.add(kept);
    });
    table_.clear();
    if (entry != nullptr) out.add(*entry);
    while (const Entry* more = source != nullptr ? source->next() : nullptr) out.add(*more);
    return out.finish();
  }

  std::vector<SpilledPart> divide(EntrySource& source, unsigned level, const Entry* first) {
    auto out = writer(level);
    if (first != nullptr) out.add(*first);
    while (const Entry* entry = source.next()) out.add(*entry);
    return out.finish();
  }

  void compareParts(const Divided& divided, unsigned level) {
    for (std::size_t part = 0; part < divided.bill.size(); ++part) {
      SpillReader bill{file_, divided.bill[part]};
      SpillReader ledger{file_, divided.ledger[part]};
      compare(bill, ledger, level + 1, divided.bill[part].entries);
    }
  }

  // ---- the bill's entries become findable

  void linkBill() {
    table_.startLinking(0);
    table_.forEach([this](EntryTable::Place place, const Entry& entry) {
      if (isReported(entry)) {
        markDropped(table_.record(place));
      } else {
        table_.link(place);
      }
    });
  }

  /// False when there is no room.
  bool linkBillEntry(const Entry& entry) {
    if (!entry.ledgerOnly && isReported(entry)) return true;
    const auto place = table_.store(entry);
    if (place != 0) table_.link(place);
    return place != 0;
  }

  /// Reports entries of the bill that cannot have a counterpart: repetitions, and those without an order number.
  bool isReported(const Entry& entry) {
    const bool nameless = entry.outTradeNo.empty();
    if (!nameless && table_.find(entry) == 0) return false;
    report(nameless ? DifferenceKind::onlyInBill : DifferenceKind::duplicateInBill, &entry, nullptr);
    return true;
  }

  // ---- the ledger's entries meet them

  /// False when there is no room.
  bool compareLedgerEntry(const Entry& entry) {
    const auto place = table_.find(entry);
    if (place == 0) return keepLedgerEntry(entry);
    const Entry known = readRecord(table_.record(place));
    if (known.ledgerHasIt) {
      report(DifferenceKind::duplicateInLedger, nullptr, &entry);
    } else {
      markLedgerHasIt(table_.record(place));
      comparePair(known, entry);
    }
    return true;
  }

  void comparePair(const Entry& bill, const Entry& ledger) {
    bool same = true;
    const auto differs = [&](DifferenceKind kind) {
      report(kind, &bill, &ledger);
      same = false;
    };
    if (bill.amount != ledger.amount) differs(DifferenceKind::amount);
    if (bill.state != ledger.state) differs(DifferenceKind::state);
    const bool bothNamed = !bill.transactionId.empty() && !ledger.transactionId.empty();
    if (bothNamed && bill.transactionId != ledger.transactionId) differs(DifferenceKind::transactionId);
    if (same) ++result_.matched;
  }

  /// An entry that the bill has not, kept so that its repetition is seen.
  bool keepLedgerEntry(const Entry& entry) {
    Entry kept = entry;
    kept.ledgerHasIt = true;
    kept.ledgerOnly = true;
    kept.transactionId = {};
    const auto place = table_.store(kept);
    if (place == 0) return false;
    table_.link(place);
    if (entry.outsidePeriod) {
      ++result_.outsidePeriod;
    } else if (entry.state != EntryState::success) {
      ++result_.unsettled;
    } else {
      report(DifferenceKind::onlyInLedger, nullptr, &entry);
    }
    return true;
  }

  void reportOnlyInBill() {
    table_.forEach([this](EntryTable::Place, const Entry& entry) {
      if (!entry.dropped && !entry.ledgerHasIt) report(DifferenceKind::onlyInBill, &entry, nullptr);
    });
  }

  void report(DifferenceKind kind, const Entry* bill, const Entry* ledger) {
    ++result_.differences[static_cast<std::size_t>(kind)];
    if (!options_.onDifference) return;
    const Entry& key = bill != nullptr ? *bill : *ledger;
    Difference difference{.kind = kind, .entry = key.kind, .outTradeNo = key.outTradeNo, .outRefundNo = key.outRefundNo};
    if (bill != nullptr) {
      difference.billAmount = bill->amount;
      difference.billState = bill->state;
      difference.billTransactionId = bill->transactionId;
      difference.billLine = bill->line;
    }
    if (ledger != nullptr) {
      difference.ledgerAmount = ledger->amount;
      difference.ledgerState = ledger->state;
      difference.ledgerTransactionId = ledger->transactionId;
      difference.ledgerLine = ledger->line;
    }
    options_.onDifference(difference);
  }

  const ReconcileOptions& options_;
  Shares shares_;
  SpillFile file_;
  EntryTable table_;
  Reconciliation result_{};
};

}  // namespace

bool Reconciliation::agrees() const {
  return std::all_of(differences.begin(), differences.end(), [](std::uint64_t count) { return count == 0; });
}

Reconciliation reconcile(BillReader& bill, Ledger& ledger, const ReconcileOptions& options) {
  return Comparison{options}.run(bill, ledger);
}

std::string_view toString(EntryKind kind) {
  switch (kind) {
    case EntryKind::payment:
      return "payment";
    case EntryKind::refund:
      return "refund";
    case EntryKind::revoked:
      break;
  }
  return "revoked";
}

std::string_view toString(EntryState state) {
  switch (state) {
    case EntryState::success:
      return "success";
    case EntryState::pending:
      return "pending";
    case EntryState::failed:
      break;
  }
  return "failed";
}

std::string_view toString(DifferenceKind kind) {
  constexpr std::array<std::string_view, 7> names = {"onlyInBill",    "onlyInLedger",    "amount",           "state",
                                                     "transactionId", "duplicateInBill", "duplicateInLedger"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace openapi::bill
