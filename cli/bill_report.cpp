#include <cli/bill_report.hpp>

#include <cli/printable.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace openapi::cli {
namespace {

using bill::DifferenceKind;

constexpr std::array<DifferenceKind, 7> kinds{
    DifferenceKind::onlyInBill,    DifferenceKind::onlyInLedger,    DifferenceKind::amount,           DifferenceKind::state,
    DifferenceKind::transactionId, DifferenceKind::duplicateInBill, DifferenceKind::duplicateInLedger};

constexpr std::string_view meaning(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::onlyInBill:
      return "in the bill, not in the ledger";
    case DifferenceKind::onlyInLedger:
      return "in the ledger, not in the bill";
    case DifferenceKind::amount:
      return "different amounts";
    case DifferenceKind::state:
      return "a success on one side only";
    case DifferenceKind::transactionId:
      return "different numbers of the platform";
    case DifferenceKind::duplicateInBill:
      return "more than once in the bill";
    case DifferenceKind::duplicateInLedger:
      break;
  }
  return "more than once in the ledger";
}

std::uint64_t countAll(const bill::Reconciliation& result) {
  return std::accumulate(result.differences.begin(), result.differences.end(), std::uint64_t{0});
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}
std::string left(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

// ---- text

constexpr std::size_t nameWidth = 20;
constexpr std::size_t countWidth = 12;
constexpr std::size_t amountWidth = 18;

std::string totalLine(const std::string& name, std::uint64_t billCount, Fen billAmount, std::uint64_t ledgerCount,
                      Fen ledgerAmount) {
  return "  " + left(name, nameWidth) + right(std::to_string(billCount), countWidth) + right(billAmount.yuan(), amountWidth) +
         right(std::to_string(ledgerCount), countWidth) + right(ledgerAmount.yuan(), amountWidth) + "\n";
}

std::string totalsText(const bill::Reconciliation& result) {
  const auto& bill = result.bill;
  const auto& books = result.ledger;
  const auto side = [](const std::string& name) { return right(name, countWidth) + right("yuan", amountWidth); };
  auto text = "  " + left("", nameWidth) + side("bill") + side("ledger") + "\n";
  text += totalLine("payments", bill.payments, bill.paid, books.payments, books.paid);
  text += totalLine("refunds", bill.refunds, bill.refunded, books.refunds, books.refunded);
  text += totalLine("revoked", bill.revoked, bill.revokedAmount, books.revoked, books.revokedAmount);
  text += "  " + left("rows", nameWidth) + right(std::to_string(bill.rows), countWidth) + right("", amountWidth) +
          right(std::to_string(books.rows), countWidth) + "\n";
  text += "  " + left("matched", nameWidth) + right(std::to_string(result.matched), countWidth) + "\n";
  if (result.unsettled > 0) {
    text += "  " + left("unsettled", nameWidth) + right(std::to_string(result.unsettled), countWidth) +
            "  (in the ledger, did not succeed, rightly not in the bill)\n";
  }
  if (result.outsidePeriod > 0) {
    text += "  " + left("of other days", nameWidth) + right(std::to_string(result.outsidePeriod), countWidth) +
            "  (in the ledger, not in this bill)\n";
  }
  return text;
}

std::string countsText(const bill::Reconciliation& result) {
  std::string text;
  for (const auto kind : kinds) {
    if (result.count(kind) == 0) continue;
    text += "  " + left(std::string{bill::toString(kind)}, nameWidth) + right(std::to_string(result.count(kind)), countWidth) +
            "  (" + std::string{meaning(kind)} + ")\n";
  }
  return text;
}

std::string sideText(const char* name, std::uint64_t line, const std::optional<Fen>& amount,
                     const std::optional<bill::EntryState>& state, const std::string& transactionId) {
  std::string text;
  if (amount) text += " " + amount->yuan();
  if (state) text += " " + std::string{bill::toString(*state)};
  if (!transactionId.empty()) text += " " + transactionId;
  if (line > 0) text += " (line " + std::to_string(line) + ")";
  return text.empty() ? text : std::string{"; "} + name + text;
}

std::string differenceText(const KeptDifference& difference) {
  auto text = "  " + std::string{bill::toString(difference.kind)} + ": " + std::string{bill::toString(difference.entry)} + " " +
              difference.outTradeNo;
  if (!difference.outRefundNo.empty()) text += " " + difference.outRefundNo;
  text += sideText("bill", difference.billLine, difference.billAmount, difference.billState, difference.billTransactionId);
  text +=
      sideText("ledger", difference.ledgerLine, difference.ledgerAmount, difference.ledgerState, difference.ledgerTransactionId);
  return printable(text) + "\n";
}

std::string headText(const ReconcileReport& report) {
  auto text = report.bill + " against " + report.ledger;
  if (!report.date.empty())
    text += ", " + report.date.substr(0, 4) + "-" + report.date.substr(4, 2) + "-" + report.date.substr(6);
  if (report.noBill) text += " (the platform made no bill: no trade)";
  return printable(text) + "\n";
}

// ---- JSON

Json whole(std::uint64_t number) { return static_cast<std::int64_t>(number); }

Json sideJson(const bill::SideTotals& side) {
  return Fields{{"rows", whole(side.rows)},
                {"payments", whole(side.payments)},
                {"paid", side.paid.count()},
                {"refunds", whole(side.refunds)},
                {"refunded", side.refunded.count()},
                {"revoked", whole(side.revoked)},
                {"revokedAmount", side.revokedAmount.count()}};
}

Json differenceJson(const KeptDifference& difference) {
  Fields fields{{"kind", bill::toString(difference.kind)},
                {"entry", bill::toString(difference.entry)},
                {"outTradeNo", difference.outTradeNo}};
  const auto addText = [&](const char* name, const std::string& text) {
    if (!text.empty()) fields.append(name, text);
  };
  addText("outRefundNo", difference.outRefundNo);
  if (difference.billAmount) fields.append("billAmount", difference.billAmount->count());
  if (difference.ledgerAmount) fields.append("ledgerAmount", difference.ledgerAmount->count());
  if (difference.billState) fields.append("billState", bill::toString(*difference.billState));
  if (difference.ledgerState) fields.append("ledgerState", bill::toString(*difference.ledgerState));
  addText("billTransactionId", difference.billTransactionId);
  addText("ledgerTransactionId", difference.ledgerTransactionId);
  if (difference.billLine > 0) fields.append("billLine", whole(difference.billLine));
  if (difference.ledgerLine > 0) fields.append("ledgerLine", whole(difference.ledgerLine));
  return fields;
}

}  // namespace

KeptDifference kept(const bill::Difference& difference) {
  KeptDifference copy;
  copy.kind = difference.kind;
  copy.entry = difference.entry;
  copy.outTradeNo = difference.outTradeNo;
  copy.outRefundNo = difference.outRefundNo;
  copy.billAmount = difference.billAmount;
  copy.ledgerAmount = difference.ledgerAmount;
  copy.billState = difference.billState;
  copy.ledgerState = difference.ledgerState;
  copy.billTransactionId = difference.billTransactionId;
  copy.ledgerTransactionId = difference.ledgerTransactionId;
  copy.billLine = difference.billLine;
  copy.ledgerLine = difference.ledgerLine;
  return copy;
}

std::string_view toString(Verdict verdict) {
  if (verdict == Verdict::notReady) return "notReady";
  return verdict == Verdict::agrees ? "agrees" : "differs";
}

std::string reportText(const ReconcileReport& report) {
  auto text = headText(report);
  if (report.verdict == Verdict::notReady) return text + "verdict: notReady: the bill was not ready when it was asked for\n";
  text += totalsText(report.result) + countsText(report.result);
  for (const auto& difference : report.differences) text += differenceText(difference);
  const auto count = countAll(report.result);
  if (count > report.differences.size()) {
    text += "  … and " + std::to_string(count - report.differences.size()) + " more: --limit shows more of them\n";
  }
  text += "verdict: " + std::string{toString(report.verdict)};
  if (count > 0) text += ": " + std::to_string(count) + (count == 1 ? " difference" : " differences");
  return text + "\n";
}

Json reportJson(const ReconcileReport& report) {
  Fields fields{{"bill", printable(report.bill)}, {"ledger", printable(report.ledger)}, {"verdict", toString(report.verdict)}};
  if (!report.date.empty()) fields.append("date", report.date);
  if (report.verdict == Verdict::notReady) return fields;
  if (report.noBill) fields.append("noBill", true);
  const auto& result = report.result;
  fields.append("totals", Fields{{"bill", sideJson(result.bill)}, {"ledger", sideJson(result.ledger)}});
  fields.append("matched", whole(result.matched));
  fields.append("unsettled", whole(result.unsettled));
  fields.append("outsidePeriod", whole(result.outsidePeriod));
  Fields counts;
  for (const auto kind : kinds) counts.append(std::string{bill::toString(kind)}, whole(result.count(kind)));
  fields.append("counts", std::move(counts));
  Json::Array list;
  for (const auto& difference : report.differences) list.push_back(differenceJson(difference));
  fields.append("omitted", whole(countAll(result) - list.size()));
  fields.append("differences", std::move(list));
  return fields;
}

}  // namespace openapi::cli
