// Callers and event loops that come and go, all at once.
#include "token_platform.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <random>
#include <thread>

using namespace tokens;

BOOST_AUTO_TEST_SUITE(token_threads)

BOOST_AUTO_TEST_CASE(callers_come_and_go_on_many_threads) {
  World world;
  world.platform->life = seconds{1};
  asio::io_context loop;
  auto guard = asio::make_work_guard(loop);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { loop.run(); });
  std::mt19937 random{20261121};
  Calls calls;
  for (int round = 0; round < 40; ++round) {
    const bool failing = round % 5 == 4;
    world.store->mood = failing ? FakeStore::Mood::failing : FakeStore::Mood::good;
    for (int i = 0; i < 50; ++i) {
      const auto strand = asio::make_strand(loop);
      auto operation = random() % 3 == 0 ? world.source().instead("T" + std::to_string(world.platform->fetches), in(patience))
                                         : world.source().current(in(patience));
      calls.push_back(start(strand, std::move(operation)));
      if (random() % 4 == 0)
        asio::post(strand, [call = calls.back()] {
          if (!call->done) call->signal.emit(asio::cancellation_type::terminal);
        });
    }
    world.pass(seconds{1});
  }
  for (const auto& call : calls) awaitOthers([&] { return call->done.load(); });
  guard.reset();
  for (auto& thread : threads) thread.join();
  int strange = 0;
  for (const auto& call : calls) strange += call->strange.empty() ? 0 : 1;
  BOOST_TEST(strange == 0);
}

BOOST_AUTO_TEST_CASE(event_loops_come_and_go) {
  World world;
  world.platform->life = seconds{1};
  const auto staying = std::make_unique<Background>();
  Calls calls;
  for (int round = 0; round < 30; ++round) {
    Background going;
    for (int i = 0; i < 30; ++i) {
      start(going.executor(), world.source().current(in(patience)));
      calls.push_back(start(staying->executor(), world.source().current(in(patience))));
    }
    world.pass(seconds{1});
    going.destroy();
  }
  for (const auto& call : calls) awaitOthers([&] { return call->done.load(); });
  for (const auto& call : calls) BOOST_TEST(call->value.has_value(), (call->error ? call->error->what() : call->strange));
}

BOOST_AUTO_TEST_SUITE_END()
