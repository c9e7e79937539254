#include "bmob_bench.hpp"

#include <crypto/aes.hpp>
#include <gateways/weixin_api/code_reader.hpp>

using namespace bmob_bench;

namespace {

constexpr auto openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const std::string used = R"({"code":10007,"error":"code2Session errcode:40163, err:code been used"})";
const std::string invalid = R"({"code":10007,"error":"code2Session errcode:40029, err:invalid code"})";

Json control(const Bench& bench, std::string_view route, const Json& input = Fields{}) {
  return bench.platform->extra(route, input);
}
std::string textIn(const Json& json, std::string_view name) { return *json.find(name)->string(); }
std::string body(const Answer& answer) { return answer.reply.body; }
Answer redeem(const Bench& bench, const std::string& code, const std::string& version = "v1") {
  return bench.post("/1/wechatApp" + version + "/" + code, R"({"anonymous_code":""})");
}

/// What a code in an image reads as.
std::string readCode(const std::string& image) {
  const auto picture = weixin_api::Picture::read(image);
  BOOST_TEST_REQUIRE(picture.has_value());
  const auto codes = weixin_api::readCodes(picture->grey());
  BOOST_TEST_REQUIRE(codes.size() == 1U);
  return codes.front().data;
}

const std::string notice =
    R"({"touser":"openid","template_id":"-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y","url":"http://www.bmob.cn/",)"
    R"("data":{"first":{"value":"您好","color":"#c00"}}})";

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_weapp)

BOOST_AUTO_TEST_CASE(a_code_of_the_control_route) {
  const Bench bench;
  const auto made = control(bench, "/code", Fields{{"openid", openid}, {"unionid", "u1"}});
  const auto answer = redeem(bench, textIn(made, "code"));
  BOOST_TEST(answer.reply.status == 200, body(answer));
  BOOST_TEST(answer.text("openid") == openid);
  BOOST_TEST(answer.text("unionid") == "u1");
  BOOST_TEST(answer.text("expires_in") == "7200");
  BOOST_TEST(answer.text("sk").size() == 32U);
  BOOST_TEST(answer.text("session_key").empty());
  BOOST_TEST(body(redeem(bench, textIn(made, "code"))) == used);
  BOOST_CHECK_THROW(control(bench, "/code", Fields{{"openid", "o1"}}), ControlError);
}

BOOST_AUTO_TEST_CASE(the_older_exchange_gives_the_session_key) {
  const Bench bench;
  const auto made = control(bench, "/code");
  const auto answer = redeem(bench, textIn(made, "code"), "");
  BOOST_TEST(answer.text("openid") == textIn(made, "openid"));
  BOOST_TEST(answer.text("session_key") == textIn(made, "sessionKey"));
  BOOST_TEST(answer.text("sk").empty());
}

BOOST_AUTO_TEST_CASE(codes_that_nobody_issued) {
  const Bench bench;
  BOOST_TEST(redeem(bench, std::string{"code-"} + openid).text("openid") == openid);
  BOOST_TEST(redeem(bench, std::string{"code-"} + openid + "-2").text("openid") == openid);
  const auto usual = redeem(bench, "the-code-1").text("openid");
  BOOST_TEST(usual.size() == 28U);
  BOOST_TEST(usual != openid);
  BOOST_TEST(redeem(bench, "the-code-2").text("openid") == usual);
  BOOST_TEST(redeem(bench, std::string{"code-"} + openid + "x").text("openid") == usual);
  BOOST_TEST(body(redeem(bench, "the-code-2")) == used);
  BOOST_TEST(body(redeem(bench, "a%00b")) == invalid);
  BOOST_TEST(body(redeem(bench, "a%20b")) == invalid);
  BOOST_TEST(body(redeem(bench, std::string(129, 'a'))) == invalid);
  BOOST_TEST(redeem(bench, std::string(128, 'a')).reply.status == 200);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_for_five_minutes) {
  Bench bench;
  const auto first = textIn(control(bench, "/code"), "code");
  const auto second = textIn(control(bench, "/code"), "code");
  bench.advance(std::chrono::seconds{299});
  BOOST_TEST(redeem(bench, first).reply.status == 200);
  bench.advance(std::chrono::seconds{1});
  BOOST_TEST(body(redeem(bench, second)) == invalid);
}

BOOST_AUTO_TEST_CASE(the_first_log_in_gives_the_whole_user) {
  const Bench bench;
  const auto session = redeem(bench, std::string{"code-"} + openid);
  const auto sent = Json{Fields{{"authData", Fields{{"weapp", session.json}}}}}.json();
  const auto user = bench.post("/1/usersv1", sent);
  BOOST_TEST(user.reply.status == 201, body(user));
  BOOST_TEST(textIn(*user.json.find("authData")->find("weapp"), "openid") == openid);
  BOOST_TEST(textIn(*user.json.find("authData")->find("weapp"), "sk") == session.text("sk"));
  const auto again = bench.get(std::string{"/1/wechatAppv1/code-"} + openid + "-2");
  BOOST_TEST(again.reply.status == 200, body(again));
  BOOST_TEST(again.text("objectId") == user.text("objectId"));
  BOOST_TEST(again.text("sessionToken").size() == 32U);
}

BOOST_AUTO_TEST_CASE(session_keys) {
  Bench bench;
  const auto check = [&](const std::string& who, const std::string& sk) {
    return body(bench.post("/1/wechatApp/checkSessionKey", Json{Fields{{"openid", who}, {"sk", sk}}}.json()));
  };
  const auto sk = redeem(bench, std::string{"code-"} + openid).text("sk");
  const std::string good = R"({"errcode":0,"errmsg":"ok"})";
  const std::string bad = R"({"errcode":87009,"errmsg":"invalid signature"})";
  BOOST_TEST(check(openid, sk) == good);
  BOOST_TEST(check(openid, "x" + sk) == bad);
  BOOST_TEST(check("o1", sk) == bad);
  BOOST_TEST(check("", sk) == R"({"code":118,"error":"param openid is need."})");
  BOOST_TEST(check(openid, "") == R"({"code":118,"error":"param sk is need."})");
  const auto next = redeem(bench, std::string{"code-"} + openid + "-2").text("sk");
  BOOST_TEST(check(openid, sk) == bad);
  BOOST_TEST(check(openid, next) == good);
  bench.advance(std::chrono::hours{2});
  BOOST_TEST(check(openid, next) == bad);
}

BOOST_AUTO_TEST_CASE(encrypted_data) {
  const Bench bench;
  const auto made = control(bench, "/code");
  const auto sessionKey = textIn(made, "sessionKey");
  const auto sk = redeem(bench, textIn(made, "code")).text("sk");
  const std::string iv(16, 'i');
  const std::string plain = R"({"phoneNumber":"13580006666"})";
  const auto encrypt = [&](const std::string& text) {
    return codec::toBase64(crypto::encryptAesCbc(*codec::fromBase64(sessionKey), iv, text, crypto::AesPadding::pkcs7));
  };
  const auto decrypt = [&](const std::string& path, const std::string& name, const std::string& key, const std::string& data) {
    const Fields sent{{name, key}, {"encryptedData", data}, {"iv", codec::toBase64(iv)}};
    return body(bench.post("/1/wechatApp/" + path, Json{sent}.json()));
  };
  const std::string bad = R"({"code":10007,"error":"Decryption errcode:-41003, err:aes decrypt error"})";
  BOOST_TEST(decrypt("decryptionv1", "sk", sk, encrypt(plain)) == plain);
  BOOST_TEST(decrypt("decryption", "sessionKey", sessionKey, encrypt(plain)) == plain);
  BOOST_TEST(decrypt("decryptionv1", "sk", sk, encrypt("no json")) == bad);
  BOOST_TEST(decrypt("decryptionv1", "sk", sk, "AAAA") == bad);
  BOOST_TEST(decrypt("decryptionv1", "sk", sk, "!") == bad);
  BOOST_TEST(decrypt("decryption", "sessionKey", "AAAA", encrypt(plain)) == bad);
  BOOST_TEST(decrypt("decryptionv1", "sk", "x", encrypt(plain)) ==
             R"({"code":10007,"error":"Decryption errcode:-41001, err:invalid sk"})");
  BOOST_TEST(decrypt("decryptionv1", "sk", sk, "") == R"({"code":118,"error":"param encryptedData is need."})");
}

BOOST_AUTO_TEST_CASE(phone_codes) {
  const Bench bench;
  const auto phone = [&](const std::string& code) {
    return body(bench.post("/1/wechatApp/getPhoneNumber", Json{Fields{{"code", code}}}.json()));
  };
  BOOST_TEST(
      phone("phone-13580006666-1") ==
      R"({"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":"86"}})");
  BOOST_TEST(phone("phone-13580006666-1") == used);
  for (const auto* code : {"phone-1358000666", "phone-135800066667", "phone-23580006666", "other", "phone-"})
    BOOST_TEST(phone(code) == R"({"code":10007,"error":"getPhoneNumber errcode:40029, err:invalid code"})", code);
  BOOST_TEST(phone("") == R"({"code":118,"error":"param code is need."})");
}

BOOST_AUTO_TEST_CASE(codes_that_open_a_page) {
  const Bench bench;
  const auto make = [&](const std::string& sent) { return bench.post("/1/wechatApp/qr/generatecode", sent); };
  const auto file = make(R"({"path":"pages/index/index?a=1","width":430,"type":1})");
  BOOST_TEST(file.text("filename") == "code.jpg");
  BOOST_TEST(file.text("cdn") == "upyun");
  const auto address = file.text("url");
  BOOST_TEST_REQUIRE(address.starts_with("http://bmob-cdn.example.com/"));
  const auto image = bench.platform->handle({.method = "GET", .path = address.substr(27)});
  BOOST_TEST(image.contentType == "image/jpeg");
  BOOST_TEST(readCode(image.body) == "pages/index/index?a=1");
  const auto scene = make(R"({"path":"pages/index/index","width":180,"interface":"b","scene":"a=1"})");
  BOOST_TEST_REQUIRE(codec::fromBase64(scene.text("imageBytes")).has_value());
  BOOST_TEST(readCode(*codec::fromBase64(scene.text("imageBytes"))) == "pages/index/index?scene=a%3D1");
  BOOST_TEST(body(make(R"({"width":430,"type":1})")) == R"({"code":118,"error":"param path is need."})");
  BOOST_TEST(body(make(R"({"path":"p","interface":"b"})")) == R"({"code":118,"error":"param scene is need."})");
  for (const auto* sent : {R"({"path":"p","width":179})", R"({"path":"p","width":1281})", R"({"path":"p","width":-1})"})
    BOOST_TEST(body(make(sent)) == R"({"code":10007,"error":"generatecode errcode:40097, err:invalid args width"})");
  BOOST_TEST(make(R"({"path":"p","type":2})").code() == 10007);
  BOOST_TEST(make(R"({"path":"p","interface":"d"})").code() == 10007);
  BOOST_TEST(make(R"({"path":"p","width":"wide"})").code() == 102);
  const auto longest = Json{Fields{{"path", std::string(960, 'p')}, {"width", 180}}}.json();
  BOOST_TEST(make(longest).reply.status == 200);
  BOOST_TEST(make(Json{Fields{{"path", std::string(961, 'p')}}}.json()).code() == 10007);
  const Fields wide{{"path", std::string(960, 'p')}, {"interface", "b"}, {"scene", "图图图图图图图图图图图图图图图图图图图图"}};
  BOOST_TEST(make(Json{wide}.json()).code() == 10007);
}

BOOST_AUTO_TEST_CASE(a_token_for_two_hours) {
  Bench bench;
  const auto token = [&] { return bench.get("/1/wechatApp/getAccessToken").text("access_token"); };
  const auto first = token();
  BOOST_TEST(first.size() == 128U);
  bench.advance(std::chrono::seconds{7199});
  BOOST_TEST(token() == first);
  bench.advance(std::chrono::seconds{1});
  BOOST_TEST(token() != first);
}

BOOST_AUTO_TEST_CASE(template_messages) {
  const Bench bench;
  const auto send = [&](const std::string& without) {
    Fields message{
        {"touser", "o1"}, {"template_id", "t1"}, {"form_id", "f1"}, {"data", Fields{{"keyword1", Fields{{"value", "x"}}}}}};
    message.erase(without);
    return body(bench.post("/1/wechatApp/SendWeAppMessage", Json{message}.json()));
  };
  BOOST_TEST(send("nothing") == R"({"errcode":0,"errmsg":"ok"})");
  for (const std::string name : {"touser", "template_id", "form_id", "data"})
    BOOST_TEST(send(name) == R"({"code":118,"error":"param )" + name + R"( is need."})");
  const auto outbox = control(bench, "/outbox");
  BOOST_TEST_REQUIRE(outbox.array()->size() == 1U);
  BOOST_TEST(
      outbox.array()->front().json() ==
      R"({"kind":"template","created":"2024-01-02 11:04:08","body":{"touser":"o1","template_id":"t1","form_id":"f1","data":{"keyword1":{"value":"x"}}}})");
}

BOOST_AUTO_TEST_CASE(fifty_notices_a_day) {
  Bench bench;
  const auto send = [&](const std::string& sent = notice) { return body(bench.post("/1/wechatApp/notifyMsg", sent)); };
  BOOST_TEST(send(R"({"touser":"openid","template_id":"own","data":{"first":{}}})") ==
             R"({"code":10007,"error":"notifyMsg errcode:40037, err:invalid template_id"})");
  for (int i = 0; i < 50; ++i) BOOST_TEST(send() == R"({"msg":"ok"})");
  const std::string limit = R"({"code":10100,"error":"今天微信发送的消息已超过规定的50次"})";
  BOOST_TEST(send() == limit);
  bench.systemNow = *parseReadableTime("2024-01-02 23:59:59");
  BOOST_TEST(send() == limit);
  bench.advance(std::chrono::seconds{1});
  BOOST_TEST(send() == R"({"msg":"ok"})");
}

BOOST_AUTO_TEST_CASE(what_users_write_is_checked) {
  const Bench bench;
  const auto check = [&](const std::string& text) {
    return body(bench.post("/1/wechatApp/checkMsg", Json{Fields{{"content", text}}}.json()));
  };
  BOOST_TEST(check("fine") == R"({"msg":"ok"})");
  BOOST_TEST(check("a risky text") == R"({"code":10007,"error":"CheckMsg errcode:87014, err:risky content"})");
  BOOST_TEST(check("违规内容") == R"({"code":10007,"error":"CheckMsg errcode:87014, err:risky content"})");
  BOOST_TEST(check("") == R"({"code":118,"error":"param content is need."})");
  const auto media =
      bench.post("/1/wechatApp/asyncCheckWechatMedia", R"({"media_url":"http://a.example.com/a.jpg","media_type":2})");
  BOOST_TEST(media.text("msg") == "ok");
  BOOST_TEST(media.text("traceId").size() == 32U);
  BOOST_TEST(bench.post("/1/wechatApp/asyncCheckWechatMedia", R"({"media_type":2})").code() == 118);
}

BOOST_AUTO_TEST_SUITE_END()
