#include <cli/bill_arguments.hpp>
#include <cli/commands.hpp>
#include <cli/error_line.hpp>
#include <codec/ascii.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <gateways/sandbox.hpp>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

namespace {

using namespace openapi;
using namespace openapi::cli;

constexpr auto intro =
    "WeChat Pay, WeChat mini programs, Alipay and Bmob from the command line, and local gateways to try them on.\n"
    "在命令行调用微信支付、微信小程序、支付宝和 Bmob，并提供本地网关供试用。";
constexpr auto firstSteps = R"(
First steps / 上手:
  openapi sandbox --port 8440 --write-config sandbox      (leave it running / 保持运行)
  openapi call weixin payment.orderQuery --config sandbox/weixin.json <<< '{"outTradeNo":"1"}'
  openapi methods weixin
  openapi bill --help

Exit codes: 0 success, 1 failure (one JSON line on standard error), 2 wrong usage; `bill` also 3 and 4.
退出码：0 成功，1 失败（标准错误输出一行 JSON），2 用法错误；`bill` 另有 3 和 4。)";
constexpr auto callHelp = R"(
Input: JSON from --input FILE, or from standard input when it is no terminal. Members that the method does not know
are passed on to the platform. Binary members are {"$base64":"…"}. `openapi methods` lists methods and members.
With --output FILE the bytes of the result go to FILE, which is there complete or not at all; the result then says
{"$file":"FILE"} in their place. An answer without bytes (the address of a video) leaves FILE alone.
输入：JSON，来自 --input 指定的文件或标准输入；未知成员会原样传给平台。`openapi methods` 列出所有方法和成员。
二进制成员为 {"$base64":"…"}；--output FILE 将其写入文件，结果中以 {"$file":"FILE"} 代替。

Configuration: the provider's configuration struct in camelCase JSON. A name with File appended (keyFile, pfxFile,
privateKeyFile, alipayPublicKeyFile …) names a file that holds the value, relative to the configuration's folder.
Also: caFile (PEM roots instead of the system's), proxy (http://host:port, empty: none), and for weixin redis
({"host":"…","port":6379,"passwordFile":"…"}): access tokens are kept there, so that calls share them.
配置：camelCase JSON；名称后加 File 表示从文件读取该值，路径相对于配置文件所在目录。redis 用于在多次调用之间共享 accessToken。

Example / 示例:
  openapi call weixin payment.orderQuery --config weixin.json <<< '{"outTradeNo":"1"}'
  openapi call weixin wxacode.getUnlimited --config weixin.json --output code.jpg <<< '{"scene":"a=1"}')";

struct Options {
  CallOptions call{};
  MethodsOptions methods{};
  BillArguments bill{};
  gateway::SandboxOptions sandbox{};
  std::int64_t refundSeconds = 60;
};

CLI::App* addCall(CLI::App& app, CallOptions& options) {
  auto* call = app.add_subcommand("call", "Call a method of a provider.\n调用一个接口方法。");
  call->add_option("provider", options.provider, "weixin, alipay or bmob / 服务提供方")->required();
  call->add_option("method", options.method, "such as payment.orderQuery / 方法名")->required();
  call->add_option("--config", options.config, "configuration file (JSON) / 配置文件")->required();
  call->add_option("--input", options.input, "input file, or - for standard input / 输入文件，- 表示标准输入");
  call->add_option("--timeout", options.timeout, "milliseconds for the whole call, retries included / 整个调用的超时（毫秒）")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400'000}));
  call->add_option("--output", options.output, "file for the bytes of the result, such as an image / 结果中二进制内容的输出文件");
  call->footer(callHelp);
  return call;
}

CLI::App* addMethods(CLI::App& app, MethodsOptions& options) {
  auto* methods = app.add_subcommand("methods", "List every method with its inputs and outputs.\n列出所有方法及其输入输出。");
  methods->add_option("provider", options.provider, "only this one / 只列出该提供方");
  methods->add_flag("--json", options.json, "for machines / 输出 JSON");
  return methods;
}

CLI::App* addSandbox(CLI::App& app, Options& all) {
  auto& options = all.sandbox;
  auto* sandbox =
      app.add_subcommand("sandbox",
                         "Run a local WeChat Pay, WeChat services for mini programs, Alipay and Bmob until SIGTERM or Ctrl-C.\n"
                         "运行本地微信支付、微信小程序服务、支付宝和 Bmob 网关。");
  sandbox->add_option("--port", options.port, "first of five ports in a row; 0: the system chooses / 起始端口，0 为自动")
      ->check(CLI::Range(0, 65531));
  sandbox->add_option("--write-config", options.writeConfigDir,
                      "folder for weixin.json, alipay.json, bmob.json and keys / 配置文件输出目录");
  sandbox->add_option("--state", options.stateFile, "SQLite file; default: in memory / 状态文件，默认在内存中");
  sandbox->add_option("--notify-scale", options.notifyScale, "notification schedules run this many times faster / 通知加速倍数")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  sandbox->add_option("--clock-scale", options.clockScale, "the platforms' clock runs this many times faster / 时钟加速倍数")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  sandbox
      ->add_option("--refund-seconds", all.refundSeconds,
                   "until a WeChat refund succeeds, divided by --notify-scale / 退款到账秒数，再除以通知加速倍数")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  sandbox
      ->add_option("--sms-code", options.smsCode,
                   "the SMS code of the local Bmob (a data service for apps) / 本地 Bmob（应用数据服务）的短信验证码")
      ->check(CLI::Validator{[](const std::string& code) {
                               const bool isCode = code.size() == 6 && codec::allDigits(code);
                               return isCode ? std::string{} : std::string{"a code has six digits / 验证码为六位数字"};
                             },
                             "6 DIGITS"})
      ->capture_default_str();
  sandbox->footer("\nPrints one JSON line with its addresses when it is ready.\n就绪后输出一行 JSON，包含各网关地址。");
  return sandbox;
}

/// `openapi bill download `: the commands that were chosen.
std::string chosenCommands(const CLI::App& app) {
  auto command = app.get_name() + " ";
  for (const auto* chosen : app.get_subcommands()) command += chosenCommands(*chosen);
  return command;
}

int usageError(const CLI::App& app, const std::string& problem) {
  const auto command = chosenCommands(app);
  std::cerr << "openapi: " << problem << "\nSee / 请参阅: " << command << "--help\n";
  return 2;
}

std::string namesOf(const CLI::App& app) {
  std::string names;
  for (const auto* command : app.get_subcommands({})) names += (names.empty() ? "" : ", ") + command->get_name();
  return names;
}

bool isCommand(const CLI::App& app, const std::string& name) {
  const auto all = app.get_subcommands({});
  return std::any_of(all.begin(), all.end(), [&](const auto* command) { return command->get_name() == name; });
}

/// What is wrong with the first of `arguments` as a command of `app`; empty when nothing is.
std::string commandProblem(const CLI::App& app, std::span<const std::string> arguments) {
  if (arguments.empty() || arguments.front().starts_with('-') || isCommand(app, arguments.front())) return {};
  return "there is no command " + arguments.front() + "; there are: " + namesOf(app);
}

std::string billProblem(const CLI::App& bill, std::span<const std::string> arguments) {
  const bool chosen = !arguments.empty() && arguments.front() == bill.get_name();
  return chosen ? commandProblem(bill, arguments.subspan(1)) : std::string{};
}

/// `--help` after a method's name is about that method.
int runHelp(const CLI::App& app, const CLI::App& call, const CLI::ParseError& request) {
  const auto& provider = call.get_option("provider")->results();
  const auto& method = call.get_option("method")->results();
  const bool general = request.get_name() != "CallForHelp" || provider.empty() || method.empty();
  return general ? app.exit(request) : runMethodHelp(provider.front(), method.front());
}

int run(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments.front() == "help") {  // as people type it
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  Options options;
  CLI::App app{intro, "openapi"};
  app.set_version_flag("--version", "openapi " OPENAPI_VERSION);
  app.require_subcommand(1);
  app.footer(firstSteps);
  const auto* call = addCall(app, options.call);
  const auto* methods = addMethods(app, options.methods);
  addBill(app, options.bill);
  addSandbox(app, options);
  if (const auto problem = commandProblem(app, arguments); !problem.empty()) return usageError(app, problem);
  if (const auto problem = billProblem(*options.bill.bill, arguments); !problem.empty()) return usageError(app, problem);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return usageError(app, error.what());
    try {
      return runHelp(app, *call, error);
    } catch (const UsageError& wrong) {
      return usageError(app, wrong.what());
    }
  }
  options.sandbox.refundTime = std::chrono::seconds{options.refundSeconds};
  try {
    if (call->parsed()) return runCall(options.call);
    if (methods->parsed()) return runMethods(options.methods);
    if (options.bill.bill->parsed()) return runBill(options.bill);
    return runSandbox(options.sandbox);
  } catch (const UsageError& error) {
    return usageError(app, error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-signal-handler): a closed pipe is an error of `write`
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << errorLine(Error{Errc::config, error.what()}, "", "") + "\n" << std::flush;
    return 1;
  }
}
