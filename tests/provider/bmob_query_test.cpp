// The query builder: every operator, and how conditions come together.
#include <support/bmob.hpp>

namespace {

using namespace openapi;
using namespace openapi::test::bmobs;

struct Builder : Fixture {
  [[nodiscard]] bmob::Query table() const { return bmob.query("GameScore"); }
};

std::string where(const bmob::Query& query) { return query.whereJson().json(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_query)

BOOST_FIXTURE_TEST_CASE(every_operator, Builder) {
  const auto teams = bmob.query("Team").greaterThan("winPct", Json::Number{"0.5"});
  const bmob::GeoPoint here{23.05, 113.4};
  const bmob::GeoPoint there{24, 114};
  const bmob::Pointer post{"Post", "1dafb9ed9b"};
  const std::vector<std::pair<std::string, std::string>> cases{
      {where(table()), "{}"},
      {where(table().equalTo("a", 1)), R"({"a":1})"},
      {where(table().equalTo("a", nullptr)), R"({"a":null})"},
      {where(table().notEqualTo("a", "x")), R"({"a":{"$ne":"x"}})"},
      {where(table().lessThan("a", 1)), R"({"a":{"$lt":1}})"},
      {where(table().lessThanOrEqualTo("a", 1)), R"({"a":{"$lte":1}})"},
      {where(table().greaterThan("a", 1)), R"({"a":{"$gt":1}})"},
      {where(table().greaterThanOrEqualTo("a", 1)), R"({"a":{"$gte":1}})"},
      {where(table().containedIn("a", {1, "b"})), R"({"a":{"$in":[1,"b"]}})"},
      {where(table().notContainedIn("a", {true})), R"({"a":{"$nin":[true]}})"},
      {where(table().containsAll("a", {1, 2})), R"({"a":{"$all":[1,2]}})"},
      {where(table().exists("a")), R"({"a":{"$exists":true}})"},
      {where(table().doesNotExist("a.b")), R"({"a.b":{"$exists":false}})"},
      {where(table().matches("a", "^k\".*\\d")), R"({"a":{"$regex":"^k\".*\\d"}})"},
      {where(table().matches("a", "k", "im")), R"({"a":{"$regex":"k","$options":"im"}})"},
      {where(table().inQuery("post", bmob.query("Post").exists("image"))),
       R"({"post":{"$inQuery":{"where":{"image":{"$exists":true}},"className":"Post"}}})"},
      {where(table().notInQuery("post", bmob.query("_User").equalTo("a", 1).limit(5).order("-b"))),
       R"({"post":{"$notInQuery":{"where":{"a":1},"className":"_User","limit":5,"order":"-b"}}})"},
      {where(table().matchesKeyInQuery("hometown", "city", teams)),
       R"({"hometown":{"$select":{"query":{"className":"Team","where":{"winPct":{"$gt":0.5}}},"key":"city"}}})"},
      {where(table().doesNotMatchKeyInQuery("hometown", "city", teams)),
       R"({"hometown":{"$dontSelect":{"query":{"className":"Team","where":{"winPct":{"$gt":0.5}}},"key":"city"}}})"},
      {where(table().relatedTo(post, "likes")),
       R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Post","objectId":"1dafb9ed9b"},"key":"likes"}})"},
      {where(table().nearTo("place", here)),
       R"({"place":{"$nearSphere":{"__type":"GeoPoint","latitude":23.05,"longitude":113.4},"$maxDistanceInKilometers":100}})"},
      {where(table().nearTo("place", here, 0.5, bmob::DistanceUnit::miles)),
       R"({"place":{"$nearSphere":{"__type":"GeoPoint","latitude":23.05,"longitude":113.4},"$maxDistanceInMiles":0.5}})"},
      {where(table().nearTo("place", here, 1, bmob::DistanceUnit::radians)),
       R"({"place":{"$nearSphere":{"__type":"GeoPoint","latitude":23.05,"longitude":113.4},"$maxDistanceInRadians":1}})"},
      {where(table().withinBox("place", here, there)),
       R"({"place":{"$within":{"$box":[{"__type":"GeoPoint","latitude":23.05,"longitude":113.4},)"
       R"({"__type":"GeoPoint","latitude":24,"longitude":114}]}}})"},
      {where(table().where(Fields{{"a", 1}})), R"({"a":1})"},
      {where(table().equalTo("updatedAt", ">=", "2018-08-21 18:02:52")),
       R"({"updatedAt":{"$gte":{"__type":"Date","iso":"2018-08-21 18:02:52"}}})"},
      {where(table().lessThan("createdAt", bmob::Date{"2018-08-21 18:02:52"})),
       R"({"createdAt":{"$lt":{"__type":"Date","iso":"2018-08-21 18:02:52"}}})"},
      {where(table().lessThan("releasedAt", "2018-08-21 18:02:52")), R"({"releasedAt":{"$lt":"2018-08-21 18:02:52"}})"},
  };
  for (const auto& [ours, expected] : cases) BOOST_TEST(ours == expected);
}

BOOST_FIXTURE_TEST_CASE(conditions_come_together, Builder) {
  const auto a = table().equalTo("a", 1);
  const auto b = table().equalTo("b", 2);
  const auto c = table().equalTo("c", 3);
  const bmob::GeoPoint here{1, 2};
  const std::string place =
      R"("p":{"$nearSphere":{"__type":"GeoPoint","latitude":1,"longitude":2},"$maxDistanceInKilometers":100})";
  BOOST_TEST(where(table().equalTo("a", 1).equalTo("b", 2)) == R"({"$and":[{"a":1},{"b":2}]})");
  BOOST_TEST(where(table().greaterThan("a", 1).lessThan("a", 9)) == R"({"$and":[{"a":{"$gt":1}},{"a":{"$lt":9}}]})");
  BOOST_TEST(where(table().anyOf({a, b}).equalTo("c", 3)) == R"({"$or":[{"a":1},{"b":2}],"c":3})");
  BOOST_TEST(where(table().equalTo("c", 3).equalTo("d", 4).anyOf({a, b})) ==
             R"({"$or":[{"a":1},{"b":2}],"$and":[{"c":3},{"d":4}]})");
  // Nothing that was said is dropped, where the SDK forgets one of two.
  BOOST_TEST(where(table().anyOf({a, b}).anyOf({b, c})) == R"({"$or":[{"a":1},{"b":2}],"$and":[{"$or":[{"b":2},{"c":3}]}]})");
  BOOST_TEST(where(table().allOf({a, b}).equalTo("c", 3).equalTo("d", 4)) == R"({"$and":[{"a":1},{"b":2},{"c":3},{"d":4}]})");
  BOOST_TEST(where(table().allOf({a, b}).anyOf({b, c})) == R"({"$and":[{"a":1},{"b":2}],"$or":[{"b":2},{"c":3}]})");
  BOOST_TEST(where(table().nearTo("p", here).equalTo("a", 1)) == "{" + place + R"(,"a":1})");
  BOOST_TEST(where(table().nearTo("p", here).anyOf({a, b})) == "{" + place + R"(,"$or":[{"a":1},{"b":2}]})");
  BOOST_TEST(where(table().nearTo("p", here).exists("p")) == "{" + place + R"(,"$and":[{"p":{"$exists":true}}]})");
  // Groups in groups.
  const auto both = table().anyOf({a, b});
  BOOST_TEST(where(table().anyOf({both, c})) == R"({"$or":[{"$or":[{"a":1},{"b":2}]},{"c":3}]})");
}

BOOST_FIXTURE_TEST_CASE(a_query_is_a_value, Builder) {
  const auto first = table().equalTo("a", 1);
  auto second = first;
  second.equalTo("b", 2);
  BOOST_TEST(where(first) == R"({"a":1})");
  script({answer(R"({"results":[]})"), answer(R"({"results":[]})")});
  wait(first.find());
  wait(first.find());
  BOOST_TEST(sent()[0].url == sent()[1].url);
}

BOOST_FIXTURE_TEST_CASE(operators_that_do_not_exist, Builder) {
  for (const auto* bad : {"=", "===", "<>", "=>", "like", "", "$gt", ">;"}) {
    const auto error = thrownBy([&] { table().equalTo("a", bad, 1); });
    BOOST_TEST((error.errc() == Errc::invalidArgument));
    BOOST_TEST(contains(error.what(), "there is no operator " + std::string{bad}));
    BOOST_TEST((error.outcome() == Outcome::notSent));
  }
  BOOST_TEST(contains(thrownBy([&] { table().having("_sumScore", "~", 1); }).what(), "there is no operator ~"));
  BOOST_TEST((thrownBy([&] { table().matches("a", "k", "g"); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([&] { table().matches("a", ""); }).errc() == Errc::invalidArgument));
}

BOOST_FIXTURE_TEST_CASE(names_that_are_no_columns, Builder) {
  for (const std::string bad : {"", "$where", "a b", "a\"", "a'b", "1a", "_a", "a.", ".a", "a..b", "a.$b", "名"}) {
    BOOST_TEST((thrownBy([&] { table().equalTo(bad, 1); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { table().exists(bad); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { table().nearTo(bad, bmob::GeoPoint{1, 2}); }).errc() == Errc::invalidArgument), bad);
  }
  BOOST_TEST(contains(thrownBy([&] { table().equalTo("a b", 1); }).what(), "'a b' is no name of a column"));
  for (const std::string bad : {"", "a b", "a;b", "a&limit=1", "名"}) {
    BOOST_TEST((thrownBy([&] { table().order(bad); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { table().select(bad); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { table().include(bad); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { table().sum(bad); }).errc() == Errc::invalidArgument), bad);
  }
  BOOST_TEST((thrownBy([&] { table().limit(-1); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([&] { table().skip(-1); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([&] { table().nearTo("a", bmob::GeoPoint{1, 2}, 0); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([&] { table().where(Json{1}); }).errc() == Errc::invalidArgument));
}

BOOST_FIXTURE_TEST_CASE(groups_take_conditions_only, Builder) {
  const auto refused = [&](const std::vector<bmob::Query>& queries) {
    BOOST_TEST((thrownBy([&] { table().anyOf(queries); }).errc() == Errc::invalidArgument));
  };
  refused({});
  refused({table()});
  refused({table().equalTo("a", 1).limit(5)});
  refused({table().equalTo("a", 1).order("a")});
  refused({table().equalTo("a", 1), bmob.query("Other").equalTo("a", 1)});
}

BOOST_FIXTURE_TEST_CASE(a_long_chain, Builder) {
  script(R"({"results":[{"objectId":"a1","score":101}],"count":7})");
  const auto found = wait(table()
                              .greaterThan("score", 100)
                              .order("-createdAt")
                              .limit(20)
                              .select("score")
                              .include("post[likes].author")
                              .withCount()
                              .find());
  requireSent(only(), "GET /1/classes/GameScore",
              {{"where", R"({"score":{"$gt":100}})"},
               {"limit", "20"},
               {"order", "-createdAt"},
               {"keys", "score"},
               {"include", "post[likes].author"},
               {"count", "1"}});
  BOOST_TEST(found.count.value() == 7);
  BOOST_TEST(*found.results.front().find("score")->integer() == 101);
}

BOOST_FIXTURE_TEST_CASE(the_first_row, Builder) {
  script(R"({"results":[{"objectId":"a1"}]})");
  BOOST_TEST(wait(table().exists("a").limit(50).first()).value().objectId == "a1");
  BOOST_TEST(queryOf(only()).at("limit") == "1");
  script(R"({"results":[]})");
  BOOST_TEST(!wait(table().first()));
}

BOOST_FIXTURE_TEST_CASE(a_bare_list_is_understood, Builder) {
  script(R"([{"objectId":"a1"}])");
  BOOST_TEST(wait(table().find()).results.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(statistics, Builder) {
  script(R"({"results":[{"_sumScore":540,"_count":3,"who":"A"}]})");
  const auto done = wait(table()
                             .sum("score", "lives")
                             .average("score")
                             .maximum("score")
                             .minimum("score")
                             .groupBy("who", "createdAt")
                             .groupCount()
                             .having("_sumScore", ">", 100)
                             .having("_count", "==", 3)
                             .equalTo("a", 1)
                             .order("-_sumScore")
                             .skip(2)
                             .statistics());
  requireSent(only(), "GET /1/classes/GameScore",
              {{"where", R"({"a":1})"},
               {"limit", "100"},
               {"skip", "2"},
               {"order", "-_sumScore"},
               {"sum", "score,lives"},
               {"average", "score"},
               {"max", "score"},
               {"min", "score"},
               {"groupby", "who,createdAt"},
               {"groupcount", "true"},
               {"having", R"({"_sumScore":{"$gt":100},"_count":3})"}});
  BOOST_TEST(*done.results.front().find("_sumScore")->integer() == 540);
  script(R"([{"_count":3}])");
  BOOST_TEST(wait(table().groupCount().statistics()).results.size() == 1U);
  requireRefused(*this, "sum", table().statistics());
}

BOOST_AUTO_TEST_SUITE_END()
