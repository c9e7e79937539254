#include <cli/bill_types.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace openapi::cli {
namespace {

constexpr std::array<BillType, 9> all{{{"weixin", "ALL"},
                                       {"weixin", "SUCCESS"},
                                       {"weixin", "REFUND"},
                                       {"weixin", "RECHARGE_REFUND"},
                                       {"weixin", "Basic", true},
                                       {"weixin", "Operation", true},
                                       {"weixin", "Fees", true},
                                       {"alipay", "trade"},
                                       {"alipay", "signcustomer"}}};

}  // namespace

std::vector<BillType> billTypes(std::string_view provider) {
  std::vector<BillType> types;
  std::copy_if(all.begin(), all.end(), std::back_inserter(types), [&](const auto& type) { return type.provider == provider; });
  return types;
}

std::string billTypeNames(std::string_view provider) {
  std::string names;
  for (const auto& type : billTypes(provider)) names += (names.empty() ? "" : ", ") + std::string{type.name};
  return names;
}

std::string billProviderNames() {
  std::string names;
  std::string_view last;
  for (const auto& type : all) {
    if (type.provider != last) names += (names.empty() ? "" : ", ") + std::string{type.provider};
    last = type.provider;
  }
  return names;
}

const BillType* findBillType(std::string_view provider, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& type) { return type.provider == provider && type.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view methodOf(const BillType& type) { return type.fundFlow ? "payment.downloadFundflow" : "payment.downloadBill"; }

boost::asio::awaitable<SavedBill> requestBill(Payment& payment, const BillType& type, const std::string& date, bool gzip,
                                              std::shared_ptr<BillSink> sink) {
  const bool compressed = gzip && type.provider == "weixin";
  if (type.fundFlow) {
    DownloadFundflowRequest request;
    request.billDate = date;
    request.accountType = type.name;
    if (compressed) request.tarType = "GZIP";
    return payment.downloadFundflow(request, std::move(sink));
  }
  DownloadBillRequest request;
  request.billDate = date;
  request.billType = type.name;
  if (compressed) request.tarType = "GZIP";
  return payment.downloadBill(request, std::move(sink));
}

}  // namespace openapi::cli
