// Many requests on many threads, some cancelled in mid-flight.
#include "support.hpp"

#include <openapi/wait.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace testing;
namespace asio = boost::asio;

namespace {

struct Tally {
  std::atomic<int> good{0};
  std::atomic<int> cancelled{0};
  std::atomic<int> other{0};
};

// A caller with a strand and a cancellation signal of its own.
struct Caller {
  Caller(asio::io_context& loop, Tally& count) : strand{asio::make_strand(loop)}, tally{count} {}

  void start(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request) {
    asio::co_spawn(strand, client->send(request),
                   asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr failure, auto) {
                     asio::dispatch(strand, [this, failure] { count(failure); });
                   }));
  }
  void cancel() {
    asio::post(strand, [this] {
      if (!done) signal.emit(asio::cancellation_type::terminal);
    });
  }
  void count(std::exception_ptr failure) {
    done = true;
    try {
      if (failure) std::rethrow_exception(failure);
      ++tally.good;
    } catch (const openapi::Error& error) {
      ++(error.errc() == openapi::Errc::cancelled ? tally.cancelled : tally.other);
    } catch (const std::exception&) {
      ++tally.other;
    }
  }

  asio::strand<asio::io_context::executor_type> strand;
  asio::cancellation_signal signal;
  Tally& tally;
  bool done = false;
};

void runOnThreads(asio::io_context& loop, int count) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&] { loop.run(); });
  for (auto& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(eight_threads_one_event_loop) {
  constexpr int calls = 400;
  Server server{answering([](const std::string& request) { return ok(request.substr(request.find("\r\n\r\n") + 4)); })};
  auto options = trusting();
  options.maxConnectionsPerHost = 16;
  const auto client = makeClient(options);
  Tally tally;
  {
    asio::io_context loop;
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < calls; ++i) {
      callers.push_back(std::make_unique<Caller>(loop, tally));
      callers.back()->start(client, post(server.url(), "call " + std::to_string(i)));
      // A third is cancelled, each at another point of time.
      if (i % 3 == 0) {
        auto* caller = callers.back().get();
        asio::post(loop, [caller, i] {
          for (int spin = 0; spin < i * 50; ++spin) std::this_thread::yield();
          caller->cancel();
        });
      }
    }
    runOnThreads(loop, 8);
  }
  BOOST_TEST(tally.good + tally.cancelled == calls);
  BOOST_TEST(tally.other == 0);
  BOOST_TEST(tally.good >= calls - calls / 3 - 1);
}

BOOST_AUTO_TEST_CASE(cancelled_when_the_server_has_the_request) {
  constexpr int calls = 60;
  Tally tally;
  asio::io_context loop;
  std::vector<std::unique_ptr<Caller>> callers;
  Server server{[&](Peer& peer) {
    for (auto request = peer.readRequest(); !request.empty(); request = peer.readRequest()) {
      const auto number = std::stoul(request.substr(request.find("\r\n\r\n") + 4));
      callers[number]->cancel();
      if (number % 2 == 0) peer.send(ok("too late, or not"));
    }
  }};
  const auto client = makeClient();
  for (int i = 0; i < calls; ++i) callers.push_back(std::make_unique<Caller>(loop, tally));
  for (int i = 0; i < calls; ++i) callers[static_cast<std::size_t>(i)]->start(client, post(server.url(), std::to_string(i)));
  runOnThreads(loop, 8);
  BOOST_TEST(tally.good + tally.cancelled == calls);
  BOOST_TEST(tally.cancelled >= calls / 2);
}

BOOST_AUTO_TEST_CASE(blocking_callers_on_many_threads) {
  Server server{answering([](const std::string&) { return ok("fine"); })};
  const auto client = makeClient();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) good += fetch(client, post(server.url())).body == "fine" ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(good == 80);
}

BOOST_AUTO_TEST_CASE(client_goes_while_event_loops_come_and_go) {
  Server server{answering([](const std::string&) { return ok("fine"); })};
  for (int round = 0; round < 10; ++round) {
    auto client = makeClient();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, own = client]() mutable {
        (void)fetch(own, post(server.url()));
        own.reset();
      });
    }
    client.reset();
    for (auto& thread : threads) thread.join();
  }
  BOOST_TEST(server.connections() == 40);
}

BOOST_AUTO_TEST_SUITE_END()
