// The local Alipay's own checks, in their order, and the bytes of its answers.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <tuple>
#include <vector>

using namespace alipay_bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(alipay_checks)

BOOST_AUTO_TEST_CASE(errors_before_the_app_is_known_are_unsigned) {
  Bench bench;
  auto all = bench.params("alipay.trade.query", byNumber("A1"));
  all["app_id"] = "2021999999999999";
  const auto unknown = bench.send(bench.signedParams(all));
  refused(unknown, "40002", "isv.invalid-app-id");
  BOOST_TEST(unknown["sub_msg"] == "无效的AppID参数");
  BOOST_TEST(unknown.root == "alipay_trade_query_response");
  BOOST_TEST(!unknown.hasSign);
  all.erase("app_id");
  const auto missing = bench.send(bench.signedParams(all));
  refused(missing, "40001", "isv.missing-app-id");
  BOOST_TEST(!missing.hasSign);
  const auto unreadable = bench.read(bench.platform.handle(Bench::post("a=1&a=2", "")));
  refused(unreadable, "40002", "isv.invalid-parameter");
  BOOST_TEST(unreadable.root == "error_response");
  BOOST_TEST(!unreadable.hasSign);
}

BOOST_AUTO_TEST_CASE(parameters_are_checked_before_the_signature) {
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> cases{
      {"method", "", "40001", "isv.missing-method"},
      {"method", "alipay.trade.nothing", "40002", "isv.invalid-method"},
      {"sign_type", "", "40001", "isv.missing-signature-type"},
      {"sign_type", "MD5", "40002", "isv.invalid-signature-type"},
      {"charset", "", "40002", "isv.invalid-charset"},
      {"charset", "latin1", "40002", "isv.invalid-charset"},
      {"format", "XML", "40002", "isv.invalid-format"},
      {"timestamp", "", "40001", "isv.missing-timestamp"},
      {"timestamp", "2026-11-20T12:00:00", "40002", "isv.invalid-timestamp"},
      {"timestamp", "2026-02-30 12:00:00", "40002", "isv.invalid-timestamp"},
      {"version", "", "40001", "isv.missing-version"},
      {"version", "2.0", "40002", "isv.invalid-parameter"},
      {"notify_url", "https://shop.example/" + std::string(256, 'n'), "40002", "isv.invalid-parameter"}};
  for (const auto& [name, value, code, subCode] : cases) {
    BOOST_TEST_CONTEXT(name << "=" << value) {
      Bench bench;
      auto all = bench.params("alipay.trade.query", byNumber("A1"));
      all["sign"] = "not a signature";
      all[name] = value;
      if (value.empty()) all.erase(name);
      const auto answer = bench.read(bench.platform.handle(Bench::post("", form(all))));
      refused(answer, code, subCode);
      BOOST_TEST(answer.verified);
      BOOST_TEST(answer.root == (name == "method" && value.empty() ? "error_response"
                                 : name == "method"                ? "alipay_trade_nothing_response"
                                                                   : "alipay_trade_query_response"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_answered_with_the_string_to_sign) {
  Bench bench;
  auto all = bench.signedParams(bench.params("alipay.trade.query", byNumber("A1")));
  const auto content = joined(all, {"sign"});
  all["sign"][0] = all["sign"][0] == 'A' ? 'B' : 'A';
  const auto wrong = bench.send(all);
  refused(wrong, "40002", "isv.invalid-signature");
  BOOST_TEST(wrong.verified);
  BOOST_TEST(wrong["sub_msg"] == "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：" + content);
  all.erase("sign");
  refused(bench.send(all), "40001", "isv.missing-signature");
  const auto platformKey = crypto::PrivateKey::load(bench.identity.alipayPrivateKey, "k");
  all["sign"] = platformKey.sign(content, crypto::RsaDigest::sha256);
  refused(bench.send(all), "40002", "isv.invalid-signature");
  all["sign"] = bench.appKey.sign(content, crypto::RsaDigest::sha1);
  refused(bench.send(all), "40002", "isv.invalid-signature");
}

BOOST_AUTO_TEST_CASE(empty_parameters_are_not_signed) {
  Bench bench;
  auto all = bench.signedParams(bench.params("alipay.trade.query", byNumber("A1")));
  all["notify_url"] = "";
  refused(bench.send(all), "40004", "ACQ.TRADE_NOT_EXIST");
}

BOOST_AUTO_TEST_CASE(rights_are_checked_after_the_signature_and_before_the_content) {
  Bench bench;
  bench.platform.knobs().forbiddenMethods = {"alipay.trade.query"};
  refused(bench.call("alipay.trade.query", "no json"), "40006", "isv.insufficient-isv-permissions");
  bench.platform.knobs().forbiddenMethods.clear();
  for (const auto text : {"no json", "[1]", R"({"out_trade_no":"1","out_trade_no":"2"})"}) {
    refused(bench.call("alipay.trade.query", text), "40002", "isv.illegal-json");
  }
  refused(bench.call("alipay.trade.query", byNumber("A1"), {{"app_auth_token", "x"}}), "20001", "aop.invalid-app-auth-token");
  refused(bench.call("alipay.trade.query", byNumber("A1"), {{"encrypt_type", "AES"}}), "40001", "isv.missing-encrypt-key");
  refused(bench.call("alipay.trade.query", byNumber("A1"), {{"encrypt_type", "DES"}}), "40002", "isv.invalid-encrypt-type");
  refused(bench.call("alipay.trade.query", "\xff"), "40002", "isv.invalid-charset");
  bench.platform.knobs().signTypes = {"RSA2"};
  bench.signType = "RSA";
  refused(bench.call("alipay.trade.query", byNumber("A1")), "40003", "isv.missing-signature-config");
}

BOOST_AUTO_TEST_CASE(timestamps_far_away_can_be_refused) {
  Bench bench;
  bench.platform.knobs().timestampTolerance = 600s;
  refused(bench.call("alipay.trade.query", byNumber("A1")), "40004", "ACQ.TRADE_NOT_EXIST");
  const Params utc{{"timestamp", readableTime(bench.clock.now() - 8h)}};
  refused(bench.call("alipay.trade.query", byNumber("A1"), utc), "40002", "isv.invalid-timestamp");
}

BOOST_AUTO_TEST_CASE(parameters_may_come_in_any_split) {
  Bench bench;
  const auto all = bench.signedParams(bench.params("alipay.trade.create", Bench::orderBiz("S1", "1.00")));
  auto query = all;
  query.erase("biz_content");
  const auto biz = all.at("biz_content");
  accepted(bench.read(bench.platform.handle(Bench::post(form(query), form({{"biz_content", biz}})))));
  auto get = Bench::post(form(all), "");
  get.method = "GET";
  accepted(bench.read(bench.platform.handle(get)));
  auto multipart = Bench::post(
      form(query), "--B1\r\nContent-Disposition: form-data; name=\"biz_content\"\r\nContent-Type: text/plain\r\n\r\n" + biz +
                       "\r\n--B1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nBYTES" +
                       "\r\n--B1--\r\n");
  multipart.headers = {{"Content-Type", "multipart/form-data; boundary=B1"}};
  accepted(bench.read(bench.platform.handle(multipart)));
  multipart.body = "--B1\r\nContent-Disposition: form-data; name=\"biz_content\"\r\n\r\n{}";
  refused(bench.read(bench.platform.handle(multipart)), "40002", "isv.invalid-parameter");
  auto put = Bench::post(form(all), "");
  put.method = "PUT";
  BOOST_TEST(bench.platform.handle(put).status == 404);
  put.path = "/elsewhere";
  BOOST_TEST(bench.platform.handle(put).status == 404);
}

BOOST_AUTO_TEST_CASE(answers_have_the_bytes_of_the_real_gateway) {
  Bench bench;
  const auto answer = bench.call("alipay.trade.query", byNumber("A1"));
  BOOST_TEST(answer.reply.status == 200);
  BOOST_TEST(answer.reply.contentType == "text/html;charset=utf-8");
  BOOST_TEST(answer.reply.headers.get("trace_id").size() == 32U);
  BOOST_TEST(
      answer.raw ==
      R"({"code":"40004","msg":"Business Failed","sub_code":"ACQ.TRADE_NOT_EXIST","sub_msg":"交易不存在","buyer_pay_amount":"0.00",)"
      R"("invoice_amount":"0.00","out_trade_no":"A1","point_amount":"0.00","receipt_amount":"0.00"})");
  const auto code = bench.call("alipay.trade.precreate", Bench::orderBiz("Q1", "1.00"));
  BOOST_TEST(
      code.raw.starts_with(R"({"code":"10000","msg":"Success","out_trade_no":"Q1","qr_code":"https:\/\/qr.alipay.com\/bax0)"));
  BOOST_TEST(code.reply.body.starts_with(R"({"alipay_trade_precreate_response":{)"));
  BOOST_TEST(code.verified);
}

BOOST_AUTO_TEST_CASE(rsa_apps_get_rsa_answers_and_notifications) {
  Bench bench;
  bench.signType = "RSA";
  bench.trade("R1", "1.00", {{"notify_url", "http://127.0.0.1/n"}});
  accepted(bench.call("alipay.trade.query", byNumber("R1")));
  bench.notifier.runDue();
  BOOST_REQUIRE(bench.sent.size() == 1U);
  const Notice notice{bench.sent[0].body};
  BOOST_TEST(notice["sign_type"] == "RSA");
  BOOST_TEST(notice.verify(bench.alipayKey, crypto::RsaDigest::sha1));
}

BOOST_AUTO_TEST_CASE(gbk_from_end_to_end) {
  Bench bench;
  bench.charset = "gbk";
  const auto biz = alipay::fromUtf8(Bench::orderBiz("G1", "1.00"), alipay::Charset::gbk);
  accepted(bench.call("alipay.trade.create", biz, {{"notify_url", "http://127.0.0.1/n"}}));
  BOOST_TEST(*member(bench.platform.orders().array()->at(0), "subject").string() == "季卡");
  const auto wrong = bench.call("alipay.trade.close", byNumber("none"));
  BOOST_TEST(wrong.reply.contentType == "text/html;charset=GBK");
  BOOST_TEST(wrong["sub_msg"] == "交易不存在");
  BOOST_TEST(wrong.verified);
  bench.platform.pay(Fields{{"outTradeNo", "G1"}});
  bench.notifier.runDue();
  const Notice notice{bench.sent.at(0).body};
  BOOST_TEST(notice.verify(bench.alipayKey));
  BOOST_TEST(notice["charset"] == "gbk");
  BOOST_TEST(utf8(notice["subject"]) == "季卡");
}

BOOST_AUTO_TEST_SUITE_END()
