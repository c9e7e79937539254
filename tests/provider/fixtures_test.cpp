// Published messages, signatures and ciphertexts (tests/fixtures) through the code of the providers.
//
// Not here, because they concern protocols that come later: wechatpay/official-docs/v3_request_sign_vectors.json and
// apiclient_test_*.pem (APIv3), wechatpay-php/sendredpack.sample.xml and getpublickey.response.sample.xml (red packets, transfers
// to banks), alipay/aes_vectors.json (content encryption), the certificates in alipay/easysdk and alipay/php-sdk (certificate
// mode), the five v3_* cases of the SDK; and the typed rows and sums of the bills (derived/bill_expect.json). Their signatures,
// keys and texts are read by the tests of lib all the same.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>

#include <codec/text.hpp>

#include <algorithm>
#include <map>
#include <string>

using namespace openapi;
using namespace openapi::test;
using weixin::SignType;

namespace {

const auto now = std::chrono::system_clock::time_point{std::chrono::seconds{1'704'124'800}};  // 2024-01-02 00:00:00 in GMT+8

std::string fixture(const std::string& name) { return readFile(sourcePath("tests/fixtures/" + name)); }
std::string text(const Json& json, std::string_view name) { return *json.find(name)->string(); }

Wire fieldsOf(const std::string& xml, std::string_view root = "xml") {
  const auto document = codec::FlatXml::parse(xml, root);
  Wire fields;
  for (const auto& field : document.fields()) fields.emplace_back(field.name, field.value);
  return fields;
}

/// A published message whose sign is illustrative, with a right one.
std::string resigned(const std::string& name) { return signedXml(without(fieldsOf(fixture("wechatpay/" + name)), "sign")); }

template <class Result, class Request>
Result decoded(const Request& request, const std::string& body) {
  return weixin::decode(weixinSettings(), request, ok(body));
}

// The public key of these signatures, recovered from two of them.
constexpr auto sdkPublicKey =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhL3pWP55B1fFkvYOOtcfOEUhvBodHpLnc9KmuAU4H8V+ocyKTckacBhJrwIT8ILMzpflfqpzl+dvpJIs"
    "x3IbNB1Pmy0V949+vCoiBEa0Maw1dgJfIwghrsKL41wqzeaFqC6CehiefvwTKrS8zxIK1gDHipsimNsDbqCYmojDxhyorO4CC0iXld+1+LQxajf9ZdG1nLDd9dgV"
    "GiMkEDUSGXKCt6NpoDHp/6ptAcYSvnn5W4YUNWdy+wVxT0jyrbP1gNUDG1DVtFLrZXNQ9vY5wRyaix8vUccQ3s5o186tPgpup++lU3v2NgzybF9JzJWPdanDv5cJ"
    "cJyFe43LNdD9mwIDAQAB";

/// The signature in what the SDK made: in an order string, an address, a form's action, or an APIv3 header.
std::string signatureIn(const Json& item) {
  const Json* http = item.find("http");
  std::string made = http == nullptr ? text(item, "output") : text(*http, "url");
  const bool header = http != nullptr && http->find("authorization") != nullptr;
  if (header) made = text(*http, "authorization");
  const auto start = made.find("sign=", header ? made.find(",sign=") : 0) + 5;
  const auto end = made.find_first_of("&\"", start);
  const auto value = made.substr(start, end == std::string::npos ? end : end - start);
  return header ? value : codec::parseForm("sign=" + value).front().second;
}

Json sdkCase(const std::string& name) {
  const auto document = Json::parse(fixture("alipay/generated/official_nodejs_sdk_golden.json"));
  for (const auto& item : *document.array()) {
    if (text(item, "name") == name) return item;
  }
  throw std::runtime_error{"no such case: " + name};
}

std::map<std::string, std::string> parametersOf(const std::string& url, const std::string& body) {
  std::map<std::string, std::string> parameters;
  const auto mark = url.find('?');
  if (mark != std::string::npos) {
    for (const auto& [name, value] : codec::parseForm(url.substr(mark + 1))) parameters[name] = value;
  }
  for (const auto& [name, value] : codec::parseForm(body)) parameters[name] = value;
  return parameters;
}

bool sameMembers(const std::string& left, const std::string& right) {
  const auto one = Json::parse(left);
  const auto other = Json::parse(right);
  const auto covered = [](const Json& part, const Json& whole) {
    return std::all_of(part.object()->begin(), part.object()->end(), [&](const Field& field) {
      return whole.find(field.name) != nullptr && *whole.find(field.name) == field.value;
    });
  };
  return covered(one, other) && covered(other, one);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fixtures)

BOOST_AUTO_TEST_CASE(weixin_signatures_of_the_documents) {
  const auto document = Json::parse(fixture("wechatpay/official-docs/v2_sign_vectors.json"));
  std::size_t checked = 0;
  for (const auto& vector : *document.find("vectors")->array()) {
    Wire fields;
    for (const auto& [name, value] : *vector.find("params")->object()) fields.emplace_back(name, *value.string());
    BOOST_TEST(weixinSign(fields, SignType::md5, text(vector, "key")) == text(vector, "md5"));
    if (vector.find("hmac_sha256") != nullptr)
      BOOST_TEST(weixinSign(fields, SignType::hmacSha256, text(vector, "key")) == text(vector, "hmac_sha256"));
    ++checked;
  }
  BOOST_TEST(checked == 2u);
}

BOOST_AUTO_TEST_CASE(weixin_pay_parameters_of_the_documents) {
  const auto vector = Json::parse(fixture("wechatpay/official-docs/v2_sign_vectors.json")).find("vectors")->array()->at(1);
  const Json& parameters = *vector.find("params");
  auto settings = weixinSettings();
  settings.appId = text(parameters, "appId");
  settings.key = text(vector, "key");
  const auto package = text(parameters, "package");
  UnifiedOrderResult placed;
  placed.prepayId = package.substr(package.find('=') + 1);
  const std::chrono::seconds since{std::stoll(text(parameters, "timeStamp"))};
  const auto info = weixin::orderInfo(settings, UnifiedOrderRequest{}, placed,
                                      {std::chrono::system_clock::time_point{since}, text(parameters, "nonceStr")})
                        .orderInfo;
  for (const auto& [name, value] : *parameters.object()) BOOST_TEST(text(info, name) == *value.string());
  BOOST_TEST(text(info, "paySign") == text(vector, "md5"));
}

BOOST_AUTO_TEST_CASE(weixin_refund_ciphertexts) {
  const auto document = Json::parse(fixture("wechatpay/derived/refund_req_info_vectors.json"));
  const auto read = [](const Json& vector) {
    auto settings = weixinSettings();
    settings.key = text(vector, "api_key");
    const Wire outer{{"return_code", "SUCCESS"},
                     {"appid", settings.appId},
                     {"mch_id", settings.mchId},
                     {"nonce_str", "n"},
                     {"req_info", text(vector, "req_info")}};
    return weixin::refundNotify(settings, event(xmlOf(outer)));
  };
  const auto& vectors = *document.find("vectors")->array();
  BOOST_TEST_REQUIRE(vectors.size() == 2u);
  const auto notify = read(vectors[0]);
  BOOST_TEST(notify.outRefundNo == "131811191610442717309");
  BOOST_TEST(notify.refundRecvAccout.value() == "支付用户零钱");
  BOOST_TEST(notify.refundFee.count() == 3960);
  BOOST_TEST(notify.settlementRefundFee->count() == 3960);
  // A key whose MD5 begins with zeros: it decrypts, and what is inside lacks the amounts.
  expectError(Errc::badResponse, "total_fee: missing", [&] { (void)read(vectors[1]); });
}

BOOST_AUTO_TEST_CASE(weixin_messages_of_the_sdks) {
  const auto queried = decoded<OrderQueryResult>(OrderQueryRequest{}, resigned("WxJava/orderquery.response.coupons.xml"));
  BOOST_TEST_REQUIRE(queried.couponList.size() == 2u);
  BOOST_TEST(queried.couponList[0].couponId.value() == "10000");
  BOOST_TEST(queried.couponList[0].couponType.value() == "CASH");
  BOOST_TEST(queried.couponList[1].couponFee->count() == 200);
  BOOST_TEST(queried.attach.value() == "订单额外描述");

  const auto paid = weixin::paymentNotify(weixinSettings(), event(resigned("WxJava/paynotify.coupons.xml")), now);
  BOOST_TEST_REQUIRE(paid.couponList.size() == 2u);
  BOOST_TEST(paid.couponList[0].couponFee->count() == 100);
  BOOST_TEST(paid.couponList[1].couponType.value() == "NO_CASH");
  BOOST_TEST(paid.couponCount.value() == 2);
  BOOST_TEST(*paid.extra.find("subMchId")->string() == "10000100");

  const auto refunded = decoded<RefundResult>(RefundRequest{}, resigned("WxJava/refund.response.danpin.xml"));
  BOOST_TEST(refunded.cashRefundFee->count() == 1);
  BOOST_TEST(refunded.totalFee->count() == 1);
  BOOST_TEST(refunded.extra.find("promotionDetail")->string()->starts_with("{\"promotion_detail\":["));

  const auto refunds = decoded<RefundQueryResult>(RefundQueryRequest{}, resigned("WxJava/refundquery.response.xml"));
  BOOST_TEST_REQUIRE(refunds.refundList.size() == 1u);
  BOOST_TEST(refunds.refundList[0].outRefundNo.value() == "1415701182");
  BOOST_TEST(refunds.refundList[0].refundStatus.value() == "PROCESSING");
  BOOST_TEST(refunds.refundList[0].refundFee->count() == 1);

  const auto notified =
      weixin::paymentNotify(weixinSettings(), event(resigned("wechatpay-php/paysuccess.notification.sample.xml")), now);
  BOOST_TEST(notified.attach.value() == "支付测试");
  BOOST_TEST(notified.couponFee->count() == 10);
  BOOST_TEST(notified.couponList.empty());  // not numbered, so not of the list
  BOOST_TEST(*notified.extra.find("couponId")->string() == "10000");
  // The signs that are printed with them are illustrative.
  for (const char* name : {"WxJava/paynotify.coupons.xml", "wechatpay-php/paysuccess.notification.sample.xml"}) {
    expectError(Errc::badSignature, "sign",
                [&] { (void)weixin::paymentNotify(weixinSettings(), event(fixture(std::string{"wechatpay/"} + name)), now); });
  }
}

BOOST_AUTO_TEST_CASE(weixin_order_of_the_sdk) {
  const auto sample = fieldsOf(fixture("wechatpay/wechatpay-php/unifiedorder.sample.xml"));
  UnifiedOrderRequest order;
  order.openid = valueOf(sample, "openid");
  order.body = valueOf(sample, "body");
  order.outTradeNo = valueOf(sample, "out_trade_no");
  order.totalFee = Fen::fromText(valueOf(sample, "total_fee")).value();
  order.notifyUrl = valueOf(sample, "notify_url");
  order.tradeType = valueOf(sample, "trade_type");
  for (const auto& [camel, wire] : Wire{{"attach", "attach"}, {"detail", "detail"}, {"spbillCreateIp", "spbill_create_ip"}})
    order.extra.set(camel, valueOf(sample, wire));
  weixin::check(weixinSettings(), order);
  auto made = fieldsOf(weixin::encode(weixinSettings(), order, {now, valueOf(sample, "nonce_str")}).body);
  auto expected = with(sample, "sign", weixinSign(without(sample, "sign")));
  std::sort(made.begin(), made.end());
  std::sort(expected.begin(), expected.end());
  BOOST_TEST((made == expected));
}

BOOST_AUTO_TEST_CASE(weixin_hostile_texts_of_the_sdk) {
  for (const char* name : {"invalid.xxe_injection.sample.xml", "invalid.bad_entity.sample.xml", "invalid.normal_404.sample.html",
                           "fragment_injection.sample.xml"}) {
    const auto body = fixture(std::string{"wechatpay/wechatpay-php/"} + name);
    BOOST_TEST_CONTEXT(name) {
      expectError(Errc::badResponse, "xml", [&] { (void)weixin::paymentNotify(weixinSettings(), event(body), now); });
      expectError(Errc::badResponse, "xml", [&] { (void)weixin::refundNotify(weixinSettings(), event(body)); });
      expectError(Errc::badResponse, "xml", [&] { (void)decoded<RefundResult>(RefundRequest{}, body); });
      expectError(Errc::badResponse, "", [&] { (void)decoded<DownloadBillResult>(DownloadBillRequest{}, body); });
    }
  }
}

BOOST_AUTO_TEST_CASE(weixin_bills_of_the_sdks) {
  const auto official = fixture("wechatpay/wechatpay-php/bill.ALL.csv");
  BOOST_TEST((decoded<DownloadBillResult>(DownloadBillRequest{}, official).content == official));
  BOOST_TEST(
      (decoded<DownloadBillResult>(DownloadBillRequest{}, fixture("wechatpay/derived/bill.ALL.csv.gz")).content == official));
  for (const char* name : {"WxJava/bill.SUCCESS.20col.csv", "WxJava/bill.REFUND.29col.csv"}) {
    const auto bill = fixture(std::string{"wechatpay/"} + name);
    BOOST_TEST((decoded<DownloadBillResult>(DownloadBillRequest{}, bill).content == bill));
  }
}

BOOST_AUTO_TEST_CASE(alipay_errors_of_the_sdk) {
  const auto document = Json::parse(fixture("alipay/easysdk/expectations.json"));
  std::size_t checked = 0;
  for (const auto& expected : *document.find("error_expectations")->array()) {
    auto api = text(expected, "api");
    std::replace(api.begin(), api.end(), '.', '_');
    Fields node;
    for (const auto& [name, value] : *expected.object()) {
      if (name != "api" && name != "input") node.append(name, value);
    }
    const auto body = signedAnswer(api + "_response", Json{node}.json());
    if (api == "alipay_trade_cancel") {
      CancelOrderRequest request;
      BOOST_TEST(alipay::decode(alipaySettings(), request, ok(body)).action.value() == "close");
    } else if (api != "alipay_trade_pay") {  // payment codes come later
      const bool login = api == "alipay_system_oauth_token";
      const auto error = errorOf([&] {
        if (login)
          (void)alipay::decode(alipaySettings(), alipay::Code2SessionRequest{"c"}, ok(body));
        else
          (void)alipay::decode(alipaySettings(), UnifiedOrderRequest{}, ok(body));
      });
      BOOST_TEST(toString(error.errc()) == "rejected");
      BOOST_TEST(error.errCode() == text(expected, "sub_code"));
      BOOST_TEST(error.errMsg() == text(expected, "sub_msg"));
      BOOST_TEST(toString(error.outcome()) == "rejected");
    }
    ++checked;
  }
  BOOST_TEST(checked == 5u);
}

BOOST_AUTO_TEST_CASE(alipay_order_strings_of_the_sdk) {
  const auto document = Json::parse(fixture("alipay/easysdk/expectations.json"));
  const Json& expected = *document.find("app_pay");
  auto config = alipayConfig();
  config.appId = text(expected, "app_id");
  const auto settings = alipay::settingsFrom(config);
  UnifiedOrderRequest order;
  order.subject = text(expected, "subject");
  order.outTradeNo = text(expected, "out_trade_no");
  order.totalFee = Fen::fromYuan(text(expected, "total_amount")).value();
  order.notifyUrl = text(expected, "notify_url");
  // The SDK's text ends before its signature; its charset is in capitals and it names the format.
  const auto published = text(expected, "contains");
  const auto theirs = parametersOf("", published.substr(0, published.size() - std::string{"&sign="}.size()));
  auto ours = parametersOf("", alipay::signedOrder(settings, alipay::Client::app, order, {now, "n"}));
  for (const char* name : {"app_id", "method", "notify_url"}) BOOST_TEST(ours.at(name) == theirs.at(name));
  auto business = *Json::parse(ours.at("biz_content")).object();
  business.erase("notify_url");
  BOOST_TEST(sameMembers(Json{business}.json(), theirs.at("biz_content")));

  for (const auto& [client, page] : std::vector<std::pair<alipay::Client, const char*>>{{alipay::Client::page, "page_pay"},
                                                                                        {alipay::Client::wap, "wap_pay"}}) {
    const auto url = alipay::signedOrder(settings, client, order, {now, "n"});
    const auto parameters = parametersOf(url, "");
    const auto content = Json::parse(parameters.at("biz_content"));
    const auto& contains = *document.find(page)->find("contains")->array();
    const auto hasProduct = [&](const Json& part) {
      return part.string()->find("&quot;product_code&quot;:&quot;" + text(content, "product_code") + "&quot;") !=
             std::string::npos;
    };
    BOOST_TEST(std::any_of(contains.begin(), contains.end(), hasProduct));
  }
}

BOOST_AUTO_TEST_CASE(alipay_signatures_of_the_sdk) {
  const auto key = crypto::PublicKey::load(sdkPublicKey, "key");
  const auto document = Json::parse(fixture("alipay/generated/official_nodejs_sdk_golden.json"));
  std::size_t checked = 0;
  for (const auto& item : *document.array()) {
    const auto digest = text(item, "alg") == "RSA-SHA1" ? crypto::RsaDigest::sha1 : crypto::RsaDigest::sha256;
    const auto other = digest == crypto::RsaDigest::sha1 ? crypto::RsaDigest::sha256 : crypto::RsaDigest::sha1;
    const auto signature = signatureIn(item);
    BOOST_TEST_CONTEXT(text(item, "name")) {
      BOOST_TEST(key.verify(text(item, "string_to_sign"), signature, digest));
      BOOST_TEST(!key.verify(text(item, "string_to_sign"), signature, other));
      BOOST_TEST(!key.verify(text(item, "string_to_sign") + "x", signature, digest));
    }
    ++checked;
  }
  BOOST_TEST(checked == 15u);
}

// The private key is not published: what is compared is the text that is signed, to the byte, and that our signature fits it.
BOOST_AUTO_TEST_CASE(alipay_requests_of_the_sdk) {
  const auto appKey = crypto::PublicKey::load(goldenKey("app_public.pem"), "key");
  const auto compare = [&](const std::string& name, const alipay::Settings& settings, const HttpRequest& request) {
    BOOST_TEST_CONTEXT(name) {
      const auto expected = sdkCase(name);
      const auto theirs = parametersOf(text(*expected.find("http"), "url"), text(*expected.find("http"), "body"));
      auto ours = parametersOf(request.url, request.body);
      const auto sign = ours.at("sign");
      for (const auto& [parameter, value] : theirs) {
        if (parameter != "sign") BOOST_TEST(ours[parameter] == value);
      }
      BOOST_TEST(ours.size() == theirs.size());
      ours.erase("sign");
      const auto content = signContentOf(Wire{ours.begin(), ours.end()}, true);
      BOOST_TEST(content == text(expected, "string_to_sign"));
      BOOST_TEST(appKey.verify(content, sign, settings.digest));
    }
  };
  OrderQueryRequest query;
  query.outTradeNo = "ORD_20240102_0001";
  compare("exec_trade_query", alipaySettings(), alipay::encode(alipaySettings(), query, {now, "n"}));
  auto config = alipayConfig();
  config.signType = "RSA";
  const auto old = alipay::settingsFrom(config);
  compare("exec_trade_query_RSA_sha1", old, alipay::encode(old, query, {now, "n"}));
  const alipay::Code2SessionRequest login{"4b203fe6c11548bcabd8da5bb087a83b"};
  compare("exec_oauth_token", alipaySettings(), alipay::encode(alipaySettings(), login, {now, "n"}));

  UnifiedOrderRequest order;
  order.subject = "测试 Iphone6 16G+1/2 100% \"q\"";
  order.outTradeNo = "ORD_20240102_0001";
  order.totalFee = Fen{8888};
  order.notifyUrl = "https://example.com/n?a=1&b=2";
  order.extra.set("productCode", "QUICK_MSECURITY_PAY");
  order.extra.set("passbackParams", "merchantBizType%3d3C%26merchantBizNo%3d2016010101111");
  auto theirs = parametersOf("", text(sdkCase("sdkExec_app_pay"), "output"));
  auto ours = parametersOf("", alipay::signedOrder(alipaySettings(), alipay::Client::app, order, {now, "n"}));
  BOOST_TEST(sameMembers(ours.at("biz_content"), theirs.at("biz_content")));
  for (const char* name : {"biz_content", "sign"}) ours.erase(name), theirs.erase(name);
  BOOST_TEST((ours == theirs));
}

BOOST_AUTO_TEST_SUITE_END()
