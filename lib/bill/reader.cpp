#include <openapi/error.hpp>

#include <limits>
#include <utility>

#include "bill/names.hpp"
#include "bill/reader_impl.hpp"
#include "codec/text.hpp"

namespace openapi::bill {
namespace {

/// Without its sign; none when it has no such value.
std::optional<Fen> magnitude(Fen amount) {
  if (amount.count() == std::numeric_limits<std::int64_t>::min()) return {};
  return Fen{amount.count() < 0 ? -amount.count() : amount.count()};
}

std::string kindName(BillKind kind) {
  switch (kind) {
    case BillKind::trade:
      return "trades: use nextTrade";
    case BillKind::flow:
      return "an account: use nextFlow";
    case BillKind::tradeTotals:
    case BillKind::flowTotals:
      break;
  }
  return "totals: use nextTotal";
}

}  // namespace

std::string Problem::text() const {
  std::string result = file + ":" + std::to_string(line) + ": ";
  if (!column.empty()) result += column + ": ";
  return result + message;
}

// ---- lines and problems

bool BillReader::Impl::scan(ScanLine scanner, std::size_t offset) {
  try {
    return lines_.scan(scanner, offset, cells_);
  } catch (const Error& error) {
    throw Error{error.errc(), name_ + ":" + std::to_string(line_) + ": " + error.what(), error.details()};
  }
}

bool BillReader::Impl::nextLine(ScanLine scanner) {
  lines_.consume(std::exchange(size_, 0));
  line_ += 1 + std::exchange(extraLines_, 0);
  if (!scan(scanner, 0)) return false;
  size_ = lines_.sizeWithEnd(0, cells_.length);
  return true;
}

std::string_view BillReader::Impl::lineText() const {
  auto text = cells_.line();
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void BillReader::Impl::fail(std::uint64_t line, std::string_view column, const std::string& message) {
  throw Error{Errc::badResponse, Problem{name_, line, shown(column), message}.text()};
}

void BillReader::Impl::failIncomplete(const std::string& why) {
  fail(line_, {}, "incomplete: " + why + "; fetch the bill again");
}

bool BillReader::Impl::isLastLine() {
  const bool last = lines_.endsAfter(size_);
  cells_.begin = lines_.begin();
  return last;
}

void BillReader::Impl::failHeader(std::string_view column, const std::string& message) {
  if (isLastLine())
    failIncomplete("nothing follows the names of its columns, " + shown(column) + (column.empty() ? "" : ": ") + message);
  fail(line_, column, message);
}

void BillReader::Impl::reportRow(std::string_view column, const std::string& message) {
  if (isLastLine()) failIncomplete("it ends in a row: " + shown(column) + (column.empty() ? "" : ": ") + message);
  report(line_, column, message);
}

void BillReader::Impl::report(std::uint64_t line, std::string_view column, const std::string& message) {
  if (!options_.onProblem) fail(line, column, message);
  options_.onProblem({name_, line, shown(column), message});
}

// ---- rows

/// Reads up to the next row that counts; false after the last.
template <class Row>
bool BillReader::Impl::advance(RowParser<Row>& parser) {
  while (nextLine(scanner_)) {
    if (isRow()) {
      if (takeRow(parser)) return true;
    } else if (!isBlank(cells_.line())) {
      readEnd();
      if (done_) return false;
    }
  }
  failIncomplete("it ends without its summary");
}

bool BillReader::Impl::isRow() const {
  if (header_.platform == Platform::weixin) return *cells_.begin == '`';
  return *cells_.begin != '#' && !isBlank(cells_.line());
}

template <class Row>
bool BillReader::Impl::takeRow(RowParser<Row>& parser) {
  parser.row().line = line_;
  const bool whole = cells_.count == header_.columns.size();
  if (!(whole ? parseCells(parser) : mendRow(parser))) return false;
  if (!complete(parser.row())) return false;
  parser.addToSums();
  ++summary_.rows;
  return true;
}

template <class Row>
bool BillReader::Impl::parseCells(RowParser<Row>& parser) {
  const bool ascii = cells_.firstHigh == cells_.endHigh;
  if (!ascii && !codec::isUtf8(cells_.line().substr(cells_.firstHigh, cells_.endHigh - cells_.firstHigh)))
    return reportEncoding();
  CellProblem problem;
  if (parser.parse(cells_, problem)) return true;
  reportRow(header_.columns[problem.cell], std::string{problem.what} + ": \"" + shown(cells_[problem.cell]) + "\"");
  return false;
}

bool BillReader::Impl::reportEncoding() {
  std::size_t cell = 0;
  while (cell + 1 < header_.columns.size() && codec::isUtf8(cells_[cell])) ++cell;
  reportRow(header_.columns[cell], "bytes that are no text: \"" + shown(cells_[cell]) + "\"");
  return false;
}

void BillReader::Impl::reportCount() {
  reportRow({}, std::to_string(header_.columns.size()) + " columns, but " + std::to_string(cells_.count) + " cells in this row");
}

/// A row with too few cells may go on in the next line; one with too many may have separators in a text.
template <class Row>
bool BillReader::Impl::mendRow(RowParser<Row>& parser) {
  if (cells_.count > header_.columns.size()) return mendLongRow(parser);
  if (joinLines()) return parseCells(parser);
  reportCount();
  return false;
}

/// A line feed in a text: the lines up to where the row has all its cells. Nothing happens when it never has.
bool BillReader::Impl::joinLines() {
  constexpr std::uint64_t mostLines = 64;
  constexpr std::size_t mostBytes = 64UL * 1024;
  const Cells first = cells_;
  Cells joined = cells_;
  std::size_t size = size_;
  for (std::uint64_t more = 1; more <= mostLines && size < mostBytes && scan(scanner_, size); ++more) {
    const bool beginsRow = header_.platform == Platform::weixin ? *cells_.begin == '`'
                                                                : *cells_.begin == '#' || cells_.count == header_.columns.size();
    if (beginsRow || joined.count + cells_.count - 1 > header_.columns.size()) break;
    const auto offset = static_cast<std::uint32_t>(size);
    for (std::size_t i = 1; i <= cells_.count; ++i) joined.before[joined.count + i - 1] = cells_.before[i] + offset;
    joined.count += cells_.count - 1;
    joined.length = size + cells_.length;
    size += lines_.sizeWithEnd(size, cells_.length);
    if (joined.count != header_.columns.size()) continue;
    cells_ = joined;
    cells_.begin = lines_.begin();
    cells_.firstHigh = 0;
    cells_.endHigh = cells_.length;
    size_ = size;
    extraLines_ = more;
    return true;
  }
  cells_ = first;
  cells_.begin = lines_.begin();
  return false;
}

/// Takes the surplus for the text of one column, when there is exactly one with which all other cells fit.
template <class Row>
bool BillReader::Impl::mendLongRow(RowParser<Row>& parser) {
  const std::size_t columns = header_.columns.size();
  if (cells_.count > mostCells) {
    reportCount();
    return false;
  }
  const std::size_t surplus = cells_.count - columns;
  const auto mergedAt = [this, columns, surplus](std::size_t text) {
    Cells merged = cells_;
    merged.count = columns;
    for (std::size_t i = text + 1; i <= columns; ++i) merged.before[i] = cells_.before[i + surplus];
    return merged;
  };
  std::vector<std::size_t> fitting;
  CellProblem problem;
  for (const std::size_t text : parser.freeTexts()) {
    if (parser.parse(mergedAt(text), problem)) fitting.push_back(text);
  }
  if (fitting.size() != 1) {
    reportCount();
    return false;
  }
  cells_ = mergedAt(fitting.front());
  return parseCells(parser);
}

// ---- what follows from the cells of a row

bool BillReader::Impl::complete(TradeCells& row) {
  return header_.platform == Platform::weixin ? completeWeixin(row) : completeAlipay(row);
}

bool BillReader::Impl::completeWeixin(TradeCells& row) {
  if (row.tradeState == "SUCCESS") {
    row.kind = TradeKind::payment;
  } else if (row.tradeState == "REFUND") {
    row.kind = TradeKind::refund;
  } else if (row.tradeState == "REVOKED") {
    row.kind = TradeKind::revoked;
  } else {
    reportRow("交易状态", "neither SUCCESS nor REFUND nor REVOKED: \"" + shown(row.tradeState) + "\"");
    return false;
  }
  return true;
}

bool BillReader::Impl::completeAlipay(TradeCells& row) {
  const bool refund = row.businessType == "退款";
  if (!refund && row.businessType != "交易") {
    reportRow("业务类型", "neither 交易 nor 退款: \"" + shown(row.businessType) + "\"");
    return false;
  }
  const auto time = row.finishTime ? row.finishTime : row.createTime;
  if (!time) {
    reportRow("完成时间", "a row without a time");
    return false;
  }
  if (refund && row.totalFee && row.totalFee->count() > 0) {
    reportRow("订单金额（元）", "a refund that is not negative: \"" + row.totalFee->yuan() + "\"");
    return false;
  }
  row.time = *time;
  row.kind = refund ? TradeKind::refund : TradeKind::payment;
  row.refundFee = refund && row.totalFee ? magnitude(*row.totalFee) : std::nullopt;
  row.refundAppliedFee = row.refundFee;
  if (refund && row.totalFee) row.totalFee = Fen{};
  totals_.count[refund ? 1 : 0] += 1;
  totals_.amount[refund ? 1 : 0] += row.receiptAmount.value_or(Fen{}).count();
  totals_.discount[refund ? 1 : 0] += row.mdiscountAmount.value_or(Fen{}).count();
  return true;
}

bool BillReader::Impl::complete(FlowCells& row) {
  if (header_.platform == Platform::alipay) return completeAlipay(row);
  const bool expense = row.statedDirection == "支出";
  if (!expense && row.statedDirection != "收入") {
    reportRow("收支类型", "neither 收入 nor 支出: \"" + shown(row.statedDirection) + "\"");
    return false;
  }
  if (!row.statedAmount || row.statedAmount->count() < 0) {
    reportRow("收支金额(元)", "no amount, or a negative one");
    return false;
  }
  row.direction = expense ? Direction::expense : Direction::income;
  row.amount = *row.statedAmount;
  totals_.count[expense ? 1 : 0] += 1;
  totals_.amount[expense ? 1 : 0] += row.amount.count();
  return true;
}

bool BillReader::Impl::completeAlipay(FlowCells& row) {
  const Fen income = row.income.value_or(Fen{});
  const auto spent = magnitude(row.expense.value_or(Fen{}));
  if (!spent || income.count() < 0 || (income.count() != 0 && spent->count() != 0)) {
    reportRow("收入金额(+元)", "neither an income nor an expense");
    return false;
  }
  const bool expense = spent->count() != 0;
  row.direction = expense ? Direction::expense : Direction::income;
  row.amount = expense ? *spent : income;
  if (row.amount == Fen{}) {
    totals_.zeros += 1;
    return true;
  }
  totals_.count[expense ? 1 : 0] += 1;
  totals_.amount[expense ? 1 : 0] += row.amount.count();
  return true;
}

bool BillReader::Impl::complete(TotalRow& row) {
  if (totalsRow_) {
    reportRow({}, "a row behind 合计");
    return false;
  }
  if (row.storeId != "合计" && row.businessType != "合计") return true;
  totalsRow_ = true;
  summary_.line = line_;
  stated_ = row;
  return false;
}

// ---- what the caller sees

template <class Row>
bool BillReader::Impl::next(RowParser<Row>* parser) {
  if (parser == nullptr) throw Error{Errc::invalidArgument, name_ + " is a bill of " + kindName(header_.kind)};
  if (broken_) throw Error{Errc::invalidArgument, name_ + ": reading this bill has failed before"};
  if (done_) return false;
  broken_ = true;  // unless what follows returns
  const bool found = advance(*parser);
  broken_ = false;
  return found;
}

const TradeRow* BillReader::Impl::nextTrade() { return next(trades_.get()) ? &trades_->row() : nullptr; }
const FlowRow* BillReader::Impl::nextFlow() { return next(flows_.get()) ? &flows_->row() : nullptr; }
const TotalRow* BillReader::Impl::nextTotal() { return next(totalRows_.get()) ? &totalRows_->row() : nullptr; }

const Summary& BillReader::Impl::finish() {
  if (trades_) {
    while (next(trades_.get())) continue;
  } else if (flows_) {
    while (next(flows_.get())) continue;
  } else {
    while (next(totalRows_.get())) continue;
  }
  return summary_;
}

BillReader::BillReader(const std::filesystem::path& file, BillOptions options) {
  auto opened = openFile(file, options.totals);
  impl_ = std::make_unique<Impl>(std::move(opened), std::move(options), file.string());
}

BillReader::BillReader(std::unique_ptr<BillSource> source, BillOptions options) {
  auto opened = openSource(std::move(source), options.totals);
  impl_ = std::make_unique<Impl>(std::move(opened), std::move(options), "bill");
}

BillReader::BillReader(BillReader&&) noexcept = default;
BillReader& BillReader::operator=(BillReader&&) noexcept = default;
BillReader::~BillReader() = default;

const BillHeader& BillReader::header() const { return impl_->header(); }
const TradeRow* BillReader::nextTrade() { return impl_->nextTrade(); }
const FlowRow* BillReader::nextFlow() { return impl_->nextFlow(); }
const TotalRow* BillReader::nextTotal() { return impl_->nextTotal(); }
const Summary& BillReader::finish() { return impl_->finish(); }
const Summary& BillReader::summary() const { return impl_->summary(); }
std::uint64_t BillReader::bytesRead() const { return impl_->progress().read; }
std::optional<std::uint64_t> BillReader::bytesTotal() const { return impl_->progress().total; }

}  // namespace openapi::bill
