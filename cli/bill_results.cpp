#include <cli/bill_results.hpp>

#include <openapi/bill/absence.hpp>
#include <openapi/json.hpp>

#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <cli/printable.hpp>
#include <stamp.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace openapi::cli {
namespace {

bool isThere(BillStatus status) { return status == BillStatus::downloaded || status == BillStatus::present; }

std::string readyTime(const std::string& date) { return formatGmt8(bill::readyAt(date), "%Y-%m-%dT%H:%M:%S+08:00"); }

std::string jsonLine(const BillLabel& label, const BillResult& result) {
  Fields line{{"name", label.name}, {"provider", label.type.provider}, {"bill", label.type.name}, {"date", label.date}};
  line.append("file", label.file);
  if (isThere(result.status)) line.append("bytes", result.bytes);
  line.append("status", toString(result.status));
  if (result.status == BillStatus::notReady) line.append("readyAt", readyTime(label.date));
  if (result.error && result.status != BillStatus::noBill)
    line.append("error", errorFields(*result.error, label.type.provider, methodOf(label.type)));
  return Json{std::move(line)}.json();
}

std::string shortName(const BillLabel& label) { return label.name + " " + std::string{label.type.name}; }

std::string logLine(const BillLabel& label, const BillResult& result) {
  auto line = shortName(label) + " " + label.date + ": " + std::string{toString(result.status)};
  if (isThere(result.status)) line += ", " + shownBytes(static_cast<std::uint64_t>(result.bytes));
  if (result.status == BillStatus::notReady) line += "; usually ready after " + readyTime(label.date);
  if (result.error && result.status != BillStatus::noBill) line += ": " + std::string{result.error->what()};
  return printable(line);
}

}  // namespace

BillResults::BillResults(std::size_t bills) : bills_{bills}, status_{[this] { return statusText(); }} {}

std::string BillResults::statusText() {
  const std::lock_guard lock{mutex_};
  const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(received_, 0));
  const auto elapsed = std::chrono::steady_clock::now() - begin_;
  const auto milliseconds = std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count(), 1);
  const auto rate = bytes * 1000 / static_cast<std::uint64_t>(milliseconds);
  auto text = progressBar(done_, bills_) + " " + std::to_string(done_) + "/" + std::to_string(bills_) + " bills, " +
              shownBytes(bytes) + ", " + shownBytes(rate) + "/s";
  if (failures() > 0) text += ", " + std::to_string(failures()) + " failed";
  if (count(BillStatus::notReady) > 0) text += ", " + std::to_string(count(BillStatus::notReady)) + " not ready";
  if (count(BillStatus::busy) > 0) text += ", " + std::to_string(count(BillStatus::busy)) + " busy";
  return text;
}

void BillResults::add(const BillLabel& label, const BillResult& result) {
  {
    const std::lock_guard lock{mutex_};
    ++done_;
    ++counts_.at(static_cast<std::size_t>(result.status));
    if (result.error && result.error->errc() == Errc::cancelled) interrupted_.push_back(shortName(label));
  }
  const bool fine = isThere(result.status) || result.status == BillStatus::noBill;
  if (!status_.onTerminal() || !fine) status_.log(logLine(label, result));
  try {
    status_.print(jsonLine(label, result));
  } catch (const FileError& failure) {
    const std::lock_guard lock{mutex_};
    outputFailure_ = failure.what();  // what was asked for is files; the others are fetched all the same
  }
}

int BillResults::finish() {
  std::string line = std::to_string(bills_) + (bills_ == 1 ? " bill: " : " bills: ");
  std::string parts;
  for (std::size_t at = 0; at < counts_.size(); ++at) {
    if (counts_.at(at) == 0) continue;
    parts +=
        (parts.empty() ? "" : ", ") + std::to_string(counts_.at(at)) + " " + std::string{toString(static_cast<BillStatus>(at))};
  }
  status_.log(line + parts);
  if (!interrupted_.empty()) {
    std::string names;
    for (const auto& name : interrupted_) names += (names.empty() ? "" : ", ") + printable(name);
    status_.log("interrupted; not done: " + names + ". Run the same command again: it fetches what is missing");
  }
  if (!outputFailure_.empty()) status_.log("standard output: " + outputFailure_);
  if (failures() > 0 || !outputFailure_.empty()) return 1;
  return count(BillStatus::notReady) + count(BillStatus::busy) > 0 ? 4 : 0;
}

}  // namespace openapi::cli
