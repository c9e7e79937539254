// One of several processes that share an app: does what the lines of its input say.
// usage: token_child REDIS_PORT ENDPOINT_PORT MILLISECONDS stable|classic
#include "../endpoint_fetch.hpp"

#include <openapi/redis_token_store.hpp>
#include <openapi/wait.hpp>

#include <iostream>

using openapi::token::TokenSource;

namespace {

boost::asio::awaitable<void> keep(boost::asio::awaitable<std::string> work, std::string& result) {
  auto value = co_await std::move(work);
  result = std::move(value);
}

void say(const std::string& line) { std::cout << line << std::endl; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) return 2;
  openapi::RedisOptions redis;
  redis.port = static_cast<std::uint16_t>(std::stoi(arguments[1]));
  const auto endpoint = static_cast<std::uint16_t>(std::stoi(arguments[2]));
  const std::chrono::milliseconds time{std::stoi(arguments[3])};
  openapi::token::TokenRules rules;
  rules.key = "app";
  rules.renewAhead = std::chrono::seconds{200};
  rules.repeatable = rules.forceable = std::string{arguments[4]} == "stable";
  TokenSource source{openapi::makeRedisTokenStore(redis), rules, tokens::fetchFromPort(endpoint)};
  std::string token;
  say("ready");
  for (std::string line; std::getline(std::cin, line);) {
    say("asking");
    try {
      const auto deadline = std::chrono::steady_clock::now() + time;
      openapi::detail::runToEnd(keep(line == "instead" ? source.instead(token, deadline) : source.current(deadline), token));
      say("token " + token);
    } catch (const openapi::Error& error) {
      say("error " + std::string{toString(error.errc())} + " " + error.what());
    }
  }
}
