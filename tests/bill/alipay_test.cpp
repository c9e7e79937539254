// Alipay's bills: GBK, zip, comment lines, footers.

#include "codec/text.hpp"
#include "zip_builder.hpp"

using namespace bill_test;

namespace {

const std::string head =
    "#支付宝业务明细查询\r\n#账号：[20880211096256330156]\r\n"
    "#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 00:00:00]\r\n"
    "#-----------------------------------------业务明细列表----------------------------------------\r\n";
const std::string columns =
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,"
    "支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注\r\n";
const std::string payment =
    "2026112122001458860515315453\t,service_1568601259302\t,交易\t,下单测试,2026-11-21 10:55:16,2026-11-21 "
    "10:55:23,alipay_store\t,"
    "门店\t,alipay\t,\t,*津水(602***@qq.com)\t,88.00,80.00,1.00,0.00,2.00,5.00,0.00,,0.00\t,0.00,\t,-0.48,0.00,下单测试\r\n";
const std::string refund =
    "2026112122001458860515315453\t,service_1568601259302\t,退款\t,下单测试,2026-11-21 10:55:16,2026-11-21 11:00:00,\t,\t,\t,\t,"
    "*津水(602***@qq.com)\t,-8.80,-8.00,0.00,0.00,0.00,-0.80,0.00,,0.00\t,0.00,R1\t,0.05,0.00,\r\n";
const std::string listEnd = "#-----------------------------------------业务明细列表结束------------------------------------\r\n";
const std::string totals =
    "#交易合计：1笔，商家实收共80.00元，商家优惠共5.00元\r\n#退款合计：1笔，商家实收退款共-8.00元，商家优惠退款共-0.80元\r\n";
const std::string exported = "#导出时间：[2026年11月22日 06:27:10]\r\n";

std::string tradeBill(const std::string& rows = payment + refund, const std::string& footer = totals) {
  return gbk(head + columns + rows + listEnd + footer + exported);
}

const std::string totalsBill =
    "#支付宝业务汇总查询\r\n#账号：[20880211096256330156]\r\n#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 "
    "00:00:00]\r\n"
    "#-----------------------------------------业务汇总列表----------------------------------------\r\n"
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
    "卡消费金额（元）,服务费（元）,"
    "分润（元）,实收净额（元）\r\n"
    "s1\t,一店\t,1,1,79.20,72.00,2.00,4.20,0.00,-0.43,0.00,71.57\r\n"
    "s2\t,二店\t,2,0,10.00,10.00,0.00,0.00,0.00,-0.06,0.00,9.94\r\n"
    "合计,,3,1,89.20,82.00,2.00,4.20,0.00,-0.49,0.00,81.51\r\n"
    "#-----------------------------------------业务汇总列表结束------------------------------------\r\n" +
    exported;

const std::string flowHead =
    "#支付宝账务明细查询\r\n#账号：[20880211096256330156]\r\n#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 "
    "00:00:00]\r\n#-----------------------------------------账务明细列表----------------------------------------\r\n"
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,"
    "业务类型,备注";
const std::string flowRows =
    "411\t,2026112122001458860515315453\t,service_1\t,季卡,2026-11-21 "
    "10:55:23,602***@qq.com,88.00,0.00,1088.00,支付宝,交易付款,备注\r\n"
    "412\t,2026112122001458860515315453\t,service_1\t,季卡,2026-11-21 10:55:24,,0.00,-0.48,1087.52,支付宝,收费,\r\n";
const std::string flowEnd =
    "#-----------------------------------------账务明细列表结束------------------------------------\r\n"
    "#支出合计：1笔，共0.48元\r\n#收入合计：1笔，共88.00元\r\n";

std::string flowBill(const std::string& rows = flowRows, const std::string& end = flowEnd) {
  return gbk(flowHead + "\r\n" + rows + end + exported);
}

std::string mustChange(const std::string& text, const std::string& from, const std::string& to) {
  return replaced(text, from, to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alipay)

BOOST_AUTO_TEST_CASE(trades) {
  auto reader = readerOf(tradeBill());
  const auto& header = reader.header();
  BOOST_TEST((header.platform == Platform::alipay && header.kind == BillKind::trade));
  BOOST_TEST(header.columns.size() == 25U);
  BOOST_TEST(header.columns[11] == "订单金额（元）");
  BOOST_TEST(header.account == "20880211096256330156");
  BOOST_TEST(header.from.value().time_since_epoch() == std::chrono::seconds{1795190400});
  BOOST_TEST((header.to.value() - header.from.value() == std::chrono::hours{24}));
  const auto rows = rowsOf(reader);
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(rows[0] ==
             "line=6|platform=alipay|kind=payment|time=1795229723|transactionId=2026112122001458860515315453|"
             "outTradeNo=service_1568601259302|totalFee=88.00|body=下单测试|fee=-0.48|businessType=交易|createTime=1795229716|"
             "buyerLogonId=*津水(602***@qq.com)|storeId=alipay_store|storeName=门店|operatorId=alipay|remark=下单测试|"
             "receiptAmount=80.00|redPacketAmount=1.00|pointAmount=0.00|discountAmount=2.00|mdiscountAmount=5.00|"
             "voucherAmount=0.00|merchantRedPacketAmount=0.00|cardAmount=0.00|royaltyAmount=0.00|");
  BOOST_TEST(rows[1] ==
             "line=7|platform=alipay|kind=refund|time=1795230000|transactionId=2026112122001458860515315453|"
             "outTradeNo=service_1568601259302|totalFee=0.00|outRefundNo=R1|refundFee=8.80|refundAppliedFee=8.80|body=下单测试|"
             "fee=0.05|businessType=退款|createTime=1795229716|buyerLogonId=*津水(602***@qq.com)|receiptAmount=-8.00|"
             "redPacketAmount=0.00|pointAmount=0.00|discountAmount=0.00|mdiscountAmount=-0.80|voucherAmount=0.00|"
             "merchantRedPacketAmount=0.00|cardAmount=0.00|royaltyAmount=0.00|");
  BOOST_TEST(reader.summary().agrees());
  BOOST_TEST(reader.summary().counts.size() == 2U);
  BOOST_REQUIRE_EQUAL(reader.summary().amounts.size(), 4U);
  BOOST_TEST(reader.summary().amounts[2].name == "退款合计 商家实收退款");
  BOOST_TEST(reader.summary().amounts[2].stated.yuan() == "-8.00");
}

BOOST_AUTO_TEST_CASE(aRowAfterARefundHasNoRefund) {
  const auto rows = rowsOf(tradeBill(refund + payment));
  BOOST_TEST(!contains(rows[1], "refund"));
}

BOOST_AUTO_TEST_CASE(utf8AndOtherForms) {
  const auto rows = rowsOf(tradeBill());
  const std::string utf8 = openapi::codec::fromGb18030(tradeBill()).value();
  BOOST_TEST(rowsOf(utf8) == rows, boost::test_tools::per_element());
  BOOST_TEST(rowsOf("\xEF\xBB\xBF" + utf8) == rows, boost::test_tools::per_element());
  std::string unix = utf8;
  std::erase(unix, '\r');
  BOOST_TEST(rowsOf(unix) == rows, boost::test_tools::per_element());
  BOOST_TEST(rowsOf(gbk(unix).substr(0, gbk(unix).size() - 1)) == rows, boost::test_tools::per_element());
  BOOST_TEST(rowsOf(openapi::codec::gzip(tradeBill())) == rows, boost::test_tools::per_element());
  for (const std::size_t block : {1UL, 2UL, 3UL, 7UL, 64UL, 100UL, 1000UL}) {
    BOOST_TEST(rowsOf(tradeBill(), {.blockSize = block}) == rows, boost::test_tools::per_element());
    BillReader reader{std::make_unique<TextSource>(tradeBill(), block)};
    BOOST_TEST(rowsOf(reader) == rows, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(noRowsAtAll) {
  const auto rows = rowsOf(tradeBill(
      "",
      "#交易合计：0笔，商家实收共0.00元，商家优惠共0.00元\r\n#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元\r\n"));
  BOOST_TEST(rows.empty());
}

BOOST_AUTO_TEST_CASE(columnsAreFoundByName) {
  const std::string more = mustChange(columns, "备注\r\n", "备注,新的一列\r\n");
  std::string row = payment;
  row.insert(row.size() - 2, ",\t新的值\t");
  const std::string footer = "#交易合计：1笔，商家实收共80元\r\n#退款合计：0笔\r\n";
  auto reader = readerOf(gbk(head + more + row + listEnd + footer + exported));
  const auto* found = reader.nextTrade();
  BOOST_REQUIRE_EQUAL(found->extra.size(), 1U);
  BOOST_TEST(found->extra[0].name == "新的一列");
  BOOST_TEST(found->extra[0].value == "新的值");
  BOOST_TEST(reader.finish().agrees());
  for (const char* name : {"订单金额（元）,", "业务类型,", "退款批次号/请求号,", "商家实收（元）,"}) {
    const std::string message = refusal(gbk(head + mustChange(columns, name, "") + payment + listEnd + footer + exported));
    BOOST_TEST(contains(message, "bill:5: "));
    BOOST_TEST(contains(message, "this column is missing"));
  }
}

BOOST_AUTO_TEST_CASE(commasInTexts) {
  const std::string footer = "#交易合计：1笔，商家实收共80元\r\n#退款合计：0笔\r\n";
  auto reader = readerOf(tradeBill(mustChange(payment, ",下单测试,", ",一,二,三,"), footer));
  BOOST_TEST(reader.nextTrade()->body == "一,二,三");
  reader.finish();
  // The last column: it may be the remark, and nothing else fits.
  auto remark = readerOf(tradeBill(mustChange(payment, ",下单测试\r\n", ",a,b\r\n"), footer));
  BOOST_TEST(remark.nextTrade()->remark == "a,b");
  remark.finish();
  // Store or operator: nobody can know.
  BOOST_TEST(
      contains(refusal(tradeBill(mustChange(payment, ",门店\t,", ",门,店\t,"), footer)), "bill:6: 25 columns, but 26 cells"));
}

BOOST_AUTO_TEST_CASE(lineBreaksInTexts) {
  const std::string footer = "#交易合计：2笔，商家实收共160元\r\n#退款合计：0笔\r\n";
  auto reader = readerOf(tradeBill(mustChange(payment, ",下单测试,", ",一\r\n二\n三,") + payment, footer));
  BOOST_TEST(reader.nextTrade()->body == "一\r\n二\n三");
  BOOST_TEST(reader.nextTrade()->line == 9U);
  reader.finish();
  // A row that lacks a cell does not swallow the next one.
  const auto reading = readAll(tradeBill(mustChange(payment, ",下单测试,", ",") + payment, footer));
  BOOST_TEST(reading.rows.size() == 1U);
  BOOST_TEST(reading.problems[0] == "bill:6: 25 columns, but 24 cells in this row");
}

BOOST_AUTO_TEST_CASE(rowsThatDoNotFit) {
  const auto problem = [](const std::string& from, const std::string& to) {
    return refusal(tradeBill(mustChange(payment, from, to) + refund));
  };
  BOOST_TEST(contains(problem(",88.00,", ",88.001,"),
                      "bill:6: 订单金额（元）: no amount of yuan with at most two decimals: \"88.001\""));
  BOOST_TEST(contains(problem(",-0.48,", ",-0.4800001,"), "bill:6: 服务费（元）: no amount"));
  BOOST_TEST(contains(problem("交易\t", "退款\t"), "bill:6: 订单金额（元）: a refund that is not negative: "));
  BOOST_TEST(contains(problem("交易\t", "转账\t"), "bill:6: 业务类型: neither 交易 nor 退款: \"转账\""));
  BOOST_TEST(contains(problem("2026-11-21 10:55:23", "2026-11-31 10:55:23"), "bill:6: 完成时间: no time"));
  BOOST_TEST(contains(problem("2026-11-21 10:55:16,2026-11-21 10:55:23", ","), "bill:6: 完成时间: a row without a time"));
  std::string bytes = tradeBill();
  const auto at = bytes.find(gbk("下单测试"));
  bytes[at] = '\xFF';
  BOOST_TEST(contains(refusal(bytes), "bill:6: 商品名称: bytes that are no text"));
}

BOOST_AUTO_TEST_CASE(footersThatDoNotAgree) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"1笔", "2笔"}, {"80.00元", "80.01元"}, {"-8.00元", "8.00元"}, {"5.00元", "0.00元"}, {"-0.80元", "0.00元"}}) {
    BOOST_TEST(contains(refusal(tradeBill(payment + refund, mustChange(totals, from, to))), "the summary says"), from);
  }
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"1笔", "笔"}, {"80.00元", "80.0"}, {"80.00元", "八十元"}, {"1笔", "1.5笔"}}) {
    BOOST_TEST(
        contains(refusal(tradeBill(payment + refund, mustChange(totals, from, to))), "incomplete: its totals cannot be read"),
        from);
  }
  BOOST_TEST(contains(refusal(tradeBill(payment, "")), "incomplete: its totals are missing"));
  BOOST_TEST(contains(refusal(tradeBill(payment) + gbk(payment)), "incomplete: something follows the end"));
  BOOST_TEST(contains(refusal(tradeBill(payment) + "#x"), "incomplete: something follows the end"));
}

BOOST_AUTO_TEST_CASE(cutAnywhere) {
  for (const auto& whole : {tradeBill(), gbk(totalsBill), flowBill()}) {
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
      const std::string message = refusal(whole.substr(0, size));
      BOOST_TEST(contains(message, "incomplete"), size << ": " << message);
    }
  }
}

BOOST_AUTO_TEST_CASE(totalsOfTrades) {
  auto reader = readerOf(gbk(totalsBill));
  BOOST_TEST((reader.header().kind == BillKind::tradeTotals));
  const auto rows = rowsOf(reader);
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(
      rows[0] ==
      "line=6|storeId=s1|storeName=一店|paymentCount=1|refundCount=1|totalFee=79.20|receiptAmount=72.00|discountAmount=2.00|"
      "mdiscountAmount=4.20|cardAmount=0.00|fee=-0.43|royaltyAmount=0.00|netAmount=71.57|");
  BOOST_TEST(reader.summary().counts.size() == 2U);
  BOOST_TEST(reader.summary().amounts.size() == 8U);
  BOOST_TEST(reader.summary().agrees());
  for (const char* cell : {"合计,,3", "合计,,3,1", "89.20", "82.00", "-0.49", "81.51"}) {
    std::string wrong = cell;
    wrong.back() = wrong.back() == '7' ? '8' : '7';
    BOOST_TEST(contains(refusal(gbk(mustChange(totalsBill, cell, wrong))), "the summary says"), cell);
  }
  BOOST_TEST(contains(refusal(gbk(mustChange(totalsBill, "合计,,3,1,", "s3,,3,1,"))), "its row 合计 is missing"));
  BOOST_TEST(contains(refusal(gbk(mustChange(totalsBill, "s2\t,二店\t,2,", "合计\t,二店\t,2,"))), "bill:8: a row behind 合计"));
  BOOST_TEST(contains(refusal(gbk(mustChange(totalsBill, "s2\t,二店\t,2,", "s2\t,二店\t,2.5,"))),
                      "bill:7: 交易订单总笔数: no whole number"));
}

BOOST_AUTO_TEST_CASE(accounts) {
  auto reader = readerOf(flowBill());
  BOOST_TEST((reader.header().kind == BillKind::flow));
  const auto rows = rowsOf(reader);
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(rows[0] ==
             "line=6|platform=alipay|time=1795229723|direction=income|amount=88.00|balance=1088.00|flowId=411|"
             "transactionId=2026112122001458860515315453|businessType=交易付款|remark=备注|outTradeNo=service_1|body=季卡|"
             "buyerLogonId=602***@qq.com|channel=支付宝|");
  BOOST_TEST(contains(rows[1], "direction=expense|amount=0.48|"));
  BOOST_TEST(reader.summary().agrees());
  // The sign of expenses is printed or not.
  BOOST_TEST(rowsOf(flowBill(flowRows, mustChange(flowEnd, "共0.48", "共-0.48"))).size() == 2U);
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"支出合计：1", "支出合计：0"},
                                                                                 {"收入合计：1", "收入合计：2"},
                                                                                 {"0.48元", "0.49元"},
                                                                                 {"88.00元", "88.01元"},
                                                                                 {"88.00元", "-88.00元"}}) {
    BOOST_TEST(contains(refusal(flowBill(flowRows, mustChange(flowEnd, from, to))), "the summary says"), to);
  }
  BOOST_TEST(contains(refusal(flowBill(mustChange(flowRows, "88.00,0.00", "88.00,-1.00"))),
                      "bill:6: 收入金额(+元): neither an income nor"));
}

BOOST_AUTO_TEST_CASE(accountRowsOfNothing) {
  const std::string zero = "413\t,1\t,\t,,2026-11-21 10:55:25,,0.00,0.00,1087.52,支付宝,其他,\r\n";
  BOOST_TEST(rowsOf(flowBill(flowRows + zero)).size() == 3U);
  BOOST_TEST(rowsOf(flowBill(flowRows + zero, mustChange(flowEnd, "收入合计：1", "收入合计：2"))).size() == 3U);
  BOOST_TEST(
      contains(refusal(flowBill(flowRows + zero, mustChange(flowEnd, "收入合计：1", "收入合计：3"))), "the summary says 3"));
}

BOOST_AUTO_TEST_CASE(newerColumnsOfAccounts) {
  const std::string header = flowHead + ",业务描述,业务账单来源,业务订单号,业务基础订单号,还没有的列\r\n";
  const std::string row =
      "411\t,2026\t,service_1\t,季卡,2026-11-21 10:55:23,,88.00,,1088.00,支付宝,交易付款,备注,描述,商家中心,M{330},330,x\r\n";
  const std::string end = mustChange(mustChange(flowEnd, "支出合计：1", "支出合计：0"), "0.48", "0.00");
  const auto rows = rowsOf(gbk(header + row + end + exported));
  BOOST_REQUIRE_EQUAL(rows.size(), 1U);
  BOOST_TEST(contains(rows[0], "|businessName=描述|"));
  BOOST_TEST(contains(rows[0], "|billSource=商家中心|businessOrderNo=M{330}|businessBaseOrderNo=330|还没有的列=x|"));
}

BOOST_AUTO_TEST_CASE(totalsOfAccounts) {
  const std::string text =
      "#支付宝账务汇总查询\r\n#账号：[20880211096256330156]\r\n#-----账务汇总列表-----\r\n类型,收入笔数,收入金额（+元）,支出笔数,"
      "支出金额（-元）,总金额（元）\r\n"
      "在线支付,1,88.00,0,0.00,88.00\r\n收费,0,0.00,1,-0.48,-0.48\r\n合计,1,88.00,1,-0.48,87.52\r\n#-----账务汇总列表结束-----"
      "\r\n" +
      exported;
  const auto rows = rowsOf(gbk(text));
  BOOST_REQUIRE_EQUAL(rows.size(), 2U);
  BOOST_TEST(rows[1] == "line=6|netAmount=-0.48|businessType=收费|incomeCount=0|income=0.00|expenseCount=1|expense=-0.48|");
  BOOST_TEST(contains(refusal(gbk(mustChange(text, "-0.48,87.52", "-0.49,87.52"))),
                      "支出金额: the summary says -0.49, the rows give -0.48"));
}

BOOST_AUTO_TEST_CASE(archives) {
  const std::string bytes = zipOf({{gbk("20880211096256330156_20261121_业务明细.csv"), tradeBill()},
                                   {gbk("20880211096256330156_20261121_业务明细(汇总).csv"), gbk(totalsBill)}});
  const TemporaryFile file{bytes};
  BillReader trades{file.path()};
  BOOST_TEST(trades.header().entry == "20880211096256330156_20261121_业务明细.csv");
  BOOST_TEST(rowsOf(trades) == rowsOf(tradeBill()), boost::test_tools::per_element());
  BOOST_TEST(trades.bytesRead() == trades.bytesTotal().value());
  BillReader sums{file.path(), {.totals = true}};
  BOOST_TEST((sums.header().kind == BillKind::tradeTotals));
  BOOST_TEST(rowsOf(sums).size() == 2U);
  BillReader stream{std::make_unique<TextSource>(bytes, 100)};
  BOOST_TEST(rowsOf(stream).size() == 2U);
  const TemporaryFile accounts{
      zipOf({{gbk("2088_20261121_账务明细.csv"), flowBill()}, {gbk("2088_20261121_账务汇总.csv"), "x"}})};
  BillReader flows{accounts.path()};
  BOOST_TEST(rowsOf(flows).size() == 2U);
}

BOOST_AUTO_TEST_CASE(hostileArchives) {
  const std::string name = gbk("2088_20261121_业务明细.csv");
  const std::string whole = zipOf({{name, tradeBill()}});
  for (std::size_t size = 0; size < whole.size(); size += 3) {
    const std::string message = refusal(whole.substr(0, size));
    BOOST_TEST((contains(message, "incomplete") || contains(message, "zip: ")), size << ": " << message);
  }
  BOOST_TEST(contains(refusal(zipOf({{name, tradeBill(), 1}})), "encrypted"));
  BOOST_TEST(contains(refusal(zipOf({{"../" + name, tradeBill()}})), "leaves its folder"));
  BOOST_TEST(
      contains(refusal(zipOf({{name, tradeBill()}, {gbk("另一个明细.csv"), tradeBill()}})), "one file of rows is expected"));
  BOOST_TEST(contains(refusal(zipOf({{name, tradeBill()}}), {.totals = true}), "one file of totals is expected"));
  BOOST_TEST(contains(refusal(zipOf({{name, std::string(64UL << 20, 'x')}})), "refused as a zip bomb"));
  BOOST_TEST(contains(refusal(zipOf({{name, tradeBill(), 0, 8, 1}})), "incomplete or damaged"));
  BOOST_TEST(contains(refusal(zipOf({{name, mustChange(tradeBill(), ",88.00,", ",88.0x,")}}), {.name = "a.zip"}),
                      "a.zip/2088_20261121_业务明细.csv:6: "));
}

BOOST_AUTO_TEST_CASE(filesThatCannotBeRead) {
  BOOST_CHECK_EXCEPTION(BillReader{"no/such/file.csv"}, openapi::Error, [](const auto& error) {
    return error.errc() == Errc::invalidArgument && contains(error.what(), "cannot open no/such/file.csv: No such file");
  });
  BOOST_CHECK_THROW(BillReader{std::filesystem::temp_directory_path()}, openapi::Error);
}

BOOST_AUTO_TEST_SUITE_END()
