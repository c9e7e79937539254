#pragma once

#include "books.hpp"

#include <string>

namespace demo {

/// What the trade bill of a platform says; fees are those of its rows.
/// Throws when a row cannot be read, or when the rows do not add up to the summary.
[[nodiscard]] Books readTradeBill(std::string content);

/// What WeChat's fund flow says. A row of it names an order or a refund by the merchant's number; fees are on rows of their own.
struct FundFlow {
  std::map<std::string, std::int64_t> received{};  ///< by order number
  std::map<std::string, std::int64_t> returned{};  ///< by refund number
  std::int64_t fees = 0;                           ///< taken, less given back
  std::int64_t balance = 0;                        ///< after the last row
};
[[nodiscard]] FundFlow readFundFlow(std::string content);

/// Every difference between the shop's books and the fund flow.
[[nodiscard]] std::vector<std::string> compare(const Books& shop, const FundFlow& flow);

}  // namespace demo
