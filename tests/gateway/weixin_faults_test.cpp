// The local WeChat Pay on command: the platform's own sandbox, request rates, faults.
#include "weixin_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace weixin_bench;
using std::chrono::days;
using std::chrono::minutes;

BOOST_AUTO_TEST_SUITE(weixin_faults)

BOOST_AUTO_TEST_CASE(the_platforms_own_sandbox) {
  Bench bench;
  const auto realKey = bench.key;
  const auto path = std::string{"/sandboxnew/pay/getsignkey"};
  checkUnsigned(bench.call("/sandboxnew/pay/unifiedorder", Bench::order("U1", "101")),
                "沙箱验证签名失败，请确认沙箱签名key是否正确（通过getsignkey调用生成）");
  BOOST_TEST(bench.send(Bench::request(path, "<xml><a>1</a></xml>"))["return_msg"] ==
             "\"mch_id\" is required. \"sign\" is required. \"nonce_str\" is required.");
  bench.mchId = "1";
  BOOST_TEST(bench.call(path, {})["retcode"] == "1");
  bench.mchId = "10000100";
  Params ask{{"mch_id", bench.mchId}, {"nonce_str", "n"}, {"sign", "00"}};
  checkUnsigned(bench.send(Bench::request(path, handXml(ask))), "签名错误");
  ask["sign"] = handSign(ask, realKey);
  const auto key = bench.send(Bench::request(path, handXml(ask)))["sandbox_signkey"];
  BOOST_TEST(key.size() == 32U);
  BOOST_TEST(bench.send(Bench::request(path, handXml(ask)))["sandbox_signkey"] == key);
  bench.key = key;
  checkUnsigned(bench.call("/sandboxnew/pay/unifiedorder", Bench::order("U1", "100")),
                "沙箱支付金额(100)无效,请检查需要验收的case");
  const auto order = bench.call("/sandboxnew/pay/unifiedorder", Bench::order("U1", "101"));
  BOOST_TEST(order["result_code"] == "SUCCESS");
  BOOST_TEST(order["device_info"] == "sandbox");
  BOOST_TEST(order["err_code"] == "SUCCESS");
  BOOST_TEST(order.fields.contains("appid"));
  BOOST_TEST(bench.verifies(order.fields));
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 1U);
  BOOST_TEST(bench.verifies(readXml(bench.sent[0].body)));
  const auto query = bench.call("/sandboxnew/pay/orderquery", {{"out_trade_no", "U1"}});
  BOOST_TEST(query["trade_state"] == "SUCCESS");
  BOOST_TEST(query["openid"] == "sandboxopenid");
  BOOST_TEST(!query.fields.contains("appid"));
  const Params refund{{"out_trade_no", "U1"}, {"out_refund_no", "UR1"}, {"total_fee", "101"}, {"refund_fee", "101"}};
  BOOST_TEST((bench.call("/sandboxnew/secapi/pay/refund", refund).reply.fault == TransportFault::dropConnection));
  BOOST_TEST(bench.call("/sandboxnew/pay/refund", refund)["result_code"] == "SUCCESS");
  BOOST_TEST(bench.call("/sandboxnew/pay/refundquery", {{"out_trade_no", "U1"}})["refund_status_0"] == "SUCCESS");
  static_cast<void>(bench.call("/sandboxnew/pay/unifiedorder", Bench::order("U2", "551")));
  BOOST_TEST(bench.call("/sandboxnew/pay/orderquery", {{"out_trade_no", "U2"}})["settlement_total_fee"] == "501");
  BOOST_TEST(bench.call("/sandboxnew/pay/closeorder", {{"out_trade_no", "U2"}})["result_code"] == "SUCCESS");
  BOOST_TEST(bench.call("/sandboxnew/tools/shorturl", {}).reply.status == 404);
  BOOST_TEST(bench.call("/sandboxnew/pay/downloadfundflow", {}).reply.status == 404);
  bench.advance(days{1});
  const Params bill{{"bill_date", "20261120"}, {"bill_type", "ALL"}};
  BOOST_TEST(linesOf(bench.call("/sandboxnew/pay/downloadbill", bill).reply.body).size() == 6U);
  bench.key = realKey;
  BOOST_TEST(bench.call("/pay/downloadbill", bill)["error_code"] == "20002");
  bench.advance(days{3});
  bench.key = key;
  checkUnsigned(bench.call("/sandboxnew/pay/orderquery", {{"out_trade_no", "U1"}}),
                "沙箱验证签名失败，请确认沙箱签名key是否正确（通过getsignkey调用生成）");
}

BOOST_AUTO_TEST_CASE(faults_reach_the_answers) {
  Bench bench;
  Faults faults;
  const auto send = [&](const Params& params) {
    return answer(*bench.platform, faults, Bench::request("/pay/unifiedorder", bench.body(params)));
  };
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "dropBeforeCommit"}});
  BOOST_TEST((send(Bench::order("O1")).fault == TransportFault::dropConnection));
  BOOST_TEST(bench.platform->orders().array()->empty());
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "dropAfterCommit"}});
  BOOST_TEST((send(Bench::order("O1")).fault == TransportFault::dropConnection));
  BOOST_TEST(bench.platform->orders().array()->size() == 1U);
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "badSignature"}});
  BOOST_TEST(!bench.verifies(readXml(send(Bench::order("O1")).body)));
  faults.add(Fields{
      {"path", "/pay/unifiedorder"}, {"fault", "errorCode"}, {"errCode", "SYSTEMERROR"}, {"errMsg", "系统超时"}, {"times", 2}});
  for (int i = 0; i < 2; ++i) {
    const auto fields = readXml(send(Bench::order("O1")).body);
    BOOST_TEST(fields.at("err_code") == "SYSTEMERROR");
    BOOST_TEST(fields.at("err_code_des") == "系统超时");
    BOOST_TEST(bench.verifies(fields));
  }
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "status"}, {"status", 503}});
  BOOST_TEST(send(Bench::order("O1")).status == 503);
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "delay"}, {"ms", 5}});
  BOOST_TEST(send(Bench::order("O1")).delay.count() == 5);
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "truncate"}});
  BOOST_TEST((send(Bench::order("O1")).fault == TransportFault::truncate));
  BOOST_TEST(bench.verifies(readXml(send(Bench::order("O1")).body)));
  faults.add(Fields{{"path", "/pay/unifiedorder"}, {"fault", "status"}});
  const auto inSandbox = answer(*bench.platform, faults, Bench::request("/sandboxnew/pay/unifiedorder", "<xml/>"));
  BOOST_TEST(inSandbox.status == 502);
}

BOOST_AUTO_TEST_CASE(request_rates_where_asked_for) {
  WeixinIdentity identity;
  identity.strictLimits = true;
  Bench bench{identity};
  bench.createPaid("X1");
  BOOST_TEST(bench.refund("X1", "XR1", "100", "1")["result_code"] == "SUCCESS");
  checkRefused(bench, bench.refund("X1", "XR2", "100", "1"), "FREQUENCY_LIMITED");
  bench.advance(minutes{1});
  BOOST_TEST(bench.refund("X1", "XR2", "100", "1")["result_code"] == "SUCCESS");
  for (int i = 0; i < 6; ++i) checkRefused(bench, bench.refund("X0", "XR3", "100", "1"), "ORDERNOTEXIST");
  checkRefused(bench, bench.refund("X1", "XR1", "100", "1"), "INVALID_REQ_TOO_MUCH");
  bench.advance(minutes{1});
  BOOST_TEST(bench.refund("X1", "XR1", "100", "1")["result_code"] == "SUCCESS");
}

BOOST_AUTO_TEST_SUITE_END()
