#pragma once

#include <cli/bill_fetch.hpp>
#include <cli/status_line.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace openapi::cli {

/// One bill of one merchant, for reports.
struct BillLabel {
  std::string name{};
  BillType type{};
  std::string date{};
  std::string file{};
};

/// What became of the bills: a line of JSON on standard output for each, and what people see on standard error. Used by any
/// number of threads.
class BillResults {
 public:
  explicit BillResults(std::size_t bills);

  /// Bytes that have come, for the status line.
  [[nodiscard]] std::atomic<std::int64_t>& received() { return received_; }
  void add(const BillLabel& label, const BillResult& result);
  /// Prints what there is to say at the end, and gives the exit code.
  [[nodiscard]] int finish();
  void log(std::string_view line) { status_.log(line); }

 private:
  [[nodiscard]] std::string statusText();
  [[nodiscard]] std::size_t count(BillStatus status) const { return counts_.at(static_cast<std::size_t>(status)); }
  [[nodiscard]] std::size_t failures() const { return count(BillStatus::failed) + count(BillStatus::wrongDate); }

  std::size_t bills_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<std::int64_t> received_{0};
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::array<std::size_t, billStatuses> counts_{};
  std::vector<std::string> interrupted_{};
  std::string outputFailure_{};
  StatusLine status_;  // the last member: its thread uses the others
};

}  // namespace openapi::cli
