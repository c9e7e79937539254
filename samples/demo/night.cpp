#include "night.hpp"

#include "books.hpp"
#include "table.hpp"

#include <samples/support/local_platforms.hpp>

#include <spawn.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace demo {

namespace {

using Path = std::filesystem::path;
using Arguments = std::vector<std::string>;

/// One line of the books as the nightly run gets them.
struct Entry {
  std::string kind{};
  std::string order{};
  std::string refund{};
  std::string transactionId{};
  Fen amount{};
  std::string state = "success";
};

std::string name(Provider provider) { return provider == Provider::weixin ? "weixin" : "alipay"; }

std::vector<Entry> entriesOf(const Ledger& ledger, Provider provider) {
  const auto books = booksOf(ledger, provider);
  std::vector<Entry> entries;
  for (const auto& [number, line] : books.paid) entries.push_back({"payment", number, "", line.transactionId, line.amount});
  for (const auto& [number, line] : books.refunds) entries.push_back({"refund", line.order, number, "", line.amount});
  return entries;
}

void write(const Path& file, const std::vector<Entry>& entries) {
  std::ofstream out{file};
  out << "kind,outTradeNo,outRefundNo,transactionId,amount,state\n";
  for (const auto& entry : entries) {
    out << entry.kind << ',' << entry.order << ',' << entry.refund << ',' << entry.transactionId << ',' << entry.amount.yuan()
        << ',' << entry.state << '\n';
  }
  if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
}

/// Runs `command` with its standard output in `output`. Its exit code.
int run(const std::string& command, Arguments arguments, const Path& output) {
  std::vector<char*> argv;
  arguments.insert(arguments.begin(), command);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, command.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::system_error{failed, std::generic_category(), "cannot run " + command};
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) throw std::runtime_error{command + " did not end by itself"};
  return WEXITSTATUS(status);
}

std::string words(std::string_view kind, std::string_view entry, std::string_view order, std::string_view refund) {
  auto text = std::string{kind} + ' ' + std::string{entry} + ' ' + std::string{order};
  return refund.empty() ? text : text + ' ' + std::string{refund};
}

/// Spoils the books in every way that there is, and says how.
std::vector<std::string> plant(std::vector<Entry>& entries) {
  std::vector<std::string> planted;
  std::vector<std::size_t> lost;
  const auto note = [&](std::string_view kind, const Entry& entry) {
    planted.push_back(words(kind, entry.kind, entry.order, entry.refund));
  };
  const auto refund = std::find_if(entries.begin(), entries.end(), [](const Entry& entry) { return entry.kind == "refund"; });
  if (refund == entries.end() || refund - entries.begin() < 6)
    throw std::runtime_error{"too little trade to plant differences in"};
  refund->amount += Fen{1};
  note("amount", *refund);
  entries[0].amount += Fen{1};
  note("amount", entries[0]);
  entries[1].state = "failed";
  note("state", entries[1]);
  entries[2].transactionId += '0';
  note("transactionId", entries[2]);
  const auto twice = entries[3];
  note("duplicateInLedger", twice);
  const Entry invented{"payment", entries[4].order + "I", "", "", Fen{1}};
  note("onlyInLedger", invented);
  note("onlyInBill", entries[5]);
  entries.erase(entries.begin() + 5);
  entries.push_back(twice);
  entries.push_back(invented);
  std::sort(planted.begin(), planted.end());
  return planted;
}

std::string text(const openapi::Json& difference, std::string_view member) {
  const auto* value = difference.find(member);
  return value == nullptr || value->string() == nullptr ? std::string{} : *value->string();
}

std::vector<std::string> differencesIn(const Path& file) {
  std::ifstream in{file, std::ios::binary};
  const std::string content{std::istreambuf_iterator<char>{in}, {}};
  const auto report = openapi::Json::parse(content);
  std::vector<std::string> reported;
  for (const auto& difference : *report.find("differences")->array()) {
    reported.push_back(words(text(difference, "kind"), text(difference, "entry"), text(difference, "outTradeNo"),
                             text(difference, "outRefundNo")));
  }
  std::sort(reported.begin(), reported.end());
  return reported;
}

/// The one file that the download left in `folder`, whatever it is called.
Path billIn(const Path& folder) {
  for (const auto& file : std::filesystem::recursive_directory_iterator{folder}) {
    if (file.is_regular_file()) return file.path();
  }
  throw std::runtime_error{"no bill was downloaded"};
}

std::string all(const std::vector<std::string>& lines) {
  std::string joined;
  for (const auto& line : lines) joined += "\n    " + line;
  return joined;
}

}  // namespace

NightRun nightlyRun(const std::string& command, const Path& configs, Provider provider, const Ledger& ledger,
                    const std::string& date) {
  const samples::Folder folder{"openapi-night"};
  const auto config = (configs / (name(provider) + ".json")).string();
  const auto bills = folder.path() / "bills";
  const auto books = folder.path() / "books.csv";
  const auto output = folder.path() / "output";
  auto entries = entriesOf(ledger, provider);

  NightRun night;
  night.provider = provider;
  night.entries = entries.size();
  night.download = run(
      command, {"bill", "download", name(provider), "--config", config, "--date", date, "--output-dir", bills.string()}, output);
  if (night.download != 0) return night;
  const auto bill = billIn(bills).string();
  write(books, entries);
  night.honest = run(command, {"bill", "reconcile", bill, "--ledger", books.string()}, output);
  night.planted = plant(entries);
  write(books, entries);
  night.spoilt = run(command, {"bill", "reconcile", bill, "--ledger", books.string(), "--format", "json"}, output);
  night.reported = differencesIn(output);
  return night;
}

bool report(std::ostream& out, const std::vector<NightRun>& runs) {
  std::vector<Row> rows{
      {"Nightly run 夜间对账", "entries 账目", "download 下载", "reconcile 对账", "planted 埋设差异", "found 查出"}};
  for (const auto& night : runs) {
    rows.push_back({std::string{nameOf(night.provider)}, std::to_string(night.entries), "exit " + std::to_string(night.download),
                    "exit " + std::to_string(night.honest), std::to_string(night.planted.size()),
                    std::to_string(night.reported.size())});
  }
  table(out, rows);
  bool right = true;
  for (const auto& night : runs) {
    if (night.right()) continue;
    right = false;
    out << "The nightly run of " << nameOf(night.provider) << " is not right (exit codes " << night.download << ", "
        << night.honest << ", " << night.spoilt << " instead of 0, 0, 3).\n  planted:" << all(night.planted)
        << "\n  reported:" << all(night.reported) << '\n';
  }
  return right;
}

}  // namespace demo
