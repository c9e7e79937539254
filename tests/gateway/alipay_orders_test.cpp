// Orders at the local Alipay, from creation to payment, closing and cancelling.
#include "alipay_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace alipay_bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(alipay_orders)

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

BOOST_AUTO_TEST_SUITE_END()
