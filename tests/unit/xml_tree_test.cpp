#include <openapi/json.hpp>

#include "codec/xml.hpp"
#include "support.hpp"

using openapi::Errc;
using openapi::Fields;
using openapi::Json;
using openapi::codec::FlatXml;
using openapi::codec::parseXmlTree;
using openapi::codec::writeXmlTree;
using unit::contains;
using unit::messageOf;

namespace {

std::string treeOf(const std::string& content) { return parseXmlTree("<xml>" + content + "</xml>", "xml").json(); }

std::string refusal(const std::string& text) {
  return messageOf(Errc::badResponse, [&] { (void)parseXmlTree(text, "xml"); });
}
std::string refusalOf(const std::string& content) { return refusal("<xml>" + content + "</xml>"); }

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xmlTree)

BOOST_AUTO_TEST_CASE(readsElementsAsMembers) {
  BOOST_TEST(treeOf("") == "{}");
  BOOST_TEST(parseXmlTree("<xml/>", "xml").json() == "{}");
  BOOST_TEST(treeOf(" \n<!-- c --> ") == "{}");
  BOOST_TEST(treeOf("<a>1</a><b/><c></c><d> </d>") == R"({"a":"1","b":"","c":"","d":" "})");
  BOOST_TEST(treeOf("<a>\n<b>1</b>\n<c><d>2</d></c></a>") == R"({"a":{"b":"1","c":{"d":"2"}}})");
  BOOST_TEST(treeOf("<z>1</z><a>2</a>") == R"({"z":"1","a":"2"})");
  BOOST_TEST(parseXmlTree("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml><a>季</a></xml>\n", "xml").json() ==
             R"({"a":"季"})");
}

BOOST_AUTO_TEST_CASE(repeatedElementsAreArrays) {
  BOOST_TEST(treeOf("<a>1</a><a>2</a>") == R"({"a":["1","2"]})");
  BOOST_TEST(treeOf("<a>1</a><b>2</b><a><c>3</c></a>") == R"({"a":["1",{"c":"3"}],"b":"2"})");
  BOOST_TEST(treeOf("<l><i><a/></i><i/><i>x</i></l>") == R"({"l":{"i":[{"a":""},"","x"]}})");
}

BOOST_AUTO_TEST_CASE(decodesText) {
  BOOST_TEST(
      *parseXmlTree("<xml><a>&lt;&gt;&amp;&quot;&apos;&#65;&#x20AC;&#x1F600;&#xe9;</a></xml>", "xml").find("a")->string() ==
      "<>&\"'A€😀é");
  BOOST_TEST(*parseXmlTree("<xml><a>a\r\nb\rc&#13;<![CDATA[d\r\ne\r&amp;]]></a></xml>", "xml").find("a")->string() ==
             "a\nb\nc\rd\ne\n&amp;");
  BOOST_TEST(treeOf("<a>x<![CDATA[ y ]]><!-- n -->z<![CDATA[]]></a>") == R"({"a":"x y z"})");
  BOOST_TEST(treeOf("<a><![CDATA[]] ]>]]]]><![CDATA[>]]></a>") == R"({"a":"]] ]>]]>"})");
}

// Whatever the flat reader takes is read the same.
BOOST_AUTO_TEST_CASE(agreesWithTheFlatReader) {
  const std::string text =
      "<xml><a>x &amp; <![CDATA[y]]>\r\n</a><b> <!-- c --> </b><c/><d>&#13;\r<!---->\n</d><e><![CDATA[\r\n]]></e></xml>";
  std::size_t compared = 0;
  unit::acceptedDamage(text, 20000, [&](const std::string& damaged) {
    const auto flat = FlatXml::parse(damaged, "xml");
    const auto tree = parseXmlTree(damaged, "xml");
    BOOST_REQUIRE(tree.object()->size() == flat.fields().size());
    for (const auto& field : flat.fields()) BOOST_REQUIRE(*tree.find(field.name)->string() == field.value);
    ++compared;
  });
  BOOST_TEST(compared > 100u);
}

BOOST_AUTO_TEST_CASE(refusesWhatTheFlatReaderRefuses) {
  BOOST_TEST(contains(refusal("<!DOCTYPE xml><xml/>"), "DOCTYPE"));
  BOOST_TEST(contains(refusalOf("<!DOCTYPE a>"), "DOCTYPE"));
  BOOST_TEST(contains(refusalOf("<a><!ELEMENT b></a>"), "'<!'"));
  BOOST_TEST(contains(refusalOf("<a><b>&nbsp;</b></a>"), "unknown entity"));
  BOOST_TEST(contains(refusalOf("<a>&#0;</a>"), "control character"));
  BOOST_TEST(contains(refusalOf("<a>&#xD800;</a>"), "control character"));
  BOOST_TEST(contains(refusalOf("<a>&#x110000;</a>"), "no character"));
  BOOST_TEST(contains(refusalOf("<a><b x='1'/></a>"), "attribute"));
  BOOST_TEST(contains(refusalOf("<a><?php ?></a>"), "processing instruction"));
  BOOST_TEST(contains(refusalOf("<a>]]></a>"), "']]>'"));
  BOOST_TEST(contains(refusalOf("<a>\x01</a>"), "control character"));
  BOOST_TEST(contains(refusalOf("<a>\xC0\x80</a>"), "UTF-8"));
  BOOST_TEST(contains(refusalOf("<a><b></a></b>"), "end tag"));
  BOOST_TEST(contains(refusalOf("<a><![CDATA[x</a>"), "without an end"));
  BOOST_TEST(contains(refusalOf("<a><!-- -- --></a>"), "'--'"));
  BOOST_TEST(contains(refusal("<xml><a>"), "ends in the element"));
  BOOST_TEST(contains(refusal("<xml>"), "ends in the element"));
  BOOST_TEST(contains(refusal("<xml/><xml/>"), "data after"));
  BOOST_TEST(contains(refusal("<root/>"), "unexpected root"));
  BOOST_TEST(contains(refusal("text"), "expected tag"));
  BOOST_TEST(contains(refusal(""), "expected tag"));
  BOOST_TEST(contains(refusalOf("text"), "text where the elements"));
  BOOST_TEST(contains(refusalOf("text<a/>"), "text beside the elements"));
  BOOST_TEST(contains(refusalOf("<a><b/>x</a>"), "text beside the elements"));
  BOOST_TEST(contains(refusalOf("<a><![CDATA[]]><b/></a>"), "text beside the elements"));
}

BOOST_AUTO_TEST_CASE(isBounded) {
  BOOST_TEST(treeOf(repeated("<a>", 15) + repeated("</a>", 15)) == repeated(R"({"a":)", 15) + "\"\"" + repeated("}", 15));
  BOOST_TEST(contains(refusalOf(repeated("<a>", 16) + repeated("</a>", 16)), "16 levels"));
  BOOST_TEST(contains(refusalOf(repeated("<a>", 100'000)), "16 levels"));
  BOOST_TEST(parseXmlTree("<xml>" + repeated("<a/>", 4096) + "</xml>", "xml").find("a")->array()->size() == 4096u);
  BOOST_TEST(contains(refusalOf(repeated("<a/>", 4097)), "4096 elements"));
  BOOST_TEST(contains(refusalOf(repeated("<a><b/></a>", 2049)), "4096 elements"));
  BOOST_TEST(contains(refusalOf("<a>" + std::string(FlatXml::maxBytes, 'x') + "</a>"), "bytes"));
}

BOOST_AUTO_TEST_CASE(writesWhatItReads) {
  const auto requireSame = [](const std::string& text) {
    const auto tree = parseXmlTree(text, "xml");
    const auto written = writeXmlTree("xml", *tree.object());
    BOOST_REQUIRE_MESSAGE(parseXmlTree(written, "xml") == tree, text << " became " << written);
  };
  const std::string text = "<xml><a>x&#13;]]&gt;<![CDATA[]]]]></a><l><i>1</i><i><b>季</b><b/></i></l><c> </c></xml>";
  requireSame(text);
  BOOST_TEST(unit::acceptedDamage(text, 20000, requireSame) > 100u);
  const Fields values{{"t", "<"},     {"n", -5},      {"d", Json::Number{"1.50"}}, {"b", true}, {"e", Json::Array{}},
                      {"z", nullptr}, {"o", Fields{}}};
  BOOST_TEST(writeXmlTree("xml", values) == "<xml><t><![CDATA[<]]></t><n>-5</n><d><![CDATA[1.50]]></d><b>true</b><o></o></xml>");
}

BOOST_AUTO_TEST_CASE(writesOnlyWhatXmlHolds) {
  const auto refused = [](const Fields& fields) {
    return messageOf(Errc::invalidArgument, [&] { (void)writeXmlTree("xml", fields); });
  };
  BOOST_TEST(contains(refused({{"a b", ""}}), "no XML name"));
  BOOST_TEST(contains(refused({{"", ""}}), "no XML name"));
  BOOST_TEST(contains(refused({{"a", Fields{{"1", ""}}}}), "no XML name"));
  BOOST_TEST(contains(refused({{"a", std::string(1, '\0')}}), "cannot carry"));
  BOOST_TEST(contains(refused({{"a", "\xFF"}}), "UTF-8"));
  BOOST_TEST(contains(refused({{"a", Json::Number{"\x02"}}}), "cannot carry"));
  BOOST_TEST(contains(refused({{"a", Json::Array{Json{Json::Array{}}}}}), "list in a list"));
  Json deep = Fields{};
  for (int level = 0; level < 20; ++level) deep = Fields{{"a", deep}};
  BOOST_TEST(contains(refused(*deep.object()), "deeper"));
}

BOOST_AUTO_TEST_SUITE_END()
