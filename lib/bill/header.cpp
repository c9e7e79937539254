// What stands before the rows: a byte order mark, the encoding, Alipay's lines with #, the names of the columns.
#include <algorithm>
#include <set>

#include "bill/names.hpp"
#include "bill/reader_impl.hpp"
#include "codec/text.hpp"

namespace openapi::bill {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// What stands between the brackets behind `label`, or nothing.
std::string_view bracketed(std::string_view text, std::string_view label) {
  const auto at = text.find(label);
  if (at == std::string_view::npos) return {};
  const auto open = text.find('[', at);
  const auto close = text.find(']', at);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return text.substr(open + 1, close - open - 1);
}

/// `2026年11月21日 00:00:00`
std::optional<Time> chineseTime(std::string_view text) {
  std::string plain{text};
  for (const std::string_view unit : {"年", "月"}) {
    if (const auto at = plain.find(unit); at != std::string::npos) plain.replace(at, unit.size(), "-");
  }
  if (const auto at = plain.find("日"); at != std::string::npos) plain.erase(at, std::string_view{"日"}.size());
  Time time{};
  if (!TimeParser{}.parse(plain, time)) return {};
  return time;
}

}  // namespace

BillReader::Impl::Impl(OpenedSource opened, BillOptions options, std::string name)
    : options_{std::move(options)},
      name_{std::move(name)},
      progress_{std::move(opened.progress)},
      lines_{std::move(opened.source), options_.blockSize} {
  header_.entry = std::move(opened.entry);
  if (!options_.name.empty()) name_ = options_.name;
  if (!header_.entry.empty()) name_ += "/" + shown(header_.entry);
  readHeader();
}

void BillReader::Impl::readHeader() {
  decideEncoding();
  readPreamble();
  readColumns();
  prepareParsers();
}

/// The first line that is not ASCII tells: every bill has Chinese names in its header.
void BillReader::Impl::decideEncoding() {
  constexpr std::size_t longestHeader = 64UL * 1024;
  const ScanLine scanner = scanLine(Separator::comma);
  bool any = false;
  for (std::size_t offset = 0; offset < longestHeader && scan(scanner, offset);) {
    any = true;
    if (cells_.firstHigh != cells_.endHigh) {
      if (offset == 0 && cells_.line().starts_with(byteOrderMark)) return lines_.consume(byteOrderMark.size());
      if (codec::isUtf8(cells_.line())) return;
      return lines_.rewrap([](auto source, std::string begin) { return fromGb18030(std::move(source), std::move(begin)); });
    }
    offset += lines_.sizeWithEnd(offset, cells_.length);
  }
  if (!any) failIncomplete("the bill is empty");
}

void BillReader::Impl::readPreamble() {
  while (nextLine(scanLine(Separator::comma))) {
    const auto text = lineText();
    if (isBlank(text)) continue;
    if (!text.starts_with('#')) return;
    readPreambleLine(text);
  }
  failIncomplete("the bill ends before the names of its columns");
}

void BillReader::Impl::readPreambleLine(std::string_view text) {
  if (const auto account = bracketed(text, "账号"); !account.empty()) header_.account = account;
  if (const auto from = chineseTime(bracketed(text, "起始日期"))) header_.from = from;
  if (const auto to = chineseTime(bracketed(text, "终止日期"))) header_.to = to;
}

void BillReader::Impl::readColumns() {
  const auto text = lineText();
  if (text.starts_with('<')) fail(line_, {}, "an XML answer instead of a bill: \"" + shown(text) + "\"");
  if (!codec::isUtf8(text)) failHeader({}, "the names of the columns are neither UTF-8 nor GBK");
  header_.columns = splitNames(text);
  if (header_.columns.size() > mostCells) failHeader({}, "more than " + std::to_string(mostCells) + " columns");
  std::transform(header_.columns.begin(), header_.columns.end(), std::back_inserter(names_), normalised);
  const auto layout = layoutOf(names_);
  if (!layout) failHeader({}, "not the names of the columns of a bill: \"" + shown(text) + "\"");
  header_.platform = layout->platform;
  header_.kind = layout->kind;
  if (const auto missing = missingColumn(*layout, names_); !missing.empty()) failHeader(missing, "this column is missing");
  std::set<std::string_view> seen;
  for (const auto& name : names_) {
    if (!name.empty() && !seen.insert(name).second) failHeader(name, "this column is there twice");
  }
}

void BillReader::Impl::prepareParsers() {
  const bool weixin = header_.platform == Platform::weixin;
  scanner_ = scanLine(weixin ? Separator::tick : Separator::comma);
  switch (header_.kind) {
    case BillKind::trade:
      prepare(trades_, weixin ? weixinTradeColumns() : alipayTradeColumns());
      trades_->row().platform = header_.platform;
      break;
    case BillKind::flow:
      prepare(flows_, weixin ? weixinFlowColumns() : alipayFlowColumns());
      flows_->row().platform = header_.platform;
      break;
    case BillKind::tradeTotals:
      prepare(totalRows_, tradeTotalColumns());
      break;
    case BillKind::flowTotals:
      prepare(totalRows_, flowTotalColumns());
      break;
  }
}

template <class Row>
void BillReader::Impl::prepare(std::unique_ptr<RowParser<Row>>& parser, std::span<const Column<Row>> table) {
  const bool trim = header_.platform == Platform::alipay;  // its identifiers end with a tab
  parser = std::make_unique<RowParser<Row>>(table, names_, header_.columns, trim);
  if (parser->repeated() < names_.size()) {
    fail(line_, names_[parser->repeated()], "this column means the same as another");
  }
}

}  // namespace openapi::bill
