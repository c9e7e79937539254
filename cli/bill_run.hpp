#pragma once

#include <cli/bill_results.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace openapi::cli {

/// A bill to fetch, and what became of it.
struct BillItem {
  BillLabel label{};
  BillOrder order{};
  std::optional<BillResult> result{};
};

/// The bills of one merchant: one after the other, so that no merchant is asked twice at a time.
using BillJob = std::vector<BillItem*>;

/// The event loop on which bills are fetched, in threads, since a finished file waits for the disk. SIGINT and SIGTERM cancel
/// what is under way, the second one kills.
class BillRun {
 public:
  /// At most so many jobs at once.
  explicit BillRun(int concurrency);
  BillRun(const BillRun&) = delete;
  BillRun& operator=(const BillRun&) = delete;
  ~BillRun();

  [[nodiscard]] boost::asio::any_io_executor executor();
  [[nodiscard]] bool interrupted() const;
  /// Fetches all, and calls `done`, from any thread, for each item that has its result. After an interruption some have none.
  void fetch(const std::vector<BillJob>& jobs, const std::function<void(BillItem&)>& done);
  /// Waits; not so long when it is interrupted.
  void pause(std::chrono::seconds time);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace openapi::cli
