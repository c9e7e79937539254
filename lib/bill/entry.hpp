#pragma once

#include <openapi/bill/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace openapi::bill {

/// No number of an order, refund or trade is longer: the platforms take 64 characters.
constexpr std::size_t longestNumber = 256;

/// What is kept of an entry of either side until it has met its counterpart.
struct Entry {
  std::uint64_t hash = 0;  ///< of kind, order and refund number
  std::uint64_t line = 0;
  Fen amount{};
  EntryKind kind{};
  EntryState state{};
  bool ledgerHasIt = false;    ///< a counterpart was found, or it came from the ledger
  bool ledgerOnly = false;     ///< came from the ledger and is not in the bill
  bool outsidePeriod = false;  ///< of another day than the bill
  bool dropped = false;        ///< a repetition that has been reported
  std::string_view outTradeNo{};
  std::string_view outRefundNo{};
  std::string_view transactionId{};

  [[nodiscard]] bool sameKey(const Entry& other) const {
    return hash == other.hash && kind == other.kind && outTradeNo == other.outTradeNo && outRefundNo == other.outRefundNo;
  }
};

/// Entries, one after the other.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  /// Valid until the next call; null after the last.
  [[nodiscard]] virtual const Entry* next() = 0;
};

/// Entries as bytes: a head of fixed size, the three texts, and zeros up to a multiple of `recordUnit`.
constexpr std::size_t recordUnit = 8;
constexpr std::size_t recordHead = 32;
constexpr std::size_t longestRecord = recordHead + 3 * longestNumber;

[[nodiscard]] std::size_t recordSize(const Entry& entry);
/// Writes `recordSize(entry)` bytes.
void writeRecord(const Entry& entry, char* to);
/// The texts are views into the record.
[[nodiscard]] Entry readRecord(const char* record);
/// Says in a record that the ledger has its entry.
void markLedgerHasIt(char* record);
void markDropped(char* record);

}  // namespace openapi::bill
