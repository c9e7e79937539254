// Whoever renews for all may be cancelled, stand still or go: somebody else takes over. Every caller has its own time.
#include "token_platform.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

using namespace tokens;

BOOST_AUTO_TEST_SUITE(token_callers)

BOOST_AUTO_TEST_CASE(the_leader_is_cancelled) {
  World world;
  world.close();
  const auto first = world.call();
  world.awaitFetch(1);
  Calls others;
  for (int i = 0; i < 100; ++i) others.push_back(world.call());
  world.settle();
  const auto closed = std::exchange(world.platform->gate, std::make_shared<Gate>(true));
  first->signal.emit(asio::cancellation_type::terminal);
  runUntil(world.loop, [&] { return first->done.load(); });
  BOOST_REQUIRE(first->error);
  CHECK_TOKEN_FAILURE(*first->error, cancelled, notSent);
  world.finish(others);
  for (const auto& call : others) BOOST_TEST((call->value == "T1"));
  BOOST_TEST(world.platform->fetches == 2);
  BOOST_TEST(world.platform->ended == 2);  // the first one was cancelled as well
  world.settle();
  BOOST_TEST(world.store->owner() == "");
}

BOOST_AUTO_TEST_CASE(every_leader_is_cancelled_in_turn) {
  World world;
  world.close();
  Calls calls;
  for (int i = 0; i < 50; ++i) calls.push_back(world.call());
  world.awaitFetch(1);
  world.settle();
  std::reverse(calls.begin() + 1, calls.end());  // the last that came is the next to lead
  for (int i = 0; i < 50; ++i) {
    const auto& leader = calls[static_cast<std::size_t>(i)];
    leader->signal.emit(asio::cancellation_type::terminal);
    runUntil(world.loop, [&] { return leader->done && world.platform->ended == i + 1; });
    if (i < 49) world.awaitFetch(i + 2);
  }
  world.settle();
  BOOST_TEST(world.platform->fetches == 50);
  BOOST_TEST(std::all_of(calls.begin(), calls.end(), [](const auto& call) { return call->done && call->error; }));
  world.platform->gate->open();
  BOOST_TEST(world.current() == "T1");
}

BOOST_AUTO_TEST_CASE(the_event_loop_of_the_leader_is_destroyed) {
  World world;
  world.close();
  Background gone;
  start(gone.executor(), world.source().current(in(patience)));
  awaitOthers([&] { return world.platform->fetches == 1; });
  for (int i = 0; i < 50; ++i) start(gone.executor(), world.source().current(in(patience)));
  const auto other = world.call();
  world.settle();
  const auto closed = std::exchange(world.platform->gate, std::make_shared<Gate>(true));
  gone.destroy();
  runUntil(world.loop, [&] { return other->done.load(); });
  BOOST_TEST((other->value == "T1"));
  BOOST_TEST(world.platform->fetches == 2);
  world.settle();
  BOOST_TEST(world.store->owner() == "");  // the lock of the one who went did not stay
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_gone_leader_is_given_back_by_whoever_comes_to_it) {
  World world;
  world.close();
  Background first;
  start(first.executor(), world.source().current(in(patience)));
  awaitOthers([&] { return world.platform->fetches == 1; });
  first.destroy();
  BOOST_TEST(world.store->owner() != "");
  world.store->unlockMood = FakeStore::Mood::hanging;
  Background second;
  start(second.executor(), world.source().current(in(patience)));
  awaitOthers([&] { return world.store->unlocks == 1; });
  second.destroy();
  const auto third = world.call();
  runUntil(world.loop, [&] { return world.store->unlocks == 2; });
  third->signal.emit(asio::cancellation_type::terminal);
  world.finish(std::vector{third});
  world.store->unlockMood = FakeStore::Mood::good;
  world.platform->gate->open();
  BOOST_TEST(resultOf(world.loop, world.source().current(in(seconds{10}))) == "T1");
  BOOST_TEST(world.store->owner() == "");
}

BOOST_AUTO_TEST_CASE(the_event_loop_of_the_leader_stands_still) {
  World world;
  world.close();
  Background still;
  start(still.executor(), world.source().current(in(milliseconds{300})));
  awaitOthers([&] { return world.platform->fetches == 1; });
  still.stop();
  const auto other = world.call();
  world.settle();
  BOOST_TEST(!other->done);
  const auto closed = std::exchange(world.platform->gate, std::make_shared<Gate>(true));
  runUntil(world.loop, [&] { return other->done.load(); });
  BOOST_TEST((other->value == "T1"));
  BOOST_TEST(world.platform->fetches == 2);
}

BOOST_AUTO_TEST_CASE(an_heir_whose_event_loop_stands_still) {
  World world;
  world.close();
  const auto first = world.call();
  world.awaitFetch(1);
  const auto other = world.call();
  world.settle();
  Background still;
  const auto last = start(still.executor(), world.source().current(in(patience)));
  std::atomic<bool> waits = false;
  asio::post(still.executor(), [&] { waits = true; });
  awaitOthers([&] { return waits.load(); });
  still.stop();
  const auto closed = std::exchange(world.platform->gate, std::make_shared<Gate>(true));
  first->signal.emit(asio::cancellation_type::terminal);
  runUntil(world.loop, [&] { return other->done.load(); });
  BOOST_TEST((other->value == "T1"));
  BOOST_TEST(!last->done);
}

BOOST_AUTO_TEST_CASE(a_waiter_has_its_own_deadline) {
  World world;
  world.close();
  const auto leader = world.call();
  world.awaitFetch(1);
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(milliseconds{100}))), timeout, notSent);
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(milliseconds{-1}))), timeout, notSent);
  BOOST_TEST(!leader->done);
  world.platform->gate->open();
  runUntil(world.loop, [&] { return leader->done.load(); });
  BOOST_TEST((leader->value == "T1"));
  BOOST_TEST(world.platform->fetches == 1);
  BOOST_TEST(resultOf(world.loop, world.source().current(in(milliseconds{-1}))) == "T1");  // needs no time
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_too_late_fetches_nothing) {
  World world;
  CHECK_TOKEN_FAILURE(failureOf(world.loop, world.source().current(in(milliseconds{-1}))), timeout, notSent);
  BOOST_TEST(world.platform->fetches == 0);
  BOOST_TEST(world.store->loads == 0);
}

BOOST_AUTO_TEST_CASE(a_leader_without_time_hands_on) {
  World world;
  world.close();
  const auto hasty = world.call(milliseconds{300});
  world.awaitFetch(1);
  const auto patient = world.call();
  runUntil(world.loop, [&] { return hasty->done.load(); });  // the fetch does not heed its deadline
  BOOST_REQUIRE(hasty->error);
  CHECK_TOKEN_FAILURE(*hasty->error, timeout, notSent);
  world.awaitFetch(2);
  BOOST_TEST(!patient->done);
  world.platform->gate->open();
  runUntil(world.loop, [&] { return patient->done.load(); });
  BOOST_TEST((patient->value == "T1"));
}

BOOST_AUTO_TEST_CASE(a_waiter_is_cancelled) {
  World world;
  world.close();
  const auto leader = world.call();
  world.awaitFetch(1);
  const auto going = world.call();
  const auto staying = world.call();
  world.settle();
  going->signal.emit(asio::cancellation_type::terminal);
  runUntil(world.loop, [&] { return going->done.load(); });
  BOOST_REQUIRE(going->error);
  CHECK_TOKEN_FAILURE(*going->error, cancelled, notSent);
  world.platform->gate->open();
  runUntil(world.loop, [&] { return leader->done && staying->done; });
  BOOST_TEST((staying->value == "T1"));
  BOOST_TEST(world.platform->fetches == 1);
}

BOOST_AUTO_TEST_CASE(the_source_may_go_while_calls_are_under_way) {
  World world;
  world.close();
  const auto leader = world.call();
  world.awaitFetch(1);
  const auto other = world.call();
  world.settle();
  world.made.reset();
  world.platform->gate->open();
  runUntil(world.loop, [&] { return leader->done && other->done; });
  BOOST_TEST((leader->value == "T1"));
  BOOST_TEST((other->value == "T1"));
}

BOOST_AUTO_TEST_SUITE_END()
