// Refunds at the local Alipay.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace alipay_bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(alipay_refunds)

BOOST_AUTO_TEST_CASE(partial_refunds_add_up_and_close_the_trade) {
  Bench bench;
  bench.trade("R1", "10.00", {{"notify_url", "http://127.0.0.1/n"}});
  const auto refund = [&](const std::string& yuan, const std::string& number) {
    return bench.call("alipay.trade.refund", refundBiz("R1", yuan, number));
  };
  const auto first = refund("3.00", "r1");
  accepted(first);
  BOOST_TEST(first["fund_change"] == "Y");
  BOOST_TEST(first["refund_fee"] == "3.00");
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("R1"))["trade_status"] == "TRADE_SUCCESS");
  const auto again = refund("3", "r1");
  accepted(again);
  BOOST_TEST(again["fund_change"] == "N");
  BOOST_TEST(again["refund_fee"] == "3.00");
  refused(refund("3.01", "r1"), "40004", "ACQ.DISCORDANT_REPEAT_REQUEST");
  refused(refund("7.00", ""), "40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
  const auto tooMuch = refund("7.01", "r2");
  refused(tooMuch, "40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR");
  BOOST_TEST(tooMuch["refund_fee"] == "0.00");
  const auto last = refund("7.00", "r2");
  BOOST_TEST(last["fund_change"] == "Y");
  BOOST_TEST(last["refund_fee"] == "10.00");
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("R1"))["trade_status"] == "TRADE_CLOSED");
  BOOST_TEST(refund("7.00", "r2")["fund_change"] == "N");
  refused(refund("1.00", "r3"), "40004", "ACQ.TRADE_HAS_CLOSE");
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 3U);
  const Notice partial{bench.sent[1].body};
  BOOST_TEST(partial["trade_status"] == "TRADE_SUCCESS");
  BOOST_TEST(partial["refund_fee"] == "3.00");
  BOOST_TEST(partial["out_biz_no"] == "r1");
  BOOST_TEST(partial["gmt_refund"] == "2026-11-20 12:00:00.0");
  BOOST_TEST(partial.verify(bench.alipayKey));
  const Notice full{bench.sent[2].body};
  BOOST_TEST(full["trade_status"] == "TRADE_CLOSED");
  BOOST_TEST(full["refund_fee"] == "10.00");
  BOOST_TEST(full["gmt_close"] == "2026-11-20 12:00:00");
  BOOST_TEST(full.verify(bench.alipayKey));
}

BOOST_AUTO_TEST_CASE(refunds_depend_on_the_state) {
  Bench bench;
  const auto missing = bench.call("alipay.trade.refund", refundBiz("none", "1", "r"));
  refused(missing, "40004", "ACQ.TRADE_NOT_EXIST");
  BOOST_TEST(missing["refund_fee"] == "0.00");
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("S1", "1")));
  refused(bench.call("alipay.trade.refund", refundBiz("S1", "1", "r")), "40004", "ACQ.TRADE_STATUS_ERROR");
  accepted(bench.call("alipay.trade.close", byNumber("S1")));
  refused(bench.call("alipay.trade.refund", refundBiz("S1", "1", "r")), "40004", "ACQ.TRADE_HAS_CLOSE");
  for (const auto bad : {"0", "-1", "1.001", "x"}) {
    refused(bench.call("alipay.trade.refund", refundBiz("S1", bad, "r")), "40004", "ACQ.INVALID_PARAMETER");
  }
  bench.trade("S2", "1", {{"notify_url", "http://127.0.0.1/n"}});
  const auto whole =
      bench.call("alipay.trade.refund", R"({"out_trade_no":"S2","refund_amount":1,"refund_reason":"r","send_back_fee":null,)"
                                        R"("goods_detail":[],"query_options":["refund_detail_item_list"]})");
  accepted(whole);
  BOOST_TEST(whole["refund_detail_item_list"] == R"([{"amount":"1.00","fund_channel":"ALIPAYACCOUNT"}])");
  bench.trade("S3", "1", {{"notify_url", "http://127.0.0.1/n"}});
  bench.notifier.runDue();
  bench.sent.clear();
  bench.advance(90 * 24h);
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("S3"))["trade_status"] == "TRADE_FINISHED");
  refused(bench.call("alipay.trade.refund", refundBiz("S3", "1", "r")), "40004", "ACQ.TRADE_HAS_FINISHED");
  refused(bench.call("alipay.trade.cancel", byNumber("S3")), "40004", "ACQ.TRADE_HAS_FINISHED");
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 1U);
  const Notice finished{bench.sent[0].body};
  BOOST_TEST(finished["trade_status"] == "TRADE_FINISHED");
  BOOST_TEST(finished.verify(bench.alipayKey));
}

BOOST_AUTO_TEST_CASE(refund_queries) {
  Bench bench;
  bench.trade("Y1", "5");
  accepted(bench.call("alipay.trade.refund",
                      R"({"out_trade_no":"Y1","refund_amount":"2","out_request_no":"r1","refund_reason":"正常退款"})"));
  const auto query = [&](const std::string& biz) { return bench.call("alipay.trade.fastpay.refund.query", biz); };
  const auto found = query(R"({"out_trade_no":"Y1","out_request_no":"r1"})");
  accepted(found);
  BOOST_TEST(found["refund_status"] == "REFUND_SUCCESS");
  BOOST_TEST(found["refund_amount"] == "2.00");
  BOOST_TEST(found["total_amount"] == "5.00");
  BOOST_TEST(found["refund_reason"] == "正常退款");
  BOOST_TEST(!found.has("gmt_refund_pay"));
  const auto more =
      query(R"({"out_trade_no":"Y1","out_request_no":"r1","query_options":["gmt_refund_pay","refund_detail_item_list"]})");
  BOOST_TEST(more["gmt_refund_pay"] == "2026-11-20 12:00:00");
  BOOST_TEST(more["send_back_fee"] == "2.00");
  const auto unknown = query(R"({"out_trade_no":"Y1","out_request_no":"r2"})");
  accepted(unknown);
  BOOST_TEST(unknown.raw == R"({"code":"10000","msg":"Success"})");
  refused(query(R"({"out_trade_no":"none","out_request_no":"r2"})"), "40004", "ACQ.TRADE_NOT_EXIST");
  refused(query(R"({"out_trade_no":"Y1"})"), "40004", "ACQ.INVALID_PARAMETER");
}

BOOST_AUTO_TEST_SUITE_END()
