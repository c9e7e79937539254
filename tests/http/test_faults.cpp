// Servers that stall, break and vanish; deadlines; cancellation; who is destroyed first.
#include "support.hpp"

#include "http/client.hpp"
#include "http/retry.hpp"

#include <openapi/wait.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

using namespace testing;
namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds shortly{150};
constexpr std::chrono::milliseconds afterHandshake{1500};  // enough for a slow machine to get that far

Script silence() {
  return [](Peer& peer) {
    (void)peer.readRequest();
    peer.awaitEnd();
  };
}

// A port that refuses: bound, but nobody listens.
class DeadPort {
 public:
  DeadPort() : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~DeadPort() { ::close(socket_); }
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

 protected:
  int socket_;
  int port_ = 0;
};

// A port whose queue is full, so that connecting takes for ever.
class FullPort : public DeadPort {
 public:
  FullPort() {
    ::listen(socket_, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    for (int& filler : fillers_) {
      filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      (void)::connect(filler, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
  }
  ~FullPort() {
    for (const int filler : fillers_) ::close(filler);
  }

 private:
  int fillers_[4];
};

openapi::http::Surroundings withResolver(openapi::http::Resolve resolve) {
  auto surroundings = localNames();
  surroundings.resolve = std::move(resolve);
  return surroundings;
}

// Announces that a request is under way.
struct Announcer : openapi::Observer {
  explicit Announcer(Event& started) : event{started} {}
  void started(const Started&) override { event.set(); }
  void finished(const Finished&) override {}
  Event& event;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(nobody_listens) {
  const DeadPort dead;
  const auto failure = failureOf(makeClient(), post(dead.url()));
  CHECK_FAILURE(failure, connect, notSent);
  BOOST_TEST(std::string(failure.what()).find("refused") != std::string::npos, failure.what());
  BOOST_TEST(failure.retryable());
}

BOOST_AUTO_TEST_CASE(no_such_name) {
  const auto failure = failureOf(openapi::http::makeClient(trusting(), localNames()), post("https://nowhere.invalid/"));
  CHECK_FAILURE(failure, connect, notSent);
  BOOST_TEST(std::string(failure.what()).find("nowhere.invalid") != std::string::npos, failure.what());
}

BOOST_AUTO_TEST_CASE(the_systems_resolver) {
  Server server{answering([](const std::string&) { return ok("resolved"); })};
  const auto client = makeClient();
  BOOST_TEST(fetch(client, post(server.url("/", "localhost"))).body == "resolved");
  BOOST_TEST(fetch(client, post(server.url("/", "localhost"))).body == "resolved");
}

BOOST_AUTO_TEST_CASE(each_address_is_tried) {
  Server server{answering([](const std::string&) { return ok("found"); })};
  int lookups = 0;
  const auto client =
      openapi::http::makeClient(trusting(), withResolver([&](const std::string&, const auto& done) {
                                  ++lookups;
                                  done({.addresses = {asio::ip::make_address("127.0.0.9"), asio::ip::make_address("::1"),
                                                      asio::ip::make_address("127.0.0.1")}});
                                }));
  for (int i = 0; i < 3; ++i) BOOST_TEST(fetch(client, post(server.url("/", "shop.test"))).body == "found");
  BOOST_TEST(lookups == 1);  // the answer is remembered
}

BOOST_AUTO_TEST_CASE(a_name_that_never_answers) {
  std::vector<std::function<void(openapi::http::NameAnswer)>> unanswered;
  const auto client = openapi::http::makeClient(
      trusting(), withResolver([&](const std::string&, auto done) { unanswered.push_back(std::move(done)); }));
  CHECK_FAILURE(failureOf(client, post("https://slow.test/", "", shortly)), timeout, notSent);
  CHECK_FAILURE(failureOf(client, post("https://slow.test/", "", shortly)), timeout, notSent);
  BOOST_TEST(unanswered.size() == 1U);                                                       // the second joined the first
  for (auto& done : unanswered) done({.addresses = {asio::ip::make_address("127.0.0.1")}});  // late, for nobody
}

BOOST_AUTO_TEST_CASE(a_name_that_answers_late_from_another_thread) {
  Server server{answering([](const std::string&) { return ok("late"); })};
  std::thread helper;
  const auto client = openapi::http::makeClient(trusting(), withResolver([&](const std::string&, auto done) {
                                                  helper = std::thread{[done = std::move(done)] {
                                                    std::this_thread::yield();
                                                    done({.addresses = {asio::ip::make_address("127.0.0.1")}});
                                                  }};
                                                }));
  BOOST_TEST(fetch(client, post(server.url("/", "shop.test"))).body == "late");
  helper.join();
}

BOOST_AUTO_TEST_CASE(deadline_already_over) {
  Server server{answering([](const std::string&) { return ok(""); })};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), "", std::chrono::milliseconds{-1})), timeout, notSent);
  BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(stall_in_connect) {
  const FullPort full;
  CHECK_FAILURE(failureOf(makeClient(), post(full.url(), "", shortly)), timeout, notSent);
}

BOOST_AUTO_TEST_CASE(stall_in_handshake) {
  Server server{{.handshake = false}, [](Peer& peer) { peer.awaitEnd(); }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), "", shortly)), timeout, notSent);
}

BOOST_AUTO_TEST_CASE(stall_before_the_answer) {
  Server server{silence()};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), "", afterHandshake)), timeout, unknown);
}

BOOST_AUTO_TEST_CASE(stall_in_the_answer) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
    peer.awaitEnd();
  }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), "", afterHandshake)), timeout, unknown);
}

BOOST_AUTO_TEST_CASE(a_server_that_trickles) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), "", afterHandshake)), timeout, unknown);
}

BOOST_AUTO_TEST_CASE(stall_while_the_request_is_written) {
  Event over;
  Server server{[&](Peer&) { over.wait(); }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), std::string(32 << 20, 'x'), afterHandshake)), timeout, unknown);
  over.set();
}

BOOST_AUTO_TEST_CASE(lost_in_the_handshake) {
  Server server{{.handshake = false}, [](Peer& peer) {
                  (void)peer.readSome();
                  peer.reset();
                }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url())), connect, notSent);
}

BOOST_AUTO_TEST_CASE(lost_while_the_request_is_written) {
  Server server{[](Peer& peer) {
    (void)peer.readSome();
    peer.reset();
  }};
  CHECK_FAILURE(failureOf(makeClient(), post(server.url(), std::string(32 << 20, 'x'))), connectionLost, unknown);
}

BOOST_AUTO_TEST_CASE(lost_before_the_answer) {
  for (int how = 0; how < 3; ++how) {
    Server server{[&](Peer& peer) {
      (void)peer.readRequest();
      if (how == 0) peer.close();
      if (how == 1) peer.cut();
      if (how == 2) peer.reset();
    }};
    CHECK_FAILURE(failureOf(makeClient(), post(server.url())), connectionLost, unknown);
  }
}

namespace {

asio::awaitable<std::string> afterClose(std::shared_ptr<openapi::Transport> client, openapi::HttpRequest request, Event& closed) {
  auto first = request;
  auto answer = co_await client->send(std::move(first));
  closed.wait();
  auto second = co_await client->send(std::move(request));
  co_return answer.body + second.body;
}

}  // namespace

BOOST_AUTO_TEST_CASE(closed_while_idle) {
  for (int how = 0; how < 3; ++how) {
    Event closed;
    Server server{[&](Peer& peer) {
      (void)peer.readRequest();
      peer.send(ok(std::to_string(peer.number)));
      if (peer.number > 1) return peer.awaitEnd();
      if (how == 0) peer.close();
      if (how == 1) peer.cut();
      if (how == 2) peer.sayGoodbye();
      closed.set();
      peer.awaitEnd();
    }};
    BOOST_TEST(openapi::wait(afterClose(makeClient(), post(server.url()), closed)) == "12");
    BOOST_TEST(server.connections() == 2);
  }
}

BOOST_AUTO_TEST_CASE(lost_on_a_reused_connection) {
  Server server{[](Peer& peer) {
    (void)peer.readRequest();
    peer.send(ok("first"));
    (void)peer.readRequest();
    peer.cut();
  }};
  const auto client = makeClient();
  asio::io_context loop;
  auto first = asio::co_spawn(loop, client->send(post(server.url())), asio::use_future);
  loop.run();
  BOOST_TEST(first.get().body == "first");
  loop.restart();
  auto second = asio::co_spawn(loop, client->send(post(server.url())), asio::use_future);
  loop.run();
  BOOST_CHECK_EXCEPTION(second.get(), openapi::Error, [](const openapi::Error& error) {
    return error.errc() == openapi::Errc::connectionLost && error.outcome() == openapi::Outcome::unknown;
  });
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(cancelled_while_the_name_is_looked_up) {
  Event asked;
  const auto client = openapi::http::makeClient(trusting(), withResolver([&](const std::string&, const auto&) { asked.set(); }));
  CHECK_FAILURE(failureOfCancelled(client, post("https://slow.test/"), asked), cancelled, notSent);
}

BOOST_AUTO_TEST_CASE(cancelled_while_connecting) {
  const FullPort full;
  Event started;
  auto options = trusting();
  options.observer = std::make_shared<Announcer>(started);
  CHECK_FAILURE(failureOfCancelled(makeClient(options), post(full.url()), started), cancelled, notSent);
}

BOOST_AUTO_TEST_CASE(cancelled_in_the_handshake) {
  Event reached;
  Server server{{.handshake = false}, [&](Peer& peer) {
                  (void)peer.readSome();
                  reached.set();
                  peer.awaitEnd();
                }};
  CHECK_FAILURE(failureOfCancelled(makeClient(), post(server.url()), reached), cancelled, notSent);
}

BOOST_AUTO_TEST_CASE(cancelled_while_writing) {
  Event reached;
  Event over;
  Server server{[&](Peer& peer) {
    (void)peer.readSome();
    reached.set();
    over.wait();
  }};
  CHECK_FAILURE(failureOfCancelled(makeClient(), post(server.url(), std::string(32 << 20, 'x')), reached), cancelled, unknown);
  over.set();
}

BOOST_AUTO_TEST_CASE(cancelled_before_the_answer) {
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
    Event reached;
    Event ended;
    Server server{[&](Peer& peer) {
      (void)peer.readRequest();
      reached.set();
      peer.awaitEnd();
      ended.set();
    }};
    CHECK_FAILURE(failureOfCancelled(makeClient(), post(server.url()), reached, type), cancelled, unknown);
    ended.wait();  // the connection is closed, not kept
  }
}

BOOST_AUTO_TEST_CASE(cancelled_between_attempts) {
  asio::io_context loop;
  asio::cancellation_signal signal;
  std::exception_ptr failure;
  asio::co_spawn(loop, openapi::http::sleepWithin(patience, std::chrono::steady_clock::time_point::max()),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr thrown, bool) { failure = thrown; }));
  asio::post(loop, [&] { signal.emit(asio::cancellation_type::terminal); });
  loop.run();
  BOOST_REQUIRE(failure != nullptr);
  BOOST_CHECK_EXCEPTION(std::rethrow_exception(failure), openapi::Error, [](const openapi::Error& error) {
    return error.errc() == openapi::Errc::cancelled && error.outcome() == openapi::Outcome::notSent;
  });
}

namespace {

asio::awaitable<void> record(std::shared_ptr<openapi::Transport> client, openapi::HttpRequest request, int number,
                             std::vector<std::string>& log) {
  std::string line = std::to_string(number);
  try {
    auto response = co_await client->send(std::move(request));
    line += ' ' + response.body;
  } catch (const openapi::Error& error) {
    line += ' ' + std::string(toString(error.errc())) + ' ' + std::string(toString(error.outcome()));
  }
  log.push_back(line);
}

}  // namespace

BOOST_AUTO_TEST_CASE(waiting_for_a_connection) {
  Event go;
  Server server{[&](Peer& peer) {
    for (auto request = peer.readRequest(); !request.empty(); request = peer.readRequest()) {
      go.wait();
      peer.send(ok(request.substr(request.rfind("\r\n\r\n") + 4)));
    }
  }};
  auto options = trusting();
  options.maxConnectionsPerHost = 1;
  const auto client = makeClient(options);
  asio::io_context loop;
  std::vector<std::string> log;
  asio::cancellation_signal cancel;
  asio::co_spawn(loop, record(client, post(server.url(), "a"), 1, log), asio::detached);
  asio::co_spawn(loop, record(client, post(server.url(), "b", shortly), 2, log), asio::detached);
  asio::co_spawn(loop, record(client, post(server.url(), "c"), 3, log),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  asio::co_spawn(loop, record(client, post(server.url(), "d"), 4, log), asio::detached);
  asio::co_spawn(loop, record(client, post(server.url(), "e"), 5, log), asio::detached);
  while (log.empty()) loop.run_one();  // the second gives up
  BOOST_TEST(log.back() == "2 timeout notSent");
  cancel.emit(asio::cancellation_type::terminal);
  while (log.size() < 2) loop.run_one();
  BOOST_TEST(log.back() == "3 cancelled notSent");
  go.set();
  loop.run();
  const std::vector<std::string> expected{"2 timeout notSent", "3 cancelled notSent", "1 a", "4 d", "5 e"};
  BOOST_TEST(log == expected, boost::test_tools::per_element());
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(idle_connections_grow_old) {
  Server server{answering([](const std::string&) { return ok(""); })};
  auto options = trusting();
  options.idleTimeout = std::chrono::milliseconds{0};
  (void)fetchAll(makeClient(options), {post(server.url()), post(server.url())});
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(idle_connections_do_not_hold_the_event_loop) {
  Server server{answering([](const std::string&) { return ok(""); })};
  const auto client = makeClient();
  asio::io_context loop;
  asio::co_spawn(loop, client->send(post(server.url())), asio::detached);
  loop.run();  // returns
  BOOST_TEST(loop.stopped());
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(blocking_calls_one_after_the_other) {
  Server server{answering([](const std::string&) { return ok("again"); })};
  const auto client = makeClient();
  for (int i = 0; i < 3; ++i) BOOST_TEST(fetch(client, post(server.url())).body == "again");
  BOOST_TEST(server.connections() == 3);  // an idle connection ends with its event loop
}

BOOST_AUTO_TEST_CASE(client_goes_before_the_event_loop) {
  Event ended;
  Server server{[&](Peer& peer) {
    (void)peer.readRequest();
    peer.send(ok("kept"));
    peer.awaitEnd();
    ended.set();
  }};
  asio::io_context loop;
  auto client = makeClient();
  auto response = asio::co_spawn(loop, client->send(post(server.url())), asio::use_future);
  loop.run();
  BOOST_TEST(response.get().body == "kept");
  client.reset();
  ended.wait();  // the idle connection is closed
}

BOOST_AUTO_TEST_CASE(client_goes_during_a_request) {
  Server server{answering([](const std::string&) { return ok("still there"); })};
  asio::io_context loop;
  auto client = makeClient();
  auto response = asio::co_spawn(loop, client->send(post(server.url())), asio::use_future);
  client.reset();
  loop.run();
  BOOST_TEST(response.get().body == "still there");
}

BOOST_AUTO_TEST_CASE(event_loop_goes_during_requests) {
  Event reached;
  Event ended;
  Server server{[&](Peer& peer) {
    (void)peer.readRequest();
    reached.set();
    peer.awaitEnd();
    ended.set();
  }};
  std::function<void(openapi::http::NameAnswer)> answer;
  auto options = trusting();
  options.maxConnectionsPerHost = 1;
  const auto client =
      openapi::http::makeClient(options, withResolver([&](const std::string&, auto done) { answer = std::move(done); }));
  asio::cancellation_signal signal;  // outlives the event loop
  {
    asio::io_context loop;
    asio::co_spawn(loop, client->send(post(server.url())), asio::bind_cancellation_slot(signal.slot(), asio::detached));
    for (int i = 0; i < 100; ++i) asio::co_spawn(loop, client->send(post(server.url())), asio::detached);
    asio::co_spawn(loop, client->send(post("https://slow.test/")), asio::detached);
    std::thread runner{[&] { loop.run(); }};
    reached.wait();
    loop.stop();
    runner.join();
  }
  ended.wait();
  if (answer) answer({.addresses = {asio::ip::make_address("127.0.0.1")}});  // nobody is there any more
  BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(on_a_thread_pool) {
  Server server{answering([](const std::string&) { return ok("pooled"); })};
  const auto client = makeClient();
  asio::thread_pool threads{2};
  auto response = asio::co_spawn(threads, client->send(post(server.url())), asio::use_future);
  BOOST_TEST(response.get().body == "pooled");
}

BOOST_AUTO_TEST_SUITE_END()
