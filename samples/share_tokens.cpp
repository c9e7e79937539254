// Two servers share one access token through Redis: the first fetches it, the second finds it. With tokens of
// /cgi-bin/token, where each new one ends the one before, this is what keeps servers from ending each other's.
// Needs a Redis server: usage: sample_share_tokens [PORT] (default 6379); the tests start one of their own.
#include <openapi/openapi.hpp>
#include <openapi/redis_token_store.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace wx = openapi::weixin;

/// One server, as it would be on a machine of its own.
class Server {
 public:
  Server(asio::io_context& context, samples::LocalPlatforms& platforms, const openapi::RedisOptions& redis)
      : weixin_{context.get_executor(), configOf(platforms, redis), platforms.http} {}

  asio::awaitable<void> drawCode() {
    wx::GetUnlimitedRequest request{.scene = "a=1"};
    auto code = co_await weixin_.wxacode.getUnlimited(request);
    std::cout << "a code of " << code.buffer.data.size() << " bytes\n";
  }

 private:
  static openapi::WeixinConfig configOf(samples::LocalPlatforms& platforms, const openapi::RedisOptions& redis) {
    auto config = platforms.weixin;
    config.stableToken = false;
    config.tokenStore = openapi::makeRedisTokenStore(redis);
    return config;
  }

  openapi::Weixin weixin_;
};

asio::awaitable<void> work(asio::io_context& context, samples::LocalPlatforms& platforms, openapi::RedisOptions redis) {
  Server first{context, platforms, redis};
  Server second{context, platforms, redis};
  co_await first.drawCode();
  co_await second.drawCode();
  co_await first.drawCode();
}

int main(int argc, char** argv) try {
  samples::LocalPlatforms platforms;
  // The platform gives one token today, so a second one would be refused.
  platforms.control("POST", "/quota", openapi::Fields{{"provider", "weixinApi"}, {"cgiPath", "/cgi-bin/token"}, {"daily", 1}});
  openapi::RedisOptions redis;
  if (argc > 1) redis.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  // Of this run alone; a real program keeps one prefix for ever.
  redis.prefix = "openapi:sample:" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + ":";

  asio::io_context context;
  asio::co_spawn(context, work(context, platforms, redis), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
