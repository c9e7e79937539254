#pragma once

#include <support/token_world.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

// A platform that gives tokens and a store that keeps them, both on command.
namespace tokens {

using openapi::token::TokenRules;
using openapi::token::TokenSource;
using std::chrono::steady_clock;
using std::chrono::system_clock;

inline const system_clock::time_point morning{seconds{1'800'000'000}};

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
    const auto time = now();  // read once: a clock that goes on meanwhile would leave the token no time
    if (!stable || force || time >= endsAt || serial == 0) {
      ++serial;
      endsAt = time + life;
    }
    FreshToken token;
    token.value = "T" + std::to_string(serial);
    token.expiresIn = std::chrono::duration_cast<seconds>(endsAt - time);
    return token;
  }
};

inline asio::awaitable<FreshToken> fetchFrom(std::shared_ptr<Platform> platform, bool force) {
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
  std::atomic<Mood> unlockMood = Mood::good;
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
    co_await behave(unlockMood);
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

inline StoredToken until(const Platform& platform, const std::string& value, seconds left) {
  return {value, platform.now() + left};
}

}  // namespace tokens
