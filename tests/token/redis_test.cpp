// The token store in Redis, against a real one, and against what may stand in its place.
#include "processes.hpp"

#include <support/token_world.hpp>

#include <openapi/json.hpp>
#include <openapi/redis_token_store.hpp>

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <future>

using namespace tokens;
using openapi::makeRedisTokenStore;
using openapi::RedisOptions;
using openapi::TokenStore;
using std::chrono::system_clock;

namespace {

RedisOptions at(std::uint16_t port, milliseconds timeout = seconds{10}) {
  RedisOptions options;
  options.port = port;
  options.timeout = timeout;
  return options;
}

StoredToken tokenFor(seconds time, const std::string& value = "SECRET-TOKEN") {
  return {value, std::chrono::floor<seconds>(system_clock::now()) + time};
}

asio::awaitable<bool> unlockAt(std::shared_ptr<TokenStore> store, std::string key, std::string owner) {
  auto unlocking = store->unlock(std::move(key), std::move(owner));
  co_await std::move(unlocking);
  co_return true;
}

void checkSilent(const Error& error) {
  const std::string text = error.what();
  BOOST_TEST_CONTEXT(text) {
    BOOST_TEST(text.find("SECRET") == std::string::npos);
    BOOST_TEST(text.find("sesame") == std::string::npos);
  }
}

/// The failure of each operation.
void checkAll(const std::shared_ptr<TokenStore>& store, Errc code) {
  asio::io_context loop{1};
  const std::vector<Error> failures{
      failureOf(loop, store->load("app")), failureOf(loop, store->save("app", "me", tokenFor(seconds{60}))),
      failureOf(loop, store->lock("app", "me", seconds{5})), failureOf(loop, unlockAt(store, "app", "me"))};
  for (const auto& failure : failures) {
    BOOST_TEST_CONTEXT(failure.what()) {
      BOOST_TEST((failure.errc() == code));
      BOOST_TEST((failure.outcome() == Outcome::notSent));
    }
    checkSilent(failure);
  }
}

/// A server that says `answer` to whatever comes, and stays.
std::unique_ptr<Server> saying(const std::string& answer) {
  return std::make_unique<Server>([answer](int socket) {
    char byte = 0;
    if (::read(socket, &byte, 1) == 1 && sendAll(socket, answer)) readAll(socket);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redis)

BOOST_AUTO_TEST_CASE(a_token_is_kept_and_found) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  const auto token = tokenFor(seconds{7200});
  BOOST_TEST(!resultOf(loop, store->load("app")));
  BOOST_TEST(!resultOf(loop, store->save("app", "me", token)));  // without the lock
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->save("app", "me", token)));
  const auto found = resultOf(loop, store->load("app"));
  BOOST_REQUIRE(found);
  BOOST_TEST(found->value == token.value);
  BOOST_TEST((found->expiresAt == token.expiresAt));

  const auto json = openapi::Json::parse(server.ask({"GET", "openapi:token:app"}));
  BOOST_TEST(*json.find("value")->string() == token.value);
  BOOST_TEST((*json.find("expiresAt")->integer() == system_clock::to_time_t(token.expiresAt)));
  const auto left = std::stol(server.ask({"PTTL", "openapi:token:app"}));
  BOOST_TEST((left > 7'100'000 && left <= 7'200'000));
}

BOOST_AUTO_TEST_CASE(a_token_about_to_end_is_kept_for_a_few_seconds) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->save("app", "me", tokenFor(seconds{-100}))));
  BOOST_TEST(std::stol(server.ask({"PTTL", "openapi:token:app"})) > 1000);
  BOOST_TEST(resultOf(loop, store->load("app")).has_value());
}

BOOST_AUTO_TEST_CASE(any_token_of_sensible_length_comes_back_as_it_was) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  for (const std::string& value : {std::string(4096, 'x'), std::string("\"\\/ \r\n"), std::string("\xe4\xbb\xa4\xe7\x89\x8c")}) {
    BOOST_TEST(resultOf(loop, store->save("app", "me", tokenFor(seconds{60}, value))));
    const auto found = resultOf(loop, store->load("app"));
    BOOST_REQUIRE(found);
    BOOST_TEST(found->value == value);
  }
  for (const std::string& value : {std::string(4097, 'x'), std::string()}) {
    const auto failure = failureOf(loop, store->save("app", "me", tokenFor(seconds{60}, value)));
    BOOST_TEST((failure.errc() == Errc::invalidArgument));
  }
}

BOOST_AUTO_TEST_CASE(a_lock_is_held_by_one_and_ends) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->lock("app", "you", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->lock("app:force", "you", seconds{60})));
  BOOST_TEST(resultOf(loop, unlockAt(store, "app", "you")));  // not the owner: nothing happens
  BOOST_TEST(!resultOf(loop, store->lock("app", "you", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->save("app", "you", tokenFor(seconds{60}))));
  BOOST_TEST(resultOf(loop, unlockAt(store, "app", "me")));
  BOOST_TEST(resultOf(loop, store->lock("app", "you", milliseconds{50})));
  awaitOthers([&] { return resultOf(loop, store->lock("app", "third", seconds{60})); });
  BOOST_TEST(!resultOf(loop, store->save("app", "you", tokenFor(seconds{60}))));
}

BOOST_AUTO_TEST_CASE(prefix_and_database) {
  RedisServer server;
  asio::io_context loop{1};
  auto options = at(server.port());
  options.prefix = "shop:";
  options.database = 3;
  const auto store = makeRedisTokenStore(options);
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->save("app", "me", tokenFor(seconds{60}))));
  BOOST_TEST(server.ask({"EXISTS", "shop:app"}) == "0");
  BOOST_TEST(server.ask({"EVAL", "redis.call('select', 3) return redis.call('exists', 'shop:app')", "0"}) == "1");

  options.database = 99'999;
  checkAll(makeRedisTokenStore(options), Errc::badResponse);
}

BOOST_AUTO_TEST_CASE(a_password) {
  RedisServer server({"--requirepass", "sesame-right"});
  asio::io_context loop{1};
  auto options = at(server.port());
  checkAll(makeRedisTokenStore(options), Errc::badResponse);  // none
  options.password = "sesame-wrong";
  checkAll(makeRedisTokenStore(options), Errc::badResponse);
  options.password = "sesame-right";
  BOOST_TEST(resultOf(loop, makeRedisTokenStore(options)->lock("app", "me", seconds{60})));
  options.username = "default";
  BOOST_TEST(!resultOf(loop, makeRedisTokenStore(options)->lock("app", "me", seconds{60})));
  options.username = "sesame-nobody";
  checkAll(makeRedisTokenStore(options), Errc::badResponse);

  RedisServer open;
  options = at(open.port());
  options.password = "sesame-needless";
  checkAll(makeRedisTokenStore(options), Errc::badResponse);
}

BOOST_AUTO_TEST_CASE(a_user_without_rights) {
  RedisServer server({"--user", "reader", "on", ">sesame", "~*", "+get"});
  asio::io_context loop{1};
  auto options = at(server.port());
  options.username = "reader";
  options.password = "sesame";
  const auto store = makeRedisTokenStore(options);
  BOOST_TEST(!resultOf(loop, store->load("app")));
  const auto failure = failureOf(loop, store->lock("app", "me", seconds{60}));
  CHECK_TOKEN_FAILURE(failure, badResponse, notSent);
  BOOST_TEST(std::string{failure.what()}.find("NOPERM") != std::string::npos);
  checkSilent(failure);
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work) {
  const auto refused = [](auto change) {
    RedisOptions options;
    change(options);
    try {
      static_cast<void>(makeRedisTokenStore(options));
    } catch (const Error& error) {
      return error.errc() == Errc::config;
    }
    return false;
  };
  BOOST_TEST(refused([](RedisOptions& options) { options.host.clear(); }));
  BOOST_TEST(refused([](RedisOptions& options) { options.port = 0; }));
  BOOST_TEST(refused([](RedisOptions& options) { options.database = -1; }));
  BOOST_TEST(refused([](RedisOptions& options) { options.timeout = milliseconds{0}; }));
  BOOST_TEST(refused([](RedisOptions& options) { options.username = "somebody"; }));
}

BOOST_AUTO_TEST_CASE(a_host_by_name) {
  RedisServer server;
  asio::io_context loop{1};
  auto options = at(server.port());
  options.host = "localhost";
  const auto store = makeRedisTokenStore(options);
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->save("app", "me", tokenFor(seconds{60}))));
  options.host = "no-such-host.invalid";
  options.timeout = milliseconds{2000};
  const auto failure = failureOf(loop, makeRedisTokenStore(options)->load("app"));
  BOOST_TEST((failure.errc() == Errc::connect || failure.errc() == Errc::timeout));
}

// --- garbage -----------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(what_is_no_token_is_absent) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  const std::vector<std::string> garbage{"",
                                         "x",
                                         "null",
                                         "[]",
                                         "{}",
                                         "\"SECRET\"",
                                         R"({"value":"SECRET"})",
                                         R"({"expiresAt":1900000000})",
                                         R"({"value":"","expiresAt":1900000000})",
                                         R"({"value":7,"expiresAt":1900000000})",
                                         R"({"value":"SECRET","expiresAt":"1900000000"})",
                                         R"({"value":"SECRET","expiresAt":1.9e9})",
                                         R"({"value":"SECRET","expiresAt":-1})",
                                         R"({"value":"SECRET","expiresAt":9223372036854775807})",
                                         R"({"value":"SECRET","expiresAt":1900000000)",
                                         R"({"value":"SECRET","expiresAt":1900000000,"value":"x"})",
                                         R"({"value":")" + std::string(5000, 'x') + R"(","expiresAt":1900000000})",
                                         std::string("\0\xff\xfe\r\n", 5),
                                         std::string(20'000, '['),
                                         std::string(5'000'000, 'x')};
  for (const auto& text : garbage) {
    BOOST_REQUIRE(server.ask({"SET", "openapi:token:app", text}) == "OK");
    BOOST_TEST_CONTEXT(text.substr(0, 60)) { BOOST_TEST(!resultOf(loop, store->load("app"))); }
  }
  for (const auto* add : {"LPUSH", "SADD"}) {
    server.ask({"DEL", "openapi:token:app"});
    BOOST_REQUIRE(server.ask({add, "openapi:token:app", "x"}) == "1");
    BOOST_TEST(!resultOf(loop, store->load("app")));
  }
  // A token takes its place.
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, store->save("app", "me", tokenFor(seconds{60}))));
  BOOST_TEST(resultOf(loop, store->load("app")).has_value());
}

BOOST_AUTO_TEST_CASE(an_ended_token_is_given_as_it_is) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  server.ask({"SET", "openapi:token:app", R"({"value":"old","expiresAt":1000000000})"});
  const auto found = resultOf(loop, store->load("app"));
  BOOST_REQUIRE(found);
  BOOST_TEST((found->expiresAt == system_clock::time_point{seconds{1'000'000'000}}));
}

BOOST_AUTO_TEST_CASE(garbage_in_the_place_of_a_lock) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  // What would never end is nobody's lock.
  server.ask({"SET", "openapi:token:app:lock", "garbage"});
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  server.ask({"DEL", "openapi:token:app:lock"});
  server.ask({"LPUSH", "openapi:token:app:lock", "garbage"});
  BOOST_TEST(!resultOf(loop, store->save("app", "me", tokenFor(seconds{60}))));
  BOOST_TEST(resultOf(loop, unlockAt(store, "app", "me")));
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  server.ask({"DEL", "openapi:token:app:lock"});
  server.ask({"LPUSH", "openapi:token:app:lock", "garbage"});
  server.ask({"PEXPIRE", "openapi:token:app:lock", "100"});
  awaitOthers([&] { return resultOf(loop, store->lock("app", "me", seconds{60})); });
}

// --- no Redis ----------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(nothing_listens) { checkAll(makeRedisTokenStore(at(freePort())), Errc::connect); }

BOOST_AUTO_TEST_CASE(it_never_answers) {
  Server silent{[](int socket) { readAll(socket); }};
  checkAll(makeRedisTokenStore(at(silent.port(), milliseconds{150})), Errc::timeout);
  auto options = at(silent.port(), milliseconds{150});
  options.password = "sesame";
  checkAll(makeRedisTokenStore(options), Errc::timeout);
}

BOOST_AUTO_TEST_CASE(one_deadline_over_all_steps) {
  // Each answer comes in time by itself.
  std::promise<void> end;
  const auto ended = end.get_future().share();
  Server slow{[ended](int socket) {
    char byte = 0;
    while (::read(socket, &byte, 1) == 1) {
      if (byte != '\n') continue;
      if (ended.wait_for(milliseconds{30}) == std::future_status::ready || !sendAll(socket, "+")) return;
    }
  }};
  auto options = at(slow.port(), milliseconds{300});
  options.password = "sesame";
  checkAll(makeRedisTokenStore(options), Errc::timeout);
  end.set_value();
}

BOOST_AUTO_TEST_CASE(it_hangs_up) {
  Server rude{[](int) {}};
  checkAll(makeRedisTokenStore(at(rude.port())), Errc::connectionLost);
  Server cut{[](int socket) {
    char byte = 0;
    if (::read(socket, &byte, 1) == 1) sendAll(socket, "$100\r\nhalf");
  }};
  checkAll(makeRedisTokenStore(at(cut.port())), Errc::connectionLost);
}

BOOST_AUTO_TEST_CASE(something_else_listens) {
  for (const std::string answer : {"HTTP/1.1 400 Bad Request\r\n\r\n", "*1000000000\r\n*1000000000\r\n", "%1\r\n", "\r\n",
                                   ":x\r\n", "$-7\r\n", "$x\r\n", "$99999999999999999999\r\n"}) {
    BOOST_TEST_CONTEXT(answer) {
      const auto server = saying(answer);
      checkAll(makeRedisTokenStore(at(server->port())), Errc::badResponse);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_without_end) {
  Server endless{[](int socket) {
    const std::string piece(65'536, 'x');
    if (!sendAll(socket, "+")) return;
    while (sendAll(socket, piece)) {
    }
  }};
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(endless.port()));
  BOOST_TEST(!resultOf(loop, store->load("app")));
  CHECK_TOKEN_FAILURE(failureOf(loop, store->lock("app", "me", seconds{5})), badResponse, notSent);
}

BOOST_AUTO_TEST_CASE(an_error_that_repeats_what_was_sent) {
  const auto echo = saying("-ERR unknown command, with args beginning with: 'sesame' 'SECRET-TOKEN'\r\n");
  checkAll(makeRedisTokenStore(at(echo->port())), Errc::badResponse);
  auto options = at(echo->port());
  options.password = "sesame";
  checkAll(makeRedisTokenStore(options), Errc::badResponse);
}

BOOST_AUTO_TEST_CASE(answers_of_another_kind) {
  for (const std::string answer : {"+OK\r\n", "$2\r\nOK\r\n", "$-1\r\n"}) {
    asio::io_context loop{1};
    const auto server = saying(answer);
    const auto store = makeRedisTokenStore(at(server->port()));
    BOOST_TEST(!resultOf(loop, store->load("app")));
    CHECK_TOKEN_FAILURE(failureOf(loop, store->lock("app", "me", seconds{5})), badResponse, notSent);
  }
  asio::io_context loop{1};
  const auto number = saying(":1\r\n");
  CHECK_TOKEN_FAILURE(failureOf(loop, makeRedisTokenStore(at(number->port()))->load("app")), badResponse, notSent);
}

BOOST_AUTO_TEST_CASE(cancellation_reaches_the_socket) {
  std::atomic<int> asked{0};
  std::atomic<int> closed{0};
  Server silent{[&](int socket) {
    char byte = 0;
    if (::read(socket, &byte, 1) == 1) ++asked;
    readAll(socket);
    ++closed;
  }};
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(silent.port(), patience));
  const auto call = start(loop.get_executor(), store->lock("app", "me", seconds{5}));
  runUntil(loop, [&] { return asked == 1; });
  call->signal.emit(asio::cancellation_type::terminal);
  runUntil(loop, [&] { return call->done && closed == 1; });
  BOOST_REQUIRE(call->error);
  CHECK_TOKEN_FAILURE(*call->error, cancelled, notSent);
}

BOOST_AUTO_TEST_CASE(an_event_loop_is_destroyed_meanwhile) {
  Server silent{[](int socket) { readAll(socket); }};
  const auto store = makeRedisTokenStore(at(silent.port(), patience));
  Background gone;
  const auto call = start(gone.executor(), store->load("app"));
  gone.destroy();
  BOOST_TEST(!call->done);
}

BOOST_AUTO_TEST_CASE(a_restarted_redis_is_found_at_once) {
  RedisServer server;
  asio::io_context loop{1};
  const auto store = makeRedisTokenStore(at(server.port()));
  BOOST_TEST(resultOf(loop, store->lock("app", "me", seconds{60})));
  server.stop();
  CHECK_TOKEN_FAILURE(failureOf(loop, store->load("app")), connect, notSent);
  server.start();
  BOOST_TEST(!resultOf(loop, store->load("app")));
  BOOST_TEST(resultOf(loop, store->lock("app", "you", seconds{60})));
}

BOOST_AUTO_TEST_CASE(many_at_once_on_several_threads) {
  RedisServer server;
  const auto store = makeRedisTokenStore(at(server.port(), patience));
  std::vector<std::unique_ptr<Background>> loops;
  for (int i = 0; i < 4; ++i) loops.push_back(std::make_unique<Background>());
  std::vector<std::shared_ptr<Call<bool>>> calls;
  for (int i = 0; i < 200; ++i) {
    const auto& loop = loops[static_cast<std::size_t>(i % 4)];
    calls.push_back(start(loop->executor(), store->lock("app", "owner " + std::to_string(i), seconds{60})));
  }
  int taken = 0;
  for (const auto& call : calls) {
    awaitOthers([&] { return call->done.load(); });
    BOOST_REQUIRE(call->value);
    taken += *call->value ? 1 : 0;
  }
  BOOST_TEST(taken == 1);
}

BOOST_AUTO_TEST_SUITE_END()
