#include <openapi/json.hpp>

#include <limits>
#include <type_traits>
#include <vector>

#include "codec/json_slices.hpp"
#include "support.hpp"

using openapi::Errc;
using openapi::Fields;
using openapi::Json;
using openapi::codec::topLevelMembers;
using unit::contains;

namespace {

std::string refusal(const std::string& text) {
  return unit::messageOf(Errc::badResponse, [&] { (void)Json::parse(text); });
}

std::string sliceRefusal(const std::string& text) {
  return unit::messageOf(Errc::badResponse, [&] { (void)topLevelMembers(text); });
}

/// Refused by both readers.
void requireRefused(const std::string& value) {
  BOOST_TEST_CONTEXT(value) {
    refusal(value);
    sliceRefusal("{\"a\":" + value + "}");
  }
}

std::string numberText(const std::string& text) {
  const Json value = Json::parse(text);
  BOOST_REQUIRE(value.number());
  return value.number()->text;
}

std::string nested(std::size_t levels, char open, char close) { return std::string(levels, open) + std::string(levels, close); }

const std::string badValues[] = {"",
                                 " ",
                                 "nul",
                                 "True",
                                 "tru",
                                 "+1",
                                 "01",
                                 "-",
                                 "-01",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "1e+",
                                 "0x10",
                                 "1_000",
                                 "NaN",
                                 "Infinity",
                                 "-Infinity",
                                 "'a'",
                                 "\"a",
                                 "\"a\\\"",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "\"\\u12G4\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\"",
                                 "\"\\ud800\\u0041\"",
                                 "\"\\ud800x\"",
                                 "\"a\nb\"",
                                 "\"a\tb\"",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "[1",
                                 "]",
                                 "{",
                                 "{]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\":1 \"b\":2}",
                                 "{1:2}",
                                 "[1]]",
                                 "1 2",
                                 "/* c */1",
                                 "1//",
                                 "\"\x80\"",
                                 "\"\xC0\x80\"",
                                 "\"\xED\xA0\x80\"",
                                 "\"\xE4\xB8\"",
                                 "\"\xF4\x90\x80\x80\"",
                                 "\xEF\xBB\xBF"
                                 "1",
                                 "1e400x",
                                 "[1e400,01]",
                                 "[1e400 5]",
                                 "[1e400,--1]",
                                 "[1e400,1.-5]",
                                 "[1e400,1e--5]",
                                 "[1e400,1E+-5]",
                                 "-1e400-1"};

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(readsValues) {
  BOOST_TEST(Json::parse(" null\r\n").isNull());
  BOOST_TEST(*Json::parse("true").boolean());
  BOOST_TEST(!*Json::parse("false").boolean());
  BOOST_TEST(*Json::parse("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u5b63\\ud83d\\ude00 \\u0000\"").string() ==
             std::string("a\"\\/\b\f\n\r\t季😀 \0", 18));
  const Json value = Json::parse(" { \"b\" : [ 1 , \"x\" , { } , [ ] ] , \"a\" : -2 } ");
  BOOST_REQUIRE(value.object());
  BOOST_TEST(value.object()->begin()->name == "b");
  BOOST_TEST(value.find("b")->array()->size() == 4U);
  BOOST_TEST(*value.find("a")->integer() == -2);
  BOOST_TEST(!value.find("c"));
  BOOST_TEST(!Json{"text"}.find("c"));
  BOOST_TEST(value.json() == "{\"b\":[1,\"x\",{},[]],\"a\":-2}");
}

BOOST_AUTO_TEST_CASE(keepsIntegersExact) {
  for (const char* text : {"0", "-1", "9007199254740993", "4200000215201811190", "9223372036854775807", "-9223372036854775808"}) {
    const Json value = Json::parse(text);
    BOOST_REQUIRE(value.integer());
    BOOST_TEST(std::to_string(*value.integer()) == text);
    BOOST_TEST(value.json() == text);
  }
}

BOOST_AUTO_TEST_CASE(takesEveryKindOfWholeNumber) {
  const std::size_t size = 3;
  BOOST_TEST(Json{size}.json() == "3");
  BOOST_TEST(Json{4'294'967'295U}.json() == "4294967295");
  BOOST_TEST(Json{-9'223'372'036'854'775'807LL}.json() == "-9223372036854775807");
  BOOST_TEST(*Json{9'223'372'036'854'775'807ULL}.integer() == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(numberText(Json{std::numeric_limits<std::uint64_t>::max()}.json()) == "18446744073709551615");
}

BOOST_AUTO_TEST_CASE(takesNothingElseForABooleanOrANumber) {
  static_assert(std::is_constructible_v<Json, bool>);
  static_assert(!std::is_constructible_v<Json, const Json*>);  // `row.find("b")` without the `*`
  static_assert(!std::is_constructible_v<Json, const std::string*>);
  static_assert(!std::is_constructible_v<Json, double>);
  static_assert(!std::is_constructible_v<Json, float>);
  BOOST_TEST(Json{true}.json() == "true");
  const std::vector<bool> flags{true};
  BOOST_TEST(Json{flags[0]}.json() == "true");
}

BOOST_AUTO_TEST_CASE(keepsTheTextOfOtherNumbers) {
  for (const char* text :
       {"0.60", "88.00", "1e5", "1E+05", "-0.10", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e400",
        "-1E999999999999", "1e-400", "0.1000000000000000055511151231257827", "1.0"}) {
    BOOST_TEST(numberText(text) == text);
    BOOST_TEST(Json::parse(text).json() == text);
  }
  const std::string huge(400, '9');
  BOOST_TEST(numberText(huge) == huge);
  const std::string mixed = "{\"a\":[1e400,-12,\"1e400 \\\" 5\",0.50," + huge + "],\"1e999\":7}";
  BOOST_TEST(Json::parse(mixed).json() == mixed);
  BOOST_TEST(*Json::parse(mixed).find("a")->array()->at(1).integer() == -12);
}

BOOST_AUTO_TEST_CASE(refusesWhatIsNoJson) {
  for (const std::string& bad : badValues) requireRefused(bad);
  requireRefused(std::string{"1\0", 2});
  requireRefused(std::string{"\"a\0b\"", 5});
  requireRefused(std::string{"\0", 1});
  BOOST_TEST(contains(refusal("[1,2,x]"), "offset 5"));
  BOOST_TEST(contains(refusal(std::string{"{}\0{}", 5}), "after the end"));
}

BOOST_AUTO_TEST_CASE(refusesRepeatedMembers) {
  BOOST_TEST(contains(refusal("{\"sign\":1,\"a\":2,\"sign\":3}"), "sign"));
  refusal("{\"sign\":1,\"\\u0073ign\":2}");
  refusal("[{\"a\":{\"b\":1,\"b\":2}}]");
  refusal("{\"\":1,\"\":2}");
  BOOST_TEST(Json::parse("{\"a\":{\"a\":1},\"b\":{\"a\":1}}").object()->size() == 2U);
}

BOOST_AUTO_TEST_CASE(holdsItsDepth) {
  BOOST_TEST(Json::parse(nested(64, '[', ']')).array());
  BOOST_TEST(contains(refusal(nested(65, '[', ']')), "64 levels"));
  const auto zeros = [](std::size_t count) {
    std::string text = "[0";
    while (--count > 0) text += ",0";
    return text + "]";
  };
  BOOST_TEST(Json::parse(zeros(499'999)).array()->size() == 499'999U);
  BOOST_TEST(contains(refusal(zeros(500'001)), "500000 values"));
  refusal(std::string(1'000'000, '['));
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += "{\"a\":";
  BOOST_TEST(contains(refusal(objects), "64 levels"));
}

BOOST_AUTO_TEST_CASE(writes) {
  const Json value = Fields{{"s", "q\"\\\n\x01/季"},
                            {"i", std::numeric_limits<std::int64_t>::min()},
                            {"n", Json::Number{"0.60"}},
                            {"b", true},
                            {"z", nullptr},
                            {"a", Json::Array{1, "x"}},
                            {"o", Fields{}}};
  BOOST_TEST(
      value.json() ==
      "{\"s\":\"q\\\"\\\\\\n\\u0001/季\",\"i\":-9223372036854775808,\"n\":0.60,\"b\":true,\"z\":null,\"a\":[1,\"x\"],\"o\":{}}");
  BOOST_TEST((Json::parse(value.json()) == value));
}

BOOST_AUTO_TEST_CASE(writesNothingThatIsNoJson) {
  const auto refused = [](const Json& value) { unit::messageOf(Errc::invalidArgument, [&] { (void)value.json(); }); };
  refused("\xD6\xD0");
  refused(Fields{{"\xFF", 1}});
  for (const char* text : {"", "abc", "1.", "01", "1 ", "NaN", "1,2"}) refused(Json::Number{text});
}

BOOST_AUTO_TEST_CASE(namesItsKinds) {
  BOOST_TEST(Json{}.kind() == "null");
  BOOST_TEST(Json{true}.kind() == "boolean");
  BOOST_TEST(Json{1}.kind() == "number");
  BOOST_TEST(Json{Json::Number{"0.5"}}.kind() == "number");
  BOOST_TEST(Json{"x"}.kind() == "string");
  BOOST_TEST(Json{Json::Array{}}.kind() == "array");
  BOOST_TEST(Json{Fields{}}.kind() == "object");
}

BOOST_AUTO_TEST_CASE(fieldsKeepTheirOrder) {
  Fields fields{{"b", 1}, {"a", 2}};
  fields.set("b", 3);
  fields.set("c", 4);
  fields.append("d", 5);
  BOOST_TEST(Json{fields}.json() == "{\"b\":3,\"a\":2,\"c\":4,\"d\":5}");
  BOOST_TEST(fields.erase("a"));
  BOOST_TEST(!fields.erase("a"));
  BOOST_TEST(!fields.find("a"));
  BOOST_TEST(*fields.find("c")->integer() == 4);
  BOOST_TEST(fields.size() == 3U);
  BOOST_TEST(!fields.empty());
  Fields other = fields;
  BOOST_TEST((other == fields));
  other.set("b", 9);
  BOOST_TEST((other != fields));
  const Fields moved = std::move(other);
  BOOST_TEST(*moved.find("b")->integer() == 9);
}

BOOST_AUTO_TEST_CASE(slicesKeepTheBytes) {
  const std::string text =
      " {\"x_response\" : {\"code\":\"10000\", \"n\":1.0 },\n\"\\u0073ign\":\"ab\\/c\" , \"n\":-1.5e3,\"t\":true,\"a\":[ 1 , "
      "{\"b\":[]} ]} ";
  const auto members = topLevelMembers(text);
  BOOST_REQUIRE(members.size() == 5U);
  BOOST_TEST(members[0].name == "x_response");
  BOOST_TEST(members[0].value == "{\"code\":\"10000\", \"n\":1.0 }");
  BOOST_TEST(members[1].name == "sign");
  BOOST_TEST(members[1].value == "\"ab\\/c\"");
  BOOST_TEST(members[2].value == "-1.5e3");
  BOOST_TEST(members[3].value == "true");
  BOOST_TEST(members[4].value == "[ 1 , {\"b\":[]} ]");
  BOOST_TEST(members[0].value.data() == text.data() + text.find("{\"code\""));
  BOOST_TEST(topLevelMembers("{}").empty());
  BOOST_TEST(topLevelMembers("{\"\\ud83d\\ude00\\n季\":1}").front().name == "😀\n季");
}

BOOST_AUTO_TEST_CASE(slicesRefuseRepeatedNames) {
  BOOST_TEST(contains(sliceRefusal("{\"x_response\":{},\"sign\":\"s\",\"x_response\":{}}"), "x_response"));
  sliceRefusal("{\"sign\":1,\"\\u0073ign\":2}");
  sliceRefusal("{\"季\":1,\"\\u5B63\":2}");
}

BOOST_AUTO_TEST_CASE(slicesNeedAnObject) {
  for (const char* bad :
       {"", "[]", "1", "null", "\"a\"", "<html>", "{} {}", "{}x", "{\"a\":1}}", "{\"a\":1", "{\"a\" 1}", "{,}"}) {
    BOOST_TEST_CONTEXT(bad) { sliceRefusal(bad); }
  }
  sliceRefusal(std::string{"{}\0", 3});
  sliceRefusal(std::string{"{\0}", 3});
}

BOOST_AUTO_TEST_CASE(slicesHoldTheirDepth) {
  BOOST_TEST(topLevelMembers("{\"a\":" + nested(63, '[', ']') + "}").size() == 1U);
  BOOST_TEST(contains(sliceRefusal("{\"a\":" + nested(64, '[', ']') + "}"), "64 levels"));
  sliceRefusal("{\"a\":" + std::string(1'000'000, '['));
}

BOOST_AUTO_TEST_CASE(bothReadersAgree) {
  const std::string text =
      "{\"r\":{\"code\":\"10000\",\"msg\":\"\\u5b63\\n\",\"n\":[1,-2.50,1e9,true,null]},\"sign\":\"a+b/c==\"}";
  std::size_t both = 0;
  unit::acceptedDamage(text, 30000, [&](const std::string& damaged) {
    std::vector<openapi::codec::JsonSlice> members;
    std::string refused;
    try {
      members = topLevelMembers(damaged);
    } catch (const openapi::Error& error) {
      refused = error.what();
    }
    const Json value = Json::parse(damaged);
    BOOST_REQUIRE((Json::parse(value.json()) == value));
    if (!value.object()) return;
    BOOST_REQUIRE_MESSAGE(refused.empty(), damaged << ": " << refused);
    BOOST_REQUIRE(members.size() == value.object()->size());
    for (const auto& member : members) BOOST_REQUIRE((Json::parse(member.value) == *value.find(member.name)));
    ++both;
  });
  BOOST_TEST(both > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
