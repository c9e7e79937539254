// Reconciling a bill with books: every kind of difference, in memory and through temporary files.
#include <openapi/bill/reconcile.hpp>

#include <sys/resource.h>

#include <csignal>
#include <map>
#include <random>

#include "bill/entry_hash.hpp"
#include "bill/entry_table.hpp"
#include "bill/spill.hpp"
#include "reconcile_support.hpp"

using namespace bill_test;

namespace {

constexpr std::size_t tinyMemory = 1;  // as little as there can be

Time timeOf(const char* text) {
  Time time;
  BOOST_REQUIRE(openapi::parseGmt8(text, time));
  return time;
}

std::string only(const Verdict& verdict) {
  BOOST_REQUIRE(verdict.differences.size() == 1U);
  return *verdict.differences.begin();
}

ReconcileOptions withMemory(std::size_t memory) {
  ReconcileOptions options;
  options.memory = memory;
  return options;
}

// ---- the reference: maps, without a bound

using Key = std::tuple<EntryKind, std::string, std::string>;
Key keyOf(const Booked& booked) { return {booked.kind, booked.outTradeNo, booked.outRefundNo}; }

class Reference {
 public:
  Reference(const std::vector<Booked>& bill, const std::vector<Booked>& ledger, const ReconcileOptions& options)
      : options_{options} {
    for (std::size_t i = 0; i < bill.size(); ++i) {
      add(verdict_.result.bill, bill[i]);
      if (!bill_.try_emplace(keyOf(bill[i]), bill[i], i + 2).second)
        report(DifferenceKind::duplicateInBill, Line{bill[i], i + 2}, {});
    }
    for (std::size_t i = 0; i < ledger.size(); ++i) {
      add(verdict_.result.ledger, ledger[i]);
      compare(Line{ledger[i], i + 1});
    }
    for (const auto& [key, side] : bill_) {
      if (!ledger_.contains(key)) report(DifferenceKind::onlyInBill, side, {});
    }
  }
  [[nodiscard]] const Verdict& verdict() const { return verdict_; }

 private:
  using Line = std::pair<Booked, std::uint64_t>;

  static void add(SideTotals& totals, const Booked& booked) {
    ++totals.rows;
    if (booked.state != EntryState::success) return;
    const Fen amount{booked.amount};
    if (booked.kind == EntryKind::payment) ++totals.payments, totals.paid += amount;
    if (booked.kind == EntryKind::refund) ++totals.refunds, totals.refunded += amount;
    if (booked.kind == EntryKind::revoked) ++totals.revoked, totals.revokedAmount += amount;
  }

  void compare(const Line& line) {
    const auto& booked = line.first;
    if (!ledger_.insert(keyOf(booked)).second) return report(DifferenceKind::duplicateInLedger, {}, line);
    const auto found = bill_.find(keyOf(booked));
    if (found == bill_.end()) return addMissing(line);
    const auto& other = found->second.first;
    bool same = true;
    const auto check = [&](bool equal, DifferenceKind kind) {
      if (!equal) report(kind, found->second, line);
      same = same && equal;
    };
    check(other.amount == booked.amount, DifferenceKind::amount);
    check(other.state == booked.state, DifferenceKind::state);
    check(other.transactionId.empty() || booked.transactionId.empty() || other.transactionId == booked.transactionId,
          DifferenceKind::transactionId);
    if (same) ++verdict_.result.matched;
  }

  void addMissing(const Line& line) {
    const auto& time = line.first.time;
    if (time && (*time < options_.from.value_or(*time) || *time >= options_.to.value_or(Time::max()))) {
      ++verdict_.result.outsidePeriod;
    } else if (line.first.state != EntryState::success) {
      ++verdict_.result.unsettled;
    } else {
      report(DifferenceKind::onlyInLedger, {}, line);
    }
  }

  void report(DifferenceKind kind, const std::optional<Line>& bill, const std::optional<Line>& ledger) {
    ++verdict_.result.differences[static_cast<std::size_t>(kind)];
    const Booked& key = bill ? bill->first : ledger->first;
    Difference difference{.kind = kind, .entry = key.kind, .outTradeNo = key.outTradeNo, .outRefundNo = key.outRefundNo};
    if (bill) {
      difference.billAmount = Fen{bill->first.amount};
      difference.billState = bill->first.state;
      difference.billTransactionId = bill->first.transactionId;
      difference.billLine = bill->second;
    }
    if (ledger) {
      difference.ledgerAmount = Fen{ledger->first.amount};
      difference.ledgerState = ledger->first.state;
      difference.ledgerTransactionId = ledger->first.transactionId;
      difference.ledgerLine = ledger->second;
    }
    verdict_.differences.insert(textOf(difference));
  }

  const ReconcileOptions& options_;
  std::map<Key, Line> bill_{};
  std::set<Key> ledger_{};
  Verdict verdict_{};
};

// ---- random sides with planted differences

using Random = std::mt19937;

Booked anyEntry(Random& random, std::size_t number) {
  Booked booked;
  booked.outTradeNo = "N" + std::to_string(number);
  booked.amount = static_cast<std::int64_t>(random() % 1000000);
  booked.transactionId = "42000" + std::to_string(number);
  const auto kind = random() % 10;
  if (kind == 0) booked.kind = EntryKind::revoked;
  if (kind < 7) return booked;
  booked.kind = EntryKind::refund;
  booked.outRefundNo = "R" + std::to_string(random() % 3);
  booked.state = static_cast<EntryState>(random() % 3);
  return booked;
}

void spoil(Random& random, Booked& booked) {
  const auto way = random() % 60;
  if (way == 0) booked.amount += 1;
  if (way == 1) booked.state = static_cast<EntryState>(random() % 3);
  if (way == 2) booked.transactionId += "x";
  if (way == 3) booked.transactionId.clear();
  if (way == 4) booked.amount += 1, booked.state = EntryState::failed, booked.transactionId = "other";
}

struct Sides {
  std::vector<Booked> bill{};
  std::vector<Booked> ledger{};
};

Sides anySides(Random& random, std::size_t size) {
  Sides sides;
  const auto often = 2 + random() % 40;
  for (std::size_t i = 0; i < size; ++i) {
    const auto booked = anyEntry(random, i);
    if (random() % often != 0) sides.bill.push_back(booked);
    if (random() % 200 == 0) sides.bill.push_back(booked);
    Booked other = booked;
    spoil(random, other);
    if (random() % 5 == 0) other.time = Time{std::chrono::seconds{random() % 100}};
    if (random() % often != 0) sides.ledger.push_back(other);
    if (random() % 200 == 0) sides.ledger.push_back(other);
  }
  std::shuffle(sides.bill.begin(), sides.bill.end(), random);
  std::shuffle(sides.ledger.begin(), sides.ledger.end(), random);
  return sides;
}

void checkSame(const Verdict& got, const Verdict& expected) {
  BOOST_TEST(got.numbers() == expected.numbers());
  BOOST_CHECK(got.differences == expected.differences);
}

void checkSides(const Sides& sides, ReconcileOptions options) {
  const Reference reference{sides.bill, sides.ledger, options};
  for (const std::size_t memory : {std::size_t{64} << 20U, std::size_t{300'000}, tinyMemory}) {
    BOOST_TEST_CONTEXT(memory << " bytes") {
      options.memory = memory;
      checkSame(reconciled(sides.bill, sides.ledger, options), reference.verdict());
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reconciling)

BOOST_AUTO_TEST_CASE(whatIsTheSameAgrees) {
  const std::vector<Booked> both = {payment("1", 8800), refund("1", "R1", 8800), refund("1", "R2", 1)};
  const auto verdict = reconciled(both, {both[2], both[0], both[1]});
  BOOST_TEST(verdict.result.agrees());
  BOOST_TEST(verdict.result.matched == 3U);
  BOOST_TEST(verdict.numbers() == "3 1 2 0 88.00 88.01 0.00 | 3 1 2 0 88.00 88.01 0.00 | 3 0 0 0 0 0 0 0 0 0 ");
}

BOOST_AUTO_TEST_CASE(nothingAgreesWithNothing) {
  const auto verdict = reconciled(std::vector<Booked>{}, {});
  BOOST_TEST(verdict.result.agrees());
  BOOST_TEST(reconciled({payment("1", 1)}, {}).result.count(DifferenceKind::onlyInBill) == 1U);
  BOOST_TEST(reconciled({}, {payment("1", 1)}).result.count(DifferenceKind::onlyInLedger) == 1U);
}

BOOST_AUTO_TEST_CASE(everyKindOfDifferenceSaysWhereItIs) {
  auto with = [](Booked booked, const char* id) {
    booked.transactionId = id;
    return booked;
  };
  const auto one = payment("1", 8800);
  BOOST_TEST(only(reconciled({one}, {})) == "onlyInBill payment 1| bill 88.00/success/@2 ledger -/-/@0");
  BOOST_TEST(only(reconciled({}, {one})) == "onlyInLedger payment 1| bill -/-/@0 ledger 88.00/success/@1");
  BOOST_TEST(only(reconciled({one}, {payment("1", 8801)})) == "amount payment 1| bill 88.00/success/@2 ledger 88.01/success/@1");
  BOOST_TEST(only(reconciled({one}, {payment("1", 8800, EntryState::pending)})) ==
             "state payment 1| bill 88.00/success/@2 ledger 88.00/pending/@1");
  BOOST_TEST(only(reconciled({with(one, "a")}, {with(one, "b")})) ==
             "transactionId payment 1| bill 88.00/success/a@2 ledger 88.00/success/b@1");
  BOOST_TEST(only(reconciled({one, one}, {one})) == "duplicateInBill payment 1| bill 88.00/success/@3 ledger -/-/@0");
  BOOST_TEST(only(reconciled({one}, {one, one})) == "duplicateInLedger payment 1| bill -/-/@0 ledger 88.00/success/@2");
  BOOST_TEST(reconciled({with(one, "a")}, {one}).result.agrees());
}

BOOST_AUTO_TEST_CASE(severalDifferencesOfOnePairAreAllReported) {
  auto other = payment("1", 1, EntryState::failed);
  other.transactionId = "b";
  auto one = payment("1", 2);
  one.transactionId = "a";
  const auto verdict = reconciled({one}, {other});
  BOOST_TEST(verdict.differences.size() == 3U);
  BOOST_TEST(verdict.result.matched == 0U);
}

BOOST_AUTO_TEST_CASE(repetitionsThatTheBillHasNotAreSeen) {
  const auto one = payment("1", 1);
  auto verdict = reconciled({}, {one, one, one});
  BOOST_TEST(verdict.result.count(DifferenceKind::onlyInLedger) == 1U);
  BOOST_TEST(verdict.result.count(DifferenceKind::duplicateInLedger) == 2U);
  const auto open = payment("1", 1, EntryState::pending);
  verdict = reconciled({}, {open, one});
  BOOST_TEST(verdict.result.unsettled == 1U);
  BOOST_TEST(verdict.result.count(DifferenceKind::duplicateInLedger) == 1U);
}

BOOST_AUTO_TEST_CASE(statesOfRefunds) {
  using enum EntryState;
  for (const auto bill : {success, pending, failed}) {
    for (const auto ledger : {success, pending, failed}) {
      const auto verdict = reconciled({refund("1", "R", 5, bill)}, {refund("1", "R", 5, ledger)});
      BOOST_TEST_CONTEXT(toString(bill) << " " << toString(ledger)) {
        BOOST_TEST(verdict.result.agrees() == (bill == ledger));
        BOOST_TEST(verdict.result.count(DifferenceKind::state) == (bill == ledger ? 0U : 1U));
      }
    }
    BOOST_TEST(reconciled({refund("1", "R", 5, bill)}, {}).result.count(DifferenceKind::onlyInBill) == 1U);
  }
  for (const auto ledger : {pending, failed}) {
    const auto verdict = reconciled({}, {refund("1", "R", 5, ledger), payment("2", 7, ledger)});
    BOOST_TEST(verdict.result.agrees());
    BOOST_TEST(verdict.result.unsettled == 2U);
    BOOST_TEST((verdict.result.ledger.paid == Fen{}));
  }
}

BOOST_AUTO_TEST_CASE(onlyTheDayOfTheBillMustBeInIt) {
  ReconcileOptions options;
  options.from = timeOf("2026-11-21 00:00:00");
  options.to = timeOf("2026-11-22 00:00:00");
  auto at = [](const char* number, const char* time) {
    auto booked = payment(number, 1);
    booked.time = timeOf(time);
    return booked;
  };
  const auto verdict =
      reconciled({payment("kept", 1)},
                 {at("before", "2026-11-20 23:59:59"), at("first", "2026-11-21 00:00:00"), at("last", "2026-11-21 23:59:59"),
                  at("after", "2026-11-22 00:00:00"), at("kept", "2026-11-19 00:00:00"), payment("timeless", 1)},
                 options);
  BOOST_TEST(verdict.result.outsidePeriod == 2U);
  BOOST_TEST(verdict.result.matched == 1U);
  BOOST_TEST(verdict.result.count(DifferenceKind::onlyInLedger) == 3U);
}

BOOST_AUTO_TEST_CASE(paymentsOfOtherDaysInTheBillAreCounted) {
  ReconcileOptions options;
  BOOST_TEST(reconciled({payment("1", 1), payment("2", 1)}, {}, options).result.foreignPayments == 0U);
  options.from = timeOf("2027-01-01 00:00:00");
  BOOST_TEST(reconciled({payment("1", 1), payment("2", 1)}, {}, options).result.foreignPayments == 2U);
}

BOOST_AUTO_TEST_CASE(keysAreComparedWhole) {
  const auto verdict = reconciled({refund("a", "bc", 1), payment("abc", 1)}, {refund("ab", "c", 1), refund("abc", "", 1)});
  BOOST_TEST(verdict.result.matched == 0U);
  BOOST_TEST(verdict.result.count(DifferenceKind::onlyInBill) == 2U);
  BOOST_TEST(verdict.result.count(DifferenceKind::onlyInLedger) == 2U);
}

BOOST_AUTO_TEST_CASE(entriesOfOneHashAreToldApart) {
  EntryTable table{1UL << 20U};
  table.startLinking(0);
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("N" + std::to_string(i));
  const auto entryOf = [](const std::string& name) {
    Entry entry;
    entry.hash = 42;
    entry.outTradeNo = name;
    entry.outRefundNo = "R";
    return entry;
  };
  for (const auto& name : names) table.link(table.store(entryOf(name)));
  for (const auto& name : names) BOOST_TEST(readRecord(table.record(table.find(entryOf(name)))).outTradeNo == name);
  BOOST_TEST(table.find(entryOf("N1R")) == 0U);
  auto refundOf = entryOf("N1");
  refundOf.kind = EntryKind::refund;
  BOOST_TEST(table.find(refundOf) == 0U);
}

BOOST_AUTO_TEST_CASE(hashesAreOfThisRunOnly) {
  Entry entry;
  entry.outTradeNo = "20261121000001";
  const EntryHash one;
  const EntryHash other;
  BOOST_TEST(one(entry) == one(entry));
  BOOST_TEST(one(entry) != other(entry));
  auto shifted = [&one](std::string_view trade, std::string_view refund) {
    Entry shiftedEntry;
    shiftedEntry.outTradeNo = trade;
    shiftedEntry.outRefundNo = refund;
    return one(shiftedEntry);
  };
  BOOST_TEST(shifted("a", "bc") != shifted("ab", "c"));
  BOOST_TEST(shifted("a", "") != shifted("", "a"));
  BOOST_TEST(shifted(std::string_view{"a\0", 2}, "") != shifted("a", ""));
}

BOOST_AUTO_TEST_CASE(aTableKeepsToItsMemory) {
  constexpr std::size_t memory = 1UL << 20U;
  EntryTable table{memory};
  table.startLinking(0);
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (;; ++count) {
    Entry entry;
    const std::string number = std::to_string(count);
    entry.hash = count * 0x9E3779B97F4A7C15U;
    entry.outTradeNo = number;
    const auto place = table.store(entry);
    if (place == 0) break;
    table.link(place);
    bytes += recordSize(entry) + 12;
  }
  BOOST_TEST(bytes <= memory);
  BOOST_TEST(bytes >= memory * 8 / 10);
  table.clear();
  BOOST_TEST(table.empty());
}

BOOST_AUTO_TEST_CASE(aRecordHoldsWhatWasWritten) {
  Entry entry;
  const std::string longest(longestNumber, 'n');
  entry.hash = 0xFEDCBA9876543210U;
  entry.line = std::uint64_t{1} << 60U;
  entry.amount = Fen{std::numeric_limits<std::int64_t>::min()};
  entry.kind = EntryKind::revoked;
  entry.state = EntryState::failed;
  entry.ledgerOnly = entry.ledgerHasIt = entry.outsidePeriod = entry.dropped = true;
  entry.outTradeNo = entry.outRefundNo = entry.transactionId = longest;
  std::vector<char> record(recordSize(entry));
  BOOST_TEST(record.size() <= longestRecord);
  writeRecord(entry, record.data());
  const auto read = readRecord(record.data());
  BOOST_TEST(read.sameKey(entry));
  BOOST_TEST((read.line == entry.line && read.amount == entry.amount && read.state == entry.state));
  BOOST_TEST((read.ledgerOnly && read.ledgerHasIt && read.outsidePeriod && read.dropped));
  BOOST_TEST(read.transactionId == longest);
}

BOOST_AUTO_TEST_CASE(randomSidesGiveWhatMapsGive) {
  Random random{4};
  for (int round = 0; round < 60; ++round) {
    ReconcileOptions options;
    if (round % 2 == 0) options.from = Time{std::chrono::seconds{20}};
    if (round % 3 == 0) options.to = Time{std::chrono::seconds{70}};
    BOOST_TEST_CONTEXT("round " << round) { checkSides(anySides(random, random() % 300), options); }
  }
}

BOOST_AUTO_TEST_CASE(largeSidesGiveWhatMapsGive) {
  Random random{5};
  ReconcileOptions options;
  options.to = Time{std::chrono::seconds{50}};
  checkSides(anySides(random, 20'000), options);
  // A small bill and large books: the table fills up with what the bill has not.
  auto sides = anySides(random, 20'000);
  sides.bill.resize(300);
  checkSides(sides, options);
  sides = anySides(random, 20'000);
  sides.ledger.resize(300);
  checkSides(sides, options);
}

BOOST_AUTO_TEST_CASE(oneEntryManyTimesFitsWhateverTheMemory) {
  Sides sides;
  sides.bill.assign(20'000, payment("same", 1));
  sides.ledger.assign(20'000, payment("same", 1));
  checkSides(sides, {});
  sides.bill = {payment("other", 1)};
  checkSides(sides, {});
}

BOOST_AUTO_TEST_CASE(aRowWithoutAnOrderNumberIsOnlyInTheBill) {
  const std::vector<Booked> bill(3000, payment("", 1));
  for (const std::size_t memory : {std::size_t{64} << 20U, tinyMemory}) {
    const auto verdict = reconciled(bill, {payment("1", 1, EntryState::pending)}, withMemory(memory));
    BOOST_TEST(verdict.result.count(DifferenceKind::onlyInBill) == 3000U);
    BOOST_TEST(verdict.differences.size() == 3000U);
  }
}

BOOST_AUTO_TEST_CASE(whatFitsNeedsNoFile) {
  const std::vector<Booked> few(10, payment("1", 1));
  ReconcileOptions options;
  options.temporaryFolder = "/nonexistent/folder";
  reconciled(few, few, options);
  Random random{6};
  const auto sides = anySides(random, 5'000);
  options.memory = tinyMemory;
  const auto message = failure(Errc::config, [&] { reconciled(sides.bill, sides.ledger, options); });
  BOOST_TEST(contains(message, "/nonexistent/folder: No such file or directory"));
}

BOOST_AUTO_TEST_CASE(filesAreNamelessAndGone) {
  const TemporaryFolder folder;
  Random random{7};
  const auto sides = anySides(random, 5'000);
  auto options = withMemory(tinyMemory);
  options.temporaryFolder = folder.path();
  bool looked = false;
  options.onProgress = [&](std::uint64_t, std::uint64_t) {
    BOOST_TEST(std::filesystem::is_empty(folder.path()));
    looked = true;
  };
  reconciled(sides.bill, sides.ledger, options);
  BOOST_TEST(looked);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(aFullDiskIsAnError) {
  Random random{8};
  const auto sides = anySides(random, 5'000);
  rlimit before{};
  BOOST_REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  BOOST_REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto message = failure(Errc::config, [&] { reconciled(sides.bill, sides.ledger, withMemory(tinyMemory)); });
  BOOST_REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  BOOST_TEST(contains(message, "cannot write a temporary file in "));
  BOOST_TEST(contains(message, "File too large"));
}

BOOST_AUTO_TEST_CASE(aPartThatIsReadGivesTheEntriesInOrder) {
  SpillFile file{{}};
  SpillWriter writer{file, 0, 4, 2 * longestRecord};
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Entry entry;
    entry.hash = i;
    entry.line = i;
    writer.add(entry);
  }
  const auto parts = writer.finish();
  BOOST_REQUIRE(parts.size() == 4U);
  for (std::uint64_t part = 0; part < 4; ++part) {
    BOOST_TEST(parts[part].entries == 250U);
    SpillReader reader{file, parts[part]};
    for (std::uint64_t line = part; line < 1000; line += 4) {
      const auto* entry = reader.next();
      BOOST_REQUIRE(entry != nullptr);
      BOOST_TEST(entry->line == line);
    }
    BOOST_TEST(reader.next() == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(progressIsToldToTheEnd) {
  const std::vector<Booked> many(70'000, payment("1", 1));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  ReconcileOptions options;
  options.onProgress = [&told](std::uint64_t bill, std::uint64_t ledger) { told.emplace_back(bill, ledger); };
  Books books{many};
  auto reader = readerOf(weixinBill(many));
  static_cast<void>(reconcile(reader, books, options));
  BOOST_REQUIRE(told.size() == 3U);
  BOOST_TEST(told.front().second == 0U);
  BOOST_TEST((told.back() == std::pair<std::uint64_t, std::uint64_t>{70'000, 70'000}));
}

BOOST_AUTO_TEST_CASE(aBillThatDoesNotAddUpDecidesNothing) {
  const auto good = weixinBill({payment("1", 8800), payment("2", 8800)});
  const auto bad = replaced(good, ",`88.00,`0.00,`\r\n", ",`88.01,`0.00,`\r\n");
  const std::vector<std::string> bills = {bad, good.substr(0, good.size() - 60), good + "x"};
  for (const auto& text : bills) {
    ReconcileOptions options;
    options.onDifference = [](const Difference&) { BOOST_ERROR("a difference was reported"); };
    Books books{{payment("3", 1)}};
    failure(Errc::badResponse, [&] {
      auto reader = readerOf(text);
      static_cast<void>(reconcile(reader, books, options));
    });
  }
  // The caller looks past problems of rows; the verdict does not.
  BillOptions lenient;
  lenient.onProblem = [](const Problem&) {};
  auto reader = readerOf(bad, lenient);
  Books books{{}};
  const auto message = failure(Errc::badResponse, [&] { static_cast<void>(reconcile(reader, books)); });
  BOOST_TEST(contains(message, "does not add up"));
}

BOOST_AUTO_TEST_CASE(aStateThatNobodyKnowsIsNotGuessed) {
  const auto text = replaced(weixinBill({refund("1", "R", 5)}), ",`SUCCESS,`季卡", ",`MAYBE,`季卡");
  Books books{{}};
  const auto message = failure(Errc::badResponse, [&] { reconciled(text, books); });
  BOOST_TEST(message == "the bill's line 2: 退款状态: neither SUCCESS nor PROCESSING nor FAIL: \"MAYBE\"");
}

BOOST_AUTO_TEST_CASE(aBillOfAnotherKindIsRefused) {
  auto reader = readerOf(readFile("bill/samples/requirement.fundflow.csv"));
  Books books{{}};
  BOOST_TEST(contains(failure(Errc::invalidArgument, [&] { static_cast<void>(reconcile(reader, books)); }), "nextFlow"));
}

BOOST_AUTO_TEST_CASE(sumsThatAreTooLargeAreErrors) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto message = failure(Errc::invalidArgument, [&] { reconciled({}, {payment("1", most), payment("2", 1)}); });
  BOOST_TEST(message == "the ledger's entry 2: the amounts up to here have a sum that is too large");
}

BOOST_AUTO_TEST_CASE(entriesThatCannotBeAreRefused) {
  const std::string longNumber(longestNumber + 1, '1');
  const auto refusedEntry = [](const Booked& booked) {
    return failure(Errc::invalidArgument, [&] { reconciled({}, {booked}); });
  };
  BOOST_TEST(contains(refusedEntry(payment("1", -1)), "amount: negative"));
  BOOST_TEST(contains(refusedEntry(payment("", 1)), "outTradeNo: required"));
  BOOST_TEST(contains(refusedEntry(payment(longNumber, 1)), "more than 256 bytes"));
  const auto message = failure(Errc::badResponse, [&] { reconciled({payment(longNumber, 1)}, {}); });
  BOOST_TEST(contains(message, "the bill's line 2: a number of more than 256 bytes"));
}

BOOST_AUTO_TEST_CASE(whatTheCallerThrowsComesThrough) {
  ReconcileOptions options;
  options.onDifference = [](const Difference&) { throw std::domain_error{"mine"}; };
  auto reader = readerOf(weixinBill({payment("1", 1)}));
  Books books{{}};
  BOOST_CHECK_THROW(static_cast<void>(reconcile(reader, books, options)), std::domain_error);
}

BOOST_AUTO_TEST_CASE(theOfficialSampleAgreesWithItself) {
  const auto text = readFile("fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  std::vector<Booked> books;
  auto reader = readerOf(text);
  while (const auto* row = reader.nextTrade()) {
    const bool back = row->kind == TradeKind::refund;
    const auto kind = back ? EntryKind::refund : row->kind == TradeKind::revoked ? EntryKind::revoked : EntryKind::payment;
    books.push_back({kind, std::string{row->outTradeNo}, back ? std::string{row->outRefundNo} : "",
                     (back ? *row->refundAppliedFee : *row->totalFee).count(), EntryState::success,
                     std::string{row->transactionId}, row->time});
  }
  Books ledger{books};
  const auto verdict = reconciled(text, ledger);
  BOOST_TEST(verdict.result.matched == verdict.result.bill.rows);
}

BOOST_AUTO_TEST_CASE(alipaysRefundsAreComparedByWhatWentBack) {
  // Their rows repeat the order's number, and have a refund request number of their own.
  const std::string bill =
      "#支付宝业务明细查询\r\n#账号：[20880211096256330156]\r\n#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 "
      "00:00:00]\r\n"
      "#----业务明细列表----\r\n"
      "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
      "商家实收（元）,"
      "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
      "卡消费金额（元）,"
      "退款批次号/请求号,服务费（元）,分润（元）,备注\r\n"
      "1\t,2\t,交易\t,a,2026-11-21 10:55:16,2026-11-21 "
      "10:55:23,\t,\t,\t,\t,b,88.00,80.00,1.00,0.00,2.00,5.00,0.00,,0.00,0.00,\t,-0.48,0.00,c\r\n"
      "1\t,2\t,退款\t,a,2026-11-21 10:55:16,2026-11-21 "
      "12:00:00,\t,\t,\t,\t,b,-8.80,-8.00,0.00,0.00,0.00,-0.80,0.00,,0.00,0.00,R1,0.05,0.00,\r\n"
      "#----业务明细列表结束----\r\n#交易合计：1笔，商家实收共80.00元，商家优惠共5.00元\r\n"
      "#退款合计：1笔，商家实收退款共-8.00元，商家优惠退款共-0.80元\r\n#导出时间：[2026年11月22日 06:27:10]\r\n";
  Books books{{payment("2", 8800), refund("2", "R1", 880)}};
  const auto verdict = reconciled(bill, books);
  BOOST_TEST(verdict.result.agrees());
  BOOST_TEST(verdict.result.matched == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
