#pragma once

#include <openapi/bill/ledger.hpp>

#include <cli/commands.hpp>

#include <functional>
#include <memory>
#include <string>

namespace openapi::cli {

/// The merchant's books, as the command line names them.
struct LedgerChoice {
  std::string shownAs{};  ///< never holds a connection string
  /// Opens them from the beginning. Throws `Error`.
  std::function<std::unique_ptr<bill::Ledger>(const bill::SqlPeriod&)> open{};
};

/// Throws `UsageError` unless exactly one ledger is chosen, with its query if it is a database.
[[nodiscard]] LedgerChoice ledgerChoice(const BillReconcileOptions& options);

}  // namespace openapi::cli
