#include "bmob_bench.hpp"

using namespace bmob_bench;

namespace {

std::string body(const Answer& answer) { return answer.reply.body; }

Answer order(const Bench& bench, const std::string& price, const std::string& more = "") {
  return bench.post("/1/pay", R"({"order_price":)" + price +
                                  R"(,"product_name":"书","body":"一本书","open_id":"o1","pay_type":4)" + more + "}");
}

std::string refund(const Bench& bench, const std::string& number, const std::string& fee) {
  return body(bench.post("/1/pay/refund", R"({"order_no":")" + number + R"(","refund_fee":)" + fee + R"(,"desc":"退款"})"));
}

Json pay(const Bench& bench, const std::string& number) {
  return bench.platform->pay(Fields{{"provider", "bmob"}, {"outTradeNo", number}});
}

std::int64_t number(const Json& json, std::string_view name) { return *json.find(name)->integer(); }
std::string text(const Json& json, std::string_view name) { return *json.find(name)->string(); }

const std::string ok = R"({"msg":"ok"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_orders)

BOOST_AUTO_TEST_CASE(an_order_is_made_and_paid) {
  Bench bench;
  const auto made = order(bench, "88.8");
  BOOST_TEST(made.reply.status == 200, body(made));
  const auto no = made.text("out_trade_no");
  BOOST_TEST(no.size() == 32U);
  BOOST_TEST(made.text("timestamp") == "1704164648");
  BOOST_TEST(made.text("package").starts_with("prepay_id=wx20240102110408"));
  const auto signedText = "nonceStr=" + made.text("noncestr") + "&package=" + made.text("package") +
                          "&signType=MD5&timeStamp=1704164648&key=0123456789abcdef";
  BOOST_TEST(made.text("sign") == codec::toUpperHex(crypto::md5(signedText)));
  BOOST_TEST(body(bench.get("/1/pay/" + no)) ==
             R"({"name":"书","body":"一本书","create_time":"2024-01-02 11:04:08","out_trade_no":")" + no +
                 R"(","transaction_id":"","pay_type":"WECHATPAY","total_fee":88.80,"trade_state":"NOTPAY"})");
  bench.advance(std::chrono::seconds{2});
  const auto paid = pay(bench, no);
  BOOST_TEST(text(paid, "tradeState") == "SUCCESS");
  BOOST_TEST(number(paid, "totalFee") == 8880);
  BOOST_TEST(text(paid, "timeEnd") == "20240102110410");
  BOOST_TEST(bench.get("/1/pay/" + no).text("trade_state") == "SUCCESS");
  BOOST_TEST(bench.get("/1/pay/" + no).text("transaction_id") == "4200202401021104101000000001");
  BOOST_TEST((bench.platform->orders() == Json{Json::Array{paid}}));
  BOOST_TEST(body(bench.get("/1/pay/unknown")) == R"({"code":10002,"error":"order_no not exists."})");
}

BOOST_AUTO_TEST_CASE(who_pays_what) {
  const Bench bench;
  const auto no = order(bench, "1").text("out_trade_no");
  const auto status = [&](const Json& input) {
    try {
      static_cast<void>(bench.platform->pay(input));
      return 200;
    } catch (const ControlError& error) {
      return error.status();
    }
  };
  BOOST_TEST(status(Fields{{"outTradeNo", "other"}}) == 404);
  BOOST_TEST(status(Fields{}) == 400);
  BOOST_TEST(status(Fields{{"outTradeNo", no}, {"openid", "o2"}}) == 409);
  BOOST_TEST(status(Fields{{"outTradeNo", no}, {"openid", "o1"}}) == 200);
  BOOST_TEST(status(Fields{{"outTradeNo", no}}) == 409);
}

BOOST_AUTO_TEST_CASE(prices) {
  const Bench bench;
  for (const auto* price : {"0.01", "1", "88.80", "\"0.10\"", "100000000"})
    BOOST_TEST(order(bench, price).reply.status == 200, price);
  const std::string wrong = R"({"code":10003,"error":"order_price is not right."})";
  for (const auto* price : {"0", "0.001", "-1", "1e2", "\"x\"", "true", "{}", "100000000.01", "99999999999999999999", "0.00"})
    BOOST_TEST(body(order(bench, price)) == wrong, price);
  BOOST_TEST(body(order(bench, "null")) == R"({"code":10001,"error":"order_price required."})");
  BOOST_TEST(body(bench.post("/1/pay", "{}")) == R"({"code":107,"error":"content is empty."})");
  BOOST_TEST(body(bench.post("/1/pay", R"({"order_price":1})")) == R"({"code":10001,"error":"product_name required."})");
  BOOST_TEST(body(bench.post("/1/pay", R"({"order_price":1,"product_name":"x"})")) ==
             R"({"code":10001,"error":"open_id required."})");
  BOOST_TEST(bench.post("/1/pay", R"({"order_price":1,"product_name":"x","open_id":"o1","pay_type":1})").code() == 10003);
  BOOST_TEST(bench.platform->orders().array()->size() == 5U);
}

BOOST_AUTO_TEST_CASE(refunds_up_to_what_was_paid) {
  const Bench bench;
  const auto no = order(bench, "0.30").text("out_trade_no");
  BOOST_TEST(refund(bench, no, "0.1") == R"({"code":10003,"error":"order_no is not paid."})");
  pay(bench, no);
  const std::string more = R"({"code":10003,"error":"refund_fee is more than what is left of the order."})";
  BOOST_TEST(refund(bench, no, "0.31") == more);
  BOOST_TEST(refund(bench, no, "0.1") == ok);
  BOOST_TEST(refund(bench, no, "0.2") == ok);  // 0.1 + 0.2 is 0.3 here
  BOOST_TEST(refund(bench, no, "0.01") == more);
  const auto refunds = bench.platform->refunds();
  BOOST_TEST_REQUIRE(refunds.array()->size() == 2U);
  const auto& last = refunds.array()->back();
  BOOST_TEST(text(last, "provider") == "bmob");
  BOOST_TEST(text(last, "outTradeNo") == no);
  BOOST_TEST(number(last, "refundFee") == 20);
  BOOST_TEST(number(last, "totalFee") == 30);
  BOOST_TEST(text(last, "refundDesc") == "退款");
  BOOST_TEST(number(bench.platform->orders().array()->front(), "refundFee") == 30);
}

BOOST_AUTO_TEST_CASE(refunds_that_are_refused) {
  const Bench bench;
  const auto no = order(bench, "10").text("out_trade_no");
  pay(bench, no);
  const auto send = [&](const std::string& sent) { return body(bench.post("/1/pay/refund", sent)); };
  const std::string empty = R"({"code":107,"error":"content is empty."})";  // the document's own example
  BOOST_TEST(send("{}") == empty);
  BOOST_TEST(send("") == empty);
  BOOST_TEST(send(R"({"refund_fee":0.01,"desc":"退款"})") == R"({"code":10001,"error":"order_no required."})");
  BOOST_TEST(send(R"({"order_no":")" + no + R"(","desc":"退款"})") == R"({"code":10001,"error":"refund_fee required."})");
  BOOST_TEST(send(R"({"order_no":")" + no + R"(","refund_fee":1})") == R"({"code":10001,"error":"desc required."})");
  BOOST_TEST(refund(bench, "order_no", "0.01") == R"({"code":10002,"error":"order_no not exists."})");
  for (const auto* fee : {"0", "-1", "0.001", "1e1", "[]", "9223372036854775807", "92233720368547758.08"})
    BOOST_TEST(refund(bench, no, fee) == R"({"code":10003,"error":"refund_fee is not right."})", fee);
  BOOST_TEST(send(R"({"order_no":{"$ne":1},"refund_fee":1,"desc":"x"})") ==
             R"({"code":102,"error":"Invalid value for key 'order_no'."})");
  BOOST_TEST(bench.platform->refunds().array()->empty());
}

BOOST_AUTO_TEST_SUITE_END()
