#pragma once

#include <gateways/bmob/settings.hpp>
#include <gateways/database.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

enum class Type { string, number, boolean, date, file, geo, array, object, pointer, relation };

/// As in messages and schemas: `String`, `Number`, `Bool`…
[[nodiscard]] std::string_view nameOf(Type type);
[[nodiscard]] std::optional<Type> typeCalled(std::string_view name);

struct Column {
  Type type = Type::string;
  std::string target{};    ///< the class of a pointer or relation
  std::int64_t index = 0;  ///< the number of its SQL index; 0: there is none
};

/// A class and the table of its rows: `seq`, `id`, `created`, `updated` (both in milliseconds), `acl` (JSON or null) and `data`
/// (JSON with all columns of the merchant, and the ACL).
struct Table {
  std::int64_t id = 0;
  std::string name{};
  std::map<std::string, Column, std::less<>> columns{};

  [[nodiscard]] const Column* find(std::string_view column) const;
  /// The name of the SQL table. A class's own name never gets into a statement.
  [[nodiscard]] std::string sqlName() const { return "bmob_t" + std::to_string(id); }
};

/// The expression of a column's value, as its index has it. `alias` ends with a dot or is empty.
[[nodiscard]] std::string columnSql(const std::string& alias, const std::string& column, Type type);

/// The classes of the app with their columns. Tables and columns come into being with the first row that has them.
class Catalog {
 public:
  Catalog(Database& database, const Settings& settings);

  /// The class, or null. Pointers hold until `forget` or until the class is dropped.
  [[nodiscard]] const Table* find(std::string_view name);
  /// The class, made when it is not there. Refuses with 103, 302 and 1002.
  const Table& require(const std::string& name);
  /// Refuses with 1004, and with 107 for a second geographic column.
  void addColumn(const Table& table, const std::string& name, const Column& column);
  void dropColumn(const Table& table, const std::string& name);
  /// With all of its rows.
  void dropTable(const Table& table);
  /// Makes an index for a column of a large table, when there is none.
  void wantIndex(const Table& table, const std::string& name);
  [[nodiscard]] std::vector<std::string> names();

  /// To be called when a transaction was rolled back.
  void forget();

 private:
  Table& add(const std::string& name);
  void createIndex(const Table& table, const std::string& name, const Column& column, bool isUnique);

  Database& database_;
  const Settings& settings_;
  std::map<std::string, Table, std::less<>> tables_;
};

}  // namespace openapi::gateway::bmob
