#include <gateways/database.hpp>

#include <sqlite3.h>

#include <stdexcept>

namespace openapi::gateway {
namespace {

SqlValue columnOf(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL:
      return nullptr;
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, index)};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
      return bytes == nullptr ? std::string{} : std::string(bytes, size);
    }
  }
}

Row rowOf(sqlite3_stmt* statement) {
  std::vector<std::pair<std::string, SqlValue>> columns;
  const int count = sqlite3_column_count(statement);
  for (int i = 0; i < count; ++i) columns.emplace_back(sqlite3_column_name(statement, i), columnOf(statement, i));
  return Row{std::move(columns)};
}

/// Returns a cached statement to its first state, whatever happens.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_{statement} {}
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;
  ~Reset() { sqlite3_reset(statement_); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

const SqlValue& Row::at(std::string_view column) const {
  for (const auto& [name, value] : columns_) {
    if (name == column) return value;
  }
  throw std::logic_error{"no column " + std::string{column}};
}

bool Row::isNull(std::string_view column) const { return std::holds_alternative<std::nullptr_t>(at(column)); }

std::int64_t Row::integer(std::string_view column) const {
  const auto* value = std::get_if<std::int64_t>(&at(column));
  return value == nullptr ? 0 : *value;
}

std::string Row::text(std::string_view column) const {
  const auto* value = std::get_if<std::string>(&at(column));
  return value == nullptr ? std::string{} : *value;
}

void Database::CloseDatabase::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void Database::CloseStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Database::Database(const std::string& file) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(file.empty() ? ":memory:" : file.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (result != SQLITE_OK) fail("cannot open the state file " + file);
  sqlite3_busy_timeout(opened, 5000);
  if (!file.empty()) script("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
  script("CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL)");
}

void Database::fail(std::string_view what) const {
  throw std::runtime_error{std::string{what} + ": " + sqlite3_errmsg(database_.get())};
}

void Database::script(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail("schema");
}

sqlite3_stmt* Database::prepare(std::string_view sql, std::initializer_list<SqlValue> values) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made,
                           nullptr) != SQLITE_OK) {
      fail(sql);
    }
    found = statements_.emplace(std::string{sql}, made).first;
  }
  auto* statement = found->second.get();
  int index = 0;
  for (const auto& value : values) {
    ++index;
    int result = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      result = sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      result = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    } else {
      result = sqlite3_bind_null(statement, index);
    }
    if (result != SQLITE_OK) fail(sql);
  }
  return statement;
}

std::int64_t Database::execute(std::string_view sql, std::initializer_list<SqlValue> values) {
  auto* statement = prepare(sql, values);
  const Reset reset{statement};
  if (sqlite3_step(statement) != SQLITE_DONE) fail(sql);
  return sqlite3_changes(database_.get());
}

std::vector<Row> Database::query(std::string_view sql, std::initializer_list<SqlValue> values) {
  auto* statement = prepare(sql, values);
  const Reset reset{statement};
  std::vector<Row> rows;
  int result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement)) rows.push_back(rowOf(statement));
  if (result != SQLITE_DONE) fail(sql);
  return rows;
}

std::optional<Row> Database::first(std::string_view sql, std::initializer_list<SqlValue> values) {
  auto rows = query(sql, values);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::int64_t Database::lastInsertId() const { return sqlite3_last_insert_rowid(database_.get()); }

std::optional<std::string> Database::setting(std::string_view name) {
  const auto row = first("SELECT value FROM settings WHERE name = ?", {std::string{name}});
  if (!row) return std::nullopt;
  return row->text("value");
}

void Database::setSetting(std::string_view name, std::string_view value) {
  execute("INSERT INTO settings(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
          {std::string{name}, std::string{value}});
}

Transaction::Transaction(Database& database) : database_{database} { database_.execute("SAVEPOINT t"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK TO t");
    database_.execute("RELEASE t");
  } catch (const std::exception&) {
    open_ = false;  // the connection is broken: SQLite rolls back when it opens the file again
  }
}

void Transaction::commit() {
  database_.execute("RELEASE t");
  open_ = false;
}

}  // namespace openapi::gateway
