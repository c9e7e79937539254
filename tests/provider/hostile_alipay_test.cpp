// Answers and notifications of Alipay as somebody who wants money would send them.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>

#include <codec/text.hpp>

#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;
using crypto::RsaDigest;

namespace {

const auto now = std::chrono::system_clock::time_point{std::chrono::seconds{1'700'000'000}};

// ---- answers

const std::string queryName = "alipay_trade_query_response";
const std::string refundName = "alipay_trade_refund_response";
const std::string paidNode =
    R"({"code":"10000","msg":"Success","out_trade_no":"A1","trade_no":"2023111522001","trade_status":"TRADE_SUCCESS","total_amount":"88.00"})";
const std::string refundNode =
    R"({"code":"10000","msg":"Success","out_trade_no":"A1","trade_no":"2023111522001","fund_change":"Y","refund_fee":"88.00"})";

OrderQueryRequest query() {
  OrderQueryRequest request;
  request.outTradeNo = "A1";
  return request;
}

RefundRequest refund() {
  RefundRequest request;
  request.outTradeNo = "A1";
  request.refundFee = Fen{8800};
  return request;
}

std::string readQuery(const std::string& body) { return jsonOf(alipay::decode(alipaySettings(), query(), ok(body))); }
std::string readRefund(const std::string& body) { return jsonOf(alipay::decode(alipaySettings(), refund(), ok(body))); }
std::string readLogin(const std::string& body) {
  return jsonOf(alipay::decode(alipaySettings(), alipay::Code2SessionRequest{"c"}, ok(body)));
}

template <class Request>
std::string readAny(const std::string& body) {
  return jsonOf(alipay::decode(alipaySettings(), Request{}, ok(body)));
}

using Reader = std::string (*)(const std::string&);
const std::vector<Reader> readers{readQuery,
                                  readRefund,
                                  readLogin,
                                  readAny<UnifiedOrderRequest>,
                                  readAny<CloseOrderRequest>,
                                  readAny<CancelOrderRequest>,
                                  readAny<RefundQueryRequest>};

std::string signOf(const std::string& text) { return alipayKey().sign(text, RsaDigest::sha256); }
std::string quoted(const std::string& text) { return Json{text}.json(); }

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t at = 0; at < times; ++at) text += part;
  return text;
}

std::string withMember(const std::string& node, const std::string& member) { return "{" + member + "," + node.substr(1); }
std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no " << what);
  return text.replace(at, what.size(), by);
}

// ---- notifications

Wire paid() {
  return {{"app_id", "2021000122671080"},
          {"auth_app_id", "2021000122671080"},
          {"body", "季卡"},
          {"buyer_id", "2088102116773037"},
          {"buyer_pay_amount", "88.00"},
          {"charset", "utf-8"},
          {"gmt_create", "2023-11-15 06:13:00"},
          {"gmt_payment", "2023-11-15 06:13:20"},
          {"notify_id", "4a91b7a78a503640"},
          {"notify_time", "2023-11-15 06:13:20"},
          {"notify_type", "trade_status_sync"},
          {"out_trade_no", "A1"},
          {"receipt_amount", "88.00"},
          {"seller_id", "2088102119685838"},
          {"sign_type", "RSA2"},
          {"subject", "季卡 a+b%2B"},
          {"total_amount", "88.00"},
          {"trade_no", "2023111522001"},
          {"trade_status", "TRADE_SUCCESS"},
          {"version", "1.0"}};
}

std::string readNotify(const std::string& body) { return jsonOf(alipay::paymentNotify(alipaySettings(), event(body), now)); }
std::string readSigned(const Wire& fields) { return readNotify(formOf(signedNotify(fields))); }

std::string encoded(const std::string& text) {
  std::string out;
  codec::appendPercentEncoded(out, text);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_alipay)

BOOST_AUTO_TEST_CASE(the_genuine_ones_are_read) {
  BOOST_TEST(*Json::parse(readQuery(signedAnswer(queryName, paidNode))).find("totalFee")->integer() == 8800);
  BOOST_TEST(*Json::parse(readRefund(signedAnswer(refundName, refundNode))).find("refundFee")->integer() == 8800);
  const auto notify = Json::parse(readSigned(paid()));
  BOOST_TEST(*notify.find("totalFee")->integer() == 8800);
  BOOST_TEST(*notify.find("subject")->string() == "季卡 a+b%2B");
  // sign first, blanks, and members that nobody knows.
  BOOST_TEST(readQuery("{\"sign\":\"" + signOf(paidNode) + "\",\"" + queryName + "\":" + paidNode + "}") ==
             readQuery(signedAnswer(queryName, paidNode)));
  BOOST_TEST(readQuery(" {\n\"new_member\" : [1, {\"sign\":\"x\"}] ,\t\"" + queryName + "\" : " + paidNode + " , \"sign\":\"" +
                       signOf(paidNode) + "\"}\n") == readQuery(signedAnswer(queryName, paidNode)));
}

BOOST_AUTO_TEST_CASE(hostile_documents_are_errors_everywhere) {
  const auto good = signedAnswer(queryName, paidNode);
  const std::vector<std::string> documents{
      "",
      " ",
      "x",
      std::string(4, '\0'),
      "null",
      "true",
      "1",
      "\"x\"",
      "[]",
      "{}",
      "[" + good + "]",
      "{\"sign\":\"x\"}",
      "<html><body>502</body></html>",
      "<?xml version=\"1.0\"?><alipay><is_success>F</is_success></alipay>",
      good + "x",
      good + good,
      good + std::string(1, '\0'),
      "x" + good,
      "\xEF\xBB\xBF" + good,
      "/**/" + good,
      "(" + good + ")",
      good.substr(0, good.size() - 1),
      good + ",",
      replaced(good, "\"88.00\"", "88.00,"),
      replaced(good, "\"88.00\"", "0x10"),
      replaced(good, "\"88.00\"", "NaN"),
      replaced(good, "\"88.00\"", "'88.00'"),
      replaced(good, "\"88.00\"", "\"\xD6\xD0\""),
      replaced(good, "\"88.00\"", "\"\xED\xA0\x80\""),
      replaced(good, "\"88.00\"", "\"\\uD800\""),
      replaced(good, "\"88.00\"", "\"\\x41\""),
      replaced(good, "\"88.00\"", "\"\n\""),
      replaced(good, "\"88.00\"", std::string{"\"\0\"", 3}),
      replaced(good, "\"88.00\"", "1e999999999"),
      replaced(good, "\"88.00\"", repeated("[", 100'000) + repeated("]", 100'000)),
      repeated("{\"a\":", 100'000) + "1" + repeated("}", 100'000),
      repeated("[", 2'000'000),
      "{\"a\":" + std::string(2'000'000, '1') + "}",
      "{\"" + std::string(2'000'000, 'a') + "\":1}",
  };
  for (const auto reader : readers) {
    std::size_t number = 0;
    for (const auto& document : documents) {
      BOOST_TEST_CONTEXT("document " << number++ << ": " << document.substr(0, 80)) {
        const auto error = errorOf([&] { (void)reader(document); });
        BOOST_TEST((error.errc() == Errc::badResponse || error.errc() == Errc::badSignature), toString(error.errc())
                                                                                                  << ": " << error.what());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_cut_at_every_byte) {
  const auto good = signedAnswer(queryName, paidNode);
  for (std::size_t size = 0; size < good.size(); ++size) {
    expectError(Errc::badResponse, "json", [&] { (void)readQuery(good.substr(0, size)); });
  }
}

BOOST_AUTO_TEST_CASE(duplicate_nodes_and_signatures) {
  const std::string forged = replaced(paidNode, "88.00", "0.01");
  const auto node = "\"" + queryName + "\":" + paidNode;
  const auto other = "\"" + queryName + "\":" + forged;
  const auto sign = "\"sign\":\"" + signOf(paidNode) + "\"";
  const std::string escapedName = "\"\\u0061lipay_trade_query_response\":";
  const std::vector<std::string> documents{
      "{" + node + "," + sign + "," + other + "}",
      "{" + other + "," + node + "," + sign + "}",
      "{" + node + "," + other + "," + sign + "}",
      "{" + sign + "," + node + "," + other + "}",
      "{" + node + "," + sign + "," + escapedName + forged + "}",
      "{" + escapedName + forged + "," + node + "," + sign + "}",
      "{" + node + "," + sign + ",\"sign\":\"x\"}",
      "{\"sign\":\"x\"," + node + "," + sign + "}",
      "{" + node + "," + sign + ",\"\\u0073ign\":\"x\"}",
      "{" + node + "," + sign + ",\"sig\\u006E\":null}",
      "{" + node + "," + node + "," + sign + "}",
  };
  for (const auto& document : documents) {
    BOOST_TEST_CONTEXT(document.substr(0, 300)) {
      expectError(Errc::badResponse, "more than once", [&] { (void)readQuery(document); });
    }
  }
  // The same node once, its name written with an escape: that is its name.
  BOOST_TEST(readQuery("{" + escapedName + paidNode + "," + sign + "}") == readQuery(signedAnswer(queryName, paidNode)));
  // A repeated member inside the node, although signed.
  const auto doubled = withMember(paidNode, "\"total_amount\":\"0.01\"");
  expectError(Errc::badResponse, "total_amount", [&] { (void)readQuery(signedAnswer(queryName, doubled)); });
  const auto twoSpellings = withMember(paidNode, "\"totalAmount\":\"0.01\"");
  expectError(Errc::badResponse, "given twice", [&] { (void)readQuery(signedAnswer(queryName, twoSpellings)); });
}

BOOST_AUTO_TEST_CASE(keys_that_only_look_like_the_node) {
  const std::string forged = replaced(paidNode, "88.00", "0.01");
  const auto sign = "\"sign\":\"" + signOf(paidNode) + "\"";
  // A verifier that looks for the name anywhere in the text finds the genuine node in a place that nobody reads.
  const std::vector<std::string> documents{
      "{\"" + queryName + "\":" + withMember(forged, "\"x\":{\"" + queryName + "\":" + paidNode + "}") + "," + sign + "}",
      "{\"x\":{\"" + queryName + "\":" + paidNode + "},\"" + queryName + "\":" + forged + "," + sign + "}",
      "{\"x\":" + quoted("\"" + queryName + "\":" + paidNode) + ",\"" + queryName + "\":" + forged + "," + sign + "}",
      "{\"" + queryName + " \":" + paidNode + ",\"" + queryName + "\":" + forged + "," + sign + "}",
      "{\"" + queryName + "\":" + forged + ",\"error_response\":" + paidNode + "," + sign + "}",
      "{\"" + queryName + "\":" + paidNode.substr(0, paidNode.size() - 1) + ",\"a\":1}," + sign + "}",
      "{\"" + queryName + "\": " + paidNode.substr(0, 1) + " " + paidNode.substr(1) + "," + sign + "}",
  };
  for (const auto& document : documents) {
    BOOST_TEST_CONTEXT(document.substr(0, 300)) {
      expectError(Errc::badSignature, "sign", [&] { (void)readQuery(document); });
    }
  }
  expectError(Errc::badResponse, queryName,
              [&] { (void)readQuery("{\"x\":{\"" + queryName + "\":" + paidNode + "}," + sign + "}"); });
  expectError(Errc::badResponse, queryName,
              [&] { (void)readQuery("{\"Alipay_trade_query_response\":" + paidNode + "," + sign + "}"); });
  expectError(Errc::badResponse, queryName, [&] { (void)readQuery(signedAnswer("response", paidNode)); });
}

BOOST_AUTO_TEST_CASE(missing_empty_or_strange_signatures) {
  const auto with = [](const std::string& sign) { return "{\"" + queryName + "\":" + paidNode + ",\"sign\":" + sign + "}"; };
  const auto good = signOf(paidNode);
  expectError(Errc::badSignature, "no sign", [&] { (void)readQuery("{\"" + queryName + "\":" + paidNode + "}"); });
  for (const char* sign : {"\"\"", "null"}) expectError(Errc::badSignature, "no sign", [&] { (void)readQuery(with(sign)); });
  for (const char* sign : {"1", "true", "{}", "[]", "[\"x\"]"})
    expectError(Errc::badResponse, "sign", [&] { (void)readQuery(with(sign)); });
  const auto raw = codec::fromBase64(good).value();
  for (const auto& sign :
       {std::string{"x"}, good.substr(1), good + "=", good + "A", " " + good, good + "\\n", codec::toBase64(raw + '\0'),
        codec::toBase64('\0' + raw), codec::toBase64(raw.substr(1)), codec::toBase64(std::string(256, '\0')),
        codec::toBase64(std::string(255, '\0') + '\1'), codec::toBase64(std::string(256, '\xFF')), std::string(100'000, 'A'),
        alipayKey().sign(paidNode, RsaDigest::sha1), alipaySettings().privateKey.sign(paidNode, RsaDigest::sha256),
        codec::toBase64(good)}) {
    BOOST_TEST_CONTEXT(sign.substr(0, 40)) {
      expectError(Errc::badSignature, "sign does not verify", [&] { (void)readQuery(with("\"" + sign + "\"")); });
    }
  }
  // What the answer says about its own signature does not matter.
  const auto sha1Signed = "{\"" + queryName + "\":" + paidNode + ",\"sign\":\"" + alipayKey().sign(paidNode, RsaDigest::sha1) +
                          "\",\"sign_type\":\"RSA\"}";
  expectError(Errc::badSignature, "sign", [&] { (void)readQuery(sha1Signed); });
}

BOOST_AUTO_TEST_CASE(nodes_of_another_type) {
  for (const std::string node : {"\"gjk6h3encrypted==\"", "null", "true", "1", "[]", "[{}]", "\"{}\""}) {
    BOOST_TEST_CONTEXT(node) {
      expectError(Errc::badResponse, "expected an object", [&] { (void)readQuery(signedAnswer(queryName, node)); });
      expectError(Errc::badResponse, "expected an object", [&] { (void)readRefund("{\"" + refundName + "\":" + node + "}"); });
    }
  }
  for (const std::string value : {"{}", "[]", "true", "[\"10000\"]"}) {
    expectError(Errc::badResponse, "code",
                [&] { (void)readQuery(signedAnswer(queryName, replaced(paidNode, "\"10000\"", value))); });
  }
  for (const auto& [field, value] :
       std::vector<std::pair<std::string, std::string>>{{"out_trade_no", "{}"},
                                                        {"trade_status", "[]"},
                                                        {"trade_no", "true"},
                                                        {"total_amount", "{}"},
                                                        {"fund_bill_list", "{}"},
                                                        {"fund_bill_list", "[1]"},
                                                        {"fund_bill_list", "[{\"amount\":\"1.005\"}]"}}) {
    const auto node = replaced(paidNode, "\"msg\":\"Success\"", "\"msg\":\"Success\",\"x\":1");
    const auto at = node.find("\"" + field + "\":");
    const auto spoilt = at == std::string::npos
                            ? withMember(node, "\"" + field + "\":" + value)
                            : node.substr(0, at) + "\"" + field + "\":" + value + node.substr(node.find_first_of(",}", at));
    BOOST_TEST_CONTEXT(spoilt) {
      expectError(Errc::badResponse, field, [&] { (void)readQuery(signedAnswer(queryName, spoilt)); });
    }
  }
}

BOOST_AUTO_TEST_CASE(amounts_that_are_no_yuan_although_signed) {
  for (const std::string text : {"\"1.005\"",
                                 "\"1e2\"",
                                 "\"-1\"",
                                 "\"-0.01\"",
                                 "\"+1\"",
                                 "\" 1\"",
                                 "\"1 \"",
                                 "\".5\"",
                                 "\"1.\"",
                                 "\"\"",
                                 "\"NaN\"",
                                 "\"1,000.00\"",
                                 "\"0x10\"",
                                 "\"１\"",
                                 "\"92233720368547758.08\"",
                                 "\"99999999999999999999\"",
                                 "1.005",
                                 "1e2",
                                 "-1",
                                 "-0.01",
                                 "1e400",
                                 "99999999999999999999",
                                 "true",
                                 "{}"}) {
    BOOST_TEST_CONTEXT(text) {
      expectError(Errc::badResponse, "total_amount",
                  [&] { (void)readQuery(signedAnswer(queryName, replaced(paidNode, "\"88.00\"", text))); });
      expectError(Errc::badResponse, "refund_fee",
                  [&] { (void)readRefund(signedAnswer(refundName, replaced(refundNode, "\"88.00\"", text))); });
    }
  }
  for (const std::string text : {"\"92233720368547758.07\"", "92233720368547758.07"}) {
    BOOST_TEST(
        *Json::parse(readQuery(signedAnswer(queryName, replaced(paidNode, "\"88.00\"", text)))).find("totalFee")->integer() ==
        std::numeric_limits<std::int64_t>::max());
  }
}

// A signature covers the node's bytes: not its name, and not the question.
BOOST_AUTO_TEST_CASE(a_genuine_answer_to_another_question) {
  expectError(Errc::badResponse, "trade_status", [] { (void)readQuery(signedAnswer(queryName, refundNode)); });
  const auto other = replaced(paidNode, "\"A1\"", "\"B2\"");
  expectError(Errc::identityMismatch, "out_trade_no", [&] { (void)readQuery(signedAnswer(queryName, other)); });
  expectError(Errc::identityMismatch, "out_trade_no",
              [] { (void)readRefund(signedAnswer(refundName, replaced(refundNode, "\"A1\"", "\"B2\""))); });
  OrderQueryRequest byTradeNo;
  byTradeNo.outTradeNo = "not looked at";
  byTradeNo.transactionId = "2023111522001";
  (void)alipay::decode(alipaySettings(), byTradeNo, ok(signedAnswer(queryName, paidNode)));
  byTradeNo.transactionId = "2023111522002";
  expectError(Errc::identityMismatch, "trade_no",
              [&] { (void)alipay::decode(alipaySettings(), byTradeNo, ok(signedAnswer(queryName, paidNode))); });
  RefundQueryRequest refunds;
  refunds.outTradeNo = "A1";
  refunds.outRefundNo = "R1";
  const auto node = [](const std::string& number) {
    return R"({"code":"10000","msg":"Success","out_trade_no":"A1","out_request_no":")" + number +
           R"(","refund_status":"REFUND_SUCCESS"})";
  };
  (void)alipay::decode(alipaySettings(), refunds, ok(signedAnswer("alipay_trade_fastpay_refund_query_response", node("R1"))));
  expectError(Errc::identityMismatch, "out_request_no", [&] {
    (void)alipay::decode(alipaySettings(), refunds, ok(signedAnswer("alipay_trade_fastpay_refund_query_response", node("R2"))));
  });
  // A login token's answer has no code, and is no success of anything else.
  const std::string login = R"({"user_id":"2088102116773037","access_token":"t"})";
  BOOST_TEST(*Json::parse(readLogin(signedAnswer("alipay_system_oauth_token_response", login))).find("openid")->string() ==
             "2088102116773037");
  for (const auto& [name, read] :
       std::vector<std::pair<std::string, Reader>>{{refundName, readRefund},
                                                   {"alipay_trade_cancel_response", readAny<CancelOrderRequest>},
                                                   {"alipay_trade_close_response", readAny<CloseOrderRequest>},
                                                   {"alipay_trade_create_response", readAny<UnifiedOrderRequest>}}) {
    expectError(Errc::badResponse, "code", [&, &answered = name, read = read] { (void)read(signedAnswer(answered, login)); });
  }
  expectError(Errc::badResponse, "user_id",
              [] { (void)readLogin(signedAnswer("alipay_system_oauth_token_response", "{\"access_token\":\"t\"}")); });
}

BOOST_AUTO_TEST_CASE(what_a_failure_means_for_the_money) {
  const auto node = [](const std::string& code, const std::string& subCode) {
    return R"({"code":")" + code + R"(","msg":"m","sub_code":")" + subCode + R"(","sub_msg":"s"})";
  };
  const auto refused = [&](const std::string& body) { return errorOf([&] { (void)readRefund(body); }); };
  const auto outcome = [&](const std::string& body) { return toString(refused(body).outcome()); };
  BOOST_TEST(outcome(signedAnswer(refundName, node("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH"))) == "rejected");
  for (const char* subCode : {"ACQ.SYSTEM_ERROR", "AQC.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error",
                              "aop.unknow-error", "isp.unknown-error"}) {
    BOOST_TEST(outcome(signedAnswer(refundName, node("40004", subCode))) == "unknown");
    BOOST_TEST(refused(signedAnswer(refundName, node("40004", subCode))).retryable());
  }
  BOOST_TEST(outcome(signedAnswer(refundName, node("20000", "x"))) == "unknown");
  BOOST_TEST(outcome(signedAnswer(refundName, R"({"code":"10003","msg":"waiting"})")) == "unknown");
  // Unsigned, in every spelling.
  const auto failure = node("40004", "ACQ.TRADE_NOT_EXIST");
  for (const auto& name : {refundName, std::string{"error_response"}, std::string{"null_response"}}) {
    for (const auto& sign : {std::string{}, std::string{",\"sign\":\"\""}, std::string{",\"sign\":null"}}) {
      const auto body = "{\"" + name + "\":" + failure + sign + "}";
      BOOST_TEST(outcome(body) == "unknown", body);
      BOOST_TEST(refused(body).errCode() == "ACQ.TRADE_NOT_EXIST");
      BOOST_TEST(std::string{refused(body).what()}.find("unsigned") != std::string::npos);
    }
    BOOST_TEST(outcome(signedAnswer(name, failure)) == "rejected");
  }
  const auto message = [&](const char* code) {
    const Json refusal{Fields{{"code", "40004"}, {"sub_code", code}, {"sub_msg", "x"}}};
    return std::string{errorOf([&] { (void)readRefund(signedAnswer(refundName, refusal.json())); }).what()};
  };
  BOOST_TEST(message("isv.missing-signature-config").find("check privateKey") != std::string::npos);
  BOOST_TEST(message("isv.invalid-app-id").find("check appId") != std::string::npos);
  BOOST_TEST(message("ACQ.REASON_TRADE_REFUND_FEE_ERR").find("would exceed the order") != std::string::npos);
  BOOST_TEST(message("ACQ.SOMETHING_NEW") == "ACQ.SOMETHING_NEW x");
  // A question moves nothing.
  BOOST_TEST(toString(errorOf([&] { (void)readQuery("{\"error_response\":" + failure + "}"); }).outcome()) == "rejected");
  // Whatever an error node says, it is no success.
  for (const char* name : {"error_response", "null_response"}) {
    expectError(Errc::rejected, "", [&] { (void)readRefund(signedAnswer(name, refundNode)); });
    expectError(Errc::rejected, "", [&] { (void)readRefund(signedAnswer(name, "{}")); });
  }
  for (const int status : {0, 204, 302, 400, 500, 502}) {
    expectError(Errc::httpStatus, std::to_string(status) + "; whether the request took effect", [&] {
      (void)alipay::decode(alipaySettings(), refund(), HttpResponse{status, {}, signedAnswer(refundName, refundNode)});
    });
  }
}

BOOST_AUTO_TEST_CASE(platform_texts_stay_on_one_line_and_without_the_signed_text) {
  const std::string secret = "biz_content={\"auth_token\":\"composeBSECRET\"}";
  const Json node{Fields{{"code", "40002"},
                         {"msg", "Invalid Arguments"},
                         {"sub_code", "isv.invalid-signature"},
                         {"sub_msg", "验签出错,建议检查\r\n\x1B[2J\xC2\x85 网关生成的验签字符串为：" + secret}}};
  const auto error = errorOf([&] { (void)readRefund("{\"" + refundName + "\":" + node.json() + "}"); });
  BOOST_TEST(std::string{error.what()}.find("SECRET") == std::string::npos);
  BOOST_TEST(std::string{error.what()}.find("\xC2\x85") == std::string::npos);
  BOOST_TEST(std::string{error.what()}.find("验签出错") != std::string::npos);
  BOOST_TEST(std::string{error.what()}.find("check privateKey") != std::string::npos);
  const Json huge{Fields{{"code", std::string(100'000, '4')}, {"sub_msg", std::string(500'000, 'x')}}};
  (void)errorOf([&] { (void)readRefund("{\"" + refundName + "\":" + huge.json() + "}"); });
}

// ---- notifications

BOOST_AUTO_TEST_CASE(notifications_changed_after_signing) {
  const auto good = signedNotify(paid());
  for (const auto& [name, value] : good) {
    if (name == "sign") continue;
    BOOST_TEST_CONTEXT(name) {
      (void)errorOf([&, &n = name, &v = value] { (void)readNotify(formOf(with(good, n, v + "0"))); });
      if (name != "sign_type") (void)errorOf([&, &n = name] { (void)readNotify(formOf(without(good, n))); });
    }
  }
  for (const char* name : {"refund_fee", "new_field", "Total_amount", "fund_bill_list", "sign2", "SIGN", "sign_Type"}) {
    BOOST_TEST_CONTEXT(name) {
      expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(with(good, name, "1"))); });
    }
  }
  for (const char* name : {"total_amount", "sign", "app_id", "trade_status"}) {
    const auto doubled = std::string{name} + "=1";
    expectError(Errc::badResponse, name, [&] { (void)readNotify(formOf(good) + "&" + doubled); });
    expectError(Errc::badResponse, name, [&] { (void)readNotify(doubled + "&" + formOf(good)); });
    const auto escaped =
        "%" + codec::toUpperHex(std::vector<unsigned char>{static_cast<unsigned char>(name[0])}) + std::string{name + 1} + "=1";
    expectError(Errc::badResponse, name, [&] { (void)readNotify(formOf(good) + "&" + escaped); });
  }
}

BOOST_AUTO_TEST_CASE(notification_signatures) {
  const auto fields = paid();
  const auto good = signedNotify(fields);
  const auto sign = valueOf(good, "sign");
  expectError(Errc::badSignature, "no sign", [&] { (void)readNotify(formOf(without(good, "sign"))); });
  expectError(Errc::badSignature, "no sign", [&] { (void)readNotify(formOf(with(good, "sign", ""))); });
  for (const auto& forged :
       {std::string{"x"}, sign.substr(1), sign + "A", sign + " ",
        alipaySettings().privateKey.sign(signContentOf(without(fields, "sign_type"), false), RsaDigest::sha256),
        std::string(344, 'A'), std::string(100'000, 'A')}) {
    expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(with(good, "sign", forged))); });
  }
  // The configuration chooses the digest, never the message.
  const auto weak = signedNotify(fields, RsaDigest::sha1);
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(weak)); });
  expectError(Errc::badSignature, "sign_type", [&] { (void)readNotify(formOf(with(weak, "sign_type", "RSA"))); });
  for (const char* type : {"RSA", "rsa2", "none", "HMAC-SHA256", "RSA2 ", ""}) {
    BOOST_TEST_CONTEXT(type) {
      expectError(Errc::badSignature, "sign_type", [&] { (void)readNotify(formOf(with(good, "sign_type", type))); });
    }
  }
  (void)readNotify(formOf(without(good, "sign_type")));
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(without(weak, "sign_type"))); });
  auto config = alipayConfig();
  config.signType = "RSA";
  const auto old = alipay::settingsFrom(config);
  (void)alipay::paymentNotify(old, event(formOf(with(weak, "sign_type", "RSA"))), now);
  expectError(Errc::badSignature, "sign_type", [&] { (void)alipay::paymentNotify(old, event(formOf(good)), now); });
  // Signed with `sign_type` in the text: some messages are.
  const auto v2 = with(fields, "sign", signOf(signContentOf(fields, false)));
  BOOST_TEST(readNotify(formOf(v2)) == readNotify(formOf(good)));
  // The damage that a second decoding, or none, does to base64.
  std::string blanks = sign;
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  BOOST_TEST_REQUIRE(blanks != sign);
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(with(good, "sign", blanks))); });
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(formOf(with(good, "sign", encoded(sign)))); });
  const auto rawSign = formOf(without(good, "sign")) + "&sign=" + sign;  // not encoded: + is a blank
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(rawSign); });
}

BOOST_AUTO_TEST_CASE(empty_fields_that_no_signature_covers) {
  // Some messages leave empty fields out of the signed text. Then an empty field is anybody's, and is not read.
  const auto good = signedNotify(without(paid(), "body"));
  BOOST_TEST(readNotify(formOf(with(with(good, "body", ""), "buyer_logon_id", ""))) == readNotify(formOf(good)));
  // Where the text has them, they are read.
  const auto notify = Json::parse(readSigned(with(paid(), "body", "")));
  BOOST_TEST(*notify.find("body")->string() == "");
}

BOOST_AUTO_TEST_CASE(notifications_for_somebody_else) {
  expectError(Errc::identityMismatch, "app_id", [] { (void)readSigned(with(paid(), "app_id", "2021000000000000")); });
  expectError(Errc::identityMismatch, "app_id", [] { (void)readSigned(without(paid(), "app_id")); });
  auto settings = alipaySettings();
  settings.mchId = "2088102119685838";
  const auto read = [&](const Wire& fields) { (void)alipay::paymentNotify(settings, event(formOf(signedNotify(fields))), now); };
  read(paid());
  expectError(Errc::identityMismatch, "seller_id", [&] { read(with(paid(), "seller_id", "2088000000000000")); });
}

BOOST_AUTO_TEST_CASE(notifications_that_lack_something) {
  for (const char* name : {"out_trade_no", "trade_no", "total_amount", "notify_id"}) {
    expectError(Errc::badResponse, name, [&] { (void)readSigned(without(paid(), name)); });
    expectError(Errc::badResponse, name, [&] { (void)readSigned(with(paid(), name, "")); });
  }
}

// Alipay signs what it sends through the buyer's browser with the same key: the buyer can send it on.
BOOST_AUTO_TEST_CASE(the_return_to_the_shop_is_no_notification) {
  const Wire returned{{"app_id", "2021000122671080"},
                      {"auth_app_id", "2021000122671080"},
                      {"charset", "utf-8"},
                      {"method", "alipay.trade.page.pay.return"},
                      {"out_trade_no", "A1"},
                      {"seller_id", "2088102119685838"},
                      {"sign_type", "RSA2"},
                      {"timestamp", "2023-11-15 06:13:20"},
                      {"total_amount", "88.00"},
                      {"trade_no", "2023111522001"},
                      {"version", "1.0"}};
  expectError(Errc::badResponse, "notify_id", [&] { (void)readSigned(returned); });
}

// Values are joined with & and = without any escape, so one signature fits every message whose fields give the same text.
BOOST_AUTO_TEST_CASE(one_signed_text_cut_into_other_fields) {
  // The buyer pays 0.01 for an order whose description he chose.
  const std::string body =
      "x&buyer_id=2088102116773037&notify_id=1&out_trade_no=A1&total_amount=8800.00&trade_no=2023111522001&trade_r=";
  const Wire real{{"app_id", "2021000122671080"},   {"body", body},
                  {"buyer_id", "2088102116773037"}, {"notify_id", "9"},
                  {"out_trade_no", "A1"},           {"total_amount", "0.01"},
                  {"trade_no", "2023111522001"},    {"trade_status", "TRADE_SUCCESS"}};
  const auto content = signContentOf(real, false);
  const auto start = content.find("&trade_r=") + 9;
  const Wire forged{{"app_id", "2021000122671080"},   {"body", "x"},
                    {"buyer_id", "2088102116773037"}, {"notify_id", "1"},
                    {"out_trade_no", "A1"},           {"total_amount", "8800.00"},
                    {"trade_no", "2023111522001"},    {"trade_r", content.substr(start, content.find("&trade_status=") - start)},
                    {"trade_status", "TRADE_SUCCESS"}};
  BOOST_TEST_REQUIRE(signContentOf(forged, false) == content);  // the signature does fit
  expectError(Errc::badSignature, "trade_r", [&] { (void)readSigned(forged); });
  expectError(Errc::badSignature, "body", [&] { (void)readSigned(real); });
  for (const char* text :
       {"a=1&b=2", "&&==", "total_amount=1", "x&total_amount", "merchantBizType%3d3C%26merchantBizNo%3d2016010101111"}) {
    BOOST_TEST(*Json::parse(readSigned(with(paid(), "passback_params", text))).find("passbackParams")->string() == text);
  }
  // A name is no place for a text either.
  for (const std::string name : {"a&b", "a b", "=", "{\"code\":\"10000\"", "\xD6\xD0", "a\nb"}) {
    BOOST_TEST_CONTEXT(name) {
      expectError(Errc::badResponse, "name", [&] { (void)readSigned(with(paid(), name, "x")); });
    }
  }
}

BOOST_AUTO_TEST_CASE(charsets) {
  const auto gbk = [](const std::string& text) { return codec::toGbk(text).value(); };
  auto fields = with(with(with(paid(), "charset", "GBK"), "subject", gbk("季卡")), "body", gbk("一个月"));
  const auto notify = Json::parse(readSigned(fields));
  BOOST_TEST(*notify.find("subject")->string() == "季卡");
  BOOST_TEST(*notify.find("body")->string() == "一个月");
  for (const char* charset : {"gb2312", "GB18030", "gbk"})
    BOOST_TEST(*Json::parse(readSigned(with(fields, "charset", charset))).find("subject")->string() == "季卡");
  for (const std::string bytes : {"\xFF\xFF", "\x81", "\xB8\x00"}) {
    expectError(Errc::badResponse, "subject", [&] { (void)readSigned(with(fields, "subject", bytes)); });
  }
  // GBK bytes that are said to be UTF-8, or nothing.
  expectError(Errc::badResponse, "UTF-8", [&] { (void)readSigned(with(fields, "charset", "utf-8")); });
  expectError(Errc::badResponse, "UTF-8", [&] { (void)readSigned(without(fields, "charset")); });
  for (const char* charset : {"latin1", "utf-7", "utf-16", "UTF-8,gbk", "../x", "gbk//IGNORE"}) {
    expectError(Errc::badResponse, "charset", [&] { (void)readSigned(with(paid(), "charset", charset)); });
  }
  for (const std::string bytes : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    expectError(Errc::badResponse, "subject", [&] { (void)readSigned(with(paid(), "subject", bytes)); });
  }
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_form) {
  const auto good = formOf(signedNotify(paid()));
  const std::vector<std::string> bodies{
      "",
      " ",
      "x",
      "&",
      "=",
      "=&=",
      "<xml><return_code>SUCCESS</return_code></xml>",
      "<html></html>",
      "{\"app_id\":\"2021000122671080\"}",
      std::string(3, '\0'),
      "?" + good,
      "/notify?" + good,
      "https://shop.example/notify?" + good,
      good + "&",
      "&" + good,
      good + "&=1",
      good + "&%",
      good + "&a=%",
      good + "&a=%1",
      good + "&a=%zz",
      good + "&a=%u5b63",
      good + "%",
      good.substr(0, good.size() - 1),
      good + "\n",
      good + std::string(1, '\0'),
      good + "#x",
      good + ";a=1",
      repeated("a=1&", 2000) + good,
      repeated("a%", 100'000),
      "a=" + std::string(2'000'000, 'a'),
      std::string(5'000'000, '&'),
      std::string(900'000, '%'),
  };
  for (const auto& body : bodies) {
    BOOST_TEST_CONTEXT(body.substr(0, 60)) {
      const auto error = errorOf([&] { (void)readNotify(body); });
      BOOST_TEST(
          (error.errc() == Errc::badResponse || error.errc() == Errc::badSignature || error.errc() == Errc::identityMismatch),
          toString(error.errc()) << ": " << error.what());
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) (void)errorOf([&] { (void)readNotify(good.substr(0, size)); });
  const auto withType = [&](const std::string& type) {
    (void)alipay::paymentNotify(alipaySettings(), Event{{{"Content-Type", type}}, good, false}, now);
  };
  withType("application/x-www-form-urlencoded; charset=utf-8");
  withType("APPLICATION/X-WWW-FORM-URLENCODED");
  for (const char* type : {"text/html", "application/json", "text/xml", "multipart/form-data; boundary=x"})
    expectError(Errc::badResponse, "Content-Type", [&] { withType(type); });
  const auto base64 = [](const std::string& body) {
    return jsonOf(alipay::paymentNotify(alipaySettings(), Event{{}, body, true}, now));
  };
  BOOST_TEST(base64(codec::toBase64(good)) == readNotify(good));
  for (const auto& body :
       {good, codec::toBase64(good).substr(1), codec::toBase64(good) + " ", codec::toBase64(codec::toBase64(good))})
    (void)errorOf([&] { (void)base64(body); });
}

BOOST_AUTO_TEST_CASE(signed_but_wrong_notifications) {
  for (const char* text : {"1.005", "1e2", "-1", "+1", " 1", "1 ", ".5", "1.", "NaN", "1,000.00", "0x10", "１",
                           "92233720368547758.08", "99999999999999999999", "88.00元"}) {
    BOOST_TEST_CONTEXT(text) {
      for (const char* field : {"total_amount", "receipt_amount", "refund_fee"})
        expectError(Errc::badResponse, field, [&] { (void)readSigned(with(paid(), field, text)); });
    }
  }
  for (const char* list : {"x", "{}", "[", "[1]", "null", "\"x\"", "[{\"amount\":\"1.005\"}]",
                           "[{\"amount\":\"1\",\"amount\":\"2\"}]", "[{\"amount\":-1}]", "[[]]"}) {
    BOOST_TEST_CONTEXT(list) {
      expectError(Errc::badResponse, "fund_bill_list", [&] { (void)readSigned(with(paid(), "fund_bill_list", list)); });
    }
  }
  expectError(Errc::badResponse, "fund_bill_list",
              [] { (void)readSigned(with(paid(), "fund_bill_list", repeated("[", 100'000))); });
}

BOOST_AUTO_TEST_CASE(stale_notifications) {
  auto settings = alipaySettings();
  settings.notifyMaxAge = std::chrono::hours{1};
  const auto read = [&](const std::string& time) {
    (void)alipay::paymentNotify(settings, event(formOf(signedNotify(with(paid(), "notify_time", time)))), now);
  };
  read("2023-11-15 06:13:20");
  for (const char* old : {"2023-11-15 05:13:19", "1970-01-01 08:00:00", "2023-11-15 06:20:00"})
    expectError(Errc::stale, "notify_time", [&] { read(old); });
  for (const char* bad : {"", "x", "9999-12-31 23:59:59", "2023-13-15 06:13:20", "2023-11-15T06:13:20", "2023-11-15 06:63:20"}) {
    expectError(Errc::badResponse, "notify_time", [&] { read(bad); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
