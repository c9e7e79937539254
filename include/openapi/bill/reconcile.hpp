#pragma once

#include <openapi/bill/ledger.hpp>
#include <openapi/bill/reader.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace openapi::bill {

/// How the bill and the books differ about one payment or refund.
enum class DifferenceKind {
  onlyInBill,         ///< the platform has it, the books have not
  onlyInLedger,       ///< the books say it succeeded, the bill has it not
  amount,             ///< both have it, with different amounts
  state,              ///< the platform says success and the books do not, or the other way round
  transactionId,      ///< both have it, under different numbers of the platform
  duplicateInBill,    ///< the bill has it more than once: every line after the first
  duplicateInLedger,  ///< the books have it more than once: every entry after the first
};

/// One difference. The texts are valid during the call that reports it.
struct Difference {
  DifferenceKind kind{};
  EntryKind entry{};
  std::string_view outTradeNo{};
  std::string_view outRefundNo{};
  std::optional<Fen> billAmount{};
  std::optional<Fen> ledgerAmount{};
  std::optional<EntryState> billState{};
  std::optional<EntryState> ledgerState{};
  std::string_view billTransactionId{};
  std::string_view ledgerTransactionId{};
  std::uint64_t billLine = 0;    ///< 0 when the bill has it not
  std::uint64_t ledgerLine = 0;  ///< 0 when the books have it not
};

/// How to compare.
struct ReconcileOptions {
  /// Every difference, in no particular order. They are counted in any case.
  std::function<void(const Difference&)> onDifference{};
  /// After some rows, and at the end: rows of the bill and of the ledger that were read.
  std::function<void(std::uint64_t billRows, std::uint64_t ledgerRows)> onProgress{};
  /// The bill's day, when the ledger covers more than that: an entry with a time outside of [from, to) need not be in the bill.
  std::optional<Time> from{};
  std::optional<Time> to{};
  /// Bytes that may be held at once, 128 KiB at least. What does not fit goes to temporary files: as much as the numbers and
  /// amounts of both sides take, several times that when the memory is very small.
  std::size_t memory = 64UL * 1024 * 1024;
  /// Where these are, nameless, so that nothing stays behind; the system's folder when empty.
  std::filesystem::path temporaryFolder{};
};

/// What one side says: entries that succeeded.
struct SideTotals {
  std::uint64_t rows = 0;  ///< all, whatever their state
  std::uint64_t payments = 0;
  Fen paid{};
  std::uint64_t refunds = 0;
  Fen refunded{};
  std::uint64_t revoked = 0;
  Fen revokedAmount{};
};

/// What came out.
struct Reconciliation {
  SideTotals bill{};
  SideTotals ledger{};
  std::uint64_t matched = 0;                   ///< the same on both sides
  std::uint64_t outsidePeriod = 0;             ///< ledger entries of other days, not in the bill
  std::uint64_t unsettled = 0;                 ///< ledger entries that did not succeed and are, rightly, not in the bill
  std::uint64_t foreignPayments = 0;           ///< payments in the bill with a time outside of [from, to)
  std::array<std::uint64_t, 7> differences{};  ///< indexed by `DifferenceKind`

  /// How many differences of one kind there are.
  [[nodiscard]] std::uint64_t count(DifferenceKind kind) const { return differences[static_cast<std::size_t>(kind)]; }
  /// The verdict: no difference of any kind.
  [[nodiscard]] bool agrees() const;
};

/// Compares a trade bill with the merchant's books, entry by entry: payments by order number, refunds by order and refund
/// number. Either may be larger than memory. A refund is compared by what was asked for (`refundAppliedFee`, where the bill has
/// it). Throws `Error`: `badResponse` for a bill that is incomplete, unreadable or does not add up (nothing is decided then),
/// `invalidArgument` for a bill of another kind or a ledger entry that cannot be read, `config` when the temporary files cannot
/// be written, and what `ledger` and the functions of the options throw; differences that were reported before are void then.
/// Blocks; call it from a thread of its own beside an event loop. An exception of `onProgress` ends it: that is how to cancel.
[[nodiscard]] Reconciliation reconcile(BillReader& bill, Ledger& ledger, const ReconcileOptions& options = {});

/// The name as it is spelt in this file: `payment`, `success`, `onlyInBill`.
[[nodiscard]] std::string_view toString(EntryKind kind);
[[nodiscard]] std::string_view toString(EntryState state);
[[nodiscard]] std::string_view toString(DifferenceKind kind);

}  // namespace openapi::bill
