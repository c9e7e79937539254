// Attempts of one call: what is sent again, and what the outcome of several attempts is.
#include <boost/test/unit_test.hpp>

#include <support/platforms.hpp>
#include <support/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

using namespace openapi;
using namespace openapi::test;

namespace {

struct Fixture {
  boost::asio::io_context context;
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  HttpOptions options = optionsOver(transport);
  Weixin weixin{context.get_executor(), weixinConfig(), options};
  Alipay alipay{context.get_executor(), alipayConfig(), options};

  void script(std::deque<ScriptedTransport::Step> steps) {
    transport->sent.clear();
    transport->script = std::move(steps);
  }
};

const Wire answered{{"appid", "wx2421b1c4370ec43b"},
                    {"mch_id", "10000100"},
                    {"nonce_str", "n"},
                    {"return_code", "SUCCESS"},
                    {"return_msg", "OK"}};

ScriptedTransport::Step weixinFailure(const char* code) {
  return ok(signedXml(with(with(answered, "result_code", "FAIL"), "err_code", code)));
}
ScriptedTransport::Step weixinRefunded() {
  return ok(signedXml(with(with(with(answered, "result_code", "SUCCESS"), "refund_id", "5000001"), "refund_fee", "100")));
}

ScriptedTransport::Step alipayAnswer(const std::string& name, const std::string& code, const std::string& subCode) {
  const std::string node = R"({"code":")" + code + R"(","msg":"m","sub_code":")" + subCode + R"(","sub_msg":"s"})";
  return ok(signedAnswer("alipay_trade_" + name + "_response", node));
}

ScriptedTransport::Step failure(Errc code, Outcome outcome) {
  Error::Details details;
  details.outcome = outcome;
  return Error{code, "scripted", details};
}

RefundRequest refund() {
  RefundRequest request;
  request.outTradeNo = "A1";
  request.outRefundNo = "R1";
  request.totalFee = Fen{8800};
  request.refundFee = Fen{100};
  return request;
}

OrderQueryRequest query() {
  OrderQueryRequest request;
  request.outTradeNo = "A1";
  return request;
}

UnifiedOrderRequest order() {
  UnifiedOrderRequest request;
  request.openid = "2088102116773037";
  request.subject = "季卡";
  request.body = "季卡";
  request.outTradeNo = "A1";
  request.totalFee = Fen{8800};
  request.notifyUrl = "https://shop.example/notify";
  return request;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attempts, Fixture)

BOOST_AUTO_TEST_CASE(a_refusal_after_an_unknown_attempt_is_unknown) {
  const auto request = refund();
  const auto outcomeOf = [&](Payment& payment, std::deque<ScriptedTransport::Step> steps, std::size_t sent) {
    script(std::move(steps));
    const auto error = errorOf([&] { (void)wait(payment.refund(request)); });
    BOOST_TEST(transport->sent.size() == sent);
    return toString(error.outcome());
  };
  // The first attempt may have given the money back: whatever follows, nobody may call the refund refused, or never sent.
  BOOST_TEST(outcomeOf(weixin.payment, {weixinFailure("SYSTEMERROR"), weixinFailure("ERROR")}, 2) == "unknown");
  BOOST_TEST(outcomeOf(weixin.payment, {weixinFailure("SYSTEMERROR"), weixinFailure("NOTENOUGH")}, 2) == "unknown");
  BOOST_TEST(outcomeOf(weixin.payment,
                       {weixinFailure("SYSTEMERROR"), failure(Errc::connect, Outcome::notSent),
                        failure(Errc::connect, Outcome::notSent)},
                       3) == "unknown");
  BOOST_TEST(outcomeOf(weixin.payment, {weixinFailure("SYSTEMERROR"), failure(Errc::timeout, Outcome::notSent)}, 2) == "unknown");
  BOOST_TEST(outcomeOf(weixin.payment,
                       {weixinFailure("SYSTEMERROR"), weixinFailure("FREQUENCY_LIMITED"), weixinFailure("FREQUENCY_LIMITED")},
                       3) == "unknown");
  BOOST_TEST(outcomeOf(alipay.payment,
                       {alipayAnswer("refund", "20000", "isp.unknow-error"),
                        alipayAnswer("refund", "40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH")},
                       2) == "unknown");
  BOOST_TEST(outcomeOf(alipay.payment,
                       {alipayAnswer("refund", "40004", "ACQ.SYSTEM_ERROR"), failure(Errc::connect, Outcome::notSent),
                        failure(Errc::connect, Outcome::notSent)},
                       3) == "unknown");
  // Attempts that certainly did nothing leave it as it is.
  BOOST_TEST(outcomeOf(weixin.payment, {failure(Errc::connect, Outcome::notSent), weixinFailure("NOTENOUGH")}, 2) == "rejected");
  BOOST_TEST(outcomeOf(weixin.payment, {weixinFailure("FREQUENCY_LIMITED"), weixinFailure("NOTENOUGH")}, 2) == "rejected");
  BOOST_TEST(outcomeOf(weixin.payment,
                       {failure(Errc::connect, Outcome::notSent), failure(Errc::connect, Outcome::notSent),
                        failure(Errc::connect, Outcome::notSent)},
                       3) == "notSent");
  script({weixinFailure("SYSTEMERROR"), weixinFailure("ERROR")});
  const auto error = errorOf([&] { (void)wait(weixin.payment.refund(request)); });
  BOOST_TEST(error.errCode() == "ERROR");
  BOOST_TEST(std::string{error.what()}.find("earlier attempt") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_refund_is_sent_again_not_another_one) {
  script({weixinFailure("SYSTEMERROR"), weixinRefunded()});
  const auto request = refund();
  BOOST_TEST((wait(weixin.payment.refund(request)).refundFee == Fen{100}));
  BOOST_TEST_REQUIRE(transport->sent.size() == 2u);
  const auto first = codec::FlatXml::parse(transport->sent[0].body, "xml");
  const auto second = codec::FlatXml::parse(transport->sent[1].body, "xml");
  for (const char* name : {"out_trade_no", "out_refund_no", "total_fee", "refund_fee"})
    BOOST_TEST(first.value(name) == second.value(name));
  BOOST_TEST(first.value("nonce_str") != second.value("nonce_str"));
}

BOOST_AUTO_TEST_CASE(money_is_not_moved_twice_for_a_lost_answer) {
  const auto request = refund();
  const auto place = order();
  for (const auto code : {Errc::connectionLost, Errc::timeout, Errc::cancelled, Errc::badResponse}) {
    const auto expectOne = [&](const auto& call) {
      script({failure(code, Outcome::unknown), failure(code, Outcome::unknown)});
      const auto error = errorOf(call);
      BOOST_TEST(toString(error.errc()) == toString(code));
      BOOST_TEST(toString(error.outcome()) == "unknown");
      BOOST_TEST(transport->sent.size() == 1u);
    };
    expectOne([&] { (void)wait(weixin.payment.refund(request)); });
    expectOne([&] { (void)wait(weixin.payment.unifiedOrder(place)); });
    expectOne([&] { (void)wait(alipay.payment.refund(request)); });
    expectOne([&] { (void)wait(alipay.payment.unifiedOrder(place)); });
  }
  // Answers that cannot be read, or that nobody vouches for, are not a reason either.
  for (const auto& body : {std::string{}, std::string{"<html></html>"}, std::string{"<xml><return_code>FAIL</return_code></xml>"},
                           xmlOf(with(with(answered, "result_code", "SUCCESS"), "sign", "x"))}) {
    script({ok(body), weixinRefunded()});
    BOOST_TEST(toString(errorOf([&] { (void)wait(weixin.payment.refund(request)); }).outcome()) == "unknown");
    BOOST_TEST(transport->sent.size() == 1u);
  }
  for (const int status : {301, 404, 500, 502}) {
    script({HttpResponse{status, {}, {}}, weixinRefunded()});
    BOOST_TEST(toString(errorOf([&] { (void)wait(weixin.payment.refund(request)); }).outcome()) == "unknown");
    BOOST_TEST(transport->sent.size() == 1u);
  }
  // An order of Alipay is queried instead.
  script({alipayAnswer("create", "40004", "ACQ.SYSTEM_ERROR"), alipayAnswer("create", "40004", "ACQ.SYSTEM_ERROR")});
  const auto error = errorOf([&] { (void)wait(alipay.payment.unifiedOrder(place)); });
  BOOST_TEST(toString(error.outcome()) == "unknown");
  BOOST_TEST(transport->sent.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_login_code_is_sent_once) {
  const alipay::Code2SessionRequest login{"c"};
  for (const auto code : {Errc::connectionLost, Errc::timeout}) {
    script({failure(code, Outcome::unknown), failure(code, Outcome::unknown)});
    (void)errorOf([&] { (void)wait(alipay.auth.code2Session(login)); });
    BOOST_TEST(transport->sent.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(questions_are_asked_again) {
  const auto request = query();
  const Wire paid = with(with(with(answered, "result_code", "SUCCESS"), "trade_state", "SUCCESS"), "total_fee", "8800");
  script({failure(Errc::connectionLost, Outcome::unknown), HttpResponse{502, {}, {}}, ok(signedXml(paid))});
  BOOST_TEST((wait(weixin.payment.orderQuery(request)).totalFee == Fen{8800}));
  BOOST_TEST(transport->sent.size() == 3u);
  script({weixinFailure("SYSTEMERROR"), weixinFailure("ORDERNOTEXIST")});
  const auto error = errorOf([&] { (void)wait(weixin.payment.orderQuery(request)); });
  BOOST_TEST(toString(error.outcome()) == "rejected");  // a question moves nothing
}

BOOST_AUTO_TEST_CASE(connections_that_fail_go_to_the_second_host) {
  script({failure(Errc::connect, Outcome::notSent), weixinRefunded()});
  const auto request = refund();
  (void)wait(weixin.payment.refund(request));
  BOOST_TEST_REQUIRE(transport->sent.size() == 2u);
  BOOST_TEST(transport->sent[0].url.starts_with("https://api.mch.weixin.qq.com/"));
  BOOST_TEST(transport->sent[1].url.starts_with("https://api2.mch.weixin.qq.com/"));
}

BOOST_AUTO_TEST_CASE(orders_without_what_the_client_needs_are_unknown) {
  GetOrderInfoRequest request;
  request.openid = "o";
  request.subject = "季卡";
  request.body = "季卡";
  request.outTradeNo = "A1";
  request.totalFee = Fen{1};
  request.notifyUrl = "https://shop.example/notify";
  script({ok(signedXml(with(answered, "result_code", "SUCCESS")))});
  auto error = errorOf([&] { (void)wait(weixin.payment.getOrderInfo(request)); });
  BOOST_TEST(toString(error.outcome()) == "unknown");
  script({ok(signedAnswer("alipay_trade_create_response", R"({"code":"10000","msg":"Success","out_trade_no":"A1"})"))});
  error = errorOf([&] { (void)wait(alipay.payment.getOrderInfo(request)); });
  BOOST_TEST(toString(error.outcome()) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
