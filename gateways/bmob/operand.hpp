#pragma once

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/sql_text.hpp>
#include <gateways/bmob/values.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::bmob {

/// What a name in a query stands for.
struct Operand {
  enum class Kind {
    id,
    time,    ///< `createdAt`, `updatedAt`
    column,  ///< of the class, with its type
    inside,  ///< a member somewhere in a column: its type is the row's affair
    absent   ///< no row has it
  };
  Kind kind = Kind::absent;
  std::string name{};
  Column column{};     ///< of the kind `column`
  std::string sql{};   ///< the value
  std::string json{};  ///< the arguments of `json_each` and `json_type`

  [[nodiscard]] bool is(Type type) const { return kind == Kind::column && column.type == type; }
};

/// `alias` ends with a dot. Refuses with 102 what is no name, and secrets in a user's `authData` but for the master.
[[nodiscard]] Operand operandOf(const Table& table, const std::string& alias, const std::string& name, bool isMaster);

/// A value as the operand's SQL has it. No value when it is of another type: then nothing is equal to it. Refuses with 106 and
/// 107 pointers and dates that are none.
[[nodiscard]] std::optional<SqlValue> comparable(const Operand& operand, const Json& value);
/// A JSON number, text or truth value for SQL; no value for others.
[[nodiscard]] std::optional<SqlValue> scalarSql(const Json& value);

/// The row's value equals `value`; an array's when it has such an element.
[[nodiscard]] Sql equals(const Operand& operand, const Json& value);
/// `comparison` is `<`, `<=`, `>` or `>=`.
[[nodiscard]] Sql compares(const Operand& operand, std::string_view comparison, const Json& value);
/// The row's value, or an element of it, is one of `values`.
[[nodiscard]] Sql isOneOf(const Operand& operand, const Json::Array& values);
/// The value is there and not null.
[[nodiscard]] Sql exists(const Operand& operand);
/// The text, or a text in the array, fits. `pattern` is one that `regexSize` takes.
[[nodiscard]] Sql fits(const Operand& operand, const std::string& pattern);

}  // namespace openapi::gateway::bmob
