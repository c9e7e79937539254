// WeChat's bills: every layout, the published samples, and what is wrong with a row.
#include "weixin_bill.hpp"

#include "codec/text.hpp"

#include <random>

using namespace bill_test;

namespace {

constexpr std::string_view paymentText =
    "line=2|platform=weixin|kind=payment|time=1795219262|transactionId=4200000001202611210000000001|outTradeNo=20261121000001|"
    "totalFee=88.00|refundFee=0.00|refundAppliedFee=0.00|body=季卡|attach=uid=1|fee=0.48|rate=0.60%|appId=wx2421b1c4370ec43b|"
    "mchId=10000100|deviceInfo=WEB|openid=oUpF8uMuAJO_M2pxb1Q9zNjWeS6o|tradeType=JSAPI|tradeState=SUCCESS|bankType=CMB_CREDIT|"
    "feeType=CNY|settlementTotalFee=80.00|couponFee=8.00|couponRefundFee=0.00|";

std::string oneRow(const RowCells& row, const std::vector<std::string>& totals) {
  WeixinBill bill;
  bill.rows = {row};
  bill.totals = totals;
  return bill.text();
}

/// The refusal of a bill of one payment that was changed.
std::string rowRefusal(const RowCells& changes) {
  return refusal(oneRow(payment(changes), {"1", "80", "0", "0", "0.48", "88", "0"}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin)

BOOST_AUTO_TEST_CASE(officialSample) {
  const std::string text = readFile("fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  auto reader = readerOf(text);
  BOOST_TEST(reader.header().columns.size() == 27U);
  BOOST_TEST((reader.header().kind == BillKind::trade && reader.header().platform == Platform::weixin));
  const auto* first = reader.nextTrade();
  BOOST_REQUIRE(first != nullptr);
  BOOST_TEST(textOf(*first) ==
             "line=2|platform=weixin|kind=refund|time=1550523706|transactionId=4200000263201902167700134212|"
             "outTradeNo=autotest_20190216081946_82335|totalFee=0.00|refundId=50000709672019011908420787722|"
             "outRefundNo=REF4200000263201902167700963919|refundFee=0.01|refundAppliedFee=0.01|refundType=ORIGINAL|"
             "refundState=SUCCESS|body=系统拨测-cheeryin-test_micropay_succ|fee=0.00|rate=39.00%|appId=wxab8acd895ab1638a|"
             "mchId=1921000401|deviceInfo=harryma007|openid=oHkLxtx0vUqe-18p_AXTZ1innxkCY|tradeType=JSAPI|tradeState=REFUND|"
             "bankType=OTHERS|feeType=CNY|settlementTotalFee=0.00|couponFee=0.00|couponRefundFee=0.00|");
  Fen total{};
  Fee fee = first->fee.value();
  Fen refunds = first->refundAppliedFee.value();
  while (const auto* row = reader.nextTrade()) {
    total += row->totalFee.value();
    refunds += row->refundAppliedFee.value();
    fee += row->fee.value();
  }
  // derived/bill_expect.json: 45 rows; 0.47, 0.14, 0.00, 0.08000, 0.47, 0.14
  const auto& summary = reader.summary();
  BOOST_TEST(summary.rows == 45U);
  BOOST_TEST(total.yuan() == "0.47");
  BOOST_TEST(refunds.yuan() == "0.14");
  BOOST_TEST(fee.count() == 8000);
  BOOST_TEST(summary.agrees());
  BOOST_REQUIRE_EQUAL(summary.counts.size(), 1U);
  BOOST_TEST(summary.counts[0].stated == 45);
  BOOST_REQUIRE_EQUAL(summary.amounts.size(), 6U);
  const char* expected[] = {"0.47", "0.14", "0.00", "0.08", "0.47", "0.14"};
  for (std::size_t i = 0; i < 6; ++i) {
    BOOST_TEST(summary.amounts[i].counted.yuan() == expected[i]);
    BOOST_TEST(summary.amounts[i].agrees);
  }
  BOOST_TEST(summary.line == 48U);
  BOOST_TEST(reader.nextTrade() == nullptr);
}

BOOST_AUTO_TEST_CASE(officialSampleFromFilesPlainAndGzip) {
  const std::string folder = std::string{OPENAPI_SOURCE_DIR} + "/tests/fixtures/wechatpay/";
  BillReader plain{folder + "wechatpay-php/bill.ALL.csv"};
  BillReader gzip{folder + "derived/bill.ALL.csv.gz"};
  const auto rows = rowsOf(plain);
  BOOST_TEST(rows.size() == 45U);
  BOOST_TEST(rowsOf(gzip) == rows, boost::test_tools::per_element());
  BOOST_TEST(plain.bytesRead() == plain.bytesTotal().value());
  BOOST_TEST(gzip.bytesRead() == gzip.bytesTotal().value());
  BOOST_TEST(rowsOf(readFile("fixtures/wechatpay/derived/bill.ALL.csv.gz")) == rows, boost::test_tools::per_element());
}

// These two were cut by those who published them: the rows are read, and the summary says that some are missing.
BOOST_AUTO_TEST_CASE(publishedRefundAndSuccessLayouts) {
  const auto refunds = readAll(readFile("fixtures/wechatpay/WxJava/bill.REFUND.29col.csv"));
  BOOST_REQUIRE_EQUAL(refunds.rows.size(), 1U);
  BOOST_TEST(contains(refunds.rows[0], "refundCreateTime=1563886416|refundSuccessTime=1563886420|"));
  BOOST_TEST(refunds.problems.size() == 4U);
  BOOST_TEST(refunds.problems[0] ==
             "bill:4: 总交易单数: the summary says 4, the rows give 1: the bill is incomplete or was changed");
  BOOST_TEST(refunds.problems[2] ==
             "bill:4: 手续费总金额: the summary says -0.02, the rows give 0.00: the bill is incomplete or was changed");
  const auto payments = readAll(readFile("fixtures/wechatpay/WxJava/bill.SUCCESS.20col.csv"));
  BOOST_REQUIRE_EQUAL(payments.rows.size(), 1U);
  BOOST_TEST(contains(payments.rows[0], "settlementTotalFee=0.01|"));
  BOOST_TEST(payments.problems.size() == 4U);
  BOOST_TEST(!payments.summary.agrees());
}

BOOST_AUTO_TEST_CASE(requirementTradeSample) {
  const auto rows = rowsOf(readFile("bill/samples/requirement.ALL.csv"));
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(rows[0] ==
             "line=2|platform=weixin|kind=payment|time=1415608425|transactionId=1001690740201411100005734289|"
             "outTradeNo=1415640626|totalFee=0.01|refundFee=0.00|body=被扫支付测试|attach=订单额外描述|fee=0.00|rate=0.60%|"
             "appId=wx2421b1c4370ec43b|mchId=10000100|deviceInfo=1000|openid=085e9858e3ba5186aafcbaed1|tradeType=MICROPAY|"
             "tradeState=SUCCESS|bankType=OTHERS|feeType=CNY|couponFee=0.00|couponRefundFee=0.00|");
  BOOST_TEST(contains(rows[1], "time=1415609174|"));  // 16：46：14
}

// One row of twenty is printed there: the row is read, and the summary names what is missing.
BOOST_AUTO_TEST_CASE(requirementFundflowSample) {
  const auto reading = readAll(readFile("bill/samples/requirement.fundflow.csv"));
  BOOST_REQUIRE_EQUAL(reading.rows.size(), 1U);
  BOOST_TEST(reading.rows[0] ==
             "line=3|platform=weixin|time=1517430083|direction=expense|amount=0.02|balance=0.17|"
             "flowId=1900009231201802015884652186|transactionId=50000305742018020103387128253|businessType=退款|"
             "businessName=退款|remark=缺货|applicant=system|voucherNo=REF4200000068201801293084726067|");
  BOOST_REQUIRE_EQUAL(reading.problems.size(), 5U);
  BOOST_TEST(reading.problems[0] ==
             "bill:7: 资金流水总笔数: the summary says 20, the rows give 1: the bill is incomplete or was changed");
  BOOST_TEST(reading.problems[4] ==
             "bill:7: 支出金额: the summary says 0.18, the rows give 0.02: the bill is incomplete or was changed");
}

// The lists of columns in the document have blanks and full-width commas.
BOOST_AUTO_TEST_CASE(requirementColumnLists) {
  std::string header = joined(oldAllNames(), ",");
  header = replaced(header, "退款金额,代金券或立减优惠退款金额,退款类型,退款状态",
                    "退款金额, 代金券或立减优惠退款金额，退款类型，退款状态");
  WeixinBill bill;
  bill.columns = oldAllNames();
  bill.rows = {payment()};
  bill.totalNames = "总交易单数，总交易额，总退款金额，总代金券或立减优惠退款金额，手续费总金额";
  bill.totals = {"1", "88.00", "0.0", "0.0", "0.48"};
  const std::string plain = bill.text();
  BOOST_TEST(rowsOf(replaced(plain, joined(oldAllNames(), ","), header)) == rowsOf(plain), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(everyLayout) {
  struct Case {
    std::vector<std::string> columns;
    std::size_t count;
    RowCells row;
    std::string_view totalNames;
    std::vector<std::string> totals;
  };
  const RowCells recharge = refund({{"返还手续费", "0.12345"}});
  const Case cases[] = {
      {allNames(), 27, payment(), sevenTotals, {"1", "80.00", "0.00", "0.00", "0.48000", "88.00", "0.00"}},
      {successNames(), 20, payment(), fourTotals, {"1", "80.00", "0.48", "88.00"}},
      {successNames(), 20, payment(), sevenTotals, {"1", "80.00", "0.00", "0.00", "0.48", "88.00", "0.00"}},
      {refundNames(), 29, refund(), sevenTotals, {"1", "0.00", "80.00", "0.00", "-0.48", "0.00", "88.00"}},
      {rechargeRefundNames(), 29, recharge, sevenTotals, {"1", "0.00", "80.00", "0.00", "0.12345", "0.00", "88.00"}},
      {oldAllNames(), 24, refund(), oldTotals, {"1", "0.00", "80.00", "0.00", "-0.48"}},
      {oldSuccessNames(), 18, payment(), oldTotals, {"1", "88.00", "0.00", "0.00", "0.48"}},
      {oldRefundNames(), 26, refund(), oldTotals, {"1", "0.00", "80.00", "0.00", "-0.48"}},
  };
  for (const auto& test : cases) {
    BOOST_TEST_CONTEXT(test.count << " columns") {
      BOOST_TEST(test.columns.size() == test.count);
      WeixinBill bill;
      bill.columns = test.columns;
      bill.rows = {test.row};
      bill.totalNames = test.totalNames;
      bill.totals = test.totals;
      const auto rows = rowsOf(bill.text());
      BOOST_REQUIRE_EQUAL(rows.size(), 1U);
      const bool isRefund = test.row.at("交易状态") == "REFUND";
      BOOST_TEST(contains(rows[0], isRefund ? "|kind=refund|" : "|kind=payment|"));
      BOOST_TEST(contains(rows[0], isRefund ? "|totalFee=0.00|refundId=50000709672026112108420787722|" : "|totalFee=88.00|"));
      if (isRefund) BOOST_TEST(contains(rows[0], "|outRefundNo=R20261121000001|refundFee=80.00|"));
      const bool old = std::find(test.columns.begin(), test.columns.end(), "总金额") != test.columns.end();
      BOOST_TEST(contains(rows[0], "|settlementTotalFee=") != old);  // absent, not 0
      BOOST_TEST(contains(rows[0], "|refundAppliedFee=") == (!old && test.count != 20));
      BOOST_TEST(contains(rows[0], "|refundCreateTime=1795222800|refundSuccessTime=1795222805|") ==
                 (test.count == 29 || test.count == 26));
      std::string wrong = bill.text();
      const auto last = wrong.find_last_of("0123456789");
      wrong[last] = wrong[last] == '7' ? '6' : '7';
      BOOST_TEST(contains(refusal(wrong), "the summary says"));
    }
  }
}

BOOST_AUTO_TEST_CASE(columnsAreFoundByName) {
  auto bill = smallBill();
  const auto rows = rowsOf(bill.text());
  std::mt19937 random{7};
  for (int round = 0; round < 20; ++round) {
    std::shuffle(bill.columns.begin(), bill.columns.end(), random);
    BOOST_TEST(rowsOf(bill.text()) == rows, boost::test_tools::per_element());
  }
  BOOST_TEST(rows[0] == paymentText);
}

BOOST_AUTO_TEST_CASE(unknownColumnsAreKept) {
  auto bill = smallBill();
  bill.columns.insert(bill.columns.begin() + 3, "新的一列");
  bill.columns.push_back("another");
  bill.rows[0]["新的一列"] = "值, with a comma";
  bill.rows[1]["another"] = "x";
  bill.totalNames += ",某个新合计";
  bill.totals.push_back("1.00");
  auto reader = readerOf(bill.text());
  const auto* row = reader.nextTrade();
  BOOST_REQUIRE_EQUAL(row->extra.size(), 2U);
  BOOST_TEST(row->extra[0].name == "新的一列");
  BOOST_TEST(row->extra[0].value == "值, with a comma");
  BOOST_TEST(row->extra[1].value.empty());
  row = reader.nextTrade();
  BOOST_TEST(row->extra[1].name == "another");
  BOOST_TEST(row->extra[1].value == "x");
  BOOST_REQUIRE_EQUAL(reader.finish().notes.size(), 1U);
  BOOST_TEST(reader.summary().notes[0] == "某个新合计=1.00");
}

BOOST_AUTO_TEST_CASE(physicalForms) {
  auto bill = smallBill();
  const auto rows = rowsOf(bill.text());
  for (const bool mark : {false, true}) {
    for (const char* lineEnd : {"\r\n", "\n"}) {
      for (const bool finalLineEnd : {false, true}) {
        bill.mark = mark;
        bill.lineEnd = lineEnd;
        bill.finalLineEnd = finalLineEnd;
        BOOST_TEST(rowsOf(bill.text()) == rows, boost::test_tools::per_element());
        BOOST_TEST(rowsOf(openapi::codec::gzip(bill.text())) == rows, boost::test_tools::per_element());
      }
    }
  }
  auto blank = smallBill();
  blank.lineEnd = "\r\n \t\r\n\r\n";
  const auto between = rowsOf(blank.text());
  BOOST_TEST(between.size() == 2U);
  BOOST_TEST(contains(between[0], "line=4|"));
  BOOST_TEST(contains(between[1], "line=7|"));
}

BOOST_AUTO_TEST_CASE(textsKeepTheirSeparators) {
  for (const char* goods :
       {"a,b", "a`b", "`a`", "a,", ",a", "a`,b", "咖啡🍜，套餐", "\"quoted, too\"", "'", " ", "#", "1,2,3,,", "\t"}) {
    auto bill = smallBill();
    bill.rows[0]["商品名称"] = goods;
    auto reader = readerOf(bill.text());
    BOOST_TEST(reader.nextTrade()->body == goods);
    reader.finish();
  }
}

BOOST_AUTO_TEST_CASE(separatorInsideOneTextIsFoundWhereItIsUnambiguous) {
  // Only the device number lies where every other cell still fits.
  auto bill = smallBill();
  bill.rows[0]["设备号"] = "till 3,`left";
  auto reader = readerOf(bill.text());
  const auto* row = reader.nextTrade();
  BOOST_TEST(row->deviceInfo == "till 3,`left");
  BOOST_TEST(row->outTradeNo == "20261121000001");
  reader.finish();
  // In a bill with one column of free text, its separators are unambiguous too.
  auto success = smallBill();
  success.columns = successNames();
  std::erase(success.columns, "商户数据包");
  success.rows = {payment({{"商品名称", "a,`b,`c"}})};
  success.totalNames = fourTotals;
  success.totals = {"1", "80", "0.48", "88"};
  BOOST_TEST(contains(rowsOf(success.text())[0], "|body=a,`b,`c|"));
  // Goods or attachment: nobody can know.
  bill = smallBill();
  bill.rows[0]["商品名称"] = "a,`b";
  BOOST_TEST(refusal(bill.text()) == "bill:2: 27 columns, but 28 cells in this row");
}

BOOST_AUTO_TEST_CASE(lineBreakInsideAText) {
  for (const char* goods : {"two\nlines", "two\r\nlines", "a\n\n\nb", "\n", "x\n总交易单数,应结订单总金额"}) {
    auto bill = smallBill();
    bill.rows[0]["商品名称"] = goods;
    auto reader = readerOf(bill.text());
    const auto* row = reader.nextTrade();
    BOOST_TEST(row->body == goods);
    BOOST_TEST(row->attach == "uid=1");
    BOOST_TEST(row->line == 2U);
    row = reader.nextTrade();
    BOOST_TEST(row->line == 3U + static_cast<std::size_t>(std::count(goods, goods + std::string_view{goods}.size(), '\n')));
    reader.finish();
  }
  // A new line that begins like a row: two damaged rows, each with its line.
  auto bill = smallBill();
  bill.rows[0]["商品名称"] = "a\n`b";
  const auto reading = readAll(bill.text());
  BOOST_TEST(reading.rows.size() == 1U);
  BOOST_REQUIRE_EQUAL(reading.problems.size(), 6U);
  BOOST_TEST(reading.problems[0] == "bill:2: 27 columns, but 21 cells in this row");
  BOOST_TEST(reading.problems[1] == "bill:3: 27 columns, but 7 cells in this row");
  BOOST_TEST(contains(reading.problems[2], "总交易单数: the summary says 2, the rows give 1"));
}

BOOST_AUTO_TEST_CASE(cellsThatDoNotFit) {
  BOOST_TEST(rowRefusal({{"订单金额", "88.001"}}) == "bill:2: 订单金额: no amount of yuan with at most two decimals: \"88.001\"");
  BOOST_TEST(rowRefusal({{"手续费", "0.480001"}}) ==
             "bill:2: 手续费: no amount of yuan with at most five decimals: \"0.480001\"");
  BOOST_TEST(rowRefusal({{"费率", "0.60"}}) == "bill:2: 费率: no percentage with at most four decimals: \"0.60\"");
  BOOST_TEST(rowRefusal({{"交易时间", "2026-02-29 00:00:00"}}) ==
             "bill:2: 交易时间: no time as in 2026-11-21 08:00:00: \"2026-02-29 00:00:00\"");
  BOOST_TEST(
      contains(rowRefusal({{"交易状态", "MAYBE"}}), "bill:2: 交易状态: neither SUCCESS nor REFUND nor REVOKED: \"MAYBE\""));
  BOOST_TEST(rowRefusal({{"商品名称", "季\xE5\xAD"}}) == "bill:2: 商品名称: bytes that are no text: \"季??\"");
  for (const char* amount :
       {"1e2", "+1.00", " 1.00", "1.00 ", "1,00", ".5", "5.", "-", "--1", "0x1", "１.00", "NaN", "∞", "88.00元",
        "92233720368547758.08", "-92233720368547758.09", "1.-1", "0.0.0", "12345678901234567890123"}) {
    BOOST_TEST_CONTEXT(amount) BOOST_TEST(contains(rowRefusal({{"订单金额", amount}}), "bill:2: 订单金额: no amount"));
  }
  for (const char* time :
       {"", "2026-11-21", "2026-11-21T08:01:02", "2026-11-21 24:00:00", "2026-11-21 08:60:00", "2026-13-01 00:00:00",
        "2026-11-31 00:00:00", "1969-12-31 00:00:00", "2300-01-01 00:00:00", "2026-11-21 08：01：0：", "20261121080102",
        "2026-11-21 08:01:02 ", "2026/11/21 08:01:02", "2026-11-21 0a:01:02"}) {
    BOOST_TEST_CONTEXT(time) BOOST_TEST(contains(rowRefusal({{"交易时间", time}}), "bill:2: 交易时间: no time"));
  }
}

BOOST_AUTO_TEST_CASE(amountsThatFit) {
  const std::pair<const char*, std::int64_t> amounts[] = {{"0", 0},
                                                          {"0.0", 0},
                                                          {"0.00", 0},
                                                          {"7", 700},
                                                          {"0.1", 10},
                                                          {"88.8", 8880},
                                                          {"12345.67", 1234567},
                                                          {"99999.99", 9999999},
                                                          {"100000.00", 10000000},
                                                          {"-0.01", -1},
                                                          {"-12345.67", -1234567},
                                                          {"00000.01", 1},
                                                          {"92233720368547758.07", 9223372036854775807}};
  for (const auto& [text, fen] : amounts) {
    WeixinBill bill;
    bill.columns = oldSuccessNames();
    bill.rows = {payment({{"总金额", text}})};
    bill.totalNames = "总交易单数,手续费总金额";
    bill.totals = {"1", "0.48"};
    auto reader = readerOf(bill.text());
    BOOST_TEST_CONTEXT(text) BOOST_TEST(reader.nextTrade()->totalFee.value().count() == fen);
    reader.finish();
  }
}

BOOST_AUTO_TEST_CASE(emptyAmountsAreAbsent) {
  WeixinBill bill;
  bill.rows = {payment(), payment({{"代金券金额", ""}, {"费率", ""}, {"手续费", ""}, {"订单金额", ""}}), payment()};
  bill.totals = {"3", "240", "0", "0", "0.96", "176", "0"};
  auto reader = readerOf(bill.text());
  BOOST_TEST(reader.nextTrade()->couponFee.has_value());
  const auto* row = reader.nextTrade();
  BOOST_TEST((!row->couponFee && !row->rate && !row->fee && !row->totalFee));
  BOOST_TEST(reader.nextTrade()->rate.value().count() == 6000);
  reader.finish();
}

BOOST_AUTO_TEST_CASE(revokedOrders) {
  WeixinBill bill;
  bill.rows = {payment({{"交易状态", "REVOKED"}})};
  bill.totals = {"1", "80", "0", "0", "0.48", "88", "0"};
  BOOST_TEST(contains(rowsOf(bill.text())[0], "|kind=revoked|"));
}

BOOST_AUTO_TEST_CASE(problemsGoToTheCallerAndReadingGoesOn) {
  auto bill = smallBill();
  bill.rows.insert(bill.rows.begin() + 1, payment({{"订单金额", "88.001"}}));
  bill.rows.push_back(payment({{"交易状态", ""}}));
  bill.totals = {"4", "240.00", "80.00", "0", "0.96", "264.00", "88.00"};
  const auto reading = readAll(bill.text(), {.name = "20261121.csv"});
  BOOST_TEST(reading.rows.size() == 2U);
  BOOST_REQUIRE_EQUAL(reading.problems.size(), 6U);
  BOOST_TEST(contains(reading.problems[0], "20261121.csv:3: 订单金额: no amount"));
  BOOST_TEST(contains(reading.problems[1], "20261121.csv:5: 交易状态: neither"));
  BOOST_TEST(contains(reading.problems[2], "20261121.csv:7: 总交易单数: the summary says 4, the rows give 2"));
  BOOST_TEST(reading.summary.rows == 2U);
  BOOST_TEST(!reading.summary.agrees());
}

BOOST_AUTO_TEST_CASE(afterAFailureThereAreNoRows) {
  auto reader = readerOf(replaced(smallBill().text(), "`88.00,`0.00,`", "`88.001,`0.00,`"));
  BOOST_CHECK_THROW((void)reader.nextTrade(), openapi::Error);
  BOOST_CHECK_EXCEPTION((void)reader.nextTrade(), openapi::Error,
                        [](const auto& error) { return contains(error.what(), "reading this bill has failed before"); });
  BOOST_CHECK_THROW(reader.finish(), openapi::Error);
}

BOOST_AUTO_TEST_CASE(otherKindsOfRowsAreRefused) {
  auto reader = readerOf(smallBill().text());
  BOOST_CHECK_EXCEPTION((void)reader.nextFlow(), openapi::Error,
                        [](const auto& error) { return std::string{error.what()} == "bill is a bill of trades: use nextTrade"; });
  BOOST_CHECK_THROW((void)reader.nextTotal(), openapi::Error);
  BOOST_TEST(reader.finish().rows == 2U);
}

BOOST_AUTO_TEST_CASE(headersThatAreNone) {
  BOOST_TEST(contains(refusal(""), "incomplete: the bill is empty"));
  BOOST_TEST(contains(refusal("\n\n \r\n"), "incomplete: the bill ends before the names of its columns"));
  BOOST_TEST(contains(refusal("hello\nx\n"), "bill:1: not the names of the columns of a bill: \"hello\""));
  BOOST_TEST(contains(refusal("<xml><return_code><![CDATA[FAIL]]></return_code></xml>"),
                      "bill:1: an XML answer instead of a bill: \"<xml>"));
  BOOST_TEST(contains(refusal("{\"errcode\":1}"),
                      "bill:1: incomplete: nothing follows the names of its columns, not the names of the columns of a bill"));
  BOOST_TEST(contains(refusal(std::string(300000, ',') + "\n"), "more than 256 columns"));
  BOOST_TEST(contains(refusal(std::string(3 << 20, 'x')), "bill:0: a line longer than 1 MiB"));
  BOOST_TEST(contains(refusal("\xFF\xFE\x00\x01\n"), "neither UTF-8 nor GBK"));
  auto bill = smallBill();
  for (const char* name :
       {"订单金额", "应结订单金额", "交易状态", "商户订单号", "微信退款单号", "退款状态", "申请退款金额", "手续费", "交易时间"}) {
    auto without = bill;
    std::erase(without.columns, name);
    BOOST_TEST(refusal(without.text()) == "bill:1: " + std::string{name} + ": this column is missing");
  }
  auto twice = bill;
  twice.columns.push_back("费率");
  BOOST_TEST(refusal(twice.text()) == "bill:1: 费率: this column is there twice");
  twice.columns.back() = "子商户号";
  BOOST_TEST(refusal(twice.text()) == "bill:1: 子商户号: this column means the same as another");
}

BOOST_AUTO_TEST_CASE(columnThatNobodyNeeds) {
  auto bill = smallBill();
  std::erase(bill.columns, "设备号");
  BOOST_TEST(rowsOf(bill.text()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(linesThatAreNeitherRowNorSummary) {
  const std::string text = replaced(smallBill().text(), "\r\n总交易单数", "\r\nsomething else\r\n总交易单数");
  BOOST_TEST(refusal(text) == "bill:4: neither a row, which begins with a back-tick, nor the summary: \"something else\"");
  const auto reading = readAll(text);
  BOOST_TEST(reading.rows.size() == 2U);
  BOOST_TEST(reading.problems.size() == 1U);
}

BOOST_AUTO_TEST_CASE(whatFollowsTheEnd) {
  const std::string text = smallBill().text();
  for (const char* more : {"x", "`1,`2\r\n", "总交易单数\r\n`1", "\0x", ","}) {
    BOOST_TEST_CONTEXT(more) {
      const std::string message = refusal(text + (*more == '\0' ? std::string{"\0x", 2} : std::string{more}));
      BOOST_TEST(contains(message, "incomplete: something follows the end of the bill"));
    }
  }
  BOOST_TEST(contains(refusal(text + text), "incomplete: something follows the end of the bill"));
  BOOST_TEST(rowsOf(text + "\r\n \r\n\n").size() == 2U);
}

BOOST_AUTO_TEST_CASE(summariesThatAreNoNumbers) {
  for (const char* count : {"", "2.5", "two", "1e0", "-"}) {
    auto bill = smallBill();
    bill.totals[0] = count;
    BOOST_TEST_CONTEXT(count) BOOST_TEST(contains(refusal(bill.text()), "bill:5: incomplete: its summary has no"));
  }
  auto bill = smallBill();
  bill.totals.pop_back();
  BOOST_TEST(contains(refusal(bill.text()), "incomplete: its summary is cut"));
  bill = smallBill();
  bill.totals[4] = "0.00001";
  BOOST_TEST(refusal(bill.text()) ==
             "bill:5: 手续费总金额: the summary says 0.00001, the rows give 0.00: the bill is incomplete or was changed");
}

BOOST_AUTO_TEST_CASE(sumsBeyondTheRangeOfAnAmount) {
  auto bill = smallBill();
  bill.rows = {payment({{"订单金额", "92233720368547758.07"}}), payment({{"订单金额", "92233720368547758.07"}})};
  bill.totals = {"2", "160", "0", "0", "0.96", "1", "0"};
  BOOST_TEST(contains(refusal(bill.text()), "订单总金额: the summary says 1.00, the rows give 92233720368547.75807"));
}

/// Bytes whose absence nobody can notice: the last line's end, and zeros at the end of the last number.
bool saysTheSame(const std::string& cut, std::string whole) {
  while (!whole.empty() && (whole.back() == '\n' || whole.back() == '\r')) whole.pop_back();
  if (cut.size() >= whole.size()) return true;
  const std::string missing = whole.substr(cut.size());
  if (missing.find_first_not_of('0', missing.front() == '.' ? 1 : 0) != std::string::npos) return false;
  return missing.front() == '.' || (cut.back() != '.' && contains(cut.substr(cut.rfind('`')), "."));
}

BOOST_AUTO_TEST_CASE(cutAnywhere) {
  const std::string official = readFile("fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  const std::string small = smallBill().text();
  for (const auto& whole : {small, official}) {
    for (std::size_t size = 0; size<whole.size(); size += whole.size()> 5000 && size < whole.size() - 600 ? 7U : 1U) {
      const std::string cut = whole.substr(0, size);
      if (saysTheSame(cut, whole)) {
        BOOST_TEST(!rowsOf(cut).empty());
        continue;
      }
      const std::string message = refusal(cut);
      BOOST_TEST(contains(message, "incomplete"), size << ": " << message);
    }
  }
}

BOOST_AUTO_TEST_CASE(gzipCutAnywhereOrFollowedByBytes) {
  const std::string whole = openapi::codec::gzip(smallBill().text());
  for (std::size_t size = 2; size < whole.size(); ++size) {
    BOOST_TEST(contains(refusal(whole.substr(0, size)), "incomplete"), "cut at " << size);
  }
  for (const std::string& more : {std::string(1, '\0'), std::string{"x"}, std::string(8, '\0'), std::string(100, 'y'), whole}) {
    BOOST_TEST(contains(refusal(whole + more), "gzip: data after the end of the stream"));
  }
  for (std::size_t at = 10; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    BOOST_TEST(contains(refusal(damaged), "bill"));
  }
}

BOOST_AUTO_TEST_CASE(manyRowsInLittleMemoryAndEveryBlockSize) {
  WeixinBill bill;
  Fen total{};
  for (int i = 0; i < 300; ++i) {
    const Fen amount{1 + static_cast<std::int64_t>(i) * 977};
    total += amount;
    bill.rows.push_back(
        payment({{"订单金额", amount.yuan()}, {"商户订单号", std::to_string(i)}, {"商品名称", i % 7 == 0 ? "a\nb" : "咖啡🍜"}}));
  }
  bill.totals = {"300", "24000", "0", "0", "144", total.yuan(), "0"};
  const std::string text = bill.text();
  const auto rows = rowsOf(text);
  BOOST_REQUIRE_EQUAL(rows.size(), 300U);
  for (std::size_t block = 1; block <= 700; block += block < 70 ? 1 : 13) {
    BOOST_TEST_CONTEXT("blocks of " << block) BOOST_CHECK(rowsOf(text, {.blockSize = block}) == rows);
  }
  for (const std::size_t step : {1U, 2U, 3U, 63U, 64U, 65U, 1000U}) {
    BillReader reader{std::make_unique<TextSource>(text, step)};
    BOOST_CHECK(rowsOf(reader) == rows);
  }
}

BOOST_AUTO_TEST_CASE(fundflow) {
  const std::string header =
      "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
      "业务凭证号\r\n";
  const std::string income =
      "`2026-11-21 08:00:00,`42001,`1001,`交易,`交易,`收入,`88.00,`88.00,`system,`a,b`c,`20261121000001\r\n";
  const std::string expense = "`2026-11-21 09:00:00,`50001,`1002,`退款,`退款,`支出,`8.80,`-79.20,`system,`,`R1\r\n";
  const std::string totals = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n";
  const auto rows = rowsOf(header + income + expense + totals + "`2.0,`1.0,`88.00,`1.0,`8.8");
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(rows[0] ==
             "line=2|platform=weixin|time=1795219200|direction=income|amount=88.00|balance=88.00|flowId=1001|transactionId=42001|"
             "businessType=交易|businessName=交易|remark=a,b`c|applicant=system|voucherNo=20261121000001|");
  BOOST_TEST(contains(rows[1], "direction=expense|amount=8.80|balance=-79.20|"));
  for (const char* wrong :
       {"`1,`1,`88.00,`1,`8.8", "`2,`2,`88.00,`1,`8.8", "`2,`1,`88.01,`1,`8.8", "`2,`1,`88,`0,`8.8", "`2,`1,`88,`1,`8.7"}) {
    BOOST_TEST(contains(refusal(header + income + expense + totals + wrong), "the summary says"));
  }
  BOOST_TEST(contains(refusal(header + replaced(income, "收入", "转入") + totals + "`1,`1,`88,`0,`0"),
                      "bill:2: 收支类型: neither 收入 nor 支出"));
  BOOST_TEST(contains(refusal(header + replaced(income, "`88.00", "`-88.00") + totals + "`1,`1,`88,`0,`0"), "bill:2: 收支金额"));
}

BOOST_AUTO_TEST_SUITE_END()
