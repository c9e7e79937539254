#include <cli/bill_formats.hpp>
#include <cli/bill_input.hpp>
#include <cli/commands.hpp>
#include <cli/error_line.hpp>
#include <cli/files.hpp>
#include <cli/printable.hpp>

#include <iostream>

namespace openapi::cli {
namespace {

/// A very bad bill does not fill the log.
constexpr std::uint64_t mostProblems = 1000;

void say(const std::string& line) { std::cerr << printable(line) + "\n" << std::flush; }

std::string amountsText(const bill::Summary& summary) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& stated, const std::string& counted, bool agrees) {
    text += (text.empty() ? "" : ", ") + name + " " + stated + (agrees ? "" : " (the rows: " + counted + ")");
  };
  for (const auto& count : summary.counts) {
    add(count.name, std::to_string(count.stated), std::to_string(count.counted), count.agrees);
  }
  for (const auto& amount : summary.amounts) add(amount.name, amount.stated.yuan(), amount.counted.yuan(), amount.agrees);
  return text;
}

/// Shows one bill after the other.
class Showing {
 public:
  Showing(const BillShowOptions& options, RowFormat& format) : options_{options}, format_{format} {}

  /// Whether all of the bill was fine.
  bool show(const std::string& file) {
    problems_ = 0;
    try {
      auto reader = openBill(file, optionsFor(file));
      requireTotals(reader.header().kind, file);
      format_.begin(reader.header(), shownName(file));
      readRows(reader);
      format_.end();
      report(file, reader.finish());
    } catch (const Error& error) {
      format_.end();
      std::cerr << errorLine(error, "", "bill.show") + "\n" << std::flush;
      return false;
    }
    return problems_ == 0;
  }

 private:
  static std::string shownName(const std::string& file) { return file == "-" ? "standard input" : file; }

  void requireTotals(bill::BillKind kind, const std::string& file) const {
    if (!options_.totals || kind == bill::BillKind::tradeTotals || kind == bill::BillKind::flowTotals) return;
    throw Error{Errc::invalidArgument,
                shownName(file) + ": it has rows and no totals, which are in the archives of Alipay only; leave out --totals"};
  }

  bill::BillOptions optionsFor(const std::string& file) {
    bill::BillOptions options;
    if (file == "-") options.name = shownName(file);
    options.totals = options_.totals;
    options.onProblem = [this](const bill::Problem& problem) {
      if (++problems_ <= mostProblems) say(problem.text());
    };
    return options;
  }

  void readRows(bill::BillReader& reader) {
    switch (reader.header().kind) {
      case bill::BillKind::trade:
        return readAll([&] { return reader.nextTrade(); });
      case bill::BillKind::flow:
        return readAll([&] { return reader.nextFlow(); });
      default:
        return readAll([&] { return reader.nextTotal(); });
    }
  }

  /// All rows are read, even when not all are shown: the summary is about all.
  template <class Next>
  void readAll(const Next& next) {
    std::int64_t count = 0;
    while (const auto* row = next()) {
      if (options_.limit && count++ >= *options_.limit) continue;
      takeCells(*row, cells_);
      format_.row(cells_, row->extra);
    }
  }

  void report(const std::string& file, const bill::Summary& summary) {
    if (problems_ > mostProblems) say(shownName(file) + ": " + std::to_string(problems_ - mostProblems) + " more problems");
    const bool agrees = summary.agrees() && problems_ == 0;
    auto line = shownName(file) + ": " + std::to_string(summary.rows) + (summary.rows == 1 ? " row" : " rows") + "; ";
    line += agrees ? "the summary agrees" : "the summary does not agree";
    const auto amounts = amountsText(summary);
    say(line + (amounts.empty() ? "" : ": " + amounts));
    if (!agrees && problems_ == 0) ++problems_;
  }

  const BillShowOptions& options_;
  RowFormat& format_;
  std::uint64_t problems_ = 0;
  std::vector<RowCell> cells_;
};

}  // namespace

int runBillShow(const BillShowOptions& options) {
  const auto format = makeRowFormat(options.format, options.files.size() > 1);
  if (!format) throw UsageError{"--format: expected table, csv or jsonl, got " + options.format};
  Showing showing{options, *format};
  bool fine = true;
  try {
    for (const auto& file : options.files) fine = showing.show(file) && fine;
  } catch (const FileError& error) {
    say(std::string{"standard output: "} + error.what());
    return 1;
  }
  return fine ? 0 : 1;
}

}  // namespace openapi::cli
