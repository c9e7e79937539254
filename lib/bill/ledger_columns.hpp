#pragma once

#include <openapi/bill/ledger.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bill/bill_time.hpp"

namespace openapi::bill {

enum class LedgerColumn { outTradeNo, outRefundNo, transactionId, kind, state, amount, amountFen, time };
constexpr std::size_t ledgerColumnCount = 8;
constexpr std::array<std::string_view, ledgerColumnCount> ledgerColumnNames = {
    "outTradeNo", "outRefundNo", "transactionId", "kind", "state", "amount", "amountFen", "time"};

/// Where a column is in a row; none when it is not there.
using LedgerPositions = std::array<std::optional<std::size_t>, ledgerColumnCount>;
/// The cells of a row, in the order of `LedgerColumn`; none where there is no such column, or its value is NULL.
using LedgerCells = std::array<std::optional<std::string_view>, ledgerColumnCount>;

/// Finds the columns by their names, whatever their case, and reads rows. Errors are `file:line: column: problem`.
class LedgerRows {
 public:
  /// `line`: of the names, for messages; 0 when they have none.
  LedgerRows(std::string file, std::uint64_t line, std::span<const std::string> names);

  [[nodiscard]] const LedgerPositions& positions() const { return positions_; }
  /// The texts of the entry are those of the cells.
  [[nodiscard]] const LedgerEntry& read(std::uint64_t line, const LedgerCells& cells);
  [[noreturn]] void fail(std::uint64_t line, LedgerColumn column, const std::string& problem) const;

 private:
  void refuseOtherSpellings(std::uint64_t line, std::span<const std::string> names) const;
  [[nodiscard]] std::string_view number(LedgerColumn column, const LedgerCells& cells) const;
  [[nodiscard]] EntryKind kind(const LedgerCells& cells) const;
  [[nodiscard]] EntryState state(const LedgerCells& cells) const;
  [[nodiscard]] Fen amount(const LedgerCells& cells) const;
  [[nodiscard]] std::optional<Time> time(const LedgerCells& cells);
  [[nodiscard]] bool has(LedgerColumn column) const { return positions_[static_cast<std::size_t>(column)].has_value(); }

  std::string file_;
  LedgerPositions positions_{};
  LedgerEntry entry_{};
  TimeParser timeParser_{};
};

/// `2026-11-20 10:00:00`, with `T`, a fraction of a second, and `Z`, `+08`, `+0800` or `+08:00`; GMT+8 without one of these.
[[nodiscard]] bool parseLedgerTime(TimeParser& parser, std::string_view text, Time& time);

/// A ledger's own name in a message, and the line.
[[nodiscard]] std::string ledgerPlace(const std::string& file, std::uint64_t line);

}  // namespace openapi::bill
