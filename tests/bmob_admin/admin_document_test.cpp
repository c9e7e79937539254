#include "world.hpp"

// The requirement document of the service, heading by heading, with its examples.
using namespace admin_test;

namespace {

constexpr auto loggedIn = R"({
    "createdAt": "2018-02-06 14:38:08",
    "objectId": "bb0d3e0042",
    "sessionToken": "d2a016de40c0b9a080e788edf299e6c1",
    "updatedAt": "2018-02-06 14:38:08",
    "username": "yjy"
})";
constexpr auto wrongPassword = R"({"code": 101, "error": "username or password incorrect."})";
constexpr auto signedUp = R"({
    "createdAt": "2018-02-06 15:22:38",
    "objectId": "349a272243",
    "sessionToken": "f707d581403b0557803edbae928b5d6b"
})";
constexpr auto nameTaken = R"({"code": 202, "error": "username 'yjy' already taken."})";
constexpr auto users = R"({
  "results": [
    {
      "authData": {"weapp": {"expires_in": 7200, "openid": "ohlYa0cGBqTngBSMpTLtEPxUoPbc", "session_key": "1lRpan/TJnfSXlhaW01yiA=="}},
      "createdAt": "2017-06-08 16:16:40",
      "nickName": "magic",
      "objectId": "303798ba84",
      "openid": "ohlYa0cGBqTngBSMpTLtEPxUoPbc",
      "updatedAt": "2017-06-08 18:22:56",
      "userPic": "http://wx.qlogo.cn/mmopen/vi_32/DYAIOgq83epnpg0DmlT4IT7RLDy8NZPt5ehb0UpXc4jkbRAB12lLA3IxQQu6K0FYl6xIzm8fXEeL7PEeGtRfmA/0",
      "username": "0ea0f015b5ff5d7b"
    },
    {
      "authData": {"weapp": {"expires_in": 7200, "openid": "oUBzr0JpidGlgRRgGIyxfkzuHI1Q", "session_key": "pkz2+M7KJqSq1zgkC6YnGA=="}},
      "createdAt": "2017-07-13 15:35:56",
      "nickName": "magic",
      "objectId": "2cf892ed00",
      "openid": "oUBzr0JpidGlgRRgGIyxfkzuHI1Q",
      "updatedAt": "2018-01-26 11:31:59",
      "userPic": "https://wx.qlogo.cn/mmopen/vi_32/DYAIOgq83epAdlVeNZWaewQktkjXqAZOhO9sB3s5SMyyk8sevic5dn9HcqSkySx1IZ7g9GHGZiaITNxavzhDy2uw/0",
      "username": "3f83060cf7970e32"
    }
  ]
})";
constexpr auto user = R"({
    "createdAt": "2018-02-06 17:48:20",
    "objectId": "c0b4c10053",
    "updatedAt": "2018-02-07 10:03:52",
    "username": "kokp"
})";
constexpr auto updated = R"({"updatedAt": "2018-02-07 10:03:52"})";
constexpr auto otherNameTaken = R"({"code": 202, "error": "username 'kokp' already taken."})";
constexpr auto removed = R"({"msg": "ok"})";

// The examples of the document, as curl sends them.
constexpr auto curlUpdate =
    "PUT /users/c0b4c10053 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
    "content-type: application/x-www-form-urlencoded\r\nsessiontoken: 2b1716cf40c1a9fc804dbba86e609c0e\r\n"
    "Content-Length: 13\r\n\r\nusername=koko";
constexpr auto curlDelete =
    "DELETE /users/c0b4c10053 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
    "content-type: application/x-www-form-urlencoded\r\nsessiontoken: 2b1716cf40c1a9fc804dbba86e609c0e\r\n\r\n";

/// The text with the spaces of JSON taken out.
std::string compact(std::string_view json) { return Json::parse(json).json(); }

/// What the service makes of an answer of Bmob.
Response through(const char* bmobSays, int bmobStatus, const std::string& request) {
  const FakeBmob bmob{bmobSays, bmobStatus};
  const Admin admin{bmob.url()};
  return ask(admin, request);
}

const std::string session = "sessiontoken: 2b1716cf40c1a9fc804dbba86e609c0e\r\n";
const std::string json = "Content-Type: application/json; charset=utf-8\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_document)

BOOST_AUTO_TEST_CASE(login_address) {
  const FakeBmob bmob{loggedIn};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, form("POST", "/login", "username=yjy&password=secret")), 200, loggedIn);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.path == "/1/login");
  BOOST_TEST(request.query == "username=yjy&password=secret");
  BOOST_TEST(request.headers.get("X-Bmob-Application-Id") == "2fcbbe7a1b8e4b3f8d1c");
  BOOST_TEST(request.headers.get("X-Bmob-REST-API-Key") == "c0ffee5f8d2b4e6a9c1d");
  BOOST_TEST(request.headers.get("X-Bmob-Session-Token") == "");
  BOOST_TEST(request.headers.get("X-Bmob-Master-Key") == "");
}

BOOST_AUTO_TEST_CASE(login_request) {
  const FakeBmob bmob{loggedIn};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, form("POST", "/login", "username=%E5%BC%A0+%26&password=p%2B%25")), 200, loggedIn);
  requireJson(ask(admin, message("POST", "/login", json, R"({"username":"张 &","password":"p+%"})")), 200, loggedIn);
  const auto requests = bmob.requests();
  BOOST_REQUIRE_EQUAL(requests.size(), 2u);
  BOOST_TEST(requests[0].query == requests[1].query);
  // Both are required; the original asks Bmob for a user named `undefined`.
  for (const auto* body : {"", "username=yjy", "password=secret", "username=&password=secret", "username=yjy&password="}) {
    requireError(ask(admin, form("POST", "/login", body)), 200, 109, "login data required.");
  }
  requireError(ask(admin, message("POST", "/login", json, "{}")), 200, 109, "login data required.");
  requireError(ask(admin, message("POST", "/login", json, R"({"username":1,"password":"x"})")), 400, 400, "username");
  BOOST_TEST(bmob.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(login_response) {
  requireJson(through(loggedIn, 200, form("POST", "/login", "username=yjy&password=secret")), 200, loggedIn);
  requireJson(through(wrongPassword, 400, form("POST", "/login", "username=yjy&password=wrong")), 200, wrongPassword);
}

BOOST_AUTO_TEST_CASE(sign_up_address) {
  const FakeBmob bmob{signedUp, 201};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, form("POST", "/signUp", "username=yjy&password=secret")), 200, signedUp);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.path == "/1/users");
  BOOST_TEST(request.body == R"({"username":"yjy","password":"secret"})");
}

BOOST_AUTO_TEST_CASE(sign_up_request) {
  const FakeBmob bmob{signedUp, 201};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, message("POST", "/signUp", json, R"({"username":"yjy","password":"secret","age":7})")), 200, signedUp);
  BOOST_TEST(bmob.request().body == R"({"username":"yjy","password":"secret","age":7})");
  requireError(ask(admin, form("POST", "/signUp", "")), 200, 107, "content is empty.");
  requireError(ask(admin, form("POST", "/signUp", "username=yjy")), 200, 108, "username and password required.");
  requireError(ask(admin, form("POST", "/signUp", "password=secret")), 200, 108, "username and password required.");
  requireError(ask(admin, form("POST", "/signUp", "username=a&password=b&1x=2")), 200, 105, "invalid field name: 1x.");
  BOOST_TEST(bmob.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(sign_up_response) {
  requireJson(through(signedUp, 201, form("POST", "/signUp", "username=yjy&password=secret")), 200, signedUp);
  requireJson(through(nameTaken, 400, form("POST", "/signUp", "username=yjy&password=secret")), 200, nameTaken);
}

BOOST_AUTO_TEST_CASE(list_users_address) {
  const FakeBmob bmob{users};
  const Admin admin{bmob.url()};
  BOOST_TEST(ask(admin, message("GET", "/users")).status == 200);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.path == "/1/users");
  BOOST_TEST(request.headers.get("X-Bmob-Session-Token") == "");
  BOOST_TEST(request.headers.get("X-Bmob-Master-Key") == "");
}

BOOST_AUTO_TEST_CASE(list_users_request) {
  const FakeBmob bmob{R"({"results":[],"count":0})"};
  const Admin admin{bmob.url()};
  BOOST_TEST(ask(admin, message("GET", "/users/?timestamp=1517900288000&table=_User&isClass")).status == 200);
  BOOST_TEST(bmob.request().query == "");
  requireJson(ask(admin, message("GET", "/users?limit=20&skip=40&count=1", session)), 200, R"({"count":0,"results":[]})");
  const auto second = bmob.requests()[1];
  BOOST_TEST(second.query.find("limit=20") != std::string::npos);
  BOOST_TEST(second.query.find("skip=40") != std::string::npos);
  BOOST_TEST(second.query.find("count=1") != std::string::npos);
  BOOST_TEST(second.headers.get("X-Bmob-Session-Token") == "2b1716cf40c1a9fc804dbba86e609c0e");
  for (const auto* query :
       {"limit=-1", "limit=ten", "limit=1001", "limit=", "limit=%zz", "skip=99999999999999999999", "count=2"}) {
    requireError(ask(admin, message("GET", std::string{"/users?"} + query)), 400, 400, "expected a number");
  }
  for (const auto* query : {"limit=0", "limit=0&count=0", "limit=-1", "limit=ten", "limit=1001"}) {
    requireError(ask(admin, message("GET", std::string{"/users?"} + query)), 400, 400,
                 "limit: expected a number from 1 to 1000, or 0 with count=1");
  }
  requireJson(ask(admin, message("GET", "/users?limit=0&count=1")), 200, R"({"count":0,"results":[]})");
}

BOOST_AUTO_TEST_CASE(list_users_response) {
  auto wanted = compact(users);
  for (const auto* secret : {R"(,"session_key":"1lRpan/TJnfSXlhaW01yiA==")", R"(,"session_key":"pkz2+M7KJqSq1zgkC6YnGA==")"}) {
    const auto at = wanted.find(secret);
    BOOST_REQUIRE(at != std::string::npos);
    wanted.erase(at, std::string_view{secret}.size());
  }
  requireJson(through(users, 200, message("GET", "/users")), 200, wanted);
}

BOOST_AUTO_TEST_CASE(list_users_with_session_keys) {
  const FakeBmob bmob{users};
  Setup setup;
  setup.rules.keepSessionKeys = true;
  const Admin admin{bmob.url(), setup};
  requireJson(ask(admin, message("GET", "/users")), 200, users);
  BOOST_TEST(bmob.request().headers.get("X-Bmob-Master-Key") == "5e6f7a8b9c0d1e2f3a4b");
}

BOOST_AUTO_TEST_CASE(list_users_without_secrets_of_any_shape) {
  requireJson(through(R"({"results":[
    {"objectId":"a","authData":"{\"session_key\":\"x\"}","password":"hash","sessionToken":"t"},
    {"objectId":"b","authData":{"weapp":"session_key=x","qq":{"sk":"x","openid":"o"}}}]})",
                      200, message("GET", "/users")),
              200, R"({"results":[{"objectId":"a"},{"authData":{"qq":{"openid":"o"}},"objectId":"b"}]})");
}

BOOST_AUTO_TEST_CASE(get_user_address) {
  const FakeBmob bmob{user};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, message("GET", "/users/c0b4c10053", "X-Bmob-Session-Token: abc\r\n")), 200, user);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.path == "/1/users/c0b4c10053");
  BOOST_TEST(request.headers.get("X-Bmob-Session-Token") == "abc");
}

BOOST_AUTO_TEST_CASE(get_user_request) {
  const FakeBmob bmob{user};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, message("GET", "/users/c0%624c10053/?timestamp=1")), 200, user);
  BOOST_TEST(bmob.request().path == "/1/users/c0b4c10053");
  BOOST_TEST(bmob.request().query == "");
}

BOOST_AUTO_TEST_CASE(get_user_response) {
  requireJson(through(user, 200, message("GET", "/users/c0b4c10053")), 200, user);
  constexpr auto notFound = R"({"code":101,"error":"object not found for c0b4c10053."})";
  requireJson(through(notFound, 400, message("GET", "/users/c0b4c10053")), 200, notFound);
}

BOOST_AUTO_TEST_CASE(update_user_address) {
  const FakeBmob bmob{updated};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, form("PUT", "/users/c0b4c10053", "username=koko", session)), 200, updated);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "PUT");
  BOOST_TEST(request.path == "/1/users/c0b4c10053");
  BOOST_TEST(request.headers.get("X-Bmob-Session-Token") == "2b1716cf40c1a9fc804dbba86e609c0e");
  BOOST_TEST(request.headers.get("X-Bmob-Master-Key") == "");
}

BOOST_AUTO_TEST_CASE(update_user_curl_example) {
  const FakeBmob bmob{updated};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, curlUpdate), 200, updated);
  BOOST_TEST(bmob.request().body == R"({"username":"koko"})");
}

BOOST_AUTO_TEST_CASE(update_user_request) {
  const FakeBmob bmob{updated};
  const Admin admin{bmob.url()};
  // Values of a form are texts, always; JSON keeps its types.
  requireJson(ask(admin, form("PUT", "/users/c0b4c10053", "age=7&nickName=%E5%BC%A0", session)), 200, updated);
  requireJson(ask(admin, message("PUT", "/users/c0b4c10053", json + session, R"({"age":7,"tags":["a"]})")), 200, updated);
  const auto requests = bmob.requests();
  BOOST_REQUIRE_EQUAL(requests.size(), 2u);
  BOOST_TEST(requests[0].body == R"({"age":"7","nickName":"张"})");
  BOOST_TEST(requests[1].body == R"({"age":7,"tags":["a"]})");
  requireError(ask(admin, form("PUT", "/users/c0b4c10053", "username=koko")), 200, 206, "sessionToken");
  requireError(ask(admin, form("PUT", "/users/c0b4c10053", "", session)), 200, 107, "content is empty.");
  requireError(ask(admin, form("PUT", "/users/c0b4c10053", "a%20b=1", session)), 200, 105, "invalid field name: a b.");
  BOOST_TEST(bmob.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(update_user_response) {
  requireJson(through(updated, 200, curlUpdate), 200, updated);
  requireJson(through(otherNameTaken, 400, curlUpdate), 200, otherNameTaken);
}

BOOST_AUTO_TEST_CASE(delete_user_address) {
  const FakeBmob bmob{removed};
  const Admin admin{bmob.url()};
  requireJson(ask(admin, message("DELETE", "/users/c0b4c10053", session)), 200, removed);
  const auto request = bmob.request();
  BOOST_TEST(request.method == "DELETE");
  BOOST_TEST(request.path == "/1/users/c0b4c10053");
  BOOST_TEST(request.headers.get("X-Bmob-Session-Token") == "2b1716cf40c1a9fc804dbba86e609c0e");
}

BOOST_AUTO_TEST_CASE(delete_user_curl_example) { requireJson(through(removed, 200, curlDelete), 200, removed); }

BOOST_AUTO_TEST_CASE(delete_user_request) {
  const FakeBmob bmob{removed};
  const Admin admin{bmob.url()};
  requireError(ask(admin, message("DELETE", "/users/c0b4c10053")), 200, 206, "sessionToken");
  requireJson(ask(admin, form("DELETE", "/users/c0b4c10053", "a=b", session)), 200, removed);
  requireJson(
      ask(admin, message("DELETE", "/users/c0b4c10053", session + "X-Bmob-Session-Token: 2b1716cf40c1a9fc804dbba86e609c0e\r\n")),
      200, removed);
  BOOST_TEST(bmob.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(delete_user_response) {
  requireJson(through(removed, 200, curlDelete), 200, removed);
  constexpr auto notFound = R"({"code":101,"error":"object not found for c0b4c10053."})";
  requireJson(through(notFound, 400, curlDelete), 200, notFound);
}

BOOST_AUTO_TEST_CASE(every_error_of_bmob_comes_back_with_status_200) {
  const std::vector<std::pair<std::int64_t, std::string>> errors{
      {105, "It is a reserved field: objectId."},
      {110, "db is moving, please do not use http method POST,PUT,DELETE"},
      {111, "invalid type for key 'age', expected 'Number', but got 'String'."},
      {122, "权限验证不通过"},
      {201, "'username' missing."},
      {203, "email 'a@b.c' already taken."},
      {206, "无权限操作用户表，应用初始化时，请传入MasterKey"},
      {209, "mobilePhoneNumber '13800000000' already taken."},
      {211, "用户请先登录，或者用户登录已过期需要重新登录"},
      {301, "email is \"wrong\"\n"},
      {10061, "master key Err"}};
  for (const auto& [code, text] : errors) {
    const Json body = openapi::Fields{{"code", code}, {"error", text}};
    requireJson(through(body.json().c_str(), 400, curlUpdate), 200, body.json());
  }
}

BOOST_AUTO_TEST_CASE(administrators_change_every_user) {
  Setup setup;
  setup.rules.admins = {"bb0d3e0042"};
  const FakeBmob bmob{[](const gateway::Request& request) {
    const bool admin = request.headers.get("X-Bmob-Session-Token") == "d2a016de40c0b9a080e788edf299e6c1";
    const bool check = request.path == "/1/checkSession/bb0d3e0042";
    return gateway::Reply{.contentType = "application/json", .body = check && !admin ? R"({"msg":"fail"})" : removed};
  }};
  const Admin admin{bmob.url(), setup};
  requireJson(ask(admin, curlDelete), 200, removed);
  requireJson(ask(admin, message("DELETE", "/users/c0b4c10053", "sessiontoken: d2a016de40c0b9a080e788edf299e6c1\r\n")), 200,
              removed);
  requireError(ask(admin, message("DELETE", "/users/c0b4c10053")), 200, 206, "sessionToken");
  const auto requests = bmob.requests();
  BOOST_REQUIRE_EQUAL(requests.size(), 4u);
  BOOST_TEST(requests[1].headers.get("X-Bmob-Session-Token") == "2b1716cf40c1a9fc804dbba86e609c0e");
  BOOST_TEST(requests[1].headers.get("X-Bmob-Master-Key") == "");
  BOOST_TEST(requests[3].headers.get("X-Bmob-Session-Token") == "");
  BOOST_TEST(requests[3].headers.get("X-Bmob-Master-Key") == "5e6f7a8b9c0d1e2f3a4b");
}

BOOST_AUTO_TEST_SUITE_END()
