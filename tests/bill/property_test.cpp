// What is written is read again, whatever the texts, layouts and blocks are.
#include "codec/text.hpp"
#include "stamp.hpp"
#include "weixin_bill.hpp"

#include <random>

using namespace bill_test;

namespace {

using Random = std::mt19937;

std::string pick(Random& random, std::initializer_list<const char*> choices) {
  return choices.begin()[random() % choices.size()];
}

/// Text that is unambiguous in a bill: no separator, no line that begins with a back-tick.
std::string anyText(Random& random) {
  std::string text;
  for (auto pieces = random() % 6; pieces > 0; --pieces) {
    text += pick(random, {"a", "季卡", "🍜", ",", "` ", "，", "\"", "'", " ", "0", "\t", "\n x", "\r", "#", "%", "ß"});
  }
  while (contains(text, ",`")) text.erase(text.find(",`"), 1);
  while (!text.empty() && (text.back() == ',' || text.back() == '\r' || text.back() == '\n')) text.pop_back();
  return text;
}

Fen anyAmount(Random& random) { return Fen{static_cast<std::int64_t>(random() >> (random() % 32))}; }

struct Expected {
  RowCells cells{};
  Time time{};
  Fen total{};
  Fee fee{};
  Rate rate{};
};

Expected anyRow(Random& random) {
  Expected row;
  row.time = Time{std::chrono::seconds{1700000000 + static_cast<std::int64_t>(random() % 100000000)}};
  row.total = anyAmount(random);
  row.fee = Fee{static_cast<std::int64_t>(random() % 100000000) - 50000000};
  row.rate = Rate{static_cast<std::int64_t>(random() % 1000000)};
  row.cells = random() % 4 == 0 ? refund() : payment();
  row.cells["交易时间"] = openapi::formatGmt8(row.time, "%Y-%m-%d %H:%M:%S");
  row.cells["订单金额"] = row.total.yuan();
  row.cells["总金额"] = row.total.yuan();
  row.cells["手续费"] = row.fee.yuan();
  row.cells["返还手续费"] = row.fee.yuan();
  row.cells["费率"] = row.rate.percent();
  row.cells["商品名称"] = anyText(random);
  row.cells["商户数据包"] = anyText(random);
  row.cells["设备号"] = pick(random, {"", "WEB", "till `3"});
  row.cells["商户订单号"] = std::to_string(random());
  return row;
}

Fen yuanOf(const RowCells& row, const std::string& name) { return Fen::fromYuan(row.at(name)).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(property)

BOOST_AUTO_TEST_CASE(writtenRowsAreRead) {
  Random random{21};
  for (int round = 0; round < 300; ++round) {
    WeixinBill bill;
    const std::vector<std::string>* layouts[] = {&allNames(),    &successNames(),  &refundNames(), &rechargeRefundNames(),
                                                 &oldAllNames(), &oldRefundNames()};
    const auto layout = random() % 6;
    bill.columns = *layouts[layout];
    bill.mark = random() % 2 == 0;
    bill.lineEnd = random() % 2 == 0 ? "\r\n" : "\n";
    bill.finalLineEnd = random() % 2 == 0;
    std::vector<Expected> rows(random() % 40);
    Fen total{};
    Fen settled{};
    Fee fees{};
    for (auto& row : rows) {
      row = anyRow(random);
      bill.rows.push_back(row.cells);
      total += row.total;
      settled += yuanOf(row.cells, "应结订单金额");
      fees += row.fee;
    }
    const bool old = layout >= 4;
    bill.totalNames = old ? "总交易单数,总交易额,手续费总金额" : fourTotals;
    bill.totals = {std::to_string(rows.size()) + ".0", old ? total.yuan() : settled.yuan(), fees.yuan()};
    if (!old) bill.totals.push_back(total.yuan());

    BillOptions options;
    options.blockSize = 1 + random() % 2000;
    auto reader = readerOf(random() % 3 == 0 ? openapi::codec::gzip(bill.text()) : bill.text(), options);
    for (const auto& expected : rows) {
      const auto* row = reader.nextTrade();
      BOOST_REQUIRE(row != nullptr);
      BOOST_REQUIRE(row->time == expected.time);
      BOOST_REQUIRE(row->totalFee == expected.total);
      BOOST_REQUIRE(row->fee == expected.fee);
      BOOST_REQUIRE(row->rate == expected.rate);
      BOOST_REQUIRE_EQUAL(row->body, expected.cells.at("商品名称"));
      BOOST_REQUIRE_EQUAL(row->attach, expected.cells.at("商户数据包"));
      BOOST_REQUIRE_EQUAL(row->deviceInfo, expected.cells.at("设备号"));
      BOOST_REQUIRE_EQUAL(row->outTradeNo, expected.cells.at("商户订单号"));
      BOOST_REQUIRE((row->kind == TradeKind::refund) == (expected.cells.at("交易状态") == "REFUND"));
    }
    BOOST_REQUIRE(reader.nextTrade() == nullptr);
    BOOST_REQUIRE(reader.summary().agrees());
  }
}

BOOST_AUTO_TEST_CASE(damagedBillsAreReadOrRefused) {
  Random random{22};
  const std::string text = smallBill().text();
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = text;
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      const auto at = random() % damaged.size();
      switch (random() % 4) {
        case 0:
          damaged[at] = static_cast<char>(random());
          break;
        case 1:
          damaged.erase(at, random() % 20);
          break;
        case 2:
          damaged.insert(at, 1, "`,\n\r#0."[random() % 7]);
          break;
        default:
          damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 60));
      }
    }
    const std::size_t block = 1 + random() % 300;
    const auto outcome = [&damaged](std::size_t size) {
      try {
        return joined(rowsOf(damaged, {.blockSize = size}), "\n");
      } catch (const openapi::Error& error) {
        BOOST_REQUIRE(error.errc() == Errc::badResponse);
        BOOST_REQUIRE(openapi::codec::isUtf8(error.what()));
        return std::string{error.what()};
      }
    };
    BOOST_REQUIRE_EQUAL(outcome(block), outcome(1 << 18));
  }
}

BOOST_AUTO_TEST_SUITE_END()
