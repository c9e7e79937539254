// A platform that refuses to give a token, or gives tokens that it refuses, is not asked at every call.
#include <support/token_world.hpp>

using namespace tokens;
using openapi::token::TokenRules;
using openapi::token::TokenSource;
using std::chrono::system_clock;

namespace {

const system_clock::time_point morning{seconds{1'800'000'000}};

/// Gives a new token for each request, or fails.
struct Desk {
  seconds clock{};
  int asked = 0;
  std::function<void()> failure{};

  [[nodiscard]] system_clock::time_point now() const { return morning + clock; }
};

asio::awaitable<FreshToken> giveToken(std::shared_ptr<Desk> desk) {
  ++desk->asked;
  if (desk->failure) desk->failure();
  FreshToken token;
  token.value = "T" + std::to_string(desk->asked);
  token.expiresIn = seconds{7200};
  co_return token;
}

std::function<void()> refusing(std::string code, bool retryable, Outcome outcome) {
  return [code, retryable, outcome] {
    Error::Details details;
    details.errCode = code;
    details.retryable = retryable;
    details.outcome = outcome;
    throw Error(Errc::rejected, code + ": refused", details);
  };
}

TokenRules classic() {
  TokenRules rules;
  rules.key = "app";
  rules.repeatable = rules.forceable = false;
  return rules;
}

struct World {
  std::shared_ptr<Desk> desk = std::make_shared<Desk>();
  std::shared_ptr<openapi::TokenStore> store = openapi::makeMemoryTokenStore();
  asio::io_context loop{1};
  TokenSource source{store, classic(), [this](bool, Deadline) { return giveToken(desk); }, [this] { return desk->now(); }};

  std::string current() { return resultOf(loop, source.current(in(patience))); }
  std::string instead(const std::string& refused) { return resultOf(loop, source.instead(refused, in(patience))); }
  Error currentFailure() { return failureOf(loop, source.current(in(patience))); }
  Error insteadFailure(const std::string& refused) { return failureOf(loop, source.instead(refused, in(patience))); }
  Error renewFailure() { return failureOf(loop, source.renew(false, in(patience))); }
  void refusedToo(const std::string& code) {
    Error::Details details;
    details.errCode = code;
    details.outcome = Outcome::rejected;
    source.refusedToo(Error(Errc::rejected, code + ": invalid credential", details));
  }
  void keep(const std::string& value) {
    BOOST_REQUIRE(resultOf(loop, store->lock("app", "another", milliseconds{60'000})));
    const StoredToken token{value, desk->now() + seconds{7200}};
    BOOST_REQUIRE(resultOf(loop, store->save("app", "another", token)));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(token_pause)

BOOST_AUTO_TEST_CASE(after_a_refusal_the_platform_has_a_second_of_peace) {
  World world;
  world.desk->failure = refusing("40013", false, Outcome::rejected);
  for (int i = 0; i < 20; ++i) {
    const auto failure = i % 2 == 0 ? world.currentFailure() : world.insteadFailure("T0");
    CHECK_TOKEN_FAILURE(failure, rejected, rejected);
    BOOST_TEST(failure.errCode() == "40013");
  }
  BOOST_TEST(world.desk->asked == 1);
  world.desk->clock += seconds{1};
  world.desk->failure = refusing("40164", false, Outcome::rejected);
  BOOST_TEST(world.currentFailure().errCode() == "40164");
  BOOST_TEST(world.currentFailure().errCode() == "40164");
  BOOST_TEST(world.desk->asked == 2);
  world.desk->clock += seconds{1};
  world.desk->failure = nullptr;
  BOOST_TEST(world.current() == "T3");
}

BOOST_AUTO_TEST_CASE(a_renewal_on_request_is_asked_for_in_the_pause_too) {
  World world;
  world.desk->failure = refusing("40013", false, Outcome::rejected);
  static_cast<void>(world.currentFailure());
  static_cast<void>(world.renewFailure());
  BOOST_TEST(world.desk->asked == 2);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_put_back_does_not_prolong_the_pause) {
  World world;
  world.desk->failure = refusing("40013", false, Outcome::rejected);
  static_cast<void>(world.currentFailure());
  world.desk->clock -= seconds{3600};
  world.desk->failure = nullptr;
  BOOST_TEST(world.current() == "T2");
}

BOOST_AUTO_TEST_CASE(what_a_retry_may_mend_is_asked_again_at_once) {
  World world;
  const std::vector<std::function<void()>> failures{
      [] { throw Error(Errc::connect, "no network"); }, [] { throw Error(Errc::badResponse, "no JSON"); },
      refusing("-1", true, Outcome::rejected), refusing("-1", false, Outcome::unknown)};
  for (const auto& failure : failures) {
    world.desk->failure = failure;
    const int before = world.desk->asked;
    static_cast<void>(world.currentFailure());
    static_cast<void>(world.currentFailure());
    BOOST_TEST(world.desk->asked == before + 2);
  }
}

BOOST_AUTO_TEST_CASE(the_token_of_another_process_ends_the_pause) {
  World world;
  world.desk->failure = refusing("40013", false, Outcome::rejected);
  static_cast<void>(world.currentFailure());
  world.keep("of another");
  BOOST_TEST(world.current() == "of another");
}

BOOST_AUTO_TEST_CASE(no_third_token_after_two_that_were_refused) {
  World world;
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.instead("T1") == "T2");
  world.refusedToo("40001");
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(world.current() == "T2");
    const auto failure = world.insteadFailure("T2");
    CHECK_TOKEN_FAILURE(failure, rejected, rejected);
    BOOST_TEST(failure.errCode() == "40001");
  }
  BOOST_TEST(world.desk->asked == 2);
  BOOST_TEST(world.instead("T1") == "T2");  // an old refusal that comes late
  world.desk->clock += seconds{30};
  BOOST_TEST(world.instead("T2") == "T3");
  BOOST_TEST(world.instead("T3") == "T4");  // which was not refused too
}

BOOST_AUTO_TEST_CASE(the_token_of_another_process_is_used_after_two_that_were_refused) {
  World world;
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.instead("T1") == "T2");
  world.refusedToo("40001");
  world.keep("of another");
  BOOST_TEST(world.instead("T2") == "of another");
  BOOST_TEST(world.desk->asked == 2);
}

BOOST_AUTO_TEST_SUITE_END()
