// Requests per second of the HTTP client in a keep-alive loop. bench/https_loop/run.sh starts the server and the peers.
//   https_loop URL CA_FILE IN_FLIGHT SECONDS
#include <http/client.hpp>

#include <openapi/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

struct Load {
  std::shared_ptr<openapi::Transport> client;
  std::string url;
  std::string body = std::string(700, 'x');
  Clock::time_point end{};
  std::size_t answers = 0;
};

asio::awaitable<void> loop(Load& load) {
  while (Clock::now() < load.end) {
    openapi::HttpRequest request;
    request.url = load.url;
    request.headers.add("Content-Type", "text/xml");
    request.body = load.body;
    request.deadline = Clock::now() + std::chrono::seconds{5};
    auto response = co_await load.client->send(std::move(request));
    if (response.status != 200 || response.body.size() < 400) throw std::runtime_error("an unexpected answer");
    ++load.answers;
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
  if (count != 5) return std::fputs("usage: https_loop URL CA_FILE IN_FLIGHT SECONDS\n", stderr), 2;
  openapi::HttpOptions options;
  options.caFile = arguments[2];
  options.proxy = "";
  Load load{.client = openapi::http::makeClient(options), .url = arguments[1]};
  const int inFlight = std::atoi(arguments[3]);
  const double seconds = std::atof(arguments[4]);
  asio::io_context context{1};
  run(context, load, inFlight, 0.5);  // connects and warms up
  const auto begin = Clock::now();
  const auto used = processorSeconds();
  run(context, load, inFlight, seconds);
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto answers = static_cast<double>(load.answers);
  std::printf("%.0f %.1f\n", answers / elapsed, 1e6 * (processorSeconds() - used) / answers);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
