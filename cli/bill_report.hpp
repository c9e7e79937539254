#pragma once

#include <openapi/bill/reconcile.hpp>
#include <openapi/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::cli {

/// A difference that is kept: `bill::Difference` with texts of its own.
struct KeptDifference {
  bill::DifferenceKind kind{};
  bill::EntryKind entry{};
  std::string outTradeNo{};
  std::string outRefundNo{};
  std::optional<Fen> billAmount{};
  std::optional<Fen> ledgerAmount{};
  std::optional<bill::EntryState> billState{};
  std::optional<bill::EntryState> ledgerState{};
  std::string billTransactionId{};
  std::string ledgerTransactionId{};
  std::uint64_t billLine = 0;
  std::uint64_t ledgerLine = 0;
};
[[nodiscard]] KeptDifference kept(const bill::Difference& difference);

enum class Verdict { agrees, differs, notReady };
[[nodiscard]] std::string_view toString(Verdict verdict);

/// What comparing one bill with the books gave.
struct ReconcileReport {
  std::string bill{};
  std::string ledger{};
  std::string date{};   ///< yyyyMMdd; empty: all of the books
  bool noBill = false;  ///< the platform made none: compared as an empty one
  Verdict verdict{};
  bill::Reconciliation result{};
  std::vector<KeptDifference> differences{};  ///< the first ones, in the order of their kinds
};

/// For people, several lines; printable.
[[nodiscard]] std::string reportText(const ReconcileReport& report);
[[nodiscard]] Json reportJson(const ReconcileReport& report);

}  // namespace openapi::cli
