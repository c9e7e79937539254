// The 174 recorded calls of tests/golden: what goes in, what travels, what comes back.
#include <boost/test/unit_test.hpp>

#include <support/files.hpp>
#include <support/scripted_transport.hpp>

#include <openapi/openapi.hpp>

#include <alipay/operations.hpp>
#include <codec/form.hpp>
#include <codec/text.hpp>
#include <crypto/sign_content.hpp>
#include <marshal/json_struct.hpp>
#include <weixin/payment_operations.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace openapi;
using test::readFile;
using test::sourcePath;

namespace {

/// Cases whose input this library refuses before anything is sent, while uni-pay sends it. Their wire form is compared all
/// the same, and so is the refusal.
const std::map<std::string, std::string> refusedInput{
    {"wx-unifiedOrder-zero-fee", "totalFee"},      {"wx-unifiedOrder-long-body", "body"},
    {"wx-downloadBill-result-fail", "billDate"},   {"ali-getOrderInfo-app-zero", "totalFee"},
    {"ali-getOrderInfo-mp-no-trade-no", "openid"},
};

std::string text(const Json& json) { return json.string() != nullptr ? *json.string() : std::string{}; }
std::string textAt(const Json& json, const char* name) {
  return json.find(name) == nullptr ? std::string{} : text(*json.find(name));
}

/// The escapes of the recorded JSON: files, bytes, and members that JavaScript calls undefined.
std::optional<Json> plain(const Json& json) {
  if (const auto* object = json.object()) {
    if (object->find("$special") != nullptr) return {};
    if (const Json* file = object->find("$file")) return Json{readFile(sourcePath("tests/golden/" + text(*file)))};
    if (const Json* bytes = object->find("$base64")) return Json{codec::fromBase64(text(*bytes)).value()};
    Fields fields;
    for (const auto& [name, value] : *object) {
      if (auto item = plain(value)) fields.append(name, *item);
    }
    return fields;
  }
  if (const auto* array = json.array()) {
    Json::Array items;
    for (const auto& item : *array) items.push_back(plain(item).value_or(Json{}));
    return items;
  }
  return json;
}

struct Case {
  std::string name;
  Json recorded;

  bool expectedHas(const char* member) const {
    return recorded.find("expected") != nullptr && recorded.find("expected")->find(member) != nullptr;
  }
  const Json* get(const char* member) const {
    return expectedHas(member) ? recorded.find("expected")->find(member) : recorded.find(member);
  }
  /// `expected` wins as a whole: a case that expects an output has no error, whatever uni-pay did.
  const Json* output() const {
    return recorded.find("expected") != nullptr ? recorded.find("expected")->find("output") : recorded.find("output");
  }
  const Json* error() const {
    return recorded.find("expected") != nullptr ? recorded.find("expected")->find("error") : recorded.find("error");
  }
  Json input() const { return plain(*recorded.find("input")).value(); }
  std::string method() const { return textAt(recorded, "method"); }
  bool isWeixin() const { return textAt(recorded, "provider") == "weixin"; }
  Stamp stamp(std::size_t nonce) const {
    const Json& frozen = *recorded.find("frozen");
    const std::chrono::milliseconds since{*frozen.find("nowMs")->integer()};
    return {std::chrono::system_clock::time_point{since}, text(frozen.find("nonces")->array()->at(nonce))};
  }
  std::chrono::system_clock::time_point now() const { return stamp(0).now; }
  std::vector<Json> wireRequests() const { return list("wireRequest", "wireRequests"); }
  std::vector<Json> wireResponses() const { return list("wireResponse", "wireResponses"); }
  Json config() const {
    auto object = *plain(*recorded.find("config")).value().object();
    object.erase("timeOffset");  // the time zone is fixed here
    if (object.find("clientType") == nullptr) object.set("clientType", *recorded.find("platform"));
    return object;
  }

 private:
  std::vector<Json> list(const char* one, const char* many) const {
    if (const Json* all = get(many)) return *all->array();
    const Json* single = get(one);
    if (single == nullptr || single->isNull()) return {};
    return {*single};
  }
};

std::vector<Case> allCases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{sourcePath("tests/golden/cases")}) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const auto& path : paths) {
    auto recorded = Json::parse(readFile(path.string()));
    cases.push_back({textAt(recorded, "name"), std::move(recorded)});
  }
  return cases;
}

/// A decimal number of either JSON type as text without trailing zeros: 88.8, "88.80" and 88.80 are one amount.
std::optional<std::string> decimal(const Json& json) {
  std::string digits;
  if (json.integer() != nullptr) digits = std::to_string(*json.integer());
  if (json.number() != nullptr) digits = json.number()->text;
  if (json.string() != nullptr) digits = *json.string();
  const bool valid =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!valid) return {};
  if (digits.find('.') != std::string::npos) {
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return digits;
}

bool isEmptyList(const Json& json) { return json.array() != nullptr && json.array()->empty(); }

/// Equal, but for what the README of the cases calls insignificant: the order of members, and the type in which a number travels.
bool same(const Json& expected, const Json& actual) {
  if (const auto* object = expected.object()) {
    if (actual.object() == nullptr) return false;
    for (const auto& [name, value] : *object) {
      const Json* other = actual.find(name);
      if (other == nullptr || !same(value, *other)) return false;
    }
    for (const auto& [name, value] : *actual.object()) {
      const bool documentedToo = name == "timeEnd";  // for both platforms; uni-pay has it for WeChat only
      if (object->find(name) == nullptr && !isEmptyList(value) && !documentedToo) return false;
    }
    return true;
  }
  if (const auto* array = expected.array()) {
    if (actual.array() == nullptr || array->size() != actual.array()->size()) return false;
    for (std::size_t at = 0; at < array->size(); ++at) {
      if (!same((*array)[at], (*actual.array())[at])) return false;
    }
    return true;
  }
  if (expected == actual) return true;
  const auto left = decimal(expected);
  const bool numeric = expected.string() == nullptr || actual.string() == nullptr;
  return numeric && left && left == decimal(actual);
}

/// uni-pay's own additions, which the README of the cases does not require.
Json comparable(const Json& output) {
  if (output.object() == nullptr) return output;
  Fields fields = *plain(output).value().object();
  for (const char* name : {"errMsg", "sign", "nonceStr"}) fields.erase(name);
  return fields;
}

std::vector<std::string> kindsOf(const Error& error, const std::string& method) {
  switch (error.errc()) {
    case Errc::badSignature:
      return {"SIGNATURE_MISMATCH"};
    case Errc::identityMismatch:
      return {"APPID_MISMATCH", "MCHID_MISMATCH"};
    case Errc::badResponse:
      return {"MALFORMED_BODY"};
    case Errc::rejected:
      return {"REMOTE_ERROR"};
    case Errc::httpStatus:
      return {"HTTP_STATUS"};
    case Errc::invalidArgument:
      return {"INVALID_ARGUMENT"};
    case Errc::config:
      return method == "init" ? std::vector<std::string>{"INVALID_ARGUMENT"} : std::vector<std::string>{};
    case Errc::unsupported:
      return {"UNSUPPORTED_CLIENT"};
    default:
      return {};
  }
}

void compareError(const Case& golden, const Error& error) {
  const Json* expected = golden.error();
  BOOST_TEST_REQUIRE(expected != nullptr, "unexpected error: " << error.what());
  const auto kind = textAt(*expected, "kind");
  const auto kinds = kindsOf(error, golden.method());
  BOOST_TEST((std::find(kinds.begin(), kinds.end(), kind) != kinds.end()),
             "expected " << kind << ", got " << toString(error.errc()) << ": " << error.what());
  if (kind == "REMOTE_ERROR") {
    const std::string message = error.what();
    BOOST_TEST((message.find(textAt(*expected, "message")) != std::string::npos), "message: " << message);
  }
}

void compareOutput(const Case& golden, const Json& actual) {
  const Json* expected = golden.output();
  BOOST_TEST_REQUIRE(expected != nullptr, "expected an error, got " << actual.json());
  const Json left = comparable(*expected);
  const Json right = comparable(actual);
  BOOST_TEST(same(left, right), "expected " << left.json() << "\n     got " << right.json());
}

HttpResponse responseOf(const Json& recorded) {
  HttpResponse response;
  response.status = static_cast<int>(*recorded.find("status")->integer());
  if (const Json* bytes = recorded.find("bodyBase64")) {
    response.body = codec::fromBase64(text(*bytes)).value();
  } else {
    response.body = textAt(recorded, "body");
  }
  return response;
}

// ---- the wire

std::map<std::string, std::string> xmlFields(const std::string& body) {
  const auto document = codec::FlatXml::parse(body, "xml");
  std::map<std::string, std::string> fields;
  for (const auto& field : document.fields()) fields[std::string{field.name}] = field.value;
  return fields;
}

bool sameValue(const std::string& expected, const std::string& actual) {
  if (expected == actual) return true;
  // A value that is JSON text: the order of its members is not significant.
  return !expected.empty() && !actual.empty() && expected[0] == '{' && actual[0] == '{' &&
         same(Json::parse(expected), Json::parse(actual));
}

void compareXml(const Json& expected, const HttpRequest& actual, const std::string& key) {
  BOOST_TEST(actual.url == textAt(expected, "url"));
  const auto left = xmlFields(textAt(expected, "body"));
  auto right = xmlFields(actual.body);
  bool identical = true;
  for (const auto& [name, value] : left) {
    if (name == "sign") continue;
    BOOST_TEST(sameValue(value, right[name]), name << ": expected " << value << ", got " << right[name]);
    identical = identical && value == right[name];
  }
  BOOST_TEST(right.size() == left.size(), "the wire has other fields than recorded");
  if (identical) BOOST_TEST(right["sign"] == left.at("sign"));
  // Where only the order inside a JSON text differs, the signature is checked over our own text.
  std::vector<crypto::NamedValue> named;
  for (const auto& [name, value] : right) {
    if (name != "sign") named.emplace_back(name, value);
  }
  const auto type = right["sign"].size() == 32 ? weixin::SignType::md5 : weixin::SignType::hmacSha256;
  BOOST_TEST(weixin::sign(named, key, type) == right["sign"]);
  const Json* pfxUsed = expected.find("pfxUsed");
  if (pfxUsed != nullptr && pfxUsed->boolean() != nullptr) BOOST_TEST((actual.identity != nullptr) == *pfxUsed->boolean());
}

std::map<std::string, std::string> formOf(const std::string& url, const std::string& body) {
  std::map<std::string, std::string> fields;
  const auto at = url.find('?');
  for (auto& [name, value] :
       codec::parseForm(at == std::string::npos ? std::string_view{} : std::string_view{url}.substr(at + 1)))
    fields[name] = value;
  if (!body.empty()) {
    for (auto& [name, value] : codec::parseForm(body)) fields[name] = value;
  }
  return fields;
}

std::string signedTextOf(const std::map<std::string, std::string>& fields) {
  std::vector<crypto::NamedValue> named;
  for (const auto& [name, value] : fields) {
    if (name != "sign" && name != "tenant") named.emplace_back(name, value);
  }
  return crypto::signContent(named, true);
}

/// Compares parameters, and that both signatures verify: the recorded one with our verifier, ours over our own text. As PKCS#1
/// v1.5 is deterministic, signing the recorded text must give the recorded signature to the byte.
void compareForm(const alipay::Settings& settings, const std::map<std::string, std::string>& expected,
                 std::map<std::string, std::string> actual) {
  const auto appKey = crypto::PublicKey::load(readFile(sourcePath("tests/golden/keys/app_public.pem")), "app");
  for (const auto& [name, value] : expected) {
    if (name == "sign") continue;
    if (name != "biz_content") {
      BOOST_TEST(actual[name] == value, name << ": expected " << value << ", got " << actual[name]);
      continue;
    }
    // An absent value is left out here, where uni-pay sends null (README: a missing or null optional is never sent).
    auto recorded = *Json::parse(value).object();
    if (recorded.find("body") != nullptr && recorded.find("body")->isNull()) recorded.erase("body");
    Fields ours = *Json::parse(actual[name]).object();
    for (const auto& [member, item] : recorded) {
      if (isEmptyList(item) && ours.find(member) == nullptr) ours.set(member, item);
    }
    BOOST_TEST(same(recorded, ours), "biz_content: expected " << value << ", got " << actual[name]);
    const Json* amount = ours.find("total_amount");
    if (amount != nullptr)
      BOOST_TEST((amount->string() != nullptr && amount->string()->find('.') == amount->string()->size() - 3),
                 "amounts have two decimals");
  }
  BOOST_TEST(actual.size() == expected.size(), "the wire has other parameters than recorded");
  BOOST_TEST(appKey.verify(signedTextOf(actual), actual["sign"], settings.digest));
  BOOST_TEST(appKey.verify(signedTextOf(expected), expected.at("sign"), settings.digest));
  BOOST_TEST(settings.privateKey.sign(signedTextOf(expected), settings.digest) == expected.at("sign"));
}

void compareGateway(const alipay::Settings& settings, const Json& expected, const HttpRequest& actual) {
  BOOST_TEST(actual.url.substr(0, actual.url.find("method=") == std::string::npos ? 10 : 20) ==
             textAt(expected, "url").substr(0, 20));
  compareForm(settings, formOf(textAt(expected, "url"), textAt(expected, "body")), formOf(actual.url, actual.body));
}

// ---- the calls

template <class Request>
Request requestFrom(const Case& golden) {
  return marshal::fromJson<marshal::CamelStyle, Request>(golden.input());
}

template <class Settings, class Request>
void compareRefusal(const Case& golden, const Settings& settings, const Request& request) {
  const auto refused = refusedInput.find(golden.name);
  try {
    check(settings, request);
    BOOST_TEST((refused == refusedInput.end()), "the input should have been refused");
  } catch (const Error& error) {
    if (refused == refusedInput.end()) throw;  // then the case expects it
    BOOST_TEST((error.errc() == Errc::invalidArgument));
    BOOST_TEST(std::string{error.what()}.starts_with(refused->second));
  }
}

template <class Request>
void runWeixin(const Case& golden, const weixin::PaymentSettings& settings) {
  const auto request = requestFrom<Request>(golden);
  const auto recordedRequests = golden.wireRequests();
  const auto http = weixin::encode(settings, request, golden.stamp(0));
  compareRefusal(golden, settings, request);
  BOOST_TEST_REQUIRE(recordedRequests.size() == 1u);
  compareXml(recordedRequests[0], http, settings.key);
  const auto result = weixin::decode(settings, request, responseOf(golden.wireResponses().at(0)));
  compareOutput(golden, marshal::toJson<marshal::CamelStyle>(result));
}

/// The sandbox asks for its own key first; uni-pay draws the order's nonce before that.
void runWeixinSandbox(const Case& golden, const weixin::PaymentSettings& settings) {
  const auto requests = golden.wireRequests();
  const auto responses = golden.wireResponses();
  BOOST_TEST_REQUIRE(requests.size() == 2u);
  const auto keyNonce = xmlFields(textAt(requests[0], "body")).at("nonce_str");
  const auto orderNonce = xmlFields(textAt(requests[1], "body")).at("nonce_str");
  compareXml(requests[0], weixin::encodeSandboxKey(settings, {golden.now(), keyNonce}), settings.key);
  auto sandbox = settings;
  sandbox.key = weixin::decodeSandboxKey(settings, responseOf(responses.at(0)));
  const auto request = requestFrom<UnifiedOrderRequest>(golden);
  compareXml(requests[1], weixin::encode(sandbox, request, {golden.now(), orderNonce}), sandbox.key);
  const auto result = weixin::decode(sandbox, request, responseOf(responses.at(1)));
  compareOutput(golden, marshal::toJson<marshal::CamelStyle>(result));
}

void runWeixinOrderInfo(const Case& golden, const weixin::PaymentSettings& settings) {
  const auto request = requestFrom<GetOrderInfoRequest>(golden);
  const auto order = weixin::orderFor(settings, request);
  compareRefusal(golden, settings, order);
  compareXml(golden.wireRequests().at(0), weixin::encode(settings, order, golden.stamp(0)), settings.key);
  const auto placed = weixin::decode(settings, order, responseOf(golden.wireResponses().at(0)));
  compareOutput(golden, weixin::orderInfo(settings, order, placed, golden.stamp(1)).orderInfo);
}

Event eventFrom(const Json& input) {
  Event event;
  if (const Json* headers = input.find("headers"); headers != nullptr && headers->object() != nullptr) {
    for (const auto& [name, value] : *headers->object()) event.headers.add(name, text(value));
  }
  event.body = textAt(input, "body");
  const Json* encoded = input.find("isBase64Encoded");
  event.isBase64Encoded = encoded != nullptr && encoded->boolean() != nullptr && *encoded->boolean();
  return event;
}

using Runner = std::function<void(const Case&)>;

void runWeixinCase(const Case& golden) {
  const auto settings = weixin::paymentSettings(marshal::fromJson<marshal::CamelStyle, WeixinConfig>(golden.config()));
  const auto method = golden.method();
  if (settings.sandbox) return runWeixinSandbox(golden, settings);
  if (method == "getOrderInfo") return runWeixinOrderInfo(golden, settings);
  if (method == "unifiedOrder") return runWeixin<UnifiedOrderRequest>(golden, settings);
  if (method == "orderQuery") return runWeixin<OrderQueryRequest>(golden, settings);
  if (method == "closeOrder") return runWeixin<CloseOrderRequest>(golden, settings);
  if (method == "refund") return runWeixin<RefundRequest>(golden, settings);
  if (method == "refundQuery") return runWeixin<RefundQueryRequest>(golden, settings);
  if (method == "downloadBill") return runWeixin<DownloadBillRequest>(golden, settings);
  if (method == "downloadFundflow") return runWeixin<DownloadFundflowRequest>(golden, settings);
  if (method == "verifyPaymentNotify") {
    return compareOutput(
        golden, marshal::toJson<marshal::CamelStyle>(weixin::paymentNotify(settings, eventFrom(golden.input()), golden.now())));
  }
  if (method == "verifyRefundNotify") {
    return compareOutput(golden, marshal::toJson<marshal::CamelStyle>(weixin::refundNotify(settings, eventFrom(golden.input()))));
  }
  BOOST_FAIL("no runner for " << method);
}

template <class Request>
void runAlipay(const Case& golden, const alipay::Settings& settings) {
  const auto request = requestFrom<Request>(golden);
  const auto recordedRequests = golden.wireRequests();
  compareRefusal(golden, settings, request);
  compareGateway(settings, recordedRequests.at(0), alipay::encode(settings, request, golden.stamp(0)));
  const auto result = alipay::decode(settings, request, responseOf(golden.wireResponses().at(0)));
  compareOutput(golden, marshal::toJson<marshal::CamelStyle>(result));
}

void runAlipayOrderInfo(const Case& golden, const alipay::Settings& settings) {
  const auto request = requestFrom<GetOrderInfoRequest>(golden);
  const auto client = alipay::clientOf(settings, request);
  const auto order = alipay::orderFor(request);
  compareRefusal(golden, settings, request);
  if (client == alipay::Client::miniProgram) {
    compareGateway(settings, golden.wireRequests().at(0), alipay::encode(settings, order, golden.stamp(0)));
    const auto placed = alipay::decode(settings, order, responseOf(golden.wireResponses().at(0)));
    return compareOutput(golden, alipay::tradeNumber(placed).orderInfo);
  }
  const auto signedText = alipay::signedOrder(settings, client, order, golden.stamp(0));
  BOOST_TEST_REQUIRE(golden.output() != nullptr);
  compareForm(settings, formOf("", text(*golden.output())), formOf("", signedText));
}

void runAlipayCase(const Case& golden) {
  const auto settings = alipay::settingsFrom(marshal::fromJson<marshal::CamelStyle, AlipayConfig>(golden.config()));
  const auto method = golden.method();
  if (method == "getOrderInfo") return runAlipayOrderInfo(golden, settings);
  if (method == "unifiedOrder") return runAlipay<UnifiedOrderRequest>(golden, settings);
  if (method == "orderQuery") return runAlipay<OrderQueryRequest>(golden, settings);
  if (method == "closeOrder") return runAlipay<CloseOrderRequest>(golden, settings);
  if (method == "cancelOrder") return runAlipay<CancelOrderRequest>(golden, settings);
  if (method == "refund") return runAlipay<RefundRequest>(golden, settings);
  if (method == "refundQuery") return runAlipay<RefundQueryRequest>(golden, settings);
  if (method == "verifyPaymentNotify") {
    return compareOutput(
        golden, marshal::toJson<marshal::CamelStyle>(alipay::paymentNotify(settings, eventFrom(golden.input()), golden.now())));
  }
  BOOST_FAIL("no runner for " << method);
}

void runInit(const Case& golden) {
  boost::asio::io_context context;
  HttpOptions options;
  options.transport = std::make_shared<test::ScriptedTransport>();
  if (golden.isWeixin()) {
    Weixin{context.get_executor(), marshal::fromJson<marshal::CamelStyle, WeixinConfig>(golden.config()), options};
  } else {
    Alipay{context.get_executor(), marshal::fromJson<marshal::CamelStyle, AlipayConfig>(golden.config()), options};
  }
  BOOST_ERROR("the configuration should have been refused");
}

void run(const Case& golden) {
  BOOST_TEST_CONTEXT(golden.name) {
    try {
      if (golden.method() == "init") return runInit(golden);
      golden.isWeixin() ? runWeixinCase(golden) : runAlipayCase(golden);
    } catch (const Error& error) {
      compareError(golden, error);
    }
  }
}

// ---- the same calls through the public interface

template <class Result>
Json jsonOf(const Result& result) {
  return marshal::toJson<marshal::CamelStyle>(result);
}

Json callPublic(Payment& payment, const Case& golden) {
  const auto method = golden.method();
  if (method == "getOrderInfo")
    return wait(payment.getOrderInfo(static_cast<const GetOrderInfoRequest&>(requestFrom<GetOrderInfoRequest>(golden))))
        .orderInfo;
#define OPENAPI_TEST_CALL(name, Request)               \
  if (method == #name) {                               \
    const auto request = requestFrom<Request>(golden); \
    return jsonOf(wait(payment.name(request)));        \
  }
  OPENAPI_TEST_CALL(unifiedOrder, UnifiedOrderRequest)
  OPENAPI_TEST_CALL(orderQuery, OrderQueryRequest)
  OPENAPI_TEST_CALL(closeOrder, CloseOrderRequest)
  OPENAPI_TEST_CALL(cancelOrder, CancelOrderRequest)
  OPENAPI_TEST_CALL(refund, RefundRequest)
  OPENAPI_TEST_CALL(refundQuery, RefundQueryRequest)
  OPENAPI_TEST_CALL(downloadBill, DownloadBillRequest)
  OPENAPI_TEST_CALL(downloadFundflow, DownloadFundflowRequest)
#undef OPENAPI_TEST_CALL
  const auto event = eventFrom(golden.input());
  if (method == "verifyPaymentNotify") return jsonOf(wait(payment.verifyPaymentNotify(event)));
  if (method == "verifyRefundNotify") return jsonOf(wait(payment.verifyRefundNotify(event)));
  BOOST_FAIL("no public call for " << method);
  return {};
}

void runPublic(const Case& golden) {
  boost::asio::io_context context;
  auto transport = std::make_shared<test::ScriptedTransport>();
  for (const auto& response : golden.wireResponses()) transport->script.emplace_back(responseOf(response));
  HttpOptions options;
  options.transport = transport;
  options.maxAttempts = 1;
  const auto compare = [&](Payment& payment) {
    try {
      const auto output = callPublic(payment, golden);
      // Nonce and time are the library's own here, so what they enter into is compared above only.
      if (golden.method() == "getOrderInfo") {
        BOOST_TEST((golden.output() != nullptr), "expected an error, got " << output.json());
      } else {
        compareOutput(golden, output);
      }
    } catch (const Error& error) {
      if (refusedInput.contains(golden.name)) {
        BOOST_TEST((error.errc() == Errc::invalidArgument));
        BOOST_TEST(transport->sent.empty());
        return;
      }
      compareError(golden, error);
      if (error.errc() != Errc::invalidArgument || !error.provider().empty()) {
        BOOST_TEST(error.provider() == textAt(golden.recorded, "provider"));
        BOOST_TEST(error.method() == "payment." + golden.method());
      }
    }
  };
  if (golden.isWeixin()) {
    Weixin weixin{context.get_executor(), marshal::fromJson<marshal::CamelStyle, WeixinConfig>(golden.config()), options};
    compare(weixin.payment);
  } else {
    Alipay alipay{context.get_executor(), marshal::fromJson<marshal::CamelStyle, AlipayConfig>(golden.config()), options};
    compare(alipay.payment);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(all_174_cases_through_encode_and_decode) {
  const auto cases = allCases();
  BOOST_TEST(cases.size() == 174u);
  for (const auto& golden : cases) run(golden);
}

BOOST_AUTO_TEST_CASE(all_calls_through_the_public_interface) {
  std::size_t calls = 0;
  for (const auto& golden : allCases()) {
    if (golden.method() == "init") continue;
    BOOST_TEST_CONTEXT(golden.name) { runPublic(golden); }
    ++calls;
  }
  BOOST_TEST(calls == 168u);
}

BOOST_AUTO_TEST_CASE(default_timeout_is_5000_ms_on_both_platforms) {
  BOOST_TEST(WeixinConfig{}.timeout == 5000);
  BOOST_TEST(AlipayConfig{}.timeout == 5000);
}

BOOST_AUTO_TEST_SUITE_END()
