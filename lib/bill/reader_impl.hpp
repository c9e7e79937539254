#pragma once

#include <openapi/bill/reader.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bill/layout.hpp"
#include "bill/lines.hpp"
#include "bill/row_parser.hpp"
#include "bill/scan.hpp"
#include "bill/source.hpp"

namespace openapi::bill {

/// What the rows of an Alipay bill add up to, for its footer.
struct AlipayTotals {
  std::array<std::int64_t, 2> count{};  ///< payments and refunds, or income and expenses
  std::array<Sum, 2> amount{};
  std::array<Sum, 2> discount{};
  std::int64_t zeros = 0;  ///< rows that are neither income nor expense
};

class BillReader::Impl {
 public:
  Impl(OpenedSource opened, BillOptions options, std::string name);

  [[nodiscard]] const BillHeader& header() const { return header_; }
  [[nodiscard]] const Summary& summary() const { return summary_; }
  [[nodiscard]] const Progress& progress() const { return *progress_; }

  const TradeRow* nextTrade();
  const FlowRow* nextFlow();
  const TotalRow* nextTotal();
  const Summary& finish();

 private:
  // ---- lines (reader.cpp)
  /// Scans the line at `offset`; false at the end.
  bool scan(ScanLine scanner, std::size_t offset);
  /// Goes to the next line and scans it; false at the end.
  bool nextLine(ScanLine scanner);
  [[nodiscard]] std::string_view lineText() const;

  // ---- problems
  [[noreturn]] void fail(std::uint64_t line, std::string_view column, const std::string& message);
  [[noreturn]] void failIncomplete(const std::string& why);
  /// The same for a line of the header or a row, which is cut when it is the last one.
  [[noreturn]] void failHeader(std::string_view column, const std::string& message);
  void reportRow(std::string_view column, const std::string& message);
  [[nodiscard]] bool isLastLine();
  /// To the caller's function, or thrown.
  void report(std::uint64_t line, std::string_view column, const std::string& message);

  // ---- header (header.cpp)
  void readHeader();
  void decideEncoding();
  void readPreamble();
  void readPreambleLine(std::string_view text);
  void readColumns();
  void prepareParsers();
  template <class Row>
  void prepare(std::unique_ptr<RowParser<Row>>& parser, std::span<const Column<Row>> table);

  // ---- rows (reader.cpp)
  template <class Row>
  bool next(RowParser<Row>* parser);
  template <class Row>
  bool advance(RowParser<Row>& parser);
  template <class Row>
  bool takeRow(RowParser<Row>& parser);
  [[nodiscard]] bool isRow() const;
  template <class Row>
  bool parseCells(RowParser<Row>& parser);
  bool reportEncoding();
  template <class Row>
  bool mendRow(RowParser<Row>& parser);
  template <class Row>
  bool mendLongRow(RowParser<Row>& parser);
  bool joinLines();
  void reportCount();
  bool complete(TradeCells& row);
  bool complete(FlowCells& row);
  bool complete(TotalRow& row);
  bool completeWeixin(TradeCells& row);
  bool completeAlipay(TradeCells& row);
  bool completeAlipay(FlowCells& row);

  // ---- what follows the rows (summary.cpp)
  void readEnd();
  void readWeixinSummary(const std::vector<std::string>& names);
  void checkWeixin(const std::string& name, std::string_view text);
  void expectNothingMore();
  void readAlipayFooter();
  void readFooterLine(std::string_view text);
  bool readFooterTotal(std::string_view label, std::string_view text);
  bool checkFooterPart(std::string_view label, std::string_view part);
  void checkTotalsRow();
  template <class Member>
  void checkTotal(std::string_view name, Member member);
  void addCount(const std::string& name, std::int64_t stated, std::int64_t counted, bool agrees);
  void addAmount(const std::string& name, Fee stated, Sum counted, bool agrees);
  void reportDisagreements();

  BillOptions options_;
  std::string name_;
  std::shared_ptr<Progress> progress_;
  LineBuffer lines_;
  ScanLine scanner_ = nullptr;  ///< of the rows

  BillHeader header_{};
  std::vector<std::string> names_{};  ///< normalised columns
  Summary summary_{};

  // The line that is being read.
  Cells cells_{};
  std::uint64_t line_ = 0;        ///< its number
  std::uint64_t extraLines_ = 0;  ///< more lines that belong to it
  std::size_t size_ = 0;          ///< its bytes, given up before the next line is read

  bool done_ = false;
  bool broken_ = false;
  bool totalsRow_ = false;  ///< Alipay's row 合计 was read
  bool listEnded_ = false;
  bool exported_ = false;
  AlipayTotals totals_{};
  TotalRow stated_{};

  std::unique_ptr<RowParser<TradeCells>> trades_{};
  std::unique_ptr<RowParser<FlowCells>> flows_{};
  std::unique_ptr<RowParser<TotalRow>> totalRows_{};
};

}  // namespace openapi::bill
