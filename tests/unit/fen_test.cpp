#include <boost/test/unit_test.hpp>

#include <openapi/fen.hpp>

#include <limits>
#include <stdexcept>
#include <string>

using openapi::Fen;

BOOST_AUTO_TEST_SUITE(fen)

/// An independent way to the same text: digits moved by hand, no arithmetic on yuan.
static std::string yuanText(std::int64_t fen) {
  std::string digits = std::to_string(fen);
  while (digits.size() < 3) digits.insert(digits.begin(), '0');
  digits.insert(digits.size() - 2, ".");
  return digits;
}

BOOST_AUTO_TEST_CASE(every_value_from_1_to_10_000_000_is_exact_there_and_back) {
  std::int64_t wrong = 0;
  for (std::int64_t count = 1; count <= 10'000'000; ++count) {
    const std::string text = Fen{count}.yuan();
    const auto back = Fen::fromYuan(text);
    if (text != yuanText(count) || !back || back->count() != count) ++wrong;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(shorter_spellings_mean_the_same_amount) {
  BOOST_TEST(Fen::fromYuan("88").value().count() == 8800);
  BOOST_TEST(Fen::fromYuan("88.8").value().count() == 8880);
  BOOST_TEST(Fen::fromYuan("88.80").value().count() == 8880);
  BOOST_TEST(Fen::fromYuan("0.01").value().count() == 1);
  BOOST_TEST(Fen::fromYuan("0").value().count() == 0);
  BOOST_TEST(Fen::fromYuan("007.50").value().count() == 750);
}

BOOST_AUTO_TEST_CASE(what_is_no_amount_gives_none) {
  for (const char* text : {"",
                           ".",
                           ".5",
                           "5.",
                           "1.234",
                           "1e2",
                           "+1",
                           "-1",
                           " 1",
                           "1 ",
                           "1,000",
                           "NaN",
                           "Infinity",
                           "0x10",
                           "1..2",
                           "1.2.3",
                           "一",
                           "92233720368547758.08",
                           "99999999999999999999",
                           "1.0\n"}) {
    BOOST_TEST(!Fen::fromYuan(text).has_value(), "accepted: " << text);
  }
  for (const char* text : {"", "1.0", "-1", "+1", " 1", "1e2", "9223372036854775808"}) {
    BOOST_TEST(!Fen::fromText(text).has_value(), "accepted: " << text);
  }
}

BOOST_AUTO_TEST_CASE(the_ends_of_the_range) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(Fen{most}.yuan() == "92233720368547758.07");
  BOOST_TEST(Fen::fromYuan("92233720368547758.07").value().count() == most);
  BOOST_TEST(Fen::fromText("9223372036854775807").value().count() == most);
  BOOST_TEST(Fen{std::numeric_limits<std::int64_t>::min()}.yuan() == "-92233720368547758.08");
  BOOST_TEST(Fen{-5}.yuan() == "-0.05");
  BOOST_TEST(Fen{}.yuan() == "0.00");
}

BOOST_AUTO_TEST_CASE(arithmetic_never_wraps) {
  const Fen most{std::numeric_limits<std::int64_t>::max()};
  BOOST_TEST((Fen{1} + Fen{2} == Fen{3}));
  BOOST_TEST((Fen{1} - Fen{2} == Fen{-1}));
  BOOST_CHECK_THROW(most + Fen{1}, std::overflow_error);
  BOOST_CHECK_THROW(Fen{-2} - most, std::overflow_error);
  Fen sum{40};
  sum += Fen{2};
  sum -= Fen{1};
  BOOST_TEST(sum.count() == 41);
}

BOOST_AUTO_TEST_SUITE_END()
