// The local Alipay on command: faults, forgeries, what the control server shows, what stays in the database.
#include "alipay_bench.hpp"

#include <crypto/random.hpp>
#include <gateways/faults.hpp>
#include <openapi/error.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

using namespace alipay_bench;

BOOST_AUTO_TEST_SUITE(alipay_faults)

BOOST_AUTO_TEST_CASE(faults_of_the_control_server) {
  Bench bench;
  Faults faults;
  bench.trade("Z1", "1");
  const auto ask = [&] {
    return answer(bench.platform, faults, Bench::request(bench.signedParams(bench.params("alipay.trade.query", byNumber("Z1")))));
  };
  const auto with = [&](const std::string& path, const std::string& errCode, const std::string& errMsg = {}) {
    Fields fault{{"path", path}, {"fault", "errorCode"}, {"errCode", errCode}};
    if (!errMsg.empty()) fault.append("errMsg", errMsg);
    faults.add(fault);
    return bench.read(ask());
  };
  const auto busy = with("alipay.trade.query", "20000");
  refused(busy, "20000", "aop.ACQ.SYSTEM_ERROR");
  BOOST_TEST(busy.verified);
  BOOST_TEST(busy["sub_msg"] == "系统异常");
  refused(with("/gateway.do", "ACQ.SYSTEM_ERROR"), "40004", "ACQ.SYSTEM_ERROR");
  refused(with("/gateway.do", "isv.app-call-limited"), "40005", "isv.app-call-limited");
  refused(with("/gateway.do", "isp.unknow-error"), "20000", "isp.unknow-error");
  refused(with("/gateway.do", "ACQ.ANYTHING", "说明"), "40004", "ACQ.ANYTHING");
  BOOST_TEST(with("/gateway.do", "10003")["msg"] == "order success pay inprocess");
  faults.add(Fields{{"path", "alipay.trade.query"}, {"fault", "badSignature"}});
  const auto spoiled = bench.read(ask());
  BOOST_TEST(spoiled["code"] == "10000");
  BOOST_TEST(spoiled.hasSign);
  BOOST_TEST(!spoiled.verified);
  accepted(bench.read(ask()));
}

BOOST_AUTO_TEST_CASE(unusual_answers) {
  Bench bench;
  bench.trade("W1", "1");
  const auto ask = [&](const std::string& shape) {
    bench.platform.extra("/answers", Fields{{"shape", shape}});
    return bench.platform.handle(Bench::request(bench.signedParams(bench.params("alipay.trade.query", byNumber("W1")))));
  };
  const std::string root = "\"alipay_trade_query_response\"";
  BOOST_TEST(ask("signFirst").body.starts_with(R"({"sign":")"));
  accepted(bench.read(ask("signFirst")));
  BOOST_TEST(ask("whiteSpace").body.starts_with("{" + root + " : {"));
  accepted(bench.read(ask("whiteSpace")));
  const auto forgedAfter = ask("duplicateAfterSign").body;
  BOOST_TEST(forgedAfter.rfind(root) > forgedAfter.find("\"sign\""));
  BOOST_CHECK_THROW(static_cast<void>(codec::topLevelMembers(forgedAfter)), Error);
  const auto forgedBefore = ask("duplicateBeforeSign").body;
  BOOST_TEST(forgedBefore.find(root) != forgedBefore.rfind(root));
  BOOST_TEST(forgedBefore.rfind(root) < forgedBefore.find("\"sign\""));
  BOOST_TEST(!bench.read(ask("noSign")).hasSign);
  BOOST_TEST(contains(ask("emptySign").body, R"("sign":""})"));
  BOOST_TEST(bench.read(ask("errorResponse")).root == "error_response");
  BOOST_TEST(bench.read(ask("nullResponse")).root == "null_response");
  const auto nested = bench.read(ask("nestedNames"));
  accepted(nested);
  BOOST_TEST(contains(nested.raw, R"("ext_infos":{"alipay_trade_query_response":{)"));
  accepted(bench.read(ask("braces")));
  BOOST_TEST(ask("html").body.starts_with("<!DOCTYPE html>"));
  const auto cut = ask("truncated").body;
  BOOST_CHECK_THROW(static_cast<void>(codec::topLevelMembers(cut)), Error);
  accepted(bench.call("alipay.trade.query", byNumber("W1")));
  BOOST_TEST(statusOf([&] { bench.platform.extra("/answers", Fields{{"shape", "round"}}); }) == 400);
  BOOST_TEST(statusOf([&] { bench.platform.extra("/elsewhere", Fields{}); }) == 404);
  bench.platform.knobs().errCheckLinks = true;
  const auto linked = bench.call("alipay.trade.query", byNumber("none"));
  BOOST_TEST(contains(linked["sub_msg"], "，解决方案：https://open.alipay.com/api/errCheck?traceId="));
  BOOST_TEST(linked.verified);
}

BOOST_AUTO_TEST_CASE(orders_and_refunds_in_json) {
  Bench bench;
  bench.trade("J1", "12.34", {{"notify_url", "http://127.0.0.1/n"}});
  accepted(bench.call("alipay.trade.refund", refundBiz("J1", "2.34", "r1")));
  accepted(bench.call("alipay.trade.precreate", R"({"out_trade_no":"J2","total_amount":"1","subject":"s"})"));
  const auto orders = bench.platform.orders();
  const auto& first = orders.array()->at(0);
  BOOST_TEST(*member(first, "provider").string() == "alipay");
  BOOST_TEST(*member(first, "totalFee").integer() == 1234);
  BOOST_TEST(*member(first, "refundFee").integer() == 234);
  BOOST_TEST(*member(orders.array()->at(1), "tradeState").string() == "NOT_OPENED");
  const auto refunds = bench.platform.refunds();
  const auto& refund = refunds.array()->at(0);
  BOOST_TEST(*member(refund, "outRefundNo").string() == "r1");
  BOOST_TEST(*member(refund, "refundFee").integer() == 234);
  BOOST_TEST(*member(refund, "outTradeNo").string() == "J1");
}

BOOST_AUTO_TEST_CASE(state_survives_in_the_database) {
  const auto file = (std::filesystem::temp_directory_path() / ("alipay-state-" + crypto::randomText(12))).string();
  std::string tradeNo;
  const auto run = [&](const auto& use) {
    Database database{file};
    Clock clock{[] { return *parseReadableTime("2026-11-20 12:00:00"); }};
    Notifier notifier{clock, database, 1, [](const NotifyAttempt&, auto) {}};
    alipay::AlipayPlatform platform{goldenIdentity(), {clock, database, notifier}};
    use(platform);
  };
  Bench bench;
  run([&](Platform& platform) {
    const auto request = Bench::request(bench.signedParams(bench.params("alipay.trade.create", Bench::orderBiz("DB1", "1"))));
    tradeNo = bench.read(platform.handle(request))["trade_no"];
  });
  run([&](Platform& platform) {
    BOOST_TEST(*member(platform.pay(Fields{{"outTradeNo", "DB1"}}), "transactionId").string() == tradeNo);
  });
  for (const auto suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
}

BOOST_AUTO_TEST_SUITE_END()
