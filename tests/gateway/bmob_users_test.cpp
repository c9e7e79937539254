#include "bmob_bench.hpp"

using namespace bmob_bench;

BOOST_AUTO_TEST_SUITE(bmob_users)

BOOST_AUTO_TEST_CASE(the_examples_of_the_sheet) {
  Bench bench;
  const auto made = bench.post("/1/users", R"({"username":"u1","password":"pw","email":"u1@example.com"})");
  BOOST_TEST(made.reply.status == 201);
  const auto id = made.text("objectId");
  BOOST_TEST(made.reply.headers.get("Location") == "https://127.0.0.1:9/1/users/" + id);
  BOOST_TEST(id.size() == 10U);
  BOOST_TEST(made.text("sessionToken").size() == 32U);
  BOOST_TEST(made.text("createdAt") == "2024-01-02 11:04:08");
  BOOST_TEST(made.json.object()->size() == 3U);

  const auto login = bench.get("/1/login", {{"username", "u1"}, {"password", "pw"}});
  BOOST_TEST(login.reply.status == 200);
  BOOST_TEST(login.text("objectId") == id);
  BOOST_TEST(login.text("username") == "u1");
  BOOST_TEST(login.text("email") == "u1@example.com");
  BOOST_TEST(login.text("updatedAt") == "2024-01-02 11:04:08");
  BOOST_TEST(login.text("sessionToken").size() == 32U);
  BOOST_TEST(login.text("sessionToken") != made.text("sessionToken"));
  BOOST_TEST(login.json.find("password") == nullptr);

  const auto bad = bench.get("/1/login", {{"username", "u1"}, {"password", "other"}});
  BOOST_TEST(bad.reply.status == 400);
  BOOST_TEST(bad.reply.body == R"({"code":101,"error":"username or password incorrect."})");
}

BOOST_AUTO_TEST_CASE(registration_refuses) {
  Bench bench;
  bench.registerUser("yjy");
  const auto check = [&](const std::string& body, std::int64_t code, const std::string& error) {
    BOOST_TEST_CONTEXT(body) {
      const auto answer = bench.post("/1/users", body);
      BOOST_TEST(answer.reply.status == 400);
      BOOST_TEST(answer.code() == code);
      if (!error.empty()) BOOST_TEST(answer.error() == error);
    }
  };
  check("", 107, "content is empty.");
  check("{}", 107, "content is empty.");
  check(R"({"username":"a"})", 108, "username and password required.");
  check(R"({"password":"a"})", 108, "username and password required.");
  check(R"({"username":"a","password":""})", 108, "username and password required.");
  check(R"({"username":"yjy","password":"a"})", 202, "username 'yjy' already taken.");
  check(R"({"username":"a","password":"a","email":"nobody"})", 301, "");
  check(R"({"username":"a","password":"a","mobilePhoneNumber":"123"})", 301, "手机号码必须是11位的数字");
  check(R"({"username":"a","password":1})", 111, "");
  check(R"({"username":"a","password":"b","objectId":"x"})", 105, "It is a reserved field: objectId.");
  check(R"({"username":"a","password":"b","emailVerified":true})", 138, "emailVerified is read only.");
  BOOST_TEST(
      bench.post("/1/users", R"({"username":"b","password":"p","email":"b@example.com","mobilePhoneNumber":"13800000001"})")
          .reply.status == 201);
  check(R"({"username":"c","password":"p","email":"b@example.com"})", 203, "email 'b@example.com' already taken.");
  check(R"({"username":"c","password":"p","mobilePhoneNumber":13800000001})", 209,
        "mobilePhoneNumber '13800000001' already taken.");
  BOOST_TEST(bench.get("/1/users", {{"count", "1"}, {"limit", "0"}}).text("count") == "2");
}

BOOST_AUTO_TEST_CASE(logins) {
  Bench bench;
  bench.post("/1/users", R"({"username":"u","password":"p w+&","email":"u@example.com","mobilePhoneNumber":"13800000001"})");
  for (const auto* name : {"u", "u@example.com", "13800000001"}) {
    BOOST_TEST(bench.get("/1/login", {{"username", name}, {"password", "p w+&"}}).text("username") == "u");
    BOOST_TEST(bench.post("/1/login", Json{Fields{{"username", name}, {"password", "p w+&"}}}.json()).text("username") == "u");
  }
  BOOST_TEST(bench.get("/1/login").error() == "login data required.");
  BOOST_TEST(bench.get("/1/login", {{"username", "u"}}).code() == 109);
  BOOST_TEST(bench.post("/1/login", "{}").code() == 109);
  BOOST_TEST(bench.get("/1/login", {{"username", "undefined"}, {"password", "undefined"}}).code() == 101);
  BOOST_TEST(bench.get("/1/login", {{"username", "u' OR 1=1 --"}, {"password", "x"}}).code() == 101);
}

BOOST_AUTO_TEST_CASE(nobody_sees_a_password) {
  Bench bench;
  const auto user = bench.registerUser("u", "hunter2secret");
  const auto master = bench.asMaster([&] { return bench.get("/1/users/" + user.id); });
  BOOST_TEST(master.reply.body.find("hunter2") == std::string::npos);
  BOOST_TEST(master.json.find("password") == nullptr);
  for (const auto& row : bench.database.query("SELECT hash FROM bmob_passwords"))
    BOOST_TEST(row.text("hash").find("hunter2") == std::string::npos);
  BOOST_TEST(bench.get("/1/users", {{"where", R"({"password":"hunter2secret"})"}}).results().empty());
}

BOOST_AUTO_TEST_CASE(writes_need_the_users_own_session) {
  Bench bench;
  const auto user = bench.registerUser("u");
  const auto other = bench.registerUser("v");
  for (const auto& path : {"/1/users/" + user.id, "/1/classes/_User/" + user.id}) {
    BOOST_TEST(bench.put(path, R"({"nick":"a"})").code() == 206);
    BOOST_TEST(bench.as("bmob", [&] { return bench.put(path, R"({"nick":"a"})"); }).code() == 206);
    BOOST_TEST(bench.as(other.token, [&] { return bench.put(path, R"({"nick":"a"})"); }).code() == 211);
    BOOST_TEST(bench.as("0123456789abcdef", [&] { return bench.put(path, R"({"nick":"a"})"); }).code() == 211);
    BOOST_TEST(bench.remove(path).code() == 206);
    const auto changed = bench.as(user.token, [&] { return bench.put(path, R"({"nick":"a"})"); });
    BOOST_TEST(changed.reply.body == R"({"updatedAt":"2024-01-02 11:04:08"})");
    BOOST_TEST(bench.get(path).text("nick") == "a");
  }
  BOOST_TEST(bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, R"({"username":"v"})"); }).code() == 202);
  BOOST_TEST(bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, R"({"mobilePhoneVerified":true})"); }).code() ==
             138);
  BOOST_TEST(bench.asMaster([&] { return bench.put("/1/users/" + user.id, R"({"mobilePhoneVerified":true})"); }).reply.status ==
             200);
  const auto batched = R"({"username":{"__op":"Batch","ops":["v"]}})";
  BOOST_TEST(bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, batched); }).code() == 107);
  BOOST_TEST(bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, R"({"username":{"__op":"Delete"}})"); }).code() ==
             201);
  BOOST_TEST(bench.as(user.token, [&] { return bench.remove("/1/users/" + user.id); }).reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.get("/1/users/" + user.id).error() == "object not found for " + user.id + ".");
  BOOST_TEST(bench.get("/1/login", {{"username", "u"}, {"password", "pw"}}).code() == 101);
}

BOOST_AUTO_TEST_CASE(sessions_end_after_seven_days) {
  Bench bench;
  const auto user = bench.registerUser("u");
  const auto path = "/1/checkSession/" + user.id;
  BOOST_TEST(bench.as(user.token, [&] { return bench.get(path); }).reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.get(path).reply.body == R"({"msg":"fail"})");
  bench.advance(std::chrono::days{7} - std::chrono::milliseconds{1});
  BOOST_TEST(bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, R"({"a":1})"); }).reply.status == 200);
  bench.advance(std::chrono::milliseconds{1});
  const auto late = bench.as(user.token, [&] { return bench.put("/1/users/" + user.id, R"({"a":2})"); });
  BOOST_TEST(late.reply.body == R"({"code":211,"error":"用户请先登录，或者用户登录已过期需要重新登录"})");
  BOOST_TEST(bench.as(user.token, [&] { return bench.get(path); }).reply.body == R"({"msg":"fail"})");
}

BOOST_AUTO_TEST_CASE(passwords_are_changed) {
  Bench bench;
  const auto user = bench.registerUser("u", "a");
  const auto second = bench.get("/1/login", {{"username", "u"}, {"password", "a"}}).text("sessionToken");
  const auto path = "/1/updateUserPassword/" + user.id;
  const std::string body = R"({"oldPassword":"a","newPassword":"b"})";
  BOOST_TEST(bench.put(path, body).code() == 206);
  bench.session = user.token;
  BOOST_TEST(bench.put(path, R"({"oldPassword":"x","newPassword":"b"})").reply.body ==
             R"({"code":210,"error":"old password incorrect."})");
  BOOST_TEST(bench.put(path, R"({"oldPassword":"a"})").code() == 10050);
  BOOST_TEST(bench.put(path, R"({"oldPassword":"a","newPassword":1})").code() == 10051);
  BOOST_TEST(bench.put(path, body).reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.put("/1/updatePassword", R"({"oldPassword":"b","newPassword":"c"})").reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.post(path, R"({"oldPassword":"c","newPassword":"d"})").reply.body == R"({"msg":"ok"})");
  bench.session = second;
  BOOST_TEST(bench.put(path, R"({"oldPassword":"d","newPassword":"e"})").code() == 211);
  bench.session.clear();
  BOOST_TEST(bench.get("/1/login", {{"username", "u"}, {"password", "a"}}).code() == 101);
  BOOST_TEST(bench.get("/1/login", {{"username", "u"}, {"password", "d"}}).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(mails_and_their_links) {
  Bench bench;
  bench.post("/1/users", R"({"username":"u","password":"p","email":"u@example.com"})");
  const std::string body = R"({"email":"u@example.com"})";
  BOOST_TEST(bench.post("/1/requestEmailVerify", body).reply.body ==
             R"({"code":120,"error":"Email verify should be opened in your app setup page of bmob."})");
  bench.platform->extra("/settings", Fields{{"emailVerify", true}});
  BOOST_TEST(bench.post("/1/requestEmailVerify", body).reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.post("/1/requestEmailVerify", R"({"a":1})").reply.body ==
             R"({"code":204,"error":"you must provide an email"})");
  BOOST_TEST(bench.post("/1/requestPasswordReset", R"({"email":"x@example.com"})").error() ==
             "no user found with email 'x@example.com'.");
  BOOST_TEST(bench.post("/1/requestPasswordReset", body).reply.body == R"({"msg":"ok"})");
  const auto mails = bench.platform->extra("/mails", Fields{{"address", "u@example.com"}});
  BOOST_REQUIRE(mails.array()->size() == 2U);
  const auto open = [&](std::size_t i) {
    return bench.platform->extra("/openmail",
                                 Fields{{"token", *mails.array()->at(i).find("token")->string()}, {"password", "new"}});
  };
  open(1);
  BOOST_TEST(bench.get("/1/users").results().at(0).find("emailVerified")->json() == "true");
  open(0);
  BOOST_CHECK_THROW(open(0), ControlError);
  const auto login = bench.get("/1/login", {{"username", "u"}, {"password", "new"}});
  BOOST_TEST(login.reply.status == 200);
  // A link that went to an address which is no longer the user's.
  bench.post("/1/requestPasswordReset", body);
  bench.session = login.text("sessionToken");
  bench.put("/1/users/" + login.text("objectId"), R"({"email":"v@example.com"})");
  const auto late = bench.platform->extra("/mails", Fields{{"address", "u@example.com"}});
  const Fields link{{"token", *late.array()->front().find("token")->string()}, {"password", "stolen"}};
  BOOST_CHECK_THROW(bench.platform->extra("/openmail", link), ControlError);
}

BOOST_AUTO_TEST_CASE(codes_by_mail) {
  Bench bench;
  bench.post("/1/users", R"({"username":"u","password":"p","email":"u@example.com"})");
  BOOST_TEST(bench.post("/1/requestEmailCode", R"({"email":"u@example.com"})").reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.post("/1/requestEmailCode", R"({"email":"u"})").code() == 301);
  const auto login = R"({"username":"u@example.com","smsCode":"654321"})";
  BOOST_TEST(bench.post("/1/login", R"({"username":"u@example.com","smsCode":"000000"})").code() == 207);
  BOOST_TEST(bench.post("/1/login", login).text("username") == "u");
  BOOST_TEST(bench.post("/1/login", login).code() == 207);
}

BOOST_AUTO_TEST_CASE(other_platforms) {
  Bench bench;
  const std::string body = R"({"authData":{"weapp":{"openid":"o1","session_key":"k1","expires_in":7200}},"nick":"a"})";
  const auto made = bench.post("/1/users", body);
  BOOST_TEST(made.reply.status == 201);
  BOOST_TEST(!made.text("username").empty());
  const auto id = made.text("objectId");
  const auto again = bench.post("/1/usersv1", R"({"authData":{"weapp":{"openid":"o1","sk":"s2"}}})");
  BOOST_TEST(again.reply.status == 200);
  BOOST_TEST(again.text("objectId") == id);
  BOOST_TEST(again.json.find("authData")->find("weapp")->find("sk") != nullptr);
  const auto seen = bench.get("/1/users/" + id);
  BOOST_TEST(seen.json.find("authData")->find("weapp")->json() == R"({"openid":"o1"})");
  const auto guess = bench.get("/1/users", {{"where", R"({"authData.weapp.sk":{"$regex":"^s"}})"}});
  BOOST_TEST(guess.code() == 102);
  BOOST_TEST(bench.get("/1/users", {{"where", R"({"authData.weapp.openid":"o1"})"}}).results().size() == 1U);
  for (const auto* bad :
       {R"({"authData":1})", R"({"authData":{}})", R"({"authData":{"weapp":{}}})", R"({"authData":{"a'b":{"id":"1"}}})"}) {
    BOOST_TEST(bench.post("/1/users", bad).code() == 208);
  }
  const auto user = bench.registerUser("u");
  bench.session = user.token;
  BOOST_TEST(bench.put("/1/users/" + user.id, R"({"authData":{"weapp":{"openid":"o1"}}})").code() == 208);
  BOOST_TEST(bench.put("/1/users/" + user.id, R"({"authData":{"qq":{"openid":"q1"}}})").reply.status == 200);
  BOOST_TEST(bench.post("/1/users", R"({"authData":{"qq":{"openid":"q1"}}})").text("objectId") == user.id);
  BOOST_TEST(bench.put("/1/users/" + user.id, R"({"authData":{"qq":null}})").reply.status == 200);
  BOOST_TEST(bench.post("/1/users", R"({"authData":{"qq":{"openid":"q1"}}})").reply.status == 201);
}

BOOST_AUTO_TEST_CASE(accounts_in_a_registration_are_linked) {
  Bench bench;
  const auto body = [](const std::string& name, const std::string& authData) {
    return R"({"username":")" + name + R"(","password":"p","authData":)" + authData + "}";
  };
  const auto made = bench.post("/1/users", body("a", R"({"weapp":{"openid":"o1"}})"));
  BOOST_TEST(made.reply.status == 201);
  BOOST_TEST(bench.post("/1/users", R"({"authData":{"weapp":{"openid":"o1"}}})").text("objectId") == made.text("objectId"));
  BOOST_TEST(bench.post("/1/users", body("b", R"({"weapp":{"openid":"o1"}})")).code() == 208);
  BOOST_TEST(bench.post("/1/users", body("b", R"({"we app":7})")).code() == 208);
  bench.session = made.text("sessionToken");
  for (const auto* inside : {R"({"authData.weapp":{"openid":"o2"}})", R"({"password.x":1})"}) {
    BOOST_TEST(bench.put("/1/users/" + made.text("objectId"), inside).code() == 105, inside);
  }
  BOOST_TEST(bench.get("/1/users").results().size() == 1U);
}

BOOST_AUTO_TEST_CASE(names_that_look_like_the_address_of_another) {
  Bench bench;
  const auto named = bench.registerUser("13900000001", "named");
  bench.post("/1/users", R"({"username":"u","password":"right","email":"u@example.com"})");
  bench.registerUser("u@example.com", "other");
  const auto login = [&](const std::string& name, const std::string& password) {
    return bench.get("/1/login", {{"username", name}, {"password", password}});
  };
  BOOST_TEST(login("u@example.com", "right").text("username") == "u");
  BOOST_TEST(login("u@example.com", "other").text("username") == "u@example.com");
  // A code proves who has the phone, not who is called like it.
  bench.post("/1/requestSmsCode", R"({"mobilePhoneNumber":"13900000001"})");
  BOOST_TEST(bench.post("/1/login", R"({"username":"13900000001","smsCode":"654321"})").code() == 101);
  BOOST_TEST(login("13900000001", "named").text("objectId") == named.id);
}

BOOST_AUTO_TEST_CASE(phones_without_a_code) {
  Bench bench;
  const auto refused = bench.post("/1/usersv1", R"({"mobilePhoneNumber":"13800000001","smsCode":"123456"})");
  BOOST_TEST(refused.reply.body == R"({"code":207,"error":"code error."})");
  BOOST_TEST(bench.get("/1/login?mobilePhoneNumber=13800000001&smsCode=123456").code() == 207);
  BOOST_TEST(bench.post("/1/users", R"({"mobilePhoneNumber":"1380000","smsCode":"123456"})").code() == 301);
  BOOST_TEST(bench.put("/1/resetPasswordBySmsCode/123456", R"({"password":"x"})").code() == 207);
  BOOST_TEST(bench.put("/1/resetPasswordBySmsCode/123456", R"({"password":""})").code() == 10050);
  BOOST_TEST(bench.get("/1/users").results().empty());
}

BOOST_AUTO_TEST_CASE(phones_and_their_codes) {
  Bench bench;
  const auto ask = [&] {
    bench.advance(std::chrono::minutes{2});
    return bench.post("/1/requestSmsCode", R"({"mobilePhoneNumber":"13800000001"})").reply.status;
  };
  BOOST_TEST(ask() == 200);
  const auto first = bench.post("/1/usersv1", R"({"mobilePhoneNumber":"13800000001","smsCode":"654321","nick":"a"})");
  BOOST_TEST(first.reply.status == 200);
  BOOST_TEST(first.text("username") == "13800000001");
  BOOST_TEST(first.text("mobilePhoneVerified") == "true");
  BOOST_TEST(first.text("nick") == "a");
  BOOST_TEST(first.text("sessionToken").size() == 32U);
  BOOST_TEST(first.json.find("smsCode") == nullptr);
  BOOST_TEST(bench.post("/1/usersv1", R"({"mobilePhoneNumber":"13800000001","smsCode":"654321"})").code() == 207);
  BOOST_TEST(ask() == 200);
  const auto again = bench.get("/1/login?mobilePhoneNumber=13800000001&smsCode=654321");
  BOOST_TEST(again.text("objectId") == first.text("objectId"));
  BOOST_TEST(ask() == 200);
  BOOST_TEST(bench.put("/1/resetPasswordBySmsCode/654321", R"({"password":"new"})").reply.body == R"({"msg":"ok"})");
  BOOST_TEST(bench.get("/1/login", {{"username", "13800000001"}, {"password", "new"}}).reply.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
