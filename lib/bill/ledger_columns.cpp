#include "bill/ledger_columns.hpp"

#include <openapi/error.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

#include "bill/entry.hpp"
#include "bill/names.hpp"
#include "bill/row_parser.hpp"
#include "codec/ascii.hpp"
#include "codec/text.hpp"
#include "near_name.hpp"

namespace openapi::bill {
namespace {

std::string_view nameOf(LedgerColumn column) { return ledgerColumnNames[static_cast<std::size_t>(column)]; }
const std::optional<std::string_view>& cellOf(const LedgerCells& cells, LedgerColumn column) {
  return cells[static_cast<std::size_t>(column)];
}

std::string quoted(std::string_view text) { return ": \"" + shown(text) + "\""; }

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// `Z`, `+08`, `+0800` or `+08:00` as seconds; false when it is none of these.
bool parseZone(std::string_view text, std::chrono::seconds& offset) {
  offset = {};
  if (text == "Z" || text == "z") return true;
  if (text.size() == 6 && text[3] == ':') return parseZone(std::string{text.substr(0, 3)} + std::string{text.substr(4)}, offset);
  if (text.size() != 3 && text.size() != 5) return false;
  if (text[0] != '+' && text[0] != '-') return false;
  if (!codec::allDigits(text.substr(1))) return false;
  const auto two = [text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int hours = two(1);
  const int minutes = text.size() == 5 ? two(3) : 0;
  if (hours > 15 || minutes > 59) return false;
  const std::chrono::seconds size = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  offset = text[0] == '-' ? -size : size;
  return true;
}

/// Without what people put between words.
std::string joined(std::string_view name) {
  std::string result{trimmed(name)};
  std::erase_if(result, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return result;
}

/// What others call the state. Read as an unknown column, it would make a success of every failure.
bool meansState(std::string_view name) {
  constexpr std::string_view names[] = {"status",    "tradestate",    "tradestatus", "orderstate",   "orderstatus", "paystate",
                                        "paystatus", "paymentstatus", "refundstate", "refundstatus", "paymentstate"};
  return std::any_of(std::begin(names), std::end(names),
                     [&](std::string_view known) { return codec::equalIgnoringCase(joined(name), known); });
}

}  // namespace

std::string ledgerPlace(const std::string& file, std::uint64_t line) {
  return line == 0 ? file + ": " : file + ":" + std::to_string(line) + ": ";
}

bool parseLedgerTime(TimeParser& parser, std::string_view text, Time& time) {
  constexpr std::size_t plain = 19;
  constexpr std::size_t dateLength = 10;
  if (text.size() < plain || text.size() > 40) return false;
  std::string seconds{text.substr(0, plain)};
  if (seconds[dateLength] == 'T') seconds[dateLength] = ' ';
  if (!parser.parse(seconds, time)) return false;
  text.remove_prefix(plain);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto end = std::min(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), codec::isDigit) - text.begin()),
                              text.size());
    if (end == 0 || end > 9) return false;
    text.remove_prefix(end);  // no period begins within a second
  }
  if (text.empty()) return true;
  std::chrono::seconds offset{};
  if (!parseZone(text, offset)) return false;
  time += std::chrono::hours{8} - offset;
  return true;
}

LedgerRows::LedgerRows(std::string file, std::uint64_t line, std::span<const std::string> names) : file_{std::move(file)} {
  for (std::size_t at = 0; at < names.size(); ++at) {
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      if (!codec::equalIgnoringCase(trimmed(names[at]), ledgerColumnNames[column])) continue;
      if (positions_[column]) fail(line, static_cast<LedgerColumn>(column), "two columns have this name");
      positions_[column] = at;
    }
  }
  refuseOtherSpellings(line, names);
  const auto require = [&](LedgerColumn column, const std::string& problem) {
    std::vector<std::string_view> known{names.begin(), names.end()};
    const auto like = nearName(nameOf(column), known);
    fail(line, column, like.empty() ? problem : problem + "; there is " + shown(like));
  };
  if (!has(LedgerColumn::outTradeNo)) require(LedgerColumn::outTradeNo, "there is no such column");
  const bool fen = has(LedgerColumn::amountFen);
  if (!has(LedgerColumn::amount) && !fen) require(LedgerColumn::amount, "there is neither this column, in yuan, nor amountFen");
  if (has(LedgerColumn::amount) && fen) fail(line, LedgerColumn::amount, "there is amountFen too; leave one of them out");
}

/// A column that is not read for its spelling would be missed in silence, and with it what it says.
void LedgerRows::refuseOtherSpellings(std::uint64_t line, std::span<const std::string> names) const {
  for (const auto& name : names) {
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      const auto known = ledgerColumnNames[column];
      const bool isState = static_cast<LedgerColumn>(column) == LedgerColumn::state && meansState(name);
      if (positions_[column] || !(isState || codec::equalIgnoringCase(joined(name), known))) continue;
      fail(line, static_cast<LedgerColumn>(column), "there is no such column; there is " + shown(name));
    }
  }
}

void LedgerRows::fail(std::uint64_t line, LedgerColumn column, const std::string& problem) const {
  throw Error{Errc::invalidArgument, ledgerPlace(file_, line) + std::string{nameOf(column)} + ": " + problem};
}

std::string_view LedgerRows::number(LedgerColumn column, const LedgerCells& cells) const {
  const auto text = cellOf(cells, column).value_or(std::string_view{});
  if (text.empty()) return {};
  if (text.size() > longestNumber) fail(entry_.line, column, "longer than " + std::to_string(longestNumber) + " bytes");
  if (hasControl(text)) fail(entry_.line, column, "a control character in it" + quoted(text));
  if (text.front() == ' ' || text.back() == ' ') fail(entry_.line, column, "blanks around it" + quoted(text));
  if (!codec::isUtf8(text)) fail(entry_.line, column, "not valid UTF-8" + quoted(text));
  return text;
}

EntryKind LedgerRows::kind(const LedgerCells& cells) const {
  const auto text = cellOf(cells, LedgerColumn::kind).value_or(std::string_view{});
  if (text.empty()) return entry_.outRefundNo.empty() ? EntryKind::payment : EntryKind::refund;
  if (text == "refund") return EntryKind::refund;
  if (text != "payment" && text != "revoked") {
    fail(entry_.line, LedgerColumn::kind, "neither payment nor refund nor revoked" + quoted(text));
  }
  if (!entry_.outRefundNo.empty()) {
    fail(entry_.line, LedgerColumn::outRefundNo, "only a refund has one, and this is a " + std::string{text});
  }
  return text == "payment" ? EntryKind::payment : EntryKind::revoked;
}

EntryState LedgerRows::state(const LedgerCells& cells) const {
  if (!has(LedgerColumn::state)) return EntryState::success;
  const auto text = cellOf(cells, LedgerColumn::state).value_or(std::string_view{});
  if (text == "success") return EntryState::success;
  if (text == "pending") return EntryState::pending;
  if (text == "failed") return EntryState::failed;
  fail(entry_.line, LedgerColumn::state, "neither success nor pending nor failed" + quoted(text));
}

Fen LedgerRows::amount(const LedgerCells& cells) const {
  const bool inFen = has(LedgerColumn::amountFen);
  const auto column = inFen ? LedgerColumn::amountFen : LedgerColumn::amount;
  const auto text = cellOf(cells, column).value_or(std::string_view{});
  const auto amount = inFen ? Fen::fromText(text) : Fen::fromYuan(text);
  if (amount) return *amount;
  fail(entry_.line, column, (inFen ? "not a whole number of fen" : "not an amount in yuan as in 88.00") + quoted(text));
}

std::optional<Time> LedgerRows::time(const LedgerCells& cells) {
  const auto text = cellOf(cells, LedgerColumn::time).value_or(std::string_view{});
  if (text.empty()) return {};
  Time time;
  if (parseLedgerTime(timeParser_, text, time)) return time;
  fail(entry_.line, LedgerColumn::time, "no time as in 2026-11-20 10:00:00" + quoted(text));
}

const LedgerEntry& LedgerRows::read(std::uint64_t line, const LedgerCells& cells) {
  entry_.line = line;
  entry_.outTradeNo = number(LedgerColumn::outTradeNo, cells);
  if (entry_.outTradeNo.empty()) fail(line, LedgerColumn::outTradeNo, "required");
  entry_.outRefundNo = number(LedgerColumn::outRefundNo, cells);
  entry_.transactionId = number(LedgerColumn::transactionId, cells);
  entry_.kind = kind(cells);
  entry_.state = state(cells);
  entry_.amount = amount(cells);
  entry_.time = time(cells);
  return entry_;
}

}  // namespace openapi::bill
