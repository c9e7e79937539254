#include <openapi/redis_token_store.hpp>

#include "token/redis_connection.hpp"
#include "token/waiter.hpp"

#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace openapi {

namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;
using token::RedisReply;

constexpr std::size_t longestToken = 4096;
constexpr std::int64_t lastTime = 253402300799;  // the year 9999
constexpr seconds shortestLife{5};
constexpr seconds nameCacheTime{60};

// A lock that does not end by itself is nobody's: those that are taken here all do.
constexpr const char* lockScript =
    "if redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end "
    "if redis.call('pttl', KEYS[1]) < 0 then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 end "
    "return 0";
constexpr const char* saveScript =
    "if redis.pcall('get', KEYS[1]) ~= ARGV[1] then return 0 end "
    "redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[3]) return 1";
constexpr const char* unlockScript =
    "if redis.pcall('get', KEYS[1]) ~= ARGV[1] then return 0 end "
    "redis.call('del', KEYS[1]) return 1";

std::string written(const StoredToken& token) {
  const auto ends = std::chrono::duration_cast<seconds>(token.expiresAt.time_since_epoch()).count();
  return Json{Fields{{"value", token.value}, {"expiresAt", std::int64_t{ends}}}}.json();
}

milliseconds lifeOf(const StoredToken& token) {
  const auto left = std::chrono::duration_cast<milliseconds>(token.expiresAt - system_clock::now());
  return (std::max)(left, milliseconds{shortestLife});
}

std::optional<StoredToken> tokenIn(const Json& json) {
  const auto* value = json.find("value");
  const auto* ends = json.find("expiresAt");
  if (!value || !ends || !value->string() || !ends->integer()) return std::nullopt;
  const auto& text = *value->string();
  const auto time = *ends->integer();
  if (text.empty() || text.size() > longestToken || time < 0 || time > lastTime) return std::nullopt;
  return StoredToken{text, system_clock::time_point{seconds{time}}};
}

/// None when `text` is no token.
std::optional<StoredToken> read(const std::string& text) {
  try {
    return tokenIn(Json::parse(text));
  } catch (const Error&) {
    return std::nullopt;
  }
}

void checkOptions(const RedisOptions& options) {
  const auto require = [](bool good, const char* problem) {
    if (!good) throw Error(Errc::config, problem);
  };
  require(!options.host.empty(), "RedisOptions::host: is empty");
  require(options.port != 0, "RedisOptions::port: must be 1 to 65535");
  require(options.database >= 0, "RedisOptions::database: must not be negative");
  require(options.timeout > milliseconds{0}, "RedisOptions::timeout: must be positive");
  require(options.password || !options.username, "RedisOptions::password: missing for the user name");
}

/// What an operation shares with the store, which it may outlive.
struct Place {
  std::shared_ptr<const RedisOptions> options;
  std::shared_ptr<http::Names> names;
};

using Command = std::vector<std::string>;

asio::awaitable<RedisReply> exchange(Place place, Command command) {
  const auto executor = co_await asio::this_coro::executor;
  token::RedisConnection connection{executor, place.options};
  co_await connection.open(place.names);
  auto reply = co_await connection.ask(std::move(command));
  co_return reply;
}

/// One connection, one command, one deadline over both.
asio::awaitable<RedisReply> run(Place place, Command command) {
  const auto deadline = std::chrono::steady_clock::now() + place.options->timeout;
  auto exchanged = exchange(place, std::move(command));
  auto reply = co_await token::resultWithin(place.names, std::move(exchanged), deadline);
  if (reply) co_return std::move(*reply);
  Error::Details details;
  details.retryable = true;
  throw Error(Errc::timeout,
              "Redis at " + token::addressOf(*place.options) + " did not answer within " +
                  std::to_string(place.options->timeout.count()) + " ms; check that it runs, and RedisOptions::timeout",
              std::move(details));
}

Error surprise(const Place& place, const std::string& what, const RedisReply& reply) {
  const auto told = reply.kind == RedisReply::Kind::error ? " (" + (reply.text.empty() ? "ERR" : reply.text) + ")" : "";
  return Error(Errc::badResponse, "Redis at " + token::addressOf(*place.options) + " cannot use the " + what + told +
                                      "; check the rights of its user, its memory, and that nothing else writes there");
}

/// The yes or no of a script.
asio::awaitable<bool> decide(Place place, std::string what, Command command) {
  const auto reply = co_await run(place, std::move(command));
  if (reply.kind != RedisReply::Kind::integer) throw surprise(place, what, reply);
  co_return reply.integer == 1;
}

asio::awaitable<std::optional<StoredToken>> loadFrom(Place place, Command command) {
  const auto reply = co_await run(place, std::move(command));
  if (reply.kind == RedisReply::Kind::text) co_return read(reply.text);
  const bool absent = reply.kind == RedisReply::Kind::nil || reply.kind == RedisReply::Kind::oversized ||
                      (reply.kind == RedisReply::Kind::error && reply.text == "WRONGTYPE");
  if (!absent) throw surprise(place, "key of the token", reply);
  co_return std::nullopt;
}

asio::awaitable<bool> saveTo(Place place, std::string lockKey, std::string tokenKey, std::string owner, StoredToken token) {
  if (token.value.empty() || token.value.size() > longestToken)
    throw Error(Errc::invalidArgument, "token: must have 1 to 4096 characters");
  const auto life = std::to_string(lifeOf(token).count());
  Command command{"EVAL", saveScript, "2", std::move(lockKey), std::move(tokenKey), std::move(owner), written(token), life};
  auto decided = decide(place, "key of the token", std::move(command));
  const bool saved = co_await std::move(decided);
  co_return saved;
}

asio::awaitable<void> unlockAt(Place place, Command command) {
  auto decided = decide(place, "key of the lock", std::move(command));
  co_await std::move(decided);
}

class RedisTokenStore : public TokenStore {
 public:
  explicit RedisTokenStore(RedisOptions options)
      : prefix_{options.prefix},
        place_{std::make_shared<const RedisOptions>(std::move(options)),
               std::make_shared<http::Names>(http::systemResolver(), nameCacheTime)} {}

  asio::awaitable<std::optional<StoredToken>> load(std::string key) override {
    return loadFrom(place_, Command{"GET", tokenKey(key)});
  }

  asio::awaitable<bool> save(std::string key, std::string owner, StoredToken token) override {
    return saveTo(place_, lockKey(key), tokenKey(key), std::move(owner), std::move(token));
  }

  asio::awaitable<bool> lock(std::string key, std::string owner, milliseconds lease) override {
    const auto life = std::to_string((std::max)(lease, milliseconds{1}).count());
    return decide(place_, "key of the lock", Command{"EVAL", lockScript, "1", lockKey(key), std::move(owner), life});
  }

  asio::awaitable<void> unlock(std::string key, std::string owner) override {
    return unlockAt(place_, Command{"EVAL", unlockScript, "1", lockKey(key), std::move(owner)});
  }

 private:
  std::string tokenKey(const std::string& key) const { return prefix_ + key; }
  std::string lockKey(const std::string& key) const { return prefix_ + key + ":lock"; }

  const std::string prefix_;
  const Place place_;
};

}  // namespace

std::shared_ptr<TokenStore> makeRedisTokenStore(RedisOptions options) {
  checkOptions(options);
  return std::make_shared<RedisTokenStore>(std::move(options));
}

}  // namespace openapi
