#include <boost/test/unit_test.hpp>

#include <openapi/payment.hpp>
#include <openapi/weixin.hpp>

#include <marshal/flat_struct.hpp>
#include <marshal/json_struct.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace openapi;
using marshal::CamelStyle;

namespace {

constexpr std::array<marshal::Irregular, 1> noNames{{{"appId", "appid"}}};
using FenStyle = marshal::WireStyle<noNames, marshal::Amounts::fen>;
using YuanStyle = marshal::WireStyle<noNames, marshal::Amounts::yuan>;

template <class T, class Style = FenStyle>
T fromFlat(std::vector<std::pair<std::string, std::string>> fields) {
  std::sort(fields.begin(), fields.end());
  std::vector<marshal::FlatField> views;
  for (const auto& [name, value] : fields) views.push_back({name, value});
  return marshal::structFromFlat<Style, T>(views);
}

void expectError(Errc code, const std::string& beginning, const std::function<void()>& work) {
  try {
    work();
    BOOST_ERROR("no error, expected " << beginning);
  } catch (const Error& error) {
    BOOST_TEST((error.errc() == code), error.what());
    BOOST_TEST(std::string{error.what()}.starts_with(beginning), error.what());
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(marshalling)

BOOST_AUTO_TEST_CASE(numbered_fields_become_lists) {
  const auto result = fromFlat<OrderQueryResult>({{"trade_state", "SUCCESS"},
                                                  {"coupon_fee", "30"},
                                                  {"coupon_id_0", "A"},
                                                  {"coupon_fee_0", "10"},
                                                  {"coupon_type_1", "CASH"},
                                                  {"coupon_fee_1", "20"},
                                                  {"coupon_id_10", "K"},
                                                  {"coupon_id_2", "C"}});
  BOOST_TEST(result.couponFee.value().count() == 30);
  BOOST_TEST_REQUIRE(result.couponList.size() == 4u);
  BOOST_TEST(result.couponList[0].couponId.value() == "A");
  BOOST_TEST(result.couponList[1].couponFee.value().count() == 20);
  BOOST_TEST(result.couponList[2].couponId.value() == "C");
  BOOST_TEST(result.couponList[3].couponId.value() == "K");
  BOOST_TEST(result.extra.empty());
}

BOOST_AUTO_TEST_CASE(one_zero_and_ten_are_different_places) {
  const auto result = fromFlat<RefundQueryResult>({{"out_refund_no_1", "R1"},
                                                   {"out_refund_no_10", "R10"},
                                                   {"coupon_refund_fee_10", "7"},
                                                   {"coupon_refund_fee_1_0", "3"},
                                                   {"coupon_refund_id_1_0", "X"},
                                                   {"coupon_refund_id_1_11", "Y"},
                                                   {"coupon_refund_id_11_1", "Z"}});
  BOOST_TEST_REQUIRE(result.refundList.size() == 2u);
  BOOST_TEST(result.refundList[0].outRefundNo.value() == "R1");
  BOOST_TEST(!result.refundList[0].couponRefundFee.has_value());
  BOOST_TEST_REQUIRE(result.refundList[0].couponList.size() == 2u);
  BOOST_TEST(result.refundList[0].couponList[0].couponRefundFee.value().count() == 3);
  BOOST_TEST(result.refundList[0].couponList[0].couponRefundId.value() == "X");
  BOOST_TEST(result.refundList[0].couponList[1].couponRefundId.value() == "Y");
  BOOST_TEST(result.refundList[1].couponRefundFee.value().count() == 7);
  // A coupon of a record that is not there stays visible.
  BOOST_TEST(result.extra.find("couponRefundId_11_1") != nullptr);
}

BOOST_AUTO_TEST_CASE(huge_and_odd_indices_are_no_lists) {
  const auto result = fromFlat<OrderQueryResult>(
      {{"coupon_id_99999999999999999999", "x"}, {"coupon_id_01", "y"}, {"coupon_id_", "z"}, {"coupon_id_1_2_3", "w"}});
  BOOST_TEST(result.couponList.empty());
  BOOST_TEST(result.extra.size() == 4u);
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_name_their_field) {
  for (const char* bad : {"1.5", "-1", "1e3", "9223372036854775808", "abc", " 1", "１"}) {
    expectError(Errc::badResponse, "total_fee: ", [bad] { fromFlat<OrderQueryResult>({{"total_fee", bad}}); });
    expectError(Errc::badResponse, "coupon_fee_3: ", [bad] { fromFlat<OrderQueryResult>({{"coupon_fee_3", bad}}); });
  }
  expectError(Errc::badResponse, "coupon_count: ", [] {
    fromFlat<OrderQueryResult>({{"coupon_count", "99999999999999999999"}});
  });
  expectError(Errc::badResponse, "total_fee: ", [] { fromFlat<PaymentNotify, YuanStyle>({{"total_fee", "1.234"}}); });
}

BOOST_AUTO_TEST_CASE(empty_amounts_are_absent_and_empty_texts_are_texts) {
  const auto result = fromFlat<OrderQueryResult>({{"total_fee", ""}, {"attach", ""}, {"coupon_count", ""}});
  BOOST_TEST(!result.totalFee.has_value());
  BOOST_TEST(!result.couponCount.has_value());
  BOOST_TEST(result.attach.value() == "");
}

BOOST_AUTO_TEST_CASE(lists_inside_a_form_are_json_text) {
  const auto notify = fromFlat<PaymentNotify, YuanStyle>(
      {{"fund_bill_list", R"([{"amount":"0.57","fundChannel":"PCREDIT"},{"amount":1,"fund_channel":"COUPON"}])"}});
  BOOST_TEST_REQUIRE(notify.fundBillList.size() == 2u);
  BOOST_TEST(notify.fundBillList[0].amount.value().count() == 57);
  BOOST_TEST(notify.fundBillList[0].fundChannel.value() == "PCREDIT");
  BOOST_TEST(notify.fundBillList[1].amount.value().count() == 100);
  BOOST_TEST(notify.fundBillList[1].fundChannel.value() == "COUPON");
  for (const char* bad :
       {"[", "{}", "[1]", R"([{"amount":"x"}])", R"([{"amount":"1.001"}])", R"([{"amount":"1","amount":"2"}])"}) {
    expectError(Errc::badResponse, "fund_bill_list", [bad] { fromFlat<PaymentNotify, YuanStyle>({{"fund_bill_list", bad}}); });
  }
}

BOOST_AUTO_TEST_CASE(what_is_absent_or_null_is_left_out_of_the_wire) {
  RefundRequest request{
      .outTradeNo = "1", .outRefundNo = "", .refundFee = Fen{5}, .extra = {{"refundAccount", nullptr}, {"deviceInfo", ""}}};
  const auto fields = marshal::flatFromStruct<FenStyle>(request);
  BOOST_TEST(fields.size() == 2u);
  const auto json = marshal::toJson<FenStyle>(request).json();
  BOOST_TEST(json.find("refund_account") == std::string::npos);
  BOOST_TEST(json.find("total_fee") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(extra_is_converted_like_the_rest_and_never_replaces_a_member) {
  UnifiedOrderRequest order{
      .outTradeNo = "1",
      .totalFee = Fen{5},
      .notifyUrl = "https://e.com",
      .extra = {
          {"outTradeNo", "evil"}, {"goodsTag", Json::Array{"a", "b"}}, {"flag", false}, {"sceneInfo", Fields{{"wapUrl", "u"}}}}};
  const auto fields = marshal::flatFromStruct<FenStyle>(order);
  const auto value = [&fields](const char* name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const auto& field) { return field.first == name; });
    return found == fields.end() ? std::string{"(absent)"} : found->second;
  };
  BOOST_TEST(value("out_trade_no") == "1");
  BOOST_TEST(value("goods_tag") == "a,b");
  BOOST_TEST(value("flag") == "false");
  BOOST_TEST(value("scene_info") == R"({"wap_url":"u"})");
}

BOOST_AUTO_TEST_CASE(input_json_names_the_field_that_is_wrong) {
  const auto read = [](const char* text) { return marshal::fromJson<CamelStyle, RefundRequest>(Json::parse(text)); };
  expectError(Errc::invalidArgument, "refundFee: amount is not an integer", [&] { read(R"({"refundFee":10.5})"); });
  expectError(Errc::invalidArgument, "refundFee: ", [&] { read(R"({"refundFee":"88"})"); });
  expectError(Errc::invalidArgument, "refundFee: ", [&] { read(R"({"refundFee":1e3})"); });
  expectError(Errc::invalidArgument, "refundFee: ", [&] { read(R"({"refundFee":92233720368547758070})"); });
  expectError(Errc::invalidArgument, "outTradeNo: expected a text, got number", [&] { read(R"({"outTradeNo":1})"); });
  expectError(Errc::invalidArgument, "out_trade_no: given twice", [&] { read(R"({"outTradeNo":"1","out_trade_no":"2"})"); });
  expectError(Errc::invalidArgument, "expected an object", [&] { read("[]"); });
  expectError(Errc::invalidArgument, "apId: no such field",
              [] { marshal::fromJson<CamelStyle, WeixinConfig>(Json::parse(R"({"apId":"x"})")); });
}

BOOST_AUTO_TEST_CASE(integers_beyond_2_to_the_53_are_exact) {
  const auto request = marshal::fromJson<CamelStyle, RefundRequest>(
      Json::parse(R"({"refundFee":9007199254740993,"totalFee":9223372036854775807})"));
  BOOST_TEST(request.refundFee.count() == 9007199254740993);
  BOOST_TEST(marshal::toJson<CamelStyle>(request).json() == R"({"totalFee":9223372036854775807,"refundFee":9007199254740993})");
}

BOOST_AUTO_TEST_CASE(errors_name_the_place_in_a_nested_document) {
  expectError(Errc::badResponse, "refund_list[1].refund_fee", [] {
    marshal::fromJson<YuanStyle, RefundQueryResult>(
        Json::parse(R"({"refund_list":[{"refund_fee":"1.00"},{"refund_fee":"1.001"}]})"));
  });
}

BOOST_AUTO_TEST_SUITE_END()
