#include "weixin_bench.hpp"

#include <crypto/aes.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

using namespace weixin_bench;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

std::string readFile(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::string rest = text;
  for (auto at = rest.find("\r\n"); at != std::string::npos; at = rest.find("\r\n")) {
    lines.push_back(rest.substr(0, at));
    rest = rest.substr(at + 2);
  }
  BOOST_TEST(rest.empty());
  return lines;
}

std::vector<std::string> cellsOf(const std::string& line) {
  BOOST_REQUIRE(line.starts_with("`"));
  std::vector<std::string> cells;
  std::string rest = line.substr(1);
  for (auto at = rest.find(",`"); at != std::string::npos; at = rest.find(",`")) {
    cells.push_back(rest.substr(0, at));
    rest = rest.substr(at + 2);
  }
  cells.push_back(rest);
  return cells;
}

void checkUnsigned(const Answer& answer, const std::string& message) {
  BOOST_TEST(answer["return_code"] == "FAIL");
  BOOST_TEST(answer["return_msg"] == message);
  BOOST_TEST(!answer.fields.contains("sign"));
}

void checkRefused(const Bench& bench, const Answer& answer, const std::string& code, const std::string& description = {}) {
  BOOST_TEST(answer["return_code"] == "SUCCESS");
  BOOST_TEST(answer["result_code"] == "FAIL");
  BOOST_TEST(answer["err_code"] == code);
  BOOST_TEST(!answer["err_code_des"].empty());
  if (!description.empty()) BOOST_TEST(answer["err_code_des"] == description);
  BOOST_TEST(answer["appid"] == bench.appId);
  BOOST_TEST(answer["mch_id"] == bench.mchId);
  BOOST_TEST(bench.verifies(answer.fields));
}

int controlStatus(const std::function<void()>& run) {
  try {
    run();
  } catch (const ControlError& e) {
    return e.status();
  }
  return 200;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_platform)

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

BOOST_AUTO_TEST_CASE(trade_bills_hold_what_was_traded) {
  Bench bench;
  auto params = Bench::order("B1", "10000");
  params["body"] = "茶,杯`子\nA";
  params["attach"] = "a,b";
  static_cast<void>(bench.call("/pay/unifiedorder", params));
  static_cast<void>(bench.pay("B1"));
  static_cast<void>(bench.create("B2", "250"));
  bench.platform->pay(Fields{{"outTradeNo", "B2"},
                             {"coupons", Json::Array{Fields{{"couponId", "7"}, {"couponType", "NO_CASH"}, {"couponFee", 50}},
                                                     Fields{{"couponId", "8"}, {"couponType", "CASH"}, {"couponFee", 20}}}}});
  static_cast<void>(bench.create("B3"));
  static_cast<void>(bench.refund("B1", "BR1", "10000", "5000"));
  static_cast<void>(bench.refund("B2", "BR2", "250", "250", {{"refund_account", "REFUND_SOURCE_RECHARGE_FUNDS"}}));
  const auto fail = [&](const Params& request, const std::string& code, const std::string& message) {
    const auto answer = bench.call("/pay/downloadbill", request);
    BOOST_TEST(answer["return_code"] == "FAIL");
    BOOST_TEST(answer["error_code"] == code);
    BOOST_TEST(answer["return_msg"] == message);
    BOOST_TEST(!answer.fields.contains("sign"));
  };
  fail({{"bill_date", "20261120"}, {"bill_type", "ALL"}}, "20003", "Bill Creating");
  fail({{"bill_date", "20261119"}, {"bill_type", "ALL"}}, "20002", "No Bill Exist");
  fail({{"bill_date", "20261121"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "20260101"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "2026112"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "20261119"}, {"bill_type", "SOME"}}, "20001", "invalid bill_type");
  fail({{"bill_date", "20261119"}}, "20001", "missing parameter");
  fail({{"bill_date", "20261119"}, {"bill_type", "ALL"}, {"tar_type", "ZIP"}}, "20001", "data format error");
  auto forged = bench.common({{"bill_date", "20261119"}, {"bill_type", "ALL"}, {"sign", "00"}});
  BOOST_TEST(bench.send(Bench::request("/pay/downloadbill", handXml(forged)))["return_msg"] == "SIGN ERROR");

  bench.advance(hours{13});  // one at night
  fail({{"bill_date", "20261120"}, {"bill_type", "ALL"}}, "20003", "Bill Creating");
  bench.advance(hours{9});  // ten in the morning
  const auto bill = bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}}).reply.body;
  BOOST_TEST(bill.starts_with("\xEF\xBB\xBF"));
  const auto lines = linesOf(bill.substr(3));
  BOOST_REQUIRE(lines.size() == 7U);
  const auto sample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  BOOST_TEST(lines[0] == sample.substr(3, sample.find("\r\n") - 3));
  const auto paid = cellsOf(lines[1]);
  BOOST_REQUIRE(paid.size() == 27U);
  BOOST_TEST(paid[0] == "2026-11-20 12:00:00");
  BOOST_TEST(paid[6] == "B1");
  BOOST_TEST(paid[9] == "SUCCESS");
  BOOST_TEST(paid[12] == "100.00");
  BOOST_TEST(paid[14] == "0");
  BOOST_TEST(paid[16] == "0.00");
  BOOST_TEST(paid[20] == "茶,杯`子\\nA");
  BOOST_TEST(paid[22] == "0.60000");
  BOOST_TEST(paid[23] == "0.60%");
  BOOST_TEST(paid[24] == "100.00");
  const auto coupon = cellsOf(lines[2]);
  BOOST_TEST(coupon[12] == "2.00");
  BOOST_TEST(coupon[13] == "0.70");
  BOOST_TEST(coupon[22] == "0.01000");
  BOOST_TEST(coupon[24] == "2.50");
  const auto back = cellsOf(lines[3]);
  BOOST_TEST(back[9] == "REFUND");
  BOOST_TEST(back[12] == "0.00");
  BOOST_TEST(back[15] == "BR1");
  BOOST_TEST(back[16] == "50.00");
  BOOST_TEST(back[18] == "ORIGINAL");
  BOOST_TEST(back[19] == "SUCCESS");
  BOOST_TEST(back[22] == "-0.30000");
  BOOST_TEST(back[25] == "50.00");
  const auto couponBack = cellsOf(lines[4]);
  BOOST_TEST(couponBack[16] == "2.00");
  BOOST_TEST(couponBack[17] == "0.20");
  BOOST_TEST(couponBack[25] == "2.50");
  BOOST_TEST(lines[5] == "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额");
  BOOST_TEST(lines[6] == "`4.0,`102.00,`52.00,`0.20,`0.30000,`102.50,`52.50");

  const auto success = linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "SUCCESS"}}).reply.body);
  BOOST_TEST(success.size() == 5U);
  const auto successSample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/WxJava/bill.SUCCESS.20col.csv");
  BOOST_TEST(success[0].substr(3) == successSample.substr(0, successSample.find_first_of("\r\n")));
  BOOST_TEST(cellsOf(success[1]).size() == 20U);
  const auto refund = linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "REFUND"}}).reply.body);
  const auto refundSample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/WxJava/bill.REFUND.29col.csv");
  BOOST_TEST(refund[0].substr(3) == refundSample.substr(0, refundSample.find_first_of("\r\n")));
  BOOST_TEST(cellsOf(refund[1]).size() == 29U);
  BOOST_TEST(cellsOf(refund[1])[15] == "2026-11-20 12:00:01");
  const auto recharge =
      linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "RECHARGE_REFUND"}}).reply.body);
  BOOST_TEST(recharge.size() == 4U);
  BOOST_TEST(recharge[0].find("返还手续费") != std::string::npos);
  BOOST_TEST(cellsOf(recharge[1])[24] == "0.01000");

  const auto zipped =
      bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}, {"tar_type", "GZIP"}}).reply;
  BOOST_TEST(codec::gunzip(zipped.body, 1 << 20) == bill);
}

BOOST_AUTO_TEST_CASE(a_day_later_there_is_a_bill_at_any_hour) {
  Bench bench;
  bench.systemNow = *parseReadableTime("2026-11-20 00:30:00");
  bench.createPaid("Y1");
  bench.advance(days{1});
  BOOST_TEST(linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}}).reply.body).size() == 4U);
}

BOOST_AUTO_TEST_CASE(fund_flows_agree_with_the_trades) {
  Bench bench;
  bench.createPaid("Z1", "10000");
  bench.createPaid("Z2", "3");
  static_cast<void>(bench.refund("Z1", "ZR1", "10000", "5000", {{"refund_desc", "缺货"}}));
  bench.advance(days{1});
  const Params request{{"bill_date", "20261120"}, {"account_type", "Basic"}};
  const auto code = [&](const Params& params, bool hmac = true) {
    const auto answer = bench.call("/pay/downloadfundflow", params, hmac);
    BOOST_TEST(answer["return_code"] == "SUCCESS");
    BOOST_TEST(answer["result_code"] == "FAIL");
    return answer["err_code"];
  };
  BOOST_TEST(code(request, false) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}}) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}, {"account_type", "BASIC"}}) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}, {"account_type", "Operation"}}) == "NO_BILL_EXIST");
  BOOST_TEST(code({{"bill_date", "20261121"}, {"account_type", "Basic"}}) == "BILL_CREATING");
  BOOST_TEST(code({{"bill_date", "20261119"}, {"account_type", "Basic"}}) == "NO_BILL_EXIST");
  const auto reply = bench.call("/pay/downloadfundflow", request, true).reply;
  BOOST_TEST(reply.headers.get("Digest") == "SHA=" + codec::toLowerHex(crypto::sha1(reply.body)));
  const auto lines = linesOf(reply.body.substr(3));
  BOOST_REQUIRE(lines.size() == 8U);
  BOOST_TEST(lines[0] ==
             "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,"
             "备注,业务凭证号");
  const auto trade = cellsOf(lines[1]);
  BOOST_REQUIRE(trade.size() == 11U);
  BOOST_TEST(trade[4] == "交易");
  BOOST_TEST(trade[5] == "收入");
  BOOST_TEST(trade[6] == "100.00");
  BOOST_TEST(trade[7] == "100.00");
  const auto fee = cellsOf(lines[2]);
  BOOST_TEST(fee[4] == "扣除交易手续费");
  BOOST_TEST(fee[6] == "0.60");
  BOOST_TEST(fee[7] == "99.40");
  const auto refund = cellsOf(lines[5]);
  BOOST_TEST(refund[3] == "退款");
  BOOST_TEST(refund[5] == "支出");
  BOOST_TEST(refund[7] == "49.73");
  BOOST_TEST(refund[9] == "缺货");
  BOOST_TEST(refund[10] == "ZR1");
  BOOST_TEST(lines[7] == "`5.0,`3.0,`100.33,`2.0,`50.60");
  auto zipped = request;
  zipped["tar_type"] = "GZIP";
  BOOST_TEST(codec::gunzip(bench.call("/pay/downloadfundflow", zipped, true).reply.body, 1 << 20) == reply.body);
}

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

BOOST_AUTO_TEST_SUITE_END()
