// Orders at the local WeChat Pay: every trade type, checks, states, payment, coupons.
#include "weixin_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace weixin_bench;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(weixin_orders)

BOOST_AUTO_TEST_CASE(hand_signatures_are_those_of_the_documents) {
  const Params params{{"appid", "wxd930ea5d5a258f4f"},
                      {"body", "test"},
                      {"device_info", "1000"},
                      {"mch_id", "10000100"},
                      {"nonce_str", "ibuaiVcKdpRxkhJA"}};
  const std::string key = "192006250b4c09247ec02edce69f6a2d";
  BOOST_TEST(handSign(params, key) == "9A0A8659F005D6984697E2CA0A9CF3B7");
  BOOST_TEST(handSign(params, key, true) == "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6");
}

BOOST_AUTO_TEST_CASE(orders_of_every_trade_type) {
  Bench bench;
  auto jsapi = bench.create("J1");
  BOOST_TEST(jsapi["result_code"] == "SUCCESS");
  BOOST_TEST(jsapi["trade_type"] == "JSAPI");
  BOOST_TEST(jsapi["prepay_id"].starts_with("wx20261120120000"));
  BOOST_TEST(jsapi["prepay_id"].size() == 36U);
  BOOST_TEST(jsapi["return_msg"] == "OK");
  BOOST_TEST(bench.verifies(jsapi.fields));

  auto native = Bench::order("N1");
  native["trade_type"] = "NATIVE";
  native.erase("openid");
  checkUnsigned(bench.call("/pay/unifiedorder", native), "NATIVE支付必须传product_id");
  native["product_id"] = "12235413214070356458058";
  const auto code = bench.call("/pay/unifiedorder", native);
  BOOST_TEST(code["code_url"].starts_with("weixin://wxpay/bizpayurl?pr="));
  BOOST_TEST(bench.verifies(code.fields));

  auto app = Bench::order("A1");
  app["trade_type"] = "APP";
  app.erase("openid");
  app["spbill_create_ip"] = "2001:db8::1";
  const auto hmac = bench.call("/pay/unifiedorder", app, true);
  BOOST_TEST(hmac["sign"].size() == 64U);
  BOOST_TEST(bench.verifies(hmac.fields, true));

  auto web = Bench::order("W1");
  web["trade_type"] = "MWEB";
  checkUnsigned(bench.call("/pay/unifiedorder", web), "缺少参数 scene_info");
  web["scene_info"] = R"({"h5_info":{"type":"Web"}})";
  checkUnsigned(bench.call("/pay/unifiedorder", web), "invalid scene_info");
  web["scene_info"] = "{";
  checkUnsigned(bench.call("/pay/unifiedorder", web), "invalid scene_info");
  web["scene_info"] = R"({"h5_info":{"type":"Wap","wap_url":"https://pay.qq.com","wap_name":"腾讯充值"}})";
  const auto page = bench.call("/pay/unifiedorder", web);
  BOOST_TEST(page["mweb_url"].starts_with("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=" + page["prepay_id"]));
}

BOOST_AUTO_TEST_CASE(what_is_no_acceptable_message_gets_an_unsigned_answer) {
  Bench bench;
  auto get = Bench::request("/pay/orderquery", "");
  get.method = "GET";
  checkUnsigned(bench.send(get), "请使用post方法");
  checkUnsigned(bench.send(Bench::request("/pay/orderquery", "")), "post数据为空");
  checkUnsigned(bench.send(Bench::request("/pay/orderquery", "<xml><a>1</b></xml>")), "XML格式错误");
  checkUnsigned(bench.send(Bench::request("/pay/orderquery", "<!DOCTYPE xml [<!ENTITY a SYSTEM \"x\">]><xml><a>&a;</a></xml>")),
                "XML格式错误");
  checkUnsigned(bench.send(Bench::request("/pay/orderquery", "<xml><a>\xff</a></xml>")), "编码格式错误");
  for (const std::string name : {"appid", "mch_id", "nonce_str", "sign"}) {
    auto params = bench.common({{"out_trade_no", "X1"}, {"sign", "00"}});
    params.erase(name);
    checkUnsigned(bench.send(Bench::request("/pay/orderquery", handXml(params))), "缺少参数 " + name);
  }
  BOOST_TEST(bench.send(Bench::request("/pay/unknown", "<xml/>")).reply.status == 404);
  BOOST_TEST(bench.send(Bench::request("/pay/refund", "<xml/>")).reply.status == 404);
}

BOOST_AUTO_TEST_CASE(elements_are_checked_one_by_one) {
  Bench bench;
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"body", "", "缺少参数 body"},
      {"out_trade_no", "", "缺少参数 out_trade_no"},
      {"total_fee", "", "缺少参数 total_fee"},
      {"spbill_create_ip", "", "缺少参数 spbill_create_ip"},
      {"notify_url", "", "缺少参数 notify_url"},
      {"trade_type", "", "缺少参数 trade_type"},
      {"openid", "", "JSAPI支付必须传openid"},
      {"body", std::string(129, 'b'), "body参数长度有误"},
      {"attach", std::string(128, 'a'), "attach参数长度有误"},
      {"out_trade_no", std::string(33, '1'), "out_trade_no参数长度有误"},
      {"out_trade_no", "A B", "invalid out_trade_no"},
      {"out_trade_no", "订单", "invalid out_trade_no"},
      {"total_fee", "0", "invalid total_fee"},
      {"total_fee", "-1", "invalid total_fee"},
      {"total_fee", "1.5", "invalid total_fee"},
      {"total_fee", "99999999999999999999", "total_fee参数长度有误"},
      {"spbill_create_ip", "256.1.1.1", "invalid spbill_create_ip"},
      {"spbill_create_ip", "localhost", "invalid spbill_create_ip"},
      {"notify_url", "shop.example/notify", "invalid notify_url"},
      {"notify_url", "ftp://shop.example/notify", "invalid notify_url"},
      {"notify_url", "https://shop.example/notify?a=1", "invalid notify_url"},
      {"time_expire", "20261320120000", "invalid time_expire"},
      {"time_start", "2026-11-20", "invalid time_start"},
      {"trade_type", "MICROPAY", "invalid trade_type"},
      {"sign_type", "HMAC_SHA256", "invalid sign_type"}};
  for (const auto& [name, value, message] : cases) {
    BOOST_TEST_CONTEXT(name << "=" << value) {
      auto params = Bench::order("E1");
      params[name] = value;
      checkUnsigned(bench.call("/pay/unifiedorder", params), message);
    }
  }
  auto longBody = Bench::order("E2");
  longBody["body"] = "";
  for (int i = 0; i < 128; ++i) longBody["body"] += "长";
  BOOST_TEST(bench.call("/pay/unifiedorder", longBody)["result_code"] == "SUCCESS");
  BOOST_TEST(bench.platform->orders().array()->size() == 1U);
}

BOOST_AUTO_TEST_CASE(identity_and_signature) {
  Bench bench;
  auto params = bench.common(Bench::order("S1"));
  params["sign"] = handSign(params, bench.key);
  auto edited = params;
  edited["total_fee"] = "1";
  checkUnsigned(bench.send(Bench::request("/pay/unifiedorder", handXml(edited))), "签名错误");
  auto lower = params;
  std::transform(lower["sign"].begin(), lower["sign"].end(), lower["sign"].begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  checkUnsigned(bench.send(Bench::request("/pay/unifiedorder", handXml(lower))), "签名错误");
  auto hmacUnannounced = params;
  hmacUnannounced["sign"] = handSign(hmacUnannounced, bench.key, true);
  checkUnsigned(bench.send(Bench::request("/pay/unifiedorder", handXml(hmacUnannounced))), "签名错误");
  auto unknownField = bench.common(Bench::order("S2"));
  unknownField["zz_new"] = "1";
  unknownField["sign"] = handSign(unknownField, bench.key);
  BOOST_TEST(bench.send(Bench::request("/pay/unifiedorder", handXml(unknownField)))["result_code"] == "SUCCESS");
  unknownField["zz_new"] = "2";
  checkUnsigned(bench.send(Bench::request("/pay/unifiedorder", handXml(unknownField))), "签名错误");

  bench.appId = "wx0000000000000000";
  checkUnsigned(bench.create("S3"), "appid不存在");
  bench.appId = "wx2421b1c4370ec43b";
  bench.mchId = "10000101";
  checkUnsigned(bench.create("S3"), "商户号mch_id或sub_mch_id不存在");
}

BOOST_AUTO_TEST_CASE(golden_requests_are_understood) {
  const std::filesystem::path folder{OPENAPI_SOURCE_DIR "/tests/golden/cases"};
  const std::set<std::string> refusedByRule{"wx-unifiedOrder-zero-fee", "wx-unifiedOrder-long-body"};
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto golden = Json::parse(readFile(entry.path()));
    const auto& name = *golden.find("name")->string();
    const auto* expected = golden.find("expected");
    const auto* wire = expected == nullptr ? nullptr : expected->find("wireRequest");
    if (wire == nullptr) wire = golden.find("wireRequest");
    if (*golden.find("provider")->string() != "weixin" || wire == nullptr || wire->isNull()) continue;
    const auto& url = *wire->find("url")->string();
    if (url.find("sandboxnew") != std::string::npos) continue;
    BOOST_TEST_CONTEXT(name) {
      Bench bench;
      bench.clock.advance(*parseReadableTime("2026-11-20 12:00:00") - bench.clock.now());
      const auto path = url.substr(std::string{"https://api.mch.weixin.qq.com"}.size());
      const auto& body = *wire->find("body")->string();
      const bool signedWithoutSaying =
          body.find("sign_type") == std::string::npos && readXml(body).at("sign").size() == 64;  // uni-pay's own fault
      const auto answer = bench.send(Bench::request(path, body));
      ++seen;
      if (signedWithoutSaying) {
        checkUnsigned(answer, "签名错误");
      } else if (refusedByRule.contains(name)) {
        BOOST_TEST(answer["return_code"] == "FAIL");
        BOOST_TEST(answer["return_msg"] != "签名错误");
      } else if (path == "/pay/downloadbill") {
        BOOST_TEST(answer["return_msg"] == "invalid bill_date");
      } else if (path == "/pay/downloadfundflow") {
        BOOST_TEST(answer["err_code"] == "PARAM_ERROR");
      } else if (path == "/pay/unifiedorder") {
        BOOST_TEST(answer["result_code"] == "SUCCESS");
      } else {
        BOOST_TEST(answer["err_code"].ends_with("NOTEXIST"));
      }
    }
  }
  BOOST_TEST(seen > 50);
}

BOOST_AUTO_TEST_CASE(an_order_number_means_one_order) {
  WeixinIdentity identity;
  identity.otherAppIds = {"wxd678efh567hg6787"};
  Bench bench{identity};
  const auto first = bench.create("I1");
  bench.advance(seconds{1});
  const auto again = bench.create("I1");
  BOOST_TEST(again["result_code"] == "SUCCESS");
  BOOST_TEST(again["prepay_id"] != first["prepay_id"]);
  BOOST_TEST(bench.platform->orders().array()->size() == 1U);
  checkRefused(bench, bench.create("I1", "101"), "INVALID_REQUEST", "201 商户订单号重复");
  bench.appId = "wxd678efh567hg6787";
  checkRefused(bench, bench.create("I1"), "OUT_TRADE_NO_USED");
  bench.appId = "wx2421b1c4370ec43b";
  static_cast<void>(bench.pay("I1"));
  checkRefused(bench, bench.create("I1"), "ORDERPAID", "该订单已支付");
  static_cast<void>(bench.create("I2"));
  BOOST_TEST(bench.call("/pay/closeorder", {{"out_trade_no", "I2"}})["result_code"] == "SUCCESS");
  checkRefused(bench, bench.create("I2"), "ORDERCLOSED", "该订单已关闭");
}

BOOST_AUTO_TEST_CASE(queries_show_the_state) {
  Bench bench;
  checkUnsigned(bench.call("/pay/orderquery", {}), "缺少参数 out_trade_no");
  checkRefused(bench, bench.call("/pay/orderquery", {{"out_trade_no", "Q1"}}), "ORDERNOTEXIST", "订单不存在");
  checkRefused(bench, bench.call("/pay/orderquery", {{"transaction_id", "abc"}}), "PARAM_ERROR", "微信订单号非法");
  auto params = Bench::order("Q1");
  params["attach"] = "支付测试";
  params["device_info"] = "WEB";
  static_cast<void>(bench.call("/pay/unifiedorder", params));
  const auto open = bench.call("/pay/orderquery", {{"out_trade_no", "Q1"}});
  BOOST_TEST(open["trade_state"] == "NOTPAY");
  BOOST_TEST(open["result_code"] == "SUCCESS");
  BOOST_TEST(open["attach"] == "支付测试");
  BOOST_TEST(!open.fields.contains("transaction_id"));
  BOOST_TEST(!open.fields.contains("cash_fee"));
  BOOST_TEST(bench.verifies(open.fields));
  bench.advance(seconds{30});
  const auto paidJson = bench.pay("Q1");
  const auto transactionId = *paidJson.find("transactionId")->string();
  BOOST_TEST(*paidJson.find("totalFee")->integer() == 100);
  const auto paid = bench.call("/pay/orderquery", {{"transaction_id", transactionId}, {"out_trade_no", "another"}}, true);
  BOOST_TEST(paid["trade_state"] == "SUCCESS");
  BOOST_TEST(paid["out_trade_no"] == "Q1");
  BOOST_TEST(paid["transaction_id"].size() == 28U);
  BOOST_TEST(paid["total_fee"] == "100");
  BOOST_TEST(paid["cash_fee"] == "100");
  BOOST_TEST(paid["bank_type"] == "OTHERS");
  BOOST_TEST(paid["is_subscribe"] == "N");
  BOOST_TEST(paid["device_info"] == "WEB");
  BOOST_TEST(paid["time_end"] == "20261120120030");
  BOOST_TEST(!paid.fields.contains("coupon_fee"));
  BOOST_TEST(!paid.fields.contains("settlement_total_fee"));
  BOOST_TEST(bench.verifies(paid.fields, true));
}

BOOST_AUTO_TEST_CASE(closing) {
  Bench bench;
  checkRefused(bench, bench.call("/pay/closeorder", {{"out_trade_no", "C1"}}), "ORDERNOTEXIST");
  static_cast<void>(bench.create("C1"));
  const auto closed = bench.call("/pay/closeorder", {{"out_trade_no", "C1"}});
  BOOST_TEST(closed["result_code"] == "SUCCESS");
  BOOST_TEST(bench.verifies(closed.fields));
  BOOST_TEST(bench.call("/pay/orderquery", {{"out_trade_no", "C1"}})["trade_state"] == "CLOSED");
  checkRefused(bench, bench.call("/pay/closeorder", {{"out_trade_no", "C1"}}), "ORDERCLOSED");
  bench.createPaid("C2");
  checkRefused(bench, bench.call("/pay/closeorder", {{"out_trade_no", "C2"}}), "ORDERPAID");
  BOOST_TEST(controlStatus([&] { bench.pay("C1"); }) == 409);
}

BOOST_AUTO_TEST_CASE(the_buyer_pays_once_and_in_time) {
  Bench bench;
  BOOST_TEST(controlStatus([&] { bench.pay("P0"); }) == 404);
  BOOST_TEST(controlStatus([&] { bench.platform->pay(Fields{}); }) == 400);
  BOOST_TEST(controlStatus([&] { bench.platform->pay(Fields{{"outTradeNo", 1}}); }) == 400);
  bench.createPaid("P1");
  BOOST_TEST(controlStatus([&] { bench.pay("P1"); }) == 409);
  static_cast<void>(bench.create("P2"));
  BOOST_TEST(controlStatus([&] { bench.platform->pay(Fields{{"outTradeNo", "P2"}, {"openid", "somebody"}}); }) == 409);
  auto late = Bench::order("P3");
  late["time_expire"] = "20261120121000";
  static_cast<void>(bench.call("/pay/unifiedorder", late));
  auto past = Bench::order("P4");
  past["time_expire"] = "20261120110000";  // counts as one minute from now
  static_cast<void>(bench.call("/pay/unifiedorder", past));
  bench.advance(seconds{59});
  BOOST_TEST(controlStatus([&] { bench.pay("P4"); }) == 200);
  bench.advance(minutes{10});
  BOOST_TEST(controlStatus([&] { bench.pay("P3"); }) == 409);
  BOOST_TEST(bench.call("/pay/orderquery", {{"out_trade_no", "P3"}})["trade_state"] == "NOTPAY");
  bench.advance(days{7});
  BOOST_TEST(bench.call("/pay/orderquery", {{"out_trade_no", "P3"}})["trade_state"] == "CLOSED");
}

BOOST_AUTO_TEST_CASE(coupons_show_everywhere) {
  Bench bench;
  static_cast<void>(bench.create("V1", "100"));
  const auto coupon = [](const char* id, const char* type, int fee) {
    return Json{Fields{{"couponId", id}, {"couponType", type}, {"couponFee", fee}}};
  };
  BOOST_TEST(controlStatus([&] {
               bench.platform->pay(
                   Fields{{"outTradeNo", "V1"}, {"coupons", Json::Array{coupon("1", "CASH", 60), coupon("2", "CASH", 41)}}});
             }) == 400);
  BOOST_TEST(controlStatus([&] {
               bench.platform->pay(Fields{{"outTradeNo", "V1"}, {"coupons", Json::Array{coupon("1", "GIFT", 60)}}});
             }) == 400);
  const Json misspelt = Fields{{"couponId", "1"}, {"couponFee", 60}, {"coupontype", "NO_CASH"}};
  BOOST_TEST(controlStatus([&] {
               bench.platform->pay(Fields{{"outTradeNo", "V1"}, {"coupons", Json::Array{misspelt}}});
             }) == 400);
  bench.platform->pay(
      Fields{{"outTradeNo", "V1"}, {"coupons", Json::Array{coupon("10000", "CASH", 10), coupon("10001", "NO_CASH", 33)}}});
  const auto query = bench.call("/pay/orderquery", {{"out_trade_no", "V1"}, {"version", "1.0"}});
  BOOST_TEST(query["coupon_count"] == "2");
  BOOST_TEST(query["coupon_fee"] == "43");
  BOOST_TEST(query["cash_fee"] == "57");
  BOOST_TEST(query["settlement_total_fee"] == "67");
  BOOST_TEST(query["coupon_type_1"] == "NO_CASH");
  BOOST_TEST(query["coupon_id_0"] == "10000");
  BOOST_TEST(query["coupon_fee_1"] == "33");
  BOOST_TEST(!query["promotion_detail"].empty());
  bench.notifier.runDue();
  const auto notify = readXml(bench.sent.at(0).body);
  BOOST_TEST(notify.at("coupon_id_1") == "10001");
  BOOST_TEST(bench.verifies(notify));

  int coupons = 0, settlement = 0;
  for (int i = 0; i < 3; ++i) {
    const auto part = bench.refund("V1", "VR" + std::to_string(i), "100", i == 2 ? "34" : "33");
    BOOST_TEST(part["result_code"] == "SUCCESS");
    coupons += std::stoi(part["coupon_refund_fee"]);
    settlement += std::stoi(part["settlement_refund_fee"]);
    BOOST_TEST(std::stoi(part["cash_refund_fee"]) + std::stoi(part["coupon_refund_fee"]) == std::stoi(part["refund_fee"]));
    BOOST_TEST(part["coupon_refund_count"] == "2");
    BOOST_TEST(part["coupon_refund_id_1"] == "10001");
  }
  BOOST_TEST(coupons == 43);
  BOOST_TEST(settlement == 67);
  const auto records = bench.call("/pay/refundquery", {{"out_trade_no", "V1"}});
  BOOST_TEST(records["refund_count"] == "3");
  BOOST_TEST(records["coupon_type_2_1"] == "NO_CASH");
  BOOST_TEST(records["coupon_refund_fee_0_0"] == "3");
  BOOST_TEST(bench.verifies(records.fields));
}

BOOST_AUTO_TEST_SUITE_END()
