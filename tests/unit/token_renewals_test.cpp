// Tokens that the platform refuses, and renewals on request.
#include "token_platform.hpp"

using namespace tokens;

BOOST_AUTO_TEST_SUITE(token_renewals)

BOOST_AUTO_TEST_CASE(instead_of_a_refused_token_the_newer_one) {
  World world;
  world.platform->stable = false;
  BOOST_TEST(world.current() == "T1");
  const int loads = world.store->loads;
  BOOST_TEST(world.instead("T0") == "T1");  // this process has another one already
  BOOST_TEST(world.store->loads == loads);
  world.store->put(until(*world.platform, "of another", seconds{7200}));
  BOOST_TEST(world.instead("T1") == "of another");  // the store has
  BOOST_TEST(world.current() == "of another");
  BOOST_TEST(world.platform->fetches == 1);
  BOOST_TEST(world.instead("of another") == "T2");  // nobody has
  BOOST_TEST(world.platform->fetches == 2);
  BOOST_TEST(world.platform->forced == 0);
  world.store->put(until(*world.platform, "ended", seconds{-5}));
  BOOST_TEST(world.instead("T2") == "T3");
}

BOOST_AUTO_TEST_CASE(many_refusals_of_one_token_cause_one_renewal) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.close();
  Calls calls;
  for (int i = 0; i < 2000; ++i) calls.push_back(i % 3 == 0 ? world.call() : world.callInstead("T1"));
  world.awaitFetch(2);
  world.settle();
  world.platform->gate->open();
  world.finish(calls);
  for (const auto& call : calls) BOOST_REQUIRE(call->value);
  for (std::size_t i = 1; i < calls.size(); ++i) {
    if (i % 3 != 0) BOOST_REQUIRE((calls[i]->value == "T2"));
  }
  BOOST_TEST(world.platform->fetches == 3);  // the same token again, then a forced one
  BOOST_TEST(world.platform->forced == 1);
}

BOOST_AUTO_TEST_CASE(a_token_is_forced_once_in_a_while) {
  World world;
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.instead("T1") == "T2");
  BOOST_TEST(world.platform->forced == 1);
  const auto failure = failureOf(world.loop, world.source().instead("T2", in(patience)));
  CHECK_TOKEN_FAILURE(failure, rejected, rejected);
  BOOST_TEST(std::string{failure.what()}.find("T2") == std::string::npos);
  BOOST_TEST(world.platform->forced == 1);
  BOOST_TEST(world.store->owner() == "");

  world.pass(seconds{31});
  world.store->hold("app:force", "");
  BOOST_TEST(world.instead("T2") == "T3");
  BOOST_TEST(world.platform->forced == 2);
}

BOOST_AUTO_TEST_CASE(another_process_forced_a_moment_ago) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.store->hold("app:force", "another");
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().instead("T1", in(patience))), rejected, rejected);
  BOOST_TEST(world.platform->forced == 0);
  world.store->hold("app:force", "");
  BOOST_TEST(world.instead("T1") == "T2");
  BOOST_TEST(world.store->owner("app:force") != "");  // its lease ends by itself
}

BOOST_AUTO_TEST_CASE(a_token_is_forced_without_the_store) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.store->mood = FakeStore::Mood::failing;
  BOOST_TEST(world.instead("T1") == "T2");
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().instead("T2", in(patience))), rejected, rejected);
  BOOST_TEST(world.platform->forced == 1);
}

BOOST_AUTO_TEST_CASE(a_kind_of_token_that_cannot_be_forced) {
  World world;
  world.rules.forceable = false;
  BOOST_TEST(world.current() == "T1");
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().instead("T1", in(patience))), rejected, rejected);
  BOOST_TEST(world.platform->forced == 0);
}

BOOST_AUTO_TEST_CASE(a_renewal_ahead_that_gives_the_refused_token_is_not_enough) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7001});
  world.close();
  const auto ahead = world.call();
  world.awaitFetch(2);
  const auto refused = world.callInstead("T1");
  world.settle();
  world.platform->gate->open();
  runUntil(world.loop, [&] { return ahead->done && refused->done; });
  BOOST_TEST((refused->value == "T2"));
  BOOST_TEST(world.platform->forced == 1);
}

BOOST_AUTO_TEST_CASE(a_renewal_fetches_whatever_there_is) {
  World world;
  world.platform->stable = false;
  BOOST_TEST(world.current() == "T1");
  const auto fresh = resultOf(world.loop, world.source().renew(false, in(patience)));
  BOOST_TEST(fresh.value == "T2");
  BOOST_TEST((fresh.expiresIn == seconds{7200}));
  BOOST_TEST(world.current() == "T2");
  BOOST_TEST(world.store->token()->value == "T2");
}

BOOST_AUTO_TEST_CASE(a_renewal_by_force) {
  World world;
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(resultOf(world.loop, world.source().renew(false, in(patience))).value == "T1");
  BOOST_TEST(resultOf(world.loop, world.source().renew(true, in(patience))).value == "T2");
  BOOST_TEST(resultOf(world.loop, world.source().renew(true, in(patience))).value == "T2");  // too soon for another
  BOOST_TEST(world.platform->forced == 1);
  BOOST_TEST(world.platform->fetches == 4);
}

BOOST_AUTO_TEST_CASE(renewals_of_the_same_time_are_one) {
  for (const bool force : {false, true}) {
    World world;
    world.platform->stable = false;
    world.close();
    std::vector<std::shared_ptr<Call<FreshToken>>> calls;
    for (int i = 0; i < 500; ++i) calls.push_back(start(world.loop.get_executor(), world.source().renew(force, in(patience))));
    world.awaitFetch(1);
    world.settle();
    world.platform->gate->open();
    world.finish(calls);
    for (const auto& call : calls) {
      BOOST_REQUIRE(call->value);
      BOOST_TEST(call->value->value == "T1");
      BOOST_TEST((call->value->expiresIn == seconds{7200}));
    }
    BOOST_TEST(world.platform->fetches == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_renewal_waits_for_the_lock_of_another_process) {
  World world;
  world.store->put(until(*world.platform, "of another", seconds{7200}));
  world.store->hold("app", "another");
  const auto renewing = start(world.loop.get_executor(), world.source().renew(false, in(patience)));
  runUntil(world.loop, [&] { return world.store->locks > 1; });
  BOOST_TEST(world.platform->fetches == 0);
  world.store->hold("app", "");
  runUntil(world.loop, [&] { return renewing->done.load(); });
  BOOST_REQUIRE(renewing->value);
  BOOST_TEST(renewing->value->value == "T1");
}

BOOST_AUTO_TEST_SUITE_END()
