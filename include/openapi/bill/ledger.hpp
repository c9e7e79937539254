#pragma once

#include <openapi/bill/rows.hpp>
#include <openapi/fen.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::bill {

/// What an entry of the books is about.
enum class EntryKind {
  payment,
  refund,
  revoked,  ///< a payment that was taken back at the till (WeChat's `REVOKED`)
};

/// What the books say of it.
enum class EntryState {
  success,  ///< the money moved: the bill must have it
  pending,  ///< not decided when the books were closed: the bill may have it, but not as a success
  failed,   ///< closed, or refused: the bill must not have it as a success
};

/// One entry of the merchant's own books. Texts are views that are valid until the next entry is read.
struct LedgerEntry {
  EntryKind kind{};
  EntryState state = EntryState::success;
  std::string_view outTradeNo{};
  std::string_view outRefundNo{};    ///< refunds only
  std::string_view transactionId{};  ///< the platform's number; compared where both sides have it
  Fen amount{};                      ///< of the order, or what was asked for in the refund; never negative
  std::optional<Time> time{};        ///< when it was paid or refunded; see `ReconcileOptions::from`
  std::uint64_t line = 0;            ///< of the file, or number of the row in the result; counts from 1
};

/// The merchant's own books, in any order. Used by one thread at a time.
class Ledger {
 public:
  virtual ~Ledger() = default;

  /// The next entry, valid until the next call; null after the last. Throws `Error` with `Errc::invalidArgument` and
  /// `file:line: column: problem` for an entry that cannot be read, with `Errc::config` when the books cannot be opened.
  [[nodiscard]] virtual const LedgerEntry* next() = 0;
};

/// A CSV file with a header (RFC 4180, UTF-8 with or without BOM). Columns are found by their names, in any order and case:
/// `outTradeNo` and `amount` (yuan, `88.00`) or `amountFen` are needed; `kind` (`payment`, `refund`, `revoked`; without it
/// an entry with an `outRefundNo` is a refund), `state` (`success`, `pending`, `failed`; without that column all are
/// `success`), `outRefundNo`, `transactionId` and `time` (`2026-11-20 10:00:00`, GMT+8 unless it ends in `Z` or `+01:00`)
/// are optional; others are ignored, unless only their spelling differs (`out_refund_no`): these are refused. Numbers have at
/// most 256 bytes, a row at most 1 MiB.
[[nodiscard]] std::unique_ptr<Ledger> openCsvLedger(const std::filesystem::path& file);

/// The times that a query may ask for: the bill's day.
struct SqlPeriod {
  std::optional<Time> from{};  ///< inclusive
  std::optional<Time> to{};    ///< exclusive
};

/// The result of `query`, a single SELECT, in an SQLite database, which is opened for reading only. The columns of the result
/// have the names that the CSV has; a floating point number in them is refused, because it is no exact amount. `:from` and `:to`,
/// where the query has them, are bound to the times in the form `2026-11-20 00:00:00` (GMT+8).
[[nodiscard]] std::unique_ptr<Ledger> openSqliteLedger(const std::filesystem::path& database, const std::string& query,
                                                       SqlPeriod period = {});

/// The same in PostgreSQL. `connection` is a libpq connection string; it is never part of a message. Rows are fetched as they are
/// read; `Errc::connectionLost` when the connection breaks meanwhile. Only where the library was built with libpqxx
/// (`OPENAPI_WITH_POSTGRESQL`); without it, throws `Errc::unsupported`.
[[nodiscard]] std::unique_ptr<Ledger> openPostgresqlLedger(const std::string& connection, const std::string& query,
                                                           SqlPeriod period = {});

}  // namespace openapi::bill
