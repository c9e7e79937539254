// Parameters that are missing, empty, too long or malformed: `invalidArgument` that names the field, and nothing is sent.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>
#include <support/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

namespace {

constexpr Fen tooMuch{10'000'000'001};
constexpr Fen most{std::numeric_limits<std::int64_t>::max()};
constexpr Fen least{std::numeric_limits<std::int64_t>::min()};
const std::string notUtf8 = "\xD6\xD0";

std::string longText(std::size_t size) { return std::string(size, 'a'); }
std::string wideText(std::size_t characters) {
  std::string text;
  for (std::size_t at = 0; at < characters; ++at) text += "季";
  return text;
}

/// Both providers on a network that has no answers.
struct Fixture {
  boost::asio::io_context context;
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  HttpOptions options = [this] {
    HttpOptions made;
    made.transport = transport;
    made.maxAttempts = 1;
    return made;
  }();
  Weixin weixin{context.get_executor(), weixinConfig(), options};
  Alipay alipay{context.get_executor(), alipayConfig(), options};
};

template <class Request>
struct Spoilt {
  const char* field;
  std::function<void(Request&)> spoil;
};

/// The good request is sent; each spoilt one is not, and the message begins with the field.
template <class Request, class Call>
void expectRefusals(Fixture& fixture, const char* provider, const char* method, const Request& good, const Call& call,
                    const std::vector<Spoilt<Request>>& rows) {
  BOOST_TEST_CONTEXT(provider << ' ' << method) {
    fixture.transport->sent.clear();
    expectError(Errc::connect, "no more answers", [&] { call(good); });
    BOOST_TEST_REQUIRE(fixture.transport->sent.size() == 1u);
    fixture.transport->sent.clear();
    std::size_t row = 0;
    for (const auto& [field, spoil] : rows) {
      BOOST_TEST_CONTEXT("row " << row++ << ", " << field) {
        Request request = good;
        spoil(request);
        const auto error = errorOf([&] { call(request); });
        BOOST_TEST(toString(error.errc()) == "invalidArgument", error.what());
        BOOST_TEST(toString(error.outcome()) == "notSent");
        BOOST_TEST(std::string_view{error.what()}.starts_with(field), "message: " << error.what());
        BOOST_TEST(error.provider() == provider);
        BOOST_TEST(error.method() == method);
        BOOST_TEST(!error.retryable());
        BOOST_TEST(fixture.transport->sent.empty());
      }
    }
  }
}

template <class Request>
using Rows = std::vector<Spoilt<Request>>;

template <class Request>
Rows<Request> plus(Rows<Request> rows, const Rows<Request>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

/// Amounts that no platform takes.
template <class Request, class Member>
Rows<Request> badAmounts(const char* field, Member member) {
  Rows<Request> rows;
  for (const Fen value : {Fen{0}, Fen{-1}, least, tooMuch, most}) {
    rows.push_back({field, [member, value](Request& request) { request.*member = value; }});
  }
  return rows;
}

template <class Request, class Member>
Rows<Request> badTexts(const char* field, Member member, const std::vector<std::string>& values) {
  Rows<Request> rows;
  for (const auto& value : values) rows.push_back({field, [member, value](Request& request) { request.*member = value; }});
  return rows;
}

template <class Request>
Rows<Request> badExtras() {
  return {{"note", [](Request& request) { request.extra.set("note", notUtf8); }},
          {"note",
           [](Request& request) {
             request.extra.set("note", Json{Json::Array{Json{Fields{{"deep", Json{notUtf8}}}}}});
           }},
          {"extra", [](Request& request) { request.extra.set(notUtf8, "x"); }}};
}

std::vector<std::string> badWeixinNumbers(std::size_t max) {
  return {"", longText(max + 1), "a b", "订单", "a<b", "a&b=c", "a\nb", std::string{"a\0b", 3}, "a'b", "../x"};
}
std::vector<std::string> badUrls() {
  return {"",
          "shop.example/notify",
          "//shop.example/n",
          "ftp://shop.example/n",
          "https://",
          "https://shop.example/a b",
          "javascript:alert(1)",
          "https://shop.example/" + longText(256),
          "https://shop.example/\xD6\xD0",
          "http://[::1",
          "https://shop.example/%zz"};
}

UnifiedOrderRequest weixinOrder() {
  UnifiedOrderRequest order;
  order.openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
  order.body = "季卡";
  order.outTradeNo = "20261121000001";
  order.totalFee = Fen{8800};
  order.notifyUrl = "https://shop.example/notify";
  return order;
}

UnifiedOrderRequest alipayOrder() {
  auto order = weixinOrder();
  order.subject = "季卡";
  order.openid = "2088102116773037";
  return order;
}

GetOrderInfoRequest orderInfoOf(const UnifiedOrderRequest& order) {
  GetOrderInfoRequest request;
  request.openid = order.openid;
  request.subject = order.subject;
  request.body = order.body;
  request.outTradeNo = order.outTradeNo;
  request.totalFee = order.totalFee;
  request.notifyUrl = order.notifyUrl;
  return request;
}

RefundRequest refund() {
  RefundRequest request;
  request.outTradeNo = "20261121000001";
  request.outRefundNo = "R1";
  request.totalFee = Fen{8800};
  request.refundFee = Fen{100};
  return request;
}

template <class Request>
void setExtra(Rows<Request>& rows, const char* field, const std::vector<Json>& values) {
  for (const auto& value : values) rows.push_back({field, [field, value](Request& request) { request.extra.set(field, value); }});
}

/// What both `unifiedOrder` and `getOrderInfo` of WeChat refuse.
template <class Request>
Rows<Request> badWeixinOrders() {
  auto rows = badTexts<Request>("outTradeNo", &Request::outTradeNo, badWeixinNumbers(32));
  rows = plus(rows, badAmounts<Request>("totalFee", &Request::totalFee));
  rows = plus(rows, badTexts<Request>("notifyUrl", &Request::notifyUrl, badUrls()));
  rows = plus(rows, badTexts<Request>("notifyUrl", &Request::notifyUrl, {"https://shop.example/n?a=1"}));
  rows = plus(rows, badTexts<Request>("body", &Request::body, {"", wideText(129), notUtf8, "\xED\xA0\x80"}));
  rows = plus(rows, badTexts<Request>("openid", &Request::openid, {"", longText(129), notUtf8}));
  rows.push_back({"body", [](Request& request) { request.body.reset(); }});
  rows.push_back({"openid", [](Request& request) { request.openid.reset(); }});
  setExtra<Request>(
      rows, "attach",
      {Json{wideText(128)}, Json{"x&mch_id=10000100"}, Json{"x&bank_type=CFT&cash_fee=8800&z="}, Json{"x&cash_fee=1"}});
  setExtra<Request>(rows, "deviceInfo", {Json{longText(33)}, Json{"1&mch_id=2"}});
  setExtra<Request>(rows, "detail", {Json{longText(6001)}});
  setExtra<Request>(rows, "goodsTag", {Json{longText(33)}});
  setExtra<Request>(rows, "spbillCreateIp", {Json{longText(65)}});
  setExtra<Request>(rows, "timeStart",
                    {Json{"2026"}, Json{"20261301000000"}, Json{"20260230000000"}, Json{"20260101250000"}, Json{20260101000000}});
  setExtra<Request>(rows, "timeExpire", {Json{""}, Json{"99991231235959"}, Json{"19691231235959"}, Json{"tomorrow 10:00"}});
  setExtra<Request>(rows, "signType", {Json{"SHA1"}, Json{"md5"}, Json{""}, Json{1}});
  return plus(rows, badExtras<Request>());
}

/// What both orders of Alipay refuse.
template <class Request>
Rows<Request> badAlipayOrders() {
  auto rows = badTexts<Request>("outTradeNo", &Request::outTradeNo,
                                {"", longText(65), "a b", "a-b", "订单", "a<b", "a&b=c", "a\nb", std::string{"a\0b", 3}});
  rows = plus(rows, badAmounts<Request>("totalFee", &Request::totalFee));
  rows = plus(rows, badTexts<Request>("notifyUrl", &Request::notifyUrl, badUrls()));
  rows = plus(rows, badTexts<Request>("subject", &Request::subject, {"", wideText(257), notUtf8, "a/b", "a=b", "a&b"}));
  rows = plus(rows, badTexts<Request>("body", &Request::body,
                                      {wideText(129), notUtf8, "x&buyer_id=2088", "x&out_trade_no=1", "x&total_amount=1"}));
  rows = plus(rows, badTexts<Request>("openid", &Request::openid, {longText(129), notUtf8}));
  rows.push_back({"subject", [](Request& request) { request.subject.reset(); }});
  setExtra<Request>(rows, "passbackParams", {Json{longText(513)}, Json{"a=1&refund_fee=5"}, Json{"a=1&total_amount=88.00"}});
  setExtra<Request>(rows, "discountableAmount", {Json{-1}, Json{"1.00"}, Json{Json::Number{"1.5"}}, Json{Json::Number{"1e2"}}});
  setExtra<Request>(rows, "undiscountable_amount", {Json{-1}, Json{"1"}});
  return plus(rows, badExtras<Request>());
}

/// Operations that take one of two numbers.
template <class Request>
Rows<Request> badOrderNumbers(std::size_t maxTransactionId) {
  Rows<Request> rows{{"outTradeNo", [](Request& request) { request.outTradeNo.reset(); }}};
  rows = plus(rows, badTexts<Request>("outTradeNo", &Request::outTradeNo,
                                      {"", longText(65), "a b", "订单", "a<b", "a\r\nb", std::string{"a\0b", 3}}));
  rows = plus(rows, badTexts<Request>("transactionId", &Request::transactionId,
                                      {"", longText(maxTransactionId + 1), "a_b", "1-2", "号"}));
  return plus(rows, badExtras<Request>());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(parameters, Fixture)

BOOST_AUTO_TEST_CASE(weixin_orders) {
  auto rows = badWeixinOrders<UnifiedOrderRequest>();
  rows = plus(rows,
              badTexts<UnifiedOrderRequest>("tradeType", &UnifiedOrderRequest::tradeType, {"", "POS", "jsapi", "JSAPI NATIVE"}));
  rows.push_back({"productId", [](auto& request) { request.tradeType = "NATIVE"; }});
  rows.push_back({"productId", [](auto& request) {
                    request.tradeType = "NATIVE";
                    request.extra.set("productId", longText(33));
                  }});
  rows.push_back({"sceneInfo", [](auto& request) { request.tradeType = "MWEB"; }});
  const auto place = [&](const UnifiedOrderRequest& request) { (void)wait(weixin.payment.unifiedOrder(request)); };
  expectRefusals(*this, "weixin", "payment.unifiedOrder", weixinOrder(), place, rows);

  const auto prepare = [&](const GetOrderInfoRequest& request) { (void)wait(weixin.payment.getOrderInfo(request)); };
  expectRefusals(*this, "weixin", "payment.getOrderInfo", orderInfoOf(weixinOrder()), prepare,
                 badWeixinOrders<GetOrderInfoRequest>());
}

BOOST_AUTO_TEST_CASE(weixin_order_texts_that_xml_cannot_carry) {
  for (const auto& value : {std::string{"a\0b", 3}, std::string{"\x08"}, std::string{"\x1B[2J"}, std::string{"\xEF\xBF\xBF"}}) {
    auto order = weixinOrder();
    order.body = value;
    const auto error = errorOf([&] { (void)wait(weixin.payment.unifiedOrder(order)); });
    BOOST_TEST(toString(error.errc()) == "invalidArgument");
    BOOST_TEST(toString(error.outcome()) == "notSent");
    BOOST_TEST(std::string{error.what()}.find("body") != std::string::npos, error.what());
    order = weixinOrder();
    order.extra.set("goods><x", value);
    expectError(Errc::invalidArgument, "goods", [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  }
  BOOST_TEST(transport->sent.empty());
}

BOOST_AUTO_TEST_CASE(weixin_queries_and_closing) {
  OrderQueryRequest query;
  query.outTradeNo = "20261121000001";
  auto rows = badOrderNumbers<OrderQueryRequest>(32);
  setExtra<OrderQueryRequest>(rows, "signType", {Json{"RSA"}});
  expectRefusals(
      *this, "weixin", "payment.orderQuery", query,
      [&](const OrderQueryRequest& request) { (void)wait(weixin.payment.orderQuery(request)); }, rows);

  CloseOrderRequest close;
  close.outTradeNo = "20261121000001";
  auto closeRows = badTexts<CloseOrderRequest>("outTradeNo", &CloseOrderRequest::outTradeNo, badWeixinNumbers(32));
  closeRows.push_back({"outTradeNo", [](CloseOrderRequest& request) { request.outTradeNo.reset(); }});
  closeRows.push_back({"outTradeNo", [](CloseOrderRequest& request) {  // WeChat closes by the merchant's number only
                         request.outTradeNo.reset();
                         request.transactionId = "4200001";
                       }});
  closeRows = plus(closeRows, badExtras<CloseOrderRequest>());
  expectRefusals(
      *this, "weixin", "payment.closeOrder", close,
      [&](const CloseOrderRequest& request) { (void)wait(weixin.payment.closeOrder(request)); }, closeRows);

  RefundQueryRequest refunds;
  refunds.outRefundNo = "R1";
  Rows<RefundQueryRequest> refundRows{
      {"outRefundNo", [](auto& request) { request.outRefundNo.reset(); }},
      {"offset", [](auto& request) { request.offset = -1; }},
      {"offset", [](auto& request) { request.offset = std::numeric_limits<std::int64_t>::min(); }}};
  refundRows =
      plus(refundRows, badTexts<RefundQueryRequest>("outRefundNo", &RefundQueryRequest::outRefundNo, badWeixinNumbers(64)));
  refundRows =
      plus(refundRows, badTexts<RefundQueryRequest>("outTradeNo", &RefundQueryRequest::outTradeNo, badWeixinNumbers(32)));
  refundRows = plus(refundRows,
                    badTexts<RefundQueryRequest>("transactionId", &RefundQueryRequest::transactionId, {"", longText(33), "a_b"}));
  refundRows =
      plus(refundRows, badTexts<RefundQueryRequest>("refundId", &RefundQueryRequest::refundId, {"", longText(33), "a_b", "号"}));
  refundRows = plus(refundRows, badExtras<RefundQueryRequest>());
  expectRefusals(
      *this, "weixin", "payment.refundQuery", refunds,
      [&](const RefundQueryRequest& request) { (void)wait(weixin.payment.refundQuery(request)); }, refundRows);
}

BOOST_AUTO_TEST_CASE(weixin_refunds) {
  auto rows = badOrderNumbers<RefundRequest>(32);
  rows = plus(rows, badTexts<RefundRequest>("outRefundNo", &RefundRequest::outRefundNo, badWeixinNumbers(64)));
  rows = plus(rows, badAmounts<RefundRequest>("totalFee", &RefundRequest::totalFee));
  rows = plus(rows, badAmounts<RefundRequest>("refundFee", &RefundRequest::refundFee));
  rows = plus(rows, badTexts<RefundRequest>("refundFeeType", &RefundRequest::refundFeeType, {"", longText(9), notUtf8}));
  rows = plus(rows, badTexts<RefundRequest>("refundDesc", &RefundRequest::refundDesc, {"", wideText(81), notUtf8}));
  rows = plus(rows, badTexts<RefundRequest>("notifyUrl", &RefundRequest::notifyUrl, badUrls()));
  rows.push_back({"outRefundNo", [](auto& request) { request.outRefundNo.reset(); }});
  rows.push_back({"totalFee", [](auto& request) { request.totalFee.reset(); }});
  rows.push_back({"refundFee", [](auto& request) { request.refundFee = Fen{8801}; }});
  expectRefusals(
      *this, "weixin", "payment.refund", refund(),
      [&](const RefundRequest& request) { (void)wait(weixin.payment.refund(request)); }, rows);
}

BOOST_AUTO_TEST_CASE(weixin_bills) {
  const std::vector<std::string> badDays{"",         "2026",      "2026-11-21", "20261321", "20260230",
                                         "2026112a", "202611211", "tomorrow",   " 0261121", "-0261121"};
  DownloadBillRequest bill;
  bill.billDate = "20261121";
  auto rows = badTexts<DownloadBillRequest>("billDate", &DownloadBillRequest::billDate, badDays);
  rows = plus(
      rows, badTexts<DownloadBillRequest>("billType", &DownloadBillRequest::billType, {"", "all", "ALL SUCCESS", "EVERYTHING"}));
  rows = plus(rows, badTexts<DownloadBillRequest>("tarType", &DownloadBillRequest::tarType, {"", "gzip", "ZIP"}));
  rows = plus(rows, badExtras<DownloadBillRequest>());
  expectRefusals(
      *this, "weixin", "payment.downloadBill", bill,
      [&](const DownloadBillRequest& request) { (void)wait(weixin.payment.downloadBill(request)); }, rows);

  DownloadFundflowRequest flow;
  flow.billDate = "20261121";
  auto flowRows = badTexts<DownloadFundflowRequest>("billDate", &DownloadFundflowRequest::billDate, badDays);
  flowRows = plus(flowRows,
                  badTexts<DownloadFundflowRequest>("accountType", &DownloadFundflowRequest::accountType, {"", "basic", "All"}));
  flowRows = plus(flowRows, badTexts<DownloadFundflowRequest>("tarType", &DownloadFundflowRequest::tarType, {"", "gzip"}));
  setExtra<DownloadFundflowRequest>(flowRows, "signType", {Json{"MD5"}});
  flowRows = plus(flowRows, badExtras<DownloadFundflowRequest>());
  expectRefusals(
      *this, "weixin", "payment.downloadFundflow", flow,
      [&](const DownloadFundflowRequest& request) { (void)wait(weixin.payment.downloadFundflow(request)); }, flowRows);
}

BOOST_AUTO_TEST_CASE(alipay_orders) {
  const auto place = [&](const UnifiedOrderRequest& request) { (void)wait(alipay.payment.unifiedOrder(request)); };
  expectRefusals(*this, "alipay", "payment.unifiedOrder", alipayOrder(), place, badAlipayOrders<UnifiedOrderRequest>());
  auto rows = badAlipayOrders<GetOrderInfoRequest>();
  rows.push_back({"openid", [](auto& request) { request.openid.reset(); }});
  rows.push_back({"openid", [](auto& request) { request.openid = ""; }});
  const auto prepare = [&](const GetOrderInfoRequest& request) { (void)wait(alipay.payment.getOrderInfo(request)); };
  expectRefusals(*this, "alipay", "payment.getOrderInfo", orderInfoOf(alipayOrder()), prepare, rows);
  // Orders that are only signed refuse the same.
  for (const char* client : {"app-plus", "page", "wap"}) {
    for (const auto& [field, spoil] : badAlipayOrders<GetOrderInfoRequest>()) {
      auto request = orderInfoOf(alipayOrder());
      request.clientType = client;
      spoil(request);
      expectError(Errc::invalidArgument, field, [&] { (void)wait(alipay.payment.getOrderInfo(request)); });
    }
  }
}

BOOST_AUTO_TEST_CASE(alipay_operations_by_number) {
  const auto rowsFor = []<class Request>(const Request&) { return badOrderNumbers<Request>(64); };
  OrderQueryRequest query;
  query.outTradeNo = "20261121000001";
  expectRefusals(
      *this, "alipay", "payment.orderQuery", query,
      [&](const OrderQueryRequest& request) { (void)wait(alipay.payment.orderQuery(request)); }, rowsFor(query));
  CloseOrderRequest close;
  close.outTradeNo = "20261121000001";
  expectRefusals(
      *this, "alipay", "payment.closeOrder", close,
      [&](const CloseOrderRequest& request) { (void)wait(alipay.payment.closeOrder(request)); }, rowsFor(close));
  CancelOrderRequest cancel;
  cancel.outTradeNo = "20261121000001";
  expectRefusals(
      *this, "alipay", "payment.cancelOrder", cancel,
      [&](const CancelOrderRequest& request) { (void)wait(alipay.payment.cancelOrder(request)); }, rowsFor(cancel));

  RefundQueryRequest refunds;
  refunds.outTradeNo = "20261121000001";
  refunds.outRefundNo = "R1";
  auto rows = rowsFor(refunds);
  rows =
      plus(rows, badTexts<RefundQueryRequest>("outRefundNo", &RefundQueryRequest::outRefundNo, {"", longText(65), "a b", "号"}));
  rows.push_back({"outRefundNo", [](auto& request) { request.outRefundNo.reset(); }});
  expectRefusals(
      *this, "alipay", "payment.refundQuery", refunds,
      [&](const RefundQueryRequest& request) { (void)wait(alipay.payment.refundQuery(request)); }, rows);
}

BOOST_AUTO_TEST_CASE(alipay_refunds) {
  auto rows = badOrderNumbers<RefundRequest>(64);
  rows = plus(rows, badTexts<RefundRequest>("outRefundNo", &RefundRequest::outRefundNo, {"", longText(65), "a b", "号", "a&b"}));
  rows = plus(rows, badAmounts<RefundRequest>("refundFee", &RefundRequest::refundFee));
  rows = plus(rows, badTexts<RefundRequest>("refundFeeType", &RefundRequest::refundFeeType, {"", longText(9)}));
  rows = plus(rows, badTexts<RefundRequest>("refundDesc", &RefundRequest::refundDesc, {"", wideText(257), notUtf8}));
  rows.push_back({"refundFee", [](auto& request) { request.refundFee = Fen{8801}; }});
  rows.push_back({"outRefundNo", [](auto& request) { request.outRefundNo.reset(); }});  // a part of the order
  setExtra<RefundRequest>(rows, "sendBackFee",
                          {Json{-1}, Json{"100"}, Json{Json::Number{"0.5"}}, Json{true}, Json{Json::Array{}}});
  setExtra<RefundRequest>(rows, "send_back_fee", {Json{-1}, Json{"100"}});
  expectRefusals(
      *this, "alipay", "payment.refund", refund(),
      [&](const RefundRequest& request) { (void)wait(alipay.payment.refund(request)); }, rows);
}

BOOST_AUTO_TEST_CASE(alipay_amounts_beside_the_known_ones_are_fen_in_either_spelling) {
  for (const char* name : {"sendBackFee", "send_back_fee"}) {
    auto request = refund();
    request.extra.set(name, 5);
    const auto http = alipay::encode(alipaySettings(), request, {std::chrono::system_clock::time_point{}, "n"});
    BOOST_TEST(valueOf(codec::parseForm(http.body), "biz_content").find("\"send_back_fee\":\"0.05\"") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(alipay_login) {
  alipay::Code2SessionRequest login;
  login.code = "4b203fe6c11548bcabd8da5bb087a83b";
  const auto rows =
      badTexts<alipay::Code2SessionRequest>("code", &alipay::Code2SessionRequest::code, {"", longText(129), notUtf8});
  expectRefusals(
      *this, "alipay", "auth.code2Session", login,
      [&](const alipay::Code2SessionRequest& request) { (void)wait(alipay.auth.code2Session(request)); }, rows);
}

BOOST_AUTO_TEST_CASE(client_types_and_operations_that_a_platform_lacks) {
  auto order = orderInfoOf(weixinOrder());
  for (const char* client : {"", "mp-alipay", "MP-WEIXIN", "page"}) {
    order.clientType = client;
    expectError(Errc::unsupported, "clientType", [&] { (void)wait(weixin.payment.getOrderInfo(order)); });
  }
  order = orderInfoOf(alipayOrder());
  for (const char* client : {"", "mp-weixin", "h5"}) {
    order.clientType = client;
    expectError(Errc::unsupported, "clientType", [&] { (void)wait(alipay.payment.getOrderInfo(order)); });
  }
  const CancelOrderRequest cancel{};
  expectError(Errc::unsupported, "cancelOrder", [&] { (void)wait(weixin.payment.cancelOrder(cancel)); });
  const Event nothing{};
  expectError(Errc::unsupported, "verifyRefundNotify", [&] { (void)wait(alipay.payment.verifyRefundNotify(nothing)); });
  BOOST_TEST(transport->sent.empty());
}

// What a request does not know goes to `extra`: a misspelt field is named when the field is missing.
BOOST_AUTO_TEST_CASE(misspelt_fields) {
  auto order = weixinOrder();
  order.totalFee = {};
  order.extra.set("totalfee", 8800);
  expectError(Errc::invalidArgument, "totalFee: required, at least 1 fen; there is totalfee: did you mean totalFee?",
              [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  auto native = weixinOrder();
  native.tradeType = "NATIVE";
  native.extra.set("productid", "1");
  expectError(Errc::invalidArgument, "productId required; there is productid: did you mean productId?",
              [&] { (void)wait(weixin.payment.unifiedOrder(native)); });
  auto page = orderInfoOf(alipayOrder());
  page.subject.reset();
  page.extra.set("sub_ject", "x");
  expectError(Errc::invalidArgument, "subject required; there is sub_ject: did you mean subject?",
              [&] { (void)wait(alipay.payment.getOrderInfo(page)); });
  OrderQueryRequest query{.extra = {{"outTradeno", "1"}, {"attach", "x"}}};
  for (auto* payment : {&weixin.payment, &alipay.payment}) {
    expectError(Errc::invalidArgument, "did you mean outTradeNo?", [&] { (void)wait(payment->orderQuery(query)); });
  }
  query.extra = {{"attach", "x"}};
  BOOST_TEST(errorOf([&] { (void)wait(weixin.payment.orderQuery(query)); }).what() == "outTradeNo: required, or transactionId");
  BOOST_TEST(transport->sent.empty());
}

BOOST_AUTO_TEST_CASE(the_client_type_is_not_for_unified_orders) {
  auto order = weixinOrder();
  order.extra.set("clientType", "native");
  expectError(Errc::invalidArgument, "clientType: belongs to getOrderInfo",
              [&] { (void)wait(weixin.payment.unifiedOrder(order)); });
  order = alipayOrder();
  order.extra.set("clientType", "page");
  expectError(Errc::invalidArgument, "clientType: belongs to getOrderInfo",
              [&] { (void)wait(alipay.payment.unifiedOrder(order)); });
  BOOST_TEST(transport->sent.empty());
}

BOOST_AUTO_TEST_CASE(configurations) {
  const auto weixinWith = [](const auto& spoil) {
    auto config = weixinConfig();
    spoil(config);
    (void)weixin::paymentSettings(config);
  };
  const auto alipayWith = [](const auto& spoil) {
    auto config = alipayConfig();
    spoil(config);
    (void)alipay::settingsFrom(config);
  };
  constexpr auto huge = std::numeric_limits<std::int64_t>::max();
  expectError(Errc::config, "appId", [&] { weixinWith([](auto& config) { config.appId.clear(); }); });
  expectError(Errc::config, "mchId", [&] { weixinWith([](auto& config) { config.mchId = ""; }); });
  expectError(Errc::config, "key", [&] { weixinWith([](auto& config) { config.key = ""; }); });
  for (const std::size_t length : {1U, 31U, 33U, 64U}) {
    expectError(Errc::config, "32 characters, this one has " + std::to_string(length),
                [&] { weixinWith([length](auto& config) { config.key = longText(length); }); });
  }
  expectError(Errc::config, "signType", [&] { weixinWith([](auto& config) { config.signType = "SHA1"; }); });
  expectError(Errc::config, "pfx", [&] { weixinWith([](auto& config) { config.pfx = "not a p12"; }); });
  expectError(Errc::config, "certificateKey",
              [&] { weixinWith([](auto& config) { config.pfx.reset(), config.certificate = "x"; }); });
  expectError(Errc::config, "appId", [&] { alipayWith([](auto& config) { config.appId.clear(); }); });
  expectError(Errc::config, "privateKey", [&] { alipayWith([](auto& config) { config.privateKey.clear(); }); });
  expectError(Errc::config, "privateKey",
              [&] { alipayWith([](auto& config) { config.privateKey = goldenKey("app_public.b64"); }); });
  expectError(Errc::config, "alipayPublicKey",
              [&] { alipayWith([](auto& config) { config.alipayPublicKey = goldenKey("app_private_pkcs8.b64"); }); });
  expectError(Errc::config, "signType", [&] { alipayWith([](auto& config) { config.signType = "none"; }); });
  for (const auto value : {std::int64_t{0}, std::int64_t{-1}, huge, std::numeric_limits<std::int64_t>::min()}) {
    expectError(Errc::config, "timeout", [&] { weixinWith([value](auto& config) { config.timeout = value; }); });
    expectError(Errc::config, "timeout", [&] { alipayWith([value](auto& config) { config.timeout = value; }); });
    expectError(Errc::config, "notifyMaxAge", [&] { weixinWith([value](auto& config) { config.notifyMaxAge = value; }); });
    expectError(Errc::config, "notifyMaxAge", [&] { alipayWith([value](auto& config) { config.notifyMaxAge = value; }); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
