// A small HTTP service in front of Bmob, for managing users; and a page for the browser. See README.md.
#include <samples/bmob-admin/options.hpp>
#include <samples/bmob-admin/server.hpp>
#include <samples/bmob-admin/service.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace {

using namespace bmob_admin;
namespace asio = boost::asio;

struct Options {
  std::string config{};
  std::string listen = "127.0.0.1:8080";
  Rules rules{};
  Origins origins{};
  bool quiet = false;
};

constexpr auto intro =
    "Manages the users of a Bmob application, over HTTP and in the browser.\n"
    "通过 HTTP 和浏览器管理 Bmob 应用的用户。";
constexpr auto footer =
    "\nPrints one JSON line with its address when it is ready. SIGTERM or Ctrl-C stops it: what is under way is finished.\n"
    "就绪后输出一行 JSON，包含服务地址；SIGTERM 或 Ctrl-C 停止，正在处理的请求会先完成。";

void addOptions(CLI::App& app, Options& options) {
  app.add_option("--config", options.config, "bmob.json: baseUrl and keys / 地址与密钥")->required();
  app.add_option("--listen", options.listen, "HOST:PORT; port 0: the system chooses / 监听地址，端口 0 为自动")
      ->capture_default_str();
  app.add_option("--name", options.origins.names, "host name under which browsers reach the service / 浏览器访问时使用的域名");
  app.add_option("--admin", options.rules.admins,
                 "objectId of a user who may change and delete all users (with the master key) / 管理员用户的 objectId");
  app.add_option("--cors-origin", options.origins.allowed,
                 "web site that may use the service, such as https://a.example / 允许跨域访问的网站");
  app.add_flag("--keep-session-keys", options.rules.keepSessionKeys,
               "show session_key and sk of authData / 显示 authData 中的 session_key 和 sk");
  app.add_flag("--quiet", options.quiet, "no line for each request on standard error / 不输出请求日志");
  app.footer(footer);
}

/// The first signal lets what is under way finish, the second ends it.
void stopOnSignal(asio::signal_set& signals, Server& server) {
  signals.async_wait([&signals, &server](const boost::system::error_code& error, int) {
    if (error) return;
    server.stop();
    stopOnSignal(signals, server);
  });
}

int usageError(const std::string& problem) {
  std::cerr << "bmob-admin: " + problem + "\nSee / 请参阅: bmob-admin --help\n" << std::flush;
  return 2;
}

int serve(const Options& options) {
  const auto address = readAddress(options.listen);
  checkRules(options.rules);
  const auto origins = readOrigins(options.origins);
  const auto log = [quiet = options.quiet](const std::string& line) {
    if (!quiet) std::cerr << line + "\n" << std::flush;
  };
  asio::io_context context{1};
  const auto bmob = openBmob(context.get_executor(), options.config, options.rules);
  const Service service{bmob, options.rules, origins, log};
  Server server{context.get_executor(), address.host, address.port, {}, [&service](Request request) {
                  return service.answer(std::move(request));
                }};
  asio::signal_set signals{context, SIGINT, SIGTERM};
  stopOnSignal(signals, server);
  std::cout << openapi::Json{openapi::Fields{{"url", server.url()}}}.json() + "\n" << std::flush;
  while (!server.done()) context.run_one();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{intro, "bmob-admin"};
  addOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : usageError(error.what());
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return serve(options);
  } catch (const std::exception& error) {
    std::cerr << std::string{"bmob-admin: "} + error.what() + "\n" << std::flush;
    return 1;
  }
}
