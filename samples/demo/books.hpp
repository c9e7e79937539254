#pragma once

#include "ledger.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

struct PaidLine {
  Fen amount{};
  std::string transactionId{};
};

struct RefundLine {
  std::string order{};
  Fen amount{};
};

/// What one source says of a platform's day: what was paid, what went back. Orders that nobody paid are not in it.
struct Books {
  std::string source{};
  std::map<std::string, PaidLine> paid{};       ///< by order number
  std::map<std::string, RefundLine> refunds{};  ///< by refund number
  std::optional<std::int64_t> fees{};           ///< in fen, where the source knows them

  [[nodiscard]] Fen totalPaid() const;
  [[nodiscard]] Fen totalRefunded() const;
};

/// The shop's own.
[[nodiscard]] Books booksOf(const Ledger& ledger, Provider provider);

/// Every difference between two books, in words.
[[nodiscard]] std::vector<std::string> compare(const Books& shop, const Books& platform);

/// Yuan of a signed number of fen.
[[nodiscard]] std::string yuan(std::int64_t fen);
[[nodiscard]] std::string_view nameOf(Provider provider);

}  // namespace demo
