#pragma once

#include <gateways/alipay/store.hpp>
#include <gateways/bill_plan.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

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
  BillPlan plan{};
};

/// The masked name under which merchants see a buyer.
[[nodiscard]] std::string maskedLogon(std::string_view buyerId);

/// The archive: names in GBK without the UTF-8 flag, contents in GBK, the detail first.
[[nodiscard]] std::shared_ptr<BodySource> billArchive(BillType type, const BillFacts& facts, Store& store);
/// The detail of the made trades alone, in GBK.
[[nodiscard]] std::shared_ptr<BodySource> madeDetail(BillType type, const BillFacts& facts);

}  // namespace openapi::gateway::alipay
