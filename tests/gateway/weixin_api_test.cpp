#include "weixin_api_bench.hpp"

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <gateways/weixin_api/errors.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

using namespace weixin_api_bench;

BOOST_AUTO_TEST_SUITE(weixin_api_tokens)

BOOST_AUTO_TEST_CASE(classic_tokens_end_each_other_after_five_minutes) {
  Bench bench;
  const auto answer = bench.classicAnswer();
  BOOST_TEST(*at(answer, "expires_in").integer() == 7200);
  BOOST_TEST(at(answer, "errcode").isNull());
  const auto first = text(answer, "access_token");
  BOOST_TEST(first.size() > 100U);
  BOOST_TEST(first.size() <= 512U);
  BOOST_TEST(bench.tokenCode(first) == 0);
  const auto second = bench.classic();
  BOOST_TEST(second != first);
  BOOST_TEST(bench.tokenCode(first) == 0);
  bench.advance(299);
  BOOST_TEST(bench.tokenCode(first) == 0);
  bench.advance(2);
  BOOST_TEST(bench.tokenCode(first) == 40001);
  BOOST_TEST(bench.tokenCode(second) == 0);
  bench.advance(7200 - 301 - 5);
  BOOST_TEST(bench.tokenCode(second) == 0);
  bench.advance(6);
  BOOST_TEST(bench.tokenCode(second) == 42001);
  BOOST_TEST(bench.tokenCode(first) == 40001);
}

BOOST_AUTO_TEST_CASE(stable_tokens_stay_until_they_near_their_end) {
  Bench bench;
  const auto first = bench.stable();
  BOOST_TEST(bench.stable() == first);
  bench.advance(6855);
  const auto late = bench.stableAnswer();
  BOOST_TEST(text(late, "access_token") == first);
  BOOST_TEST(*at(late, "expires_in").integer() <= 345);
  BOOST_TEST(*at(late, "expires_in").integer() >= 300);
  bench.advance(60);
  const auto second = bench.stable();
  BOOST_TEST(second != first);
  BOOST_TEST(bench.tokenCode(first) == 0);  // both work meanwhile
  BOOST_TEST(bench.tokenCode(second) == 0);
  bench.advance(300);
  BOOST_TEST(bench.tokenCode(first) == 42001);
  BOOST_TEST(bench.tokenCode(second) == 0);
}

BOOST_AUTO_TEST_CASE(the_two_kinds_do_not_end_each_other) {
  Bench bench;
  const auto stable = bench.stable();
  const auto classic = bench.classic();
  static_cast<void>(bench.classic());
  bench.advance(400);
  BOOST_TEST(bench.tokenCode(stable) == 0);
  BOOST_TEST(bench.tokenCode(classic) == 40001);
  const auto classicAgain = bench.classic();
  static_cast<void>(bench.stable(true));
  BOOST_TEST(bench.tokenCode(stable) == 40001);
  BOOST_TEST(bench.tokenCode(classicAgain) == 0);
}

BOOST_AUTO_TEST_CASE(a_forced_refresh_is_for_emergencies) {
  Bench bench;
  auto token = bench.stable();
  for (int i = 0; i < 20; ++i) {
    const auto forced = bench.stable(true);
    BOOST_TEST(forced != token);
    BOOST_TEST(bench.tokenCode(token) == 40001);
    BOOST_TEST(bench.tokenCode(forced) == 0);
    BOOST_TEST(bench.stable(true) == forced);  // less than thirty seconds later: nothing is refreshed
    token = forced;
    bench.advance(31);
  }
  BOOST_TEST(code(bench.stableAnswer({{"force_refresh", true}})) == 45009);
  BOOST_TEST(bench.stable() == token);
  bench.advance(86400);
  BOOST_TEST(bench.stable(true) != token);
}

BOOST_AUTO_TEST_CASE(what_a_token_request_must_hold) {
  Bench bench;
  BOOST_TEST(code(bench.get("/cgi-bin/token", {})) == 41002);
  BOOST_TEST(code(bench.classicAnswer("client_credential", "wxffffffffffffffff")) == 40013);
  BOOST_TEST(code(bench.classicAnswer("password", "wxffffffffffffffff")) == 40013);  // before the grant type
  BOOST_TEST(code(bench.classicAnswer("password")) == 40002);
  BOOST_TEST(code(bench.classicAnswer("client_credential", appId, "")) == 41004);
  BOOST_TEST(code(bench.classicAnswer("client_credential", appId, "wrong")) == 40125);
  BOOST_TEST(code(bench.json(bench.send("POST", "/cgi-bin/token", {}, "{}"))) == 43001);
  BOOST_TEST(code(bench.get("/cgi-bin/stable_token", {})) == 43002);
  BOOST_TEST(code(bench.json(bench.send("POST", "/cgi-bin/stable_token", {}))) == 44002);
  BOOST_TEST(code(bench.post("/cgi-bin/stable_token", {}, "grant_type=client_credential")) == 47001);
  BOOST_TEST(code(bench.post("/cgi-bin/stable_token", {}, "[]")) == 47001);
  BOOST_TEST(code(bench.post("/cgi-bin/stable_token", {}, "{}")) == 41002);
  BOOST_TEST(code(bench.stableAnswer({{"grant_type", "x"}})) == 40002);
  BOOST_TEST(code(bench.stableAnswer({{"secret", "x"}})) == 40125);
  bench.set("secretError", 40001);
  const auto old = bench.classicAnswer("client_credential", appId, "wrong");
  BOOST_TEST(code(old) == 40001);
  BOOST_TEST(text(old, "errmsg").starts_with("invalid credential rid: "));
  bench.set("secretFrozen", true);
  BOOST_TEST(code(bench.classicAnswer()) == 40243);
  bench.set("secretFrozen", Json{});
  bench.set("ipWhitelist", Json::Array{"10.0.0.1"});
  const auto refused = bench.classicAnswer();
  BOOST_TEST(code(refused) == 40164);
  BOOST_TEST(text(refused, "errmsg").starts_with("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "));
  BOOST_TEST(code(bench.stableAnswer()) == 40164);
  bench.set("ipWhitelist", Json::Array{"10.0.0.1", "127.0.0.1"});
  BOOST_TEST(code(bench.classicAnswer()) == 0);
}

BOOST_AUTO_TEST_CASE(control_ends_tokens) {
  Bench bench;
  const auto stable = bench.stable();
  const auto classic = bench.classic();
  BOOST_TEST(*at(bench.control("/tokens", {{"action", "expire"}, {"kind", "stable"}}), "count").integer() == 1);
  BOOST_TEST(bench.tokenCode(stable) == 42001);
  BOOST_TEST(bench.tokenCode(classic) == 0);
  const auto next = bench.stable();
  BOOST_TEST(next != stable);
  BOOST_TEST(*at(bench.control("/tokens", {{"action", "revoke"}}), "count").integer() == 2);
  BOOST_TEST(bench.tokenCode(classic) == 40001);
  BOOST_TEST(bench.tokenCode(next) == 40001);
  BOOST_TEST(bench.tokenCode(bench.stable()) == 0);
  for (const auto& input : {Fields{}, Fields{{"action", "burn"}}, Fields{{"action", "expire"}, {"kind", "x"}}}) {
    BOOST_CHECK_THROW(bench.control("/tokens", input), ControlError);
  }
}

BOOST_AUTO_TEST_CASE(checks_come_in_the_platforms_order) {
  Bench bench;
  const std::string path = "/datacube/getweanalysisappidvisitpage";
  const auto post = [&](const std::string& token, const std::string& body) {
    return code(bench.json(bench.send("POST", path, token.empty() ? Query{} : Query{{"access_token", token}}, body)));
  };
  bench.set("unauthorized", Json::Array{path});
  BOOST_TEST(code(bench.get(path, {})) == 41001);
  BOOST_TEST(post("", "") == 41001);
  BOOST_TEST(post("nobody", "") == 40014);
  BOOST_TEST(code(bench.get(path, {{"access_token", bench.token()}})) == 43002);
  BOOST_TEST(post(bench.token(), "") == 44002);
  BOOST_TEST(post(bench.token(), "{\"begin_date\":") == 47001);
  BOOST_TEST(post(bench.token(), "[1]") == 47001);
  BOOST_TEST(post(bench.token(), "begin_date=20200101&end_date=20200101") == 47001);
  BOOST_TEST(post(bench.token(), "{\"access_token\":\"" + bench.token() + "\",\"begin_date\":\"20200101\"}") == 47001);
  BOOST_TEST(post(bench.token(), "{}") == 48001);
  bench.set("unauthorized", Json{});
  BOOST_TEST(post(bench.token(), "{}") == 61500);
  BOOST_TEST(post(bench.token(), "{\"begin_date\":\"2020010\\u0031\",\"end_date\":\"20200101\"}") == 0);
  bench.set("rejectUnicodeEscapes", true);
  BOOST_TEST(post(bench.token(), "{\"begin_date\":\"2020010\\u0031\",\"end_date\":\"20200101\"}") == 47002);
  BOOST_TEST(post(bench.token(), "{\"begin_date\":\"20200101\",\"end_date\":\"20200101\",\"x\":\"\\\\u\"}") == 0);
  BOOST_TEST(code(bench.json(bench.send("POST", "/cgi-bin/getcallbackip", {{"access_token", bench.token()}}, "{}"))) == 43001);
}

BOOST_AUTO_TEST_CASE(how_errors_look) {
  Bench bench;
  const auto seconds = [&] { return bench.now().time_since_epoch().count() / 1000; };
  const auto before = seconds();
  const auto response = bench.send("GET", "/cgi-bin/getcallbackip", {});
  const auto after = seconds();
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.headers.get("Content-Type") == "application/json; encoding=utf-8");
  std::smatch match;
  const auto errmsg = text(Json::parse(response.body), "errmsg");
  BOOST_REQUIRE(std::regex_match(errmsg, match, std::regex{"access_token missing rid: ([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]{8}"}));
  const auto stamp = std::stoll(match[1], nullptr, 16);
  BOOST_TEST(stamp >= before);
  BOOST_TEST(stamp <= after + 1);
  const auto login = bench.send("GET", "/sns/jscode2session", {});
  BOOST_TEST(login.status == 200);
  BOOST_TEST(login.headers.get("Content-Type") == "text/plain");
  BOOST_TEST(text(Json::parse(login.body), "errmsg").starts_with("appid missing, rid: "));
  BOOST_TEST(
      text(bench.get("/cgi-bin/getcallbackip", {{"access_token", "x"}}), "errmsg").starts_with("invalid access_token rid: "));
  static_cast<void>(bench.stable());
  const auto dead = bench.stable();
  bench.control("/tokens", {{"action", "revoke"}});
  BOOST_TEST(text(bench.get("/cgi-bin/getcallbackip", {{"access_token", dead}}), "errmsg")
                 .starts_with("invalid credential, access_token is invalid or not latest, could get access_token by "
                              "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r rid: "));
  BOOST_TEST(text(bench.ask("/cgi-bin/media/get", {{"media_id", "x"}}), "errmsg") == "invalid media_id");
  bench.set("legacyHints", true);
  BOOST_TEST(std::regex_match(text(bench.get("/cgi-bin/getcallbackip", {}), "errmsg"),
                              std::regex{"access_token missing hint: \\[[0-9A-Za-z]{14}\\]"}));
  BOOST_TEST(std::regex_match(text(bench.get("/sns/jscode2session", {}), "errmsg"),
                              std::regex{"appid missing, hints: \\[ req_id: [0-9A-Za-z]{10}-[0-9A-Za-z]{4} \\]"}));
  BOOST_TEST(bench.send("GET", "/wxa/nothing", {}).status == 404);
  BOOST_TEST(bench.send("GET", "/cgi-bin/getcallbackip?access_token=1&access_token=2", {}).status == 400);
}

BOOST_AUTO_TEST_CASE(error_texts_are_the_recorded_ones) {
  std::ifstream file{OPENAPI_SOURCE_DIR "/tests/fixtures/weixin-miniprogram/errmsg_real.json", std::ios::binary};
  const auto recorded = Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
  const auto cases = at(recorded, "cases");
  BOOST_TEST(cases.array()->size() > 20U);
  const std::regex suffix{",? rid: X$|,? hints?: \\[.*\\]$"};
  for (const auto& item : *cases.array()) {
    auto expected = std::regex_replace(text(item, "errmsg"), suffix, "");
    expected = std::regex_replace(expected, std::regex{"1\\.2\\.3\\.4"}, "127.0.0.1");
    if (code(item) == 47003) expected = "argument invalid!";  // goes on with the field
    BOOST_TEST(weixin_api::baseText(code(item)) == expected);
  }
}

BOOST_AUTO_TEST_CASE(an_rid_leads_back_to_the_request) {
  Bench bench;
  const auto path = "/datacube/getweanalysisappidvisitpage";
  const auto errmsg = text(bench.tell(path, Fields{{"begin_date", "今天"}}), "errmsg");
  const auto rid = errmsg.substr(errmsg.find("rid: ") + 5);
  const auto found = at(bench.tell("/cgi-bin/openapi/rid/get", Fields{{"rid", rid}}), "request");
  BOOST_TEST(text(found, "request_url").starts_with(path));
  BOOST_TEST(text(found, "request_url").find(bench.token()) == std::string::npos);
  BOOST_TEST(text(found, "request_body") == R"({"begin_date":"今天"})");
  BOOST_TEST(text(found, "response_body").find("61500") != std::string::npos);
  BOOST_TEST(text(found, "client_ip") == "127.0.0.1");
  BOOST_TEST(bench.codeOf("/cgi-bin/openapi/rid/get", Fields{{"rid", "x"}}) == 76001);
  bench.advance(7 * 86400 + 1);
  bench.forgetToken();
  BOOST_TEST(bench.codeOf("/cgi-bin/openapi/rid/get", Fields{{"rid", rid}}) == 76004);
}

BOOST_AUTO_TEST_CASE(faults_reach_the_api_by_path) {
  Bench bench;
  const std::string path = "/cgi-bin/getcallbackip";
  const auto fault = [&](Fields input) {
    input.set("path", path);
    bench.sandbox.control("POST", "/fault", input);
  };
  const auto call = [&] { return bench.send("GET", path, {{"access_token", bench.token()}}); };
  fault({{"fault", "errorCode"}, {"errCode", "-1"}});
  const auto busy = bench.json(call());
  BOOST_TEST(code(busy) == -1);
  BOOST_TEST(text(busy, "errmsg").starts_with("system error rid: "));
  fault({{"fault", "errorCode"}, {"errCode", "45011"}, {"errMsg", "slow down"}});
  BOOST_TEST(text(bench.json(call()), "errmsg").starts_with("slow down rid: "));
  fault({{"fault", "status"}, {"status", 502}});
  BOOST_TEST(call().status == 502);
  fault({{"fault", "badSignature"}});
  BOOST_TEST(code(bench.json(call())) == 0);
  fault({{"fault", "dropBeforeCommit"}});
  BOOST_CHECK_THROW(call(), Error);
  fault({{"fault", "truncate"}});
  BOOST_CHECK_THROW(call(), Error);
  BOOST_TEST(code(bench.json(call())) == 0);
}

BOOST_AUTO_TEST_CASE(quotas_are_counted_by_day_and_by_minute) {
  Bench bench;
  const auto token = bench.classic();
  bench.control("/quota", {{"cgiPath", "/cgi-bin/token"}, {"daily", 3}});
  BOOST_TEST(code(bench.classicAnswer()) == 0);
  BOOST_TEST(code(bench.classicAnswer()) == 0);
  BOOST_TEST(code(bench.classicAnswer()) == 45009);
  const auto quota = bench.tell("/cgi-bin/openapi/quota/get", Fields{{"cgi_path", "/cgi-bin/token"}});
  BOOST_TEST(text(quota, "quota", "daily_limit") == "3");
  BOOST_TEST(text(quota, "quota", "used") == "3");
  BOOST_TEST(text(quota, "quota", "remain") == "0");
  BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{{"appid", appId}}) == 0);
  BOOST_TEST(code(bench.classicAnswer()) == 0);
  bench.advance(86400);
  for (int i = 0; i < 3; ++i) BOOST_TEST(code(bench.classicAnswer()) == 0);
  BOOST_TEST(code(bench.classicAnswer()) == 45009);
  bench.control("/quota", {{"enforced", false}});
  BOOST_TEST(code(bench.classicAnswer()) == 0);
  bench.control("/quota", {{"enforced", true}});
  bench.forgetToken();
  bench.control("/quota", {{"cgiPath", "/wxa/msg_sec_check"}, {"perMinute", 1}});
  bench.nextMinute();
  const Json check = Fields{{"content", "hello"}};
  BOOST_TEST(bench.codeOf("/wxa/msg_sec_check", check) == 0);
  BOOST_TEST(bench.codeOf("/wxa/msg_sec_check", check) == 44991);
  bench.nextMinute();
  BOOST_TEST(bench.codeOf("/wxa/msg_sec_check", check) == 0);
  const auto limits = bench.tell("/cgi-bin/openapi/quota/get", Fields{{"cgi_path", "/wxa/msg_sec_check"}});
  BOOST_TEST(text(limits, "rate_limit", "call_count") == "1");
  BOOST_TEST(text(limits, "rate_limit", "refresh_second") == "60");
  BOOST_TEST(bench.codeOf("/cgi-bin/openapi/quota/get", Fields{{"cgi_path", "/nothing"}}) == 76021);
  BOOST_TEST(bench.codeOf("/cgi-bin/openapi/quota/get", Fields{{"cgi_path", "/sns/jscode2session"}}) == 76021);
}

BOOST_AUTO_TEST_CASE(default_limits_are_the_documented_ones) {
  Bench bench;
  const auto limit = [&](const char* path) {
    return text(bench.tell("/cgi-bin/openapi/quota/get", Fields{{"cgi_path", path}}), "quota", "daily_limit");
  };
  BOOST_TEST(limit("/cgi-bin/token") == "2000");
  BOOST_TEST(limit("/cgi-bin/stable_token") == "500000");
  BOOST_TEST(limit("/cgi-bin/media/upload") == "100000");
  BOOST_TEST(limit("/cgi-bin/media/get") == "200000");
  BOOST_TEST(limit("/cgi-bin/message/custom/send") == "500000");
}

BOOST_AUTO_TEST_CASE(clearing_quotas_is_limited_too) {
  Bench bench;
  // The first of a month, so that no month ends in between.
  bench.advance(40 * 86400);
  while (compactDate(bench.now()).substr(6) != "01") bench.advance(86400);
  BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{}) == 41002);
  BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{{"appid", "wx0"}}) == 40013);
  for (int i = 0; i < 9; ++i) BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{{"appid", appId}}) == 0);
  const auto bySecret = [&](const Query& query, const std::string& body) {
    return code(bench.json(bench.send("POST", "/cgi-bin/clear_quota/v2", query, body)));
  };
  BOOST_TEST(bySecret({{"appid", appId}, {"appsecret", "x"}}, "") == 40125);
  BOOST_TEST(bySecret({{"appid", appId}, {"appsecret", secret}}, "") == 0);
  BOOST_TEST(bySecret({}, Json{Fields{{"appid", appId}, {"appsecret", secret}}}.json()) == 48006);
  BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{{"appid", appId}}) == 48006);
  BOOST_TEST(bench.codeOf("/cgi-bin/openapi/quota/clear", Fields{{"cgi_path", "/cgi-bin/token"}}) == 0);
  bench.advance(31 * 86400);
  bench.forgetToken();
  BOOST_TEST(bench.codeOf("/cgi-bin/clear_quota", Fields{{"appid", appId}}) == 0);
}

BOOST_AUTO_TEST_CASE(addresses_of_the_platform) {
  Bench bench;
  for (const auto* path : {"/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"}) {
    const auto list = at(bench.ask(path), "ip_list");
    BOOST_TEST(*list.array()->at(0).string() == "127.0.0.1");
  }
}

BOOST_AUTO_TEST_CASE(settings_are_checked) {
  Bench bench;
  const auto refusedField = [&](const Fields& input) {
    try {
      bench.control("/settings", input);
    } catch (const ControlError& e) {
      return e.field();
    }
    return std::string{"accepted"};
  };
  BOOST_TEST(refusedField({{"nothing", 1}}) == "nothing");
  BOOST_TEST(refusedField({{"visitPages", "12"}}) == "visitPages");
  BOOST_TEST(refusedField({{"visitPages", Json::Number{"1.5"}}}) == "visitPages");
  BOOST_TEST(refusedField({{"openPlatform", 1}}) == "openPlatform");
  BOOST_TEST(refusedField({{"ipWhitelist", Json::Array{1}}}) == "ipWhitelist");
  BOOST_TEST(refusedField({{"firstDay", "2020-01-01"}}) == "firstDay");
  BOOST_TEST(refusedField({{"pushMode", "loud"}}) == "pushMode");
  BOOST_TEST(refusedField({{"pushFormat", ""}}) == "pushFormat");
  const auto all = bench.control("/settings", {{"visitPages", 30}});
  BOOST_TEST(text(all, "visitPages") == "30");
  BOOST_TEST(text(bench.control("/settings", {{"visitPages", Json{}}}), "visitPages") == "12");
  BOOST_CHECK_THROW(bench.control("/nothing"), ControlError);
  BOOST_CHECK_THROW(bench.control("/pay", {{"outTradeNo", "1"}}), ControlError);
  BOOST_CHECK_THROW(bench.control("/quota", {{"enforced", 1}}), ControlError);
  BOOST_CHECK_THROW(bench.control("/quota"), ControlError);
}

BOOST_AUTO_TEST_CASE(the_state_survives) {
  const auto folder = std::filesystem::path{OPENAPI_BINARY_DIR} / "weixin-api-state-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  SandboxOptions options;
  options.stateFile = (folder / "state.db").string();
  std::string token;
  std::string key;
  {
    Bench bench{options};
    token = bench.stable();
    key = text(bench.loginAnswer("code-" + openid), "session_key");
    bench.set("visitPages", 3);
    bench.control("/quota", {{"cgiPath", "/cgi-bin/token"}, {"daily", 1}});
    static_cast<void>(bench.classic());
  }
  SandboxOptions again = options;
  Sandbox sandbox{again};
  HttpOptions http;
  http.caFile = sandbox.urls().caFile;
  http.proxy = "";
  const auto client = http::makeClient(http);
  const auto get = [&](const std::string& target) {
    HttpRequest request;
    request.method = "GET";
    request.url = sandbox.urls().weixinApi + target;
    request.deadline = std::chrono::steady_clock::now() + seconds{60};
    return Json::parse(wait(client->send(request)).body);
  };
  BOOST_TEST(code(get("/cgi-bin/getcallbackip?access_token=" + token)) == 0);
  BOOST_TEST(code(get("/cgi-bin/token?grant_type=client_credential&appid=" + appId + "&secret=" + secret)) == 45009);
  const auto login = get("/sns/jscode2session?appid=" + appId + "&secret=" + secret +
                         "&grant_type=authorization_code&js_code=code-" + openid + "-again");
  BOOST_TEST(text(login, "session_key") == key);
  const auto settings = sandbox.control("POST", "/settings", Fields{{"provider", "weixinApi"}});
  BOOST_TEST(text(settings, "visitPages") == "3");
  std::filesystem::remove_all(folder);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(weixin_api_login)

BOOST_AUTO_TEST_CASE(a_code_works_once_for_five_minutes) {
  Bench bench;
  const auto issued = bench.control("/code", {{"unionid", "ocMvos6NjeKLIBqg5Mr9QjxrP1FA"}});
  const auto response =
      bench.send("GET", "/sns/jscode2session",
                 {{"appid", appId}, {"secret", secret}, {"js_code", text(issued, "code")}, {"grant_type", "authorization_code"}});
  BOOST_TEST(response.headers.get("Content-Type") == "text/plain");
  const auto session = bench.json(response);
  BOOST_TEST(at(session, "errcode").isNull());
  BOOST_TEST(text(session, "openid") == text(issued, "openid"));
  BOOST_TEST(text(session, "openid").size() == 28U);
  BOOST_TEST(text(session, "unionid") == "ocMvos6NjeKLIBqg5Mr9QjxrP1FA");
  BOOST_TEST(codec::fromBase64(text(session, "session_key")).value().size() == 16U);
  const auto again = bench.loginAnswer(text(issued, "code"));
  BOOST_TEST(code(again) == 40163);
  BOOST_TEST(text(again, "errmsg").starts_with("code been used, rid: "));
  BOOST_TEST(code(bench.loginAnswer("nobody's")) == 40029);
  const auto late = bench.control("/code", {{"openid", openid}});
  bench.advance(301);
  BOOST_TEST(code(bench.loginAnswer(text(late, "code"))) == 40029);
  const auto key = codec::toBase64("0123456789abcdef");
  const auto chosen = bench.control("/code", {{"openid", openid}, {"sessionKey", key}});
  BOOST_TEST(text(bench.loginAnswer(text(chosen, "code")), "session_key") == key);
  const auto risky = bench.control("/code", {{"openid", openid}, {"highRisk", true}});
  BOOST_TEST(code(bench.loginAnswer(text(risky, "code"))) == 40226);
  for (const auto& input : {Fields{{"openid", "o"}}, Fields{{"sessionKey", "x"}}, Fields{{"highRisk", 1}}}) {
    BOOST_CHECK_THROW(bench.control("/code", input), ControlError);
  }
}

BOOST_AUTO_TEST_CASE(codes_that_need_no_control) {
  Bench bench;
  const auto session = bench.loginAnswer("code-" + openid);
  BOOST_TEST(text(session, "openid") == openid);
  BOOST_TEST(text(session, "unionid").size() == 28U);
  BOOST_TEST(code(bench.loginAnswer("code-" + openid)) == 40163);
  const auto second = bench.loginAnswer("code-" + openid + "-2");
  BOOST_TEST(text(second, "session_key") == text(session, "session_key"));
  BOOST_TEST(text(second, "unionid") == text(session, "unionid"));
  BOOST_TEST(code(bench.loginAnswer("code-" + openid + "x")) == 40029);
  BOOST_TEST(code(bench.loginAnswer("code-short")) == 40029);
  bench.set("openPlatform", false);
  BOOST_TEST(at(bench.loginAnswer("code-" + openid + "-3"), "unionid").isNull());
}

BOOST_AUTO_TEST_CASE(what_a_login_must_hold) {
  Bench bench;
  const auto login = [&](const Query& query) { return code(bench.get("/sns/jscode2session", query)); };
  BOOST_TEST(login({{"appid", "wx0"}, {"grant_type", "x"}}) == 40013);
  BOOST_TEST(login({{"appid", appId}, {"grant_type", "x"}}) == 40002);
  BOOST_TEST(login({{"appid", appId}, {"grant_type", "authorization_code"}}) == 41004);
  BOOST_TEST(login({{"appid", appId}, {"grant_type", "authorization_code"}, {"secret", "x"}}) == 40125);
  BOOST_TEST(login({{"appid", appId}, {"grant_type", "authorization_code"}, {"secret", secret}}) == 41008);
  BOOST_TEST(code(bench.json(bench.send("POST", "/sns/jscode2session", {}, "{}"))) == 43001);
}

BOOST_AUTO_TEST_CASE(a_user_logs_in_a_hundred_times_a_minute) {
  Bench bench;
  bench.nextMinute();
  const auto login = [&](const std::string& who, int i) {
    return code(bench.loginAnswer("code-" + who + "-" + std::to_string(i)));
  };
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(login(openid, i) == 0);
  BOOST_TEST(login(openid, 100) == 45011);
  BOOST_TEST(login(otherOpenid, 0) == 0);
  bench.nextMinute();
  BOOST_TEST(login(openid, 101) == 0);
}

BOOST_AUTO_TEST_CASE(sessions_are_checked_and_reset) {
  Bench bench;
  const auto signature = [](const std::string& key) { return codec::toLowerHex(crypto::hmacSha256(key, "")); };
  const auto check = [&](const std::string& who, const std::string& sign, const std::string& method = "hmac_sha256") {
    return code(bench.ask("/wxa/checksession", {{"openid", who}, {"signature", sign}, {"sig_method", method}}));
  };
  BOOST_TEST(check(openid, "x") == 87007);
  const auto key = text(bench.loginAnswer("code-" + openid), "session_key");
  BOOST_TEST(check(openid, signature(key)) == 0);
  BOOST_TEST(check(openid, signature("x")) == 87009);
  BOOST_TEST(check(openid, signature(key), "md5") == 87008);
  BOOST_TEST(check("", "x") == 41009);
  BOOST_TEST(check("x", "x") == 40003);
  const auto reset =
      bench.ask("/wxa/resetusersessionkey", {{"openid", openid}, {"signature", signature(key)}, {"sig_method", "hmac_sha256"}});
  BOOST_TEST(text(reset, "openid") == openid);
  BOOST_TEST(text(reset, "session_key") != key);
  BOOST_TEST(check(openid, signature(key)) == 87009);
  BOOST_TEST(check(openid, signature(text(reset, "session_key"))) == 0);
}

BOOST_AUTO_TEST_CASE(phone_numbers) {
  Bench bench;
  const auto phone = [&](const Fields& body) { return bench.tell("/wxa/business/getuserphonenumber", body); };
  const auto issued = text(bench.control("/phonecode", {{"phoneNumber", "13580006666"}}), "code");
  const auto info = at(phone({{"code", issued}}), "phone_info");
  BOOST_TEST(text(info, "phoneNumber") == "13580006666");
  BOOST_TEST(text(info, "purePhoneNumber") == "13580006666");
  BOOST_TEST(text(info, "countryCode") == "86");
  BOOST_TEST(text(info, "watermark", "appid") == appId);
  BOOST_TEST(*at(info, "watermark", "timestamp").integer() > 1'600'000'000);
  BOOST_TEST(code(phone({{"code", issued}})) == 40029);
  const auto abroad =
      text(bench.control("/phonecode", {{"phoneNumber", "5551234"}, {"countryCode", "1"}, {"openid", openid}}), "code");
  BOOST_TEST(code(phone({{"code", abroad}, {"openid", "x"}})) == 40003);
  BOOST_TEST(text(phone({{"code", abroad}, {"openid", openid}}), "phone_info", "phoneNumber") == "+15551234");
  const auto late = text(bench.control("/phonecode"), "code");
  bench.advance(301);
  BOOST_TEST(code(phone({{"code", late}})) == 40029);
  BOOST_TEST(text(phone({{"code", "phone-13800138000"}}), "phone_info", "purePhoneNumber") == "13800138000");
  BOOST_TEST(code(phone({{"code", "phone-13800138000"}})) == 40029);
  BOOST_TEST(text(phone({{"code", "phone-13800138000-2"}}), "phone_info", "purePhoneNumber") == "13800138000");
  BOOST_TEST(code(phone({{"code", "phone-x"}})) == 40029);
  BOOST_TEST(code(phone({})) == 41008);
  const auto login = text(bench.control("/code"), "code");
  BOOST_TEST(code(phone({{"code", login}})) == 40029);  // another pool
  const auto foreign = text(bench.control("/phonecode", {{"openid", openid}}), "code");
  BOOST_TEST(code(phone({{"code", foreign}, {"openid", otherOpenid}})) == 40029);
}

BOOST_AUTO_TEST_CASE(openids_belong_to_one_app) {
  SandboxOptions options;
  options.weixin.otherAppIds = {"wxaaaaaaaaaaaaaaaa"};
  Bench bench{options};
  BOOST_TEST(text(bench.loginAnswer("code-" + otherOpenid, "wxaaaaaaaaaaaaaaaa"), "openid") == otherOpenid);
  BOOST_TEST(code(bench.loginAnswer("code-" + otherOpenid + "-2")) == 40029);
  const auto issued = text(bench.control("/code"), "code");
  BOOST_TEST(code(bench.loginAnswer(issued, "wxaaaaaaaaaaaaaaaa")) == 40029);
  BOOST_TEST(bench.codeOf("/cgi-bin/message/custom/send", Fields{{"touser", otherOpenid}}) == 40003);
  bench.control("/user", {{"openid", openid}, {"appId", "wxbbbbbbbbbbbbbbbb"}});
  BOOST_TEST(bench.codeOf("/cgi-bin/message/custom/send", Fields{{"touser", openid}}) == 40003);
}

BOOST_AUTO_TEST_SUITE_END()
