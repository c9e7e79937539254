// What follows the rows: WeChat's summary, Alipay's footer, and whether they agree with the rows.
#include <algorithm>
#include <limits>

#include "bill/names.hpp"
#include "bill/reader_impl.hpp"

namespace openapi::bill {
namespace {

constexpr std::string_view wideColon = "：";
constexpr std::string_view wideComma = "，";
constexpr Sum feesInFen = 1000;

/// `text` between the two, or nothing.
std::optional<std::string_view> between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos || !text.ends_with(after)) return {};
  const auto from = begin + before.size();
  if (text.size() < from + after.size()) return {};
  return text.substr(from, text.size() - from - after.size());
}

/// A whole number, decimals of zero perhaps: platforms print `45.0`.
std::optional<std::int64_t> wholeNumber(std::string_view text) {
  const auto number = Fee::fromYuan(text);
  const auto fen = number ? number->fen() : std::nullopt;
  if (!fen || fen->count() % 100 != 0) return {};
  return fen->count() / 100;
}

std::int64_t bounded(Sum sum) {
  constexpr Sum most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp<Sum>(sum, -most, most));
}

std::string disagreement(const std::string& stated, const std::string& counted) {
  return "the summary says " + stated + ", the rows give " + counted + ": the bill is incomplete or was changed";
}

}  // namespace

bool Summary::agrees() const {
  const auto agreed = [](const auto& item) { return item.agrees; };
  return std::all_of(counts.begin(), counts.end(), agreed) && std::all_of(amounts.begin(), amounts.end(), agreed);
}

void BillReader::Impl::addCount(const std::string& name, std::int64_t stated, std::int64_t counted, bool agrees) {
  summary_.counts.push_back({name, stated, counted, agrees});
}

void BillReader::Impl::addAmount(const std::string& name, Fee stated, Sum counted, bool agrees) {
  summary_.amounts.push_back({name, stated, Fee{bounded(counted)}, agrees});
}

void BillReader::Impl::reportDisagreements() {
  for (const auto& item : summary_.counts) {
    if (!item.agrees) report(summary_.line, item.name, disagreement(std::to_string(item.stated), std::to_string(item.counted)));
  }
  for (const auto& item : summary_.amounts) {
    if (!item.agrees) report(summary_.line, item.name, disagreement(item.stated.yuan(), item.counted.yuan()));
  }
}

void BillReader::Impl::readEnd() {
  if (header_.platform == Platform::alipay) return readAlipayFooter();
  const auto names = splitNames(lineText());
  if (names.front() == "总交易单数" || names.front() == "资金流水总笔数") return readWeixinSummary(names);
  reportRow({}, "neither a row, which begins with a back-tick, nor the summary: \"" + shown(lineText()) + "\"");
}

void BillReader::Impl::expectNothingMore() {
  while (nextLine(scanner_)) {
    if (!isBlank(cells_.line())) failIncomplete("something follows the end of the bill: \"" + shown(lineText()) + "\"");
  }
}

// ---- WeChat

void BillReader::Impl::readWeixinSummary(const std::vector<std::string>& names) {
  bool found = nextLine(scanner_);
  while (found && isBlank(cells_.line())) found = nextLine(scanner_);
  if (!found || !isRow() || cells_.count != names.size()) failIncomplete("its summary is cut");
  summary_.line = line_;
  for (std::size_t i = 0; i < names.size(); ++i) checkWeixin(names[i], cells_[i]);
  if (summary_.amounts.empty()) failIncomplete("its summary has no amounts");
  expectNothingMore();
  reportDisagreements();
  done_ = true;
}

void BillReader::Impl::checkWeixin(const std::string& name, std::string_view text) {
  const auto number = Fee::fromYuan(text);
  if (!number) failIncomplete("its summary has no number for " + shown(name) + ": \"" + shown(text) + "\"");
  const auto count = [&](std::int64_t counted) {
    const auto stated = wholeNumber(text);
    if (!stated) failIncomplete("its summary has no whole number for " + shown(name) + ": \"" + shown(text) + "\"");
    addCount(name, *stated, counted, *stated == counted);
  };
  const auto amount = [&](Sum counted) { addAmount(name, *number, counted, number->count() == counted); };
  if (name == "总交易单数" || name == "资金流水总笔数") return count(static_cast<std::int64_t>(summary_.rows));
  if (flows_) {
    if (name == "收入笔数") return count(totals_.count[0]);
    if (name == "支出笔数") return count(totals_.count[1]);
    if (name == "收入金额") return amount(totals_.amount[0] * feesInFen);
    if (name == "支出金额") return amount(totals_.amount[1] * feesInFen);
  }
  if (trades_) {
    if (name == "应结订单总金额") return amount(trades_->sumOf(&TradeCells::settlementTotalFee));
    if (name == "订单总金额" || name == "总交易额") return amount(trades_->sumOf(&TradeCells::totalFee));
    if (name == "退款总金额" || name == "总退款金额") return amount(trades_->sumOf(&TradeCells::refundFee));
    if (name == "申请退款总金额") return amount(trades_->sumOf(&TradeCells::refundAppliedFee));
    if (name == "手续费总金额") return amount(trades_->sumOf(&TradeCells::fee));
    if (name == "充值券退款总金额" || name == "总代金券或立减优惠退款金额") {
      return amount(trades_->sumOf(&TradeCells::couponRefundFee));
    }
  }
  summary_.notes.push_back(shown(name) + "=" + shown(text));
}

// ---- Alipay

void BillReader::Impl::readAlipayFooter() {
  do {
    const auto text = lineText();
    if (isBlank(text)) continue;
    if (!text.starts_with('#')) failIncomplete("something follows the end of the rows: \"" + shown(text) + "\"");
    if (exported_) failIncomplete("something follows the end of the bill: \"" + shown(text) + "\"");
    readFooterLine(trimmed(text.substr(1)));
  } while (nextLine(scanner_));
  if (!listEnded_ || !exported_) failIncomplete("its last lines are missing");
  if (totalRows_) checkTotalsRow();
  if (summary_.counts.empty()) failIncomplete("its totals are missing");
  reportDisagreements();
  done_ = true;
}

void BillReader::Impl::readFooterLine(std::string_view text) {
  constexpr std::size_t mostNotes = 32;
  if (text.starts_with('-')) {
    if (!text.ends_with('-')) failIncomplete("a line of its end is cut");
    listEnded_ = listEnded_ || text.find("列表结束") != std::string_view::npos;
    return;
  }
  if (text.starts_with("导出时间")) {
    if (!text.ends_with(']')) failIncomplete("its last line is cut");
    exported_ = true;
    return;
  }
  if (!totalRows_) {
    if (const auto end = text.find("合计"); end != std::string_view::npos) {
      const auto colon = text.find(wideColon);
      if (colon != std::string_view::npos && readFooterTotal(text.substr(0, end), text.substr(colon + wideColon.size()))) return;
    }
  }
  if (summary_.notes.size() < mostNotes) summary_.notes.push_back(shown(text));
}

/// `10374笔，商家实收共28790.16元，商家优惠共0.00元`. False when the label is none of those that are known.
bool BillReader::Impl::readFooterTotal(std::string_view label, std::string_view text) {
  const std::initializer_list<std::string_view> known = {trades_ ? "交易" : "收入", trades_ ? "退款" : "支出"};
  if (std::find(known.begin(), known.end(), label) == known.end()) return false;
  summary_.line = line_;
  while (!text.empty()) {
    const auto end = std::min(text.find(wideComma), text.size());
    const auto part = text.substr(0, end);
    if (!checkFooterPart(label, part)) failIncomplete("its totals cannot be read: \"" + shown(part) + "\"");
    text.remove_prefix(std::min(end + wideComma.size(), text.size()));
  }
  return true;
}

bool BillReader::Impl::checkFooterPart(std::string_view label, std::string_view part) {
  const bool second = label == "退款" || label == "支出";
  const std::size_t at = second ? 1 : 0;
  const auto name = std::string{label} + "合计";
  if (part.ends_with("笔")) {
    const auto stated = wholeNumber(part.substr(0, part.size() - std::string_view{"笔"}.size()));
    if (!stated) return false;
    const std::int64_t counted = totals_.count[at];
    addCount(name, *stated, counted, *stated >= counted && *stated - counted <= totals_.zeros);
    return true;
  }
  const auto number = between(part, "共", "元");
  const auto stated = number ? Fee::fromYuan(*number) : std::nullopt;
  if (!stated) return false;
  const auto what = part.substr(0, part.find("共"));
  const bool discount = what.find("优惠") != std::string_view::npos;
  const Sum counted = (discount ? totals_.discount[at] : totals_.amount[at]) * feesInFen;
  // Expenses are printed with and without their sign.
  const bool agrees = stated->count() == counted || (flows_ && second && stated->count() == -counted);
  addAmount(name + " " + shown(what), *stated, counted, agrees);
  return true;
}

template <class Member>
void BillReader::Impl::checkTotal(std::string_view name, Member member) {
  const auto& stated = stated_.*member;
  if (!stated) return;
  const Sum counted = totalRows_->sumOf(member);
  using Value = std::decay_t<decltype(*stated)>;
  if constexpr (std::is_same_v<Value, std::int64_t>) {
    addCount(std::string{name}, *stated, bounded(counted), *stated == counted);
  } else if constexpr (std::is_same_v<Value, Fen>) {
    const Sum exact = Sum{stated->count()} * feesInFen;
    addAmount(std::string{name}, Fee{bounded(exact)}, counted, exact == counted);
  } else {
    addAmount(std::string{name}, *stated, counted, stated->count() == counted);
  }
}

void BillReader::Impl::checkTotalsRow() {
  if (!totalsRow_) failIncomplete("its row 合计 is missing");
  checkTotal("交易订单总笔数", &TotalRow::paymentCount);
  checkTotal("退款订单总笔数", &TotalRow::refundCount);
  checkTotal("订单金额", &TotalRow::totalFee);
  checkTotal("商家实收", &TotalRow::receiptAmount);
  checkTotal("支付宝优惠", &TotalRow::discountAmount);
  checkTotal("商家优惠", &TotalRow::mdiscountAmount);
  checkTotal("卡消费金额", &TotalRow::cardAmount);
  checkTotal("服务费", &TotalRow::fee);
  checkTotal("分润", &TotalRow::royaltyAmount);
  checkTotal("实收净额", &TotalRow::netAmount);
  checkTotal("收入笔数", &TotalRow::incomeCount);
  checkTotal("收入金额", &TotalRow::income);
  checkTotal("支出笔数", &TotalRow::expenseCount);
  checkTotal("支出金额", &TotalRow::expense);
}

}  // namespace openapi::bill
