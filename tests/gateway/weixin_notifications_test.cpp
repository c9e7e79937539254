// Notifications of the local WeChat Pay.
#include "weixin_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <tuple>
#include <vector>

using namespace weixin_bench;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(weixin_notifications)

BOOST_AUTO_TEST_CASE(payment_notifications) {
  Bench bench;
  bench.createPaid("T1");
  BOOST_TEST(bench.sent.empty());
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 1U);
  BOOST_TEST(bench.sent[0].url == "http://127.0.0.1:1/notify");
  const auto fields = readXml(bench.sent[0].body);
  BOOST_TEST(!fields.contains("sign_type"));
  BOOST_TEST(fields.at("result_code") == "SUCCESS");
  BOOST_TEST(fields.at("total_fee") == "100");
  BOOST_TEST(fields.at("out_trade_no") == "T1");
  BOOST_TEST(bench.verifies(fields));

  static_cast<void>(bench.call("/pay/unifiedorder", Bench::order("T2"), true));
  static_cast<void>(bench.pay("T2"));
  static_cast<void>(bench.call("/pay/unifiedorder", Bench::order("T3"), true));
  bench.platform->pay(Fields{{"outTradeNo", "T3"}, {"notifySignType", "MD5"}, {"notifyTimes", 3}});
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 5U);
  BOOST_TEST(bench.verifies(readXml(bench.sent[1].body), true));
  BOOST_TEST(bench.verifies(readXml(bench.sent[4].body), false));
  BOOST_TEST(bench.sent[2].body == bench.sent[4].body);
  BOOST_TEST(controlStatus([&] { bench.platform->pay(Fields{{"outTradeNo", "T1"}, {"notifyTimes", 0}}); }) == 400);
}

BOOST_AUTO_TEST_CASE(the_schedule_is_the_documented_one) {
  Bench bench;
  const std::string ack = bench.merchantAnswer.body;
  bench.merchantAnswer = {200, "<xml><return_code><![CDATA[FAIL]]></return_code></xml>", ""};
  bench.createPaid("D1");
  bench.notifier.runDue();
  const std::vector<int> waits{15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    BOOST_TEST(bench.sent.size() == i + 1);
    bench.advance(seconds{waits[i]} - std::chrono::milliseconds{1});
    BOOST_TEST(bench.sent.size() == i + 1);
    bench.advance(std::chrono::milliseconds{1});
  }
  BOOST_TEST(bench.sent.size() == 16U);
  BOOST_TEST(!bench.notifier.nextDue().has_value());
  const auto list = bench.notifier.list();
  BOOST_TEST(list.array()->at(0).find("attempts")->array()->size() == 16U);
  BOOST_TEST(!*list.array()->at(0).find("delivered")->boolean());
  bench.merchantAnswer.body = ack;
  BOOST_TEST(bench.notifier.repeat("D1", "", {.times = 2}) == 1);
  bench.notifier.runDue();
  BOOST_TEST(bench.sent.size() == 18U);
  BOOST_TEST(*bench.notifier.list().array()->at(0).find("delivered")->boolean());
}

BOOST_AUTO_TEST_CASE(what_counts_as_an_acknowledgement) {
  const std::vector<std::tuple<int, std::string, bool>> cases{
      {200, "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>", true},
      {200, "<xml><return_code>SUCCESS</return_code></xml>", true},
      {500, "<xml><return_code>SUCCESS</return_code></xml>", false},
      {0, "<xml><return_code>SUCCESS</return_code></xml>", false},
      {200, "<xml><return_code><![CDATA[FAIL]]></return_code></xml>", false},
      {200, "<xml><return_code>success</return_code></xml>", false},
      {200, "SUCCESS", false},
      {200, "<root><return_code>SUCCESS</return_code></root>", false},
      {200, "<xml><return_code>SUCCESS</return_code>", false},
      {200, "", false}};
  for (const auto& [status, body, delivered] : cases) {
    BOOST_TEST_CONTEXT(status << " " << body) {
      Bench bench;
      bench.merchantAnswer = {status, body, ""};
      bench.createPaid("A1");
      bench.notifier.runDue();
      BOOST_TEST(*bench.notifier.list().array()->at(0).find("delivered")->boolean() == delivered);
      BOOST_TEST(bench.notifier.nextDue().has_value() == !delivered);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
