// Reconciling beside a database that joins the same two tables. Prints JSON.
//   reconcile_bench make FOLDER ROWS          bill.csv, and books.db with the tables bill and ledger; a few rows differ
//   reconcile_bench reconcile BILL DATABASE   the bill against the table ledger; a DATABASE with '=' is a PostgreSQL connection
//   reconcile_bench join DATABASE             SQLite's own join of the two tables
//   reconcile_bench dump DATABASE TABLE       the table as CSV, for another database
#include "memory.hpp"

#include <openapi/bill/reconcile.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

using namespace openapi;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error{what};
}

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database openDatabase(const fs::path& file) {
  sqlite3* database = nullptr;
  check(sqlite3_open(file.c_str(), &database) == SQLITE_OK, "cannot open the database");
  return Database{database};
}

void run(const Database& database, const char* sql) {
  check(sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(database.get()));
}

/// An INSERT that is run many times.
class Insert {
 public:
  Insert(const Database& database, const char* sql) {
    check(sqlite3_prepare_v2(database.get(), sql, -1, &statement_, nullptr) == SQLITE_OK, "cannot prepare");
  }
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;
  ~Insert() { sqlite3_finalize(statement_); }
  void add(const std::string& number, long amount) {
    sqlite3_bind_text(statement_, 1, number.data(), static_cast<int>(number.size()), SQLITE_STATIC);
    sqlite3_bind_int64(statement_, 2, amount);
    check(sqlite3_step(statement_) == SQLITE_DONE, "cannot insert");
    sqlite3_reset(statement_);
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

// ---- make

constexpr const char* header =
    "\xEF\xBB\xBF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
    "订单金额,申请退款金额,费率备注\r\n";
constexpr const char* summary =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`%ld,`%s,`0.00,`0.00,`0.00000,`%s,`0.00\r\n";

/// Order numbers as shops make them: the time, then a number that counts up, then some digits at random.
std::string orderNumber(long row, unsigned long random) {
  char text[40];
  std::snprintf(text, sizeof text, "20261121%010ld%06lu", row, random % 1000000);
  return text;
}

void writeRow(std::FILE* file, const std::string& number, long row, const std::string& yuan) {
  std::fprintf(
      file,
      "`2026-11-21 %02ld:%02ld:%02ld,`wx2421b1c4370ec43b,`10000100,`0,`WEB,`4200000001202611%012ld,`%s,"
      "`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`CMB_CREDIT,`CNY,`%s,`0.00,`0,`0,`0.00,`0.00,`,`,`会员年卡,`uid=%ld,"
      "`0.00000,`0.60%%,`%s,`0.00,`\r\n",
      row / 3600 % 24, row / 60 % 60, row % 60, row, number.c_str(), yuan.c_str(), row, yuan.c_str());
}

/// One row in 100,000 is missing on either side, and one has another amount.
int make(const fs::path& folder, long rows) {
  constexpr long rare = 100000;
  fs::create_directories(folder);
  fs::remove(folder / "books.db");
  const auto database = openDatabase(folder / "books.db");
  run(database,
      "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
      "CREATE TABLE bill(outTradeNo TEXT PRIMARY KEY, amountFen INTEGER NOT NULL);"
      "CREATE TABLE ledger(outTradeNo TEXT PRIMARY KEY, amountFen INTEGER NOT NULL)");
  Insert toBill{database, "INSERT INTO bill VALUES(?, ?)"};
  Insert toLedger{database, "INSERT INTO ledger VALUES(?, ?)"};
  std::FILE* file = std::fopen((folder / "bill.csv").c_str(), "wb");
  check(file != nullptr, "cannot write the bill");
  std::fputs(header, file);
  Fen total{};
  long written = 0;
  unsigned long random = 88172645463325252UL;
  for (long row = 0; row < rows; ++row) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    const auto number = orderNumber(row, random >> 8);
    const auto amount = static_cast<long>(random % 500000) + 1;
    if (row % rare != 1) {
      writeRow(file, number, row, Fen{amount}.yuan());
      toBill.add(number, amount);
      total += Fen{amount};
      ++written;
    }
    if (row % rare != 2) toLedger.add(number, row % rare == 3 ? amount + 1 : amount);
  }
  std::fprintf(file, summary, written, total.yuan().c_str(), total.yuan().c_str());
  check(std::fclose(file) == 0, "cannot write the bill");
  run(database, "COMMIT; ANALYZE");
  return 0;
}

// ---- measure

int reconcileFiles(const char* billFile, const std::string& database) {
  const auto start = Clock::now();
  bill::BillReader reader{billFile};
  const std::string query = "SELECT outTradeNo, amountFen FROM ledger";
  const bool server = database.find('=') != std::string::npos;
  const auto ledger = server ? bill::openPostgresqlLedger(database, query) : bill::openSqliteLedger(database, query);
  bill::ReconcileOptions options;
  options.temporaryFolder = fs::path{billFile}.parent_path();
  const auto result = bill::reconcile(reader, *ledger, options);
  const double seconds = secondsSince(start);
  const auto count = [&result](bill::DifferenceKind kind) { return static_cast<unsigned long long>(result.count(kind)); };
  std::printf(R"({"seconds":%.3f,"matched":%llu,"amount":%llu,"onlyInBill":%llu,"onlyInLedger":%llu,"peakMiB":%.1f})"
              "\n",
              seconds, static_cast<unsigned long long>(result.matched), count(bill::DifferenceKind::amount),
              count(bill::DifferenceKind::onlyInBill), count(bill::DifferenceKind::onlyInLedger), bench::peakMiB());
  return 0;
}

long one(const Database& database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.get(), sql, -1, &statement, nullptr) == SQLITE_OK, sqlite3_errmsg(database.get()));
  check(sqlite3_step(statement) == SQLITE_ROW, "no row");
  const auto value = static_cast<long>(sqlite3_column_int64(statement, 0));
  sqlite3_finalize(statement);
  return value;
}

/// One query, or inner and anti-joins one after the other: what is faster counts.
int joinTables(const char* file) {
  const auto database = openDatabase(file);
  run(database, "PRAGMA cache_size=-65536");  // as much as reconciling has
  const auto start = Clock::now();
  one(database,
      "SELECT count(CASE WHEN bill.amountFen = ledger.amountFen THEN 1 END), count(ledger.outTradeNo) "
      "FROM bill FULL JOIN ledger ON bill.outTradeNo = ledger.outTradeNo");
  const double full = secondsSince(start);
  const auto again = Clock::now();
  const long pairs = one(database, "SELECT sum(bill.amountFen = ledger.amountFen) FROM bill JOIN ledger USING(outTradeNo)");
  one(database, "SELECT count(*) FROM bill WHERE NOT EXISTS(SELECT 1 FROM ledger WHERE ledger.outTradeNo = bill.outTradeNo)");
  one(database, "SELECT count(*) FROM ledger WHERE NOT EXISTS(SELECT 1 FROM bill WHERE ledger.outTradeNo = bill.outTradeNo)");
  const double three = secondsSince(again);
  std::printf(R"({"seconds":%.3f,"fullJoin":%.3f,"threeJoins":%.3f,"matched":%ld})"
              "\n",
              std::min(full, three), full, three, pairs);
  return 0;
}

int dump(const char* file, const std::string& table) {
  const auto database = openDatabase(file);
  sqlite3_stmt* statement = nullptr;
  const std::string query = "SELECT outTradeNo || ',' || amountFen FROM " + table;
  check(sqlite3_prepare_v2(database.get(), query.c_str(), -1, &statement, nullptr) == SQLITE_OK, "no such table");
  while (sqlite3_step(statement) == SQLITE_ROW) std::puts(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  sqlite3_finalize(statement);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string what = argc > 2 ? argv[1] : "";
    if (what == "make" && argc == 4) return make(argv[2], std::atol(argv[3]));
    if (what == "reconcile" && argc == 4) return reconcileFiles(argv[2], argv[3]);
    if (what == "join" && argc == 3) return joinTables(argv[2]);
    if (what == "dump" && argc == 4) return dump(argv[2], argv[3]);
    std::fprintf(stderr,
                 "usage: reconcile_bench make FOLDER ROWS | reconcile BILL DATABASE | join DATABASE | dump DATABASE TABLE\n");
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reconcile_bench: %s\n", error.what());
    return 1;
  }
}
