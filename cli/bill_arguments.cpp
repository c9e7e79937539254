#include <cli/bill_arguments.hpp>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <limits>

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
noBill, notReady, wrongDate, busy (another process is fetching it), failed. 标准输出每个账单一行 JSON。
Exit codes: 0 everything is there (or there was no trade), 4 some are not ready or busy, 1 some failed, 2 wrong usage.
退出码：0 全部就绪（含当日无账单），4 部分尚未生成或正由其他进程下载，1 部分失败，2 用法错误。

Example / 示例:
  openapi bill download weixin --config weixin.json --output-dir bills)";

constexpr auto showHelp = R"(
Every layout of both platforms, as CSV, gzip or zip, recognised by content. All rows are read in any case: what does not fit, and what
the summary says, is on standard error. table shows the most important columns, csv and jsonl all of them.
自动识别两个平台的各种账单格式（CSV、gzip、zip）；不合格的行与汇总核对结果输出到标准错误。

Amounts are yuan in table and csv; in jsonl fen as whole numbers, but "fee" is a text in yuan with its five decimals, "rate" a text.
In csv a text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line break) has an apostrophe before it.
On a terminal control characters are written out (\x1b); in jsonl they always are (\u001B).
金额：table 和 csv 为元，jsonl 为整数分（fee 为五位小数的元）。csv 中可能被电子表格当作公式的文本会加前缀 '。

Exit codes: 0 the bill is complete and adds up, 1 something is wrong with it, 2 wrong usage.
退出码：0 账单完整且汇总一致，1 账单有问题，2 用法错误。

Example / 示例:
  openapi bill show bills/shop-1/20261120-ALL.csv --format csv > bill.csv)";
constexpr auto reconcileHelp = R"(
Each bill is compared with the whole ledger: payments by order number, refunds by order and refund number. Where the day is known, from
--date or from the name 20261120-ALL.csv, entries of the ledger of other days need not be in the bill.
逐笔核对：支付按商户订单号，退款按订单号和退款单号。已知账单日期时，账本中其他日期的记录不要求出现在账单中。

The ledger's columns: outTradeNo; amount (yuan) or amountFen; and, where there are: kind (payment, refund, revoked), outRefundNo,
state (success, pending, failed), transactionId, time. A query gives columns with these names; :from and :to in it are the day's limits.
--query @FILE reads it from a file. Passwords: PGPASSFILE or PGPASSWORD, and --postgresql env takes all from PGHOST, PGDATABASE ….
账本列名如上；SQL 查询结果使用相同列名，:from 与 :to 为当日起止时间；密码请使用 PGPASSFILE。

Exit codes: 0 agrees, 3 differs, 4 the bill is not ready (the mark 20261120-ALL.notready that `bill download` leaves), 1 failed, 2 wrong
usage. With the mark ….nobill the bill is an empty one.
退出码：0 一致，3 有差异，4 账单尚未生成，1 失败，2 用法错误。

Examples / 示例:
  openapi bill reconcile bills/shop-1/20261120-ALL.csv --ledger ledger.csv
  openapi bill reconcile bills/shop-1/20261120-ALL.csv --sqlite shop.db \
    --query "SELECT order_no AS outTradeNo, fen AS amountFen FROM orders WHERE paid_at >= :from AND paid_at < :to")";

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
  command
      .add_option("--attempts", options.attempts,
                  "for each bill, with growing pauses; 1: no request is repeated / 每个账单的尝试次数，1 表示不重发任何请求")
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

CLI::App* addShow(CLI::App& bill, BillShowOptions& options) {
  auto* show = bill.add_subcommand("show", "Read bills, check them and print their rows.\n读取、校验并打印账单。");
  show->add_option("file", options.files, "bills; - for standard input / 账单文件，- 表示标准输入")->required();
  show->add_option("--format", options.format, "table, csv or jsonl / 输出格式")->capture_default_str();
  show->add_option("--limit", options.limit, "rows of each bill that are printed / 每个账单最多输出的行数")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  show->add_flag("--totals", options.totals, "the totals in Alipay's archives instead of the rows / 支付宝压缩包中的汇总");
  show->footer(showHelp);
  return show;
}

void addReconcile(CLI::App& bill, BillReconcileOptions& options) {
  auto* reconcile = bill.add_subcommand("reconcile", "Compare bills with your own books.\n将账单与账本逐笔核对。");
  reconcile->add_option("bill", options.bills, "trade bills; - for standard input / 交易账单")->required();
  reconcile->add_option("--ledger", options.ledger, "the books as CSV / CSV 账本");
  reconcile->add_option("--sqlite", options.sqlite, "the books in an SQLite database / SQLite 账本");
  reconcile->add_option("--postgresql", options.postgresql, "in PostgreSQL: a connection string, or env / PostgreSQL 账本");
  reconcile->add_option("--query", options.query, "gives the entries; @FILE reads it / 查询语句");
  reconcile->add_option("--date", options.date, "the day of the bills / 账单日期");
  reconcile->add_option("--format", options.format, "text, or json: a line for each bill / 报告格式")->capture_default_str();
  reconcile->add_option("--limit", options.limit, "differences that are shown / 最多显示的差异数")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000}))
      ->capture_default_str();
  reconcile->footer(reconcileHelp);
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
  arguments.showCommand = addShow(*bill, arguments.show);
  addReconcile(*bill, arguments.reconcile);
  arguments.bill = bill;
  arguments.downloadCommand = download;
}

int runBill(const BillArguments& arguments) {
  if (arguments.downloadCommand->parsed()) return runBillDownload(arguments.download);
  if (arguments.showCommand->parsed()) return runBillShow(arguments.show);
  return runBillReconcile(arguments.reconcile);
}

}  // namespace openapi::cli
