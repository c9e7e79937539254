#include "gateway/alipay_bench.hpp"

#include <openapi/error.hpp>

#include <codec/text.hpp>
#include <crypto/random.hpp>
#include <gateways/faults.hpp>

#include <boost/test/unit_test.hpp>

#include <zip.h>

#include <filesystem>
#include <functional>
#include <tuple>

using namespace alipay_bench;
using namespace std::chrono_literals;

namespace {

void refused(const Answer& answer, const std::string& code, const std::string& subCode) {
  BOOST_TEST_CONTEXT(answer.reply.body) {
    BOOST_TEST(answer["code"] == code);
    BOOST_TEST(answer["sub_code"] == subCode);
    BOOST_TEST(!answer["sub_msg"].empty());
  }
}

void accepted(const Answer& answer) {
  BOOST_TEST_CONTEXT(answer.reply.body) {
    BOOST_TEST(answer["code"] == "10000");
    BOOST_TEST(answer["msg"] == "Success");
    BOOST_TEST(answer.verified);
  }
}

std::string byNumber(const std::string& outTradeNo) { return R"({"out_trade_no":")" + outTradeNo + "\"}"; }

std::string refundBiz(const std::string& outTradeNo, const std::string& yuan, const std::string& requestNo) {
  const auto number = requestNo.empty() ? std::string{} : R"(,"out_request_no":")" + requestNo + "\"";
  return R"({"out_trade_no":")" + outTradeNo + R"(","refund_amount":")" + yuan + "\"" + number + "}";
}

int statusOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const ControlError& e) {
    return e.status();
  }
  return 0;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// The bytes of each member, by the bytes of its name.
std::map<std::string, std::string> unzip(const std::string& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  auto* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  BOOST_REQUIRE(archive != nullptr);
  std::map<std::string, std::string> files;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t stat;
    BOOST_REQUIRE(zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) == 0);
    std::string content(stat.size, '\0');
    auto* file = zip_fopen_index(archive, index, 0);
    BOOST_REQUIRE(zip_fread(file, content.data(), content.size()) == static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    files[stat.name] = content;
  }
  zip_discard(archive);
  return files;
}

Request download(const std::string& url) {
  Request request;
  request.method = "GET";
  const auto path = url.substr(url.find('/', 8));
  request.path = path.substr(0, path.find('?'));
  request.query = path.substr(path.find('?') + 1);
  return request;
}

std::string utf8(const std::string& gbk) { return codec::fromGb18030(gbk).value(); }

// The public half of the key that signed the recorded requests of the official SDK (recovered from the signatures).
constexpr auto sdkPublicKey =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhL3pWP55B1fFkvYOOtcfOEUhvBodHpLnc9KmuAU4H8V+ocyKTckacBhJrwIT8ILMzpflfqpzl+dvpJIs"
    "x3IbNB1Pmy0V949+vCoiBEa0Maw1dgJfIwghrsKL41wqzeaFqC6CehiefvwTKrS8zxIK1gDHipsimNsDbqCYmojDxhyorO4CC0iXld+1+LQxajf9ZdG1nLDd9dgV"
    "GiMkEDUSGXKCt6NpoDHp/6ptAcYSvnn5W4YUNWdy+wVxT0jyrbP1gNUDG1DVtFLrZXNQ9vY5wRyaix8vUccQ3s5o186tPgpup++lU3v2NgzybF9JzJWPdanDv5cJ"
    "cJyFe43LNdD9mwIDAQAB";

const Json& member(const Json& json, std::string_view name) {
  const auto* found = json.find(name);
  BOOST_REQUIRE_MESSAGE(found != nullptr, name);
  return *found;
}

Json sdkCases() { return Json::parse(fileText("fixtures/alipay/generated/official_nodejs_sdk_golden.json")); }

const Json& sdkCase(const Json& cases, std::string_view name) {
  for (const auto& item : *cases.array()) {
    if (*member(item, "name").string() == name) return item;
  }
  throw std::runtime_error{"no such case"};
}

void setUrl(Request& request, const std::string& url) {
  const auto mark = url.find('?');
  request.path = "/gateway.do";
  request.query = mark == std::string::npos ? "" : url.substr(mark + 1);
}

std::string unescaped(std::string text) {
  for (auto at = text.find("&quot;"); at != std::string::npos; at = text.find("&quot;", at + 1)) text.replace(at, 6, "\"");
  return text;
}

std::string between(const std::string& text, const std::string& before, const std::string& after, std::size_t from = 0) {
  const auto start = text.find(before, from) + before.size();
  return text.substr(start, text.find(after, start) - start);
}

/// What a browser sends when it submits the form of `html`.
Request submitted(const std::string& html) {
  Request request;
  request.method = "POST";
  setUrl(request, between(html, "action=\"", "\""));
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  codec::FormFields fields;
  for (auto at = html.find("type=\"hidden\""); at != std::string::npos; at = html.find("type=\"hidden\"", at + 1)) {
    fields.emplace_back(between(html, "name=\"", "\"", at), unescaped(between(html, "value=\"", "\"", at)));
  }
  request.body = codec::writeForm(fields);
  return request;
}

/// A v1 case of the official SDK as the gateway receives it.
Request sdkRequest(const Json& item) {
  Request request;
  if (const auto* http = item.find("http")) {
    request.method = *member(*http, "method").string();
    setUrl(request, *member(*http, "url").string());
    request.headers.add("Content-Type", *member(*http, "content_type").string());
    request.body = *member(*http, "body").string();
    return request;
  }
  const auto output = *member(item, "output").string();
  if (contains(output, "<form")) return submitted(output);
  request.method = output.starts_with("http") ? "GET" : "POST";
  if (request.method == "GET") {
    setUrl(request, output);
  } else {
    setUrl(request, "");
    request.body = output;
  }
  return request;
}

struct SdkBench : Bench {
  static AlipayIdentity sdkIdentity() {
    auto identity = goldenIdentity();
    identity.appPublicKey = sdkPublicKey;
    return identity;
  }
  Json cases = sdkCases();
  SdkBench() : Bench{sdkIdentity()} {}
  Reply play(std::string_view name) { return platform.handle(sdkRequest(sdkCase(cases, name))); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(alipay_platform)

// ---------------------------------------------------------------- the string to sign, against the official SDK

BOOST_AUTO_TEST_CASE(the_official_sdks_requests_verify) {
  const auto cases = sdkCases();
  const auto key = crypto::PublicKey::load(sdkPublicKey, "publicKey");
  int v1 = 0;
  for (const auto& item : *cases.array()) {
    const auto& name = *member(item, "name").string();
    const auto& expected = *member(item, "string_to_sign").string();
    const auto digest = *member(item, "alg").string() == "RSA-SHA1" ? crypto::RsaDigest::sha1 : crypto::RsaDigest::sha256;
    BOOST_TEST_CONTEXT(name) {
      std::string sign;
      if (name.starts_with("v3_")) {
        const auto& authorization = *member(member(item, "http"), "authorization").string();
        sign = authorization.substr(authorization.rfind("sign=") + 5);
      } else {
        ++v1;
        const auto params = alipay::readParams(sdkRequest(item));
        sign = params.value("sign");
        BOOST_TEST(alipay::stringToSign(params) == expected);
      }
      BOOST_TEST(key.verify(expected, sign, digest));
      BOOST_TEST(!key.verify(expected + " ", sign, digest));
    }
  }
  BOOST_TEST(v1 == 10);
  BOOST_TEST(cases.array()->size() == 15U);
}

BOOST_AUTO_TEST_CASE(the_official_sdks_requests_are_served) {
  SdkBench bench;
  refused(bench.read(bench.play("exec_trade_query")), "40004", "ACQ.TRADE_NOT_EXIST");
  refused(bench.read(bench.play("exec_oauth_token")), "40002", "isv.code-invalid");
  refused(bench.read(bench.play("exec_encrypted")), "40001", "isv.missing-encrypt-key");
  refused(bench.read(bench.play("exec_multipart_upload")), "40002", "isv.invalid-method");
  refused(bench.read(bench.play("exec_trade_refund_cert_mode")), "20001", "aop.invalid-app-auth-token");
  refused(bench.read(bench.play("sdkExec_app_pay_cert_mode")), "40004", "ACQ.INVALID_PARAMETER");
  const auto app = bench.read(bench.play("sdkExec_app_pay"));
  accepted(app);
  BOOST_TEST(app["out_trade_no"] == "ORD_20240102_0001");
  BOOST_TEST(app["total_amount"] == "88.88");
  bench.signType = "RSA";
  const auto sha1 = bench.read(bench.play("exec_trade_query_RSA_sha1"));
  accepted(sha1);
  BOOST_TEST(sha1["trade_status"] == "WAIT_BUYER_PAY");
}

BOOST_AUTO_TEST_CASE(the_official_sdks_pages_open_the_cashier) {
  for (const auto name : {"pageExec_GET", "pageExec_POST"}) {
    SdkBench bench;
    const auto reply = bench.play(name);
    BOOST_TEST_CONTEXT(name << reply.body) {
      BOOST_TEST(reply.status == 200);
      BOOST_TEST(reply.contentType == "text/html;charset=utf-8");
      BOOST_TEST(contains(reply.body, "ORD_20240102_0001"));
      BOOST_TEST(contains(reply.body, "88.88"));
      BOOST_TEST(contains(reply.body, "16G+1/2 100% &quot;q&quot;"));
      const auto orders = bench.platform.orders();
      BOOST_TEST(*member(orders.array()->at(0), "tradeState").string() == "WAIT_BUYER_PAY");
    }
  }
}

BOOST_AUTO_TEST_CASE(recorded_requests_of_unipay_verify) {
  const auto key = crypto::PublicKey::load(fileText("golden/keys/app_public.pem"), "publicKey");
  const auto verify = [&](const Request& request) {
    const auto params = alipay::readParams(request);
    const auto digest = params.value("sign_type") == "RSA" ? crypto::RsaDigest::sha1 : crypto::RsaDigest::sha256;
    return key.verify(alipay::stringToSign(params), params.value("sign"), digest);
  };
  int requests = 0;
  int orders = 0;
  for (const auto& entry : std::filesystem::directory_iterator{std::string{OPENAPI_SOURCE_DIR} + "/tests/golden/cases"}) {
    const auto name = entry.path().filename().string();
    if (!contains(name, "-ali-")) continue;
    const auto item = Json::parse(fileText("golden/cases/" + name));
    BOOST_TEST_CONTEXT(name) {
      const auto* sent = item.find("wireRequest");
      const auto* body = sent == nullptr ? nullptr : sent->find("body");
      if (body != nullptr && body->string() != nullptr) {
        Request request;
        request.method = "POST";
        setUrl(request, *member(*sent, "url").string());
        // A parameter for a proxy in front of the gateway, which the merchant does not sign.
        if (request.query.starts_with("tenant=1&")) request.query.erase(0, 9);
        request.body = *body->string();
        BOOST_TEST(verify(request));
        ++requests;
      }
      const auto* output = item.find("output");
      if (output != nullptr && output->string() != nullptr && output->string()->starts_with("method=alipay.trade.app.pay")) {
        Request request;
        request.body = *output->string();
        BOOST_TEST(verify(request));
        ++orders;
      }
    }
  }
  BOOST_TEST(requests == 27);
  BOOST_TEST(orders >= 15);
}

// ---------------------------------------------------------------- the gateway's own checks, in their order

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

// ---------------------------------------------------------------- orders

BOOST_AUTO_TEST_CASE(an_order_from_creation_to_payment) {
  Bench bench;
  const auto created = bench.call("alipay.trade.create", Bench::orderBiz("C1", "88.88"));
  accepted(created);
  BOOST_TEST(created["trade_no"].size() == 28U);
  BOOST_TEST(created["trade_no"].starts_with("2026112022001"));
  auto state = bench.call("alipay.trade.query", byNumber("C1"));
  accepted(state);
  BOOST_TEST(state["trade_status"] == "WAIT_BUYER_PAY");
  BOOST_TEST(state["total_amount"] == "88.88");
  BOOST_TEST(state["buyer_pay_amount"] == "0.00");
  BOOST_TEST(!state.has("send_pay_date"));
  const auto paid = bench.platform.pay(Fields{{"outTradeNo", "C1"}});
  BOOST_TEST(*member(paid, "tradeState").string() == "TRADE_SUCCESS");
  BOOST_TEST(*member(paid, "totalFee").integer() == 8888);
  state = bench.call("alipay.trade.query", R"({"out_trade_no":"other","trade_no":")" + created["trade_no"] + "\"}");
  BOOST_TEST(state["out_trade_no"] == "C1");
  BOOST_TEST(state["trade_status"] == "TRADE_SUCCESS");
  BOOST_TEST(state["buyer_pay_amount"] == "88.88");
  BOOST_TEST(state["buyer_user_id"] == "2088102146225135");
  BOOST_TEST(state["send_pay_date"] == "2026-11-20 12:00:00");
  BOOST_TEST(state["fund_bill_list"] == R"([{"amount":"88.88","fund_channel":"ALIPAYACCOUNT"}])");
  bench.platform.knobs().sandboxAmounts = true;
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("C1"))["buyer_pay_amount"] == "0.00");
  refused(bench.call("alipay.trade.query", "{}"), "40004", "ACQ.INVALID_PARAMETER");
}

BOOST_AUTO_TEST_CASE(repeated_orders) {
  Bench bench;
  const auto first = bench.call("alipay.trade.create", Bench::orderBiz("D1", "10"));
  const auto again = bench.call("alipay.trade.create", Bench::orderBiz("D1", "10.00"));
  accepted(again);
  BOOST_TEST(again["trade_no"] == first["trade_no"]);
  refused(bench.call("alipay.trade.create", Bench::orderBiz("D1", "10.01")), "40004", "ACQ.CONTEXT_INCONSISTENT");
  refused(bench.call("alipay.trade.create", Bench::orderBiz("D1", "10.00", R"(,"body":"x")")), "40004",
          "ACQ.CONTEXT_INCONSISTENT");
  bench.platform.pay(Fields{{"outTradeNo", "D1"}});
  refused(bench.call("alipay.trade.create", Bench::orderBiz("D1", "10")), "40004", "ACQ.TRADE_HAS_SUCCESS");
  accepted(bench.call("alipay.trade.refund", refundBiz("D1", "10", "")));
  refused(bench.call("alipay.trade.create", Bench::orderBiz("D1", "10")), "40004", "ACQ.TRADE_HAS_CLOSE");
}

BOOST_AUTO_TEST_CASE(amounts_are_checked_as_decimal_text) {
  Bench bench;
  const auto order = [&](const std::string& amount) {
    static int number = 0;
    return bench.call("alipay.trade.create", R"({"out_trade_no":"M)" + std::to_string(++number) + R"(","total_amount":)" +
                                                 amount + R"(,"subject":"s","buyer_id":"2088102146225135"})");
  };
  for (const auto good : {"\"0.01\"", "88.88", "1", "\"0.1\"", "\"100000000.00\"", "100000000"}) accepted(order(good));
  for (const auto bad :
       {"19.990000000000002", "\"0.001\"", "\"1e2\"", "1e2", "\"-1\"", "\" 1\"", "\"1.\"", "\"\"", "true", "[]", "\"１\""}) {
    const auto answer = order(bad);
    refused(answer, "40004", "ACQ.INVALID_PARAMETER");
    BOOST_TEST(answer["sub_msg"] == "参数无效：订单总金额格式错误");
  }
  refused(order("0"), "40004", "ACQ.INVALID_PARAMETER");
  refused(order("\"0.00\""), "40004", "ACQ.INVALID_PARAMETER");
  refused(order("null"), "40004", "ACQ.INVALID_PARAMETER");
  refused(order("\"100000000.01\""), "40004", "ACQ.TOTAL_FEE_EXCEED");
}

BOOST_AUTO_TEST_CASE(order_fields_are_checked) {
  Bench bench;
  const auto order = [&](const std::string& biz) { return bench.call("alipay.trade.create", biz); };
  const auto with = [&](const std::string& more) { return order(Bench::orderBiz("F1", "1", more)); };
  const auto invalid = [&](const Answer& answer) { refused(answer, "40004", "ACQ.INVALID_PARAMETER"); };
  invalid(order("{}"));
  invalid(order(R"({"out_trade_no":"F1","total_amount":"1","buyer_id":"2088102146225135"})"));
  invalid(order(R"({"out_trade_no":"F1","total_amount":"1","subject":"s"})"));
  invalid(order(R"({"out_trade_no":"F-1","total_amount":"1","subject":"s","buyer_id":"2088102146225135"})"));
  invalid(order(Bench::orderBiz(std::string(65, '1'), "1")));
  invalid(with(R"(,"body":")" + std::string(129, 'b') + "\""));
  invalid(with(R"(,"passback_params":")" + std::string(513, 'b') + "\""));
  invalid(with(R"(,"goods_detail":{})"));
  invalid(with(R"(,"goods_detail":[{"goods_name":"n","quantity":1,"price":"1"}])"));
  invalid(with(R"(,"timeout_express":"90s")"));
  invalid(with(R"(,"timeout_express":"1.5h")"));
  invalid(with(R"(,"timeout_express":"16d")"));
  invalid(with(R"(,"time_expire":"tomorrow")"));
  invalid(with(R"(,"operator_id":[])"));
  invalid(with(R"(,"discountable_amount":"0.5","undiscountable_amount":"0.4")"));
  invalid(with(R"(,"enable_pay_channels":"balance","disable_pay_channels":"pcredit")"));
  refused(with(R"(,"time_expire":"2026-11-20 11:59:59")"), "40004", "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
  refused(with(R"(,"seller_id":"2088000000000000")"), "40004", "ACQ.SELLER_NOT_EXIST");
  std::string goods = R"(,"goods_detail":[)";
  for (int i = 0; i < 151; ++i)
    goods += std::string{i == 0 ? "" : ","} + R"({"goods_id":"1","goods_name":"n","quantity":1,"price":"1"})";
  refused(with(goods + "]"), "40004", "ACQ.SUB_GOODS_SIZE_MAX_COUNT");
  const std::string head = R"({"out_trade_no":"F1","total_amount":"1","subject":"s","buyer_id":")";
  refused(order(head + "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}"), "40004", "ACQ.BUYER_NOT_EXIST");
  refused(order(head + bench.identity.sellerId + "\"}"), "40004", "ACQ.BUYER_SELLER_EQUAL");
  accepted(
      with(R"(,"goods_detail":[{"goods_id":"1","goods_name":"n","quantity":1,"price":"1"}],"timeout_express":"5m","body":null,)"
           R"("discountable_amount":"0.5","undiscountable_amount":"0.5")"));
  bench.platform.knobs().subjectCharacters = true;
  invalid(order(R"({"out_trade_no":"F2","total_amount":"1","subject":"a/b","buyer_id":"2088102146225135"})"));
  bench.platform.knobs().subjectCharacters = false;
  accepted(order(R"({"out_trade_no":"F2","total_amount":"1","subject":"a/b & c = d","buyer_id":"2088102146225135"})"));
}

BOOST_AUTO_TEST_CASE(buyers_may_be_named_in_three_ways) {
  Bench bench;
  const std::string head = R"({"total_amount":"1","subject":"s",)";
  accepted(bench.call("alipay.trade.create",
                      head + R"("out_trade_no":"B1","buyer_open_id":"074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5"})"));
  const auto open = bench.call("alipay.trade.query", byNumber("B1"));
  BOOST_TEST(open["buyer_open_id"] == "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5");
  BOOST_TEST(!open.has("buyer_user_id"));
  accepted(bench.call("alipay.trade.create", head + R"("out_trade_no":"B2","buyer_logon_id":"a@b.example"})"));
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("B2"))["buyer_user_id"] == alipay::userIdFor("a@b.example"));
}

BOOST_AUTO_TEST_CASE(orders_that_the_buyer_opens) {
  Bench bench;
  const auto biz = R"({"out_trade_no":"O1","total_amount":"0.01","subject":"s"})";
  const auto text = bench.orderString("alipay.trade.app.pay", biz);
  refused(bench.call("alipay.trade.query", byNumber("O1")), "40004", "ACQ.TRADE_NOT_EXIST");
  refused(bench.call("alipay.trade.close", byNumber("O1")), "40004", "ACQ.TRADE_NOT_EXIST");
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}}); }) == 404);
  const auto other = bench.orderString("alipay.trade.app.pay", R"({"out_trade_no":"O9","total_amount":"0.01","subject":"s"})");
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", other}}); }) == 400);
  auto forged = text;
  forged.replace(forged.find("0.01"), 4, "0.02");
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", forged}}); }) == 400);
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", "%"}}); }) == 400);
  const auto query = bench.orderString("alipay.trade.query", byNumber("O1"));
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", query}}); }) == 400);
  bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", text}, {"openid", "2088000000000007"}});
  const auto state = bench.call("alipay.trade.query", byNumber("O1"));
  BOOST_TEST(state["trade_status"] == "TRADE_SUCCESS");
  BOOST_TEST(state["buyer_user_id"] == "2088000000000007");
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}, {"orderString", text}}); }) == 409);
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O1"}}); }) == 409);
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("O3", "1")));
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "O3"}, {"openid", "2088000000000007"}}); }) == 409);
}

BOOST_AUTO_TEST_CASE(pages_open_orders_and_their_errors_are_pages) {
  Bench bench;
  const std::string order = R"({"out_trade_no":"P1","total_amount":"0.01","subject":"<b>&","product_code":)";
  const auto visit = [&](const std::string& method, const std::string& biz, const Params& more = {}) {
    auto request = Bench::post(bench.orderString(method, biz, more), "");
    request.method = "GET";
    return bench.platform.handle(request);
  };
  const auto failed = visit("alipay.trade.page.pay", order + R"("QUICK_WAP_WAY"})");
  BOOST_TEST(failed.contentType == "text/html;charset=GBK");
  BOOST_TEST(contains(utf8(failed.body), "调试错误，请回到请求来源地，重新发起请求。"));
  BOOST_TEST(contains(utf8(failed.body), "错误代码 ACQ.INVALID_PARAMETER 错误原因: 参数无效："));
  auto stranger = bench.params("alipay.trade.page.pay", order + R"("FAST_INSTANT_TRADE_PAY"})");
  stranger["app_id"] = "1";
  const auto unknown = bench.platform.handle(Bench::request(bench.signedParams(stranger)));
  BOOST_TEST(contains(utf8(unknown.body), "错误代码 invalid-app-id 错误原因: 无效的AppID参数"));
  const auto page =
      visit("alipay.trade.page.pay", order + R"("FAST_INSTANT_TRADE_PAY"})", {{"return_url", "https://shop.example/r?a=1"}});
  BOOST_TEST(page.contentType == "text/html;charset=utf-8");
  BOOST_TEST(contains(page.body, "&lt;b&gt;&amp;"));
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("P1"))["trade_status"] == "WAIT_BUYER_PAY");
  const auto paid = bench.platform.pay(Fields{{"outTradeNo", "P1"}});
  const auto back = *member(paid, "returnUrl").string();
  BOOST_TEST(back.starts_with("https://shop.example/r?a=1&charset=utf-8&out_trade_no=P1&method=alipay.trade.page.pay.return&"));
  const Notice fields{back.substr(back.find("&charset") + 1)};
  BOOST_TEST(fields.verify(bench.alipayKey));
  bench.charset = "gbk";
  const auto wap =
      visit("alipay.trade.wap.pay", R"({"out_trade_no":"P2","total_amount":"1","subject":"s","product_code":"QUICK_WAP_WAY"})");
  BOOST_TEST(wap.contentType == "text/html;charset=GBK");
  BOOST_TEST(contains(utf8(wap.body), "手机网站支付"));
}

BOOST_AUTO_TEST_CASE(precreated_orders_wait_for_the_scan) {
  Bench bench;
  const auto biz = R"({"out_trade_no":"Q1","total_amount":"1","subject":"s"})";
  const auto code = bench.call("alipay.trade.precreate", biz);
  accepted(code);
  BOOST_TEST(bench.call("alipay.trade.precreate", biz)["qr_code"] == code["qr_code"]);
  refused(bench.call("alipay.trade.precreate", R"({"out_trade_no":"Q1","total_amount":"2","subject":"s"})"), "40004",
          "ACQ.CONTEXT_INCONSISTENT");
  refused(bench.call("alipay.trade.query", byNumber("Q1")), "40004", "ACQ.TRADE_NOT_EXIST");
  const auto opened = bench.platform.extra("/open", Fields{{"outTradeNo", "Q1"}});
  BOOST_TEST(*member(opened, "tradeState").string() == "WAIT_BUYER_PAY");
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("Q1"))["trade_status"] == "WAIT_BUYER_PAY");
  bench.platform.pay(Fields{{"outTradeNo", "Q1"}});
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("Q1"))["trade_status"] == "TRADE_SUCCESS");
  refused(bench.call("alipay.trade.precreate", biz), "40004", "ACQ.TRADE_HAS_SUCCESS");
  accepted(bench.call("alipay.trade.precreate", R"({"out_trade_no":"Q2","total_amount":"1","subject":"s"})"));
  bench.advance(2h);
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "Q2"}}); }) == 409);
}

BOOST_AUTO_TEST_CASE(bar_codes) {
  Bench bench;
  const auto payWith = [&](const std::string& number, const std::string& yuan, const std::string& code) {
    return bench.call("alipay.trade.pay", R"({"out_trade_no":")" + number + R"(","total_amount":")" + yuan +
                                              R"(","subject":"s","scene":"bar_code","auth_code":")" + code + "\"}");
  };
  const auto issue = [&](const std::string& result) {
    return *member(bench.platform.extra("/paycode", Fields{{"result", result}}), "code").string();
  };
  const auto code = issue("ok");
  const auto paid = payWith("K1", "1000.00", code);
  accepted(paid);
  BOOST_TEST(paid["gmt_payment"] == "2026-11-20 12:00:00");
  BOOST_TEST(paid["buyer_pay_amount"] == "1000.00");
  std::vector<std::string> names;
  for (const auto& field : *paid.node.object()) names.push_back(field.name);
  const std::vector<std::string> real{"code",           "msg",          "buyer_logon_id", "buyer_pay_amount", "buyer_user_id",
                                      "fund_bill_list", "gmt_payment",  "invoice_amount", "out_trade_no",     "point_amount",
                                      "receipt_amount", "total_amount", "trade_no"};
  BOOST_TEST(names == real, boost::test_tools::per_element());
  BOOST_TEST(payWith("K1", "1000.00", code)["trade_no"] == paid["trade_no"]);
  refused(payWith("K1", "1000.00", issue("ok")), "40004", "ACQ.TRADE_HAS_SUCCESS");
  refused(payWith("K2", "1.00", code), "40004", "ACQ.PAYMENT_AUTH_CODE_INVALID");
  for (const auto bad : {"1234567890123456", "280000000000000", "31000000000000000", "28000000000000000x"}) {
    refused(payWith("K2", "1.00", bad), "40004", "ACQ.PAYMENT_AUTH_CODE_INVALID");
  }
  const auto slow = payWith("K3", "1000.01", issue("ok"));
  BOOST_TEST(slow["code"] == "10003");
  BOOST_TEST(slow["msg"] == "order success pay inprocess");
  BOOST_TEST(slow.verified);
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("K3"))["trade_status"] == "WAIT_BUYER_PAY");
  bench.platform.pay(Fields{{"outTradeNo", "K3"}});
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("K3"))["trade_status"] == "TRADE_SUCCESS");
  BOOST_TEST(payWith("K4", "0.01", issue("password"))["code"] == "10003");
  const auto unknown = payWith("K5", "0.01", issue("unknown"));
  refused(unknown, "20000", "aop.ACQ.SYSTEM_ERROR");
  BOOST_TEST(unknown["msg"] == "Service Currently Unavailable");
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("K5"))["trade_status"] == "TRADE_SUCCESS");
  refused(bench.call("alipay.trade.pay", Bench::orderBiz("K6", "1", R"(,"scene":"face","auth_code":")" + issue("ok") + "\"")),
          "40004", "ACQ.INVALID_PARAMETER");
  refused(bench.call("alipay.trade.pay",
                     Bench::orderBiz(
                         "K6", "1", R"(,"product_code":"CYCLE_PAY_AUTH","scene":"bar_code","auth_code":")" + issue("ok") + "\"")),
          "40004", "ACQ.AGREEMENT_NOT_EXIST");
}

BOOST_AUTO_TEST_CASE(unpaid_orders_close_when_their_time_is_over) {
  Bench bench;
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("T1", "1", R"(,"timeout_express":"5m")")));
  accepted(bench.call("alipay.trade.create",
                      Bench::orderBiz("T2", "1", R"(,"time_expire":"2026-11-20 12:10:00","timeout_express":"1m")")));
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("T3", "1", R"(,"timeout_express":"1c")")));
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("T4", "1")));
  const auto state = [&](const std::string& number) {
    return bench.call("alipay.trade.query", byNumber(number))["trade_status"];
  };
  bench.advance(4min + 59s);
  BOOST_TEST(state("T1") == "WAIT_BUYER_PAY");
  bench.advance(1s);
  BOOST_TEST(state("T1") == "TRADE_CLOSED");
  BOOST_TEST(statusOf([&] { bench.platform.pay(Fields{{"outTradeNo", "T1"}}); }) == 409);
  BOOST_TEST(state("T2") == "WAIT_BUYER_PAY");
  bench.advance(5min);
  BOOST_TEST(state("T2") == "TRADE_CLOSED");
  BOOST_TEST(state("T3") == "WAIT_BUYER_PAY");
  bench.advance(12h);
  BOOST_TEST(state("T3") == "TRADE_CLOSED");
  bench.advance(14 * 24h);
  BOOST_TEST(state("T4") == "WAIT_BUYER_PAY");
  bench.advance(24h);
  BOOST_TEST(state("T4") == "TRADE_CLOSED");
}

BOOST_AUTO_TEST_CASE(closing_and_cancelling) {
  Bench bench;
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("X1", "1")));
  const auto closed = bench.call("alipay.trade.close", byNumber("X1"));
  accepted(closed);
  BOOST_TEST(closed["out_trade_no"] == "X1");
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("X1"))["trade_status"] == "TRADE_CLOSED");
  refused(bench.call("alipay.trade.close", byNumber("X1")), "40004", "ACQ.TRADE_STATUS_ERROR");
  bench.trade("X2", "1");
  refused(bench.call("alipay.trade.close", byNumber("X2")), "40004", "ACQ.TRADE_STATUS_ERROR");
  const auto cancel = [&](const std::string& number) { return bench.call("alipay.trade.cancel", byNumber(number)); };
  const auto absent = cancel("none");
  accepted(absent);
  BOOST_TEST(!absent.has("action"));
  BOOST_TEST(absent["retry_flag"] == "N");
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("X3", "1")));
  BOOST_TEST(cancel("X3")["action"] == "close");
  BOOST_TEST(cancel("X3")["action"] == "close");
  const auto refunded = cancel("X2");
  accepted(refunded);
  BOOST_TEST(refunded["action"] == "refund");
  BOOST_TEST(cancel("X2")["action"] == "refund");
  BOOST_TEST(bench.platform.refunds().array()->size() == 1U);
  BOOST_TEST(bench.call("alipay.trade.query", byNumber("X2"))["trade_status"] == "TRADE_CLOSED");
  bench.trade("X4", "1");
  accepted(bench.call("alipay.trade.refund", refundBiz("X4", "0.4", "r1")));
  refused(cancel("X4"), "40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR");
  bench.trade("X5", "1");
  bench.advance(25h);
  refused(cancel("X5"), "40004", "ACQ.TRADE_CANCEL_TIME_OUT");
}

// ---------------------------------------------------------------- refunds

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

// ---------------------------------------------------------------- notifications

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

// ---------------------------------------------------------------- login

BOOST_AUTO_TEST_CASE(login_codes_are_good_once) {
  Bench bench;
  const auto login = [&](const std::string& code) {
    return bench.call("alipay.system.oauth.token", "", {{"grant_type", "authorization_code"}, {"code", code}});
  };
  const auto token = login("auth-alice-1");
  BOOST_TEST(token.root == "alipay_system_oauth_token_response");
  BOOST_TEST(token.verified);
  BOOST_TEST(!token.has("code"));
  BOOST_TEST(token["user_id"] == alipay::userIdFor("alice"));
  BOOST_TEST(token["expires_in"] == "1296000");
  BOOST_TEST(login("auth-alice-2")["user_id"] == token["user_id"]);
  BOOST_TEST(login("auth-bob-1")["user_id"] != token["user_id"]);
  BOOST_TEST(login("authABC")["user_id"] == alipay::defaultBuyer);
  const auto issued = bench.platform.extra("/authcode", Fields{{"openid", "2088000000000009"}});
  BOOST_TEST(login(*member(issued, "code").string())["user_id"] == "2088000000000009");
  for (const auto code : {"auth-alice-1", "4b203fe6c11548bcabd8da5bb087a83b", "authexpired1"}) {
    const auto bad = login(code);
    refused(bad, "40002", "isv.code-invalid");
    BOOST_TEST(bad.root == "error_response");
    BOOST_TEST(bad["sub_msg"] == "授权码code无效");
    BOOST_TEST(bad.verified);
  }
  bench.platform.knobs().openIds = true;
  bench.platform.knobs().numbers = true;
  const auto open = login("auth-alice-3");
  BOOST_TEST(!open.has("user_id"));
  BOOST_TEST(!open["open_id"].empty());
  BOOST_TEST(*member(open.node, "expires_in").integer() == 1296000);
}

BOOST_AUTO_TEST_CASE(refresh_tokens) {
  Bench bench;
  const auto ask = [&](const Params& more) { return bench.call("alipay.system.oauth.token", "", more); };
  const auto first = ask({{"grant_type", "authorization_code"}, {"code", "auth1"}});
  const auto second = ask({{"grant_type", "refresh_token"}, {"refresh_token", first["refresh_token"]}});
  BOOST_TEST(second["user_id"] == first["user_id"]);
  BOOST_TEST(second["access_token"] != first["access_token"]);
  refused(ask({{"grant_type", "refresh_token"}, {"refresh_token", first["refresh_token"]}}), "40002",
          "isv.refresh-token-invalid");
  refused(ask({{"grant_type", "refresh_token"}}), "40002", "isv.refresh-token-invalid");
  refused(ask({{"grant_type", "password"}}), "40002", "isv.grant-type-invalid");
  bench.advance(31 * 24h);
  refused(ask({{"grant_type", "refresh_token"}, {"refresh_token", second["refresh_token"]}}), "40002",
          "isv.refresh-token-time-out");
}

// ---------------------------------------------------------------- bills

BOOST_AUTO_TEST_CASE(bills_of_what_was_traded) {
  Bench bench;
  bench.trade("L1", "10.00");
  bench.advance(1s);
  bench.trade("L2", "0.35");
  bench.advance(1s);
  accepted(bench.call("alipay.trade.refund",
                      R"({"out_trade_no":"L1","refund_amount":"3.33","out_request_no":"r1","refund_reason":"坏,了"})"));
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("L3", "99")));
  const auto ask = [&](const std::string& type, const std::string& date) {
    return bench.call("alipay.data.dataservice.bill.downloadurl.query",
                      R"({"bill_type":")" + type + R"(","bill_date":")" + date + "\"}");
  };
  refused(ask("trade", "2026-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("trade", "2026-11-19"), "40004", "NO_BILL_DATA");
  bench.advance(24h);
  refused(ask("trade", "2026-13-01"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("trade", "2019-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("nothing", "2026-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("zft_acc", "2026-11-20"), "40004", "TYPE_NOT_SUPPORTED");
  const auto answer = ask("trade", "2026-11-20");
  accepted(answer);
  const auto url = answer["bill_download_url"];
  BOOST_TEST(url.starts_with("https://127.0.0.1:4711/downloadBillFile.resource?bizType=trade&"));
  const auto reply = bench.platform.handle(download(url));
  BOOST_TEST(reply.status == 200);
  const auto files = unzip(reply.body);
  BOOST_REQUIRE(files.size() == 2U);
  const auto stem = bench.identity.sellerId + "0156_20261120_";
  const auto detail = utf8(files.at(codec::toGbk(stem + "业务明细.csv").value()));
  const auto summary = utf8(files.at(codec::toGbk(stem + "业务明细(汇总).csv").value()));
  BOOST_TEST((static_cast<unsigned char>(reply.body[7]) & 8U) == 0U);  // no UTF-8 flag in the first local header
  BOOST_TEST(detail.starts_with(
      "#支付宝业务明细查询\r\n#账号：[" + bench.identity.sellerId +
      "0156]\r\n#起始日期：[2026年11月20日 00:00:00]   终止日期：[2026年11月21日 00:00:00]\r\n"
      "#-----------------------------------------业务明细列表----------------------------------------\r\n支付宝交易号,"));
  BOOST_TEST(contains(detail,
                      "\t,L2\t,交易\t,季卡,2026-11-20 12:00:01,2026-11-20 12:00:01,\t,\t,\t,\t,135***@sandbox.com\t,0.35,0.35,"
                      "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,0.00,0.00,季卡\r\n"));
  BOOST_TEST(contains(detail,
                      "\t,L1\t,退款\t,季卡,2026-11-20 12:00:00,2026-11-20 12:00:02,\t,\t,\t,\t,135***@sandbox.com\t,-3.33,-3.33,"
                      "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,r1\t,0.00,0.00,坏 了\r\n"));
  BOOST_TEST(!contains(detail, "L3"));
  BOOST_TEST(contains(
      detail,
      "#交易合计：2笔，商家实收共10.35元，商家优惠共0.00元\r\n#退款合计：1笔，商家实收退款共-3.33元，商家优惠退款共0.00元\r\n"));
  BOOST_TEST(contains(summary, "\r\n合计,,2,1,7.02,7.02,0.00,0.00,0.00,0.00,0.00,7.02\r\n"));
  refused(ask("trade", "2026-11"), "40004", "INVAILID_ARGUMENTS");
  bench.advance(10 * 24h);
  const auto month = unzip(bench.platform.handle(download(ask("trade", "2026-11")["bill_download_url"])).body);
  const auto whole = utf8(month.at(codec::toGbk(bench.identity.sellerId + "0156_202611_业务明细.csv").value()));
  BOOST_TEST(contains(whole, "#起始日期：[2026年11月01日 00:00:00]   终止日期：[2026年12月01日 00:00:00]"));
  BOOST_TEST(contains(whole, "#交易合计：2笔"));
}

BOOST_AUTO_TEST_CASE(account_bills_and_dead_links) {
  Bench bench;
  bench.trade("V1", "10.00");
  bench.advance(24h);
  bench.trade("V2", "1.00");
  bench.advance(1s);
  accepted(bench.call("alipay.trade.refund", refundBiz("V1", "4.00", "r1")));
  bench.advance(24h);
  const auto ask = [&](const std::string& date) {
    return bench.call("alipay.data.dataservice.bill.downloadurl.query",
                      R"({"bill_type":"signcustomer","bill_date":")" + date + "\"}");
  };
  const auto url = ask("2026-11-21")["bill_download_url"];
  const auto files = unzip(bench.platform.handle(download(url)).body);
  const auto detail = utf8(files.at(codec::toGbk(bench.identity.sellerId + "0156_20261121_账务明细.csv").value()));
  BOOST_TEST(contains(detail, "\t,V2\t,季卡,2026-11-21 12:00:00,135***@sandbox.com,1.00, ,11.00,支付宝,在线支付,\r\n"));
  BOOST_TEST(contains(detail, "\t,V1\t,季卡,2026-11-21 12:00:01,135***@sandbox.com, ,-4.00,7.00,支付宝,交易退款,\r\n"));
  BOOST_TEST(contains(detail, "#支出合计：1笔，共-4.00元\r\n#收入合计：1笔，共1.00元\r\n"));
  bench.advance(29s);
  BOOST_TEST(bench.platform.handle(download(url)).status == 200);
  bench.advance(1s);
  BOOST_TEST(bench.platform.handle(download(url)).status == 404);
  BOOST_TEST(bench.platform.handle(download("https://127.0.0.1/downloadBillFile.resource?fileId=none")).status == 404);
  BOOST_TEST(bench.platform.handle(download("https://127.0.0.1/downloadBillFile.resource?fileId=%")).status == 404);
  bench.platform.knobs().emptyBills = true;
  const auto empty = ask("2026-11-19");
  accepted(empty);
  BOOST_TEST(empty["bill_file_code"] == "EMPTY_DATA_WITH_BILL_FILE");
  BOOST_TEST(unzip(bench.platform.handle(download(empty["bill_download_url"])).body).size() == 2U);
  bench.platform.knobs().billHour = 13;
  refused(ask("2026-11-21"), "40004", "BILL_NOT_EXIST");
}

// ---------------------------------------------------------------- faults and forgeries

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
