#include <cli/bill_folder.hpp>
#include <cli/bill_input.hpp>
#include <cli/bill_ledgers.hpp>
#include <cli/bill_report.hpp>
#include <cli/commands.hpp>
#include <cli/day_option.hpp>
#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <cli/status_line.hpp>
#include <stamp.hpp>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <iterator>

namespace openapi::cli {
namespace {

/// What the platform would have made of a day without trade.
constexpr std::string_view emptyBill =
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注\r\n"
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00\r\n";

bill::Time beginOf(const std::string& day) {
  bill::Time time{};
  static_cast<void>(parseGmt8(day + "000000", time));
  return time;
}

std::optional<std::string> givenDate(const BillReconcileOptions& options) {
  if (!options.date) return std::nullopt;
  return dayOption(*options.date);
}

/// The day in the name that `bill download` gives a file.
std::string dateInName(const std::string& file) {
  const auto name = std::filesystem::path{file}.filename().string();
  const auto date = name.substr(0, 8);
  return name.size() > 8 && name[8] == '-' && isDay(date) ? date : std::string{};
}

class Reconciling {
 public:
  explicit Reconciling(const BillReconcileOptions& options)
      : options_{options}, date_{givenDate(options)}, books_{ledgerChoice(options)} {}

  ReconcileReport reconcile(const std::string& file) {
    ReconcileReport report;
    report.bill = file;
    report.ledger = books_.shownAs;
    report.date = date_ ? *date_ : dateInName(file);
    const auto place = billPlace(file);
    const bool missing = file != "-" && !isFile(file);
    report.noBill = missing && isFile(place.noBill);
    if (missing && !report.noBill && isFile(place.notReady)) {
      report.verdict = Verdict::notReady;
      return report;
    }
    auto reader = report.noBill ? bill::BillReader{bill::fromText(std::string{emptyBill}), {}} : openBill(file, nameFor(file));
    compare(report, reader);
    return report;
  }

 private:
  static bill::BillOptions nameFor(const std::string& file) {
    bill::BillOptions options;
    if (file == "-") options.name = "standard input";
    return options;
  }

  void compare(ReconcileReport& report, bill::BillReader& reader) {
    bill::ReconcileOptions how;
    if (!report.date.empty()) {
      how.from = beginOf(report.date);
      how.to = *how.from + std::chrono::days{1};
    } else {
      how.from = reader.header().from;
      how.to = reader.header().to;
    }
    how.onDifference = [&](const bill::Difference& difference) {
      if (std::ssize(report.differences) < options_.limit) report.differences.push_back(kept(difference));
    };
    how.onProgress = [this](std::uint64_t billRows, std::uint64_t ledgerRows) {
      billRows_ = billRows;
      ledgerRows_ = ledgerRows;
    };
    const auto books = books_.open({how.from, how.to});
    const StatusLine status{[this] {
      return "reconciling: " + std::to_string(billRows_) + " rows of the bill, " + std::to_string(ledgerRows_) + " of the ledger";
    }};
    report.result = bill::reconcile(reader, *books, how);
    refuseOtherDay(report);
    report.verdict = report.result.agrees() ? Verdict::agrees : Verdict::differs;
    std::stable_sort(report.differences.begin(), report.differences.end(),
                     [](const auto& a, const auto& b) { return a.kind < b.kind; });
  }

  /// With the limits of another day, what the books have and the bill has not would be taken for other days' entries.
  static void refuseOtherDay(const ReconcileReport& report) {
    const auto& result = report.result;
    if (result.bill.payments == 0 || result.foreignPayments < result.bill.payments) return;
    throw Error{Errc::invalidArgument, report.bill + ": none of its payments is of " +
                                           (report.date.empty() ? "the days in its header" : report.date) +
                                           "; correct --date, the name of the file, or fetch the bill again"};
  }

  const BillReconcileOptions& options_;
  std::optional<std::string> date_;
  LedgerChoice books_;
  std::atomic<std::uint64_t> billRows_{0};
  std::atomic<std::uint64_t> ledgerRows_{0};
};

}  // namespace

int runBillReconcile(const BillReconcileOptions& options) {
  const bool json = options.format == "json";
  if (!json && options.format != "text") throw UsageError{"--format: expected text or json, got " + options.format};
  Reconciling reconciling{options};
  bool failed = false;
  bool differs = false;
  bool notReady = false;
  for (const auto& file : options.bills) {
    try {
      const auto report = reconciling.reconcile(file);
      differs = differs || report.verdict == Verdict::differs;
      notReady = notReady || report.verdict == Verdict::notReady;
      writeOutput(json ? reportJson(report).json() + "\n" : reportText(report));
    } catch (const Error& error) {
      failed = true;
      std::cerr << errorLine(error, "", "bill.reconcile") + "\n" << std::flush;
    } catch (const FileError& error) {
      failed = true;
      std::cerr << errorLine(Error{Errc::config, std::string{"standard output: "} + error.what()}, "", "bill.reconcile") + "\n"
                << std::flush;
    }
  }
  if (failed) return 1;
  return differs ? 3 : notReady ? 4 : 0;
}

}  // namespace openapi::cli
