// What the mini-program services send again, and what the outcome is then.
#include <boost/test/unit_test.hpp>

#include "every_service.hpp"

using namespace openapi;
using namespace openapi::test;

BOOST_AUTO_TEST_SUITE(service_attempts)

/// What is sent again, and what a failure means.
BOOST_AUTO_TEST_CASE(attempts_and_outcomes) {
  struct Expected {
    std::size_t attempts;
    const char* kind;
    const char* outcome;
    bool retryable;
  };
  const struct {
    const char* what;
    Step step;
    Expected reading;
    Expected acting;
  } rows[] = {
      {"busy", refusal("-1"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy, statistics", refusal("61504"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy, shipping", refusal("10060012"), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"busy as text", refusal("\"-1\""), {3, "rejected", "rejected", true}, {1, "rejected", "unknown", false}},
      {"quota", refusal("45009"), {1, "rejected", "rejected", false}, {1, "rejected", "rejected", false}},
      {"token that is not ours", refusal("40001"), {1, "rejected", "rejected", false}, {1, "rejected", "rejected", false}},
      {"bad gateway", statusOf(502, "<html>"), {3, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"not found", statusOf(404, "{\"errcode\":404}"), {1, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"moved", statusOf(302, ""), {1, "httpStatus", "unknown", true}, {1, "httpStatus", "unknown", false}},
      {"no JSON", answerOf("<html>"), {1, "badResponse", "unknown", true}, {1, "badResponse", "unknown", false}},
      {"cut",
       lost(Errc::connectionLost, Outcome::unknown),
       {3, "connectionLost", "unknown", true},
       {1, "connectionLost", "unknown", false}},
      {"cut before",
       lost(Errc::connectionLost, Outcome::notSent),
       {3, "connectionLost", "notSent", true},
       {3, "connectionLost", "notSent", false}},
      {"late", lost(Errc::timeout, Outcome::unknown), {1, "timeout", "unknown", true}, {1, "timeout", "unknown", false}},
      {"no connection", lost(Errc::connect, Outcome::notSent), {3, "connect", "notSent", true}, {3, "connect", "notSent", false}},
  };
  ServiceFixture fixture;
  for (const auto& service : services()) {
    for (const auto& row : rows) {
      BOOST_TEST_CONTEXT(service.name << ", " << row.what) {
        const auto& expected = service.readOnly ? row.reading : row.acting;
        fixture.script(std::deque<Step>(4, row.step));
        const auto error = serviceError(fixture, service.name, service.request);
        BOOST_TEST(fixture.sent().size() == expected.attempts);
        BOOST_TEST(toString(error.errc()) == expected.kind);
        BOOST_TEST(toString(error.outcome()) == expected.outcome);
        BOOST_TEST(error.retryable() == expected.retryable);
        if (error.httpStatus() == 502) {
          const std::string_view advice =
              service.readOnly ? "HTTP status 502; try again later" : "HTTP status 502; whether the request";
          BOOST_TEST(std::string_view{error.what()}.find(advice) != std::string_view::npos, error.what());
        }
        if (service.readOnly && expected.attempts == 3) {
          fixture.script({row.step, row.step, goodStep(service)});
          callService(fixture, service.name, service.request);
          BOOST_TEST(fixture.sent().size() == 3u);
        }
      }
    }
  }
}

/// Codes work once: a login is never sent again once it may have arrived, and needs no token.
BOOST_AUTO_TEST_CASE(logins_are_never_repeated) {
  const Step steps[] = {lost(Errc::connectionLost, Outcome::unknown),
                        lost(Errc::timeout, Outcome::unknown),
                        refusal("-1"),
                        refusal("40001"),
                        refusal("40014"),
                        refusal("42001"),
                        refusal("40163"),
                        statusOf(502, ""),
                        answerOf("")};
  for (const char* name : {"auth.code2Session", "auth.getOpenid"}) {
    for (const auto& step : steps) {
      ServiceFixture fixture{ownTokenConfig()};
      fixture.script(std::deque<Step>(4, step));
      const auto error = serviceError(fixture, name, serviceOf(name).request);
      BOOST_TEST(fixture.sent().size() == 1u);
      BOOST_TEST(pathOf(fixture.sent()[0]) == "/sns/jscode2session");
      BOOST_TEST(tokenIn(fixture.sent()[0]).empty());
      BOOST_TEST(!error.retryable());
    }
    for (const auto* code : {"40001", "40013", "40125"}) {
      ServiceFixture fixture{ownTokenConfig()};
      fixture.script({refusal(code)});
      const auto error = serviceError(fixture, name, serviceOf(name).request);
      BOOST_TEST(std::string_view{error.what()}.ends_with("; check appId and secret"), error.what());
      BOOST_TEST(error.errCode() == code);
    }
  }
}

/// What is unknown after the repetition stays unknown.
BOOST_AUTO_TEST_CASE(outcomes_of_the_repetition) {
  ServiceFixture fixture{ownTokenConfig()};
  const auto& send = serviceOf("customerServiceMessage.send");
  fixture.script(
      {tokenStep("T1"), refusal("42001"), tokenStep("T2"), lost(Errc::connectionLost, Outcome::unknown), goodStep(send)});
  const auto error = serviceError(fixture, send.name, send.request);
  BOOST_TEST(toString(error.errc()) == "connectionLost");
  BOOST_TEST(toString(error.outcome()) == "unknown");
  BOOST_TEST(!error.retryable());
  BOOST_TEST(fixture.sent().size() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
