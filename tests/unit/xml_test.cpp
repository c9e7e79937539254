#include "codec/xml.hpp"

#include "support.hpp"

using openapi::Errc;
using openapi::codec::FlatXml;
using openapi::codec::writeXml;
using unit::contains;
using unit::messageOf;
using unit::readTestFile;

namespace {

using Written = std::vector<std::pair<std::string, std::string>>;

std::string valueOf(const std::string& content) {
  return std::string{FlatXml::parse("<xml><a>" + content + "</a></xml>", "xml").value("a")};
}

std::string refusal(const std::string& text) {
  return messageOf(Errc::badResponse, [&] { (void)FlatXml::parse(text, "xml"); });
}

std::string refusalOf(const std::string& content) { return refusal("<xml><a>" + content + "</a></xml>"); }

Written copyOf(const FlatXml& xml) {
  Written fields;
  for (const auto& field : xml.fields()) fields.emplace_back(field.name, field.value);
  return fields;
}

/// What parses is written and read again as the same.
void requireRoundTrip(const FlatXml& xml) {
  const Written fields = copyOf(xml);
  BOOST_REQUIRE(copyOf(FlatXml::parse(writeXml("xml", fields), "xml")) == fields);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xml)

BOOST_AUTO_TEST_CASE(readsTextAndCdata) {
  BOOST_TEST(valueOf("text") == "text");
  BOOST_TEST(valueOf("<![CDATA[a<b>&amp;c]]>") == "a<b>&amp;c");
  BOOST_TEST(valueOf("one<![CDATA[ two ]]>three<![CDATA[]]><![CDATA[four]]>") == "one two threefour");
  BOOST_TEST(valueOf("a<!-- said <b>&no; --><![CDATA[b]]><!---->c<!-- - -->") == "abc");
  BOOST_TEST(valueOf("<![CDATA[]] ]>]]]]><![CDATA[>]]>") == "]] ]>]]>");
  BOOST_TEST(valueOf("]] > ]") == "]] > ]");
  BOOST_TEST(valueOf("季卡😀") == "季卡😀");
  BOOST_TEST(valueOf("<![CDATA[季卡😀]]>") == "季卡😀");
  BOOST_TEST(valueOf("\x7F") == "\x7F");
}

BOOST_AUTO_TEST_CASE(keepsBlanksAsTheyStand) {
  BOOST_TEST(valueOf("  text\t ") == "  text\t ");
  BOOST_TEST(valueOf("   ") == "   ");
  BOOST_TEST(valueOf("\n") == "\n");
  BOOST_TEST(valueOf("  <![CDATA[x]]>\n") == "  x\n");
  BOOST_TEST(valueOf(" <!-- c --> ") == "  ");
  BOOST_TEST(valueOf("<!-- c --> ") == " ");
  BOOST_TEST(valueOf("<![CDATA[ ]]> <![CDATA[ ]]>") == "   ");
  const auto xml = FlatXml::parse("<xml> <a> <![CDATA[1]]></a>\n <b>  </b> <c>x</c></xml>", "xml");
  BOOST_TEST(xml.fields().size() == 3U);
  BOOST_TEST(xml.value("a") == " 1");
  BOOST_TEST(xml.value("b") == "  ");
}

BOOST_AUTO_TEST_CASE(normalisesNewlinesAsXmlSays) {
  BOOST_TEST(valueOf("a\r\nb\rc\nd") == "a\nb\nc\nd");
  BOOST_TEST(valueOf("<![CDATA[a\r\nb\rc]]>") == "a\nb\nc");
  BOOST_TEST(valueOf("a&#13;&#10;b") == "a\r\nb");
}

BOOST_AUTO_TEST_CASE(readsEntitiesAndReferences) {
  BOOST_TEST(valueOf("&lt;&gt;&amp;&quot;&apos;") == "<>&\"'");
  BOOST_TEST(valueOf("&amp;lt;") == "&lt;");
  BOOST_TEST(valueOf("&#65;&#x42;&#x1F600;&#0000000067;") == "AB😀C");
  BOOST_TEST(valueOf("&#9;&#xD7FF;&#xE000;&#x10FFFF;") == "\t\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF");
}

BOOST_AUTO_TEST_CASE(readsEmptyElements) {
  const auto xml = FlatXml::parse("<xml><a/><b></b><c /><d><![CDATA[]]></d></xml>", "xml");
  BOOST_TEST(xml.fields().size() == 4U);
  for (const char* name : {"a", "b", "c", "d"}) {
    BOOST_REQUIRE(xml.find(name));
    BOOST_TEST(xml.value(name) == "");
  }
  BOOST_TEST(!xml.find("e"));
  BOOST_TEST(FlatXml::parse("<xml/>", "xml").fields().empty());
  BOOST_TEST(FlatXml::parse("<xml></xml>", "xml").fields().empty());
  BOOST_TEST(FlatXml::parse("<root> </root>", "root").fields().empty());
}

BOOST_AUTO_TEST_CASE(sortsByName) {
  const auto xml = FlatXml::parse("<xml><b>1</b><a_1>2</a_1><B>3</B><a>4</a><_>5</_><é>6</é></xml>", "xml");
  std::string order;
  for (const auto& field : xml.fields()) order += field.value;
  BOOST_TEST(order == "354216");
}

BOOST_AUTO_TEST_CASE(viewsSurviveAMove) {
  auto first = FlatXml::parse("<xml><a>short</a></xml>", "xml");
  const FlatXml second = std::move(first);
  BOOST_TEST(second.value("a") == "short");
}

BOOST_AUTO_TEST_CASE(acceptsDeclarationAndByteOrderMark) {
  for (const char* head : {"<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='utf-8' ?>\n", "\xEF\xBB\xBF",
                           "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n ", "  \n"}) {
    BOOST_TEST(FlatXml::parse(head + std::string{"<xml><a>1</a></xml> \r\n"}, "xml").value("a") == "1");
  }
}

BOOST_AUTO_TEST_CASE(refusesOtherDeclarations) {
  const std::string body = "<xml><a>1</a></xml>";
  for (const char* head :
       {"<?xml version=\"1.1\"?>", "<?xml?>", "<?xml encoding=\"UTF-8\"?>", "<?xml version=\"1.0\" encoding=\"GBK\"?>",
        "<?xml version=\"1.0\" standalone=\"maybe\"?>", "<?xml version=\"1.0\" other=\"1\"?>", "<?xml version=\"1.0\"",
        "<?xml version=\"1.0?>", " <?xml version=\"1.0\"?>", "<?php x?>", "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\"?><?pi?>", "\xEF\xBB\xBF\xEF\xBB\xBF", "<!-- c -->", "x", "<![CDATA[ ]]>"}) {
    BOOST_TEST_CONTEXT(head) { refusal(head + body); }
  }
}

BOOST_AUTO_TEST_CASE(refusesDoctypeAndEntities) {
  BOOST_TEST(contains(refusal("<!DOCTYPE xml><xml/>"), "DOCTYPE"));
  BOOST_TEST(contains(refusal("<?xml version=\"1.0\"?>\n<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><a>&a;</a></xml>"), "DOCTYPE"));
  BOOST_TEST(contains(refusalOf("<!DOCTYPE x>"), "DOCTYPE"));
  refusalOf("<!ELEMENT a>");
  refusal("<xml><!ENTITY a \"b\"></xml>");
  BOOST_TEST(contains(refusalOf("&nbsp;"), "<a>"));
  for (const char* bad :
       {"&", "&;", "&lt", "&LT;", "&amp", "&#;", "&#x;", "&#xG;", "&#1a;", "&#65", "&#X41;", "& amp;", "&#-1;"}) {
    BOOST_TEST_CONTEXT(bad) { refusalOf(bad); }
  }
  for (const char* bad : {"&#0;", "&#x0;", "&#1;", "&#11;", "&#x1F;", "&#xD800;", "&#xDFFF;", "&#xFFFE;", "&#xFFFF;",
                          "&#x110000;", "&#99999999999999999999;", "&#4294967361;"}) {
    BOOST_TEST_CONTEXT(bad) { refusalOf(bad); }
  }
}

BOOST_AUTO_TEST_CASE(refusesProcessingInstructions) {
  BOOST_TEST(contains(refusal("<xml><?pi data?></xml>"), "processing instruction"));
  BOOST_TEST(contains(refusalOf("<?xml version=\"1.0\"?>"), "processing instruction"));
}

BOOST_AUTO_TEST_CASE(refusesAttributes) {
  BOOST_TEST(contains(refusal("<xml><a b=\"1\">x</a></xml>"), "attribute of <a>"));
  BOOST_TEST(contains(refusal("<xml xmlns=\"urn:x\"><a>x</a></xml>"), "attribute of <xml>"));
  refusal("<xml><a b/></xml>");
  refusal("<xml><a/ ></xml>");
  refusal("<xml><a></a b=\"1\"></xml>");
}

BOOST_AUTO_TEST_CASE(refusesNestedElements) {
  BOOST_TEST(contains(refusalOf("<b>1</b>"), "nested element <b> in the element <a>"));
  BOOST_TEST(contains(refusalOf("text<b/>"), "nested element <b>"));
  std::string blowUp = "<xml>";
  for (int i = 0; i < 300; ++i) blowUp += "<a>";
  BOOST_TEST(contains(refusal(blowUp + "</xml>"), "nested element"));
}

BOOST_AUTO_TEST_CASE(refusesOtherRoots) {
  BOOST_TEST(contains(refusal("<html><a>1</a></html>"), "unexpected root <html>, expected <xml>"));
  refusal("<XML/>");
  refusal("<xm/>");
  refusal("<xmll/>");
  messageOf(Errc::badResponse, [] { (void)FlatXml::parse("<xml/>", "root"); });
}

BOOST_AUTO_TEST_CASE(refusesWhatIsNoTagWhereOneIsDue) {
  for (const char* bad :
       {"", " ", "\xEF\xBB\xBF", "ok", "{\"a\":1}", "return_code=SUCCESS", "<", "<>", "< xml/>", "<1/>", "<-a/>", "</xml>"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(contains(refusal(bad), "expected tag")); }
  }
  BOOST_TEST(contains(refusal("<xml>text<a/></xml>"), "expected tag"));
  BOOST_TEST(contains(refusal("<xml><a/>&#32;</xml>"), "expected tag"));
  BOOST_TEST(contains(refusal("<xml><![CDATA[x]]></xml>"), "expected tag"));
  BOOST_TEST(contains(refusal("<xml><![CDATA[]]></xml>"), "expected tag"));
}

BOOST_AUTO_TEST_CASE(acceptsCommentsBetweenElements) {
  BOOST_TEST(FlatXml::parse("<xml><!-- <b>2</b> --><a>1</a><!----></xml>", "xml").fields().size() == 1U);
  refusal("<xml><!-- a -- b --></xml>");
  refusal("<xml><!-- a ---></xml>");
  refusal("<xml><!-- a </xml>");
  refusal("<xml><!-></xml>");
}

BOOST_AUTO_TEST_CASE(refusesTagsThatDoNotMatch) {
  BOOST_TEST(contains(refusal("<xml><a>1</b></xml>"), "</b> where </a>"));
  refusal("<xml><a>1</a ></root>");
  refusal("<xml><a>1</ a></xml>");
  refusal("<xml><a>1</></xml>");
  refusal("<xml><a>1</a</xml>");
  refusal("<xml><a>1</A></xml>");
  refusal("<xml><a>1</a></xml");
  refusal("<xml><a>1</a>");
  refusal("<xml><a>1");
  refusal("<xml><a");
  BOOST_TEST(FlatXml::parse("<xml ><a >1</a \n></xml\t>", "xml").value("a") == "1");
}

BOOST_AUTO_TEST_CASE(refusesDataAfterTheRoot) {
  for (const char* tail : {"x", "<xml/>", "<!-- c -->", "<?pi?>", "&#32;"}) {
    BOOST_TEST_CONTEXT(tail) { BOOST_TEST(contains(refusal(std::string{"<xml><a>1</a></xml>"} + tail), "after the end")); }
  }
  BOOST_TEST(contains(refusal(std::string{"<xml><a>1</a></xml>\0", 20}), "after the end"));
}

BOOST_AUTO_TEST_CASE(refusesRepeatedElements) {
  BOOST_TEST(contains(refusal("<xml><a>1</a><total_fee>1</total_fee><b>1</b><total_fee>1</total_fee></xml>"),
                      "<total_fee> is there more than once"));
  refusal("<xml><a/><a></a></xml>");
}

BOOST_AUTO_TEST_CASE(refusesEndOfCdataInText) {
  BOOST_TEST(contains(refusalOf("a]]>b"), "']]>' in the text of <a>"));
  refusalOf("]]]>");
  refusalOf("<![CDATA[x]]>]]>");
  refusalOf("<![CDATA[x");
  refusalOf("<![CDATA[x]]");
  refusalOf("<![cdata[x]]>");
  refusalOf("<![CDATA x]]>");
  refusalOf("<! [CDATA[x]]>");
}

BOOST_AUTO_TEST_CASE(refusesControlCharactersAndBadUtf8) {
  for (const std::string& bad :
       {std::string{"\0", 1}, std::string{"\x01"}, std::string{"\x08"}, std::string{"\x0B"}, std::string{"\x1F"},
        std::string{"\xEF\xBF\xBE"}, std::string{"\xEF\xBF\xBF"}, std::string{"\x80"}, std::string{"\xC0\x80"},
        std::string{"\xC3"}, std::string{"\xE4\xB8"}, std::string{"\xED\xA0\x80"}, std::string{"\xF4\x90\x80\x80"},
        std::string{"\xF8\x88\x80\x80\x80"}, std::string{"\xD6\xD0"}, std::string{"\xFF"}, std::string{"\xC2<"}}) {
    for (const std::string& content : {bad, "text" + bad + "text", "<![CDATA[" + bad + "]]>", "<!--" + bad + "-->"}) {
      BOOST_TEST_CONTEXT(content) { refusalOf(content); }
    }
    refusal("<xml>" + bad + "</xml>");
    refusal("<xml><a" + bad + "/></xml>");
    refusal("<xml><a/></xml>" + bad);
  }
}

BOOST_AUTO_TEST_CASE(acceptsTheNamesOfXml) {
  for (const char* name : {"a", "_", "a-b.c_d1", "x:y", "名", "é·"}) {
    const auto xml = FlatXml::parse(std::string{"<xml><"} + name + ">1</" + name + "></xml>", "xml");
    BOOST_TEST(xml.value(name) == "1");
  }
  for (const char* name : {"1a", "-a", ".a", "a\xC3\x97", "·a", "a$", "a'"}) {
    BOOST_TEST_CONTEXT(name) { refusal(std::string{"<xml><"} + name + ">1</" + name + "></xml>"); }
  }
}

BOOST_AUTO_TEST_CASE(holdsItsLimits) {
  std::string many = "<xml>";
  for (std::size_t i = 0; i < FlatXml::maxFields; ++i) many += "<f" + std::to_string(i) + "/>";
  BOOST_TEST(FlatXml::parse(many + "</xml>", "xml").fields().size() == FlatXml::maxFields);
  BOOST_TEST(contains(refusal(many + "<g/></xml>"), "more than 4096 elements"));

  const std::string frame = "<xml><a></a></xml>";
  const std::string most(FlatXml::maxBytes - frame.size(), 'x');
  BOOST_TEST(valueOf(most).size() == most.size());
  BOOST_TEST(contains(refusalOf(most + "x"), "more than 1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(messagesHoldNoRawBytes) {
  const std::string message = refusal("<xml><" + std::string(500, 'a') + "\xE4\xB8\xAD b=''/></xml>");
  BOOST_TEST(message.size() < 200U);
  BOOST_TEST(!contains(message, "\xE4"));
}

BOOST_AUTO_TEST_CASE(readsPublishedMessages) {
  const std::string folder = "fixtures/wechatpay/";
  const auto notify = readTestFile(folder + "wechatpay-php/paysuccess.notification.sample.xml");
  const auto paid = FlatXml::parse(notify, "xml");
  BOOST_TEST(paid.fields().size() == 20U);
  BOOST_TEST(paid.value("attach") == "支付测试");
  BOOST_TEST(paid.value("total_fee") == "1");
  const auto refund = FlatXml::parse(readTestFile(folder + "WxJava/refund.response.danpin.xml"), "xml");
  BOOST_TEST(refund.value("total_fee") == "1");
  BOOST_TEST(refund.value("cash_fee") == "1");
  BOOST_TEST(contains(refund.value("promotion_detail"), "\"promotion_id\":\"109519\""));
  const auto order = FlatXml::parse(readTestFile(folder + "wechatpay-php/unifiedorder.sample.xml"), "xml");
  BOOST_TEST(order.value("detail").starts_with("{ \"goods_detail\":[ {"));
  const auto key = FlatXml::parse(readTestFile(folder + "wechatpay-php/getpublickey.response.sample.xml"), "xml");
  BOOST_TEST(key.value("pub_key").ends_with("-----END RSA PUBLIC KEY-----\n"));
  const auto refunded = FlatXml::parse(readTestFile(folder + "wechatpay-php/refund.notification.req_info.sample.xml"), "root");
  BOOST_TEST(refunded.value("refund_recv_accout") == "支付用户零钱");
  for (const char* name : {"wechatpay-php/sendredpack.sample.xml", "WxJava/orderquery.response.coupons.xml",
                           "WxJava/paynotify.coupons.xml", "WxJava/refundquery.response.xml"}) {
    BOOST_TEST_CONTEXT(name) { requireRoundTrip(FlatXml::parse(readTestFile(folder + name), "xml")); }
  }
}

BOOST_AUTO_TEST_CASE(refusesPublishedAttacks) {
  const std::string folder = "fixtures/wechatpay/wechatpay-php/";
  BOOST_TEST(contains(refusal(readTestFile(folder + "invalid.xxe_injection.sample.xml")), "DOCTYPE"));
  BOOST_TEST(contains(refusal(readTestFile(folder + "invalid.bad_entity.sample.xml")), "unexpected root <movies>"));
  BOOST_TEST(contains(refusal(readTestFile(folder + "invalid.normal_404.sample.html")), "unexpected root <html>"));
  const auto fragments = readTestFile(folder + "fragment_injection.sample.xml");
  BOOST_TEST(
      contains(messageOf(Errc::badResponse, [&] { (void)FlatXml::parse(fragments, "batchjob"); }), "nested element <account>"));
}

BOOST_AUTO_TEST_CASE(writesWhatReadsBackTheSame) {
  const Written fields = {{"b", "a<b>&amp;]]>]]>"}, {"a", ""},          {"c", "]]"},   {"d", " \t\r\n\r"},
                          {"e", "季卡😀"},          {"f", "]]]>\r]]>"}, {"g", "&#13;"}};
  const std::string text = writeXml("xml", fields);
  const auto xml = FlatXml::parse(text, "xml");
  for (const auto& [name, value] : fields) BOOST_TEST(xml.value(name) == value);
  BOOST_TEST(writeXml("xml", Written{{"a", "1"}, {"b", "x]]>y"}}) ==
             "<xml><a><![CDATA[1]]></a><b><![CDATA[x]]]]><![CDATA[>y]]></b></xml>");
  BOOST_TEST(writeXml("root", {}) == "<root></root>");
}

BOOST_AUTO_TEST_CASE(writesNothingThatIsNoXml) {
  const auto refused = [](const std::string& root, const Written& fields) {
    return messageOf(Errc::invalidArgument, [&] { (void)writeXml(root, fields); });
  };
  BOOST_TEST(contains(refused("xml", {{"body", std::string{"a\0b", 3}}}), "body"));
  refused("xml", {{"body", "\x08"}});
  refused("xml", {{"body", "\xEF\xBF\xBF"}});
  BOOST_TEST(contains(refused("xml", {{"body", "\xD6\xD0"}}), "body is not UTF-8"));
  refused("xml", {{"", "1"}});
  refused("xml", {{"a><b", "1"}});
  refused("xml", {{"a b", "1"}});
  refused("1xml", {});
}

BOOST_AUTO_TEST_CASE(survivesDamage) {
  const std::string text =
      "<?xml version=\"1.0\"?><xml><!-- c --><appid><![CDATA[wx1]]></appid><attach>a&amp;b&#x20AC;<![CDATA[季]]> x</attach "
      "><e/></xml>";
  const std::size_t accepted =
      unit::acceptedDamage(text, 20000, [](const std::string& damaged) { requireRoundTrip(FlatXml::parse(damaged, "xml")); });
  BOOST_TEST(accepted > 0U);
  BOOST_TEST(accepted < 15000U);
}

BOOST_AUTO_TEST_SUITE_END()
