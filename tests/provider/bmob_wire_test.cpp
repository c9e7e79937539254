// Keys, signatures, clocks, errors, retries and hostile answers of Bmob.
#include <support/bmob.hpp>

#include <bmob/wire.hpp>

#include <cmath>
#include <limits>

namespace {

using namespace openapi;
using namespace openapi::test::bmobs;
using namespace std::string_literals;

/// The signature as the sheet defines it, of what was sent.
std::string expectedSign(const HttpRequest& request, const std::string& path) {
  const auto text = path + std::string{request.headers.get("X-Bmob-Safe-Timestamp")} + safeCode +
                    std::string{request.headers.get("X-Bmob-Noncestr-Key")} + request.body + "10";
  return codec::toLowerHex(crypto::md5(text));
}

std::int64_t secondsOf(const HttpRequest& request) {
  return std::stoll(std::string{request.headers.get("X-Bmob-Safe-Timestamp")});
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string httpDateOf(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

HttpResponse badSign(std::optional<std::int64_t> serverTime) {
  auto response = refusal(400, "签名安全验证错误");
  if (serverTime) response.headers.add("Date", httpDateOf(*serverTime));
  return response;
}

Error lost() {
  Error::Details details;
  details.outcome = Outcome::unknown;
  return {Errc::connectionLost, "the connection was lost", details};
}

Error configError(const BmobConfig& config) {
  boost::asio::io_context context;
  const auto error = thrownBy([&] { Bmob made{context.get_executor(), config}; });
  BOOST_TEST((error.errc() == Errc::config));
  return error;
}

/// One call that reads and one that writes.
boost::asio::awaitable<bmob::FindResult> read(Bmob& bmob) { return bmob.query("T").find(); }
boost::asio::awaitable<bmob::SaveResult> write(Bmob& bmob) {
  bmob::Changes changes;
  changes.set("a", 1);
  return bmob.query("T").save(changes);
}

const std::string found = R"({"results":[]})";
const std::string saved = R"({"objectId":"a1","createdAt":"2018-04-19 17:42:59"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(bmob_wire)

BOOST_AUTO_TEST_CASE(signature_vectors) {
  const std::string path = "/1/classes/GameScore/e1kXT22L";
  const auto sign = [](const std::string& signedPath, const std::string& body, const std::string& time = "1583920308") {
    return bmob::signature(signedPath, time, "123456", "mI7dRHI4gbai0KaU", body);
  };
  BOOST_TEST(sign(path, "") == "51ef48317f325ac10e6d98a2e4e3cf60");
  BOOST_TEST(sign(path, "", "1583920308000") == "edf66cb599c234324430d6f96ebff012");
  const std::string body = R"({"score":1337,"playerName":"Sean Plott"})";
  BOOST_TEST(sign("/1/classes/GameScore", body) == "22546ea4dae91ae50c6339d5f03cde0c");
  BOOST_TEST(sign("/1/classes/GameScore/", body) == "feded98603e5766e5d6e455823fc9a75");
  BOOST_TEST(sign(path, R"({"nickName":"Bmob后端云"})") == "40bfd85183fdde0e29bcb0a80563c357");
}

BOOST_AUTO_TEST_CASE(a_signed_request_carries_no_safe_code) {
  Fixture fixture{signedConfig()};
  fixture.script({answer(saved, 201), answer(found), answer(saved)});
  wait(write(fixture.bmob));
  wait(read(fixture.bmob));
  wait(write(fixture.bmob));
  const auto& request = fixture.sent()[0];
  BOOST_TEST(request.headers.get("X-Bmob-Secret-Key") == secretKey);
  BOOST_TEST(request.headers.get("X-Bmob-SDK-Type") == "wechatApp");
  BOOST_TEST(request.headers.get("X-Bmob-SDK-Version") == "10");
  BOOST_TEST(request.headers.get("X-Bmob-Noncestr-Key").size() == 16U);
  BOOST_TEST(request.headers.get("X-Bmob-Noncestr-Key") != fixture.sent()[2].headers.get("X-Bmob-Noncestr-Key"));
  BOOST_TEST(std::abs(secondsOf(request) - now()) <= 5);
  BOOST_TEST(request.headers.get("X-Bmob-Safe-Sign") == expectedSign(request, "/1/classes/T"));
  BOOST_TEST(fixture.sent()[1].headers.get("X-Bmob-Safe-Sign") == expectedSign(fixture.sent()[1], "/1/classes/T"));
  for (const auto& [name, value] : request.headers) BOOST_TEST(value.find(safeCode) == std::string::npos, name);
  BOOST_TEST(request.headers.get("X-Bmob-Application-Id").empty());
  BOOST_TEST(request.headers.get("X-Bmob-Master-Key").empty());
}

BOOST_AUTO_TEST_CASE(the_path_is_signed_before_it_is_encoded) {
  Fixture fixture{signedConfig()};
  fixture.script(R"({"filename":"x","url":"http://x.com/x","cdn":"upyun"})");
  bmob::UploadRequest request;
  request.fileName = "图 1.txt";
  request.content = {"text\0more"s};
  wait(fixture.bmob.file.upload(request));
  BOOST_TEST(pathOf(fixture.only()) == "/2/files/%E5%9B%BE%201.txt");
  BOOST_TEST(fixture.only().headers.get("X-Bmob-Safe-Sign") == expectedSign(fixture.only(), "/2/files/图 1.txt"));
}

BOOST_FIXTURE_TEST_CASE(plain_keys, Fixture) {
  script(found);
  wait(read(bmob));
  BOOST_TEST(only().headers.get("X-Bmob-Application-Id") == applicationId);
  BOOST_TEST(only().headers.get("X-Bmob-REST-API-Key") == restApiKey);
  BOOST_TEST(only().headers.get("X-Bmob-Safe-Sign").empty());
  BOOST_TEST(only().headers.get("X-Bmob-Session-Token").empty());
  BOOST_TEST(only().headers.get("X-Bmob-Master-Key").empty());
}

BOOST_AUTO_TEST_CASE(both_kinds_of_keys) {
  auto config = plainConfig();
  config.secretKey = secretKey;
  config.safeCode = safeCode;
  const auto isSigned = [](const BmobConfig& given) {
    Fixture fixture{given};
    fixture.script(found);
    wait(read(fixture.bmob));
    return !fixture.only().headers.get("X-Bmob-Safe-Sign").empty();
  };
  BOOST_TEST(isSigned(config));
  config.authentication = "simple";
  BOOST_TEST(!isSigned(config));
  config.authentication = "signed";
  BOOST_TEST(isSigned(config));
}

BOOST_AUTO_TEST_CASE(configurations_that_cannot_work) {
  auto config = plainConfig();
  config.baseUrl.clear();
  BOOST_TEST(contains(configError(config).what(), "baseUrl"));
  for (const auto* url : {"ftp://x", "bmob.example.com", "https://", "https://u:p@x.com", "https://x.com?a=1"}) {
    config.baseUrl = url;
    BOOST_TEST(contains(configError(config).what(), "baseUrl"), url);
  }
  config = plainConfig();
  config.restApiKey.reset();
  BOOST_TEST(contains(configError(config).what(), "restApiKey required"));
  config = plainConfig();
  config.applicationId = "";
  BOOST_TEST(contains(configError(config).what(), "applicationId required"));
  config = plainConfig();
  config.authentication = "signed";
  BOOST_TEST(contains(configError(config).what(), "secretKey required"));
  config.secretKey = secretKey;
  BOOST_TEST(contains(configError(config).what(), "safeCode required"));
  openapi::BmobConfig half;
  half.baseUrl = plainConfig().baseUrl;
  half.secretKey = secretKey;
  BOOST_TEST(contains(configError(half).what(), "safeCode required"));
  half.applicationId = plainConfig().applicationId;
  BOOST_TEST(contains(configError(half).what(), "restApiKey required"));
  config.authentication = "other";
  BOOST_TEST(contains(configError(config).what(), "authentication"));
  for (const auto& bad : {"a\r\nX-Evil: 1"s, "a b"s, "\0a"s, std::string(300, 'k'), "键"s}) {
    config = plainConfig();
    config.restApiKey = bad;
    BOOST_TEST(contains(configError(config).what(), "restApiKey"));
    config = plainConfig();
    config.sessionToken = bad;
    BOOST_TEST(contains(configError(config).what(), "sessionToken"));
  }
  config = plainConfig();
  config.timeout = 0;
  BOOST_TEST(contains(configError(config).what(), "timeout"));
  config = plainConfig();
  config.loginMethod = "PUT";
  BOOST_TEST(contains(configError(config).what(), "loginMethod"));
}

BOOST_AUTO_TEST_CASE(a_base_url_with_a_path) {
  auto config = signedConfig();
  config.baseUrl = base + "/proxy/";
  Fixture fixture{config};
  fixture.script(found);
  wait(read(fixture.bmob));
  BOOST_TEST(pathOf(fixture.only()) == "/proxy/1/classes/T");
  BOOST_TEST(fixture.only().headers.get("X-Bmob-Safe-Sign") == expectedSign(fixture.only(), "/1/classes/T"));
}

BOOST_AUTO_TEST_CASE(who_calls) {
  auto config = plainConfig();
  config.sessionToken = "of-the-config";
  Fixture fixture{config};
  const auto tokenSent = [&](const bmob::Query& query) {
    fixture.script(found);
    wait(query.find());
    return std::string{fixture.only().headers.get("X-Bmob-Session-Token")};
  };
  BOOST_TEST(tokenSent(fixture.bmob.query("T")) == "of-the-config");
  BOOST_TEST(tokenSent(fixture.bmob.query("T").sessionToken(token)) == token);
  BOOST_TEST(tokenSent(fixture.bmob.query("T")) == "of-the-config");
  BOOST_TEST(tokenSent(fixture.bmob.query("T").sessionToken("")).empty());
  BOOST_TEST(fixture.only().headers.get("X-Bmob-Master-Key").empty());
  tokenSent(fixture.bmob.query("T").useMasterKey());
  BOOST_TEST(fixture.only().headers.get("X-Bmob-Master-Key") == masterKey);
  for (const auto& bad : {"a\r\nX-Evil: 1"s, "a b"s, "\0"s}) {
    requireRefused(fixture, "sessionToken", fixture.bmob.query("T").sessionToken(bad).find());
  }
}

BOOST_AUTO_TEST_CASE(no_master_key_to_use) {
  Fixture fixture{signedConfig()};
  fixture.script(found);
  const auto error = errorOf(fixture.bmob.query("T").useMasterKey().find());
  BOOST_TEST((error.errc() == Errc::config));
  BOOST_TEST((error.outcome() == Outcome::notSent));
  BOOST_TEST(fixture.sent().empty());
}

BOOST_AUTO_TEST_CASE(a_login_is_not_kept) {
  Fixture fixture;
  fixture.script({answer(R"({"objectId":"u1","sessionToken":"kept-by-nobody"})"), answer(found)});
  wait(fixture.bmob.user.login("username", "password"));
  wait(read(fixture.bmob));
  BOOST_TEST(fixture.sent()[1].headers.get("X-Bmob-Session-Token").empty());
}

// Clocks.

BOOST_AUTO_TEST_CASE(http_dates) {
  using namespace std::chrono;
  const auto time = bmob::httpDate("Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_REQUIRE(time);
  BOOST_TEST(duration_cast<seconds>(time->time_since_epoch()).count() == 784111777);
  for (const auto* bad : {"", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT"}) {
    BOOST_TEST(!bmob::httpDate(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_clock_is_set_by_the_answer_and_the_write_sent_again) {
  for (const std::int64_t skew : {3600, -86400, 15}) {
    Fixture fixture{signedConfig()};
    fixture.script({badSign(now() + skew), answer(saved), answer(saved)});
    BOOST_TEST(wait(write(fixture.bmob)).objectId == "a1");
    BOOST_REQUIRE(fixture.sent().size() == 2U);
    BOOST_TEST(std::abs(secondsOf(fixture.sent()[1]) - now() - skew) <= 5);
    BOOST_TEST(fixture.sent()[1].headers.get("X-Bmob-Safe-Sign") == expectedSign(fixture.sent()[1], "/1/classes/T"));
    wait(write(fixture.bmob));  // and the next one is right at once
    BOOST_TEST(std::abs(secondsOf(fixture.sent()[2]) - now() - skew) <= 5);
  }
}

BOOST_AUTO_TEST_CASE(a_signature_that_stays_wrong) {
  Fixture fixture{signedConfig()};
  fixture.script({badSign(now() + 7200), badSign(now() + 7200)});
  const auto wrongClock = errorOf(write(fixture.bmob));
  BOOST_TEST(fixture.sent().size() == 2U);
  BOOST_TEST(wrongClock.errCode() == "400");
  BOOST_TEST(wrongClock.errMsg() == "签名安全验证错误");
  BOOST_TEST(contains(wrongClock.what(), "clock"));
  BOOST_TEST(contains(wrongClock.what(), "safeCode"));
  BOOST_TEST((wrongClock.outcome() == Outcome::rejected));

  Fixture rightClock{signedConfig()};
  rightClock.script({badSign(now()), answer(saved)});
  const auto wrongKeys = errorOf(write(rightClock.bmob));
  BOOST_TEST(rightClock.sent().size() == 1U);
  BOOST_TEST(contains(wrongKeys.what(), "check secretKey and safeCode"));

  Fixture noDate{signedConfig()};
  noDate.script({badSign(std::nullopt), answer(saved)});
  BOOST_TEST(contains(errorOf(write(noDate.bmob)).what(), "clock"));
  BOOST_TEST(noDate.sent().size() == 1U);
}

// Errors.

BOOST_FIXTURE_TEST_CASE(every_code_and_text_comes_back, Fixture) {
  const std::vector<std::pair<int, std::string>> documented{
      {101, "object not found for 7ecd253a25."},
      {102, "Invalid key '$foo' for find"},
      {103, "objectId required."},
      {105, "It is a reserved field: objectId."},
      {107, "invalid json: {."},
      {108, "username and password required."},
      {109, "login data required."},
      {111, "invalid type for key 'a', expected 'Number', but got 'String'."},
      {120, "Email verify should be opened in your app setup page of bmob."},
      {121, "api数已超出限制"},
      {122, "权限验证不通过"},
      {201, "'username' missing."},
      {202, "username 'u1' already taken."},
      {203, "email 'a@b.cn' already taken."},
      {206, "User cannot be altered without sessionToken Error."},
      {207, "code error."},
      {208, "authData already linked by other user."},
      {209, "mobilePhoneNumber '138' already taken."},
      {211, "用户请先登录，或者用户登录已过期需要重新登录"},
      {301, "手机号码必须是11位的数字"},
      {302, "your app setting 'x'."},
      {401, "unique index cannot has duplicate value: a"},
      {402, "query where larger than 16384 bytes."},
      {10002, "order_no not exists."},
      {10010, "mobile '138' send message limited."},
  };
  for (const auto& [code, text] : documented) {
    for (const int status : {400, 404, 200, 403}) {
      script({refusal(code, text, status)});
      const auto error = errorOf(write(bmob));
      BOOST_TEST((error.errc() == Errc::rejected), error.what());
      BOOST_TEST(error.errCode() == std::to_string(code));
      BOOST_TEST(error.errMsg() == text);
      BOOST_TEST((error.outcome() == Outcome::rejected));
      BOOST_TEST(!error.retryable());
      BOOST_TEST(error.httpStatus() == status);
      BOOST_TEST(sent().size() == 1U);
      BOOST_TEST(contains(error.what(), text));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(unauthorized, Fixture) {
  script({answer(R"({"error":"unauthorized"})", 401)});
  const auto error = errorOf(read(bmob));
  BOOST_TEST((error.errc() == Errc::rejected));
  BOOST_TEST(error.errCode() == "401");
  BOOST_TEST(error.errMsg() == "unauthorized");
  BOOST_TEST(error.httpStatus() == 401);
  BOOST_TEST(contains(error.what(), "restApiKey"));
  BOOST_TEST(sent().size() == 1U);
  Fixture withSignature{signedConfig()};
  withSignature.script({answer(R"({"error":"unauthorized"})", 401)});
  const auto other = errorOf(read(withSignature.bmob));
  BOOST_TEST(contains(other.what(), "check secretKey"));
  BOOST_TEST(!contains(other.what(), "restApiKey"));
  script({answer(R"({"code":404,"error":"not found"})", 404)});
  BOOST_TEST(contains(errorOf(read(bmob)).what(), "check baseUrl"));
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_busy, Fixture) {
  const auto busy = answer(R"({"error":"It is busy...Try it later!"})", 500);
  script({busy, busy, answer(found)});
  wait(read(bmob));
  BOOST_TEST(sent().size() == 3U);
  script({busy, answer(saved)});
  const auto error = errorOf(write(bmob));
  BOOST_TEST((error.errc() == Errc::httpStatus));
  BOOST_TEST((error.outcome() == Outcome::unknown));
  BOOST_TEST(error.httpStatus() == 500);
  BOOST_TEST(error.errMsg() == "It is busy...Try it later!");
  BOOST_TEST(
      contains(error.what(), "HTTP status 500: It is busy...Try it later! whether the request took effect is unknown, query"));
  BOOST_TEST(sent().size() == 1U);
  script({answer("<html>", 502)});
  BOOST_TEST(contains(errorOf(write(bmob)).what(), "HTTP status 502; whether the request took effect is unknown, query before"));
  script({answer("", 503), answer("", 503), answer("", 503)});
  BOOST_TEST(contains(errorOf(read(bmob)).what(), "HTTP status 503; try again later"));
}

BOOST_FIXTURE_TEST_CASE(busy_codes, Fixture) {
  for (const int code : {110, 10076, 10200, 10210}) {
    script({refusal(code, "busy"), answer(found)});
    wait(read(bmob));
    BOOST_TEST(sent().size() == 2U);
    script({refusal(code, "busy"), answer(saved)});
    const auto error = errorOf(write(bmob));
    BOOST_TEST(sent().size() == 1U);
    BOOST_TEST(error.errCode() == std::to_string(code));
    const bool timedOut = code == 10200;  // then a write may have been carried out
    BOOST_TEST((error.outcome() == (timedOut ? Outcome::unknown : Outcome::rejected)));
    BOOST_TEST(error.retryable() == !timedOut);
  }
}

BOOST_FIXTURE_TEST_CASE(writes_are_never_repeated_and_reads_are, Fixture) {
  script({lost(), answer(found)});
  wait(read(bmob));
  BOOST_TEST(sent().size() == 2U);
  const auto sentOnce = [&](auto work) {
    script({lost(), answer("{}"), answer("{}")});
    const auto error = errorOf(work());
    BOOST_TEST((error.errc() == Errc::connectionLost));
    BOOST_TEST((error.outcome() == Outcome::unknown));
    BOOST_TEST(!error.retryable());
    BOOST_TEST(sent().size() == 1U);
  };
  bmob::Changes changes;
  changes.increment("n");
  sentOnce([&] { return write(bmob); });
  sentOnce([&] { return bmob.query("T").update("a1", changes); });
  sentOnce([&] { return bmob.query("T").destroy("a1"); });
  bmob::RefundRequest refund;
  refund.orderNo = "1";
  refund.refundFee = Fen{1};
  refund.desc = "x";
  sentOnce([&] { return bmob.payment.refund(refund); });
  sentOnce([&] { return bmob.functions.run("hello", Fields{}); });
  bmob::RequestSmsCodeRequest sms{.mobilePhoneNumber = "18600000000"};
  sentOnce([&] { return bmob.sms.requestSmsCode(sms); });
}

BOOST_FIXTURE_TEST_CASE(a_refund_whose_answer_is_lost_is_unknown, Fixture) {
  bmob::RefundRequest refund;
  refund.orderNo = "1";
  refund.refundFee = Fen{1};
  refund.desc = "x";
  for (const auto& response : {answer("", 200), answer("<html>", 200), answer("[1", 200), answer("ok", 502), answer("", 404),
                               answer(R"({"error":"x"})", 500), answer("3")}) {
    script({response});
    BOOST_TEST((errorOf(bmob.payment.refund(refund)).outcome() == Outcome::unknown), response.body);
    BOOST_TEST(sent().size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(no_secret_comes_back_in_an_error) {
  auto config = plainConfig();
  config.sessionToken = token;
  Fixture fixture{config, 1};
  auto& bmob = fixture.bmob;
  const std::string echo = "no: secret-pass " + restApiKey + ' ' + masterKey + ' ' + token + " 876845";
  for (const int status : {400, 200, 500, 401}) {
    fixture.script({refusal(101, echo, status)});
    const auto error = errorOf(bmob.user.login("u1", "secret-pass"));
    BOOST_TEST(!contains(error.what(), "secret-pass"));
    BOOST_TEST(!contains(error.errMsg(), "secret-pass"));
  }
  fixture.script({refusal(207, echo)});
  bmob::VerifySmsCodeRequest verify{.mobilePhoneNumber = "18600000000", .smsCode = "876845"};
  BOOST_TEST(!contains(errorOf(bmob.sms.verifySmsCode(verify)).what(), "876845"));
}

BOOST_FIXTURE_TEST_CASE(labels_and_urls_hold_nothing_secret_but_the_login_query, Fixture) {
  script(R"({"objectId":"u1","sessionToken":"x"})");
  wait(bmob.user.login("u1", "secret-pass"));
  BOOST_TEST(only().label == "bmob user.login");
  BOOST_TEST(!contains(pathOf(only()), "secret-pass"));  // observers see the address without its query
}

// Answers that are not what they should be.

BOOST_FIXTURE_TEST_CASE(hostile_answers, Fixture) {
  std::string deep;
  for (int at = 0; at < 5000; ++at) deep += R"({"a":)";
  const std::vector<std::string> bodies{"",
                                        " ",
                                        "null",
                                        "true",
                                        "3",
                                        "\"text\"",
                                        "{",
                                        "[",
                                        "{]",
                                        "<html></html>",
                                        "{\"a\":1,\"a\":2}",
                                        "\xFF\xFE",
                                        "{\"a\":\"\xFF\"}",
                                        deep,
                                        "{\"results\":{}}",
                                        "{\"results\":null}",
                                        "{\"results\":[1]}",
                                        "{\"results\":[[]]}",
                                        "{\"results\":[{\"objectId\":{}}]}",
                                        "{\"results\":[{\"objectId\":\"a\",\"createdAt\":[]}]}",
                                        "{\"count\":3}",
                                        "{\"results\":[],\"count\":\"x\"}",
                                        "{\"results\":[],\"count\":1.5}"};
  for (const auto& body : bodies) {
    script({answer(body), answer(body), answer(body)});
    const auto error = errorOf(read(bmob));
    BOOST_TEST((error.errc() == Errc::badResponse), body.substr(0, 60));
    BOOST_TEST((error.outcome() == Outcome::unknown));
  }
  for (const auto* body : {"{}", "[]", R"({"objectId":""})", R"({"objectId":null})", R"({"objectId":{}})"}) {
    script(body);
    BOOST_TEST((errorOf(write(bmob)).errc() == Errc::badResponse), body);
    script(body);
    BOOST_TEST((errorOf(bmob.query("T").get("a1")).errc() == Errc::badResponse), body);
    script(body);
    BOOST_TEST((errorOf(bmob.user.login("a", "b")).errc() == Errc::badResponse), body);
    script(body);
    BOOST_TEST((errorOf(bmob.query("T").count()).errc() == Errc::badResponse), body);
  }
  script(R"({"count":-1})");
  BOOST_TEST((errorOf(bmob.query("T").count()).errc() == Errc::badResponse));
}

BOOST_FIXTURE_TEST_CASE(strange_errors_are_errors, Fixture) {
  for (const auto* body : {R"({"error":"x"})", R"({"error":true})", R"({"error":1})", R"({"error":{}})", R"({"error":["x"]})",
                           R"({"code":[],"error":"x"})", R"({"code":"abc","error":"x"})", R"({"results":[],"error":"x"})"}) {
    script(body);
    BOOST_TEST((errorOf(read(bmob)).errc() == Errc::rejected), body);
  }
  for (const auto* body : {R"({"results":[],"error":null})", R"({"results":[],"error":""})", R"({"results":[],"error":false})",
                           R"({"results":[],"code":0})"}) {
    script(body);
    wait(read(bmob));
  }
  script("\n<!doctype html>");
  BOOST_TEST(std::string_view{errorOf(read(bmob)).what()} == "the answer is a web page, check baseUrl");
  script({refusal(101, "line\nbreak \x1b[31m " + std::string(5000, 'x'))});
  const auto error = errorOf(read(bmob));
  BOOST_TEST(!contains(error.what(), "\n"));
  BOOST_TEST(!contains(error.what(), "\x1b"));
  for (const int status : {302, 404, 405, 418}) {
    script({answer("<html>", status)});
    const auto page = errorOf(read(bmob));
    BOOST_TEST((page.errc() == Errc::httpStatus));
    BOOST_TEST(contains(page.what(), std::to_string(status) + ": the answer is a web page, check baseUrl"));
    script({answer("{}", status)});
    BOOST_TEST((errorOf(read(bmob)).errc() == Errc::httpStatus));
  }
}

BOOST_FIXTURE_TEST_CASE(a_users_columns_are_kept_as_they_are, Fixture) {
  const std::string columns =
      R"("object_id":1,"created_at":"x","user_name":"a","userName":"b","User":"c","n":9007199254740993,"f":1.50,"z":null,)"
      R"("o":{"in_ner":{"Outer":[1,{"a_b":null}]}},"session_token":"d")";
  script(R"({"results":[{"objectId":"a1",)" + columns + "}]}");
  const auto row = wait(read(bmob)).results.front();
  BOOST_TEST(Json{row.extra}.json() == "{" + columns + "}");
  BOOST_TEST(marshal::toJson<marshal::CamelStyle>(row).json() == R"({"objectId":"a1",)" + columns + "}");
  script(saved);
  wait(bmob.query("T").save(bmob::Changes{row.extra}));
  BOOST_TEST(only().body == "{" + columns + "}");
}

BOOST_AUTO_TEST_CASE(a_request_from_json_keeps_columns_too) {
  const auto json = Json::parse(R"({"username":"a","password":"b","nick_name":"x","Other":{"a_b":1}})");
  const auto request = marshal::fromJson<marshal::CamelStyle, bmob::RegisterRequest>(json);
  BOOST_TEST(Json{request.extra}.json() == R"({"nick_name":"x","Other":{"a_b":1}})");
  const auto save = marshal::fromJson<marshal::CamelStyle, bmob::SaveRequest>(
      Json::parse(R"({"className":"T","data":{"class_name":1,"a_b":{"c_d":null}}})"));
  BOOST_TEST(Json{save.data}.json() == R"({"class_name":1,"a_b":{"c_d":null}})");
  BOOST_TEST((thrownBy([] {
                static_cast<void>(
                    marshal::fromJson<marshal::CamelStyle, bmob::FindRequest>(Json::parse(R"({"className":"T","wehre":{}})")));
              }).errc() == Errc::invalidArgument));
}

// Batches.

namespace {

std::vector<bmob::Changes> manyRows(std::size_t count) {
  std::vector<bmob::Changes> rows;
  for (std::size_t at = 0; at < count; ++at) rows.push_back(bmob::Changes{}.set("n", static_cast<std::int64_t>(at)));
  return rows;
}

HttpResponse batchAnswer(std::size_t count, std::size_t first = 0) {
  Json::Array items;
  for (std::size_t at = 0; at < count; ++at) {
    items.emplace_back(Fields{{"success", Fields{{"objectId", "id" + std::to_string(first + at)}, {"createdAt", "x"}}}});
  }
  return answer(Json{items}.json());
}

std::size_t itemsIn(const HttpRequest& request) { return Json::parse(request.body).find("requests")->array()->size(); }

std::string statesOf(const bmob::BatchResult& result) {
  std::string states;
  for (const auto& item : result.results) states += item.state.front();
  return states;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(more_than_50_are_split_in_order, Fixture) {
  script({batchAnswer(50), batchAnswer(50, 50), batchAnswer(1, 100)});
  const auto result = wait(bmob.query("T").saveAll(manyRows(101)));
  BOOST_REQUIRE(sent().size() == 3U);
  BOOST_TEST(itemsIn(sent()[0]) == 50U);
  BOOST_TEST(itemsIn(sent()[1]) == 50U);
  BOOST_TEST(itemsIn(sent()[2]) == 1U);
  BOOST_REQUIRE(result.results.size() == 101U);
  for (std::size_t at = 0; at < 101; ++at) BOOST_TEST(result.results[at].objectId.value() == "id" + std::to_string(at));
  BOOST_TEST(result.allSucceeded());
  BOOST_TEST(!result.failure);
}

BOOST_AUTO_TEST_CASE(half_a_batch_that_fails_loses_nothing) {
  Fixture fixture{plainConfig(), 1};
  const auto statesAfter = [&](const openapi::test::ScriptedTransport::Step& second) {
    fixture.script({batchAnswer(50), second, batchAnswer(1, 100)});
    const auto result = wait(fixture.bmob.query("T").saveAll(manyRows(101)));
    BOOST_TEST(fixture.sent().size() == 2U);
    BOOST_TEST(result.failure.has_value());
    BOOST_TEST(result.results[49].objectId.value() == "id49");
    return statesOf(result) + ' ' + result.failureKind.value();
  };
  const auto done = std::string(50, 's');
  BOOST_TEST(statesAfter(lost()) == done + std::string(50, 'u') + "n connectionLost");
  BOOST_TEST(statesAfter(answer("<html>")) == done + std::string(50, 'u') + "n badResponse");
  BOOST_TEST(statesAfter(batchAnswer(49)) == done + std::string(50, 'u') + "n badResponse");
  BOOST_TEST(statesAfter(answer("", 502)) == done + std::string(50, 'u') + "n httpStatus");
  BOOST_TEST(statesAfter(refusal(10076, "Qps beyond the limit")) == done + std::string(50, 'r') + "n rejected");
  BOOST_TEST(statesAfter(Error{Errc::connect, "refused"}) == done + std::string(51, 'n') + " connect");
}

BOOST_FIXTURE_TEST_CASE(a_batch_of_which_nothing_is_known_is_an_error, Fixture) {
  script({refusal(114, "requests array larger than 50")});
  const auto error = errorOf(bmob.query("T").saveAll(manyRows(60)));
  BOOST_TEST(error.errCode() == "114");
  BOOST_TEST(error.method() == "query.batch");
  BOOST_TEST(sent().size() == 1U);
  for (const auto* body :
       {"{}", "[]", "[1]", "[{}]", R"([{"success":1}])", R"([{"success":{},"error":{}}])", R"([{"error":"x"}])"}) {
    script(body);
    BOOST_TEST((errorOf(bmob.query("T").saveAll(manyRows(1))).errc() == Errc::badResponse), body);
  }
}

BOOST_FIXTURE_TEST_CASE(a_batch_is_checked_before_any_of_it_goes_out, Fixture) {
  bmob::BatchRequest request;
  requireRefused(*this, "requests required", bmob.rows.batch(request));
  for (int at = 0; at < 60; ++at) request.requests.push_back({"POST", "T", std::nullopt, Fields{{"a", at}}, std::nullopt});
  const auto with = [&](const bmob::BatchItem& last) {
    auto changed = request;
    changed.requests.push_back(last);
    return changed;
  };
  const auto wrongMethod = with({"PATCH", "T", std::nullopt, Fields{}, std::nullopt});
  requireRefused(*this, "requests[60].method", bmob.rows.batch(wrongMethod));
  const auto noId = with({"PUT", "T", std::nullopt, Fields{}, std::nullopt});
  requireRefused(*this, "requests[60].objectId", bmob.rows.batch(noId));
  const auto escape = with({"DELETE", "T/../users", "a1", std::nullopt, std::nullopt});
  requireRefused(*this, "requests[60].className", bmob.rows.batch(escape));
  const auto badId = with({"DELETE", "T", "../x", std::nullopt, std::nullopt});
  requireRefused(*this, "requests[60].objectId", bmob.rows.batch(badId));
  const auto badName = with({"POST", "T", std::nullopt, Fields{{"a b", 1}}, std::nullopt});
  requireRefused(*this, "requests[60].data", bmob.rows.batch(badName));
  script({batchAnswer(1)});
  bmob::BatchRequest other;
  other.requests.push_back({"PUT", "T", "a1", Fields{{"a", 1}}, token});
  wait(bmob.rows.batch(other));
  BOOST_TEST(only().body ==
             R"({"requests":[{"method":"PUT","path":"/1/classes/T/a1","token":")" + token + R"(","body":{"a":1}}]})");
}

// Names.

BOOST_FIXTURE_TEST_CASE(names_that_break_out_of_paths, Fixture) {
  for (const auto& bad :
       {"../users"s, "a/b"s, "a?b"s, "a#b"s, "a%2Fb"s, "a b"s, "\0"s, "a\r\nb"s, "图"s, std::string(65, 'a'), ""s, "."s}) {
    requireRefused(*this, "objectId", bmob.query("T").get(bad));
    bmob::DestroyUserRequest user;
    user.objectId = bad;
    requireRefused(*this, "objectId", bmob.user.destroy(user));
  }
  for (const auto& bad : {"../users"s, "a/b"s, "1a"s, "a-b"s, "a b"s, "__a"s, "_"s, ""s, "T' OR 1=1"s, "图"s}) {
    BOOST_TEST((thrownBy([&] { static_cast<void>(bmob.query(bad)); }).errc() == Errc::invalidArgument), bad);
    BOOST_TEST((thrownBy([&] { bmob::Pointer made{bad, "a1"}; }).errc() == Errc::invalidArgument), bad);
  }
  static_cast<void>(bmob.query("_User"));
  requireRefused(*this, "name", bmob.functions.run("a/b", Fields{}));
  bmob::VerifySmsCodeRequest verify{.mobilePhoneNumber = "18600000000", .smsCode = "12/34"};
  requireRefused(*this, "smsCode", bmob.sms.verifySmsCode(verify));
  bmob::UploadRequest upload;
  upload.content = {"x"};
  for (const auto& bad : {""s, "."s, ".."s, "a/b.txt"s, "a\\b.txt"s, "a\nb"s, "\xFF.txt"s, std::string(256, 'a')}) {
    upload.fileName = bad;
    requireRefused(*this, "fileName", bmob.file.upload(upload));
  }
  bmob::DestroyFileRequest file;
  file.cdn = "upyun";
  for (const auto& bad : {""s, "http://x.com"s, "http://x.com/"s, "http://x.com/../a"s, "/a/./b"s, "a b"s, "http://x.com/\n"s}) {
    file.url = bad;
    requireRefused(*this, "url", bmob.file.destroy(file));
  }
  file.url = "http://x.com/a";
  file.cdn = "up/yun";
  requireRefused(*this, "cdn", bmob.file.destroy(file));
}

BOOST_FIXTURE_TEST_CASE(values_that_are_out_of_range, Fixture) {
  for (const auto& [latitude, longitude] : std::vector<std::pair<double, double>>{{90.1, 0},
                                                                                  {-90.1, 0},
                                                                                  {0, 180.1},
                                                                                  {0, -180.1},
                                                                                  {std::numeric_limits<double>::quiet_NaN(), 0},
                                                                                  {0, std::numeric_limits<double>::infinity()}}) {
    BOOST_TEST((thrownBy([&, a = latitude, b = longitude] { bmob::GeoPoint made(a, b); }).errc() == Errc::invalidArgument));
  }
  BOOST_TEST(bmob::GeoPoint(23.05, -113.4).json().json() == R"({"__type":"GeoPoint","latitude":23.05,"longitude":-113.4})");
  BOOST_TEST(bmob::GeoPoint(90, -180).json().json() == R"({"__type":"GeoPoint","latitude":90,"longitude":-180})");
  BOOST_TEST((thrownBy([] { bmob::Date made{"2018-02-30 00:00:00"}; }).errc() == Errc::invalidArgument));
  BOOST_TEST(bmob::Date{std::chrono::system_clock::from_time_t(1524130005)}.json().json() ==
             R"({"__type":"Date","iso":"2018-04-19 17:26:45"})");
  BOOST_TEST(!bmob::timeOf("2018-04-19T17:26:45"));
  BOOST_TEST((thrownBy([] { bmob::Changes{}.set("a b", 1); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([] { bmob::Changes{}.set("$set", 1); }).errc() == Errc::invalidArgument));
  BOOST_TEST((thrownBy([] { bmob::Changes{}.set("a..b", 1); }).errc() == Errc::invalidArgument));
  BOOST_TEST(bmob::Changes{}.set("a.0.b_c", 1).fields().size() == 1U);
  bmob::Changes nothing;
  requireRefused(*this, "data", bmob.query("T").update("a1", nothing));
  requireRefused(*this, "data", bmob.query("T").save(nothing));
  requireRefused(*this, "requests[1].data", bmob.query("T").saveAll({bmob::Changes{}.set("a", 1), nothing}));
  requireRefused(*this, "limit", bmob.query("T").limit(0).find());
  bmob::FindRequest find;
  find.className = "T";
  find.limit = -1;
  requireRefused(*this, "limit", bmob.rows.find(find));
  find.limit.reset();
  find.skip = -1;
  requireRefused(*this, "skip", bmob.rows.find(find));
  find.skip.reset();
  find.where = Json{Json::Array{}};
  requireRefused(*this, "where", bmob.rows.find(find));
  find.where = Fields{{"a", "\xFF"}};
  requireRefused(*this, "a", bmob.rows.find(find));
  find.where.reset();
  find.order = "a&limit=1";
  requireRefused(*this, "order", bmob.rows.find(find));
}

BOOST_FIXTURE_TEST_CASE(sessions_are_looked_at, Fixture) {
  bmob::CheckSessionRequest request{.sessionToken = token, .objectId = "X43SIIIH"};
  script(R"({"msg":"fail"})");
  BOOST_TEST(wait(bmob.user.checkSession(request)).msg == "fail");
  requireSent(only(), "GET /1/checkSession/X43SIIIH");
  BOOST_TEST(only().headers.get("X-Bmob-Session-Token") == token);
  request.sessionToken.reset();
  requireRefused(*this, "sessionToken", bmob.user.checkSession(request));
}

BOOST_FIXTURE_TEST_CASE(the_servers_time, Fixture) {
  script(R"({"timestamp":1437531770,"datetime":"2015-07-22 10:22:50"})");
  const auto time = wait(bmob.server.timestamp());
  requireSent(only(), "GET /1/timestamp");
  BOOST_TEST(time.timestamp == 1437531770);
  BOOST_TEST((bmob::timeOf(time.datetime) == std::chrono::system_clock::from_time_t(time.timestamp)));
}

BOOST_FIXTURE_TEST_CASE(progress_of_an_upload, Fixture) {
  script(R"({"filename":"x","url":"http://x.com/x","cdn":"upyun"})");
  bmob::UploadRequest request;
  request.fileName = "x.bin";
  request.content = {std::string(1000, 'x')};
  std::vector<std::pair<std::size_t, std::size_t>> seen;
  const bmob::Files::Progress progress = [&](std::size_t written, std::size_t total) { seen.emplace_back(written, total); };
  wait(bmob.file.upload(request, progress));
  only().progress(400);
  BOOST_TEST((seen.back() == std::pair<std::size_t, std::size_t>{400, 1000}));
}

BOOST_AUTO_TEST_SUITE_END()
