#include <gateways/database.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace openapi::gateway {
namespace {

constexpr int stepsPerCheck = 1000;
constexpr std::size_t maxStatements = 500;  // queries of merchants have as many shapes as they like

void readText(SqlValue& value, std::string_view text) {
  if (auto* known = std::get_if<std::string>(&value)) {
    known->assign(text);
  } else {
    value.emplace<std::string>(text);
  }
}

void readColumn(sqlite3_stmt* statement, int index, SqlValue& value) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL:
      value = nullptr;
      break;
    case SQLITE_INTEGER:
      value = std::int64_t{sqlite3_column_int64(statement, index)};
      break;
    case SQLITE_FLOAT:
      value = sqlite3_column_double(statement, index);
      break;
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
      readText(value, bytes == nullptr ? std::string_view{} : std::string_view{bytes, size});
    }
  }
}

Row::Names namesOf(sqlite3_stmt* statement) {
  std::vector<std::string> names;
  const int count = sqlite3_column_count(statement);
  names.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) names.emplace_back(sqlite3_column_name(statement, i));
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

SqlArgument argumentOf(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
      return nullptr;
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    default: {
      const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return bytes == nullptr ? std::string_view{}
                              : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
  }
}

void giveResult(sqlite3_context* context, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_result_int64(context, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_result_double(context, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    sqlite3_result_null(context);
  }
}

void callFunction(sqlite3_context* context, int count, sqlite3_value** arguments) {
  try {
    std::array<SqlArgument, Database::maxArguments> values;
    const auto used = static_cast<std::size_t>(count);
    std::transform(arguments, arguments + count, values.begin(), argumentOf);
    giveResult(context, (*static_cast<const SqlFunction*>(sqlite3_user_data(context)))({values.data(), used}));
  } catch (const std::exception& e) {
    sqlite3_result_error(context, e.what(), -1);
  }
}

int bindValue(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return sqlite3_bind_null(statement, index);
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

void Row::read(sqlite3_stmt* statement) {
  int index = 0;
  for (auto& value : values_) readColumn(statement, index++, value);
}

const SqlValue& Row::at(std::string_view column) const {
  const auto found = std::find(names_->begin(), names_->end(), column);
  if (found != names_->end()) return values_[static_cast<std::size_t>(found - names_->begin())];
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
  const auto problem = file + ": cannot be opened";
  const auto run = [&](const char* sql) {
    if (sqlite3_exec(opened, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(problem);
  };
  if (result != SQLITE_OK) fail(problem);
  sqlite3_busy_timeout(opened, 5000);
  sqlite3_progress_handler(opened, stepsPerCheck, countSteps, this);
  if (!file.empty()) run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;");
  run("CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL)");
}

int Database::countSteps(void* database) {
  auto& left = static_cast<Database*>(database)->workLeft_;
  left -= stepsPerCheck;
  return left < 0 ? 1 : 0;
}

void Database::spend(std::int64_t units) {
  workLeft_ = units > workLeft_ ? -1 : workLeft_ - units;
  if (workLeft_ < 0) throw TooMuchWork{};
}

void Database::fail(std::string_view what) const {
  if (workLeft_ < 0) throw TooMuchWork{};
  throw std::runtime_error{std::string{what} + ": " + sqlite3_errmsg(database_.get())};
}

void Database::script(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail("schema");
}

void Database::addFunction(const std::string& name, int arguments, SqlFunction function) {
  if (arguments < 0 || static_cast<std::size_t>(arguments) > maxArguments) throw std::logic_error{"too many arguments: " + name};
  auto kept = std::make_unique<SqlFunction>(std::move(function));
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  // SQLite destroys what it was given also when it fails.
  const auto destroy = [](void* given) { delete static_cast<SqlFunction*>(given); };
  if (sqlite3_create_function_v2(database_.get(), name.c_str(), arguments, flags, kept.release(), callFunction, nullptr, nullptr,
                                 destroy) != SQLITE_OK) {
    fail("the function " + name);
  }
}

void Database::forgetStatements() {
  std::erase_if(statements_, [](const auto& entry) { return sqlite3_stmt_busy(entry.second.get()) == 0; });
}

sqlite3_stmt* Database::prepare(std::string_view sql, std::span<const SqlValue> values) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    if (statements_.size() >= maxStatements) forgetStatements();
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
    if (bindValue(statement, ++index, value) != SQLITE_OK) fail(sql);
  }
  return statement;
}

std::int64_t Database::execute(std::string_view sql, std::span<const SqlValue> values) {
  auto* statement = prepare(sql, values);
  const Reset reset{statement};
  if (sqlite3_step(statement) != SQLITE_DONE) fail(sql);
  return sqlite3_changes(database_.get());
}

std::vector<Row> Database::query(std::string_view sql, std::span<const SqlValue> values) {
  auto* statement = prepare(sql, values);
  const Reset reset{statement};
  std::vector<Row> rows;
  Row::Names names;
  int result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
    if (rows.empty()) names = namesOf(statement);
    rows.emplace_back(names).read(statement);
  }
  if (result != SQLITE_DONE) fail(sql);
  return rows;
}

void Database::each(std::string_view sql, std::span<const SqlValue> values, const std::function<void(const Row&)>& take) {
  auto* statement = prepare(sql, values);
  const Reset reset{statement};
  int result = sqlite3_step(statement);
  if (result == SQLITE_ROW) {
    Row row{namesOf(statement)};
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
      row.read(statement);
      take(row);
    }
  }
  if (result != SQLITE_DONE) fail(sql);
}

std::optional<Row> Database::first(std::string_view sql, std::span<const SqlValue> values) {
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

std::string Database::settingOr(std::string_view name, const std::function<std::string()>& make) {
  if (auto value = setting(name)) return *value;
  auto value = make();
  setSetting(name, value);
  return value;
}

Transaction::Transaction(Database& database) : database_{database} { database_.execute("SAVEPOINT t"); }

Transaction::~Transaction() {
  if (!open_) return;
  const auto left = std::exchange(database_.workLeft_, Database::withoutLimit);
  try {
    database_.execute("ROLLBACK TO t");
    database_.execute("RELEASE t");
  } catch (const std::exception&) {
    // SQLite has rolled back everything already, because a write was stopped, or does so when it opens the file again.
    open_ = false;
  }
  database_.workLeft_ = left;
}

void Transaction::commit() {
  database_.execute("RELEASE t");
  open_ = false;
}

}  // namespace openapi::gateway
