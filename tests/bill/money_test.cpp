#include <openapi/bill/money.hpp>

#include <limits>
#include <random>
#include <stdexcept>

#include "bill/bill_time.hpp"
#include "bill/decimal.hpp"
#include "bill/scan.hpp"
#include "stamp.hpp"
#include "support.hpp"

using namespace bill_test;

namespace {

/// The text with what a fast parser may read around it.
template <unsigned places>
std::optional<std::int64_t> fast(std::string_view text) {
  const std::string padded = std::string(decimalPadding, '9') + std::string{text} + "9";
  std::int64_t value = 0;
  if (!fastDecimal<places>(std::string_view{padded}.substr(decimalPadding, text.size()), value)) return {};
  return value;
}

std::optional<std::int64_t> plain(std::string_view text, unsigned places) {
  std::int64_t value = 0;
  if (!parseDecimal(text, places, value)) return {};
  return value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(fees) {
  BOOST_TEST(Fee::fromYuan("21.078").value().count() == 2107800);
  BOOST_TEST(Fee::fromYuan("-0.02000").value().count() == -2000);
  BOOST_TEST(Fee::fromYuan("0").value().count() == 0);
  BOOST_TEST(Fee{2107800}.yuan() == "21.078");
  BOOST_TEST(Fee{-2000}.yuan() == "-0.02");
  BOOST_TEST(Fee{1}.yuan() == "0.00001");
  BOOST_TEST(Fee{}.yuan() == "0.00");
  BOOST_TEST(Fee{std::numeric_limits<std::int64_t>::min()}.yuan() == "-92233720368547.75808");
  BOOST_TEST(Fee{8000}.fen().value().count() == 8);
  BOOST_TEST(!Fee{8001}.fen());
  BOOST_TEST(Fee::fromFen(Fen{8800}).count() == 8800000);
  BOOST_TEST((Fee{3} + Fee{4} - Fee{2}).count() == 5);
  BOOST_CHECK_THROW((void)Fee::fromFen(Fen{std::numeric_limits<std::int64_t>::max()}), std::overflow_error);
  BOOST_CHECK_THROW(Fee{std::numeric_limits<std::int64_t>::max()} + Fee{1}, std::overflow_error);
  BOOST_CHECK_THROW(Fee{std::numeric_limits<std::int64_t>::min()} - Fee{1}, std::overflow_error);
  for (const char* text : {"", "-", ".", "1.", ".1", "1.234567", "1e3", "+1", " 1", "1 ", "--1", "92233720368547.75808", "1,0"}) {
    BOOST_TEST(!Fee::fromYuan(text), text);
  }
}

BOOST_AUTO_TEST_CASE(rates) {
  BOOST_TEST(Rate::fromPercent("0.60%").value().count() == 6000);
  BOOST_TEST(Rate::fromPercent("39.00%").value().percent() == "39.00%");
  BOOST_TEST(Rate::fromPercent("0.6%").value().percent() == "0.60%");
  BOOST_TEST(Rate::fromPercent("0.385%").value().percent() == "0.385%");
  BOOST_TEST(Rate::fromPercent("1%").value().percent() == "1.00%");
  for (const char* text : {"", "%", "0.6", "0.6%%", "0.12345%", "% 1", "1 %"}) BOOST_TEST(!Rate::fromPercent(text), text);
}

BOOST_AUTO_TEST_CASE(roundTrips) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 20000; ++i) {
    const auto count = static_cast<std::int64_t>(random()) >> (random() % 64);
    BOOST_REQUIRE(Fee::fromYuan(Fee{count}.yuan()).value() == Fee{count});
    BOOST_REQUIRE(Rate::fromPercent(Rate{count}.percent()).value() == Rate{count});
    BOOST_REQUIRE(fast<2>(Fen{count}.yuan()).value() == count);
    BOOST_REQUIRE(fast<5>(Fee{count}.yuan()).value() == count);
  }
}

BOOST_AUTO_TEST_CASE(fastDecimalsAreThePlainOnes) {
  std::mt19937 random{12};
  constexpr std::string_view alphabet = "0123456789012345678900..-/:";
  for (int i = 0; i < 300000; ++i) {
    std::string text(random() % 12, '0');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    if (i % 2 == 0 && text.size() > 6) text[text.size() - (i % 4 == 0 ? 3 : 6)] = '.';
    BOOST_REQUIRE(fast<2>(text) == plain(text, 2));
    BOOST_REQUIRE(fast<5>(text) == plain(text, 5));
  }
}

BOOST_AUTO_TEST_CASE(timesAreThoseOfTheWholeLibrary) {
  TimeParser parser;
  std::mt19937 random{13};
  for (int i = 0; i < 100000; ++i) {
    std::string text = "2026-11-21 08:01:02";
    for (int changes = static_cast<int>(random() % 4); changes >= 0; --changes) {
      text[random() % text.size()] = "0123456789:- x"[random() % 14];
    }
    Time expected{};
    Time found{};
    const bool valid = openapi::parseGmt8(text, expected);
    BOOST_REQUIRE_MESSAGE(parser.parse(text, found) == valid, text);
    if (valid) BOOST_REQUIRE_MESSAGE(found == expected, text);
  }
  Time time{};
  BOOST_TEST(parser.parse("2014-11-10 16：33：45", time));
  BOOST_TEST(openapi::formatGmt8(time, "%Y-%m-%d %H:%M:%S") == "2014-11-10 16:33:45");
  BOOST_TEST(parser.parse("2014-11-10 16：33:45", time));
  BOOST_TEST(parser.parse("1970-01-01 00:00:00", time));
  BOOST_TEST(time.time_since_epoch() == std::chrono::hours{-8});
  BOOST_TEST(!parser.parse("2014-11-10：16：33：45", time));
}

BOOST_AUTO_TEST_CASE(everyProcessorFindsTheSameCells) {
  std::mt19937 random{14};
  constexpr std::string_view alphabet = ",,,,````abc\xE4\xBD\xA0\r";
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % (round % 10 == 0 ? 2000 : 300), ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    const std::size_t length = text.size();
    text += '\n' + std::string(scanPadding, round % 2 == 0 ? ',' : '\n');
    for (const auto separator : {Separator::tick, Separator::comma}) {
      std::vector<std::uint32_t> expected{~std::uint32_t{0}};
      for (std::uint32_t i = 0; i < length; ++i) {
        if (text[i] == ',' && (separator == Separator::comma || text[i + 1] == '`')) expected.push_back(i);
      }
      for (const auto scan : allScanLines(separator)) {
        Cells cells;
        scan(text.data(), cells);
        BOOST_REQUIRE_EQUAL(cells.length, length);
        BOOST_REQUIRE_EQUAL(cells.count, expected.size());
        const auto kept = std::min(expected.size(), mostCells);
        BOOST_REQUIRE(std::equal(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(kept), cells.before.begin()));
        if (cells.count <= mostCells) {
          BOOST_REQUIRE_EQUAL(cells.before[cells.count], length - (length > 0 && text[length - 1] == '\r' ? 1 : 0));
        }
        const auto high = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; };
        const auto line = std::string_view{text}.substr(0, length);
        const auto first = static_cast<std::size_t>(std::find_if(line.begin(), line.end(), high) - line.begin());
        if (first == length) {
          BOOST_REQUIRE_EQUAL(cells.firstHigh, cells.endHigh);
        } else {
          BOOST_REQUIRE_EQUAL(cells.firstHigh, first);
          BOOST_REQUIRE(high(line[cells.endHigh - 1]));
          BOOST_REQUIRE(std::none_of(line.begin() + static_cast<std::ptrdiff_t>(cells.endHigh), line.end(), high));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
