// Names that were meant to be others: what is suggested, and what is not.
#include <boost/test/unit_test.hpp>

#include <near_name.hpp>

#include <array>
#include <string>
#include <vector>

using namespace openapi;

namespace {

constexpr std::array<std::string_view, 8> fields{"appId",      "mchId",       "key",  "totalFee",
                                                 "outTradeNo", "outRefundNo", "body", "openid"};

}  // namespace

BOOST_AUTO_TEST_SUITE(near_names)

BOOST_AUTO_TEST_CASE(case_underscores_and_a_letter_or_two) {
  const auto near = [](std::string_view name) { return std::string{nearName(name, fields)}; };
  for (const char* name : {"mchid", "mch_id", "MCHID", "MchId", "mch-id"}) BOOST_TEST(near(name) == "mchId", name);
  for (const char* name : {"totalfee", "total_fee", "totlFee", "totlaFee", "totalFees", "toatlFee", "TOTAL_FEE"}) {
    BOOST_TEST(near(name) == "totalFee", name);
  }
  BOOST_TEST(near("outTradeno") == "outTradeNo");
  BOOST_TEST(near("outRefudNo") == "outRefundNo");
  BOOST_TEST(near("Body") == "body");
  BOOST_TEST(near("openId") == "openid");
}

BOOST_AUTO_TEST_CASE(other_names_are_other_names) {
  for (const auto& name : {std::string{}, std::string{"bod"}, std::string{"keys"}, std::string{"attach"}, std::string{"total"},
                           std::string{"refundFee"}, std::string{"transactionId"}, std::string{"_"}, std::string{"商品"},
                           std::string(100'000, 'a'), "totalFee" + std::string(100, '_')}) {
    BOOST_TEST(nearName(name, fields).empty(), name.substr(0, 80));
  }
  BOOST_TEST(nearName("totalFee", {}).empty());
}

BOOST_AUTO_TEST_CASE(the_nearest_is_named) {
  constexpr std::array<std::string_view, 3> alike{"refundFees", "refundFee", "refundFeed"};
  BOOST_TEST(nearName("refundfee", alike) == "refundFee");
  BOOST_TEST(noSuchField("refundfee", alike) == "no such field; did you mean refundFee?");
  BOOST_TEST(noSuchField("anything", alike) == "no such field; there are refundFees, refundFee, refundFeed");
  const std::vector<std::string_view> many(13, "refundFee");
  BOOST_TEST(noSuchField("anything", many) == "no such field");
}

BOOST_AUTO_TEST_SUITE_END()
