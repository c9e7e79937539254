#include "bills.hpp"

#include <algorithm>
#include <stdexcept>

namespace demo {

namespace {

using Cells = std::vector<std::string_view>;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error{"the bill cannot be read: " + what}; }

std::vector<std::string_view> linesOf(std::string_view text) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  if (text.starts_with(bom)) text.remove_prefix(bom.size());
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.size() < 3) fail("it has no rows");
  return lines;
}

/// Splits at `separator`; rows begin each cell with a back-tick, so that a comma in a name does no harm.
Cells split(std::string_view line, std::string_view separator) {
  Cells cells;
  for (;;) {
    const auto at = line.find(separator);
    cells.push_back(line.substr(0, at));
    if (at == std::string_view::npos) return cells;
    line.remove_prefix(at + separator.size());
  }
}

Cells rowCells(std::string_view line) {
  if (!line.starts_with('`')) fail("a row without back-ticks");
  return split(line.substr(1), ",`");
}

/// Decimal text of yuan to fen, exactly: what stands behind the second decimal must be zeros.
std::int64_t fenOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  auto plain = text;
  if (point != std::string_view::npos && text.size() > point + 3) {
    if (text.find_first_not_of('0', point + 3) != std::string_view::npos) fail("a fraction of a fen");
    plain = text.substr(0, point + 3);
  }
  const auto fen = Fen::fromYuan(plain);
  if (!fen) fail("no amount: " + std::string{text});
  return negative ? -fen->count() : fen->count();
}

/// A bill as a table: cells by the name of their column. The last two lines are the summary.
class Table {
 public:
  explicit Table(std::string_view content) : lines_{linesOf(content)}, head_{split(lines_.front(), ",")} {
    for (std::size_t i = 1; i + 2 < lines_.size(); ++i) {
      rows_.push_back(rowCells(lines_[i]));
      if (rows_.back().size() != head_.size()) fail("a row with another number of cells");
    }
    const auto names = split(lines_[lines_.size() - 2], ",");
    const auto values = rowCells(lines_.back());
    if (names.size() != values.size()) fail("the summary");
    for (std::size_t i = 0; i < names.size(); ++i) summary_.emplace(names[i], values[i]);
  }

  [[nodiscard]] const std::vector<Cells>& rows() const { return rows_; }
  [[nodiscard]] std::string cell(const Cells& row, std::string_view name) const {
    const auto found = std::find(head_.begin(), head_.end(), name);
    if (found == head_.end()) fail("there is no column " + std::string{name});
    return std::string{row[static_cast<std::size_t>(found - head_.begin())]};
  }
  [[nodiscard]] std::int64_t fen(const Cells& row, std::string_view name) const { return fenOf(cell(row, name)); }
  void requireSum(std::string_view name, std::int64_t sum) const {
    const auto found = summary_.find(name);
    if (found == summary_.end()) fail("the summary has no " + std::string{name});
    if (fenOf(found->second) != sum) fail("its rows do not add up to its summary: " + std::string{name});
  }

 private:
  std::vector<std::string_view> lines_;
  Cells head_;
  std::vector<Cells> rows_;
  std::map<std::string_view, std::string_view> summary_;
};

/// `order 1: the shop has 1.00 yuan, the fund flow 0.99 (difference 0.01 yuan)`
std::string words(const std::string& what, const std::string& number, std::int64_t shop, std::int64_t flow) {
  return what + ' ' + number + ": the shop has " + yuan(shop) + " yuan, the fund flow " + yuan(flow) + " (difference " +
         yuan(shop - flow) + " yuan)";
}

void compareFlow(const std::string& what, const std::map<std::string, std::int64_t>& shop,
                 const std::map<std::string, std::int64_t>& flow, std::vector<std::string>& differences) {
  for (const auto& [number, amount] : shop) {
    const auto other = flow.find(number);
    const auto there = other == flow.end() ? 0 : other->second;
    if (there != amount) differences.push_back(words(what, number, amount, there));
  }
  for (const auto& [number, amount] : flow) {
    if (!shop.contains(number)) differences.push_back(words(what, number, 0, amount));
  }
}

}  // namespace

Books readTradeBill(std::string_view content) {
  const Table table{content};
  Books books{.source = "the trade bill"};
  std::int64_t fees = 0;
  for (const auto& row : table.rows()) {
    const auto order = table.cell(row, "商户订单号");
    fees += table.fen(row, "手续费");
    bool fresh = true;
    if (table.cell(row, "交易状态") == "SUCCESS") {
      const PaidLine line{Fen{table.fen(row, "订单金额")}, table.cell(row, "微信订单号")};
      fresh = books.paid.emplace(order, line).second;
    } else {
      if (table.cell(row, "退款状态") != "SUCCESS") fail("a refund that has not succeeded");
      fresh =
          books.refunds.emplace(table.cell(row, "商户退款单号"), RefundLine{order, Fen{table.fen(row, "申请退款金额")}}).second;
    }
    if (!fresh) fail("order or refund " + order + " stands in it twice");
  }
  table.requireSum("订单总金额", books.totalPaid().count());
  table.requireSum("申请退款总金额", books.totalRefunded().count());
  table.requireSum("手续费总金额", fees);
  books.fees = fees;
  return books;
}

FundFlow readFundFlow(std::string_view content) {
  const Table table{content};
  FundFlow flow;
  std::int64_t income = 0;
  std::int64_t spent = 0;
  for (const auto& row : table.rows()) {
    const auto amount = table.fen(row, "收支金额(元)");
    const bool in = table.cell(row, "收支类型") == "收入";
    const auto type = table.cell(row, "业务类型");
    const auto number = table.cell(row, "业务凭证号");
    (in ? income : spent) += amount;
    if (type == "交易" && in) {
      flow.received[number] += amount;
    } else if (type == "退款" && !in) {
      flow.returned[number] += amount;
    } else if (type == "扣除交易手续费" || type == "退还交易手续费") {
      flow.fees += in ? -amount : amount;
    } else {
      fail("a flow of unknown kind: " + type);
    }
    flow.balance = table.fen(row, "账户结余(元)");
  }
  table.requireSum("收入金额", income);
  table.requireSum("支出金额", spent);
  return flow;
}

std::vector<std::string> compare(const Books& shop, const FundFlow& flow) {
  std::vector<std::string> differences;
  std::map<std::string, std::int64_t> paid;
  std::map<std::string, std::int64_t> refunded;
  for (const auto& [number, line] : shop.paid) paid[number] = line.amount.count();
  for (const auto& [number, line] : shop.refunds) refunded[number] = line.amount.count();
  compareFlow("order", paid, flow.received, differences);
  compareFlow("refund", refunded, flow.returned, differences);
  return differences;
}

}  // namespace demo
