// Several processes that share a store, and stores that fail.
#include "token_platform.hpp"

using namespace tokens;

BOOST_AUTO_TEST_SUITE(token_stores)

BOOST_AUTO_TEST_CASE(sources_that_share_a_store_fetch_once) {
  World world;
  world.platform->stable = false;
  world.close();
  std::vector<std::unique_ptr<TokenSource>> sources;
  Calls calls;
  for (int i = 0; i < 8; ++i) {
    sources.push_back(world.another());
    for (int k = 0; k < 20; ++k) calls.push_back(start(world.loop.get_executor(), sources.back()->current(in(patience))));
  }
  world.awaitFetch(1);
  world.settle();
  world.platform->gate->open();
  world.finish(calls);
  for (const auto& call : calls) BOOST_TEST((call->value == "T1"));
  BOOST_TEST(world.platform->fetches == 1);
}

BOOST_AUTO_TEST_CASE(the_lock_of_another_process) {
  World world;
  world.store->hold("app", "another");
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(milliseconds{300}))), timeout, notSent);
  BOOST_TEST(world.platform->fetches == 0);
  BOOST_TEST(world.store->owner() == "another");

  const auto finding = world.call();
  const int locks = world.store->locks;
  runUntil(world.loop, [&] { return world.store->locks > locks + 1; });
  world.store->put(until(*world.platform, "from another", seconds{7200}));
  runUntil(world.loop, [&] { return finding->done.load(); });
  BOOST_TEST((finding->value == "from another"));
  BOOST_TEST(world.platform->fetches == 0);

  world.pass(seconds{7200});
  const auto taking = world.call();
  const int more = world.store->locks;
  runUntil(world.loop, [&] { return world.store->locks > more + 1; });
  world.store->hold("app", "");  // its lease ended
  runUntil(world.loop, [&] { return taking->done.load(); });
  BOOST_TEST((taking->value == "T1"));
}

BOOST_AUTO_TEST_CASE(what_came_before_the_lock_was_taken_is_used) {
  World world;
  world.store->onLock = [&] { world.store->put(until(*world.platform, "just saved", seconds{7200})); };
  BOOST_TEST(world.current() == "just saved");
  BOOST_TEST(world.platform->fetches == 0);
  BOOST_TEST(world.store->owner() == "");
}

BOOST_AUTO_TEST_CASE(the_lock_is_lost_before_the_token_is_saved) {
  for (const bool classic : {false, true}) {
    World world;
    if (classic) world.beClassic();
    world.store->refuseSave = true;
    world.platform->before = [&](int) { world.store->put(until(*world.platform, "of another", seconds{7200})); };
    BOOST_TEST(world.current() == (classic ? "of another" : "T1"));
  }
}

BOOST_AUTO_TEST_CASE(the_lock_is_lost_and_the_store_has_nothing) {
  World world;
  world.beClassic();
  world.store->refuseSave = true;
  BOOST_TEST(world.current() == "T1");
}

BOOST_AUTO_TEST_CASE(without_the_store_a_repeatable_token_is_fetched_for_this_process) {
  World world;
  world.store->mood = FakeStore::Mood::failing;
  world.close();
  Calls calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(world.call());
  world.awaitFetch(1);
  world.settle();
  world.platform->gate->open();
  world.finish(calls);
  for (const auto& call : calls) BOOST_REQUIRE((call->value == "T1"));
  BOOST_TEST(world.platform->fetches == 1);
  BOOST_TEST(world.store->loads == 1);
  BOOST_TEST(!world.store->token());

  world.store->mood = FakeStore::Mood::good;
  world.pass(seconds{7200});
  BOOST_TEST(world.current() == "T2");
  BOOST_REQUIRE(world.store->token());
  BOOST_TEST(world.store->token()->value == "T2");
}

BOOST_AUTO_TEST_CASE(without_the_store_another_token_is_not_fetched) {
  World world;
  world.beClassic();
  world.store->mood = FakeStore::Mood::failing;
  Calls calls;
  for (int i = 0; i < 100; ++i) calls.push_back(world.call());
  world.finish(calls);
  for (const auto& call : calls) {
    BOOST_REQUIRE(call->error);
    CHECK_TOKEN_FAILURE(*call->error, connectionLost, notSent);
  }
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().instead("T0", in(patience))), connectionLost, notSent);
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().renew(false, in(patience))), connectionLost, notSent);
  BOOST_TEST(world.platform->fetches == 0);
  world.store->mood = FakeStore::Mood::good;
  BOOST_TEST(world.current() == "T1");
}

BOOST_AUTO_TEST_CASE(a_store_that_never_answers) {
  World world;
  world.store->mood = FakeStore::Mood::hanging;
  BOOST_TEST(resultOf(world.loop, world.source().current(in(milliseconds{600}))) == "T1");

  World classic;
  classic.beClassic();
  classic.store->mood = FakeStore::Mood::hanging;
  CHECK_TOKEN_FAILURE(failureOf(classic.loop, classic.source().current(in(milliseconds{600}))), timeout, notSent);
  BOOST_TEST(classic.platform->fetches == 0);
}

BOOST_AUTO_TEST_CASE(a_store_that_throws_before_it_is_awaited) {
  struct Hasty : openapi::TokenStore {
    asio::awaitable<std::optional<StoredToken>> load(std::string) override { throw Error(Errc::connect, "at once"); }
    asio::awaitable<bool> save(std::string, std::string, StoredToken) override { throw Error(Errc::connect, "at once"); }
    asio::awaitable<bool> lock(std::string, std::string, milliseconds) override { throw Error(Errc::connect, "at once"); }
    asio::awaitable<void> unlock(std::string, std::string) override { throw Error(Errc::connect, "at once"); }
  };
  World world;
  world.made.emplace(std::make_shared<Hasty>(), world.rules, world.fetch());
  BOOST_TEST(world.current() == "T1");
  World classic;
  classic.beClassic();
  classic.made.emplace(std::make_shared<Hasty>(), classic.rules, classic.fetch());
  CHECK_TOKEN_FAILURE(failureOf(classic.loop, classic.source().current(in(patience))), connect, notSent);
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_save) {
  for (const auto mood : {FakeStore::Mood::failing, FakeStore::Mood::hanging}) {
    World world;
    world.store->saveMood = mood;
    BOOST_TEST(world.current() == "T1");
    BOOST_TEST(world.platform->fetches == 1);

    World classic;
    classic.beClassic();
    classic.store->saveMood = mood;
    const auto failure = failureOf(classic.loop, classic.source().current(in(patience)));
    BOOST_TEST((failure.outcome() == Outcome::notSent));
    // The platform has given it, and the one before has ended: it is kept, and no further one fetched.
    BOOST_TEST(classic.current() == "T1");
    BOOST_TEST(classic.platform->fetches == 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
