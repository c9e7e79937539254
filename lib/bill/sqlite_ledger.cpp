#include <openapi/bill/ledger.hpp>
#include <openapi/error.hpp>

#include <sqlite3.h>

#include <string>
#include <vector>

#include "bill/ledger_columns.hpp"
#include "bill/ledger_sql.hpp"

namespace openapi::bill {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, CloseStatement>;

/// Lets a query read, and nothing else: no writing, no PRAGMA, no ATTACH. Remembers in `denied` that it wanted more.
int allowReading(void* denied, int action, const char*, const char*, const char*, const char*) {
  const bool reading =
      action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
  if (reading) return SQLITE_OK;
  *static_cast<bool*>(denied) = true;
  return SQLITE_DENY;
}

class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(const std::filesystem::path& file, const std::string& query, const SqlPeriod& period) : name_{file.string()} {
    open(file);
    prepare(query);
    bind(period);
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) names.emplace_back(sqlite3_column_name(statement_.get(), i));
    rows_.emplace(name_, 0, names);
  }

  const LedgerEntry* next() override {
    if (done_) return nullptr;
    const int result = sqlite3_step(statement_.get());
    done_ = result != SQLITE_ROW;
    if (result == SQLITE_DONE) return nullptr;
    if (result != SQLITE_ROW) fail(result);
    ++row_;
    LedgerCells cells;
    const auto& positions = rows_->positions();
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      if (positions[column]) cells[column] = cell(static_cast<LedgerColumn>(column), static_cast<int>(*positions[column]));
    }
    return &rows_->read(row_, cells);
  }

 private:
  void open(const std::filesystem::path& file) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(opened);
    if (result != SQLITE_OK) fail(result);
    constexpr int patienceMs = 5000;
    sqlite3_busy_timeout(opened, patienceMs);
    sqlite3_set_authorizer(opened, allowReading, &denied_);
  }

  void prepare(const std::string& query) {
    if (query.find('\0') != std::string::npos) failQuery("a byte 0 in it");
    const char* rest = nullptr;
    statement_ = compile(query.c_str(), &rest);
    if (!statement_) failQuery("it is empty");
    if (sqlite3_column_count(statement_.get()) == 0 || sqlite3_stmt_readonly(statement_.get()) == 0) failQuery(onlySelect);
    for (const char* end = nullptr; *rest != '\0'; rest = end) {
      sqlite3_stmt* more = nullptr;
      const bool understood = sqlite3_prepare_v2(database_.get(), rest, -1, &more, &end) == SQLITE_OK;
      const Statement second{more};
      if (second || !understood) failQuery("more than one statement");
    }
  }

  Statement compile(const char* text, const char** rest) {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v2(database_.get(), text, -1, &statement, rest);
    Statement owner{statement};
    if (result != SQLITE_OK) fail(result);
    return owner;
  }

  void bind(const SqlPeriod& period) {
    const int count = sqlite3_bind_parameter_count(statement_.get());
    for (int i = 1; i <= count; ++i) {
      const char* const given = sqlite3_bind_parameter_name(statement_.get(), i);
      const std::string name = given != nullptr ? given : "?";
      if (name != ":from" && name != ":to") failQuery("it has the parameter " + name + ", there are only :from and :to");
      const std::string value = sqlTime(name == ":from" ? period.from : period.to, name);
      sqlite3_bind_text(statement_.get(), i, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    }
  }

  std::optional<std::string_view> cell(LedgerColumn column, int index) {
    switch (sqlite3_column_type(statement_.get(), index)) {
      case SQLITE_NULL:
        return {};
      case SQLITE_FLOAT:
        rows_->fail(row_, column, floatingPoint);
      case SQLITE_BLOB:
        rows_->fail(row_, column, "a blob, not a text");
      default:
        break;
    }
    const auto* text = sqlite3_column_text(statement_.get(), index);
    if (text == nullptr) fail(SQLITE_NOMEM);
    return std::string_view{reinterpret_cast<const char*>(text),
                            static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index))};
  }

  /// The query is to blame for an error of the language, the file for everything else.
  [[noreturn]] void fail(int result) const {
    const std::string reason = oneLine(database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(result));
    constexpr int primary = 0xFF;
    if (denied_) failQuery(onlySelect);
    if ((result & primary) == SQLITE_ERROR) failQuery(reason);
    throw Error{Errc::config, "cannot read the ledger " + name_ + ": " + reason};
  }

  std::string name_;
  bool denied_ = false;
  std::unique_ptr<sqlite3, CloseDatabase> database_{};
  Statement statement_{};
  std::optional<LedgerRows> rows_{};
  std::uint64_t row_ = 0;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<Ledger> openSqliteLedger(const std::filesystem::path& database, const std::string& query, SqlPeriod period) {
  return std::make_unique<SqliteLedger>(database, query, period);
}

}  // namespace openapi::bill
