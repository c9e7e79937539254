// Refunds at the local WeChat Pay.
#include "weixin_bench.hpp"

#include <crypto/aes.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace weixin_bench;
using std::chrono::days;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(weixin_refunds)

BOOST_AUTO_TEST_CASE(refunds_need_the_certificate) {
  Bench bench;
  auto request = Bench::request("/secapi/pay/refund", bench.body({{"out_trade_no", "R1"}}));
  request.clientCertificate.clear();
  request.clientName.clear();
  const auto answer = bench.send(request);
  BOOST_TEST(answer.reply.status == 400);
  BOOST_TEST(answer.reply.body.find("No required SSL certificate was sent") != std::string::npos);
  const auto full = Params{{"out_trade_no", "R1"}, {"out_refund_no", "1"}, {"total_fee", "1"}, {"refund_fee", "1"}};
  auto stranger = Bench::request("/secapi/pay/refund", bench.body(full));
  stranger.clientName = "10000999";
  checkUnsigned(bench.send(stranger), "商户证书与商户号不匹配");
}

BOOST_AUTO_TEST_CASE(refund_rules) {
  Bench bench;
  checkRefused(bench, bench.refund("F1", "FR1", "100", "1"), "ORDERNOTEXIST");
  static_cast<void>(bench.create("F1"));
  checkRefused(bench, bench.refund("F1", "FR1", "100", "1"), "ORDERNOTEXIST");
  const auto paid = bench.pay("F1");
  const auto transactionId = *paid.find("transactionId")->string();
  checkUnsigned(bench.refund("F1", "FR1", "100", "101"), "invalid refund_fee");
  checkUnsigned(bench.refund("F1", "FR1", "100", "0"), "invalid refund_fee");
  checkUnsigned(bench.refund("F1", "FR 1", "100", "1"), "invalid out_refund_no");
  checkUnsigned(bench.refund("F1", "FR1", "100", "1", {{"refund_desc", std::string(81, 'x')}}), "refund_desc参数长度有误");
  checkRefused(bench, bench.refund("F1", "FR1", "200", "1"), "REFUND_FEE_MISMATCH");
  checkRefused(bench, bench.refund("", "FR1", "100", "1", {{"transaction_id", "12"}}), "INVALID_TRANSACTIONID");
  checkRefused(bench, bench.refund("F1", "FR1", "100", "1", {{"refund_account", "MINE"}}), "PARAM_ERROR");
  const auto first = bench.refund("", "FR1", "100", "30", {{"transaction_id", transactionId}});
  BOOST_TEST(first["result_code"] == "SUCCESS");
  BOOST_TEST(first["refund_id"].size() == 29U);
  BOOST_TEST(first["cash_refund_fee"] == "30");
  BOOST_TEST(first.fields.contains("refund_channel"));
  BOOST_TEST(bench.verifies(first.fields));
  const auto same = bench.refund("F1", "FR1", "100", "30");
  BOOST_TEST(same["refund_id"] == first["refund_id"]);
  checkRefused(bench, bench.refund("F1", "FR1", "100", "31"), "REFUND_FEE_MISMATCH");
  checkRefused(bench, bench.refund("F1", "FR2", "100", "71"), "INVALID_REQUEST", "refund_fee大于可退金额");
  BOOST_TEST(bench.call("/pay/orderquery", {{"out_trade_no", "F1"}})["trade_state"] == "REFUND");
  BOOST_TEST(bench.refund("F1", "FR2", "100", "70")["result_code"] == "SUCCESS");
  checkRefused(bench, bench.refund("F1", "FR3", "100", "1"), "ERROR", "订单已全额退款");
  BOOST_TEST(bench.platform->refunds().array()->size() == 2U);
  bench.createPaid("F2");
  checkRefused(bench, bench.refund("F2", "FR1", "100", "30"), "REFUND_FEE_MISMATCH");
  bench.advance(days{366});
  checkRefused(bench, bench.refund("F2", "FR9", "100", "1"), "TRADE_OVERDUE");
}

BOOST_AUTO_TEST_CASE(fifty_refunds_and_pages_of_them) {
  Bench bench;
  bench.createPaid("G1", "1000");
  for (int i = 0; i < 50; ++i) BOOST_TEST(bench.refund("G1", "GR" + std::to_string(i), "1000", "1")["result_code"] == "SUCCESS");
  checkRefused(bench, bench.refund("G1", "GR50", "1000", "1"), "ERROR");
  const auto first = bench.call("/pay/refundquery", {{"out_trade_no", "G1"}});
  BOOST_TEST(first["refund_count"] == "20");
  BOOST_TEST(first["total_refund_count"] == "50");
  const auto last = bench.call("/pay/refundquery", {{"out_trade_no", "G1"}, {"offset", "40"}});
  BOOST_TEST(last["refund_count"] == "10");
  BOOST_TEST(last["out_refund_no_0"] == "GR40");
  BOOST_TEST(last["out_refund_no_9"] == "GR49");
  checkRefused(bench, bench.call("/pay/refundquery", {{"out_trade_no", "G1"}, {"offset", "50"}}), "REFUNDNOTEXIST");
}

BOOST_AUTO_TEST_CASE(refund_queries_and_their_priority) {
  Bench bench;
  bench.createPaid("H1");
  bench.createPaid("H2");
  checkUnsigned(bench.call("/pay/refundquery", {}), "缺少参数 out_trade_no");
  checkRefused(bench, bench.call("/pay/refundquery", {{"out_trade_no", "H1"}}), "REFUNDNOTEXIST");
  checkRefused(bench, bench.call("/pay/refundquery", {{"transaction_id", "x"}}), "INVALID_TRANSACTIONID");
  const auto one = bench.refund("H1", "HR1", "100", "10");
  static_cast<void>(bench.refund("H2", "HR2", "100", "20"));
  const auto query =
      bench.call("/pay/refundquery", {{"refund_id", one["refund_id"]}, {"out_refund_no", "HR2"}, {"out_trade_no", "H2"}});
  BOOST_TEST(query["out_refund_no_0"] == "HR1");
  BOOST_TEST(query["refund_status_0"] == "PROCESSING");
  BOOST_TEST(!query.fields.contains("refund_success_time_0"));
  BOOST_TEST(bench.call("/pay/refundquery", {{"out_refund_no", "HR2"}, {"out_trade_no", "H1"}})["refund_fee_0"] == "20");
  bench.advance(seconds{1});
  const auto done = bench.call("/pay/refundquery", {{"out_refund_no", "HR1"}});
  BOOST_TEST(done["refund_status_0"] == "SUCCESS");
  BOOST_TEST(done["refund_success_time_0"] == "2026-11-20 12:00:01");
  BOOST_TEST(done["refund_recv_accout_0"] == "支付用户零钱");
}

BOOST_AUTO_TEST_CASE(refund_notifications_are_sealed) {
  Bench bench;
  bench.createPaid("K1");
  bench.notifier.runDue();
  bench.sent.clear();
  static_cast<void>(
      bench.refund("K1", "KR1", "100", "40", {{"notify_url", "http://127.0.0.1:1/refund?x=1"}, {"refund_desc", "缺货"}}));
  bench.notifier.runDue();
  BOOST_TEST(bench.sent.empty());
  bench.advance(seconds{1});
  BOOST_REQUIRE(bench.sent.size() == 1U);
  const auto outer = readXml(bench.sent[0].body);
  BOOST_TEST(!outer.contains("sign"));
  // md5("192006250b4c09247ec02edce69f6a2d") by openssl.
  const auto inner =
      crypto::decryptAes256Ecb(codec::toLowerHex(crypto::md5(bench.key)), *codec::fromBase64(outer.at("req_info")));
  BOOST_REQUIRE(inner.has_value());
  const auto fields = readXml(*inner, "root");
  BOOST_TEST(fields.at("out_refund_no") == "KR1");
  BOOST_TEST(fields.at("refund_fee") == "40");
  BOOST_TEST(fields.at("refund_status") == "SUCCESS");
  BOOST_TEST(fields.at("success_time") == "2026-11-20 12:00:01");
  BOOST_TEST(fields.at("refund_recv_accout") == "支付用户零钱");
  BOOST_TEST(fields.at("refund_request_source") == "API");
}

BOOST_AUTO_TEST_CASE(refunds_that_end_badly) {
  Bench bench;
  bench.createPaid("L1");
  BOOST_TEST(controlStatus([&] {
               bench.platform->extra("/refundresult", Fields{{"outTradeNo", "L1"}, {"status", "LOST"}});
             }) == 400);
  BOOST_TEST(controlStatus([&] {
               bench.platform->extra("/refundresult", Fields{{"outTradeNo", "L0"}, {"status", "CHANGE"}});
             }) == 404);
  BOOST_TEST(controlStatus([&] { bench.platform->extra("/nothing", Fields{}); }) == 404);
  bench.platform->extra("/refundresult", Fields{{"outTradeNo", "L1"}, {"status", "REFUNDCLOSE"}});
  static_cast<void>(bench.refund("L1", "LR1", "100", "100"));
  checkRefused(bench, bench.refund("L1", "LR2", "100", "1"), "ERROR");
  bench.advance(seconds{1});
  BOOST_TEST(bench.call("/pay/refundquery", {{"out_refund_no", "LR1"}})["refund_status_0"] == "REFUNDCLOSE");
  bench.platform->extra("/refundresult", Fields{{"outTradeNo", "L1"}, {"status", "CHANGE"}});
  BOOST_TEST(bench.refund("L1", "LR2", "100", "100")["result_code"] == "SUCCESS");
  bench.advance(seconds{1});
  BOOST_TEST(bench.call("/pay/refundquery", {{"out_refund_no", "LR2"}})["refund_status_0"] == "CHANGE");
}

BOOST_AUTO_TEST_CASE(an_empty_account_refunds_nothing) {
  Bench bench;
  bench.createPaid("M1", "10000");
  BOOST_TEST(controlStatus([&] { bench.platform->extra("/withdraw", Fields{{"amount", 9941}}); }) == 409);
  BOOST_TEST(controlStatus([&] { bench.platform->extra("/withdraw", Fields{}); }) == 400);
  const auto left = bench.platform->extra("/withdraw", Fields{{"amount", 9000}});
  BOOST_TEST(*left.find("balance")->integer() == 940);  // 100.00 less 0.60 % and 90.00
  checkRefused(bench, bench.refund("M1", "MR1", "10000", "10000"), "NOTENOUGH");
  BOOST_TEST(bench.platform->refunds().array()->empty());
  bench.createPaid("M2", "10000");
  BOOST_TEST(bench.refund("M1", "MR1", "10000", "10000")["result_code"] == "SUCCESS");
}

BOOST_AUTO_TEST_SUITE_END()
