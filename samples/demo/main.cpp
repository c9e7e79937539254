// One day of a shop that sells over WeChat Pay and Alipay, against the local platforms: orders, payments, refunds, faults and
// forgeries; on the next morning the bills are fetched and compared with the shop's books, by this program and by the command
// line. Then a short tour of the mini program's services, and one of Bmob. Exit code 0 only when every fen agrees, no forgery
// passed, the command line found exactly the differences that were planted for it, and the tours are right.
#include "bmob_tour.hpp"
#include "day.hpp"
#include "night.hpp"
#include "notify_server.hpp"
#include "report.hpp"
#include "tour.hpp"

#include <gateways/keys.hpp>
#include <samples/support/local_platforms.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <charconv>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <vector>

namespace {

constexpr auto usage = R"(usage: openapi_demo [--orders N] [--seed S] [--tamper] [--verbose] [--command PROGRAM]

A day of trade over WeChat Pay and Alipay against the local platforms, and short tours of the mini program's services and of Bmob.
在本机模拟平台上运行一整天的微信支付与支付宝交易，并简短游览小程序服务与 Bmob。

  --orders N   orders in the course of the day, 1 to 9999 (default 320); some more are there for faults  订单数
  --seed S     another day: amounts, refunds and notifications depend on it  随机种子
  --tamper     the shop books one fen too much: the demo must find it and exit with 1  故意记错一分
  --verbose    a line for each order  逐笔显示
  --command P  the `openapi` program for the nightly run (default: the one that was built beside this)  夜间对账所用的程序
  --help       this text  帮助

Exit code: 0 every fen agrees, no forgery passed and the tours are right; 1 a difference; 2 wrong usage.
)";

template <class Number>
bool read(std::string_view text, Number& number, Number least, Number most) {
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc{} && result.ptr == end && number >= least && number <= most;
}

/// No value: wrong usage.
std::optional<demo::Options> optionsFrom(int argc, char** argv) {
  demo::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--verbose") {
      options.verbose = true;
    } else if (name == "--tamper") {
      options.tamper = true;
    } else if (name == "--command" && !value.empty()) {
      options.command = value;
      ++i;
    } else if (name == "--orders" && read<std::size_t>(value, options.orders, 1, 9999)) {
      ++i;
    } else if (name == "--seed" && read<std::uint64_t>(value, options.seed, 0, UINT64_MAX)) {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

openapi::gateway::SandboxOptions platformOptions() {
  openapi::gateway::SandboxOptions options;
  options.notifyScale = 120;
  const auto app = openapi::gateway::makeRsaPair();
  const auto platform = openapi::gateway::makeRsaPair();
  options.alipay.appPrivateKey = app.privateKey;
  options.alipay.appPublicKey = app.publicKey;
  options.alipay.alipayPrivateKey = platform.privateKey;
  options.alipay.alipayPublicKey = platform.publicKey;
  return options;
}

/// `openapi` as the build leaves it beside this program.
std::string commandBesideThis() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  return (self.parent_path().parent_path() / "cli" / "openapi").string();
}

boost::asio::awaitable<void> dayAndTours(demo::Day& day, demo::Tour& tour, demo::BmobTour& bmobTour) {
  co_await day.run();
  co_await tour.run();
  co_await bmobTour.run();
}

int runDay(const demo::Options& options) {
  const auto platforms = platformOptions();
  openapi::gateway::Sandbox sandbox{platforms};
  openapi::HttpOptions http;
  http.caFile = sandbox.urls().caFile;
  http.proxy = "";

  boost::asio::io_context context{1};
  openapi::Weixin weixin{context.get_executor(), samples::readWeixinConfig(sandbox.configDir()), http};
  openapi::Bmob bmob{context.get_executor(), samples::readBmobConfig(sandbox.configDir()), http};
  openapi::Alipay alipay{context.get_executor(), samples::readAlipayConfig(sandbox.configDir()), http};
  demo::Ledger ledger;
  demo::Shop shop{context.get_executor(), weixin.payment, alipay.payment, ledger};
  demo::NotifyServer server{context.get_executor(), [&shop](std::string path, openapi::Event event) {
                              return shop.onNotify(std::move(path), std::move(event));
                            }};
  shop.setUrl(server.url());

  demo::Progress progress{options.verbose};
  demo::Day day{options, sandbox, platforms.alipay.alipayPrivateKey, platforms.weixin.key, shop, ledger, progress};
  demo::Tour tour{weixin, sandbox, progress};
  demo::BmobTour bmobTour{bmob, http, sandbox, progress};
  std::exception_ptr failure;
  boost::asio::co_spawn(context, dayAndTours(day, tour, bmobTour), [&](std::exception_ptr thrown) {
    failure = std::move(thrown);
    context.stop();
  });
  context.run();
  progress.finish();
  if (failure) std::rethrow_exception(failure);
  const auto command = options.command.empty() ? commandBesideThis() : options.command;
  std::vector<demo::NightRun> nights;
  for (const auto provider : {openapi::Provider::weixin, openapi::Provider::alipay}) {
    progress.phase("The nightly run 夜间对账");
    nights.push_back(demo::nightlyRun(command, sandbox.configDir(), provider, ledger, day.outcomes().date));
  }
  progress.finish();
  const bool toured = demo::report(std::cout, tour.seen());
  const bool touredBmob = demo::report(std::cout, bmobTour.seen());
  const bool agreed = demo::report(std::cout, ledger, shop, day.outcomes());
  const bool reconciled = demo::report(std::cout, nights);
  return toured && touredBmob && agreed && reconciled ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 2 && std::string_view{argv[1]} == "--help") {
    std::cout << usage;
    return 0;
  }
  const auto options = optionsFrom(argc, argv);
  if (!options) {
    std::cerr << usage;
    return 2;
  }
  return runDay(*options);
} catch (const openapi::Error& error) {
  std::cerr << error.provider() << ' ' << error.method() << ", " << toString(error.errc()) << ", outcome "
            << toString(error.outcome()) << ": " << error.what() << '\n';
  return 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
