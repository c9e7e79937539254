// Notifications of the local Alipay.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <tuple>
#include <vector>

using namespace alipay_bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(alipay_notifications)

BOOST_AUTO_TEST_CASE(payment_notifications_look_like_the_real_ones) {
  Bench bench;
  const auto biz =
      R"({"out_trade_no":"N1","total_amount":"0.10","subject":"a+b%20 100% & = 中文 \"q\" ~*","body":"b","buyer_id":)"
      R"("2088102146225135","passback_params":"merchantBizType%3d3C%26x"})";
  accepted(bench.call("alipay.trade.create", biz, {{"notify_url", "http://127.0.0.1/n?own=1"}}));
  BOOST_TEST(bench.sent.empty());
  bench.platform.pay(Fields{{"outTradeNo", "N1"}});
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 1U);
  BOOST_TEST(bench.sent[0].url == "http://127.0.0.1/n?own=1");
  const auto& body = bench.sent[0].body;
  BOOST_TEST(contains(body, "&subject=a%2Bb%2520+100%25+%26+%3D+%E4%B8%AD%E6%96%87+%22q%22+%7E*&"));
  const Notice notice{body};
  BOOST_TEST(notice.verify(bench.alipayKey));
  BOOST_TEST(notice["passback_params"] == "merchantBizType%3d3C%26x");
  BOOST_TEST(notice["fund_bill_list"] == R"([{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}])");
  BOOST_TEST(notice["trade_status"] == "TRADE_SUCCESS");
  BOOST_TEST(notice["seller_id"] == bench.identity.sellerId);
  BOOST_TEST(notice["app_id"] == bench.identity.appId);
  BOOST_TEST(notice["notify_id"].size() == 34U);
  BOOST_TEST(notice["notify_id"].starts_with("2026112000222120000"));
  std::vector<std::string> names;
  for (const auto& [name, value] : notice.fields) names.push_back(name);
  const std::vector<std::string> order{
      "gmt_create",   "charset",          "gmt_payment",    "notify_time", "subject",     "sign",           "buyer_id",
      "body",         "passback_params",  "invoice_amount", "version",     "notify_id",   "fund_bill_list", "notify_type",
      "out_trade_no", "total_amount",     "trade_status",   "trade_no",    "auth_app_id", "receipt_amount", "point_amount",
      "app_id",       "buyer_pay_amount", "sign_type",      "seller_id"};
  BOOST_TEST(names == order, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(notifications_go_on_until_success) {
  Bench bench;
  bench.merchantAnswer = {200, "Success", ""};
  bench.trade("N2", "1", {{"notify_url", "http://127.0.0.1/n"}});
  bench.notifier.runDue();
  BOOST_TEST(bench.sent.size() == 1U);
  const std::vector<std::chrono::milliseconds> schedule{4min, 10min, 10min, 1h, 2h, 6h, 15h};
  std::size_t expected = 1;
  for (const auto wait : schedule) {
    bench.advance(wait - 1s);
    BOOST_TEST(bench.sent.size() == expected);
    bench.advance(1s);
    BOOST_TEST(bench.sent.size() == ++expected);
  }
  bench.advance(1000h);
  BOOST_TEST(bench.sent.size() == 8U);
  const Notice first{bench.sent.front().body};
  const Notice last{bench.sent.back().body};
  BOOST_TEST(first["notify_id"] == last["notify_id"]);
  BOOST_TEST(first["notify_time"] == "2026-11-20 12:00:00");
  BOOST_TEST(last["notify_time"] == "2026-11-21 12:24:00");
  BOOST_TEST(last.verify(bench.alipayKey));
  for (const auto& [status, body, attempts] : std::vector<std::tuple<int, std::string, std::size_t>>{{200, "success", 1},
                                                                                                     {200, "success\n", 2},
                                                                                                     {200, "SUCCESS", 2},
                                                                                                     {500, "success", 2},
                                                                                                     {200, "", 2},
                                                                                                     {302, "success", 2}}) {
    Bench other;
    other.merchantAnswer = {status, body, ""};
    other.trade("N3", "1", {{"notify_url", "http://127.0.0.1/n"}});
    other.notifier.runDue();
    other.advance(4min);
    BOOST_TEST_CONTEXT(status << body) { BOOST_TEST(other.sent.size() == attempts); }
  }
}

BOOST_AUTO_TEST_CASE(without_a_notify_url_nothing_is_sent) {
  Bench bench;
  bench.trade("N4", "1");
  bench.notifier.runDue();
  BOOST_TEST(bench.sent.empty());
  Bench other;
  accepted(other.call("alipay.trade.create", Bench::orderBiz("N6", "1"), {{"notify_url", "http://127.0.0.1/n"}}));
  other.platform.pay(Fields{{"outTradeNo", "N6"}, {"notifyTimes", 3}});
  other.notifier.runDue();
  BOOST_TEST(other.sent.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
