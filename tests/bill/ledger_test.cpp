// The merchant's books from CSV, SQLite and PostgreSQL: what is read, and what is refused and why.
#include <openapi/bill/ledger.hpp>

#include <sqlite3.h>

#include "bill/csv_ledger.hpp"
#include "bill/ledger_columns.hpp"
#include "bill/ledger_sql.hpp"
#include "reconcile_support.hpp"

#ifdef OPENAPI_WITH_POSTGRESQL
#include "postgresql_server.hpp"
#endif

using namespace bill_test;

namespace {

using Texts = std::vector<std::string>;

Time timeOf(const char* text) {
  Time time;
  BOOST_REQUIRE(openapi::parseGmt8(text, time));
  return time;
}

SqlPeriod aDay() { return {timeOf("2026-11-20 00:00:00"), timeOf("2026-11-21 00:00:00")}; }

Texts csv(std::string text, std::size_t step = std::string::npos) {
  const auto ledger = readCsvLedger(std::make_unique<TextSource>(std::move(text), step), "books.csv");
  return entriesOf(*ledger);
}

std::string csvRefusal(const std::string& text) {
  return failure(Errc::invalidArgument, [&] { csv(text); });
}

/// The refusal of a row below these columns.
std::string rowRefusal(const std::string& columns, const std::string& row) { return csvRefusal(columns + "\n" + row + "\n"); }

class SqliteFile {
 public:
  explicit SqliteFile(const std::string& statements) {
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(file().c_str(), &database) == SQLITE_OK);
    char* message = nullptr;
    const int result = sqlite3_exec(database, statements.c_str(), nullptr, nullptr, &message);
    BOOST_REQUIRE_MESSAGE(result == SQLITE_OK, message);
    sqlite3_close(database);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "books.db"; }
  [[nodiscard]] Texts rows(const std::string& query, SqlPeriod period = {}) const {
    return entriesOf(*openSqliteLedger(file(), query, period));
  }
  [[nodiscard]] std::string refusal(const std::string& query, SqlPeriod period = {}) const {
    return failure(Errc::invalidArgument, [&] { static_cast<void>(rows(query, period)); });
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ledgers)

BOOST_AUTO_TEST_CASE(csvColumnsAreFoundByTheirNames) {
  const Texts expected = {"2 payment success 1|| 88.00", "3 refund success 1|R1| 8.80"};
  BOOST_TEST(csv("outTradeNo,amount,outRefundNo\n1,88.00,\n1,8.8,R1\n") == expected);
  BOOST_TEST(csv("\xEF\xBB\xBFnote,AMOUNTFEN,OutRefundNo,outtradeno\r\nx,8800,,1\r\n\"a,\"\"b\"\"\",880,\"R1\",\"1\"") ==
             expected);
  const Texts all = {"2 revoked pending 1||42 1.00 2026-11-20 10:00:00"};
  BOOST_TEST(csv("kind,state,outTradeNo,transactionId,time,amount\nrevoked,pending,1,42,2026-11-20 10:00:00,1") == all);
}

BOOST_AUTO_TEST_CASE(csvLinesAreCountedAcrossQuotesAndEmptyOnes) {
  const Texts expected = {"3 payment success 1|| 1.00", "7 payment success 2|| 2.00"};
  const std::string text = "note,outTradeNo,amount\n\n\"two\nlines\",1,1\n\r\n\nx,2,2\n\n";
  const Texts found = csv(text);
  BOOST_TEST(found == expected);
  for (std::size_t step = 1; step < 20; ++step) BOOST_TEST(csv(text, step) == found);
}

BOOST_AUTO_TEST_CASE(csvThatIsNoCsvIsRefused) {
  BOOST_TEST(csvRefusal("") == "books.csv: it is empty; the first line has the names of the columns");
  BOOST_TEST(csvRefusal("a,b\n1,2\n") == "books.csv:1: outTradeNo: there is no such column");
  BOOST_TEST(csvRefusal("out_trade_no,amount\n") == "books.csv:1: outTradeNo: there is no such column; there is out_trade_no");
  BOOST_TEST(csvRefusal("outTradeNo,time\n") == "books.csv:1: amount: there is neither this column, in yuan, nor amountFen");
  BOOST_TEST(csvRefusal("outTradeNo,amount,amountFen\n") == "books.csv:1: amount: there is amountFen too; leave one of them out");
  BOOST_TEST(csvRefusal("outTradeNo,amount,out_refund_no\n") ==
             "books.csv:1: outRefundNo: there is no such column; there is out_refund_no");
  BOOST_TEST(csvRefusal("outTradeNo,amount,Transaction-ID\n") ==
             "books.csv:1: transactionId: there is no such column; there is Transaction-ID");
  BOOST_TEST(csvRefusal("outTradeNo,amount,order_status\n") ==
             "books.csv:1: state: there is no such column; there is order_status");
  BOOST_TEST(csvRefusal("outTradeNo,amount,Status\n") == "books.csv:1: state: there is no such column; there is Status");
  BOOST_TEST(csv("outTradeNo,amount,out_trade_no\n1,1,2\n").size() == 1U);
  BOOST_TEST(csvRefusal("outTradeNo,amount,OUTTRADENO\n") == "books.csv:1: outTradeNo: two columns have this name");
  BOOST_TEST(rowRefusal("outTradeNo,amount", "1,1,1") == "books.csv:2: 2 columns, but 3 cells in this row");
  BOOST_TEST(rowRefusal("outTradeNo,amount", "1") == "books.csv:2: 2 columns, but 1 cells in this row");
  BOOST_TEST(rowRefusal("outTradeNo,amount", "1\"2\",1") == "books.csv:2: a quote within a cell that does not begin with one");
  BOOST_TEST(rowRefusal("outTradeNo,amount", "\"1\"2,1") == "books.csv:2: something between a closing quote and the comma");
  BOOST_TEST(rowRefusal("outTradeNo,amount", "\"1,1\n2,2") == "books.csv:2: a quote that is not closed");
}

BOOST_AUTO_TEST_CASE(csvCellsThatDoNotFitAreNamed) {
  const std::string columns = "outTradeNo,amount";
  BOOST_TEST(rowRefusal(columns, "1,88.000") == "books.csv:2: amount: not an amount in yuan as in 88.00: \"88.000\"");
  for (const char* amount : {"", "-1", "+1", "1e2", "1,", "￥1", " 1", "1.", ".5", "99999999999999999999"}) {
    BOOST_TEST(contains(rowRefusal(columns, std::string{"1,\""} + amount + "\""), "books.csv:2: amount: not an amount"));
  }
  for (const char* amount : {"", "-1", "1.0", "1.5", "x"}) {
    BOOST_TEST(contains(rowRefusal("outTradeNo,amountFen", std::string{"1,"} + amount), "amountFen: not a whole number of fen"));
  }
  BOOST_TEST(rowRefusal(columns, ",1") == "books.csv:2: outTradeNo: required");
  BOOST_TEST(rowRefusal(columns, " 1,1") == "books.csv:2: outTradeNo: blanks around it: \" 1\"");
  BOOST_TEST(rowRefusal(columns, "\"1\n2\",1") == "books.csv:2: outTradeNo: a control character in it: \"1?2\"");
  BOOST_TEST(rowRefusal(columns, std::string{"1\0,1", 4}) == "books.csv:2: outTradeNo: a control character in it: \"1?\"");
  BOOST_TEST(rowRefusal(columns, "\xFF,1") == "books.csv:2: outTradeNo: not valid UTF-8: \"?\"");
  BOOST_TEST(rowRefusal(columns, std::string(257, '1') + ",1") == "books.csv:2: outTradeNo: longer than 256 bytes");
  BOOST_TEST(rowRefusal(columns + ",state", "1,1,SUCCESS") ==
             "books.csv:2: state: neither success nor pending nor failed: \"SUCCESS\"");
  BOOST_TEST(contains(rowRefusal(columns + ",state", "1,1,"), "state: neither"));
  BOOST_TEST(contains(rowRefusal(columns + ",kind", "1,1,trade"), "kind: neither payment nor refund nor revoked"));
  BOOST_TEST(rowRefusal(columns + ",kind,outRefundNo", "1,1,payment,R") ==
             "books.csv:2: outRefundNo: only a refund has one, and this is a payment");
}

BOOST_AUTO_TEST_CASE(csvOfAnyLengthIsBounded) {
  const std::string head = "outTradeNo,amount,note\n1,1,\"";
  const std::string long10 = std::string(10'000'000, 'x');
  for (const auto& text : {head + long10 + "\"\n", head + long10, "outTradeNo,amount,note\n1,1," + long10}) {
    BOOST_TEST(csvRefusal(text) == "books.csv:2: a record of more than 1 MiB; is a quote not closed?");
  }
  BOOST_TEST(csv(head + std::string(1'000'000, 'x') + "\"\n").size() == 1U);
}

BOOST_AUTO_TEST_CASE(times) {
  TimeParser parser;
  const auto read = [&parser](std::string_view text) {
    Time time;
    return parseLedgerTime(parser, text, time) ? openapi::formatGmt8(time, "%Y-%m-%d %H:%M:%S") : "none";
  };
  for (const char* text : {"2026-11-20 10:00:00", "2026-11-20T10:00:00", "2026-11-20 10:00:00.123456", "2026-11-20T02:00:00Z",
                           "2026-11-20 02:00:00+00", "2026-11-20T02:00:00.5+00:00", "2026-11-20 07:30:00+0530",
                           "2026-11-19 21:00:00-05", "2026-11-20 10:00:00+08:00"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text) == "2026-11-20 10:00:00"); }
  }
  for (const char* text : {"2026-11-20", "20261120100000", "2026-11-31 10:00:00", "2026-11-20 24:00:00", "2026-11-20 10:00:00 ",
                           "2026-11-20 10:00:00.", "2026-11-20 10:00:00.1234567890", "2026-11-20 10:00:00+8",
                           "2026-11-20 10:00:00+08:0", "2026-11-20 10:00:00+ab", "2026-11-20 10:00:00+08:60", "1700000000",
                           "2026-11-20 10:00:00ZZ", "2026-11-20 10:00:00+08:00:00", "2026/11/20 10:00:00"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(read(text) == "none"); }
  }
  BOOST_TEST(rowRefusal("outTradeNo,amount,time", "1,1,yesterday") ==
             "books.csv:2: time: no time as in 2026-11-20 10:00:00: \"yesterday\"");
}

BOOST_AUTO_TEST_CASE(filesThatAreNotThereAreSaidSo) {
  BOOST_TEST(contains(failure(Errc::config, [] { static_cast<void>(openCsvLedger("/nonexistent/books.csv")); }),
                      "cannot read the ledger /nonexistent/books.csv: No such file"));
  BOOST_TEST(contains(failure(Errc::config, [] { static_cast<void>(openCsvLedger("/")); }), "Is a directory"));
  BOOST_TEST(contains(failure(Errc::config, [] { static_cast<void>(openSqliteLedger("/nonexistent/books.db", "SELECT 1")); }),
                      "cannot read the ledger /nonexistent/books.db: unable to open"));
  const TemporaryFile file{"outTradeNo,amount\n1,1\n"};
  BOOST_TEST(entriesOf(*openCsvLedger(file.path())).size() == 1U);
  BOOST_TEST(contains(failure(Errc::config, [&] { static_cast<void>(openSqliteLedger(file.path(), "SELECT 1 FROM x")); }),
                      "file is not a database"));
}

// ---- SQLite

BOOST_AUTO_TEST_CASE(sqliteRows) {
  const SqliteFile file{
      "CREATE TABLE orders(id TEXT, number INTEGER, yuan TEXT, fen INTEGER, paid TEXT, refund TEXT);"
      "INSERT INTO orders VALUES('a', 7, '88.00', 8800, '2026-11-20 10:00:00', NULL), ('b', 8, '1', 100, NULL, 'R1');"};
  BOOST_TEST(file.rows("SELECT id AS outTradeNo, yuan AS amount, paid AS time FROM orders") ==
             (Texts{"1 payment success a|| 88.00 2026-11-20 10:00:00", "2 payment success b|| 1.00"}));
  BOOST_TEST(file.rows("SELECT number AS outTradeNo, fen AS amountFen, refund AS outRefundNo FROM orders; -- all of them\n") ==
             (Texts{"1 payment success 7|| 88.00", "2 refund success 8|R1| 1.00"}));
  BOOST_TEST(file.rows("WITH x AS (SELECT id FROM orders) SELECT id AS outTradeNo, 5 AS amount FROM x WHERE 0").empty());
}

BOOST_AUTO_TEST_CASE(sqliteParametersAreTheTimes) {
  const SqliteFile file{
      "CREATE TABLE orders(outTradeNo TEXT, time TEXT);"
      "INSERT INTO orders VALUES('a', '2026-11-19 23:59:59'), ('b', '2026-11-20 00:00:00'), ('c', '2026-11-21 00:00:00')"};
  const std::string query = "SELECT outTradeNo, 1 AS amount FROM orders WHERE time >= :from AND time < :to";
  BOOST_TEST(file.rows(query, aDay()) == Texts{"1 payment success b|| 1.00"});
  BOOST_TEST(file.refusal(query) == "the ledger's query: it has the parameter :from, but no such time is given");
  BOOST_TEST(contains(file.refusal("SELECT :day AS outTradeNo, 1 AS amount", aDay()), "it has the parameter :day"));
  BOOST_TEST(contains(file.refusal("SELECT ? AS outTradeNo, 1 AS amount", aDay()), "it has the parameter ?"));
}

BOOST_AUTO_TEST_CASE(sqliteOnlyReads) {
  const SqliteFile file{"CREATE TABLE orders(outTradeNo TEXT, amount TEXT); INSERT INTO orders VALUES('a', '1')"};
  const std::string select = "SELECT * FROM orders";
  for (const std::string second : {"DELETE FROM orders", "SELECT 1", "x", "ATTACH 'y' AS z"}) {
    BOOST_TEST(file.refusal(select + "; " + second) == "the ledger's query: more than one statement");
  }
  for (const char* statement :
       {"DELETE FROM orders", "INSERT INTO orders VALUES('b', '1') RETURNING *", "UPDATE orders SET amount = '2'", "BEGIN",
        "DROP TABLE orders", "PRAGMA user_version", "ATTACH 'y' AS z", "VACUUM INTO 'y'", "CREATE TEMP TABLE t(x)"}) {
    BOOST_TEST_CONTEXT(statement) { BOOST_TEST(file.refusal(statement) == "the ledger's query: only a single SELECT is taken"); }
  }
  BOOST_TEST(file.refusal("") == "the ledger's query: it is empty");
  BOOST_TEST(file.refusal(std::string{"SELECT 1\0x", 10}) == "the ledger's query: a byte 0 in it");
  BOOST_TEST(contains(file.refusal("SELECT load_extension('x') AS outTradeNo, 1 AS amount"), "not authorized"));
  BOOST_TEST(file.refusal("SELECT absent FROM orders") == "the ledger's query: no such column: absent");
  BOOST_TEST(contains(file.refusal("SELEC"), "syntax error"));
  BOOST_TEST(file.rows(select).size() == 1U);
}

BOOST_AUTO_TEST_CASE(sqliteTypesThatAreNotExactAreRefused) {
  const SqliteFile file{"CREATE TABLE orders(outTradeNo TEXT, amount REAL); INSERT INTO orders VALUES('a', 88)"};
  const auto name = file.file().string();
  BOOST_TEST(file.refusal("SELECT * FROM orders").starts_with(name + ":1: amount: a floating point number"));
  BOOST_TEST(file.rows("SELECT outTradeNo, printf('%.2f', amount) AS amount FROM orders").size() == 1U);
  BOOST_TEST(file.refusal("SELECT x'3100' AS outTradeNo, 1 AS amount") == name + ":1: outTradeNo: a blob, not a text");
  BOOST_TEST(contains(file.refusal("SELECT 'a' || char(0) AS outTradeNo, 1 AS amount"), "a control character in it"));
  BOOST_TEST(contains(file.refusal("SELECT NULL AS outTradeNo, 1 AS amount"), ":1: outTradeNo: required"));
  BOOST_TEST(contains(file.refusal("SELECT 1 AS outTradeNo, -1 AS amountFen"), "amountFen: not a whole number"));
  BOOST_TEST(contains(file.refusal("SELECT 1 AS outTradeNo, NULL AS amount"), "amount: not an amount"));
  BOOST_TEST(contains(file.refusal("SELECT 1 AS outTradeNo, 1 AS amount, NULL AS state"), "state: neither"));
  BOOST_TEST(file.rows("SELECT '季''卡`,\"' AS outTradeNo, 1 AS amount") == Texts{"1 payment success 季'卡`,\"|| 1.00"});
}

BOOST_AUTO_TEST_CASE(sqliteBooksAreReconciled) {
  const SqliteFile file{
      "CREATE TABLE orders(outTradeNo TEXT, outRefundNo TEXT, amountFen INTEGER);"
      "INSERT INTO orders VALUES('1', NULL, 8800), ('1', 'R', 880), ('2', '', 1)"};
  const auto ledger = openSqliteLedger(file.file(), "SELECT * FROM orders");
  const auto verdict = reconciled(weixinBill({payment("1", 8800), refund("1", "R", 880), payment("3", 1)}), *ledger);
  BOOST_TEST(verdict.result.matched == 2U);
  BOOST_TEST(verdict.differences.size() == 2U);
}

// ---- PostgreSQL

BOOST_AUTO_TEST_CASE(parametersAreNumberedOutsideOfTexts) {
  const auto numbered = [](std::string_view query) { return numberParameters(query, aDay()).text; };
  BOOST_TEST(numbered("a>=:from and a<:to or b=:from") == "a>=$1 and a<$2 or b=$1");
  BOOST_TEST(numberParameters("x<:to", aDay()).values == Texts{"2026-11-21 00:00:00"});
  for (const char* same : {"':from'",
                           "'it''s :from'",
                           "\":from\"",
                           "-- :from\n",
                           "/* :from /* :to */ :to */",
                           "E'\\':from'",
                           "$$ :from $$",
                           "$a$ :from $$ :to $a$",
                           "x::from",
                           ":fromx",
                           ":from_",
                           "a:b",
                           ":",
                           "::",
                           "'open :from",
                           "/* open :from",
                           "$a$ open :from",
                           "-- :to",
                           "e'\\",
                           "$",
                           "a$1",
                           "x$from$:",
                           ":from季"}) {
    BOOST_TEST_CONTEXT(same) { BOOST_TEST(numbered(same) == same); }
  }
  BOOST_TEST(numbered("'a'':from'||:from") == "'a'':from'||$1");
  BOOST_TEST(numbered("'\\'||:from") == "'\\'||$1");
  const auto message = failure(Errc::invalidArgument, [&] { static_cast<void>(numbered("a = $1")); });
  BOOST_TEST(message == "the ledger's query: it has a parameter $1, there are only :from and :to");
}

#ifdef OPENAPI_WITH_POSTGRESQL

namespace {

Texts postgresql(const std::string& query, SqlPeriod period = {}) {
  return entriesOf(*openPostgresqlLedger(postgresqlServer().connection(), query, period));
}

std::string postgresqlRefusal(const std::string& query, SqlPeriod period = {}) {
  return failure(Errc::invalidArgument, [&] { postgresql(query, period); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(postgresqlRows) {
  postgresqlServer().run(
      "CREATE TABLE shop(id text, yuan numeric(10,2), fen bigint, at timestamptz, local timestamp, refund varchar(64));"
      "INSERT INTO shop VALUES('a', 88, 8800, '2026-11-20 02:00:00+00', '2026-11-20 10:00:00.5', NULL),"
      "('b', 1.5, 150, NULL, NULL, 'R1')");
  const Texts expected = {"1 payment success a|| 88.00 2026-11-20 10:00:00", "2 refund success b|R1| 1.50"};
  BOOST_TEST(postgresql("SELECT id AS outTradeNo, yuan AS amount, at AS time, refund AS outRefundNo FROM shop ORDER BY id") ==
             expected);
  BOOST_TEST(
      postgresql("SELECT id AS \"outTradeNo\", fen AS amountFen, local AS time, refund AS outRefundNo FROM shop ORDER BY 1;") ==
      expected);
  BOOST_TEST(postgresql("SELECT id AS outTradeNo, fen AS amountFen FROM shop WHERE at >= :from AND at < :to -- :x", aDay()) ==
             Texts{"1 payment success a|| 88.00"});
  BOOST_TEST(postgresql("SELECT id AS outTradeNo, fen AS amountFen FROM shop WHERE local < :from", aDay()).empty());
}

BOOST_AUTO_TEST_CASE(postgresqlRowsAreFetchedAsTheyAreRead) {
  const std::string query = "SELECT 'N' || i AS outTradeNo, i AS amountFen FROM generate_series(1, 10000) i";
  const auto ledger = openPostgresqlLedger(postgresqlServer().connection(), query);
  std::int64_t count = 0;
  while (const auto* entry = ledger->next()) {
    ++count;
    if (entry->amount != Fen{count} || entry->outTradeNo != "N" + std::to_string(count)) BOOST_ERROR("row " << count);
  }
  BOOST_TEST(count == 10000);
  BOOST_TEST(ledger->next() == nullptr);
}

BOOST_AUTO_TEST_CASE(postgresqlOnlyReads) {
  postgresqlServer().run("CREATE TABLE kept(x int); CREATE SEQUENCE numbers; INSERT INTO kept VALUES(1)");
  for (const char* query :
       {"SELECT 1 AS outTradeNo, 1 AS amount; DELETE FROM kept", "DELETE FROM kept", "DROP TABLE kept",
        "INSERT INTO kept VALUES(2) RETURNING x AS outTradeNo, 1 AS amount",
        "WITH d AS (DELETE FROM kept RETURNING x) SELECT x AS outTradeNo, 1 AS amount FROM d",
        "SELECT nextval('numbers') AS outTradeNo, 1 AS amount", "SELECT x AS a INTO other FROM kept", "COMMIT", "",
        "SELECT set_config('transaction_read_only', 'off', true) AS outTradeNo, nextval('numbers') AS amount",
        "SELECT nothing FROM kept", "SELEC", "SELECT $1 AS outTradeNo, 1 AS amount"}) {
    BOOST_TEST_CONTEXT(query) { BOOST_TEST(postgresqlRefusal(query).starts_with("the ledger's query: ")); }
  }
  BOOST_TEST(postgresqlServer().ask("SELECT count(*) FROM kept") == "1");
  BOOST_TEST(postgresqlServer().ask("SELECT is_called FROM numbers") == "f");
  BOOST_TEST(contains(postgresqlRefusal("SELECT 1 WHERE now() > :from"), "no such time is given"));
  BOOST_TEST(contains(postgresqlRefusal(std::string{"SELECT 1\0x", 10}), "a byte 0 in it"));
}

BOOST_AUTO_TEST_CASE(postgresqlTypesThatAreNotExactAreRefused) {
  BOOST_TEST(postgresqlRefusal("SELECT 1 AS outTradeNo, 88::float8 AS amount")
                 .starts_with("postgresql: amount: a floating point number"));
  BOOST_TEST(contains(postgresqlRefusal("SELECT 1 AS outTradeNo, 88::float4 AS amount WHERE false"), "floating point"));
  BOOST_TEST(contains(postgresqlRefusal("SELECT '\\x31'::bytea AS outTradeNo, 88 AS amount"), "bytea, not a text"));
  BOOST_TEST(postgresqlRefusal("SELECT 1 AS outTradeNo, 88.000 AS amount") ==
             "postgresql:1: amount: not an amount in yuan as in 88.00: \"88.000\"");
  BOOST_TEST(contains(postgresqlRefusal("SELECT 'a'::char(4) AS outTradeNo, 88 AS amount"), "outTradeNo: blanks around it"));
  BOOST_TEST(contains(postgresqlRefusal("SELECT NULL AS outTradeNo, 88 AS amount"), "outTradeNo: required"));
  BOOST_TEST(contains(postgresqlRefusal("SELECT 1 AS outTradeNo"), "amount: there is neither"));
}

BOOST_AUTO_TEST_CASE(postgresqlConnectionsStayOutOfMessages) {
  for (const std::string& connection :
       {postgresqlServer().connection("SECRET-word"), std::string{"host=/nonexistent/SECRET user=x password=SECRET"},
        std::string{"SECRET"}, std::string{"postgresql://SECRET:SECRET@[SECRET"}, std::string{"password=SECRET\0", 16},
        postgresqlServer().connection() + " user=SECRET", std::string{"host=127.0.0.1 port=1 password=SECRET"}}) {
    const auto message = failure(Errc::config, [&] { static_cast<void>(openPostgresqlLedger(connection, "SELECT 1")); });
    BOOST_TEST_CONTEXT(message) {
      BOOST_TEST(message.starts_with("cannot connect to PostgreSQL: "));
      BOOST_TEST(!contains(message, "SECRET"));
    }
  }
  BOOST_TEST(contains(
      failure(Errc::config, [] { static_cast<void>(openPostgresqlLedger(postgresqlServer().connection("wrong"), "SELECT 1")); }),
      "it refuses the user or the password"));
}

BOOST_AUTO_TEST_CASE(aPostgresqlConnectionThatBreaksIsAnError) {
  const std::string query = "SELECT i AS outTradeNo, i AS amountFen FROM generate_series(1, 100000) i";
  const auto ledger = openPostgresqlLedger(postgresqlServer().connection(), query);
  BOOST_REQUIRE(ledger->next() != nullptr);
  postgresqlServer().breakConnections();
  const auto message = failure(Errc::connectionLost, [&] { entriesOf(*ledger); });
  BOOST_TEST(contains(message, "reconcile again"));
}

BOOST_AUTO_TEST_CASE(postgresqlBooksAreReconciled) {
  postgresqlServer().run(
      "CREATE TABLE orders(outTradeNo text, outRefundNo text, amount numeric(12,2), state text);"
      "INSERT INTO orders VALUES('1', NULL, 88, 'success'), ('1', 'R', 8.8, 'pending'), ('2', '', 1, 'failed')");
  const auto ledger = openPostgresqlLedger(postgresqlServer().connection(), "SELECT * FROM orders");
  const auto verdict =
      reconciled(weixinBill({payment("1", 8800), refund("1", "R", 880, EntryState::pending), payment("3", 1)}), *ledger);
  BOOST_TEST(verdict.result.matched == 2U);
  BOOST_TEST(verdict.result.unsettled == 1U);
  BOOST_TEST(verdict.differences.size() == 1U);
}

#else

BOOST_AUTO_TEST_CASE(withoutPostgresqlItSaysSo) {
  const auto message = failure(Errc::unsupported, [] { static_cast<void>(openPostgresqlLedger("", "SELECT 1")); });
  BOOST_TEST(contains(message, "OPENAPI_WITH_POSTGRESQL"));
}

#endif

BOOST_AUTO_TEST_SUITE_END()
