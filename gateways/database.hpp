#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace openapi::gateway {

/// A value of a column or a parameter.
using SqlValue = std::variant<std::nullptr_t, std::int64_t, std::string, double>;
/// An argument of a function in a statement. A text holds during the call.
using SqlArgument = std::variant<std::nullptr_t, std::int64_t, std::string_view, double>;
/// A function that statements can call. What it throws fails the statement.
using SqlFunction = std::function<SqlValue(std::span<const SqlArgument>)>;

/// One row of a result, by column name.
class Row {
 public:
  using Names = std::shared_ptr<const std::vector<std::string>>;  ///< all rows of a result have the same

  /// All values null.
  explicit Row(Names names) : names_{std::move(names)}, values_(names_->size()) {}
  /// Reads the row that `statement` stands at, in the memory of the one before.
  void read(sqlite3_stmt* statement);

  [[nodiscard]] bool isNull(std::string_view column) const;
  [[nodiscard]] std::int64_t integer(std::string_view column) const;  ///< 0 for null
  [[nodiscard]] std::string text(std::string_view column) const;      ///< empty for null
  [[nodiscard]] const SqlValue& value(std::string_view column) const { return at(column); }

 private:
  [[nodiscard]] const SqlValue& at(std::string_view column) const;
  Names names_;
  std::vector<SqlValue> values_;
};

/// What the `WorkLimit` in force allows is used up.
struct TooMuchWork : std::runtime_error {
  TooMuchWork() : std::runtime_error{"too much work"} {}
};

/// A SQLite database. What a committed transaction wrote survives `kill -9`. Throws `std::runtime_error`.
class Database {
 public:
  /// An empty `file` keeps everything in memory.
  explicit Database(const std::string& file = {});
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one statement with `?` parameters; gives the number of rows changed.
  std::int64_t execute(std::string_view sql, std::span<const SqlValue> values);
  std::int64_t execute(std::string_view sql, std::initializer_list<SqlValue> values = {}) { return execute(sql, spanOf(values)); }
  /// Runs several statements without parameters, such as a schema.
  void script(const std::string& sql);
  [[nodiscard]] std::vector<Row> query(std::string_view sql, std::span<const SqlValue> values);
  [[nodiscard]] std::vector<Row> query(std::string_view sql, std::initializer_list<SqlValue> values = {}) {
    return query(sql, spanOf(values));
  }
  /// Gives the rows to `take` one after the other, each for the time of the call: they are never all in memory.
  void each(std::string_view sql, std::span<const SqlValue> values, const std::function<void(const Row&)>& take);
  /// The first row, if there is one.
  [[nodiscard]] std::optional<Row> first(std::string_view sql, std::span<const SqlValue> values);
  [[nodiscard]] std::optional<Row> first(std::string_view sql, std::initializer_list<SqlValue> values = {}) {
    return first(sql, spanOf(values));
  }
  /// Makes a deterministic function of `arguments` values, at most `maxArguments`, known to statements, or another one of the
  /// same name.
  static constexpr std::size_t maxArguments = 4;
  void addFunction(const std::string& name, int arguments, SqlFunction function);
  [[nodiscard]] std::int64_t lastInsertId() const;
  /// Counts work that is done beside statements, or in their functions; a unit is about a step of SQLite's machine.
  void spend(std::int64_t units);

  /// Remembered texts by name: the clock's offset, the keys.
  [[nodiscard]] std::optional<std::string> setting(std::string_view name);
  void setSetting(std::string_view name, std::string_view value);
  /// The text remembered as `name`; what `make` gives is remembered when there is none.
  std::string settingOr(std::string_view name, const std::function<std::string()>& make);

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const;
  };
  struct CloseStatement {
    void operator()(sqlite3_stmt* statement) const;
  };
  static std::span<const SqlValue> spanOf(std::initializer_list<SqlValue> values) { return {values.begin(), values.size()}; }
  sqlite3_stmt* prepare(std::string_view sql, std::span<const SqlValue> values);
  void forgetStatements();
  [[noreturn]] void fail(std::string_view what) const;
  static int countSteps(void* database);

  friend class Transaction;
  friend class WorkLimit;
  static constexpr std::int64_t withoutLimit = std::numeric_limits<std::int64_t>::max();
  std::int64_t workLeft_ = withoutLimit;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, CloseStatement>, std::less<>> statements_;
};

/// While it lives, statements and `spend` together may take `units` of work. What wants more throws `TooMuchWork`: always at the
/// same place, however fast the machine is. Only a roll-back is never refused.
class WorkLimit {
 public:
  WorkLimit(Database& database, std::int64_t units) : database_{database} { database_.workLeft_ = units; }
  WorkLimit(const WorkLimit&) = delete;
  WorkLimit& operator=(const WorkLimit&) = delete;
  ~WorkLimit() { database_.workLeft_ = Database::withoutLimit; }

 private:
  Database& database_;
};

/// Rolls back unless committed. They nest: only the outermost one writes.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace openapi::gateway
