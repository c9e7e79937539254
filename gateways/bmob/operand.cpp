#include <gateways/bmob/operand.hpp>

#include <gateways/bmob/dates.hpp>
#include <gateways/bmob/names.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::bmob {
namespace {

using Kind = Operand::Kind;

/// The members of `authData` that name somebody; the others open accounts.
bool isSecret(const Table& table, const std::vector<std::string>& path) {
  static constexpr std::array<std::string_view, 4> open{"openid", "unionid", "uid", "id"};
  if (table.name != "_User" || path.front() != "authData") return false;
  return path.size() != 3 || std::find(open.begin(), open.end(), path.back()) == open.end();
}

Time dateOperand(const Json& value) {
  const auto* text = value.string();
  if (typeTag(value) == "Date") {
    const auto* iso = value.find("iso");
    text = iso == nullptr ? nullptr : iso->string();
  }
  const auto date = text == nullptr ? std::nullopt : dateIn(*text);
  if (!date) throw Refused{107, "invalid date: " + shown(text == nullptr ? value.json() : *text) + "."};
  return *date;
}

bool canBeDate(const Json& value) { return value.string() != nullptr || typeTag(value) == "Date"; }

std::optional<SqlValue> comparablePointer(const Operand& operand, const Json& value) {
  if (typeTag(value).empty()) return std::nullopt;
  const auto pointer = pointerIn(operand.name, value);
  if (pointer.className != operand.column.target) return std::nullopt;
  return pointer.objectId;
}

/// `e`, a row of `json_each`, equals `value`.
Sql elementEquals(const Json& value) {
  if (value.isNull()) return {"e.type = 'null'", {}};
  if (const auto* flag = value.boolean()) return {*flag ? "e.type = 'true'" : "e.type = 'false'", {}};
  if (value.string() != nullptr) return Sql{}.add("(e.type = 'text' AND e.value = ").bind(*value.string()).add(")");
  if (const auto number = scalarSql(value))
    return Sql{}.add("(e.type IN ('integer','real') AND e.value = ").bind(*number).add(")");
  return Sql{}.add("(e.type IN ('object','array') AND e.value = ").bind(value.json()).add(")");
}

Sql someElement(const Operand& operand, const Sql& condition) {
  return Sql{}.add("EXISTS(SELECT 1 FROM json_each(" + operand.json + ") e WHERE ").add(condition).add(")");
}

std::string typeSql(const Operand& operand) { return "json_type(" + operand.json + ")"; }

/// SQL's names of the JSON types that a value can equal.
std::string_view jsonTypes(const Json& value) {
  if (const auto* flag = value.boolean()) return *flag ? "'true'" : "'false'";
  if (value.string() != nullptr) return "'text'";
  if (value.object() != nullptr) return "'object'";
  if (value.array() != nullptr) return "'array'";
  return "'integer','real'";
}

Sql equalsInside(const Operand& operand, const Json& value) {
  auto whole = Sql{}.add(typeSql(operand) + " IN (").add(jsonTypes(value)).add(") AND " + operand.sql + " = ");
  whole.bind(scalarSql(value).value_or(SqlValue{value.json()}));
  if (value.array() != nullptr) return Sql{}.add("(").add(whole).add(")");
  return Sql{}
      .add("CASE WHEN " + typeSql(operand) + " = 'array' THEN ")
      .add(someElement(operand, elementEquals(value)))
      .add(" ELSE ")
      .add(whole)
      .add(" END");
}

Sql equalsArray(const Operand& operand, const Json& value) {
  if (value.array() != nullptr) return Sql{}.add(operand.sql + " = ").bind(value.json());
  return someElement(operand, elementEquals(value));
}

Sql comparesInside(const Operand& operand, std::string_view comparison, const Json& value) {
  if (typeTag(value) == "Date") {
    const auto path = operand.json.substr(0, operand.json.size() - 1) + ".iso'";
    return Sql{}.add("json_extract(" + path + ") ").add(comparison).add(" ").bind(readableTime(dateOperand(value)));
  }
  const auto scalar = scalarSql(value);
  if (!scalar || value.boolean() != nullptr) throw invalidValue(operand.name);
  return Sql{}
      .add("(" + typeSql(operand) + " IN (")
      .add(jsonTypes(value))
      .add(") AND " + operand.sql + " ")
      .add(comparison)
      .add(" ")
      .bind(*scalar)
      .add(")");
}

/// The values that the operand can equal, as a JSON array for `json_each`.
std::string listFor(const Operand& operand, const Json::Array& values) {
  Json::Array list;
  const bool isTyped = operand.kind != Kind::inside && !operand.is(Type::array);
  for (const auto& value : values) {
    if (value.isNull()) continue;
    if (!isTyped) {
      list.push_back(value);
    } else if (const auto sql = comparable(operand, value)) {
      if (const auto* text = std::get_if<std::string>(&*sql)) list.emplace_back(*text);
      if (const auto* number = std::get_if<std::int64_t>(&*sql)) list.emplace_back(*number);
      if (std::holds_alternative<double>(*sql)) list.push_back(value);
    }
  }
  return Json{list}.json();
}

}  // namespace

Operand operandOf(const Table& table, const std::string& alias, const std::string& name, bool isMaster) {
  if (name == "objectId") return {Kind::id, name, {}, alias + "id", {}};
  if (name == "createdAt") return {Kind::time, name, {}, alias + "created", {}};
  if (name == "updatedAt") return {Kind::time, name, {}, alias + "updated", {}};
  const auto path = fieldPath(name);
  if (path.empty() || (!isMaster && isSecret(table, path))) throw invalidKey(name);
  const auto* column = table.find(path.front());
  if (column == nullptr) return {Kind::absent, name, {}, {}, {}};
  const auto json = alias + "data,'" + jsonPath(path) + "'";
  if (path.size() > 1) return {Kind::inside, name, {}, "json_extract(" + json + ")", json};
  return {Kind::column, name, *column, columnSql(alias, name, column->type), json};
}

std::optional<SqlValue> scalarSql(const Json& value) {
  if (const auto* text = value.string()) return *text;
  if (const auto* integer = value.integer()) return *integer;
  if (const auto* flag = value.boolean()) return std::int64_t{*flag ? 1 : 0};
  if (const auto real = realIn(value)) return *real;
  return std::nullopt;
}

std::optional<SqlValue> comparable(const Operand& operand, const Json& value) {
  if (operand.kind == Kind::time) return SqlValue{toMillis(dateOperand(value))};
  const auto isText = value.string() != nullptr;
  if (operand.kind == Kind::id) return isText ? scalarSql(value) : std::nullopt;
  switch (operand.column.type) {
    case Type::string:
      return isText ? scalarSql(value) : std::nullopt;
    case Type::number:
      return realIn(value) ? scalarSql(value) : std::nullopt;
    case Type::boolean:
      return value.boolean() != nullptr ? scalarSql(value) : std::nullopt;
    case Type::date:
      return canBeDate(value) ? std::optional<SqlValue>{readableTime(dateOperand(value))} : std::nullopt;
    case Type::pointer:
      return comparablePointer(operand, value);
    default:
      return value.object() != nullptr ? std::optional<SqlValue>{storedValue(operand.name, value).json.json()} : std::nullopt;
  }
}

Sql equals(const Operand& operand, const Json& value) {
  if (value.isNull()) return negated(exists(operand));
  if (operand.kind == Kind::absent) return never();
  if (operand.kind == Kind::inside) return equalsInside(operand, value);
  if (operand.is(Type::array)) return equalsArray(operand, value);
  const auto sql = comparable(operand, value);
  if (!sql) return never();
  // Times are kept to the millisecond, and nobody has seen more than their seconds.
  if (operand.kind == Kind::time) return Sql{}.add(operand.sql + " / 1000 = ").bind(std::get<std::int64_t>(*sql) / 1000);
  return Sql{}.add(operand.sql + " = ").bind(*sql);
}

Sql compares(const Operand& operand, std::string_view comparison, const Json& value) {
  if (operand.kind == Kind::inside) return comparesInside(operand, comparison, value);
  const bool isPlain = scalarSql(value) && value.boolean() == nullptr;
  if (!isPlain && typeTag(value) != "Date") throw invalidValue(operand.name);
  const bool isOrdered = operand.kind == Kind::time || operand.kind == Kind::id || operand.is(Type::string) ||
                         operand.is(Type::number) || operand.is(Type::date);
  const auto sql = isOrdered ? comparable(operand, value) : std::nullopt;
  if (!sql) return never();
  return Sql{}.add(operand.sql + " ").add(comparison).add(" ").bind(*sql);
}

Sql isOneOf(const Operand& operand, const Json::Array& values) {
  const bool hasNull = std::any_of(values.begin(), values.end(), [](const Json& value) { return value.isNull(); });
  std::vector<Sql> ways;
  if (hasNull) ways.push_back(negated(exists(operand)));
  const auto list =
      Sql{}.add("(SELECT value FROM json_each(").bind(operand.kind == Kind::absent ? "[]" : listFor(operand, values)).add("))");
  const auto element = [&] { return someElement(operand, Sql{}.add("e.value IN ").add(list)); };
  if (operand.kind == Kind::inside) {
    ways.push_back(Sql{}
                       .add("CASE WHEN " + typeSql(operand) + " = 'array' THEN ")
                       .add(element())
                       .add(" ELSE " + operand.sql + " IN ")
                       .add(list)
                       .add(" END"));
  } else if (operand.is(Type::array)) {
    ways.push_back(element());
  } else if (operand.kind != Kind::absent) {
    ways.push_back(Sql{}.add(operand.sql + " IN ").add(list));
  }
  return joined(ways, " OR ", "0");
}

Sql exists(const Operand& operand) {
  if (operand.kind == Kind::absent) return never();
  return {operand.sql + " IS NOT NULL", {}};
}

Sql fits(const Operand& operand, const std::string& pattern) {
  const auto matches = [&](const std::string& text) { return Sql{}.add("bmob_regex(").bind(pattern).add("," + text + ")"); };
  if (operand.kind == Kind::id || operand.is(Type::string)) return matches(operand.sql);
  if (operand.is(Type::array)) return someElement(operand, Sql{}.add("(e.type = 'text' AND ").add(matches("e.value")).add(")"));
  if (operand.kind != Kind::inside) return never();
  return Sql{}.add("(" + typeSql(operand) + " = 'text' AND ").add(matches(operand.sql)).add(")");
}

}  // namespace openapi::gateway::bmob
