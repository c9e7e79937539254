// What bmob-js-sdk.md, bmob-sms.md and bmob-sms-legacy.md show, one test for each of their headings: what goes out, and what
// comes back. tests/bmob/headings.tsv says which is which.
#include <support/bmob.hpp>

#include <openapi/bmob.hpp>

namespace {

using namespace openapi;
using namespace openapi::test::bmobs;
using namespace std::string_literals;

const std::string created = R"({"createdAt":"2018-04-19 17:42:59","objectId":"7ecd253a25"})";
const std::string updated = R"({"updatedAt":"2018-05-02 14:43:26"})";
const std::string ok = R"({"msg":"ok"})";
const std::string account =
    R"({"createdAt":"2018-04-19 17:26:45","objectId":"X43SIIIH","sessionToken":"cc4fbcfd40583af980f4e6e52085adbf",)"
    R"("updatedAt":"2018-04-19 17:26:48","username":"aaaaaa","nick_name":"magic"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_documents)

// 用户操作

BOOST_FIXTURE_TEST_CASE(user_login, Fixture) {
  script(account);
  const auto user = wait(bmob.user.login("a b+c&d=e", "密码/%?#"));
  requireSent(only(), "GET /1/login", {{"username", "a b+c&d=e"}, {"password", "密码/%?#"}});
  BOOST_TEST(user.objectId == "X43SIIIH");
  BOOST_TEST(user.sessionToken.value() == "cc4fbcfd40583af980f4e6e52085adbf");
  BOOST_TEST(user.username.value() == "aaaaaa");
  BOOST_TEST(*user.extra.find("nick_name")->string() == "magic");
  BOOST_TEST((bmob::timeOf(*user.createdAt) == std::chrono::system_clock::from_time_t(1524130005)));
  script({refusal(101, "username or password incorrect.")});
  const auto error = errorOf(bmob.user.login("username", "password"));
  BOOST_TEST((error.errc() == Errc::rejected));
  BOOST_TEST(error.errCode() == "101");
  BOOST_TEST(error.errMsg() == "username or password incorrect.");
  BOOST_TEST((error.outcome() == Outcome::rejected));
  BOOST_TEST(error.method() == "user.login");
}

BOOST_AUTO_TEST_CASE(user_login_by_post) {
  auto config = plainConfig();
  config.loginMethod = "POST";
  Fixture fixture{config};
  fixture.script(account);
  wait(fixture.bmob.user.login("username", "password"));
  requireSent(fixture.only(), "POST /1/login", {}, R"({"username":"username","password":"password"})");
}

BOOST_FIXTURE_TEST_CASE(user_register, Fixture) {
  script({answer(R"({"createdAt":"2018-04-19 17:42:59","objectId":"73d4587140","sessionToken":"14683f9a"})", 201)});
  bmob::RegisterRequest request;
  request.username = "bmob2018";
  request.password = "bmob2018";
  request.email = "bmob2018@bmob.cn";
  request.extra = {{"phone", "13711166567"}, {"nick_name", "x"}};
  const auto made = wait(bmob.user.registerUser(request));
  requireSent(
      only(), "POST /1/users", {},
      R"({"username":"bmob2018","password":"bmob2018","email":"bmob2018@bmob.cn","phone":"13711166567","nick_name":"x"})");
  BOOST_TEST(made.objectId == "73d4587140");
  BOOST_TEST(made.sessionToken == "14683f9a");
  script({refusal(202, "username 'bmob2018' already taken.")});
  BOOST_TEST(errorOf(bmob.user.registerUser(request)).errCode() == "202");
}

BOOST_FIXTURE_TEST_CASE(user_sign_or_login_by_mobile_phone, Fixture) {
  script(account);
  bmob::SignOrLoginByMobilePhoneRequest request{.mobilePhoneNumber = "13711166567", .smsCode = "012345"};
  const auto user = wait(bmob.user.signOrLoginByMobilePhone(request));
  requireSent(only(), "POST /1/usersv1", {}, R"({"mobilePhoneNumber":"13711166567","smsCode":"012345"})");
  BOOST_TEST(user.objectId == "X43SIIIH");
  script({refusal(207, "code error.")});
  BOOST_TEST(errorOf(bmob.user.signOrLoginByMobilePhone(request)).errCode() == "207");
}

BOOST_FIXTURE_TEST_CASE(user_list, Fixture) {
  script(R"({"results":[{"createdAt":"2018-04-19 17:26:45","objectId":"X43SIIIH"},{"objectId":"73d4587140","email":"a@b.cn"}]})");
  bmob::ListUsersRequest request;
  const auto users = wait(bmob.user.list(request));
  requireSent(only(), "GET /1/users");
  BOOST_TEST(users.results.size() == 2U);
  BOOST_TEST(users.results[1].email.value() == "a@b.cn");
  script(R"({"results":[],"count":7})");
  request.where = Fields{{"username", "bmob2018"}};
  request.limit = 20;
  request.order = "-createdAt";
  request.count = true;
  BOOST_TEST(wait(bmob.user.list(request)).count.value() == 7);
  requireSent(only(), "GET /1/users",
              {{"where", R"({"username":"bmob2018"})"}, {"limit", "20"}, {"order", "-createdAt"}, {"count", "1"}});
}

BOOST_FIXTURE_TEST_CASE(user_request_email_verify, Fixture) {
  script(ok);
  bmob::RequestEmailVerifyRequest request{"bmob2018@bmob.cn"};
  BOOST_TEST(wait(bmob.user.requestEmailVerify(request)).msg == "ok");
  requireSent(only(), "POST /1/requestEmailVerify", {}, R"({"email":"bmob2018@bmob.cn"})");
  script({refusal(120, "Email verify should be opened in your app setup page of bmob.")});
  BOOST_TEST(errorOf(bmob.user.requestEmailVerify(request)).errCode() == "120");
}

BOOST_FIXTURE_TEST_CASE(password_reset_by_email, Fixture) {
  script(ok);
  bmob::RequestPasswordResetRequest request{"329685131@qq.com"};
  wait(bmob.user.requestPasswordReset(request));
  requireSent(only(), "POST /1/requestPasswordReset", {}, R"({"email":"329685131@qq.com"})");
  script({refusal(205, "no user found with email '329685131@qq.com'.")});
  BOOST_TEST(errorOf(bmob.user.requestPasswordReset(request)).errCode() == "205");
}

BOOST_FIXTURE_TEST_CASE(password_reset_by_sms_code, Fixture) {
  script(ok);
  bmob::ResetPasswordBySmsCodeRequest request{.smsCode = "123456", .password = "new-password"};
  wait(bmob.user.resetPasswordBySmsCode(request));
  requireSent(only(), "PUT /1/resetPasswordBySmsCode/123456", {}, R"({"password":"new-password"})");
  script({refusal(207, "code error:123456.")});
  const auto error = errorOf(bmob.user.resetPasswordBySmsCode(request));
  BOOST_TEST(error.errCode() == "207");
  BOOST_TEST(!contains(error.what(), "123456"));
}

BOOST_FIXTURE_TEST_CASE(password_by_old_password, Fixture) {
  script(ok);
  bmob::UpdateUserPasswordRequest request;
  request.sessionToken = token;
  request.objectId = "73d4587140";
  request.oldPassword = "oldPassword";
  request.newPassword = "newPassword";
  wait(bmob.user.updateUserPassword(request));
  requireSent(only(), "PUT /1/updateUserPassword/73d4587140", {}, R"({"oldPassword":"oldPassword","newPassword":"newPassword"})");
  BOOST_TEST(only().headers.get("X-Bmob-Session-Token") == token);
  script({refusal(210, "old password incorrect.")});
  BOOST_TEST(errorOf(bmob.user.updateUserPassword(request)).errCode() == "210");
}

BOOST_FIXTURE_TEST_CASE(push_send, Fixture) {
  script("{}");
  bmob::PushRequest request;
  request.data = {{"alert", "Hello From Bmob."}};
  wait(bmob.push.send(request));
  requireSent(only(), "POST /1/push", {}, R"({"data":{"alert":"Hello From Bmob."}})");
  request.where = Fields{{"deviceType", "ios"}};
  request.channels = std::vector{"news"s};
  request.pushTime = "2026-12-04 00:51:13";
  request.expirationInterval = 3600;
  script(R"({"result":true})");
  BOOST_TEST(*wait(bmob.push.send(request)).extra.find("result")->boolean());
  BOOST_TEST(only().body == R"({"data":{"alert":"Hello From Bmob."},"where":{"deviceType":"ios"},"channels":["news"],)"
                            R"("push_time":"2026-12-04 00:51:13","expiration_interval":3600})");
  script({refusal(141, "Missing the push data.")});
  BOOST_TEST(errorOf(bmob.push.send(request)).errCode() == "141");
}

BOOST_FIXTURE_TEST_CASE(file_upload, Fixture) {
  script(R"({"filename":"hello.txt","url":"http://cdn.example.com/2018/04/19/0123.txt","cdn":"upyun"})");
  bmob::UploadRequest request;
  request.fileName = "hello.txt";
  request.content = {"Hello, World!"};
  request.contentType = "text/plain";
  const auto file = wait(bmob.file.upload(request));
  BOOST_TEST(only().method + pathOf(only()) == "POST/2/files/hello.txt");
  BOOST_TEST(only().body == "Hello, World!");
  BOOST_TEST(only().headers.get("Content-Type") == "text/plain");
  BOOST_TEST(file.cdn == "upyun");
  BOOST_TEST((bmob::File{file.cdn, file.filename, file.url}.json().json()) ==
             R"({"__type":"File","group":"upyun","filename":"hello.txt","url":"http://cdn.example.com/2018/04/19/0123.txt"})");
  // Any bytes, any name.
  script(R"({"filename":"x","url":"http://cdn.example.com/x","cdn":"upyun"})");
  request.fileName = "图 片%2F.png";
  request.content = {std::string{"\0\1\2\xFD\xFE\xFF", 6}};
  request.contentType.reset();
  wait(bmob.file.upload(request));
  BOOST_TEST(pathOf(only()) == "/2/files/%E5%9B%BE%20%E7%89%87%252F.png");
  BOOST_TEST(only().body == request.content.data);
  BOOST_TEST(only().headers.get("Content-Type") == "application/octet-stream");
  script({refusal(146, "file name must use base64 encode before upload OR file must have suffix")});
  BOOST_TEST(errorOf(bmob.file.upload(request)).errCode() == "146");
}

BOOST_FIXTURE_TEST_CASE(file_destroy, Fixture) {
  script(ok);
  bmob::DestroyFileRequest request;
  request.cdn = "upyun";
  request.url = "http://cdn.example.com/2018/04/19/0123.txt?x=1";
  BOOST_TEST(wait(bmob.file.destroy(request)).msg == "ok");
  requireSent(only(), "DELETE /2/files/upyun/2018/04/19/0123.txt");
  script({refusal(151, "file delete error:not found")});
  BOOST_TEST(errorOf(bmob.file.destroy(request)).errCode() == "151");
  script(ok);
  bmob::DestroyFilesRequest many;
  many.cdn = "upyun";
  many.urls = {request.url, "http://cdn.example.com/2018/04/19/4567.png"};
  BOOST_TEST(wait(bmob.file.destroyAll(many)).failed.empty());
  requireSent(only(), "POST /2/cdnBatchDelete", {}, R"({"upyun":["2018/04/19/0123.txt","2018/04/19/4567.png"]})");
  script({answer(R"({"code":154,"error":"delete all file error","fail":{"upyun":["2018/04/19/4567.png"]}})", 400)});
  const auto partly = wait(bmob.file.destroyAll(many));
  BOOST_TEST((partly.failed == std::vector{"2018/04/19/4567.png"s}));
  BOOST_TEST(partly.msg == "delete all file error");
  script({refusal(153, "file not your owned")});
  BOOST_TEST(errorOf(bmob.file.destroyAll(many)).errCode() == "153");
}

// 数据表操作

BOOST_FIXTURE_TEST_CASE(row_get, Fixture) {
  const std::string row = R"({"content":"试试看","createdAt":"2018-04-18 15:25:54","form_id":"mock","formId":null,)"
                          R"("objectId":"7ecd253a25","updatedAt":"2018-04-18 15:25:54"})";
  script(row);
  const auto got = wait(bmob.query("tableName").get("7ecd253a25"));
  requireSent(only(), "GET /1/classes/tableName/7ecd253a25");
  BOOST_TEST(got.objectId == "7ecd253a25");
  BOOST_TEST(*got.find("content")->string() == "试试看");
  BOOST_TEST(*got.find("form_id")->string() == "mock");
  BOOST_TEST(got.find("formId")->isNull());
  // The document shows the row in a list.
  script(R"({"results":[)" + row + "]}");
  BOOST_TEST(*wait(bmob.query("tableName").get("7ecd253a25")).find("content")->string() == "试试看");
  script({refusal(101, "object not found for 7ecd253a25.")});
  const auto error = errorOf(bmob.query("tableName").get("7ecd253a25"));
  BOOST_TEST(error.errCode() == "101");
  BOOST_TEST(error.method() == "query.get");
}

BOOST_FIXTURE_TEST_CASE(row_save, Fixture) {
  script({answer(created, 201)});
  bmob::Changes changes;
  changes.set("name", "fff").set("cover", "1111").set("user_name", Fields{{"first_name", 1}, {"lastName", nullptr}});
  const auto saved = wait(bmob.query("tableName").save(changes));
  requireSent(only(), "POST /1/classes/tableName", {},
              R"({"name":"fff","cover":"1111","user_name":{"first_name":1,"lastName":null}})");
  BOOST_TEST(saved.objectId == "7ecd253a25");
  BOOST_TEST(saved.createdAt.value() == "2018-04-19 17:42:59");
  script({refusal(111, "invalid type for key 'score', expected 'Number', but got 'String'.")});
  BOOST_TEST(errorOf(bmob.query("tableName").save(changes)).errCode() == "111");
}

BOOST_FIXTURE_TEST_CASE(row_update, Fixture) {
  script(updated);
  bmob::Changes changes;
  changes.set("cover", "3333").increment("score").increment("lives", -2);
  BOOST_TEST(wait(bmob.query("tableName").update("7ecd253a25", changes)).updatedAt.value() == "2018-05-02 14:43:26");
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {},
              R"({"cover":"3333","score":{"__op":"Increment","amount":1},"lives":{"__op":"Increment","amount":-2}})");
}

BOOST_FIXTURE_TEST_CASE(row_unset, Fixture) {
  script(updated);
  bmob::Changes changes;
  changes.unset("cover");
  wait(bmob.query("tableName").update("7ecd253a25", changes));
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {}, R"({"cover":{"__op":"Delete"}})");
  script(updated);
  bmob::UnsetRequest request;
  request.className = "tableName";
  request.objectId = "7ecd253a25";
  request.columns = {"cover"};
  wait(bmob.rows.unset(request));
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {}, R"({"cover":{"__op":"Delete"}})");
}

BOOST_FIXTURE_TEST_CASE(row_destroy, Fixture) {
  script(ok);
  BOOST_TEST(wait(bmob.query("tableName").destroy("7ecd253a25")).msg == "ok");
  requireSent(only(), "DELETE /1/classes/tableName/7ecd253a25");
}

BOOST_FIXTURE_TEST_CASE(query_conditions, Fixture) {
  const auto whereOf = [this](const bmob::Query& query) {
    script(R"({"results":[]})");
    wait(query.find());
    BOOST_TEST(queryOf(only()).at("limit") == "100");
    return queryOf(only()).at("where");
  };
  auto query = bmob.query("tableName");
  BOOST_TEST(whereOf(query.equalTo("isLike", "==", 100)) == R"({"isLike":100})");
  BOOST_TEST(whereOf(bmob.query("T").equalTo("title", "!=", "bmob sdk")) == R"({"title":{"$ne":"bmob sdk"}})");
  BOOST_TEST(whereOf(bmob.query("T").equalTo("title", "==", Fields{{"$regex", "k.*"}})) == R"({"title":{"$regex":"k.*"}})");
  BOOST_TEST(whereOf(bmob.query("T").equalTo("createdAt", ">", "2018-08-21 18:02:52")) ==
             R"({"createdAt":{"$gt":{"__type":"Date","iso":"2018-08-21 18:02:52"}}})");
  auto month = bmob.query("T");
  month.equalTo("createdAt", ">", "2018-04-01 00:00:00").equalTo("createdAt", "<", "2018-05-01 00:00:00");
  BOOST_TEST(whereOf(month) == R"({"$and":[{"createdAt":{"$gt":{"__type":"Date","iso":"2018-04-01 00:00:00"}}},)"
                               R"({"createdAt":{"$lt":{"__type":"Date","iso":"2018-05-01 00:00:00"}}}]})");
  BOOST_TEST(whereOf(bmob.query("T").equalTo("title", "hello")) == R"({"title":"hello"})");
}

BOOST_FIXTURE_TEST_CASE(query_or, Fixture) {
  script(R"({"results":[]})");
  const auto query1 = bmob.query("tableName").equalTo("isLike", ">", 150);
  const auto query2 = bmob.query("tableName").equalTo("isLike", "<", 150);
  wait(bmob.query("tableName").anyOf({query1, query2}).find());
  requireSent(only(), "GET /1/classes/tableName",
              {{"where", R"({"$or":[{"isLike":{"$gt":150}},{"isLike":{"$lt":150}}]})"}, {"limit", "100"}});
}

BOOST_FIXTURE_TEST_CASE(query_select, Fixture) {
  script(R"({"results":[{"objectId":"a1","title":"x"}]})");
  const auto found = wait(bmob.query("tableName").select("title").find());
  requireSent(only(), "GET /1/classes/tableName", {{"limit", "100"}, {"keys", "title"}});
  BOOST_TEST(*found.results.front().find("title")->string() == "x");
}

BOOST_FIXTURE_TEST_CASE(query_pages, Fixture) {
  script({answer(R"({"results":[]})"), answer(R"({"results":[]})")});
  wait(bmob.query("tableName").limit(10).skip(10).find());
  BOOST_TEST((queryOf(sent()[0]) == Query{{"limit", "10"}, {"skip", "10"}}));
  wait(bmob.query("tableName").limit(1001).find());
  BOOST_TEST((queryOf(sent()[1]) == Query{{"limit", "1000"}}));
}

BOOST_FIXTURE_TEST_CASE(query_order, Fixture) {
  script({answer(R"({"results":[]})"), answer(R"({"results":[]})")});
  wait(bmob.query("tableName").order("-score").find());
  BOOST_TEST(queryOf(sent()[0]).at("order") == "-score");
  wait(bmob.query("tableName").order("-score", "name").find());
  BOOST_TEST(queryOf(sent()[1]).at("order") == "-score,name");
}

BOOST_FIXTURE_TEST_CASE(query_count, Fixture) {
  script(R"({"results":[],"count":6})");
  BOOST_TEST(wait(bmob.query("diary").count()) == 6);
  requireSent(only(), "GET /1/classes/diary", {{"count", "1"}, {"limit", "0"}});
}

// 数据库批量操作

BOOST_FIXTURE_TEST_CASE(batch_update, Fixture) {
  const std::vector<bmob::Row> todos{{.objectId = "a1a1a1a1a1"}, {.objectId = "b2b2b2b2b2"}, {}};
  script(R"([{"success":{"updatedAt":"2018-05-02 14:43:26"}},{"error":{"code":101,"error":"object not found for b2b2b2b2b2."}},)"
         R"({"success":{"createdAt":"2018-05-02 14:43:26","objectId":"d746635d0b"}}])");
  bmob::Changes changes;
  changes.set("aab", "Bmob后端云");
  const auto done = wait(bmob.query("tableName").saveAll(todos, changes));
  requireSent(only(), "POST /1/batch", {},
              R"({"requests":[{"method":"PUT","path":"/1/classes/tableName/a1a1a1a1a1","body":{"aab":"Bmob后端云"}},)"
              R"({"method":"PUT","path":"/1/classes/tableName/b2b2b2b2b2","body":{"aab":"Bmob后端云"}},)"
              R"({"method":"POST","path":"/1/classes/tableName","body":{"aab":"Bmob后端云"}}]})");
  BOOST_TEST(!done.allSucceeded());
  BOOST_TEST(done.results[0].state == "succeeded");
  BOOST_TEST(done.results[0].updatedAt.value() == "2018-05-02 14:43:26");
  BOOST_TEST(done.results[1].state == "rejected");
  BOOST_TEST(done.results[1].errCode.value() == "101");
  BOOST_TEST(done.results[1].errMsg.value() == "object not found for b2b2b2b2b2.");
  BOOST_TEST(done.results[2].objectId.value() == "d746635d0b");
}

BOOST_FIXTURE_TEST_CASE(batch_create, Fixture) {
  script(R"([{"success":{"createdAt":"2018-05-02 14:43:26","objectId":"d746635d0b"}}])");
  const std::vector rows{bmob::Changes{}.set("aab", "Bmob后端云")};
  BOOST_TEST(wait(bmob.query("tableName").saveAll(rows)).allSucceeded());
  requireSent(only(), "POST /1/batch", {},
              R"({"requests":[{"method":"POST","path":"/1/classes/tableName","body":{"aab":"Bmob后端云"}}]})");
}

BOOST_FIXTURE_TEST_CASE(batch_delete, Fixture) {
  script(R"([{"success":{"msg":"ok"}},{"success":{"msg":"ok"}}])");
  const std::vector<bmob::Row> todos{{.objectId = "a1a1a1a1a1"}, {.objectId = "b2b2b2b2b2"}};
  BOOST_TEST(wait(bmob.query("tableName").destroyAll(todos)).allSucceeded());
  requireSent(only(), "POST /1/batch", {},
              R"({"requests":[{"method":"DELETE","path":"/1/classes/tableName/a1a1a1a1a1"},)"
              R"({"method":"DELETE","path":"/1/classes/tableName/b2b2b2b2b2"}]})");
}

// 数据关联

BOOST_FIXTURE_TEST_CASE(pointer_include, Fixture) {
  script(R"({"results":[{"objectId":"a1","own":{"__type":"Object","className":"Game","objectId":"g1","title":"x"}}]})");
  const auto found = wait(bmob.query("tableName").include("own", "post").find());
  requireSent(only(), "GET /1/classes/tableName", {{"limit", "100"}, {"include", "own,post"}});
  BOOST_TEST(*found.results.front().find("own")->find("title")->string() == "x");
}

BOOST_FIXTURE_TEST_CASE(pointer_set, Fixture) {
  script(updated);
  bmob::Changes changes;
  changes.set("own", bmob::Pointer{"Game", "DdUOIIIW"});
  wait(bmob.query("tableName").update("7ecd253a25", changes));
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {},
              R"({"own":{"__type":"Pointer","className":"Game","objectId":"DdUOIIIW"}})");
}

// 数组操作

BOOST_FIXTURE_TEST_CASE(array_add, Fixture) {
  script(created);
  bmob::Changes changes;
  changes.add("DiaryType", {"public"}).addUnique("DiaryType", {"secret"});
  wait(bmob.query("tableName").save(changes));
  requireSent(only(), "POST /1/classes/tableName", {}, R"({"DiaryType":{"__op":"AddUnique","objects":["secret"]}})");
}

BOOST_FIXTURE_TEST_CASE(array_update, Fixture) {
  script(updated);
  bmob::Changes changes;
  changes.add("DiaryType", {"public"}).addUnique("other", {"secret", 1});
  wait(bmob.query("tableName").update("7ecd253a25", changes));
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {},
              R"({"DiaryType":{"__op":"Add","objects":["public"]},"other":{"__op":"AddUnique","objects":["secret",1]}})");
}

BOOST_FIXTURE_TEST_CASE(array_remove, Fixture) {
  script(updated);
  bmob::Changes changes;
  changes.remove("DiaryType", {"secret"});
  wait(bmob.query("tableName").update("7ecd253a25", changes));
  requireSent(only(), "PUT /1/classes/tableName/7ecd253a25", {}, R"({"DiaryType":{"__op":"Remove","objects":["secret"]}})");
}

// 小程序操作

BOOST_FIXTURE_TEST_CASE(weapp_auth, Fixture) {
  script({answer(R"({"openid":"o1","sk":"the-session-key","expires_in":7200})"), answer(account, 201)});
  bmob::AuthRequest request{.code = "the-code-1"};
  const auto user = wait(bmob.user.auth(request));
  BOOST_REQUIRE(sent().size() == 2U);
  requireSent(sent()[0], "POST /1/wechatAppv1/the-code-1", {}, R"({"anonymous_code":""})");
  requireSent(sent()[1], "POST /1/usersv1", {},
              R"({"authData":{"weapp":{"openid":"o1","sk":"the-session-key","expires_in":7200}}})");
  BOOST_TEST(user.sessionToken.value() == "cc4fbcfd40583af980f4e6e52085adbf");
  script({answer(R"({"openid":"o1","sk":"the-session-key"})"), refusal(208, "authData error: the-session-key")});
  const auto error = errorOf(bmob.user.auth(request));
  BOOST_TEST(error.errCode() == "208");
  BOOST_TEST(!contains(error.what(), "the-session-key"));
}

BOOST_FIXTURE_TEST_CASE(weapp_up_info, Fixture) {
  script(updated);
  bmob::UpInfoRequest request;
  request.sessionToken = token;
  request.objectId = "X43SIIIH";
  request.nickName = "magic";
  request.avatarUrl = "https://wx.qlogo.cn/mmopen/0";
  request.openid = "openid";
  BOOST_TEST(wait(bmob.user.upInfo(request)).updatedAt.value() == "2018-05-02 14:43:26");
  requireSent(only(), "PUT /1/users/X43SIIIH", {},
              R"({"nickName":"magic","userPic":"https://wx.qlogo.cn/mmopen/0","openid":"openid"})");
  BOOST_TEST(only().headers.get("X-Bmob-Session-Token") == token);
}

BOOST_FIXTURE_TEST_CASE(weapp_generate_code, Fixture) {
  script(R"({"cdn":"upyun","filename":"code.jpg","url":"http://qrCodeImageURL.jpg"})");
  bmob::GenerateCodeRequest request;
  request.path = "pages/index/index";
  request.type = 1;
  BOOST_TEST(wait(bmob.weapp.generateCode(request)).url.value() == "http://qrCodeImageURL.jpg");
  requireSent(only(), "POST /1/wechatApp/qr/generatecode", {}, R"({"path":"pages/index/index","width":430,"type":1})");
  script(R"({"imageBytes":"data:image/jpeg;base64,/9j/4A=="})");
  request.type = 0;
  request.scheme = "b";
  request.scene = "Bmob";
  BOOST_TEST(wait(bmob.weapp.generateCode(request)).image.value().data == "\xFF\xD8\xFF\xE0");
  BOOST_TEST(only().body == R"({"path":"pages/index/index","width":430,"interface":"b","scene":"Bmob","type":0})");
}

BOOST_FIXTURE_TEST_CASE(weapp_access_token, Fixture) {
  script(R"({"access_token":"72_abc"})");
  BOOST_TEST(wait(bmob.weapp.getAccessToken()).accessToken == "72_abc");
  requireSent(only(), "GET /1/wechatApp/getAccessToken");
}

BOOST_FIXTURE_TEST_CASE(weapp_template_message, Fixture) {
  script(R"({"errcode":0,"errmsg":"ok"})");
  bmob::SendWeAppMessageRequest request;
  request.touser = "open_Id";
  request.templateId = "template_id";
  request.page = "index";
  request.formId = "form_Id";
  request.data = {{"keyword1", Fields{{"value", "SDK测试内容"}, {"color", "#173177"}}}};
  request.emphasisKeyword = "keyword1.DATA";
  const auto sentOut = wait(bmob.weapp.sendWeAppMessage(request));
  BOOST_TEST(*sentOut.extra.find("errmsg")->string() == "ok");
  requireSent(only(), "POST /1/wechatApp/SendWeAppMessage", {},
              R"({"touser":"open_Id","template_id":"template_id","page":"index","form_id":"form_Id",)"
              R"("data":{"keyword1":{"value":"SDK测试内容","color":"#173177"}},"emphasis_keyword":"keyword1.DATA"})");
}

BOOST_FIXTURE_TEST_CASE(payment_refund, Fixture) {
  bmob::RefundRequest request;
  request.orderNo = "order_no";
  request.desc = "退款";
  for (const auto& [fen, yuan] : std::vector<std::pair<std::int64_t, std::string>>{{1, "0.01"},
                                                                                   {10, "0.1"},
                                                                                   {8800, "88"},
                                                                                   {8880, "88.8"},
                                                                                   {8808, "88.08"},
                                                                                   {100000, "1000"},
                                                                                   {999999999, "9999999.99"}}) {
    script(ok);
    request.refundFee = Fen{fen};
    wait(bmob.payment.refund(request));
    requireSent(only(), "POST /1/pay/refund", {}, R"({"order_no":"order_no","refund_fee":)" + yuan + R"(,"desc":"退款"})");
  }
  script({refusal(107, "content is empty.")});
  const auto error = errorOf(bmob.payment.refund(request));
  BOOST_TEST(error.errCode() == "107");
  BOOST_TEST(error.errMsg() == "content is empty.");
  BOOST_TEST((error.outcome() == Outcome::rejected));
  request.refundFee = Fen{0};
  requireRefused(*this, "refundFee", bmob.payment.refund(request));
}

BOOST_FIXTURE_TEST_CASE(weapp_notify_msg, Fixture) {
  script(ok);
  bmob::NotifyMsgRequest request;
  request.touser = "openid";
  request.templateId = bmob::Weapp::alarmTemplate;
  request.url = "http://www.bmob.cn/";
  request.data = {{"first", Fields{{"value", "您好"}, {"color", "#c00"}}}, {"keyword1", Fields{{"value", "Restful 失效"}}}};
  BOOST_TEST(wait(bmob.weapp.notifyMsg(request)).msg == "ok");
  requireSent(only(), "POST /1/wechatApp/notifyMsg", {},
              R"({"touser":"openid","template_id":"-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y","url":"http://www.bmob.cn/",)"
              R"("data":{"first":{"value":"您好","color":"#c00"},"keyword1":{"value":"Restful 失效"}}})");
  script({refusal(10100, "今天微信发送的消息已超过规定的50次")});
  BOOST_TEST(errorOf(bmob.weapp.notifyMsg(request)).errCode() == "10100");
}

BOOST_FIXTURE_TEST_CASE(functions_run, Fixture) {
  script(R"({"result":"欢迎使用Bmob"})");
  const auto text = wait(bmob.functions.run("hello", Fields{{"name", "bmob"}}));
  requireSent(only(), "POST /1/functions/hello", {}, R"({"name":"bmob"})");
  BOOST_TEST(*text.result.string() == "欢迎使用Bmob");
  BOOST_TEST(!text.parsed);
  script(R"({"result":"{\"a\":[1]}"})");
  const auto json = wait(bmob.functions.run("hello", Fields{}));
  requireSent(only(), "POST /1/functions/hello", {}, "{}");
  BOOST_TEST(json.parsed->json() == R"({"a":[1]})");
  script({refusal(311, "invalid cloudcode name: hello.")});
  BOOST_TEST(errorOf(bmob.functions.run("hello", Fields{})).errCode() == "311");
}

// 短信服务操作, bmob-sms.md and bmob-sms-legacy.md

BOOST_FIXTURE_TEST_CASE(sms_request_code, Fixture) {
  script(R"({"smsId":1232222})");
  bmob::RequestSmsCodeRequest request{.mobilePhoneNumber = "18600000000"};
  BOOST_TEST(wait(bmob.sms.requestSmsCode(request)).smsId == 1232222);
  requireSent(only(), "POST /1/requestSmsCode", {}, R"({"mobilePhoneNumber":"18600000000"})");
  script(R"({"smsId":"1232223"})");
  request.smsTemplate = "注册模板";
  request.validateToken = "3fdgfs223";
  BOOST_TEST(wait(bmob.sms.requestSmsCode(request)).smsId == 1232223);
  BOOST_TEST(only().body == R"({"mobilePhoneNumber":"18600000000","template":"注册模板","validate_token":"3fdgfs223"})");
  script({refusal(10022, "模板:注册模板 不存在")});
  BOOST_TEST(errorOf(bmob.sms.requestSmsCode(request)).errCode() == "10022");
}

BOOST_FIXTURE_TEST_CASE(sms_verify_code, Fixture) {
  script(ok);
  bmob::VerifySmsCodeRequest request{.mobilePhoneNumber = "18600000000", .smsCode = "876845"};
  BOOST_TEST(wait(bmob.sms.verifySmsCode(request)).msg == "ok");
  requireSent(only(), "POST /1/verifySmsCode/876845", {}, R"({"mobilePhoneNumber":"18600000000"})");
  script({refusal(301, "手机号码必须是11位的数字")});
  request.mobilePhoneNumber = "186";
  const auto error = errorOf(bmob.sms.verifySmsCode(request));
  BOOST_TEST(error.errCode() == "301");
  BOOST_TEST(error.errMsg() == "手机号码必须是11位的数字");
  script({answer(R"({"code":207,"error":"code error."})", 400)});
  BOOST_TEST(errorOf(bmob.sms.verifySmsCode(request)).errCode() == "207");
  BOOST_TEST(sent().size() == 1U);
}

BOOST_AUTO_TEST_CASE(sms_message_count) {
  const auto countOf = [](std::size_t characters) {
    std::string text;
    for (std::size_t at = 0; at < characters; ++at) text += "字";
    return bmob::smsMessageCount(text);
  };
  BOOST_TEST(countOf(0) == 1);
  BOOST_TEST(countOf(64) == 1);   // 70 with the signature
  BOOST_TEST(countOf(65) == 2);   // 71
  BOOST_TEST(countOf(128) == 2);  // 134
  BOOST_TEST(countOf(129) == 3);  // 135, the document's example
  BOOST_TEST((thrownBy([] { static_cast<void>(bmob::smsMessageCount("\xFF")); }).errc() == Errc::invalidArgument));
}

BOOST_FIXTURE_TEST_CASE(sms_limits, Fixture) {
  script({refusal(10010, "mobile '18600000000' send message limited.")});
  bmob::RequestSmsCodeRequest request{.mobilePhoneNumber = "18600000000"};
  const auto error = errorOf(bmob.sms.requestSmsCode(request));
  BOOST_TEST(error.errCode() == "10010");
  BOOST_TEST(!error.retryable());
  BOOST_TEST(sent().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(sms_captcha, Fixture) {
  const std::string url = base + "/1/captchaImage?secretKey=" + secretKey + "&token=dtP6cLb3axn0Ho13EvZP";
  script(Json{Fields{{"captcha_token", "dtP6cLb3axn0Ho13EvZP"}, {"captcha_url", url}}}.json());
  bmob::RequestCaptchaRequest request{.width = 85, .height = 30, .size = 4, .ttl = 180};
  const auto captcha = wait(bmob.sms.requestCaptcha(request));
  requireSent(only(), "POST /1/requestCaptcha", {}, R"({"width":85,"height":30,"size":4,"ttl":180})");
  BOOST_TEST(captcha.captchaToken == "dtP6cLb3axn0Ho13EvZP");
  BOOST_TEST(captcha.captchaUrl == url);

  const std::string png{"\x89PNG\r\n\x1A\n....", 12};
  script({answer(png)});
  bmob::CaptchaImageRequest look{captcha.captchaUrl};
  const auto image = wait(bmob.sms.captchaImage(look));
  BOOST_TEST(only().method == "GET");
  BOOST_TEST(only().url == url);
  BOOST_TEST(only().headers.empty());  // no keys to an address that somebody else named
  BOOST_TEST(image.image.data == png);
  BOOST_TEST(image.contentType == "image/png");
  script({answer("<html>", 200)});
  BOOST_TEST((errorOf(bmob.sms.captchaImage(look)).errc() == Errc::badResponse));
  script({answer("not found", 404)});
  BOOST_TEST(errorOf(bmob.sms.captchaImage(look)).httpStatus() == 404);

  script(R"({"validate_token":"second-token"})");
  bmob::VerifyCaptchaRequest verify{.captchaCode = "1110", .captchaToken = "R23423dsfd"};
  BOOST_TEST(wait(bmob.sms.verifyCaptcha(verify)).validateToken == "second-token");
  requireSent(only(), "POST /1/verifyCaptcha", {}, R"({"captcha_code":"1110","captcha_token":"R23423dsfd"})");
  script({refusal(207, "code error.")});
  BOOST_TEST(errorOf(bmob.sms.verifyCaptcha(verify)).errCode() == "207");

  for (const auto& [field, wrong] : std::vector<std::pair<std::string, bmob::RequestCaptchaRequest>>{{"width", {.width = 59}},
                                                                                                     {"width", {.width = 201}},
                                                                                                     {"height", {.height = 29}},
                                                                                                     {"height", {.height = 101}},
                                                                                                     {"size", {.size = 2}},
                                                                                                     {"size", {.size = 7}},
                                                                                                     {"ttl", {.ttl = 59}},
                                                                                                     {"ttl", {.ttl = 181}}}) {
    requireRefused(*this, field, bmob.sms.requestCaptcha(wrong));
  }
}

BOOST_FIXTURE_TEST_CASE(sms_custom_text, Fixture) {
  script(R"({"smsId":1232222})");
  bmob::RequestSmsRequest request;
  request.mobilePhoneNumber = "18600000000";
  request.content = "您的验证码是:222222, 有效期是10分钟。";
  BOOST_TEST(wait(bmob.sms.requestSms(request)).smsId == 1232222);
  requireSent(only(), "POST /1/requestSms", {},
              R"({"mobilePhoneNumber":"18600000000","content":"您的验证码是:222222, 有效期是10分钟。"})");
  script(R"({"smsId":1232222})");
  request.sendTime = "2016-05-26 12:13:14";
  wait(bmob.sms.requestSms(request));
  BOOST_TEST(contains(only().body, R"("sendTime":"2016-05-26 12:13:14")"));
  for (const auto* bad : {"2016-05-26", "2016-05-26T12:13:14Z", "2016-13-26 12:13:14", "20160526121314", "2016-05-26 12:13:60"}) {
    request.sendTime = bad;
    requireRefused(*this, "sendTime", bmob.sms.requestSms(request));
  }
  request.sendTime.reset();
  for (const auto* bad : {"【比目科技】hello", "see [this]"}) {
    request.content = bad;
    requireRefused(*this, "content", bmob.sms.requestSms(request));
  }
  // The platform's newer form.
  request.content = Fields{{"name", "x"}};
  requireRefused(*this, "smsTemplate", bmob.sms.requestSms(request));
  request.smsTemplate = "通知";
  script(R"({"smsId":1})");
  wait(bmob.sms.requestSms(request));
  BOOST_TEST(only().body == R"({"mobilePhoneNumber":"18600000000","content":{"name":"x"},"template":"通知"})");
  script({refusal(10013, "sms content illegal.")});
  BOOST_TEST(errorOf(bmob.sms.requestSms(request)).errCode() == "10013");
}

BOOST_FIXTURE_TEST_CASE(sms_status, Fixture) {
  script(R"({"sms_state":"SENDING","verify_state":false})");
  bmob::QuerySmsRequest request{1232222};
  const auto status = wait(bmob.sms.querySms(request));
  requireSent(only(), "GET /1/querySms/1232222");
  BOOST_TEST(status.smsState == "SENDING");
  BOOST_TEST(!status.verifyState.value());
  script({refusal(10018, "smsId:1232222 not found")});
  BOOST_TEST(errorOf(bmob.sms.querySms(request)).errCode() == "10018");
}

BOOST_AUTO_TEST_SUITE_END()
