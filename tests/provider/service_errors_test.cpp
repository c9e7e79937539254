// Refusals of WeChat's mini-program services: every documented code, and texts by whoever may have written them.
#include <boost/test/unit_test.hpp>

#include "every_service.hpp"

#include <set>
#include <string>
#include <vector>

using namespace openapi;
using namespace openapi::test;

BOOST_AUTO_TEST_SUITE(service_errors)

BOOST_AUTO_TEST_CASE(error_codes_in_every_form) {
  ServiceFixture fixture;
  for (const auto& service : services()) {
    const std::pair<const char*, const char*> codes[] = {
        {"40029", "40029"}, {"\"40029\"", "40029"}, {"-605001", "-605001"}, {"9223372036854775807", "9223372036854775807"}};
    for (const auto& [written, code] : codes) {
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":\"m\"}"), code, "m");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + "}"), code, "");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":null}"), code, "");
      expectRejected(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + ",\"errmsg\":7}"), code, "");
    }
    for (const char* written : {"true", "1.5", "\"\"", "\"x\"", "\"40029 \"", "[40029]", "{}", "99999999999999999999", "1e3"}) {
      expectBadResponse(fixture, service, answerOf(std::string{"{\"errcode\":"} + written + "}"), "errcode");
    }
  }
  for (const auto* service : jsonServices()) {
    const auto answer = withValue(Json::parse(service->answer), "errcode", std::nullopt);
    for (const auto& zero :
         {std::optional<Json>{}, std::optional<Json>{0}, std::optional<Json>{"0"}, std::optional<Json>{Json{}}}) {
      BOOST_TEST(*callWith(fixture, *service, answerOf(withValue(answer, "errcode", zero).json())).find("errCode") == Json{0});
    }
  }
}

/// An error beside what a good answer holds is an error.
BOOST_AUTO_TEST_CASE(errors_with_the_members_of_an_answer) {
  ServiceFixture fixture;
  for (const auto* service : jsonServices()) {
    const auto answer = withValue(Json::parse(service->answer), "errcode", 45009);
    expectRejected(fixture, *service, answerOf(withValue(answer, "errmsg", "quota").json()), "45009", "quota");
  }
}

BOOST_AUTO_TEST_CASE(texts_of_errors_as_they_were_seen) {
  ServiceFixture fixture{serviceConfig(), 1};
  const auto document = Json::parse(readFile(sourcePath("tests/fixtures/weixin-miniprogram/errmsg_real.json")));
  const std::string rid = "617682e0-09059a3f-6a1b2c3d";
  std::size_t seen = 0;
  for (const auto& item : *document.find("cases")->array()) {
    auto text = *item.find("errmsg")->string();
    const bool marked = text.ends_with("rid: X");
    if (marked) text.replace(text.size() - 1, 1, rid);
    const auto path = *item.find("path")->string();
    const std::string method = path == "/cgi-bin/token"       ? "auth.getAccessToken"
                               : path.starts_with("/sns/")    ? "auth.code2Session"
                               : path.starts_with("/wxa/get") ? "wxacode.getUnlimited"
                                                              : "analysis.getDailySummary";
    const Json answer = Fields{{"errcode", *item.find("errcode")}, {"errmsg", text}};
    fixture.script({answerOf(answer.json(), "text/plain")});
    const Json request = method == "auth.getAccessToken" ? Json{Fields{}} : serviceOf(method).request;
    BOOST_TEST_CONTEXT(path << ' ' << text) {
      const auto error = serviceError(fixture, method, request);
      BOOST_TEST(toString(error.errc()) == "rejected");
      BOOST_TEST(error.errCode() == item.find("errcode")->json());
      BOOST_TEST(error.errMsg() == text);
      BOOST_TEST(error.requestId() == (marked ? rid : ""));
      BOOST_TEST(std::string_view{error.what()}.find(text) != std::string_view::npos, error.what());
    }
    ++seen;
  }
  BOOST_TEST(seen == 25u);
}

BOOST_AUTO_TEST_CASE(request_ids) {
  const std::pair<const char*, const char*> rows[] = {
      {"text rid: 617682e0-09059a3f-6a1b2c3d", "617682e0-09059a3f-6a1b2c3d"},
      {"text, rid: 617682E0-09059A3F-6A1B2C3D", "617682E0-09059A3F-6A1B2C3D"},
      {"rid: 00000000-11111111-22222222 rid: 617682e0-09059a3f-6a1b2c3d", "617682e0-09059a3f-6a1b2c3d"},
      {"text rid: 617682e0-09059a3f-6a1b2c3", ""},
      {"text rid: 617682e0-09059a3f-6a1b2c3g", ""},
      {"text rid: 617682e0 09059a3f 6a1b2c3d", ""},
      {"text rid: --------------------------", ""},
      {"text rid: 61768-2e009059-a3f6a1b2c3d", ""},
      {"text rid:", ""},
      {"text rid: ", ""},
      {"invalid url hint: [JgToTA03064530]", ""},
      {"code been used, hints: [ req_id: AijFoqaLRa-pTFm4 ]", ""},
      {"", ""},
  };
  ServiceFixture fixture;
  for (const auto& [text, id] : rows) {
    const auto error =
        errorWith(fixture, serviceOf("auth.code2Session"), answerOf(Json{Fields{{"errcode", 40029}, {"errmsg", text}}}.json()));
    BOOST_TEST(error.requestId() == id, text);
    BOOST_TEST(error.errMsg() == text);
  }
}

BOOST_AUTO_TEST_CASE(every_documented_error_code) {
  ServiceFixture fixture{serviceConfig(), 1};
  const std::set<std::string> busy{"-1", "61504", "10060012", "10060019"};
  const auto table = readFile(sourcePath("tests/fixtures/weixin-miniprogram/error_codes.tsv"));
  std::size_t count = 0;
  for (auto at = table.find('\n') + 1; at < table.size(); at = table.find('\n', at) + 1) {
    const auto code = table.substr(at, table.find('\t', at) - at);
    if (code == "0") continue;
    const auto error =
        errorWith(fixture, serviceOf("analysis.getVisitPage"), answerOf(R"({"errcode":)" + code + R"(,"errmsg":"m"})"));
    BOOST_TEST(error.errCode() == code);
    BOOST_TEST(toString(error.outcome()) == "rejected");
    BOOST_TEST(error.retryable() == (busy.count(code) == 1));
    ++count;
  }
  BOOST_TEST(count == 2285u);
}

/// Texts of a platform that wants to write into a log, or to show what it was sent.
BOOST_AUTO_TEST_CASE(texts_of_errors_are_tamed) {
  ServiceFixture fixture;
  const std::vector<std::string> texts{"a\r\nb\x1B[31m",
                                       "\x01\x7F\xC2\x85",
                                       "\u2028",
                                       repeated("长", 100'000),
                                       "bad token " + appToken + " of " + appSecret,
                                       std::string(290, 'x') + appToken,
                                       std::string(290, 'x') + appSecret,
                                       repeated(appToken, 3)};
  for (const auto& text : texts) {
    for (const char* name : {"analysis.getVisitPage", "customerServiceMessage.send", "auth.code2Session", "wxacode.get"}) {
      if (name == std::string{"auth.code2Session"} && text.find(appToken) != std::string::npos) continue;  // never sent there
      const auto body = Json{Fields{{"errcode", 40001}, {"errmsg", text}}}.json();
      const auto error = errorWith(fixture, serviceOf(name), answerOf(body));
      BOOST_TEST(error.errCode() == "40001");
      // Not even the beginning of it, where a long text ends.
      BOOST_TEST(std::string_view{error.what()}.find(appToken.substr(0, 8)) == std::string_view::npos);
      BOOST_TEST(std::string_view{error.what()}.find(appSecret.substr(0, 8)) == std::string_view::npos);
    }
  }
  const auto other = errorWith(fixture, serviceOf("analysis.getVisitPage"), statusOf(404, "token " + appToken));
  BOOST_TEST(toString(other.errc()) == "httpStatus");
}

BOOST_AUTO_TEST_CASE(session_keys_stay_out_of_messages) {
  ServiceFixture fixture;
  const auto& login = serviceOf("auth.code2Session");
  const std::string key = "\"session_key\":\"" + sessionKey + "\"";
  for (const auto& body :
       {"{" + key + "}", "{" + key + ",\"openid\":{}}", "{" + key + "," + key + "}", "{" + key, "{" + key + "}x",
        "{\"errcode\":40029," + key + "}", "{\"openid\":\"o\",\"session_key\":[\"" + sessionKey + "\"]}"}) {
    errorWith(fixture, login, answerOf(body));
  }
}

BOOST_AUTO_TEST_SUITE_END()
