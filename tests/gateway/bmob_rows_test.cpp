#include "bmob_bench.hpp"

using namespace bmob_bench;

BOOST_AUTO_TEST_SUITE(bmob_rows)

BOOST_AUTO_TEST_CASE(the_examples_of_the_sheet) {
  Bench bench;
  const auto made = bench.post("/1/classes/Diary/", R"({"name":"fff","cover":"1111","n":1})");
  BOOST_TEST(made.reply.status == 201);
  const auto id = made.text("objectId");
  BOOST_TEST(made.reply.body == R"({"createdAt":"2024-01-02 11:04:08","objectId":")" + id + "\"}");
  BOOST_TEST(made.reply.headers.get("Location") == "https://127.0.0.1:9/1/classes/Diary/" + id);
  bench.advance(std::chrono::seconds{5});
  const auto changed =
      bench.put("/1/classes/Diary/" + id, R"({"cover":{"__op":"Delete"},"tags":{"__op":"AddUnique","objects":["secret"]},)"
                                          R"("n":{"__op":"Increment","amount":-2}})");
  BOOST_TEST(changed.reply.body == R"({"updatedAt":"2024-01-02 11:04:13"})");
  const auto row = bench.get("/1/classes/Diary/" + id);
  BOOST_TEST(row.reply.body == R"({"createdAt":"2024-01-02 11:04:08","objectId":")" + id +
                                   R"(","updatedAt":"2024-01-02 11:04:13","name":"fff","n":-1,"tags":["secret"]})");
  BOOST_TEST(bench.remove("/1/classes/Diary/" + id).reply.body == R"({"msg":"ok"})");
  for (const auto& answer : {bench.get("/1/classes/Diary/" + id), bench.remove("/1/classes/Diary/" + id),
                             bench.put("/1/classes/Diary/" + id, R"({"a":1})")}) {
    BOOST_TEST(answer.reply.status == 400);
    BOOST_TEST(answer.error() == "object not found for " + id + ".");
    BOOST_TEST(answer.code() == 101);
  }
}

BOOST_AUTO_TEST_CASE(operations_on_fields) {
  Bench bench;
  const auto id =
      bench.row("T", R"({"n":{"__op":"Increment","amount":3},"list":{"__op":"Add","objects":[1,2,2]},"o":{"a":{"b":1}}})");
  const auto path = "/1/classes/T/" + id;
  const auto after = [&](const std::string& body, const std::string& name) {
    const auto answer = bench.put(path, body);
    BOOST_TEST(answer.reply.status == 200, answer.reply.body);
    return bench.get(path).text(name);
  };
  BOOST_TEST(bench.get(path).text("n") == "3");
  BOOST_TEST(after(R"({"list":{"__op":"Remove","objects":[2]}})", "list") == "[1]");
  BOOST_TEST(after(R"({"list":{"__op":"AddUnique","objects":[1,3,3]}})", "list") == "[1,3]");
  BOOST_TEST(after(R"({"list":{"__op":"Add","objects":[{"a":1}]}})", "list") == R"([1,3,{"a":1}])");
  BOOST_TEST(after(R"({"list.0":9})", "list") == R"([9,3,{"a":1}])");
  BOOST_TEST(after(R"({"list.2.a":{"__op":"Increment","amount":4}})", "list") == R"([9,3,{"a":5}])");
  BOOST_TEST(after(R"({"o.a.b":2,"o.c":[1]})", "o") == R"({"a":{"b":2},"c":[1]})");
  BOOST_TEST(after(R"({"o.a":{"__op":"Delete"}})", "o") == R"({"c":[1]})");
  BOOST_TEST(after(R"({"fresh.deep.key":"v"})", "fresh") == R"({"deep":{"key":"v"}})");
  BOOST_TEST(after(R"({"n":{"__op":"Increment","amount":0.5}})", "n") == "3.5");
  BOOST_TEST(after(R"({"n":9223372036854775807})", "n") == "9223372036854775807");
  BOOST_TEST(after(R"({"n":{"__op":"Increment","amount":1}})", "n") == "9223372036854775808");
  BOOST_TEST(after(R"({"list":{"__op":"Batch","ops":[{"__op":"Remove","objects":[9]},{"__op":"Add","objects":[7]}]}})", "list") ==
             R"([3,{"a":5},7])");
  const auto code = [&](const std::string& body) { return bench.put(path, body).code(); };
  BOOST_TEST(code(R"({"n":{"__op":"Explode"}})") == 107);
  BOOST_TEST(bench.put(path, R"({"n":{"__op":"Explode"}})").error() == "invalid op value");
  BOOST_TEST(code(R"({"n":{"__op":1}})") == 107);
  BOOST_TEST(code(R"({"n":{"__op":"Increment","amount":"1"}})") == 107);
  BOOST_TEST(code(R"({"n":{"__op":"Increment","amount":1e400}})") == 107);
  BOOST_TEST(code(R"({"list":{"__op":"Increment","amount":1}})") == 111);
  BOOST_TEST(code(R"({"n":{"__op":"Add","objects":[1]}})") == 111);
  BOOST_TEST(code(R"({"list":{"__op":"Add","objects":1}})") == 107);
  BOOST_TEST(code(R"({"list":{"__op":"Batch","ops":1}})") == 107);
  BOOST_TEST(code(R"({"list.9":1})") == 105);
  BOOST_TEST(code(R"({"n.a":1})") == 111);
}

BOOST_AUTO_TEST_CASE(columns_keep_their_type) {
  Bench bench;
  bench.row(
      "T",
      R"({"score":1,"name":"a","yes":true,"list":[],"map":{},"when":{"__type":"Date","iso":"2018-08-21 18:02:52"},)"
      R"("own":{"__type":"Pointer","className":"Game","objectId":"x"},"place":{"__type":"GeoPoint","latitude":1,"longitude":2.5}})");
  const auto error = [&](const std::string& body) {
    const auto answer = bench.post("/1/classes/T", body);
    BOOST_TEST(answer.reply.status == 400);
    return std::to_string(answer.code()) + " " + answer.error();
  };
  BOOST_TEST(error(R"({"score":"1"})") == "111 invalid type for key 'score', expected 'Number', but got 'String'.");
  BOOST_TEST(error(R"({"name":1})") == "111 invalid type for key 'name', expected 'String', but got 'Number'.");
  BOOST_TEST(error(R"({"yes":1})") == "111 invalid type for key 'yes', expected 'Bool', but got 'Number'.");
  BOOST_TEST(error(R"({"list":{}})") == "111 invalid type for key 'list', expected 'Array', but got 'Object'.");
  BOOST_TEST(error(R"({"when":"2018-08-21 18:02:52"})") == "111 invalid type for key 'when', expected 'Date', but got 'String'.");
  BOOST_TEST(error(R"({"own":{"__type":"Pointer","className":"Other","objectId":"x"}})") ==
             "111 invalid type for key 'own', expected 'Pointer<Game>', but got 'Pointer<Other>'.");
  BOOST_TEST(error(R"({"own":{"__type":"Pointer","className":"Game"}})") == "106 own: is not a valid Pointer.");
  BOOST_TEST(error(R"({"own":{"__type":"Pointer","className":"1;DROP","objectId":"x"}})") == "106 own: is not a valid Pointer.");
  BOOST_TEST(error(R"({"when":{"__type":"Date","iso":"yesterday"}})") == "107 invalid date: yesterday.");
  BOOST_TEST(error(R"({"place":{"__type":"GeoPoint","latitude":91,"longitude":0}})") ==
             "117 Latitude must be in [-90, 90]: 91.000000.");
  BOOST_TEST(error(R"({"place":{"__type":"GeoPoint","latitude":1,"longitude":-180.5}})") ==
             "117 Longitude must be in [-180, 180]: -180.500000.");
  BOOST_TEST(error(R"({"place":{"__type":"GeoPoint","latitude":1}})") == "102 place: invalid geopoint object.");
  BOOST_TEST(error(R"({"other":{"__type":"GeoPoint","latitude":1,"longitude":1}})").starts_with("107 "));
  BOOST_TEST(error(R"({"x":{"__type":"Secret"}})").starts_with("107 "));
  BOOST_TEST(error(R"({"ACL":{"*":{"read":false}}})").starts_with("107 ACL shoud be like: "));
  BOOST_TEST(error(R"({"ACL":"public"})").starts_with("107 ACL shoud be like: "));
  BOOST_TEST(error(R"({"rel":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"Nowhere","objectId":"x"}]}})") ==
             "104 relation className 'Nowhere' not exists.");
  BOOST_TEST(error(R"({"rel":{"__op":"AddRelation","objects":["x"]}})") == "106 rel: is not a valid Pointer.");
  BOOST_TEST(bench.find("T", "").results().size() == 1U);
  const auto schema = bench.asMaster([&] { return bench.get("/1/schemas/T"); });
  BOOST_TEST(schema.json.find("fields")->find("other") == nullptr);
  BOOST_TEST(schema.json.find("fields")->find("own")->json() == R"({"type":"Pointer","targetClass":"Game"})");
}

BOOST_AUTO_TEST_CASE(dates_come_in_several_forms) {
  Bench bench;
  for (const auto* iso : {"2018-08-21 18:02:52", "2018-08-21T10:02:52Z", "2018-08-21T10:02:52.999Z", "2018-08-21T18:02:52+08:00",
                          "2018-08-21T13:32:52+0330"}) {
    const auto id = bench.row("T", Json{Fields{{"at", Fields{{"__type", "Date"}, {"iso", iso}}}}}.json());
    BOOST_TEST(bench.get("/1/classes/T/" + id).text("at") == R"({"__type":"Date","iso":"2018-08-21 18:02:52"})");
  }
  for (const auto* iso :
       {"2018-13-21 18:02:52", "2018-08-21T10:02:52X", "2018-08-21 18:02", "0000-01-01 00:00:00", "9999-12-31T23:59:59-14:00"})
    BOOST_TEST(bench.post("/1/classes/T", Json{Fields{{"at", Fields{{"__type", "Date"}, {"iso", iso}}}}}.json()).code() == 107);
}

BOOST_AUTO_TEST_CASE(names_that_break_out) {
  Bench bench;
  bench.row("T", R"({"a":1})");
  for (const std::string name :
       {"a'b", "a\\\"b", "a;b", "a b", "a)b", "$.a", "1a", "_a", "a..b", "a.", ".a", "", "a-b", "a[0]", "名", "a.b'c", "a%27"}) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(bench.post("/1/classes/T", "{\"" + name + "\":1}").code() == 105);
      BOOST_TEST(bench.find("T", "{\"" + name + "\":1}").code() == 102);
    }
  }
  for (const auto* name : {"error", "error.b.0"}) {
    const auto refused = bench.post("/1/classes/T", Json{Fields{{name, 2}}}.json());
    BOOST_TEST(refused.reply.body == R"({"code":105,"error":"It is a reserved field: )" + std::string{name} + R"(."})");
  }
  BOOST_TEST(bench.post("/1/classes/T", R"({"a')--":1})").reply.body == R"({"code":105,"error":"invalid field name: a')--."})");
  BOOST_TEST(bench.post("/1/classes/T", "{\"" + std::string(101, 'a') + "\":1}").code() == 105);
  for (const std::string name : {"1T", "T;DROP", "T'", "_Other", "bmob_t1 ", "%27", "T%20", "sqlite%22master"}) {
    BOOST_TEST(bench.post("/1/classes/" + name, R"({"a":1})").code() == 103);
    BOOST_TEST(bench.get("/1/classes/" + name).code() == 103);
  }
  BOOST_TEST(bench.post("/1/classes/1T", R"({"a":1})").error() == "classname '1T' must start with a letter.");
  BOOST_TEST(bench.get("/1/classes/T/x'%20OR%20'1'='1").code() == 101);
  BOOST_TEST(bench.find("T", "").results().size() == 1U);
}

BOOST_AUTO_TEST_CASE(classes_and_columns_that_differ_in_case_are_others) {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.row("Game", R"({"Score":1,"score":"a"})");
  bench.row("game", R"({"Score":"text"})");
  BOOST_TEST(bench.find("Game", R"({"Score":1})").results().size() == 3U);
  BOOST_TEST(bench.find("game", R"({"Score":"text"})").results().size() == 1U);
  BOOST_TEST(bench.find("GAME", "").error() == "object not found for GAME.");
}

BOOST_AUTO_TEST_CASE(texts_of_all_kinds_come_back) {
  Bench bench;
  const auto value =
      Json{Fields{{"text", "'\";--\\ \x01 季节😀 ${x} \xef\xbb\xbf"}, {"list", Json::Array{nullptr, true, 1.5 > 1, "x"}}}};
  const auto id = bench.row("T", value.json());
  const auto row = bench.get("/1/classes/T/" + id);
  BOOST_TEST((*row.json.find("text") == *value.find("text")));
  BOOST_TEST((*row.json.find("list") == *value.find("list")));
  const auto found = bench.find("T", Json{Fields{{"text", *value.find("text")}}}.json());
  BOOST_TEST(found.results().size() == 1U);
}

BOOST_AUTO_TEST_CASE(bodies_that_are_none) {
  Bench bench;
  const auto code = [&](const std::string& body) {
    const auto answer = bench.post("/1/classes/T", body);
    BOOST_TEST(answer.reply.status == 400);
    BOOST_TEST(answer.error().size() < 300U);
    return answer.code();
  };
  BOOST_TEST(code("") == 107);
  BOOST_TEST(code("{") == 107);
  BOOST_TEST(code("[]") == 107);
  BOOST_TEST(code("1") == 107);
  BOOST_TEST(code(R"({"a":1,"a":2})") == 107);
  BOOST_TEST(code(R"({"a":1}x)") == 107);
  BOOST_TEST(code("{\"a\":\"\xff\"}") == 107);
  BOOST_TEST(code(R"({"a":"x\u0000y"})") == 107);
  BOOST_TEST(code(R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}") == 107);
  BOOST_TEST(code(R"({"a":)" + std::string(55, '[') + std::string(55, ']') + "}") == 107);
  BOOST_TEST(code(R"({"a":")" + std::string(512 * 1024, 'x') + "\"}") == 107);
  BOOST_TEST(code(R"({"a":")" + std::string(4 * 1024 * 1024, 'x') + "\"}") == 107);
  BOOST_TEST(bench.post("/1/classes/T", "{\"a\" x").error() == "invalid json: {\"a\" x.");
  BOOST_TEST(bench.get("/1/classes/T").code() == 101);  // nothing of it was written
  auto request = bench.plain("POST", "/1/classes/T", "a=1");
  request.headers = {{"X-Bmob-Application-Id", bench.identity.applicationId},
                     {"X-Bmob-REST-API-Key", bench.identity.restApiKey},
                     {"Content-Type", "application/x-www-form-urlencoded"}};
  BOOST_TEST(
      bench.handle(request).reply.body ==
      R"({"code":107,"error":"This endpoint only supports Content-Type: application/json requests, not application/x-www-form-urlencoded."})");
}

BOOST_AUTO_TEST_CASE(nobody_writes_inside_reserved_fields) {
  Bench bench;
  bench.row("T", R"({"a":1})");
  for (const auto* body : {R"({"ACL.someone":"oops"})", R"({"ACL.someone":{"read":false}})", R"({"objectId.x":1})",
                           R"({"createdAt.x":1})", R"({"updatedAt.0":1})", R"({"sessionToken.x":1})"}) {
    BOOST_TEST(bench.post("/1/classes/T", body).code() == 105, body);
  }
  BOOST_TEST(bench.find("T", "").results().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_write_has_so_many_members) {
  Bench bench;
  Fields body;
  for (int i = 0; i < 1000; ++i) body.append("a" + std::to_string(i), nullptr);
  bench.row("T", Json{body}.json());
  body.append("a1000", nullptr);
  BOOST_TEST(bench.post("/1/classes/T", Json{body}.json()).code() == 1004);
}

BOOST_AUTO_TEST_CASE(huge_numbers) {
  Bench bench;
  bench.row("T", R"({"n":1e400})");
  bench.row("T", R"({"n":123456789012345678901234567890})");
  bench.row("T", R"({"n":-0.1e-400})");
  BOOST_TEST(bench.find("T", R"({"n":{"$gt":1e30}})").results().size() == 1U);
  BOOST_TEST(bench.find("T", R"({"n":123456789012345678901234567890})").results().size() == 1U);
  BOOST_TEST(bench.get("/1/classes/T?sum=n").reply.status == 200);
  BOOST_TEST(bench.get("/1/classes/T?limit=99999999999999999999").code() == 102);
  BOOST_TEST(bench.get("/1/classes/T?skip=9223372036854775807").results().empty());
}

BOOST_AUTO_TEST_CASE(access_lists) {
  Bench bench;
  const auto owner = bench.registerUser("owner");
  const auto other = bench.registerUser("other");
  const auto acl = [](const Fields& entries) { return Json{Fields{{"a", 1}, {"ACL", entries}}}.json(); };
  const auto own = bench.row("T", acl({{owner.id, Fields{{"read", true}, {"write", true}}}}));
  const auto open = bench.row("T", acl({{"*", Fields{{"read", true}}}, {owner.id, Fields{{"write", true}}}}));
  const auto nobody = bench.row("T", acl({}));
  const auto see = [&](const std::string& token) {
    return bench.as(token, [&] { return bench.find("T", "").results().size(); });
  };
  BOOST_TEST(see("") == 1U);
  BOOST_TEST(see(other.token) == 1U);
  BOOST_TEST(see(owner.token) == 2U);
  BOOST_TEST(bench.asMaster([&] { return bench.find("T", "").results().size(); }) == 3U);
  BOOST_TEST(bench.find("T", "", {{"count", "1"}, {"limit", "0"}}).text("count") == "1");
  BOOST_TEST(bench.get("/1/classes/T/" + own).code() == 101);
  BOOST_TEST(bench.as(owner.token, [&] { return bench.get("/1/classes/T/" + own); }).reply.status == 200);
  const auto write = [&](const std::string& id, const std::string& token) {
    return bench.as(token, [&] { return bench.put("/1/classes/T/" + id, R"({"a":2})"); }).code();
  };
  BOOST_TEST(write(own, other.token) == 101);
  BOOST_TEST(write(open, other.token) == 122);
  BOOST_TEST(write(open, "") == 122);
  BOOST_TEST(write(open, "expired") == 211);
  BOOST_TEST(write(open, owner.token) == 0);
  BOOST_TEST(write(nobody, owner.token) == 101);
  BOOST_TEST(bench.as(other.token, [&] { return bench.remove("/1/classes/T/" + open); }).code() == 122);
  BOOST_TEST(bench.asMaster([&] { return bench.remove("/1/classes/T/" + nobody); }).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(roles) {
  Bench bench;
  const auto user = bench.registerUser("u");
  const auto pointer = [](const std::string& name, const std::string& id) {
    return Fields{{"__type", "Pointer"}, {"className", name}, {"objectId", id}};
  };
  const auto add = [&](const std::string& key, const Fields& object) {
    return Field{key, Fields{{"__op", "AddRelation"}, {"objects", Json::Array{object}}}};
  };
  const auto editors = bench.post("/1/roles", Json{Fields{{"name", "Editors"}, add("users", pointer("_User", user.id))}}.json());
  BOOST_TEST(editors.reply.status == 201);
  const auto id = editors.text("objectId");
  BOOST_TEST(editors.reply.headers.get("Location") == "https://127.0.0.1:9/1/roles/" + id);
  BOOST_TEST(bench.post("/1/roles", Json{Fields{{"name", "Staff"}, add("roles", pointer("_Role", id))}}.json()).reply.status ==
             201);
  bench.row("T", R"({"ACL":{"role:Editors":{"read":true}}})");
  bench.row("T", R"({"ACL":{"role:Staff":{"read":true}}})");
  bench.row("T", R"({"ACL":{"role:Others":{"read":true}}})");
  BOOST_TEST(bench.find("T", "").results().empty());
  BOOST_TEST(bench.as(user.token, [&] { return bench.find("T", "").results().size(); }) == 2U);
  BOOST_TEST(bench.post("/1/roles", R"({"name":"Editors"})").error() == "role name 'Editors' already taken.");
  BOOST_TEST(bench.post("/1/roles", R"({"name":"a'b"})").code() == 139);
  BOOST_TEST(bench.put("/1/roles/" + id, R"({"name":"New"})").code() == 136);
  BOOST_TEST(bench.put("/1/roles/" + id, R"({"note":"x"})").reply.status == 200);
  BOOST_TEST(bench.get("/1/roles", {{"where", R"({"name":"Editors"})"}}).results().size() == 1U);
  BOOST_TEST(bench.remove("/1/roles/" + id).code() == 206);
  BOOST_TEST(bench.as("expired", [&] { return bench.remove("/1/roles/" + id); }).code() == 211);
  BOOST_TEST(bench.as(user.token, [&] { return bench.remove("/1/roles/" + id); }).reply.status == 200);
  BOOST_TEST(bench.as(user.token, [&] { return bench.find("T", "").results().size(); }) == 0U);
}

BOOST_AUTO_TEST_CASE(batches) {
  Bench bench;
  const auto x1 = bench.row("G", R"({"a":0})");
  const auto x2 = bench.row("G", R"({"a":0})");
  const auto done = bench.post("/1/batch", R"({"requests":[{"method":"post","path":"/1/classes/G","body":{"a":1}},)"
                                           R"({"method":"put","path":"/1/classes/G/none","body":{"a":2}},)"
                                           R"({"method":"put","path":"/1/classes/G/)" +
                                               x1 +
                                               R"(","body":{"a":2}},)"
                                               R"({"method":"DELETE","path":"/1/classes/G/)" +
                                               x2 +
                                               R"("},)"
                                               R"({"method":"POST","path":"/1/classes/G/","body":{"a":"text","fresh":1}}]})");
  BOOST_TEST(done.reply.status == 200);
  const auto& items = *done.json.array();
  BOOST_REQUIRE(items.size() == 5U);
  BOOST_TEST(items[0].find("success")->find("objectId") != nullptr);
  BOOST_TEST(items[1].json() == R"({"error":{"code":101,"error":"object not found for none."}})");
  BOOST_TEST(items[2].json() == R"({"success":{"updatedAt":"2024-01-02 11:04:08"}})");
  BOOST_TEST(items[3].json() == R"({"success":{"msg":"ok"}})");
  BOOST_TEST(items[4].find("error")->find("code")->json() == "111");
  BOOST_TEST(bench.find("G", "").results().size() == 2U);
  const auto error = [&](const std::string& body) { return bench.post("/1/batch", body).reply.body; };
  BOOST_TEST(error(R"({"requests":1})") == R"({"code":112,"error":"requests must be an array."})");
  BOOST_TEST(error("{}") == R"({"code":112,"error":"requests must be an array."})");
  BOOST_TEST(error(R"({"requests":[1]})").starts_with(R"({"code":113,)"));
  for (const auto* path : {"/1/classes", "/1/login", "/2/classes/G", "/1/classes/G/a/b", "x", ""}) {
    const auto first = R"({"method":"POST","path":"/1/classes/G","body":{"a":1}})";
    BOOST_TEST(error(std::string{R"({"requests":[)"} + first + R"(,{"method":"POST","path":")" + path + R"(","body":{}}]})")
                   .starts_with(R"({"code":113,)"));
  }
  BOOST_TEST(bench.find("G", "").results().size() == 2U);
  std::string many;
  for (int i = 0; i < 51; ++i)
    many += std::string{i == 0 ? "" : ","} + R"({"method":"POST","path":"/1/classes/G","body":{"a":1}})";
  BOOST_TEST(error(R"({"requests":[)" + many + "]}") == R"({"code":114,"error":"requests array larger than 50"})");
  BOOST_TEST(bench.find("G", "").results().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_batch_item_has_its_own_session) {
  Bench bench;
  const auto user = bench.registerUser("u");
  const auto item = [&](const std::string& token) {
    const auto answer = bench.post("/1/batch", R"({"requests":[{"method":"PUT","path":"/1/users/)" + user.id + R"(","token":")" +
                                                   token + R"(","body":{"a":1}}]})");
    return answer.json.array()->at(0);
  };
  BOOST_TEST(item(user.token).find("success") != nullptr);
  BOOST_TEST(item("other").find("error")->find("code")->json() == "211");
  BOOST_TEST(item("").find("error")->find("code")->json() == "206");
}

BOOST_AUTO_TEST_CASE(tables_can_be_closed) {
  Bench bench;
  bench.platform->extra("/settings", Fields{{"createTables", false}});
  BOOST_TEST(bench.post("/1/classes/Fresh", "{}").code() == 302);
  bench.platform->extra("/settings", Fields{{"createTables", true}});
  BOOST_TEST(bench.post("/1/classes/Fresh", "{}").reply.status == 201);
}

BOOST_AUTO_TEST_CASE(schemas) {
  Bench bench;
  BOOST_TEST(bench.get("/1/schemas").code() == 10061);
  bench.isMaster = true;
  BOOST_TEST(
      bench
          .post("/1/schemas/City",
                R"({"className":"City","fields":{"name":{"type":"String"},"mayor":{"type":"Pointer","targetClass":"_User"}}})")
          .reply.status == 200);
  BOOST_TEST(bench.post("/1/classes/City", R"({"name":1})").code() == 111);
  bench.row("City", R"({"name":"a"})");
  BOOST_TEST(bench.put("/1/schemas/City", R"({"fields":{"name":{"__op":"Delete"},"n":{"type":"Number"}}})").reply.status == 200);
  BOOST_TEST(bench.find("City", "").results().at(0).find("name") == nullptr);
  BOOST_TEST(bench.get("/1/schemas/City").json.find("fields")->find("n")->json() == R"({"type":"Number"})");
  BOOST_TEST(bench.post("/1/schemas/City", "{}").code() == 10062);
  BOOST_TEST(bench.remove("/1/schemas/City").reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.get("/1/classes/City").code() == 101);
  bench.row("City", R"({"name":5})");
}

BOOST_AUTO_TEST_CASE(installations) {
  Bench bench;
  const auto made = bench.post("/1/installations", R"({"deviceType":"ios","deviceToken":"abc","channels":["news"]})");
  BOOST_TEST(made.reply.status == 201);
  BOOST_TEST(bench.post("/1/installations", R"({"deviceType":"ios","deviceToken":"abc"})").code() == 132);
  BOOST_TEST(bench.post("/1/installations", R"({"deviceType":"toaster","deviceToken":"d"})").code() == 131);
  BOOST_TEST(bench.post("/1/installations", R"({"deviceType":"ios"})").code() == 131);
  // An empty token is none: it is not taken by the first device that has none.
  for (const auto* body : {R"({"deviceType":"ios","deviceToken":"","installationId":"a"})",
                           R"({"deviceType":"ios","deviceToken":"","installationId":"b"})"}) {
    BOOST_TEST(bench.post("/1/installations", body).reply.status == 201, body);
  }
  const auto path = "/1/installations/" + made.text("objectId");
  BOOST_TEST(bench.put(path, R"({"deviceType":"android"})").code() == 136);
  BOOST_TEST(bench.put(path, R"({"channels":{"__op":"AddUnique","objects":["sport"]}})").reply.status == 200);
  BOOST_TEST(bench.get("/1/installations", {{"where", R"({"channels":"sport"})"}}).results().size() == 1U);
}

BOOST_AUTO_TEST_CASE(tunnelled_requests_of_old_clients) {
  Bench bench;
  const auto send = [&](const std::string& path, Fields members) {
    members.set("_ApplicationId", bench.identity.applicationId);
    members.set("_RestKey", bench.identity.restApiKey);
    members.set("_ClientVersion", "js3.6.1");
    return bench.handle(
        {.method = "POST", .path = path, .headers = {{"Content-Type", "text/plain"}}, .body = Json{members}.json()});
  };
  const auto made = send("/1/classes/T", {{"a", 1}});
  BOOST_TEST(made.reply.status == 200);
  const auto id = made.text("objectId");
  BOOST_TEST(send("/1/classes/T", {{"_Method", "GET"}, {"where", Fields{{"a", 1}}}, {"limit", 1}}).results().size() == 1U);
  BOOST_TEST(send("/1/classes/T/" + id, {{"_Method", "PUT"}, {"a", 2}}).text("updatedAt") == "2024-01-02 11:04:08");
  BOOST_TEST(send("/1/classes/T/" + id, {{"_Method", "DELETE"}}).text("msg") == "ok");
  BOOST_TEST(bench
                 .handle({.method = "POST",
                          .path = "/1/classes/T",
                          .headers = {{"Content-Type", "text/plain"}},
                          .body = R"({"_ApplicationId":"x","_RestKey":"y"})"})
                 .reply.status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
