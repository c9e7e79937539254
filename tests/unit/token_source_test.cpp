// One renewal at a time, ahead of the end, however many ask.
#include "token_platform.hpp"

using namespace tokens;

BOOST_AUTO_TEST_SUITE(token_source)

BOOST_AUTO_TEST_CASE(a_fresh_token_is_remembered) {
  World world;
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.store->owner() == "");  // the lock was given back
  BOOST_REQUIRE(world.store->token());
  BOOST_TEST(world.store->token()->value == "T1");
  BOOST_TEST((world.store->token()->expiresAt == morning + seconds{7200}));
  const int loads = world.store->loads;
  for (int i = 0; i < 10; ++i) BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.store->loads == loads);
  BOOST_TEST(world.platform->fetches == 1);
}

BOOST_AUTO_TEST_CASE(the_token_of_the_store_is_used_without_lock_or_fetch) {
  World world;
  world.store->put(until(*world.platform, "shared", seconds{5000}));
  BOOST_TEST(world.current() == "shared");
  BOOST_TEST(world.platform->fetches == 0);
  BOOST_TEST(world.store->locks == 0);
}

BOOST_AUTO_TEST_CASE(an_ended_token_is_replaced) {
  World world;
  world.store->put(until(*world.platform, "old", seconds{-1}));
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7200});  // ends at this very second
  BOOST_TEST(world.current() == "T2");
  BOOST_TEST(world.platform->fetches == 2);
}

BOOST_AUTO_TEST_CASE(ten_thousand_callers_one_fetch) {
  World world;
  world.close();
  const auto begin = steady_clock::now();
  Calls calls;
  for (int i = 0; i < 10'000; ++i) calls.push_back(world.call());
  world.awaitFetch(1);
  world.settle();
  BOOST_TEST(!calls.back()->done);
  world.platform->gate->open();
  world.finish(calls);
  const auto time = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  BOOST_TEST_MESSAGE("10,000 callers on an ended token: " << time.count() << " ms");
  int right = 0;
  for (const auto& call : calls) right += call->value == "T1" ? 1 : 0;
  BOOST_TEST(right == 10'000);
  BOOST_TEST(world.platform->fetches == 1);
  BOOST_TEST(world.store->locks == 1);
}

BOOST_AUTO_TEST_CASE(callers_on_several_threads_one_fetch) {
  World world;
  world.close();
  std::vector<std::unique_ptr<Background>> loops;
  for (int i = 0; i < 4; ++i) loops.push_back(std::make_unique<Background>());
  Calls calls;
  for (int i = 0; i < 4000; ++i)
    calls.push_back(start(loops[static_cast<std::size_t>(i % 4)]->executor(), world.source().current(in(patience))));
  awaitOthers([&] { return world.platform->fetches == 1; });
  world.platform->gate->open();
  for (const auto& call : calls) awaitOthers([&] { return call->done.load(); });
  int right = 0;
  for (const auto& call : calls) right += call->value == "T1" ? 1 : 0;
  BOOST_TEST(right == 4000);
  BOOST_TEST(world.platform->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_token_near_its_end_serves_while_one_caller_renews_it) {
  World world;
  world.platform->stable = false;
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7001});
  world.close();
  const auto renewing = world.call();
  world.awaitFetch(2);
  for (int i = 0; i < 5; ++i) BOOST_TEST(world.current() == "T1");
  BOOST_TEST(!renewing->done);
  world.platform->gate->open();
  runUntil(world.loop, [&] { return renewing->done.load(); });
  BOOST_TEST((renewing->value == "T2"));
  BOOST_TEST(world.current() == "T2");
  BOOST_TEST(world.platform->fetches == 2);
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_when_its_renewal_fails) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7001});
  world.platform->before = [](int) { throw Error(Errc::connect, "no network"); };
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.platform->fetches == 2);
  for (int i = 0; i < 10; ++i) BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.platform->fetches == 2);  // not with every call
  world.pass(seconds{10});
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.platform->fetches == 3);
  world.platform->before = nullptr;
  world.platform->stable = false;
  world.pass(seconds{10});
  BOOST_TEST(world.current() == "T2");
  BOOST_TEST(world.store->owner() == "");
}

BOOST_AUTO_TEST_CASE(a_slow_renewal_leaves_the_call_its_time) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7001});
  world.close();
  const auto begin = steady_clock::now();
  BOOST_TEST(resultOf(world.loop, world.source().current(in(milliseconds{1500}))) == "T1");
  BOOST_TEST((steady_clock::now() - begin < milliseconds{1500}));
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_while_another_process_renews) {
  World world;
  BOOST_TEST(world.current() == "T1");
  world.pass(seconds{7001});
  world.store->hold("app", "another");
  BOOST_TEST(world.current() == "T1");
  BOOST_TEST(world.platform->fetches == 1);
  world.store->put(until(*world.platform, "from another", seconds{7200}));
  world.pass(seconds{10});
  BOOST_TEST(world.current() == "from another");
  BOOST_TEST(world.platform->fetches == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_fetch_fails_all_who_waited_for_it) {
  World world;
  world.close();
  world.platform->before = [](int) { throw Error(Errc::connect, "no network"); };
  Calls calls;
  for (int i = 0; i < 500; ++i) calls.push_back(world.call());
  world.awaitFetch(1);
  world.settle();
  world.platform->gate->open();
  world.finish(calls);
  for (const auto& call : calls) {
    BOOST_REQUIRE(call->error);
    BOOST_TEST((call->error->errc() == Errc::connect));
  }
  BOOST_TEST(world.platform->fetches == 1);
  BOOST_TEST(world.store->owner() == "");
  world.platform->before = nullptr;
  BOOST_TEST(world.current() == "T1");
}

BOOST_AUTO_TEST_CASE(a_platform_that_gives_no_token) {
  World world;
  world.platform->answer = [](int number) {
    FreshToken token;
    if (number == 2) token.value = "ended";
    return token;
  };
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(patience))), badResponse, notSent);
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(patience))), badResponse, notSent);
  BOOST_TEST(world.platform->fetches == 2);
}

BOOST_AUTO_TEST_SUITE_END()
