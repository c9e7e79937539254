#include "codec/form.hpp"

#include <algorithm>

#include "support.hpp"

using namespace openapi::codec;
using openapi::Errc;
using unit::contains;

namespace {

/// Both readers refuse, in the same words.
std::string refusal(const std::string& body) {
  const std::string message = unit::messageOf(Errc::badResponse, [&] { (void)parseForm(body); });
  BOOST_TEST(unit::messageOf(Errc::badResponse, [&] { (void)FlatForm::parse(body); }) == message);
  return message;
}

FormFields flatFields(const std::string& body) {
  const FlatForm form = FlatForm::parse(body);
  FormFields fields;
  for (const auto& [name, value] : form.fields()) fields.emplace_back(name, value);
  return fields;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(readsInOrder) {
  const FormFields expected = {{"b", "1"}, {"a", "x y"}, {"empty", ""}, {"bare", ""}, {"eq", "a=b=="}, {"名", "季 卡"}};
  BOOST_TEST((parseForm("b=1&a=x+y&empty=&bare&eq=a=b==&%E5%90%8D=%e5%ad%a3%20%E5%8d%A1") == expected));
  BOOST_TEST(parseForm("").empty());
}

BOOST_AUTO_TEST_CASE(readsFlat) {
  const FormFields expected = {{"a", "x y"}, {"b", "1"}, {"bare", ""}, {"empty", ""}, {"eq", "a=b=="}, {"名", "季 卡"}};
  FlatForm form = FlatForm::parse("b=1&a=x+y&empty=&bare&eq=a=b==&%E5%90%8D=%e5%ad%a3%20%E5%8d%A1");
  const FlatForm moved = std::move(form);
  BOOST_REQUIRE(moved.fields().size() == expected.size());
  for (std::size_t at = 0; at < expected.size(); ++at) {
    BOOST_TEST(moved.fields()[at].name == expected[at].first);
    BOOST_TEST(moved.fields()[at].value == expected[at].second);
    BOOST_TEST(moved.value(expected[at].first) == expected[at].second);
  }
  BOOST_TEST(moved.value("c").empty());
  BOOST_TEST(moved.text() == "b=1&a=x y&empty=&bare&eq=a=b==&名=季 卡");
  BOOST_TEST(FlatForm::parse("").fields().empty());
}

BOOST_AUTO_TEST_CASE(sortsAnyOrder) {
  std::vector<std::string> names;
  for (int at = 0; at < 200; ++at) names.push_back("f" + std::to_string(at * 7919 % 200));
  for (const char* last : {"sign", "a", "f"}) {
    std::string body;
    for (const auto& name : names) body += name + "=1&";
    const FormFields fields = flatFields(body + last);
    BOOST_TEST(fields.size() == 201U);
    BOOST_TEST(std::is_sorted(fields.begin(), fields.end()));
    std::rotate(names.begin(), names.begin() + 1, names.end());
    std::sort(names.begin(), names.end() - 1);
  }
  BOOST_TEST((flatFields("\xE5=1&z=2&ab=3&a=4") == FormFields{{"a", "4"}, {"ab", "3"}, {"z", "2"}, {"\xE5", "1"}}));
}

BOOST_AUTO_TEST_CASE(decodesExactlyOnce) {
  BOOST_TEST(parseForm("a=%2525%2B%26%3D").front().second == "%25+&=");
  BOOST_TEST(parseForm("a=%00%FF").front().second == std::string("\0\xFF", 2));
  BOOST_TEST(parseForm("a=\xD6\xD0").front().second == "\xD6\xD0");
}

BOOST_AUTO_TEST_CASE(refusesBadEscapes) {
  for (const char* bad : {"ok=1&total=%", "total=%4", "total=%G0", "total=%0G", "total=% 41", "total=%%41", "total=a%"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(contains(refusal(bad), "total")); }
  }
  refusal("%zz=1");
}

BOOST_AUTO_TEST_CASE(refusesRepeatedNames) {
  BOOST_TEST(contains(refusal("sign=1&a=2&sign=1"), "sign is there more than once"));
  refusal("sign=1&si%67n=2");
  refusal("a+b=1&a%20b=2");
  BOOST_TEST(parseForm("a=1&A=2").size() == 2U);
}

BOOST_AUTO_TEST_CASE(refusesEmptyNames) {
  for (const char* bad : {"=1", "&", "a=1&", "&a=1", "a=1&&b=2", "a=1&=2", "="}) {
    BOOST_TEST_CONTEXT(bad) { refusal(bad); }
  }
}

BOOST_AUTO_TEST_CASE(holdsItsLimits) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += (i ? "&f" : "f") + std::to_string(i) + "=1";
  BOOST_TEST(parseForm(many).size() == 1000U);
  BOOST_TEST(contains(refusal(many + "&g=1"), "1000"));
  const std::string most = "a=" + std::string(1024 * 1024 - 2, 'x');
  BOOST_TEST(parseForm(most).front().second.size() == most.size() - 2);
  refusal(most + "x");
}

BOOST_AUTO_TEST_CASE(writes) {
  std::string out = "x";
  appendPercentEncoded(out, "AZaz09-._~ +&=%/\n季");
  BOOST_TEST(out == "xAZaz09-._~%20%2B%26%3D%25%2F%0A%E5%AD%A3");
  BOOST_TEST(writeForm({{"a", "1 2"}, {"b&", ""}}) == "a=1%202&b%26=");
  BOOST_TEST(writeForm({}).empty());
}

BOOST_AUTO_TEST_CASE(decodesPercentAlone) {
  BOOST_TEST(percentDecoded("a+%2B%e5%AD%A3%00").value() == (std::string{"a++季"} + '\0'));
  BOOST_TEST(percentDecoded("%2525").value() == "%25");
  BOOST_TEST(percentDecoded("").value() == "");
  for (const char* text : {"%", "%2", "a%zz", "%2g", "%-1", "%%41"}) BOOST_TEST(!percentDecoded(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(survivesDamage) {
  const std::string text = "app_id=2021000122671080&body=%E5%AD%A3+x&sign=ab%2Bcd%3D%3D&money=0.01";
  const std::size_t accepted = unit::acceptedDamage(text, 20000, [](const std::string& damaged) {
    const FormFields fields = parseForm(damaged);
    BOOST_REQUIRE(parseForm(writeForm(fields)) == fields);
    FormFields sorted = fields;
    std::sort(sorted.begin(), sorted.end());
    BOOST_REQUIRE(flatFields(damaged) == sorted);
  });
  BOOST_TEST(accepted > 0U);
  BOOST_TEST(accepted < 20000U);
}

BOOST_AUTO_TEST_SUITE_END()
