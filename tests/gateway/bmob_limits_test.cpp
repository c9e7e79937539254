#include "bmob_bench.hpp"

#include <gateways/bmob/json_list.hpp>
#include <gateways/bmob/refused.hpp>
#include <openapi/http_options.hpp>

using namespace bmob_bench;

namespace {

constexpr std::size_t largeText = 500'000;
const std::string tooMuch =
    R"({"code":107,"error":"the request takes too much work: it needs fewer conditions, a shorter $regex, or fewer or smaller rows."})";
const std::string tooLarge = R"({"code":107,"error":"the answer is larger than 8388608 bytes, or has more than 500000 values: )"
                             R"(ask for fewer rows or columns (limit, keys)."})";

std::string body(const Answer& answer) { return answer.reply.body; }

/// Rows of half a MiB.
struct LargeRows : Bench {
  explicit LargeRows(int count) {
    const auto text = std::string(largeText / 2, 'a');
    for (int i = 0; i < count; ++i) row("T", Json{Fields{{"n", i}, {"text", text}, {"list", Json::Array{text}}}}.json());
  }
  /// A query that asks too much, and what becomes of the next one.
  void refuses(const Json& where) const {
    BOOST_TEST(body(find("T", where.json())) == tooMuch, where.json().substr(0, 100));
    BOOST_TEST(find("T", R"({"n":1})", {{"keys", "n"}}).results().size() == 1U);
  }
};

Json repeated(const std::string& name, const Json& item, int times) {
  return Fields{{name, Json::Array(static_cast<std::size_t>(times), item)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_limits)

BOOST_AUTO_TEST_CASE(the_work_of_a_query) {
  const LargeRows rows{40};
  rows.refuses(Fields{{"text", Fields{{"$regex", "(?:a?){100}(?:a){100}z"}}}});
  rows.refuses(Fields{{"list", Fields{{"$regex", "(?:a?){100}(?:a){100}z"}}}});
  rows.refuses(Fields{{"list", Fields{{"$all", Json::Array(480, Json{"b"})}}}});
  rows.refuses(repeated("$or", Fields{{"text", "b"}}, 240));
  rows.refuses(
      Fields{{"$or", Json::Array{repeated("$or", Fields{{"list", "b"}}, 120), repeated("$and", Fields{{"list", "a"}}, 120)}}});
  const auto inner = Fields{{"className", "T"}, {"where", repeated("$or", Fields{{"text", "b"}}, 230)}};
  rows.refuses(Fields{{"text", Fields{{"$select", Fields{{"query", inner}, {"key", "text"}}}}}});
  BOOST_TEST(rows.find("T", R"({"text":{"$regex":"^a+$"},"n":{"$lt":3}})", {{"keys", "n"}}).results().size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_work_of_sorting_and_adding_up) {
  const LargeRows rows{20};
  std::string order;
  for (int i = 0; i < 100; ++i) order += "list." + std::to_string(i) + ",";
  BOOST_TEST(body(rows.find("T", "", {{"order", order}, {"keys", "n"}})).starts_with(R"({"results":[)"));
  Query all{{"sum", ""}, {"average", ""}, {"max", ""}, {"min", ""}};
  for (auto& [name, columns] : all) {
    for (int i = 0; i < 100; ++i) columns += "n,";
  }
  BOOST_TEST(body(rows.find("T", "", all)) == tooMuch);
  BOOST_TEST(rows.get("/1/classes/T?sum=n").results().at(0).json() == R"({"_sumN":190})");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_too_much_work_leaves_nothing) {
  const LargeRows rows{1};
  const auto id = *rows.find("T", "", {{"keys", "n"}}).results().at(0).find("objectId")->string();
  const auto op = Fields{{"__op", "AddUnique"}, {"objects", Json::Array{1}}};
  const auto write = Fields{{"n", 7}, {"list", Fields{{"__op", "Batch"}, {"ops", Json::Array(50, op)}}}};
  const auto item = Fields{{"method", "PUT"}, {"path", "/1/classes/T/" + id}, {"body", write}};
  BOOST_TEST(body(rows.post("/1/batch", repeated("requests", item, 50).json())) == tooMuch);
  BOOST_TEST(rows.get("/1/classes/T/" + id).text("n") == "0");
  BOOST_TEST(rows.put("/1/classes/T/" + id, R"({"n":8})").reply.status == 200);
  BOOST_TEST(rows.get("/1/classes/T/" + id).text("n") == "8");
}

BOOST_AUTO_TEST_CASE(regular_expressions_have_limits) {
  Bench bench;
  bench.row("T", R"({"text":"a"})");
  const auto error = [&](const Json& where) { return bench.find("T", where.json()).error(); };
  const auto regex = [](const std::string& pattern) { return Fields{{"text", Fields{{"$regex", pattern}}}}; };
  BOOST_TEST(error(regex(std::string(1000, 'a'))).empty());
  BOOST_TEST(error(regex(std::string(1001, 'a'))) == "$regex is longer than 1000 bytes.");
  BOOST_TEST(error(regex("((ab){20}){20}")).empty());
  BOOST_TEST(error(regex("((abc){30}){30}")) == "$regex is too complicated: use smaller repetitions and classes.");
  BOOST_TEST(error(regex(R"([\x{4e00}-\x{9fa5}]{2,8})")).empty());
  BOOST_TEST(error(repeated("$or", regex("a"), 16)).empty());
  BOOST_TEST(error(repeated("$or", regex("a"), 17)) == "the query has more than 16 $regex.");
}

BOOST_AUTO_TEST_CASE(an_answer_is_one_that_our_client_reads) {
  BOOST_TEST(bmob::maxAnswerBytes <= HttpOptions{}.maxResponseBytes);
  Bench bench;
  const auto text = std::string(largeText, 'a');
  for (int i = 0; i < 17; ++i) bench.row("T", Json{Fields{{"text", text}, {"n", i}}}.json());
  BOOST_TEST(body(bench.find("T", "")) == tooLarge);
  BOOST_TEST(bench.find("T", "", {{"limit", "16"}}).results().size() == 16U);
  BOOST_TEST(bench.find("T", "", {{"keys", "n"}}).results().size() == 17U);
  BOOST_TEST(body(bench.find("T", "", {{"keys", "text,n"}})) == tooLarge);
  BOOST_TEST(body(bench.find("T", "", {{"groupby", "text,n"}})) == tooLarge);
  // 500,000 values are the most that the client's reader takes.
  const auto many = Json{Json::Array(166'000, Json{1})}.json();
  for (int i = 0; i < 4; ++i) bench.row("Many", R"({"list":)" + many + "}");
  BOOST_TEST(bench.find("Many", "", {{"limit", "3"}}).results().size() == 3U);
  BOOST_TEST(body(bench.find("Many", "")) == tooLarge);
}

BOOST_AUTO_TEST_CASE(values_are_counted_as_the_reader_counts) {
  const auto fits = [](std::size_t values, const std::string& item) {
    std::string json = "[" + item;
    for (std::size_t i = 2; i < values; ++i) json += "," + item;
    try {
      bmob::requireReadable(json + "]");
      return true;
    } catch (const bmob::Refused&) {
      return false;
    }
  };
  BOOST_TEST(fits(500'000, "111"));
  BOOST_TEST(!fits(500'001, "111"));
  BOOST_TEST(fits(500'000, R"(",[{\"")"));
  BOOST_TEST(!fits(500'001, R"("\\")"));
}

BOOST_AUTO_TEST_CASE(included_rows_have_a_limit_for_all_columns_together) {
  Bench bench;
  const auto big = bench.row("Big", Json{Fields{{"text", std::string(largeText, 'x')}, {"n", 1}}}.json());
  Fields row;
  for (int i = 0; i < 10; ++i) {
    row.append("p" + std::to_string(i), Fields{{"__type", "Pointer"}, {"className", "Big"}, {"objectId", big}});
  }
  for (int i = 0; i < 2; ++i) bench.row("T", Json{row}.json());
  const std::string all = "p0,p1,p2,p3,p4,p5,p6,p7,p8,p9";
  BOOST_TEST(body(bench.find("T", "", {{"include", all}})) == tooLarge);
  BOOST_TEST(bench.find("T", "", {{"include", "p0,p1,p2,p3,p4,p5,p6,p7"}}).results().size() == 2U);
  BOOST_TEST(bench.find("T", "", {{"include", "p0[n],p1[n],p2,p3,p4,p5,p6,p7,p8,p9"}}).results().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_thousand_members_of_a_large_column) {
  Bench bench;
  const auto zeros = Json::Array(100'000, Json{0});
  const auto id = bench.row("T", Json{Fields{{"o", Fields{{"zeros", zeros}, {"last", true}}}}}.json());
  Fields write;
  for (int i = 0; i < 500; ++i) write.append("o.zeros." + std::to_string(i), i);
  for (int i = 0; i < 500; ++i) write.append("o.k" + std::to_string(i), i);  // would take minutes with a copy for each
  BOOST_TEST(bench.put("/1/classes/T/" + id, Json{write}.json()).reply.status == 200);
  const auto row = bench.get("/1/classes/T/" + id).json;
  const auto* object = row.find("o");
  BOOST_TEST_REQUIRE(object->object()->size() == 502U);
  BOOST_TEST(object->find("zeros")->array()->at(499).json() == "499");
  BOOST_TEST(object->find("zeros")->array()->at(500).json() == "0");
  BOOST_TEST(object->object()->begin()[1].name == "last");
  BOOST_TEST(object->find("k499")->json() == "499");
}

BOOST_AUTO_TEST_CASE(members_are_changed_in_their_order) {
  Bench bench;
  const auto id = bench.row("T", R"({"o":{"a":{"b":1},"list":[1,{"x":2}],"s":"t"},"s":"t"})");
  const auto after = [&](const std::string& sent) {
    const auto answer = bench.put("/1/classes/T/" + id, sent);
    BOOST_TEST(answer.reply.status == 200, body(answer));
    return bench.get("/1/classes/T/" + id).text("o");
  };
  const auto code = [&](const std::string& sent) { return bench.put("/1/classes/T/" + id, sent).code(); };
  BOOST_TEST(after(R"({"o.a":{"c":1},"o.a.d":2,"o.list.1.x":{"__op":"Increment","amount":5}})") ==
             R"({"a":{"c":1,"d":2},"list":[1,{"x":7}],"s":"t"})");
  BOOST_TEST(after(R"({"o.a.d":3,"o.a":{"__op":"Delete"},"o.list.0":{"__op":"Delete"},"o.gone.x":{"__op":"Delete"}})") ==
             R"({"list":[null,{"x":7}],"s":"t","gone":{}})");
  BOOST_TEST(after(R"({"o.list":{"__op":"Add","objects":[9]},"o.list.2":8})") ==
             R"({"list":[null,{"x":7},8],"s":"t","gone":{}})");
  BOOST_TEST(after(R"({"o.x":1,"o":{"y":2},"o.z":3})") == R"({"y":2,"z":3})");
  BOOST_TEST(after(R"({"o":{"__op":"Delete"},"o.z.z":3})") == R"({"z":{"z":3}})");
  BOOST_TEST(code(R"({"o.z.z.z":1})") == 105);
  BOOST_TEST(code(R"({"s.x":1})") == 111);
  BOOST_TEST(code(R"({"o.z":1,"o.z.y":1})") == 105);
  BOOST_TEST(bench.get("/1/classes/T/" + id).text("o") == R"({"z":{"z":3}})");
}

BOOST_AUTO_TEST_SUITE_END()
