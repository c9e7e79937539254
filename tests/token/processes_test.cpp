// Several processes share an app through a real Redis; and what happens to the token when Redis does not serve.
#include "processes.hpp"
#include "endpoint_fetch.hpp"

#include <support/token_world.hpp>

#include <openapi/redis_token_store.hpp>

using namespace tokens;
using openapi::token::TokenRules;
using openapi::token::TokenSource;

namespace {

constexpr const char* tokenKey = "openapi:token:app";
constexpr const char* lockKey = "openapi:token:app:lock";

std::unique_ptr<Process> child(const RedisServer& redis, const TokenEndpoint& endpoint, milliseconds time,
                               const std::string& kind = "stable") {
  auto process = std::make_unique<Process>(std::vector<std::string>{
      OPENAPI_TOKEN_CHILD, std::to_string(redis.port()), std::to_string(endpoint.port()), std::to_string(time.count()), kind});
  BOOST_REQUIRE(process->line() == "ready");
  return process;
}

using Children = std::vector<std::unique_ptr<Process>>;

Children eight(const RedisServer& redis, const TokenEndpoint& endpoint, const std::string& kind) {
  Children children;
  for (int i = 0; i < 8; ++i) children.push_back(child(redis, endpoint, patience, kind));
  return children;
}

/// All of them do it at the same time: no request is answered before all have begun.
void together(Children& children, TokenEndpoint& endpoint, const std::string& what, int request, const std::string& expected) {
  endpoint.hold();
  for (auto& process : children) process->tell(what);
  for (auto& process : children) BOOST_REQUIRE(process->line() == "asking");
  endpoint.awaitRequests(request);
  endpoint.release();
  for (auto& process : children) BOOST_TEST(process->line() == expected);
}

/// A token source of this process.
struct Here {
  Here(std::uint16_t redis, const TokenEndpoint& endpoint, bool stable = true, milliseconds redisTime = seconds{10})
      : source{openapi::makeRedisTokenStore(options(redis, redisTime)), rules(stable), fetchFromPort(endpoint.port())} {}

  static openapi::RedisOptions options(std::uint16_t port, milliseconds time) {
    openapi::RedisOptions options;
    options.port = port;
    options.timeout = time;
    return options;
  }
  static TokenRules rules(bool stable) {
    TokenRules rules;
    rules.key = "app";
    rules.renewAhead = seconds{200};
    rules.repeatable = rules.forceable = stable;
    return rules;
  }
  std::string current() { return resultOf(loop, source.current(in(patience))); }
  std::string renewed() { return resultOf(loop, source.renew(false, in(patience))).value; }

  TokenSource source;
  asio::io_context loop{1};
};

std::string ended() { return R"({"value":"old","expiresAt":1000000000})"; }

}  // namespace

BOOST_AUTO_TEST_SUITE(processes)

BOOST_AUTO_TEST_CASE(eight_processes_fetch_once) {
  for (const bool stable : {true, false}) {
    RedisServer redis;
    TokenEndpoint endpoint{stable};
    redis.ask({"SET", tokenKey, ended()});
    auto children = eight(redis, endpoint, stable ? "stable" : "classic");
    together(children, endpoint, "current", 1, "token E1");
    BOOST_TEST(endpoint.requests() == 1);
    BOOST_TEST(redis.ask({"EXISTS", lockKey}) == "0");

    together(children, endpoint, "instead", 2, "token E2");
    BOOST_TEST(endpoint.requests() == (stable ? 3 : 2));  // a stable one comes again, and is forced
    BOOST_TEST(endpoint.forced() == (stable ? 1 : 0));
    BOOST_TEST(redis.ask({"EXISTS", lockKey}) == "0");
  }
}

BOOST_AUTO_TEST_CASE(the_holder_of_the_lock_is_killed) {
  RedisServer redis;
  TokenEndpoint endpoint;
  endpoint.hold();
  const auto first = child(redis, endpoint, milliseconds{1000});
  first->tell("current");
  endpoint.awaitRequests(1);
  first->kill();
  BOOST_TEST(redis.ask({"EXISTS", lockKey}) == "1");
  const auto second = child(redis, endpoint, patience);
  second->tell("current");
  BOOST_TEST(second->line() == "asking");
  endpoint.awaitRequests(2);  // the lease has ended
  endpoint.release();
  BOOST_TEST(second->line() == "token E1");
}

BOOST_AUTO_TEST_CASE(ten_thousand_callers_one_fetch) {
  RedisServer redis;
  TokenEndpoint endpoint;
  redis.ask({"SET", tokenKey, ended()});
  Here here{redis.port(), endpoint};
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Call<std::string>>> calls;
  for (int i = 0; i < 10'000; ++i) calls.push_back(start(here.loop.get_executor(), here.source.current(in(patience))));
  for (const auto& call : calls) runUntil(here.loop, [&] { return call->done.load(); });
  const auto time = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  BOOST_TEST_MESSAGE("10,000 callers, Redis and an HTTP endpoint: " << time.count() << " ms");
  for (const auto& call : calls) BOOST_REQUIRE((call->value == "E1"));
  BOOST_TEST(endpoint.requests() == 1);
}

BOOST_AUTO_TEST_CASE(redis_holds_garbage) {
  for (const bool stable : {true, false}) {
    for (const std::string text : {"garbage", R"({"value":"","expiresAt":9}")", "[1,2]"}) {
      RedisServer redis;
      TokenEndpoint endpoint{stable};
      redis.ask({"SET", tokenKey, text});
      redis.ask({"LPUSH", lockKey, text});
      Here here{redis.port(), endpoint, stable};
      BOOST_TEST(here.current() == "E1");
      BOOST_TEST(endpoint.requests() == 1);
      Here another{redis.port(), endpoint, stable};
      BOOST_TEST(another.current() == "E1");
      BOOST_TEST(endpoint.requests() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(redis_is_down) {
  TokenEndpoint endpoint;
  Here here{freePort(), endpoint};
  BOOST_TEST(here.current() == "E1");
  for (int i = 0; i < 5; ++i) BOOST_TEST(here.current() == "E1");
  BOOST_TEST(endpoint.requests() == 1);

  TokenEndpoint classic{false};
  Here strict{freePort(), classic, false};
  CHECK_TOKEN_FAILURE(failureOf(strict.loop, strict.source.current(in(patience))), connect, notSent);
  BOOST_TEST(classic.requests() == 0);
}

BOOST_AUTO_TEST_CASE(redis_never_answers) {
  Server silent{[](int socket) { readAll(socket); }};
  TokenEndpoint endpoint;
  Here here{silent.port(), endpoint, true, milliseconds{150}};
  BOOST_TEST(here.current() == "E1");
  Here hurried{silent.port(), endpoint, true, patience};  // slower than the call may take
  BOOST_TEST(resultOf(hurried.loop, hurried.source.current(in(milliseconds{1000}))) == "E1");

  TokenEndpoint classic{false};
  Here strict{silent.port(), classic, false, milliseconds{150}};
  std::vector<std::shared_ptr<Call<std::string>>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(start(strict.loop.get_executor(), strict.source.current(in(patience))));
  for (const auto& call : calls) {
    runUntil(strict.loop, [&] { return call->done.load(); });
    BOOST_REQUIRE(call->error);
    BOOST_REQUIRE((call->error->errc() == Errc::timeout && call->error->outcome() == Outcome::notSent));
  }
  BOOST_TEST(classic.requests() == 0);
}

BOOST_AUTO_TEST_CASE(redis_restarts) {
  RedisServer redis;
  TokenEndpoint endpoint{false};
  Here here{redis.port(), endpoint};
  BOOST_TEST(here.current() == "E1");
  redis.stop();
  BOOST_TEST(here.current() == "E1");  // needs no Redis
  BOOST_TEST(here.renewed() == "E2");
  redis.start();
  BOOST_TEST(here.current() == "E2");
  BOOST_TEST(here.renewed() == "E3");
  Here another{redis.port(), endpoint};
  BOOST_TEST(another.current() == "E3");
  BOOST_TEST(endpoint.requests() == 3);
}

BOOST_AUTO_TEST_CASE(redis_goes_while_a_caller_waits_for_the_lock) {
  for (const bool stable : {true, false}) {
    RedisServer redis;
    TokenEndpoint endpoint{stable};
    redis.ask({"SET", lockKey, "another", "PX", "600000"});
    Here here{redis.port(), endpoint, stable};
    const auto call = start(here.loop.get_executor(), here.source.current(in(patience)));
    // It has asked at least twice, and waits.
    runUntil(here.loop, [&] { return redis.ask({"INFO", "commandstats"}).find("cmdstat_get:calls=2") != std::string::npos; });
    redis.stop();
    runUntil(here.loop, [&] { return call->done.load(); });
    if (stable) {
      BOOST_TEST((call->value == "E1"));
    } else {
      BOOST_REQUIRE(call->error);
      BOOST_TEST((call->error->outcome() == Outcome::notSent));
      BOOST_TEST(endpoint.requests() == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(redis_goes_while_a_token_is_fetched) {
  for (const bool stable : {true, false}) {
    RedisServer redis;
    TokenEndpoint endpoint{stable};
    endpoint.hold();
    Here here{redis.port(), endpoint, stable};
    const auto call = start(here.loop.get_executor(), here.source.current(in(patience)));
    runUntil(here.loop, [&] { return endpoint.requests() == 1; });
    redis.stop();
    endpoint.release();
    runUntil(here.loop, [&] { return call->done.load(); });
    BOOST_TEST(call->value.has_value() == stable);
    BOOST_TEST(here.current() == "E1");
    BOOST_TEST(endpoint.requests() == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
