#include <cli/bill_arguments.hpp>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

namespace openapi::cli {
namespace {

constexpr auto billHelp = R"(
Every night / 每晚:
  openapi bill download --merchants merchants.json --output-dir bills
  openapi bill reconcile bills/shop-1/20261120-ALL.csv --ledger ledger-20261120.csv
docs/bills.md describes the whole run. 完整流程见 docs/bills.zh.md。)";
constexpr auto downloadHelp = R"(
Bills of weixin: ALL, SUCCESS, REFUND, RECHARGE_REFUND; fund flows, which need the merchant's certificate: Basic, Operation, Fees.
Bills of alipay: trade, signcustomer.
账单类型：weixin 如上（资金账单需商户证书）；alipay 为 trade、signcustomer。

Files / 文件: DIR/NAME/20261120-ALL.csv, complete or not there at all. In its place an empty file ….nobill says that the platform made
no bill for that day, ….notready that it was not ready. A bill that is there, or known not to be, is not fetched again without --again.
文件要么完整要么不存在；.nobill 表示当日无账单，.notready 表示尚未生成。已有的账单不会重新下载，除非使用 --again。

Merchants / 商户文件: [{"name":"shop-1","provider":"weixin","config":"weixin.json","bills":["ALL","Basic"]}]
Paths are relative to the file; without "bills" it is ALL or trade. 路径相对于该文件。

A line of JSON for each bill on standard output: name, provider, bill, date, file, bytes, status, error. Statuses: downloaded, present,
noBill, notReady, wrongDate, failed. 标准输出每个账单一行 JSON。
Exit codes: 0 everything is there (or there was no trade), 4 some are not ready, 1 some failed, 2 wrong usage.
退出码：0 全部就绪（含当日无账单），4 部分尚未生成，1 部分失败，2 用法错误。

Example / 示例:
  openapi bill download weixin --config weixin.json --output-dir bills)";

void addSelection(CLI::App& command, BillDownloadOptions& options) {
  command.add_option("provider", options.provider, "weixin or alipay / 服务提供方");
  command.add_option("--config", options.config, "its configuration file (JSON) / 配置文件");
  command.add_option("--merchants", options.merchants, "a file of many merchants instead of the two / 多商户文件");
  command.add_option("--date", options.date, "yyyyMMdd or yyyy-MM-dd; default: yesterday, GMT+8 / 账单日期，默认昨天");
  command.add_option("--type", options.types, "a bill; may be repeated; default ALL or trade / 账单类型，可重复");
  command.add_option("--fund-flow", options.fundFlows, "a fund flow of weixin; may be repeated / 资金账单，可重复");
  command.add_flag("--gzip", options.gzip, "weixin's bills travel compressed / 以压缩形式传输");
  command.add_option("--output-dir", options.outputDir, "folder for the bills / 输出目录")->required();
  command.add_option("--name", options.name, "of the folder in it; default: the provider's / 商户目录名");
  command.add_flag("--again", options.again, "fetch what is there too: a bill that was issued anew / 重新下载已有账单");
  command.add_flag("--unchecked", options.unchecked,
                   "keep a bill that has unreadable rows or does not add up; `show` says which / 保留校验不通过的账单");
}

void addLimits(CLI::App& command, BillDownloadOptions& options) {
  command.add_option("--concurrency", options.concurrency, "merchants at a time / 并发商户数")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command
      .add_option(
          "--rate", options.rate,
          "bills asked for in a second at each platform, 0: no limit; the platforms publish no figure / 每个平台每秒请求数")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  command.add_option("--attempts", options.attempts, "for each bill, with growing pauses / 每个账单的尝试次数")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  command.add_option("--timeout", options.timeout, "milliseconds until a bill begins to come / 开始接收前的超时（毫秒）")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400'000}));
  command.add_option("--wait", options.waitMinutes, "minutes to wait for bills that are not ready / 等待未生成账单的分钟数")
      ->check(CLI::Range(0, 7 * 24 * 60))
      ->capture_default_str();
  command.add_option("--poll", options.pollSeconds, "seconds between two questions while waiting / 等待时的询问间隔（秒）")
      ->check(CLI::Range(1, 24 * 60 * 60))
      ->capture_default_str();
}

}  // namespace

void addBill(CLI::App& app, BillArguments& arguments) {
  auto* bill = app.add_subcommand("bill", "Fetch, show and reconcile settlement bills.\n下载、查看和核对对账单。");
  bill->require_subcommand(1);
  bill->footer(billHelp);
  auto* download = bill->add_subcommand("download", "Fetch the bills of one merchant or of many.\n下载一个或多个商户的账单。");
  addSelection(*download, arguments.download);
  addLimits(*download, arguments.download);
  download->footer(downloadHelp);
  arguments.bill = bill;
  arguments.downloadCommand = download;
}

int runBill(const BillArguments& arguments) { return runBillDownload(arguments.download); }

}  // namespace openapi::cli
