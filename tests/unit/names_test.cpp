#include <boost/test/unit_test.hpp>

#include <openapi/openapi.hpp>

#include <marshal/described.hpp>
#include <marshal/names.hpp>

#include <random>
#include <set>
#include <string>

using namespace openapi;

namespace {

constexpr std::array<marshal::Irregular, 2> table{{{"appId", "appid"}, {"mchId", "mch_id"}}};
using Style = marshal::WireStyle<table, marshal::Amounts::fen>;

/// Compares what the compiler computed for each member with what the run-time converter says.
template <class T>
std::size_t compareMembers() {
  std::size_t members = 0;
  marshal::forEachMember<T>([&](auto descriptor) {
    using Descriptor = decltype(descriptor);
    static constexpr auto snake = marshal::snakeName(Descriptor::name);
    static constexpr auto wire = Style::wireName(Descriptor::name);
    BOOST_TEST(std::string_view{snake} == marshal::toSnake(Descriptor::name));
    BOOST_TEST(std::string_view{wire} == Style::wireOf(Descriptor::name));
    BOOST_TEST(marshal::toCamel(snake) == Descriptor::name);
    BOOST_TEST(Style::publicOf(wire) == Descriptor::name);
    ++members;
  });
  return members;
}

template <class... Types>
std::size_t compareAll() {
  return (compareMembers<Types>() + ...);
}

/// The converter of the compiler, on a text that is only known at run time.
std::string compiled(const std::string& text) { return std::string{std::string_view{marshal::snakeName(text)}}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(every_described_member_has_the_same_name_from_compiler_and_run_time) {
  const auto members =
      compareAll<GetOrderInfoRequest, UnifiedOrderRequest, UnifiedOrderResult, OrderQueryRequest, OrderQueryResult, Coupon,
                 RefundCoupon, FundBill, TradeSettleDetail, CloseOrderRequest, CloseOrderResult, CancelOrderRequest,
                 CancelOrderResult, RefundRequest, RefundResult, RefundQueryRequest, RefundQueryResult, RefundItem, RefundRoyalty,
                 DownloadBillRequest, DownloadBillResult, DownloadFundflowRequest, DownloadFundflowResult, PaymentNotify,
                 RefundNotify, WeixinConfig, AlipayConfig, alipay::Code2SessionRequest, alipay::Code2SessionResult>();
  BOOST_TEST(members > 200u);
}

BOOST_AUTO_TEST_CASE(both_converters_agree_on_any_name) {
  std::mt19937 random{20261121};
  const std::string alphabet = "abcxyzABCXYZ0129_";
  std::uniform_int_distribution<std::size_t> letter{0, alphabet.size() - 1};
  std::uniform_int_distribution<std::size_t> length{0, 30};
  for (int round = 0; round < 100'000; ++round) {
    std::string name;
    for (std::size_t left = length(random); left > 0; --left) name += alphabet[letter(random)];
    BOOST_REQUIRE_EQUAL(compiled(name), marshal::toSnake(name));
  }
}

BOOST_AUTO_TEST_CASE(lower_case_names_survive_both_conversions_and_stay_apart) {
  std::mt19937 random{7};
  const std::string alphabet = "abz019__";
  std::uniform_int_distribution<std::size_t> letter{0, alphabet.size() - 1};
  std::set<std::string> snakes;
  std::set<std::string> camels;
  for (int round = 0; round < 50'000; ++round) {
    std::string name;
    for (int left = 1 + round % 12; left > 0; --left) name += alphabet[letter(random)];
    const auto camel = marshal::toCamel(name);
    BOOST_REQUIRE_EQUAL(marshal::toSnake(camel), name);
    snakes.insert(name);
    camels.insert(camel);
  }
  BOOST_TEST(snakes.size() == camels.size());
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_underscores) {
  BOOST_TEST(marshal::toCamel("coupon_refund_fee_1_0") == "couponRefundFee_1_0");
  BOOST_TEST(marshal::toCamel("coupon_refund_fee_10") == "couponRefundFee_10");
  BOOST_TEST(marshal::toCamel("execute_time_") == "executeTime_");
}

BOOST_AUTO_TEST_SUITE_END()
