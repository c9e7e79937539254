#pragma once

#include <openapi/payment.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::cli {

/// A bill that a platform makes: `ALL`, `Basic`, `signcustomer`.
struct BillType {
  std::string_view provider{};
  std::string_view name{};
  bool fundFlow = false;  ///< WeChat's fund flows, which want the client certificate
};

/// The bills of a provider, the usual one first; empty for a provider that is none.
[[nodiscard]] std::vector<BillType> billTypes(std::string_view provider);
/// The providers that have bills, separated by commas.
[[nodiscard]] std::string billProviderNames();
[[nodiscard]] std::string billTypeNames(std::string_view provider);
/// Null when the provider has no such bill.
[[nodiscard]] const BillType* findBillType(std::string_view provider, std::string_view name);

/// The method that an error line names.
[[nodiscard]] std::string_view methodOf(const BillType& type);

/// Asks for the bill of `date` (yyyyMMdd); with `gzip` WeChat's travels compressed.
[[nodiscard]] boost::asio::awaitable<SavedBill> requestBill(Payment& payment, const BillType& type, const std::string& date,
                                                            bool gzip, std::shared_ptr<BillSink> sink);

}  // namespace openapi::cli
