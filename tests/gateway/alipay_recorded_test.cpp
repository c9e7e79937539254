// Requests that the official SDK and unipay made, at the local Alipay.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace alipay_bench;

namespace {

// The public half of the key that signed the recorded requests of the official SDK (recovered from the signatures).
constexpr auto sdkPublicKey =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhL3pWP55B1fFkvYOOtcfOEUhvBodHpLnc9KmuAU4H8V+ocyKTckacBhJrwIT8ILMzpflfqpzl+dvpJIs"
    "x3IbNB1Pmy0V949+vCoiBEa0Maw1dgJfIwghrsKL41wqzeaFqC6CehiefvwTKrS8zxIK1gDHipsimNsDbqCYmojDxhyorO4CC0iXld+1+LQxajf9ZdG1nLDd9dgV"
    "GiMkEDUSGXKCt6NpoDHp/6ptAcYSvnn5W4YUNWdy+wVxT0jyrbP1gNUDG1DVtFLrZXNQ9vY5wRyaix8vUccQ3s5o186tPgpup++lU3v2NgzybF9JzJWPdanDv5cJ"
    "cJyFe43LNdD9mwIDAQAB";

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

BOOST_AUTO_TEST_SUITE(alipay_recorded)

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

BOOST_AUTO_TEST_SUITE_END()
