#pragma once

#include <gateways/alipay/store.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::gateway::alipay {

enum class BillType { trade, signcustomer };

/// The days of a bill: `yyyy-MM-dd` or `yyyy-MM`.
struct BillPeriod {
  Time from{};
  Time to{};
  std::string compact{};  ///< yyyyMMdd or yyyyMM
};
[[nodiscard]] std::optional<BillPeriod> billPeriod(std::string_view date);

struct BillFacts {
  std::string account{};  ///< the seller's number and 0156
  BillPeriod period{};
  Time now{};
};

/// The masked name under which merchants see a buyer.
[[nodiscard]] std::string maskedLogon(std::string_view buyerId);

/// The members of the archive: UTF-8 name and UTF-8 content, detail first.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> billFiles(BillType type, const BillFacts& facts, Store& store);
/// A ZIP whose names are GBK without the UTF-8 flag, and whose contents are GBK.
[[nodiscard]] std::string zipBill(const std::vector<std::pair<std::string, std::string>>& files, Time now);

}  // namespace openapi::gateway::alipay
