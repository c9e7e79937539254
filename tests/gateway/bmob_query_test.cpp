#include "bmob_bench.hpp"

using namespace bmob_bench;

namespace {

struct Games : Bench {
  Games() {
    row("Game", R"({"who":"A","score":150,"tags":["x","y"],"at":{"__type":"Date","iso":"2018-08-21 18:02:52"},"yes":true})");
    row("Game", R"({"who":"B","score":100,"tags":["y"],"at":{"__type":"Date","iso":"2018-08-22 08:00:00"},"yes":false})");
    row("Game", R"({"who":"A","score":5,"tags":[],"nested":{"city":"广州","list":[1,"a"]}})");
    row("Game", R"({"who":"C"})");
  }
  /// The `who` of what is found, in order.
  std::string who(const std::string& where, const Query& more = {}) const {
    const auto answer = find("Game", where, more);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    std::string all;
    for (const auto& item : answer.results()) all += *item.find("who")->string();
    return all;
  }
  std::string error(const std::string& where) const {
    const auto answer = find("Game", where);
    BOOST_TEST(answer.reply.status == 400);
    return std::to_string(answer.code()) + " " + answer.error();
  }
};

std::string pointer(const std::string& name, const std::string& id) {
  return R"({"__type":"Pointer","className":")" + name + R"(","objectId":")" + id + "\"}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_query)

BOOST_AUTO_TEST_CASE(comparisons) {
  Games games;
  BOOST_TEST(games.who("") == "ABAC");
  BOOST_TEST(games.who("{}") == "ABAC");
  BOOST_TEST(games.who(R"({"who":"A"})") == "AA");
  BOOST_TEST(games.who(R"({"score":100})") == "B");
  BOOST_TEST(games.who(R"({"score":100.0})") == "B");
  BOOST_TEST(games.who(R"({"score":"100"})").empty());
  BOOST_TEST(games.who(R"({"yes":true})") == "A");
  BOOST_TEST(games.who(R"({"yes":1})").empty());
  BOOST_TEST(games.who(R"({"score":{"$gt":5,"$lte":100}})") == "B");
  BOOST_TEST(games.who(R"({"score":{"$gte":100}})") == "AB");
  BOOST_TEST(games.who(R"({"score":{"$lt":100}})") == "A");
  BOOST_TEST(games.who(R"({"who":{"$ne":"A"}})") == "BC");
  BOOST_TEST(games.who(R"({"score":{"$ne":100}})") == "AAC");
  BOOST_TEST(games.who(R"({"none":{"$ne":1}})") == "ABAC");
  BOOST_TEST(games.who(R"({"none":1})").empty());
  BOOST_TEST(games.who(R"({"score":null})") == "C");
  BOOST_TEST(games.who(R"({"score":{"$ne":null}})") == "ABA");
  BOOST_TEST(games.who(R"({"who":{"$gt":"A"}})") == "BC");
  BOOST_TEST(games.who(R"({"$and":[{"score":{"$gt":60}},{"score":{"$lte":140}}]})") == "B");
  BOOST_TEST(games.who(R"({"$or":[{"score":150},{"who":"C"}],"$and":[]})") == "AC");
  BOOST_TEST(games.who(R"({"$or":[{"score":150},{"$or":[{"who":"C"},{"score":5}]}]})") == "AAC");
}

BOOST_AUTO_TEST_CASE(members_and_arrays) {
  Games games;
  BOOST_TEST(games.who(R"({"who":{"$in":["B","C",null,1]}})") == "BC");
  BOOST_TEST(games.who(R"({"score":{"$in":[5,100.0]}})") == "BA");
  BOOST_TEST(games.who(R"({"score":{"$in":[null]}})") == "C");
  BOOST_TEST(games.who(R"({"score":{"$in":[]}})").empty());
  BOOST_TEST(games.who(R"({"score":{"$nin":[5,100]}})") == "AC");
  BOOST_TEST(games.who(R"({"tags":"y"})") == "AB");
  BOOST_TEST(games.who(R"({"tags":["y"]})") == "B");
  BOOST_TEST(games.who(R"({"tags":{"$ne":"x"}})") == "BAC");
  BOOST_TEST(games.who(R"({"tags":{"$in":["x","z"]}})") == "A");
  BOOST_TEST(games.who(R"({"tags":{"$nin":["x"]}})") == "BAC");
  BOOST_TEST(games.who(R"({"tags":{"$all":["x","y"]}})") == "A");
  BOOST_TEST(games.who(R"({"tags":{"$exists":false}})") == "C");
  BOOST_TEST(games.who(R"({"tags":{"$exists":true}})") == "ABA");
  BOOST_TEST(games.who(R"({"none":{"$exists":false}})") == "ABAC");
  BOOST_TEST(games.who(R"({"nested.city":"广州"})") == "A");
  BOOST_TEST(games.who(R"({"nested.list":"a"})") == "A");
  BOOST_TEST(games.who(R"({"nested.list.0":1})") == "A");
  BOOST_TEST(games.who(R"({"nested.list.0":{"$gte":1}})") == "A");
  BOOST_TEST(games.who(R"({"nested.list.0":"1"})").empty());
  BOOST_TEST(games.who(R"({"nested.list":{"$in":[1]}})") == "A");
  BOOST_TEST(games.who(R"({"nested":{"city":"广州","list":[1,"a"]}})") == "A");
}

BOOST_AUTO_TEST_CASE(times) {
  Games games;
  BOOST_TEST(games.who(R"({"at":{"$gt":{"__type":"Date","iso":"2018-08-21 18:02:52"}}})") == "B");
  BOOST_TEST(games.who(R"({"at":{"$gte":{"__type":"Date","iso":"2018-08-21T10:02:52.000Z"}}})") == "AB");
  BOOST_TEST(games.who(R"({"at":{"__type":"Date","iso":"2018-08-21 18:02:52"}})") == "A");
  games.advance(std::chrono::milliseconds{1500});
  games.row("Game", R"({"who":"D"})");
  BOOST_TEST(games.who(R"({"createdAt":{"$gt":{"__type":"Date","iso":"2024-01-02 11:04:08"}}})") == "D");
  BOOST_TEST(games.who(R"({"createdAt":{"$lte":{"__type":"Date","iso":"2024-01-02 11:04:09"}}})") == "ABAC");
  BOOST_TEST(games.who(R"({"updatedAt":{"$gt":"2024-01-02 11:04:09"}})") == "D");
  BOOST_TEST(games.who(R"({"createdAt":{"__type":"Date","iso":"2024-01-02 11:04:09"}})") == "D");
  BOOST_TEST(games.error(R"({"createdAt":{"$gt":"soon"}})") == "107 invalid date: soon.");
}

BOOST_AUTO_TEST_CASE(regular_expressions) {
  Games games;
  BOOST_TEST(games.who(R"({"who":{"$regex":"A.*"}})") == "AA");
  BOOST_TEST(games.who(R"({"who":{"$regex":"a","$options":"i"}})") == "AA");
  BOOST_TEST(games.who(R"({"tags":{"$regex":"^x$"}})") == "A");
  BOOST_TEST(games.who(R"({"nested.city":{"$regex":"州$"}})") == "A");
  BOOST_TEST(games.who(R"({"score":{"$regex":"1"}})").empty());
  BOOST_TEST(games.error(R"({"who":{"$regex":"("}})") == "102 Invalid value for key '$regex'.");
  BOOST_TEST(games.error(R"x({"who":{"$regex":"(?=a)"}})x") == "102 Invalid value for key '$regex'.");
  BOOST_TEST(games.error(R"({"who":{"$regex":1}})") == "102 Invalid value for key '$regex'.");
  BOOST_TEST(games.error(R"({"who":{"$regex":"a","$options":"e"}})") == "102 Invalid value for key '$options'.");
  games.row("Game", Json{Fields{{"who", std::string(100'000, 'a')}}}.json());
  BOOST_TEST(games.who(R"({"who":{"$regex":"^(a+)+$b"}})").empty());  // would take for ever with back-tracking
}

BOOST_AUTO_TEST_CASE(the_query_of_the_sheet) {
  Bench bench;
  const Json everybody = Fields{{"*", Fields{{"read", true}}}};
  for (const int like : {70, 100, 240, 300})
    bench.row("Diary", Json{Fields{{"isLike", like}, {"title", "t" + std::to_string(like)}, {"ACL", everybody}}}.json());
  const auto answer = bench.get(
      "/1/classes/Diary?where=%7B%22$and%22:[%7B%22isLike%22:%7B%22$gt%22:60%7D%7D,%7B%22isLike%22:%7B%22$lte%22:240%7D%7D]%7D"
      "&limit=2&skip=1&order=-isLike,title&keys=title");
  BOOST_REQUIRE(answer.results().size() == 2U);
  const auto first = answer.results().at(0);
  BOOST_TEST(*first.find("title")->string() == "t100");
  BOOST_TEST(first.object()->size() == 4U);
  for (const auto* name : {"objectId", "createdAt", "updatedAt"}) BOOST_TEST(first.find(name) != nullptr);
  const auto byAcl = bench.get("/1/classes/Diary?limit=1&keys=ACL");
  BOOST_TEST((*byAcl.results().at(0).find("ACL") == everybody));
  BOOST_TEST(bench.get("/1/classes/Diary?count=1&limit=0").reply.body == R"({"results":[],"count":4})");
  BOOST_TEST(bench.get("/1/classes/Diary?count=1").results().size() == 4U);
}

BOOST_AUTO_TEST_CASE(order_limit_and_skip) {
  Games games;
  BOOST_TEST(games.who("", {{"order", "-score"}}) == "ABAC");
  BOOST_TEST(games.who("", {{"order", "score"}}) == "CABA");
  BOOST_TEST(games.who("", {{"order", "who,-score"}}) == "AABC");
  BOOST_TEST(games.who("", {{"order", "-createdAt"}}) == "CABA");
  BOOST_TEST(games.who("", {{"order", "none,tags"}}) == "ABAC");
  BOOST_TEST(games.who("", {{"limit", "1"}, {"skip", "1"}}) == "B");
  BOOST_TEST(games.find("Game", "", {{"order", "score;DROP TABLE"}}).code() == 102);
  BOOST_TEST(games.find("Game", "", {{"limit", "-1"}}).code() == 102);
  BOOST_TEST(games.find("Game", "", {{"limit", "x"}}).code() == 102);
  std::string items;
  for (int i = 0; i < 50; ++i)
    items += std::string{i == 0 ? "" : ","} + R"({"method":"POST","path":"/1/classes/Many","body":{"a":1}})";
  for (int i = 0; i < 22; ++i) games.post("/1/batch", R"({"requests":[)" + items + "]}");
  BOOST_TEST(games.find("Many", "").results().size() == 100U);
  BOOST_TEST(games.find("Many", "", {{"limit", "5000"}, {"count", "1"}}).results().size() == 1000U);
  BOOST_TEST(games.find("Many", "", {{"limit", "5000"}, {"count", "1"}}).text("count") == "1100");
}

BOOST_AUTO_TEST_CASE(wrong_queries) {
  Games games;
  BOOST_TEST(games.error(R"({"score":{"$explode":1}})") == "102 Invalid key '$explode' for find");
  BOOST_TEST(games.error(R"({"$where":"1"})") == "102 Invalid key '$where' for find");
  BOOST_TEST(games.error(R"({"score":{"$gt":1,"lt":2}})") == "102 Invalid key 'lt' for find");
  BOOST_TEST(games.error(R"({"score":{"$gt":{"a":1}}})") == "102 Invalid value for key 'score'.");
  BOOST_TEST(games.error(R"({"score":{"$in":1}})") == "102 Invalid value for key '$in'.");
  BOOST_TEST(games.error(R"({"$or":[]})") == "102 Invalid value for key '$or'.");
  BOOST_TEST(games.error(R"({"$or":{}})") == "102 Invalid value for key '$or'.");
  BOOST_TEST(games.error(R"({"score":{"$exists":"x"}})") == "102 Invalid value for key '$exists'.");
  BOOST_TEST(games.error(R"(%7B%22a%22)") == "107 invalid json: %7B%22a%22.");
  BOOST_TEST(games.error("[]") == "107 invalid json: [].");
  BOOST_TEST(games.error(R"({"a":1,"a":2})").starts_with("107 "));
  BOOST_TEST(games.error(R"({"who":")" + std::string(16384, 'x') + "\"}") == "402 query where larger than 16384 bytes.");
  std::string deep = "{}";
  for (int i = 0; i < 30; ++i) deep = R"({"$and":[)" + deep + "]}";
  BOOST_TEST(games.error(deep).starts_with("107 "));
  std::string wide = "{}";
  for (int i = 0; i < 2000; ++i) wide += ",{}";
  BOOST_TEST(games.error(R"({"$or":[)" + wide + "]}").starts_with("107 "));
  std::string many = R"({"who":"C"})";
  for (int i = 0; i < 200; ++i) many += R"(,{"score":)" + std::to_string(i) + "}";
  BOOST_TEST(games.who(R"({"$or":[)" + many + "]}") == "ABAC");
}

BOOST_AUTO_TEST_CASE(pointers_and_relations) {
  Bench bench;
  const auto author = bench.registerUser("author");
  const auto fan = bench.registerUser("fan");
  const auto game = bench.row("Game", R"({"title":"g"})");
  const auto post = bench.row("Post", R"({"own":)" + pointer("Game", game) + R"(,"by":)" + pointer("_User", author.id) +
                                          R"(,"likes":{"__op":"AddRelation","objects":[)" + pointer("_User", fan.id) + "," +
                                          pointer("_User", author.id) + "]}}");
  bench.row("Post", R"({"title":"alone"})");
  bench.row("Comment", R"({"post":)" + pointer("Post", post) + R"(,"text":"hi"})");
  const auto count = [&](const std::string& name, const std::string& where) {
    const auto answer = bench.find(name, where);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    return answer.results().size();
  };
  BOOST_TEST(bench.get("/1/classes/Post/" + post).text("likes") == R"({"__type":"Relation","className":"_User"})");
  BOOST_TEST(count("Post", R"({"own":)" + pointer("Game", game) + "}") == 1U);
  BOOST_TEST(count("Post", R"({"own":)" + pointer("Other", game) + "}") == 0U);
  BOOST_TEST(count("Post", R"({"own":{"$exists":true}})") == 1U);
  BOOST_TEST(count("Post", R"({"likes":)" + pointer("_User", fan.id) + "}") == 1U);
  const auto related = R"({"$relatedTo":{"object":)" + pointer("Post", post) + R"(,"key":"likes"}})";
  const auto users = bench.get("/1/users", {{"where", related}, {"count", "1"}, {"limit", "100"}});
  BOOST_TEST(users.results().size() == 2U);
  BOOST_TEST(users.text("count") == "2");
  BOOST_TEST(count("Game", related) == 0U);
  BOOST_TEST(count("Post", R"({"own":{"$inQuery":{"where":{"title":"g"},"className":"Game"}}})") == 1U);
  BOOST_TEST(count("Post", R"({"own":{"$inQuery":{"where":{"title":"x"},"className":"Game"}}})") == 0U);
  BOOST_TEST(count("Post", R"({"own":{"$notInQuery":{"where":{"title":"g"},"className":"Game"}}})") == 1U);
  BOOST_TEST(count("Post", R"({"likes":{"$inQuery":{"where":{"username":"fan"},"className":"_User"}}})") == 1U);
  BOOST_TEST(
      count(
          "Comment",
          R"({"post":{"$inQuery":{"where":{"by":{"$inQuery":{"where":{"username":"author"},"className":"_User"}}},"className":"Post"}}})") ==
      1U);
  BOOST_TEST(count("Comment", R"({"post":{"$inQuery":{"where":{},"className":"Nowhere"}}})") == 0U);
  bench.row("Team", R"({"city":"g"})");
  BOOST_TEST(count("Game", R"({"title":{"$select":{"query":{"className":"Team","where":{}},"key":"city"}}})") == 1U);
  BOOST_TEST(count("Game", R"({"title":{"$dontSelect":{"query":{"className":"Team"},"key":"city"}}})") == 0U);
  BOOST_TEST(bench.find("Post", R"({"own":{"__type":"Pointer","className":"Game"}})").error() == "own: is not a valid Pointer.");
  BOOST_TEST(bench.find("Post", R"({"own":{"$inQuery":{"where":{},"className":"x;y"}}})").code() == 103);
  bench.put("/1/classes/Post/" + post, R"({"likes":{"__op":"Batch","ops":[{"__op":"RemoveRelation","objects":[)" +
                                           pointer("_User", author.id) + R"(]},{"__op":"AddRelation","objects":[]}]}})");
  BOOST_TEST(count("_User", related) == 1U);
  bench.put("/1/classes/Post/" + post, R"({"ACL":{}})");
  BOOST_TEST(count("_User", related) == 0U);
}

BOOST_AUTO_TEST_CASE(rows_in_the_place_of_pointers) {
  Bench bench;
  const auto author = bench.registerUser("author");
  const auto game = bench.row("Game", R"({"title":"g","by":)" + pointer("_User", author.id) + "}");
  const auto hidden = bench.row("Game", R"({"title":"h","ACL":{}})");
  bench.row("Post", R"({"own":)" + pointer("Game", game) + R"(,"other":)" + pointer("Game", hidden) + R"(,"n":1})");
  const auto own = [&](const std::string& include) {
    const auto answer = bench.find("Post", "", {{"include", include}, {"limit", "100"}});
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    return *answer.results().at(0).find("own");
  };
  const auto plain = own("own,post");
  BOOST_TEST(*plain.find("__type")->string() == "Object");
  BOOST_TEST(*plain.find("className")->string() == "Game");
  BOOST_TEST(*plain.find("title")->string() == "g");
  BOOST_TEST(*plain.find("createdAt")->string() == "2024-01-02 11:04:08");
  BOOST_TEST(*plain.find("by")->find("__type")->string() == "Pointer");
  const auto nested = own("own.by");
  BOOST_TEST(*nested.find("by")->find("username")->string() == "author");
  const auto projected = own("own[title].by[username|email],n");
  BOOST_TEST(projected.find("title") != nullptr);
  BOOST_TEST(projected.find("by")->object()->size() == 6U);
  BOOST_TEST(own("other").find("__type")->json() == "\"Pointer\"");
  BOOST_TEST(bench.find("Post", "", {{"include", "other"}}).results().at(0).find("other")->find("title") == nullptr);
  for (const auto* bad : {"own[", "own]", "own[a", "own..by", "a.b.c.d.e.f", "own'", "own[a,b]x"}) {
    BOOST_TEST(bench.find("Post", "", {{"include", bad}}).code() == 102);
  }
  const auto id = bench.find("Post", "").results().at(0);
  BOOST_TEST(
      bench.get("/1/classes/Post/" + *id.find("objectId")->string(), {{"include", "own"}}).json.find("own")->find("title") !=
      nullptr);
}

BOOST_AUTO_TEST_CASE(places) {
  Bench bench;
  const auto place = [&](const std::string& name, const std::string& latitude, const std::string& longitude) {
    bench.row("Place", R"({"name":")" + name + R"(","at":{"__type":"GeoPoint","latitude":)" + latitude + R"(,"longitude":)" +
                           longitude + "}}");
  };
  place("far", "39.9", "116.4");
  place("near", "23.2", "113.3");
  place("here", "23.1", "113.3");
  const auto names = [&](const std::string& where, const Query& more = {}) {
    std::string all;
    const auto answer = bench.find("Place", where, more);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    for (const auto& item : answer.results()) all += *item.find("name")->string() + " ";
    return all;
  };
  const std::string here = R"({"at":{"$nearSphere":{"__type":"GeoPoint","latitude":23.1,"longitude":113.3})";
  BOOST_TEST(names(here + "}}") == "here near ");
  BOOST_TEST(names(here + "}}", {{"order", "-name"}}) == "near here ");
  BOOST_TEST(names(here + R"(,"$maxDistanceInKilometers":5}})") == "here ");
  BOOST_TEST(names(here + R"(,"$maxDistanceInMiles":3000}})") == "here near far ");
  BOOST_TEST(names(here + R"(,"$maxDistanceInRadians":3.2}})") == "here near far ");
  BOOST_TEST(
      names(
          R"({"at":{"$within":{"$box":[{"__type":"GeoPoint","latitude":23,"longitude":113},{"__type":"GeoPoint","latitude":24,"longitude":114}]}}})") ==
      "near here ");
  BOOST_TEST(bench.find("Place", R"({"at":{"$within":{"$box":[]}}})").code() == 102);
  BOOST_TEST(bench.find("Place", R"({"at":{"$nearSphere":{"latitude":1}}})").error() == "at: invalid geopoint object.");
  BOOST_TEST(bench.find("Place", here + R"(,"$maxDistanceInMiles":"x"}})").code() == 102);
}

BOOST_AUTO_TEST_CASE(sums_and_groups) {
  Games games;
  games.row("Game", R"({"who":"A","score":540})");
  const auto results = [&](const Query& query) {
    const auto answer = games.find("Game", "", query);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    return Json{answer.results()}.json();
  };
  BOOST_TEST(results({{"sum", "score"}}) == R"([{"_sumScore":795}])");
  BOOST_TEST(results({{"average", "score"}, {"max", "score"}, {"min", "score"}}) ==
             R"([{"_avgScore":198.75,"_maxScore":540,"_minScore":5}])");
  const Query sheet{{"sum", "score"},
                    {"groupby", "who"},
                    {"groupcount", "true"},
                    {"having", R"({"_sumScore":{"$gt":100}})"},
                    {"order", "-_sumScore"}};
  BOOST_TEST(results(sheet) == R"([{"_sumScore":695,"_count":3,"who":"A"}])");
  BOOST_TEST(results({{"groupby", "who"}}) == R"([{"who":"A"},{"who":"B"},{"who":"C"}])");
  BOOST_TEST(results({{"sum", "score"}, {"groupby", "who"}, {"order", "-_sumscore"}, {"limit", "1"}}) ==
             R"([{"_sumScore":695,"who":"A"}])");
  BOOST_TEST(results({{"groupby", "at"}, {"groupcount", "true"}, {"where", R"({"at":{"$exists":true}})"}}) ==
             R"([{"_count":1,"at":"2018-08-21"},{"_count":1,"at":"2018-08-22"}])");
  BOOST_TEST(results({{"groupby", "createdAt"}, {"groupcount", "true"}}) == R"([{"_count":5,"createdAt":"2024-01-02"}])");
  BOOST_TEST(results({{"groupby", "yes"}, {"groupcount", "true"}}) ==
             R"([{"_count":3},{"_count":1,"yes":false},{"_count":1,"yes":true}])");
  BOOST_TEST(results({{"groupby", "yes"}, {"having", R"({"yes":true})"}}) == R"([{"yes":true}])");
  BOOST_TEST(results({{"groupby", "tags"}, {"having", R"({"tags":{"$ne":"[]"}})"}, {"order", "tags"}}) ==
             R"([{},{"tags":["x","y"]},{"tags":["y"]}])");
  BOOST_TEST(results({{"groupby", "nested.list.0,nested.city"}, {"limit", "1"}, {"order", "-nested.city"}}) ==
             R"([{"nested.list.0":1,"nested.city":"广州"}])");
  const auto game = games.row("Title", R"({"title":"g"})");
  games.row("Play", R"({"of":)" + pointer("Title", game) + R"(,"score":1,"half":1})");
  games.row("Play", R"({"of":)" + pointer("Title", game) + R"(,"score":2,"half":1.0,"gone":null})");
  BOOST_TEST(Json{games.find("Play", "", {{"groupby", "of"}, {"sum", "score"}}).results()}.json() ==
             R"([{"_sumScore":3,"of":)" + pointer("Title", game) + "}]");
  BOOST_TEST(games.find("Play", "", {{"groupby", "half"}}).results().size() == 1U);
  BOOST_TEST(games.find("Play", "", {{"groupby", "gone"}}).results().size() == 1U);
  games.row("Game", R"({"who":"Z","score":9223372036854775807})");
  games.row("Game", R"({"who":"Z","score":9223372036854775807})");
  BOOST_TEST(games.find("Game", "", {{"sum", "score"}}).reply.status == 200);
  for (const auto& bad : std::vector<Query>{{{"sum", "who"}},
                                            {{"sum", "score')--"}},
                                            {{"groupby", "x y"}},
                                            {{"sum", "score"}, {"order", "nothing"}},
                                            {{"sum", "score"}, {"having", R"({"_sumScore":{"$in":[1]}})"}},
                                            {{"sum", "score"}, {"having", R"({"other":1})"}}}) {
    BOOST_TEST(games.find("Game", "", bad).code() == 102);
  }
}

BOOST_AUTO_TEST_CASE(large_tables_get_indexes) {
  Bench bench;
  std::string items;
  for (int i = 0; i < 50; ++i)
    items += std::string{i == 0 ? "" : ","} + R"({"method":"POST","path":"/1/classes/Many","body":{"n":)" + std::to_string(i) +
             R"(,"Name":"x","name":"y"}})";
  for (int i = 0; i < 20; ++i) bench.post("/1/batch", R"({"requests":[)" + items + "]}");
  const auto indexes = [&] {
    return bench.database
        .first(
            "SELECT count(*) AS n FROM bmob_columns WHERE indexed > 0 AND class = (SELECT id FROM bmob_classes WHERE name = "
            "'Many')")
        ->integer("n");
  };
  BOOST_TEST(bench.find("Many", R"({"none":1})").results().empty());
  BOOST_TEST(indexes() == 0);
  BOOST_TEST(bench.find("Many", R"({"n":7})").results().size() == 20U);
  BOOST_TEST(indexes() == 1);
  BOOST_TEST(bench.find("Many", R"({"Name":"x","name":"y"})").results().size() == 100U);
  BOOST_TEST(indexes() == 3);
  const auto plan = bench.database.query(
      "EXPLAIN QUERY PLAN SELECT id FROM bmob_t5 t WHERE json_extract(t.data,'$.n') = ? ORDER BY t.seq", {7});
  BOOST_TEST(plan.at(0).text("detail").find("USING INDEX bmob_t5_1") != std::string::npos, plan.at(0).text("detail"));
  bench.post("/1/classes/Many", R"({"n":7})");
  BOOST_TEST(bench.find("Many", R"({"n":7})").results().size() == 21U);
}

BOOST_AUTO_TEST_SUITE_END()
