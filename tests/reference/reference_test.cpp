// Every row of every table of the requirement document is in the reference, in both languages, under its documented name.
#include "coverage.hpp"

#include <support/files.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace openapi::test;

/// Where the requirement document is wrong. The real fields are those of WeChat's own documents and answers.
std::vector<Mistake> mistakesOfTheDocument() {
  std::vector<Mistake> mistakes{
      // The list of results is called `results`, in the document's own sample too.
      {"weixin img.aiCrop", "output", "result", "results"},
      // The groups of a distribution are named in snake_case here only; names are converted at every depth.
      {"weixin analysis.getVisitDistribution", "item_list", "key", "list[].itemList[].key"},
      {"weixin analysis.getVisitDistribution", "item_list", "value", "list[].itemList[].value"},
      // Visitors are a fourth group with this `index`, not a member of each row.
      {"weixin analysis.getVisitDistribution", "item_list", "access_source_visit_uv", "list[].itemList[].value"},
      // A portrait has no `index`: its groups are its members.
      {"weixin analysis.getUserPortrait", "visitUvNew", "index", ""},
      {"weixin analysis.getUserPortrait", "visitUv", "index", ""},
  };
  // The number of visitors is called `value`.
  for (const std::string group : {"province", "city", "genders", "platforms", "devices", "ages"}) {
    mistakes.push_back({"weixin analysis.getUserPortrait", group, "accessSourceVisitUv", "visitUv." + group + "[].value"});
  }
  // The answer is a day with a list of pages, not one page.
  for (const std::string name :
       {"pagePath", "pageVisitPv", "pageVisitUv", "pageStaytimePv", "entrypagePv", "exitpagePv", "pageSharePv", "pageShareUv"}) {
    mistakes.push_back({"weixin analysis.getVisitPage", "output", name, "list[]." + name});
  }
  return mistakes;
}

std::vector<TableRow> document() { return tableRows(readFile(sourcePath("tests/fixtures/spec/unicloud-openapi.md"))); }

std::string chinesePage() { return readFile(sourcePath("docs/reference.zh.md")); }

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += "\n  " + line;
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reference)

BOOST_AUTO_TEST_CASE(the_document_is_read_completely) { BOOST_TEST(document().size() == 459U); }

BOOST_AUTO_TEST_CASE(every_row_is_covered) {
  const auto problems = disagreements(document(), readReference(chinesePage()), mistakesOfTheDocument());
  BOOST_TEST(problems.empty(), joined(problems));
}

BOOST_AUTO_TEST_CASE(both_languages_say_the_same) {
  const auto english = readReference(readFile(sourcePath("docs/reference.md")));
  const auto chinese = readReference(chinesePage());
  std::size_t compared = 0;
  for (const auto& [heading, method] : chinese) {
    if (method.output.empty() && method.input.empty()) continue;
    const auto twin = english.find(heading);
    BOOST_REQUIRE_MESSAGE(twin != english.end(), heading);
    BOOST_TEST((twin->second.input == method.input && twin->second.output == method.output), heading);
    BOOST_TEST(twin->second.errors.size() == method.errors.size(), heading);
    BOOST_TEST(twin->second.values.size() == method.values.size(), heading);
    ++compared;
  }
  BOOST_TEST(compared == 93U);  // 90 methods, payment counted once, and three configurations
}

// What the comparison would report.

BOOST_AUTO_TEST_CASE(a_row_that_is_missing_is_reported) {
  const auto page = replaced(chinesePage(), "`list[].visitTotal`", "`list[].visit_total`");
  const auto problems = disagreements(document(), readReference(page), mistakesOfTheDocument());
  BOOST_TEST(problems.size() == 1U, joined(problems));
  BOOST_TEST(problems.front().find("analysis.getDailySummary, list, visitTotal") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_code_with_another_meaning_is_reported) {
  const auto page = replaced(chinesePage(), "没有绑定开放平台帐号", "其他");
  BOOST_TEST(disagreements(document(), readReference(page), mistakesOfTheDocument()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_missing_is_reported) {
  const auto page = replaced(chinesePage(), "| `CancelTyping` |", "| `StopTyping` |");
  BOOST_TEST(disagreements(document(), readReference(page), mistakesOfTheDocument()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_mistake_that_is_none_is_reported) {
  auto mistakes = mistakesOfTheDocument();
  mistakes.push_back({"weixin auth.getOpenid", "output", "openid", "openid"});
  BOOST_TEST(disagreements(document(), readReference(chinesePage()), mistakes).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_mistake_that_is_not_in_the_document_is_reported) {
  auto mistakes = mistakesOfTheDocument();
  mistakes.push_back({"weixin auth.getOpenid", "output", "openId", "openid"});
  BOOST_TEST(disagreements(document(), readReference(chinesePage()), mistakes).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_real_field_that_is_not_there_is_reported) {
  auto mistakes = mistakesOfTheDocument();
  mistakes.front().real = "resultList";
  BOOST_TEST(disagreements(document(), readReference(chinesePage()), mistakes).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_table_of_no_known_kind_is_reported) {
  const std::string table = "# 微信小程序平台\n### auth.getOpenid\n\n别的表格\n\n|甲|乙|\n|-|-|\n|a|b|\n";
  const auto problems = disagreements(tableRows(table), readReference(chinesePage()), {});
  BOOST_TEST(problems.size() == 1U, joined(problems));
}

BOOST_AUTO_TEST_SUITE_END()
