// Trade bills and fund flows of the local WeChat Pay.
#include "weixin_bench.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace weixin_bench;
using std::chrono::days;
using std::chrono::hours;

namespace {

std::vector<std::string> cellsOf(const std::string& line) {
  BOOST_REQUIRE(line.starts_with("`"));
  std::vector<std::string> cells;
  std::string rest = line.substr(1);
  for (auto at = rest.find(",`"); at != std::string::npos; at = rest.find(",`")) {
    cells.push_back(rest.substr(0, at));
    rest = rest.substr(at + 2);
  }
  cells.push_back(rest);
  return cells;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weixin_bills)

BOOST_AUTO_TEST_CASE(trade_bills_hold_what_was_traded) {
  Bench bench;
  auto params = Bench::order("B1", "10000");
  params["body"] = "茶,杯`子\nA";
  params["attach"] = "a,b";
  static_cast<void>(bench.call("/pay/unifiedorder", params));
  static_cast<void>(bench.pay("B1"));
  static_cast<void>(bench.create("B2", "250"));
  bench.platform->pay(Fields{{"outTradeNo", "B2"},
                             {"coupons", Json::Array{Fields{{"couponId", "7"}, {"couponType", "NO_CASH"}, {"couponFee", 50}},
                                                     Fields{{"couponId", "8"}, {"couponType", "CASH"}, {"couponFee", 20}}}}});
  static_cast<void>(bench.create("B3"));
  static_cast<void>(bench.refund("B1", "BR1", "10000", "5000"));
  static_cast<void>(bench.refund("B2", "BR2", "250", "250", {{"refund_account", "REFUND_SOURCE_RECHARGE_FUNDS"}}));
  const auto fail = [&](const Params& request, const std::string& code, const std::string& message) {
    const auto answer = bench.call("/pay/downloadbill", request);
    BOOST_TEST(answer["return_code"] == "FAIL");
    BOOST_TEST(answer["error_code"] == code);
    BOOST_TEST(answer["return_msg"] == message);
    BOOST_TEST(!answer.fields.contains("sign"));
  };
  fail({{"bill_date", "20261120"}, {"bill_type", "ALL"}}, "20003", "Bill Creating");
  fail({{"bill_date", "20261119"}, {"bill_type", "ALL"}}, "20002", "No Bill Exist");
  fail({{"bill_date", "20261121"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "20260101"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "2026112"}, {"bill_type", "ALL"}}, "20001", "invalid bill_date");
  fail({{"bill_date", "20261119"}, {"bill_type", "SOME"}}, "20001", "invalid bill_type");
  fail({{"bill_date", "20261119"}}, "20001", "missing parameter");
  fail({{"bill_date", "20261119"}, {"bill_type", "ALL"}, {"tar_type", "ZIP"}}, "20001", "data format error");
  auto forged = bench.common({{"bill_date", "20261119"}, {"bill_type", "ALL"}, {"sign", "00"}});
  BOOST_TEST(bench.send(Bench::request("/pay/downloadbill", handXml(forged)))["return_msg"] == "SIGN ERROR");

  bench.advance(hours{13});  // one at night
  fail({{"bill_date", "20261120"}, {"bill_type", "ALL"}}, "20003", "Bill Creating");
  bench.advance(hours{9});  // ten in the morning
  const auto bill = bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}}).reply.body;
  BOOST_TEST(bill.starts_with("\xEF\xBB\xBF"));
  const auto lines = linesOf(bill.substr(3));
  BOOST_REQUIRE(lines.size() == 7U);
  const auto sample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/wechatpay-php/bill.ALL.csv");
  BOOST_TEST(lines[0] == sample.substr(3, sample.find("\r\n") - 3));
  const auto paid = cellsOf(lines[1]);
  BOOST_REQUIRE(paid.size() == 27U);
  BOOST_TEST(paid[0] == "2026-11-20 12:00:00");
  BOOST_TEST(paid[6] == "B1");
  BOOST_TEST(paid[9] == "SUCCESS");
  BOOST_TEST(paid[12] == "100.00");
  BOOST_TEST(paid[14] == "0");
  BOOST_TEST(paid[16] == "0.00");
  BOOST_TEST(paid[20] == "茶,杯`子\\nA");
  BOOST_TEST(paid[22] == "0.60000");
  BOOST_TEST(paid[23] == "0.60%");
  BOOST_TEST(paid[24] == "100.00");
  const auto coupon = cellsOf(lines[2]);
  BOOST_TEST(coupon[12] == "2.00");
  BOOST_TEST(coupon[13] == "0.70");
  BOOST_TEST(coupon[22] == "0.01000");
  BOOST_TEST(coupon[24] == "2.50");
  const auto back = cellsOf(lines[3]);
  BOOST_TEST(back[9] == "REFUND");
  BOOST_TEST(back[12] == "0.00");
  BOOST_TEST(back[15] == "BR1");
  BOOST_TEST(back[16] == "50.00");
  BOOST_TEST(back[18] == "ORIGINAL");
  BOOST_TEST(back[19] == "SUCCESS");
  BOOST_TEST(back[22] == "-0.30000");
  BOOST_TEST(back[25] == "50.00");
  const auto couponBack = cellsOf(lines[4]);
  BOOST_TEST(couponBack[16] == "2.00");
  BOOST_TEST(couponBack[17] == "0.20");
  BOOST_TEST(couponBack[25] == "2.50");
  BOOST_TEST(lines[5] == "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额");
  BOOST_TEST(lines[6] == "`4.0,`102.00,`52.00,`0.20,`0.30000,`102.50,`52.50");

  const auto success = linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "SUCCESS"}}).reply.body);
  BOOST_TEST(success.size() == 5U);
  const auto successSample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/WxJava/bill.SUCCESS.20col.csv");
  BOOST_TEST(success[0].substr(3) == successSample.substr(0, successSample.find_first_of("\r\n")));
  BOOST_TEST(cellsOf(success[1]).size() == 20U);
  const auto refund = linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "REFUND"}}).reply.body);
  const auto refundSample = readFile(OPENAPI_SOURCE_DIR "/tests/fixtures/wechatpay/WxJava/bill.REFUND.29col.csv");
  BOOST_TEST(refund[0].substr(3) == refundSample.substr(0, refundSample.find_first_of("\r\n")));
  BOOST_TEST(cellsOf(refund[1]).size() == 29U);
  BOOST_TEST(cellsOf(refund[1])[15] == "2026-11-20 12:00:01");
  const auto recharge =
      linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "RECHARGE_REFUND"}}).reply.body);
  BOOST_TEST(recharge.size() == 4U);
  BOOST_TEST(recharge[0].find("返还手续费") != std::string::npos);
  BOOST_TEST(cellsOf(recharge[1])[24] == "0.01000");

  const auto zipped =
      bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}, {"tar_type", "GZIP"}}).reply;
  BOOST_TEST(codec::gunzip(zipped.body, 1 << 20) == bill);
}

BOOST_AUTO_TEST_CASE(a_day_later_there_is_a_bill_at_any_hour) {
  Bench bench;
  bench.systemNow = *parseReadableTime("2026-11-20 00:30:00");
  bench.createPaid("Y1");
  bench.advance(days{1});
  BOOST_TEST(linesOf(bench.call("/pay/downloadbill", {{"bill_date", "20261120"}, {"bill_type", "ALL"}}).reply.body).size() == 4U);
}

BOOST_AUTO_TEST_CASE(fund_flows_agree_with_the_trades) {
  Bench bench;
  bench.createPaid("Z1", "10000");
  bench.createPaid("Z2", "3");
  static_cast<void>(bench.refund("Z1", "ZR1", "10000", "5000", {{"refund_desc", "缺货"}}));
  bench.advance(days{1});
  const Params request{{"bill_date", "20261120"}, {"account_type", "Basic"}};
  const auto code = [&](const Params& params, bool hmac = true) {
    const auto answer = bench.call("/pay/downloadfundflow", params, hmac);
    BOOST_TEST(answer["return_code"] == "SUCCESS");
    BOOST_TEST(answer["result_code"] == "FAIL");
    return answer["err_code"];
  };
  BOOST_TEST(code(request, false) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}}) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}, {"account_type", "BASIC"}}) == "PARAM_ERROR");
  BOOST_TEST(code({{"bill_date", "20261120"}, {"account_type", "Operation"}}) == "NO_BILL_EXIST");
  BOOST_TEST(code({{"bill_date", "20261121"}, {"account_type", "Basic"}}) == "BILL_CREATING");
  BOOST_TEST(code({{"bill_date", "20261119"}, {"account_type", "Basic"}}) == "NO_BILL_EXIST");
  const auto reply = bench.call("/pay/downloadfundflow", request, true).reply;
  BOOST_TEST(reply.headers.get("Digest") == "SHA=" + codec::toLowerHex(crypto::sha1(reply.body)));
  const auto lines = linesOf(reply.body.substr(3));
  BOOST_REQUIRE(lines.size() == 8U);
  BOOST_TEST(lines[0] ==
             "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,"
             "备注,业务凭证号");
  const auto trade = cellsOf(lines[1]);
  BOOST_REQUIRE(trade.size() == 11U);
  BOOST_TEST(trade[4] == "交易");
  BOOST_TEST(trade[5] == "收入");
  BOOST_TEST(trade[6] == "100.00");
  BOOST_TEST(trade[7] == "100.00");
  const auto fee = cellsOf(lines[2]);
  BOOST_TEST(fee[4] == "扣除交易手续费");
  BOOST_TEST(fee[6] == "0.60");
  BOOST_TEST(fee[7] == "99.40");
  const auto refund = cellsOf(lines[5]);
  BOOST_TEST(refund[3] == "退款");
  BOOST_TEST(refund[5] == "支出");
  BOOST_TEST(refund[7] == "49.73");
  BOOST_TEST(refund[9] == "缺货");
  BOOST_TEST(refund[10] == "ZR1");
  BOOST_TEST(lines[7] == "`5.0,`3.0,`100.33,`2.0,`50.60");
  auto zipped = request;
  zipped["tar_type"] = "GZIP";
  BOOST_TEST(codec::gunzip(bench.call("/pay/downloadfundflow", zipped, true).reply.body, 1 << 20) == reply.body);
}

BOOST_AUTO_TEST_SUITE_END()
