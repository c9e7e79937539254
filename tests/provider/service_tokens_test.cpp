// How tokens of the mini-program services are fetched, and renewed when one is refused.
#include <boost/test/unit_test.hpp>

#include "every_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

using namespace openapi;
using namespace openapi::test;

BOOST_AUTO_TEST_SUITE(service_tokens)

// Tokens of the library's own.

BOOST_AUTO_TEST_CASE(refused_tokens_are_renewed_once) {
  for (const bool stable : {true, false}) {
    for (const auto& service : services()) {
      if (service.name == std::string{"auth.code2Session"} || service.name == std::string{"auth.getOpenid"}) continue;
      for (const char* code : {"40001", "40014", "42001"}) {
        BOOST_TEST_CONTEXT(service.name << ' ' << code << ' ' << stable) {
          auto config = ownTokenConfig();
          config.stableToken = stable;
          ServiceFixture fixture{config};
          fixture.script({tokenStep("T1"), refusal(code), tokenStep("T2"), goodStep(service), refusal(code), tokenStep("T3"),
                          refusal(code)});
          callService(fixture, service.name, service.request);
          BOOST_TEST_REQUIRE(fixture.sent().size() == 4u);
          const auto& sent = fixture.sent();
          BOOST_TEST(pathOf(sent[0]) == (stable ? "/cgi-bin/stable_token" : "/cgi-bin/token"));
          BOOST_TEST(pathOf(sent[2]) == pathOf(sent[0]));
          BOOST_TEST(tokenIn(sent[1]) == "T1");
          BOOST_TEST(tokenIn(sent[3]) == "T2");
          BOOST_TEST(pathOf(sent[3]) == pathOf(sent[1]));
          if (sent[1].headers.get("Content-Type").starts_with("application/json")) {
            BOOST_TEST(sent[3].body == sent[1].body);
          }
          // The new one is used, and a second refusal in one call ends it.
          const auto error = serviceError(fixture, service.name, service.request);
          BOOST_TEST(toString(error.errc()) == "rejected");
          BOOST_TEST(error.errCode() == code);
          BOOST_TEST(toString(error.outcome()) == "rejected");
          BOOST_TEST_REQUIRE(sent.size() == 7u);
          BOOST_TEST(tokenIn(sent[4]) == "T2");
          BOOST_TEST(tokenIn(sent[6]) == "T3");
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(other_refusals_renew_nothing) {
  for (const char* code : {"40013", "40029", "41001", "42007", "48001", "45009"}) {
    ServiceFixture fixture{ownTokenConfig()};
    fixture.script({tokenStep("T1"), refusal(code)});
    const auto error = serviceError(fixture, "analysis.getVisitPage", serviceOf("analysis.getVisitPage").request);
    BOOST_TEST(error.errCode() == code);
    BOOST_TEST(fixture.sent().size() == 2u);
  }
}

/// The stable token is the same for everyone who asks, until a new one is forced.
BOOST_AUTO_TEST_CASE(the_same_token_again_is_replaced_by_force) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& service = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), refusal("40001"), tokenStep("T1"), tokenStep("T2"), goodStep(service)});
  callService(fixture, service.name, service.request);
  BOOST_TEST_REQUIRE(fixture.sent().size() == 5u);
  BOOST_TEST(fixture.sent()[2].body.find("force_refresh") == std::string::npos);
  BOOST_TEST(*Json::parse(fixture.sent()[3].body).find("force_refresh") == Json{true});
  BOOST_TEST(tokenIn(fixture.sent()[4]) == "T2");
}

BOOST_AUTO_TEST_CASE(a_token_is_fetched_once_for_many_calls) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& first = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), goodStep(first)});
  callService(fixture, first.name, first.request);
  for (const auto& service : services()) {
    fixture.transport->script.push_back(goodStep(service));
    callService(fixture, service.name, service.request);
    const bool login = service.name == std::string{"auth.code2Session"} || service.name == std::string{"auth.getOpenid"};
    BOOST_TEST(tokenIn(fixture.sent().back()) == (login ? "" : "T1"));
  }
  BOOST_TEST(fixture.sent().size() == services().size() + 2);
}

BOOST_AUTO_TEST_CASE(fetched_by_hand_and_kept) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& service = serviceOf("analysis.getVisitPage");
  fixture.script({tokenStep("T1"), goodStep(service), tokenStep("T2"), goodStep(service)});
  for (const char* token : {"T1", "T2"}) {
    const auto result = callService(fixture, "auth.getAccessToken", Fields{});
    BOOST_TEST(*result.find("accessToken") == Json{token});
    callService(fixture, service.name, service.request);
    BOOST_TEST(tokenIn(fixture.sent().back()) == token);
  }
  BOOST_TEST(fixture.sent().size() == 4u);
}

/// The request's token wins over the configuration's, and that over the library's own; neither is renewed.
BOOST_AUTO_TEST_CASE(tokens_of_the_caller) {
  for (const auto& service : services()) {
    const std::string name = service.name;
    if (name == "auth.code2Session" || name == "auth.getOpenid") continue;
    BOOST_TEST_CONTEXT(name) {
      const auto withToken = withValue(service.request, "accessToken", "CALLER+/=&");
      for (const auto& config : {serviceConfig(), ownTokenConfig()}) {
        ServiceFixture fixture{config};
        fixture.script({goodStep(service)});
        callService(fixture, name, withToken);
        BOOST_TEST_REQUIRE(fixture.sent().size() == 1u);
        BOOST_TEST(tokenIn(fixture.sent()[0]) == "CALLER+/=&");
        BOOST_TEST(fixture.sent()[0].body.find("CALLER") == std::string::npos);
      }
      for (const char* code : {"40001", "40014", "42001"}) {
        ServiceFixture fixture{ownTokenConfig()};
        fixture.script({refusal(code), tokenStep("T1"), goodStep(service)});
        const auto error = serviceError(fixture, name, withToken);
        BOOST_TEST(error.errCode() == code);
        BOOST_TEST(toString(error.outcome()) == "rejected");
        BOOST_TEST(fixture.sent().size() == 1u);
        ServiceFixture configured;
        configured.script({refusal(code), tokenStep("T1"), goodStep(service)});
        BOOST_TEST(serviceError(configured, name, service.request).errCode() == code);
        BOOST_TEST(configured.sent().size() == 1u);
        BOOST_TEST(tokenIn(configured.sent()[0]) == appToken);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_token_no_call) {
  struct {
    const char* what;
    Step step;
    std::size_t attempts;
    const char* kind;
    const char* outcome;
    bool retryable;
    const char* words;
  } const rows[] = {
      {"bad secret", refusal("40001"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"bad secret, newer", refusal("40125"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"bad app", refusal("40013"), 1, "rejected", "rejected", false, "check appId and secret"},
      {"address", refusal("40164"), 1, "rejected", "rejected", false, "IP addresses"},
      {"frozen", refusal("40243"), 1, "rejected", "rejected", false, "unfreeze"},
      {"quota", refusal("45009"), 1, "rejected", "rejected", false, "45009"},
      {"expired", refusal("42001"), 1, "rejected", "rejected", false, "42001"},
      {"busy", refusal("-1"), 3, "rejected", "rejected", true, "-1"},
      {"gateway", statusOf(502, "<html>"), 3, "httpStatus", "notSent", true, "502"},
      {"cut", lost(Errc::connectionLost, Outcome::unknown), 3, "connectionLost", "notSent", true, "scripted"},
      {"late", lost(Errc::timeout, Outcome::unknown), 1, "timeout", "notSent", true, "scripted"},
      {"image", answerOf(pngBytes, "image/png"), 1, "badResponse", "notSent", true, "image"},
      {"html", answerOf("<html>"), 1, "badResponse", "notSent", true, "json"},
  };
  for (const bool stable : {true, false}) {
    for (const char* name : {"analysis.getVisitPage", "customerServiceMessage.send", "wxacode.get"}) {
      for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(name << ", " << row.what << ' ' << stable) {
          auto config = ownTokenConfig();
          config.stableToken = stable;
          ServiceFixture fixture{config};
          fixture.script(std::deque<Step>(4, row.step));
          const auto error = serviceError(fixture, name, serviceOf(name).request);
          BOOST_TEST(fixture.sent().size() == row.attempts);
          BOOST_TEST(toString(error.errc()) == row.kind);
          BOOST_TEST(toString(error.outcome()) == row.outcome);
          BOOST_TEST(error.retryable() == row.retryable);
          BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
          BOOST_TEST(std::string_view{error.what()}.find(row.words) != std::string_view::npos, error.what());
        }
      }
    }
  }
}

/// The renewal of a refused token fails: the call was refused, so nothing was done.
BOOST_AUTO_TEST_CASE(renewals_that_fail) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& send = serviceOf("customerServiceMessage.send");
  fixture.script({tokenStep("T1"), refusal("42001"), statusOf(404, "")});
  const auto error = serviceError(fixture, send.name, send.request);
  BOOST_TEST(toString(error.errc()) == "httpStatus");
  BOOST_TEST(toString(error.outcome()) == "notSent");
  BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
}

BOOST_AUTO_TEST_CASE(answers_that_hold_no_token) {
  const struct {
    std::string body;
    const char* words;
  } rows[] = {
      {okAnswer, "access_token"},
      {"{}", "access_token"},
      {R"({"access_token":"T"})", "expires_in"},
      {R"({"expires_in":7200})", "access_token"},
      {R"({"access_token":"","expires_in":7200})", "access_token"},
      {R"({"access_token":null,"expires_in":7200})", "access_token"},
      {R"({"access_token":{"T":1},"expires_in":7200})", "access_token"},
      {R"({"access_token":")" + std::string(2049, 'T') + R"(","expires_in":7200})", "access_token"},
      {R"({"access_token":")" + std::string(1'000'000, 'T') + R"(","expires_in":7200})", "access_token"},
      {R"({"access_token":"T","expires_in":0})", "expires_in"},
      {R"({"access_token":"T","expires_in":-1})", "expires_in"},
      {R"({"access_token":"T","expires_in":-9223372036854775808})", "expires_in"},
      {R"({"access_token":"T","expires_in":9223372036854775807})", "expires_in"},
      {R"({"access_token":"T","expires_in":92233720368547758070})", "expires_in"},
      {R"({"access_token":"T","expires_in":864001})", "expires_in"},
      {R"({"access_token":"T","expires_in":"soon"})", "expires_in"},
      {R"({"access_token":"T","expires_in":""})", "expires_in"},
      {R"({"access_token":"T","expires_in":7200.5})", "expires_in"},
      {R"({"access_token":"T","expires_in":true})", "expires_in"},
      {R"({"access_token":"T","accessToken":"U","expires_in":7200})", "given twice"},
  };
  for (const bool stable : {true, false}) {
    for (const auto& row : rows) {
      BOOST_TEST_CONTEXT(row.body.substr(0, 80) << ' ' << stable) {
        auto config = ownTokenConfig();
        config.stableToken = stable;
        ServiceFixture fixture{config};
        fixture.script({answerOf(row.body)});
        const auto error = serviceError(fixture, "customerServiceMessage.send", serviceOf("customerServiceMessage.send").request);
        BOOST_TEST(toString(error.errc()) == "badResponse");
        BOOST_TEST(toString(error.outcome()) == "notSent");
        BOOST_TEST(std::string_view{error.what()}.starts_with("no access token: "), error.what());
        BOOST_TEST(std::string_view{error.what()}.find(row.words) != std::string_view::npos, error.what());
        fixture.script({answerOf(row.body)});
        const auto direct = serviceError(fixture, "auth.getAccessToken", Fields{});
        BOOST_TEST(toString(direct.errc()) == "badResponse");
        BOOST_TEST(std::string_view{direct.what()}.find("no access token") == std::string_view::npos, direct.what());
      }
    }
  }
  ServiceFixture fixture{ownTokenConfig()};
  fixture.script(
      {answerOf(R"({"access_token":")" + std::string(2048, 'T') + R"(","expires_in":"7200","new_field":1})", "text/plain")});
  BOOST_TEST(*callService(fixture, "auth.getAccessToken", Fields{}).find("expiresIn") == Json{7200});
}

/// A platform whose token ends in the middle of a batch.
class TokenPlatform : public Transport {
 public:
  boost::asio::awaitable<HttpResponse> send(HttpRequest request) override {
    const bool fetch = pathOf(request) == "/cgi-bin/stable_token";
    const bool taken = !fetch && tokenIn(request) == valid;
    co_await boost::asio::post(boost::asio::use_awaitable);
    if (fetch) {
      ++fetches;
      valid = "T" + std::to_string(fetches);
      co_return answerOf(R"({"access_token":")" + valid + R"(","expires_in":7200})");
    }
    ++(taken ? served : refused);
    co_return answerOf(taken ? R"({"list":[]})" : R"({"errcode":42001,"errmsg":"access_token expired"})");
  }

  std::string valid{};
  int fetches = 0;
  int served = 0;
  int refused = 0;
};

boost::asio::awaitable<void> askSummary(Weixin& weixin) {
  weixin::AnalysisRequest request;
  request.beginDate = request.endDate = "20170313";
  const auto result = co_await weixin.analysis.getDailySummary(request);
  BOOST_TEST(result.list.empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_in_the_middle_of_a_batch) {
  constexpr int perRound = 20;
  const auto platform = std::make_shared<TokenPlatform>();
  boost::asio::io_context context;
  HttpOptions options;
  options.transport = platform;
  Weixin weixin{context.get_executor(), ownTokenConfig(), options};
  int failures = 0;
  const auto round = [&] {
    for (int at = 0; at < perRound; ++at) {
      boost::asio::co_spawn(context, askSummary(weixin), [&](const std::exception_ptr& error) { failures += error ? 1 : 0; });
    }
    context.restart();
    context.run();
  };
  round();
  BOOST_TEST(platform->fetches == 1);
  platform->valid = "gone";
  round();
  BOOST_TEST(failures == 0);
  BOOST_TEST(platform->fetches == 2);
  BOOST_TEST(platform->served == 2 * perRound);
  BOOST_TEST(platform->refused >= 1);
  BOOST_TEST(platform->refused <= perRound);
}

BOOST_AUTO_TEST_SUITE_END()
