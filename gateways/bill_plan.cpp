#include <gateways/bill_plan.hpp>

#include <gateways/digits.hpp>

#include <array>
#include <optional>
#include <utility>

namespace openapi::gateway {
namespace {

constexpr std::int64_t mostRows = 10'000'000;
constexpr std::int64_t mostBytes = std::int64_t{2} << 30U;
constexpr std::int64_t sampleTrades = 4000;
constexpr std::int64_t refundEach = 10;
constexpr std::int64_t rechargeEach = 40;
constexpr std::int64_t firstExtra = 9'000'000'000;
constexpr std::size_t blockBytes = std::size_t{64} * 1024;

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS bill_plans(
  provider TEXT NOT NULL, day TEXT NOT NULL, trades INTEGER NOT NULL, changes INTEGER NOT NULL, old_columns INTEGER NOT NULL,
  by_clock INTEGER NOT NULL, PRIMARY KEY(provider, day));
)";

constexpr std::array<std::string_view, 8> goods{"季卡",       "茶, 杯子",  "a`b \"c\"",         "Tea & cake 100%",
                                                "年卡（新）", "<b>书</b>", "电影票; 2 张/场次", "充电宝'租借"};

/// Numbers that look like chance (splitmix64).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

std::int64_t paidAmount(std::uint64_t random) { return 200 + static_cast<std::int64_t>(random % 99'800); }

/// The number of the trade that is the `index`th of its kind.
std::int64_t numberOf(MadeKind kind, std::int64_t index) {
  switch (kind) {
    case MadeKind::all:
      return index;
    case MadeKind::payments:
      return index + index / (refundEach - 1);
    case MadeKind::refunds:
      return index * refundEach + refundEach - 1;
    case MadeKind::rechargeRefunds:
      return index * rechargeEach + rechargeEach - 1;
  }
  return index;
}

Time dayFrom(const Json& input, Time now) {
  const auto text = optionalText(input, "date");
  if (text.empty()) return startOfDay(now) - std::chrono::days{1};
  const auto day = text.size() == 8 ? parseCompactDate(text) : parseReadableDate(text);
  if (!day) throw ControlError{400, "date must be a day like 20261120 or 2026-11-20", "date"};
  return *day;
}

std::optional<bool> flagFrom(const Json& input, std::string_view name) {
  const auto* value = input.find(name);
  if (value == nullptr || value->isNull()) return std::nullopt;
  if (value->boolean() == nullptr) throw ControlError{400, std::string{name} + " must be true or false", std::string{name}};
  return *value->boolean();
}

std::optional<bool> oldColumnsFrom(const Json& input) {
  const auto columns = optionalText(input, "columns");
  if (columns.empty()) return std::nullopt;
  if (columns != "old" && columns != "new") throw ControlError{400, "columns must be old or new", "columns"};
  return columns == "old";
}

/// `whole * part / of`, rounded up.
std::int64_t scaled(std::int64_t whole, std::int64_t part, std::int64_t of) { return (whole * part + of - 1) / of; }

/// The fewest trades that give so many rows.
std::int64_t tradesFor(const BillTypes& types, const std::string& type, std::int64_t rows) {
  std::int64_t least = 0;
  std::int64_t enough = rows * rechargeEach;
  while (least < enough) {
    const auto middle = (least + enough) / 2;
    if (*types.rowsOf(type, middle) < rows) {
      least = middle + 1;
    } else {
      enough = middle;
    }
  }
  return least;
}

std::int64_t sampleBytes(const BillTypes& types, const std::string& type, Time day, BillPlan plan) {
  plan.trades = sampleTrades;
  plan.changes = 0;
  const auto text = types.text(type, day, plan);
  std::int64_t size = 0;
  for (auto block = text->next(); !block.empty(); block = text->next()) size += static_cast<std::int64_t>(block.size());
  return size;
}

}  // namespace

BillPlans::BillPlans(Database& database, std::string provider) : database_{database}, provider_{std::move(provider)} {
  database_.script(schema);
}

BillPlan BillPlans::of(Time day) {
  const auto row = database_.first("SELECT * FROM bill_plans WHERE provider = ? AND day = ?", {provider_, compactDate(day)});
  if (!row) return {};
  return {row->integer("trades"), row->integer("changes"), row->integer("old_columns") != 0, row->integer("by_clock") != 0};
}

void BillPlans::keep(Time day, const BillPlan& plan) {
  database_.execute(
      "INSERT OR REPLACE INTO bill_plans(provider, day, trades, changes, old_columns, by_clock) VALUES(?,?,?,?,?,?)",
      {provider_, compactDate(day), plan.trades, plan.changes, std::int64_t{plan.oldColumns}, std::int64_t{plan.byClock}});
}

FieldNames billFields() { return {"date", "billType", "columns", "byClock", "changed", "rows", "bytes"}; }

Json planBill(const Json& input, BillPlans& plans, const BillTypes& types, Time now) {
  const auto day = dayFrom(input, now);
  const auto type = optionalText(input, "billType", types.fallback);
  if (!types.rowsOf(type, 0)) throw ControlError{400, "there is no such billType", "billType"};
  auto plan = plans.of(day);
  if (const auto old = oldColumnsFrom(input)) plan.oldColumns = *old;
  if (const auto byClock = flagFrom(input, "byClock")) plan.byClock = *byClock;
  if (const auto changed = flagFrom(input, "changed")) plan.changes = *changed ? plan.changes + 1 : 0;
  constexpr std::int64_t absent = -1;
  const auto rows = optionalInteger(input, "rows", absent, 0, mostRows);
  const auto bytes = optionalInteger(input, "bytes", absent, 0, mostBytes);
  if (rows != absent && bytes != absent) throw ControlError{400, "rows or bytes, not both", "bytes"};
  const auto sample = sampleBytes(types, type, day, plan);
  if (rows != absent) plan.trades = tradesFor(types, type, rows);
  if (bytes != absent) plan.trades = scaled(bytes, sampleTrades, sample);
  plans.keep(day, plan);
  return Fields{{"date", compactDate(day)},
                {"billType", type},
                {"rows", *types.rowsOf(type, plan.trades)},
                {"bytes", scaled(plan.trades, sample, sampleTrades)},
                {"changes", plan.changes},
                {"columns", plan.oldColumns ? "old" : "new"},
                {"byClock", plan.byClock}};
}

std::int64_t countOf(MadeKind kind, std::int64_t trades) {
  switch (kind) {
    case MadeKind::all:
      return trades;
    case MadeKind::payments:
      return trades - trades / refundEach;
    case MadeKind::refunds:
      return trades / refundEach;
    case MadeKind::rechargeRefunds:
      return trades / rechargeEach;
  }
  return 0;
}

MadeTrades::MadeTrades(Time day, const BillPlan& plan, MadeKind kind, bool first)
    : kind_{kind},
      seed_{mixed(static_cast<std::uint64_t>(toMillis(day)))},
      regular_{countOf(kind, plan.trades)},
      extra_{kind == MadeKind::all || kind == MadeKind::payments ? plan.changes : 0},
      addedToFirst_{first ? plan.changes : 0} {}

MadeTrade MadeTrades::at(std::int64_t index) const {
  MadeTrade trade;
  trade.number = index < regular_ ? numberOf(kind_, index) : firstExtra + (index - regular_) * refundEach;
  trade.refund = trade.number % refundEach == refundEach - 1;
  trade.recharge = trade.number % rechargeEach == rechargeEach - 1;
  trade.random = mixed(seed_ + static_cast<std::uint64_t>(trade.number));
  trade.second = static_cast<int>((trade.random >> 32U) % 86'400);
  trade.amount =
      trade.refund ? paidAmount(mixed(seed_ + static_cast<std::uint64_t>(trade.number - 1))) / 2 : paidAmount(trade.random);
  trade.fee = (trade.amount * 6 + 500) / 1000;
  if (trade.number == 0) trade.amount += addedToFirst_;
  return trade;
}

std::string_view madeGoods(const MadeTrade& trade) { return goods[trade.random / 1000 % goods.size()]; }

std::string clockText(int second) {
  std::string text;
  const auto number = static_cast<std::uint64_t>(second);
  appendDigits(text, number / 3600, 2);
  text += ':';
  appendDigits(text, number / 60 % 60, 2);
  text += ':';
  appendDigits(text, number % 60, 2);
  return text;
}

BillText::BillText(std::string start, MadeTrades made, Row row, std::function<std::string()> end)
    : start_{std::move(start)}, made_{made}, row_{std::move(row)}, end_{std::move(end)} {}

std::string BillText::next() {
  auto block = std::exchange(start_, {});
  block.reserve(block.size() + blockBytes + 1024);
  while (block.size() < blockBytes && at_ < made_.count()) row_(block, made_.at(at_++));
  if (at_ == made_.count() && end_) {
    block += end_();
    end_ = nullptr;
  }
  return block;
}

}  // namespace openapi::gateway
