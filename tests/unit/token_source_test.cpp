// One renewal at a time, whatever happens to those who wait for it, to the store and to the platform.
#include <support/token_world.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace tokens;
using openapi::token::TokenRules;
using openapi::token::TokenSource;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

const system_clock::time_point morning{seconds{1'800'000'000}};

/// The platform: gives one token until it ends (`stable`), or a new one for each request.
struct Platform {
  std::atomic<std::int64_t> clock{0};  ///< seconds since the morning
  std::atomic<int> fetches{0};
  std::atomic<int> forced{0};
  std::atomic<int> ended{0};  ///< fetches that are over, one way or another
  bool stable = true;
  seconds life{7200};
  std::shared_ptr<Gate> gate = std::make_shared<Gate>(true);  ///< fetches wait here
  std::function<void(int number)> before{};                   ///< may throw
  std::function<FreshToken(int number)> answer{};             ///< instead of the usual one
  std::mutex mutex{};
  int serial = 0;
  system_clock::time_point endsAt{};

  [[nodiscard]] system_clock::time_point now() const { return morning + seconds{clock.load()}; }

  FreshToken give(bool force) {
    const std::lock_guard lock{mutex};
    if (!stable || force || now() >= endsAt || serial == 0) {
      ++serial;
      endsAt = now() + life;
    }
    FreshToken token;
    token.value = "T" + std::to_string(serial);
    token.expiresIn = std::chrono::duration_cast<seconds>(endsAt - now());
    return token;
  }
};

asio::awaitable<FreshToken> fetchFrom(std::shared_ptr<Platform> platform, bool force) {
  struct Ends {
    std::atomic<int>& count;
    ~Ends() { ++count; }
  };
  const Ends ends{platform->ended};
  const auto gate = platform->gate;  // before it is counted: a test may then put another in its place
  if (force) ++platform->forced;
  const int number = ++platform->fetches;
  co_await Gate::pass(gate);
  if (platform->before) platform->before(number);
  if (platform->answer) co_return platform->answer(number);
  co_return platform->give(force);
}

/// A store in memory that counts, fails and stands still on command.
class FakeStore : public openapi::TokenStore {
 public:
  enum class Mood { good, failing, hanging };
  std::atomic<Mood> mood = Mood::good;
  std::atomic<Mood> saveMood = Mood::good;
  std::atomic<int> loads{0}, saves{0}, locks{0}, unlocks{0};
  bool refuseSave = false;
  std::function<void()> onLock{};

  std::optional<StoredToken> token(const std::string& key = "app") {
    const std::lock_guard guard{mutex_};
    const auto entry = tokens_.find(key);
    return entry == tokens_.end() ? std::nullopt : std::optional{entry->second};
  }
  void put(StoredToken token, const std::string& key = "app") {
    const std::lock_guard guard{mutex_};
    tokens_[key] = std::move(token);
  }
  void hold(const std::string& key, const std::string& owner) {
    const std::lock_guard guard{mutex_};
    if (owner.empty()) {
      owners_.erase(key);
    } else {
      owners_[key] = owner;
    }
  }
  std::string owner(const std::string& key = "app") {
    const std::lock_guard guard{mutex_};
    return owners_.contains(key) ? owners_[key] : "";
  }

  asio::awaitable<std::optional<StoredToken>> load(std::string key) override {
    ++loads;
    co_await behave(mood);
    co_return token(key);
  }
  asio::awaitable<bool> save(std::string key, std::string owner, StoredToken given) override {
    ++saves;
    co_await behave(mood);
    co_await behave(saveMood);
    const std::lock_guard guard{mutex_};
    if (refuseSave || owners_[key] != owner) co_return false;
    tokens_[key] = std::move(given);
    co_return true;
  }
  asio::awaitable<bool> lock(std::string key, std::string owner, milliseconds) override {
    ++locks;
    co_await behave(mood);
    if (onLock) onLock();
    const std::lock_guard guard{mutex_};
    co_return owners_.emplace(key, owner).second;
  }
  asio::awaitable<void> unlock(std::string key, std::string owner) override {
    ++unlocks;
    co_await behave(mood);
    const std::lock_guard guard{mutex_};
    if (owners_.contains(key) && owners_[key] == owner) owners_.erase(key);
  }

 private:
  asio::awaitable<void> behave(Mood now) {
    if (now == Mood::failing) {
      Error::Details details;
      details.outcome = Outcome::unknown;
      throw Error(Errc::connectionLost, "the store is broken", details);
    }
    const auto never = std::make_shared<Gate>();
    if (now == Mood::hanging) co_await Gate::pass(never);
  }

  std::mutex mutex_;
  std::map<std::string, StoredToken> tokens_;
  std::map<std::string, std::string> owners_;
};

/// One process.
struct World {
  std::shared_ptr<Platform> platform = std::make_shared<Platform>();
  std::shared_ptr<FakeStore> store = std::make_shared<FakeStore>();
  TokenRules rules = usual();
  std::optional<TokenSource> made{};
  asio::io_context loop{1};

  static TokenRules usual() {
    TokenRules rules;
    rules.key = "app";
    rules.renewAhead = seconds{200};
    return rules;
  }
  TokenSource& source() {
    if (!made) made.emplace(store, rules, fetch(), [platform = platform] { return platform->now(); });
    return *made;
  }
  TokenSource::Fetch fetch() const {
    return [platform = platform](bool force, Deadline) { return fetchFrom(platform, force); };
  }
  /// Another process on the same store.
  std::unique_ptr<TokenSource> another() const {
    return std::make_unique<TokenSource>(store, rules, fetch(), [platform = platform] { return platform->now(); });
  }

  void beClassic() {
    platform->stable = false;
    rules.repeatable = rules.forceable = false;
  }
  std::string current() { return resultOf(loop, source().current(in(patience))); }
  std::string instead(const std::string& refused) { return resultOf(loop, source().instead(refused, in(patience))); }
  void pass(seconds time) { platform->clock += time.count(); }
  void close() { platform->gate = std::make_shared<Gate>(); }
  std::shared_ptr<Call<std::string>> call(milliseconds time = patience) {
    return start(loop.get_executor(), source().current(in(time)));
  }
  std::shared_ptr<Call<std::string>> callInstead(const std::string& refused, milliseconds time = patience) {
    return start(loop.get_executor(), source().instead(refused, in(time)));
  }
  void awaitFetch(int number) {
    runUntil(loop, [&] { return platform->fetches == number; });
  }
  template <class Calls>
  void finish(const Calls& calls) {
    for (const auto& call : calls) runUntil(loop, [&] { return call->done.load(); });
  }
  /// Lets everything happen that can happen now.
  void settle() {
    loop.restart();
    while (loop.poll() != 0) loop.restart();
  }
};

using Calls = std::vector<std::shared_ptr<Call<std::string>>>;

StoredToken until(const Platform& platform, const std::string& value, seconds left) { return {value, platform.now() + left}; }

}  // namespace

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

// --- several processes -------------------------------------------------------------------------------

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

// --- a store that fails ------------------------------------------------------------------------------

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

// --- tokens that the platform refuses ----------------------------------------------------------------

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

// --- renewals on request -----------------------------------------------------------------------------

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

// --- all at once -------------------------------------------------------------------------------------

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
  for (const auto& call : calls) BOOST_TEST(call->value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory_token_store)

BOOST_AUTO_TEST_CASE(locks_and_tokens) {
  asio::io_context loop{1};
  const auto store = openapi::makeMemoryTokenStore();
  const StoredToken token{"value", morning};
  BOOST_TEST(!resultOf(loop, store->load("a")));
  BOOST_TEST(!resultOf(loop, store->save("a", "me", token)));  // without the lock
  BOOST_TEST(resultOf(loop, store->lock("a", "me", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->lock("a", "you", seconds{60})));
  BOOST_TEST(resultOf(loop, store->lock("b", "you", seconds{60})));
  BOOST_TEST(!resultOf(loop, store->save("a", "you", token)));
  BOOST_TEST(resultOf(loop, store->save("a", "me", token)));
  const auto found = resultOf(loop, store->load("a"));
  BOOST_REQUIRE(found);
  BOOST_TEST(found->value == "value");
  BOOST_TEST((found->expiresAt == morning));
  BOOST_TEST(!resultOf(loop, store->load("b")));
}

BOOST_AUTO_TEST_CASE(a_lock_is_given_back_or_ends) {
  asio::io_context loop{1};
  const auto store = openapi::makeMemoryTokenStore();
  const auto unlock = [](std::shared_ptr<openapi::TokenStore> from, std::string owner) -> asio::awaitable<bool> {
    auto unlocking = from->unlock("a", owner);
    co_await std::move(unlocking);
    co_return true;
  };
  BOOST_TEST(resultOf(loop, store->lock("a", "me", seconds{60})));
  BOOST_TEST(resultOf(loop, unlock(store, "you")));
  BOOST_TEST(!resultOf(loop, store->lock("a", "you", seconds{60})));
  BOOST_TEST(resultOf(loop, unlock(store, "me")));
  BOOST_TEST(resultOf(loop, store->lock("a", "you", milliseconds{1})));
  awaitOthers([&] { return resultOf(loop, store->lock("a", "third", seconds{60})); });
  BOOST_TEST(!resultOf(loop, store->save("a", "you", StoredToken{"late", morning})));
  BOOST_TEST(!resultOf(loop, store->load("a")));
}

BOOST_AUTO_TEST_SUITE_END()
