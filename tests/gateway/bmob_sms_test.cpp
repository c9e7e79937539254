#include "bmob_bench.hpp"

#include <gateways/weixin_api/picture.hpp>

using namespace bmob_bench;

namespace {

const std::string phone = "13711166567";
const std::string codeError = R"({"code":207,"error":"code error."})";
const std::string ok = R"({"msg":"ok"})";

Json control(const Bench& bench, std::string_view route, const Json& input = Fields{}) {
  return bench.platform->extra(route, input);
}
std::string body(const Answer& answer) { return answer.reply.body; }

Answer request(const Bench& bench, Fields more = {}) {
  if (more.find("mobilePhoneNumber") == nullptr) more.set("mobilePhoneNumber", phone);
  return bench.post("/1/requestSmsCode", Json{more}.json());
}
std::string verify(const Bench& bench, const std::string& code, const std::string& who = phone) {
  return body(bench.post("/1/verifySmsCode/" + code, Json{Fields{{"mobilePhoneNumber", who}}}.json()));
}
Answer custom(const Bench& bench, const Json& content, const std::string& sendTime = "") {
  Fields sent{{"mobilePhoneNumber", phone}, {"content", content}};
  if (!sendTime.empty()) sent.set("sendTime", sendTime);
  return bench.post("/1/requestSms", Json{sent}.json());
}
Json newest(const Bench& bench, std::string_view route) { return control(bench, route).array()->at(0); }
std::string textIn(const Json& json, std::string_view name) { return *json.find(name)->string(); }

struct Captcha {
  std::string token{};
  std::string code{};
};
Captcha captcha(const Bench& bench, const std::string& sent = "{}") {
  const auto answer = bench.post("/1/requestCaptcha", sent);
  BOOST_TEST(answer.reply.status == 200, body(answer));
  return {answer.text("captcha_token"), textIn(newest(bench, "/captchas"), "code")};
}
Answer solve(const Bench& bench, const Captcha& which, const std::string& code) {
  return bench.post("/1/verifyCaptcha", Json{Fields{{"captcha_code", code}, {"captcha_token", which.token}}}.json());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_sms)

BOOST_AUTO_TEST_CASE(a_code_is_sent_and_verified_once) {
  const Bench bench;
  BOOST_TEST(body(request(bench)) == R"({"smsId":1})");
  const auto message = newest(bench, "/sms");
  BOOST_TEST(textIn(message, "content") == "您的验证码是654321，有效期为5分钟。您正在使用openapi的验证码");
  BOOST_TEST(textIn(message, "code") == "654321");
  BOOST_TEST(textIn(message, "mobilePhoneNumber") == phone);
  BOOST_TEST(body(bench.get("/1/querySms/:1")) == R"({"sms_state":"SUCCESS","verify_state":false})");
  BOOST_TEST(verify(bench, "654320") == codeError);
  BOOST_TEST(verify(bench, "654321", "13711166568") == codeError);
  BOOST_TEST(verify(bench, "654321") == ok);
  BOOST_TEST(verify(bench, "654321") == codeError);
  BOOST_TEST(body(bench.get("/1/querySms/1")) == R"({"sms_state":"SUCCESS","verify_state":true})");
  BOOST_TEST(body(bench.get("/1/querySms/2")) == R"({"code":10018,"error":"smsId:2 not found"})");
  BOOST_TEST(bench.get("/1/querySms/1%20OR%201").code() == 10018);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_five_minutes) {
  Bench bench;
  request(bench);
  bench.advance(std::chrono::minutes{5});
  BOOST_TEST(verify(bench, "654321") == codeError);
  request(bench);
  bench.advance(std::chrono::seconds{299});
  BOOST_TEST(verify(bench, "654321") == ok);
}

BOOST_AUTO_TEST_CASE(five_wrong_tries_void_a_code) {
  Bench bench;
  const std::string isVoid = R"({"code":207,"error":"code error: too many wrong codes, request another one."})";
  request(bench);
  request(bench, {{"mobilePhoneNumber", "13711166568"}});
  for (int i = 0; i < 5; ++i) BOOST_TEST(verify(bench, "00000" + std::to_string(i)) == codeError);
  BOOST_TEST(verify(bench, "654321") == isVoid);
  const auto login = R"({"mobilePhoneNumber":"13711166567","smsCode":"654321"})";
  BOOST_TEST(body(bench.post("/1/usersv1", login)) == isVoid);
  BOOST_TEST(verify(bench, "654321", "13711166568") == ok);  // another phone's code is another matter
  bench.advance(std::chrono::minutes{1});
  request(bench);
  for (int i = 0; i < 4; ++i) BOOST_TEST(verify(bench, "000000") == codeError);
  BOOST_TEST(verify(bench, "654321") == ok);
}

BOOST_AUTO_TEST_CASE(tries_in_a_batch_count_too) {
  Bench bench;
  request(bench);
  const auto item =
      Fields{{"method", "POST"}, {"path", "/1/users"}, {"body", Fields{{"mobilePhoneNumber", phone}, {"smsCode", "000000"}}}};
  bench.post("/1/batch", Json{Fields{{"requests", Json::Array(5, item)}}}.json());
  BOOST_TEST(verify(bench, "654321").find("too many wrong codes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(codes_without_a_phone_are_tried_ten_times_in_five_minutes) {
  Bench bench;
  const auto reset = [&](const std::string& code) {
    return body(bench.put("/1/resetPasswordBySmsCode/" + code, R"({"password":"new"})"));
  };
  const std::string tooMany = R"({"code":207,"error":"code error: too many wrong codes, try again in 5 minutes."})";
  request(bench);
  BOOST_TEST(bench.post("/1/usersv1", R"({"mobilePhoneNumber":"13711166567","smsCode":"654321"})").reply.status == 200);
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(reset("00000" + std::to_string(i)) == codeError);
    bench.advance(std::chrono::seconds{20});
  }
  request(bench);
  BOOST_TEST(reset("654321") == tooMany);
  BOOST_TEST(verify(bench, "000000") == codeError);  // who names the phone is not shut out
  bench.advance(std::chrono::seconds{99});
  BOOST_TEST(reset("654321") == tooMany);
  bench.advance(std::chrono::seconds{1});
  BOOST_TEST(reset("654321") == ok);
}

BOOST_AUTO_TEST_CASE(phones) {
  const Bench bench;
  const std::string wrong = R"({"code":301,"error":"手机号码必须是11位的数字"})";
  for (const auto* who : {"", "186xxxxxxxx", "1371116656", "137111665678", "+8613711166567", "1371116656７"})
    BOOST_TEST(body(request(bench, {{"mobilePhoneNumber", who}})) == wrong, who);
  BOOST_TEST(body(bench.post("/1/verifySmsCode/123456", "{}")) == wrong);
  BOOST_TEST(request(bench, {{"mobilePhoneNumber", std::int64_t{13711166567}}}).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(one_a_minute_five_an_hour_ten_a_day) {
  Bench bench;
  const std::string limited = R"({"code":10010,"error":"mobile '13711166567' send message limited."})";
  const auto send = [&] { return request(bench).reply.status == 200; };
  BOOST_TEST(send());
  BOOST_TEST(body(request(bench)) == limited);
  for (int i = 0; i < 4; ++i) {
    bench.advance(std::chrono::minutes{1});
    BOOST_TEST(send());
  }
  bench.advance(std::chrono::minutes{1});
  BOOST_TEST(body(request(bench)) == limited);
  BOOST_TEST(request(bench, {{"mobilePhoneNumber", "13711166568"}}).reply.status == 200);
  bench.advance(std::chrono::hours{1});
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(send());
    bench.advance(std::chrono::minutes{1});
  }
  bench.advance(std::chrono::hours{2});
  BOOST_TEST(body(request(bench)) == limited);
  bench.advance(std::chrono::hours{24});
  BOOST_TEST(send());
}

BOOST_AUTO_TEST_CASE(templates_and_quota) {
  const Bench bench;
  BOOST_TEST(body(request(bench, {{"template", "没有"}})) == R"({"code":10022,"error":"模板:没有 不存在"})");
  control(bench, "/sms", Fields{{"template", "登录"}, {"content", "码%smscode%"}});
  BOOST_TEST(request(bench, {{"template", "登录"}}).reply.status == 200);
  BOOST_TEST(textIn(newest(bench, "/sms"), "content") == "码654321");
  control(bench, "/sms", Fields{{"quota", 0}});
  BOOST_TEST(body(request(bench, {{"mobilePhoneNumber", "13711166568"}})) ==
             R"({"code":10011,"error":"the account has no messages left."})");
  BOOST_TEST(control(bench, "/sms").array()->size() == 1U);
  control(bench, "/sms", Fields{{"quota", nullptr}});
  BOOST_TEST(request(bench, {{"mobilePhoneNumber", "13711166568"}}).reply.status == 200);
  BOOST_CHECK_THROW(control(bench, "/sms", Fields{{"quota", -1}}), ControlError);
  BOOST_CHECK_THROW(control(bench, "/sms", Fields{{"template", "x"}}), ControlError);
}

BOOST_AUTO_TEST_CASE(own_texts_and_their_price) {
  Bench bench;
  const auto price = [&](std::size_t characters) {
    std::string text;
    for (std::size_t i = 0; i < characters; ++i) text += "字";
    bench.advance(std::chrono::hours{25});
    BOOST_TEST(custom(bench, text).reply.status == 200);
    return *newest(bench, "/sms").find("messages")->integer();
  };
  // With the six characters of the signature: up to 70 is one message, then 67 each.
  BOOST_TEST(price(1) == 1);
  BOOST_TEST(price(64) == 1);
  BOOST_TEST(price(65) == 2);
  BOOST_TEST(price(128) == 2);
  BOOST_TEST(price(129) == 3);
  BOOST_TEST(body(custom(bench, "")) == R"({"code":118,"error":"param content is need."})");
  for (const auto* text : {"【我们】你好", "[x]"})
    BOOST_TEST(body(custom(bench, text)) == R"({"code":10013,"error":"sms content illegal."})", text);
  BOOST_TEST(body(custom(bench, Fields{{"a", "b"}})) == R"({"code":118,"error":"param template is need."})");
}

BOOST_AUTO_TEST_CASE(messages_that_wait) {
  Bench bench;
  BOOST_TEST(body(custom(bench, "你好", "2024-01-02 11:14:08")) == R"({"smsId":1})");
  BOOST_TEST(body(bench.get("/1/querySms/1")) == R"({"sms_state":"SENDING","verify_state":false})");
  bench.advance(std::chrono::minutes{10});
  BOOST_TEST(body(bench.get("/1/querySms/1")) == R"({"sms_state":"SUCCESS","verify_state":false})");
  BOOST_TEST(body(custom(bench, "你好", "2024-01-02 11:24:07")) ==
             R"({"code":10020,"error":"2024-01-02 11:24:07 must out of 10 minutes from now"})");
  for (const std::string time :
       {"tomorrow", "2024-13-01 00:00:00", "2024-01-02T11:30:00Z", "99999999999-01-01 00:00:00", "2024-01-02 11:30:00 "})
    BOOST_TEST(body(custom(bench, "你好", time)) ==
               R"({"code":10019,"error":")" + time + R"( format is not 2006-01-02 15:04:05"})");
  BOOST_TEST(custom(bench, "你好", std::string(100'000, '9')).code() == 10019);
  BOOST_TEST(custom(bench, "你好", "9999-12-31 23:59:59").reply.status == 200);
}

BOOST_AUTO_TEST_CASE(a_captcha_is_a_picture) {
  const Bench bench;
  const auto answer = bench.post("/1/requestCaptcha", R"({"width":120,"height":40,"size":6,"ttl":180})");
  const auto url = answer.text("captcha_url");
  BOOST_TEST_REQUIRE(url.starts_with("https://127.0.0.1:9/1/captchaImage?secretKey="));
  BOOST_TEST(url.ends_with("&token=" + answer.text("captcha_token")));
  BOOST_TEST(url.find(bench.identity.secretKey) == std::string::npos);
  const auto show = [&](const std::string& query) {
    return bench.platform->handle({.method = "GET", .path = "/1/captchaImage", .query = query});
  };
  const auto query = url.substr(url.find('?') + 1);
  const auto image = show(query);
  BOOST_TEST(image.contentType == "image/png");
  const auto header = weixin_api::pictureHeader(image.body);
  BOOST_TEST_REQUIRE(header.has_value());
  BOOST_TEST(header->width == 120);
  BOOST_TEST(header->height == 40);
  BOOST_TEST(textIn(newest(bench, "/captchas"), "code").size() == 6U);
  BOOST_TEST(show("secretKey=x&token=" + answer.text("captcha_token")).status == 404);
  BOOST_TEST(show(query + "x").status == 404);
}

BOOST_AUTO_TEST_CASE(a_captcha_is_good_once) {
  const Bench bench;
  const auto first = captcha(bench);
  const auto solved = solve(bench, first, first.code);
  BOOST_TEST(solved.reply.status == 200, body(solved));
  BOOST_TEST(body(solve(bench, first, first.code)) == codeError);
  const auto second = captcha(bench);
  BOOST_TEST(body(solve(bench, second, "wrong")) == codeError);
  BOOST_TEST(body(solve(bench, second, second.code)) == codeError);  // the wrong answer used it up
  BOOST_TEST(body(solve(bench, {"unknown", ""}, "1234")) == codeError);
  BOOST_TEST(body(solve(bench, second, "")) == R"({"code":118,"error":"param captcha_code is need."})");
  BOOST_TEST(body(solve(bench, {}, "1")) == R"({"code":118,"error":"param captcha_token is need."})");
}

BOOST_AUTO_TEST_CASE(a_captcha_ends_with_its_time) {
  Bench bench;
  const auto first = captcha(bench, R"({"ttl":60})");
  bench.advance(std::chrono::seconds{60});
  BOOST_TEST(body(solve(bench, first, first.code)) == codeError);
}

BOOST_AUTO_TEST_CASE(captchas_out_of_range) {
  const Bench bench;
  for (const auto* sent : {R"({"width":59})", R"({"width":201})", R"({"height":29})", R"({"height":101})", R"({"size":2})",
                           R"({"size":7})", R"({"ttl":59})", R"({"ttl":181})", R"({"width":9223372036854775807})"})
    BOOST_TEST(bench.post("/1/requestCaptcha", sent).code() == 10035, sent);
  BOOST_TEST(body(bench.post("/1/requestCaptcha", R"({"ttl":59})")) ==
             R"({"code":10035,"error":"field: ttl value: 59 is not right"})");
  BOOST_TEST(bench.post("/1/requestCaptcha", R"({"width":"wide"})").code() == 102);
}

BOOST_AUTO_TEST_CASE(templates_that_want_a_captcha) {
  Bench bench;
  control(bench, "/settings", Fields{{"captcha", true}});
  const std::string wrong = R"({"code":207,"error":"validate_token error."})";
  BOOST_TEST(body(request(bench, {{"template", "注册模板"}})) == wrong);
  const auto made = captcha(bench);
  const auto token = solve(bench, made, made.code).text("validate_token");
  BOOST_TEST(request(bench, {{"template", "注册模板"}, {"validate_token", token}}).reply.status == 200);
  bench.advance(std::chrono::minutes{1});
  BOOST_TEST(body(request(bench, {{"template", "注册模板"}, {"validate_token", token}})) == wrong);
  BOOST_TEST(request(bench).reply.status == 200);  // without a template none is needed
}

BOOST_AUTO_TEST_SUITE_END()
