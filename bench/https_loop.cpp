// Requests per second of the HTTP client in a keep-alive loop. bench/https_loop/run.sh starts the server and the peers.
//   https_loop URL CA_FILE IN_FLIGHT SECONDS
#include "loop.hpp"

#include <http/client.hpp>

#include <openapi/error.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace {

namespace asio = boost::asio;

struct Load {
  asio::io_context& context;
  std::shared_ptr<openapi::Transport> client;
  std::string url;
  std::string body = std::string(700, 'x');
  bench::Pace pace{};
};

asio::awaitable<void> loop(Load& load) {
  while (bench::Clock::now() < load.pace.end) {
    openapi::HttpRequest request;
    request.url = load.url;
    request.headers.add("Content-Type", "text/xml");
    request.body = load.body;
    request.deadline = bench::Clock::now() + std::chrono::seconds{5};
    auto response = co_await load.client->send(std::move(request));
    if (response.status != 200 || response.body.size() < 400) throw std::runtime_error("an unexpected answer");
    ++load.pace.answers;
  }
}

double processorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 5) return std::fputs("usage: https_loop URL CA_FILE IN_FLIGHT SECONDS\n", stderr), 2;
  openapi::HttpOptions options;
  options.caFile = arguments[2];
  options.proxy = "";
  asio::io_context context{1};
  Load load{.context = context, .client = openapi::http::makeClient(options), .url = arguments[1]};
  const int inFlight = std::atoi(arguments[3]);
  bench::run(loop, load, inFlight, 0.5);  // connects and warms up
  const auto used = processorSeconds();
  const double elapsed = bench::run(loop, load, inFlight, std::atof(arguments[4]));
  const auto answers = static_cast<double>(load.pace.answers);
  std::printf("%.0f %.1f\n", answers / elapsed, 1e6 * (processorSeconds() - used) / answers);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
