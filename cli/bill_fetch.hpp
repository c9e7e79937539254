#pragma once

#include <openapi/error.hpp>
#include <openapi/payment.hpp>

#include <cli/bill_folder.hpp>
#include <cli/bill_types.hpp>
#include <cli/pace.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::cli {

enum class BillStatus {
  downloaded,
  present,
  noBill,
  notReady,
  wrongDate,
  busy,  ///< another process is fetching it
  failed
};
inline constexpr std::size_t billStatuses = 7;
[[nodiscard]] std::string_view toString(BillStatus status);

struct BillResult {
  BillStatus status = BillStatus::failed;
  std::int64_t bytes = 0;  ///< of the file
  std::optional<Error> error{};
};

/// One bill to fetch. What it points to outlives the fetch.
struct BillOrder {
  Payment* payment = nullptr;
  BillType type{};
  std::string date{};  ///< yyyyMMdd
  bool gzip = false;
  bool again = false;  ///< also when it is there, or known not to be
  bool check = true;   ///< every row readable, and the summary right
  BillPlace place{};
  int attempts = 1;  ///< in all, of what is worth repeating
  Pace* pace = nullptr;
  std::atomic<std::int64_t>* received = nullptr;  ///< bytes, for the progress bar
};

/// What is known without asking: the bill is there, or there is none.
[[nodiscard]] std::optional<BillResult> knownResult(const BillPlace& place);

/// Fetches the bill into its place and leaves the marks that fit. Never throws.
[[nodiscard]] boost::asio::awaitable<BillResult> fetchBill(BillOrder order);

}  // namespace openapi::cli
