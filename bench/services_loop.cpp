// Calls per second of a mini-program service in a keep-alive loop. bench/services_loop/run.sh starts the server and Node.
//   services_loop BASE_URL CA_FILE IN_FLIGHT SECONDS
#include <openapi/weixin.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

struct Load {
  const openapi::Weixin& weixin;
  openapi::weixin::SendSubscribeMessageRequest message;
  Clock::time_point end{};
  std::size_t answers = 0;
};

asio::awaitable<void> loop(Load& load) {
  while (Clock::now() < load.end) {
    const auto sent = co_await load.weixin.subscribeMessage.send(load.message);
    if (sent.msgid) ++load.answers;
  }
}

void run(asio::io_context& context, Load& load, int inFlight, double seconds) {
  load.answers = 0;
  load.end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  context.restart();
  for (int i = 0; i < inFlight; ++i) {
    asio::co_spawn(context, loop(load), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  context.run();
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 5) return std::fputs("usage: services_loop BASE_URL CA_FILE IN_FLIGHT SECONDS\n", stderr), 2;
  openapi::WeixinConfig config;
  config.appId = "wx2421b1c4370ec43b";
  config.accessToken = "ACCESS_TOKEN";
  config.apiBaseUrl = arguments[1];
  openapi::HttpOptions options;
  options.caFile = arguments[2];
  options.proxy = "";
  asio::io_context context{1};
  const openapi::Weixin weixin{context.get_executor(), config, options};
  openapi::weixin::SendSubscribeMessageRequest message;
  message.touser = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
  message.templateId = "TEMPLATE_ID";
  message.data =
      openapi::Fields{{"thing1", openapi::Fields{{"value", "季卡"}}}, {"amount2", openapi::Fields{{"value", "88.00元"}}}};
  Load load{.weixin = weixin, .message = message};
  const int inFlight = std::atoi(arguments[3]);
  const double seconds = std::atof(arguments[4]);
  run(context, load, inFlight, 0.5);  // connects and warms up
  const auto begin = Clock::now();
  run(context, load, inFlight, seconds);
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
  std::printf("%.0f\n", static_cast<double>(load.answers) / elapsed);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
