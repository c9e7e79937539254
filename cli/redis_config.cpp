#include <cli/redis_config.hpp>

#include <openapi/redis_token_store.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <limits>

namespace openapi::cli {
namespace {

struct RedisConfig {
  std::optional<std::string> host{};
  std::optional<std::int64_t> port{};
  std::optional<std::string> username{};
  std::optional<std::string> password{};
  std::optional<std::int64_t> database{};
  std::optional<std::string> prefix{};
  std::optional<std::int64_t> timeout{};  ///< milliseconds
};
BOOST_DESCRIBE_STRUCT(RedisConfig, (), (host, port, username, password, database, prefix, timeout))

std::int64_t within(const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return value;
  throw Error{Errc::config, std::string{"redis."} + name + ": must be " + std::to_string(least) + " to " + std::to_string(most)};
}

RedisOptions optionsFrom(const RedisConfig& config) {
  RedisOptions options;
  if (config.host) options.host = *config.host;
  if (config.port) options.port = static_cast<std::uint16_t>(within("port", *config.port, 1, 65535));
  options.username = config.username;
  options.password = config.password;
  if (config.database) {
    options.database = static_cast<int>(within("database", *config.database, 0, std::numeric_limits<int>::max()));
  }
  if (config.prefix) options.prefix = *config.prefix;
  if (config.timeout) options.timeout = std::chrono::milliseconds{within("timeout", *config.timeout, 1, 60'000)};
  if (options.host.empty()) throw Error{Errc::config, "redis.host: is empty"};
  return options;
}

/// A problem under the name that the member has in the file.
std::string named(std::string problem) {
  constexpr std::string_view options = "RedisOptions::";
  if (problem.starts_with(options)) problem.erase(0, options.size());
  return problem.starts_with("redis") ? problem : "redis." + problem;
}

std::shared_ptr<TokenStore> storeFor([[maybe_unused]] RedisOptions options) {
#ifdef OPENAPI_WITH_REDIS
  return makeRedisTokenStore(std::move(options));
#else
  throw Error{Errc::config, "redis: this openapi was built without Redis (CMake option OPENAPI_WITH_REDIS)"};
#endif
}

}  // namespace

std::shared_ptr<TokenStore> takeTokenStore(ConfigFile& file) {
  const auto* found = file.members.find("redis");
  if (found == nullptr) return nullptr;
  if (found->object() == nullptr) {
    throw Error{Errc::config, "redis: expected an object such as {\"host\":\"127.0.0.1\"}, got " + std::string{found->kind()}};
  }
  const auto members = withFiles(*found->object(), textMembers<RedisConfig>(), file.folder, "redis.");
  file.members.erase("redis");
  try {
    return storeFor(optionsFrom(configFrom<RedisConfig>(members)));
  } catch (const Error& error) {
    throw Error{Errc::config, named(error.what())};
  }
}

}  // namespace openapi::cli
