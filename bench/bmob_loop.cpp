// Operations per second of `openapi::Bmob` in a closed loop: one JSON line. bench/peers/bmob/run.sh starts the local Bmob and the
// JavaScript SDK.
//   bmob_loop BMOB_JSON IN_FLIGHT SECONDS [TABLE]
// BMOB_JSON: as `openapi sandbox --write-config` writes it. With TABLE, which bmob_table_bench made, only its queries.
#include "loop.hpp"

#include <openapi/bmob.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace {

namespace asio = boost::asio;
namespace bmob = openapi::bmob;
using openapi::Json;

constexpr std::int64_t scores = 50;  // different ones, so that every query finds its ten rows soon

struct Load {
  asio::io_context& context;
  const openapi::Bmob& client;
  std::string table;
  std::string id{};
  std::int64_t differentScores = scores;
  std::int64_t number = 0;
  std::minstd_rand random{1};
  bench::Pace pace{};
};

asio::awaitable<void> save(Load& load) {
  while (bench::Clock::now() < load.pace.end) {
    bmob::Changes row;
    row.set("playerName", "Sean Plott").set("score", ++load.number % scores);
    auto saved = co_await load.client.query(load.table).save(row);
    load.id = std::move(saved.objectId);
    ++load.pace.answers;
  }
}

asio::awaitable<void> get(Load& load) {
  while (bench::Clock::now() < load.pace.end) {
    auto row = co_await load.client.query(load.table).get(load.id);
    if (!row.objectId.empty()) ++load.pace.answers;
  }
}

asio::awaitable<void> find(Load& load) {
  while (bench::Clock::now() < load.pace.end) {
    auto query = load.client.query(load.table);
    query.equalTo("score", static_cast<std::int64_t>(load.random()) % load.differentScores).limit(10);
    auto found = co_await query.find();
    if (found.results.size() == 10) ++load.pace.answers;
  }
}

double rate(asio::awaitable<void> (*loop)(Load&), Load& load, int inFlight, double seconds) {
  bench::run(loop, load, inFlight, 0.5);  // connects and warms up
  const auto elapsed = bench::run(loop, load, inFlight, seconds);
  return static_cast<double>(load.pace.answers) / elapsed;
}

openapi::BmobConfig configFrom(const std::filesystem::path& path) {
  std::ifstream file{path};
  const auto json = Json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
  const auto text = [&](const char* name) { return *json.find(name)->string(); };
  openapi::BmobConfig config;
  config.baseUrl = text("baseUrl");
  config.secretKey = text("secretKey");
  config.safeCode = text("safeCode");
  return config;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 4 && count != 5) return std::fputs("usage: bmob_loop BMOB_JSON IN_FLIGHT SECONDS [TABLE]\n", stderr), 2;
  const std::filesystem::path path{arguments[1]};
  const int inFlight = std::atoi(arguments[2]);
  const double seconds = std::atof(arguments[3]);
  openapi::HttpOptions options;
  options.caFile = path.parent_path() / "ca.pem";
  options.proxy = "";
  asio::io_context context{1};
  const openapi::Bmob client{context.get_executor(), configFrom(path), options};
  Load load{.context = context, .client = client, .table = "Bench" + std::to_string(::getpid())};
  if (count == 5) {
    load.table = arguments[4];
    load.differentScores = 100000;
    std::printf("{\"client\":\"openapi table\",\"inFlight\":%d,\"queries\":%.0f}\n", inFlight,
                rate(find, load, inFlight, seconds));
    return 0;
  }
  const auto saves = rate(save, load, inFlight, seconds);
  const auto gets = rate(get, load, inFlight, seconds);
  const auto queries = rate(find, load, inFlight, seconds);
  std::printf("{\"client\":\"openapi\",\"inFlight\":%d,\"saves\":%.0f,\"gets\":%.0f,\"queries\":%.0f}\n", inFlight, saves, gets,
              queries);
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
