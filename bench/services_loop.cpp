// Calls per second of a mini-program service in a keep-alive loop. bench/services_loop/run.sh starts the server and Node.
//   services_loop BASE_URL CA_FILE IN_FLIGHT SECONDS
#include "loop.hpp"

#include <openapi/weixin.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

namespace asio = boost::asio;

struct Load {
  asio::io_context& context;
  const openapi::Weixin& weixin;
  openapi::weixin::SendSubscribeMessageRequest message;
  bench::Pace pace{};
};

asio::awaitable<void> loop(Load& load) {
  while (bench::Clock::now() < load.pace.end) {
    const auto sent = co_await load.weixin.subscribeMessage.send(load.message);
    if (sent.msgid) ++load.pace.answers;
  }
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
  Load load{.context = context, .weixin = weixin, .message = message};
  const int inFlight = std::atoi(arguments[3]);
  bench::run(loop, load, inFlight, 0.5);  // connects and warms up
  const double elapsed = bench::run(loop, load, inFlight, std::atof(arguments[4]));
  std::printf("%.0f\n", static_cast<double>(load.pace.answers) / elapsed);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
