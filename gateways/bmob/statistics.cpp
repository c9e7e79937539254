#include <gateways/bmob/statistics.hpp>

#include <codec/ascii.hpp>
#include <gateways/bmob/json_list.hpp>
#include <gateways/bmob/operand.hpp>
#include <gateways/bmob/values.hpp>
#include <gateways/bmob/where.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace openapi::gateway::bmob {
namespace {

struct Measure {
  std::string_view parameter;
  std::string_view prefix;
  std::string_view function;
};

// `total`, not `sum`: that one fails where a sum of integers leaves 64 bits.
constexpr std::array<Measure, 4> measures{
    {{"sum", "_sum", "total"}, {"average", "_avg", "avg"}, {"max", "_max", "max"}, {"min", "_min", "min"}}};

/// A column of the result: `name` for the client, `cN` for the statement.
struct Output {
  std::string name;
  std::string sql;
  bool isGroup = false;
  bool isJson = false;  ///< the statement gives JSON texts: only they tell `true` from 1, and a pointer from its id
};

std::string capitalized(std::string name) {
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

/// What rows are put together by: days of times, otherwise values.
Output groupOf(const Operand& operand) {
  using Kind = Operand::Kind;
  const auto& value = operand.sql;
  if (operand.kind == Kind::absent) return {operand.name, "NULL", true};
  if (operand.kind == Kind::time) return {operand.name, "strftime('%Y-%m-%d', " + value + " / 1000 + 28800, 'unixepoch')", true};
  if (operand.is(Type::date)) return {operand.name, "substr(" + value + ", 1, 10)", true};
  if (operand.kind == Kind::id || operand.is(Type::string) || operand.is(Type::number)) return {operand.name, value, true};
  const auto comma = operand.json.find(',');
  return {operand.name, "nullif(" + operand.json.substr(0, comma) + " -> " + operand.json.substr(comma + 1) + ",'null')", true,
          true};
}

std::vector<Output> outputsOf(const Call& call, const Table& table, bool isMaster) {
  std::vector<Output> outputs;
  for (const auto& measure : measures) {
    for (const auto& name : commaList(call.parameter(measure.parameter))) {
      const auto operand = operandOf(table, "t.", name, isMaster);
      if (!operand.is(Type::number)) throw invalidValue(name);
      outputs.push_back(
          {std::string{measure.prefix} + capitalized(name), std::string{measure.function} + "(" + operand.sql + ")"});
    }
  }
  if (call.parameter("groupcount") == "true" || call.parameter("groupcount") == "1") outputs.push_back({"_count", "count(*)"});
  for (const auto& name : commaList(call.parameter("groupby")))
    outputs.push_back(groupOf(operandOf(table, "t.", name, isMaster)));
  return outputs;
}

/// A measure's number as JSON: a sum of integers is an integer.
Json numberOf(const SqlValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* real = std::get_if<double>(&value);
  return real == nullptr ? Json{} : numberJson(*real).value_or(Json{});
}

std::string columnName(std::size_t index) { return "c" + std::to_string(index); }

/// The value of a result column in the statement, found without regard to case.
std::string columnCalled(const std::vector<Output>& outputs, const std::string& name) {
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const Output& output) { return codec::equalIgnoringCase(output.name, name); });
  if (found == outputs.end()) throw invalidKey(name);
  const auto column = columnName(static_cast<std::size_t>(found - outputs.begin()));
  return found->isJson ? "json_extract(" + column + ",'$')" : column;
}

Sql having(const std::vector<Output>& outputs, const Json& conditions) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> comparisons{
      {{"$lt", "<"}, {"$lte", "<="}, {"$gt", ">"}, {"$gte", ">="}, {"$ne", "IS NOT"}}};
  std::vector<Sql> terms;
  const auto term = [&](const std::string& column, std::string_view comparison, const Json& value) {
    const auto scalar = scalarSql(value);
    if (!scalar) throw invalidValue("having");
    terms.push_back(Sql{}.add(column + " ").add(comparison).add(" ").bind(*scalar));
  };
  for (const auto& [name, value] : *conditions.object()) {
    const auto column = columnCalled(outputs, name);
    if (value.object() == nullptr) {
      term(column, "=", value);
      continue;
    }
    for (const auto& [comparison, bound] : *value.object()) {
      const auto* found = std::find_if(comparisons.begin(), comparisons.end(),
                                       [&, &text = comparison](const auto& item) { return item.first == text; });
      if (found == comparisons.end()) throw invalidKey(comparison);
      term(column, found->second, bound);
    }
  }
  if (terms.size() > 100) throw invalidValue("having");
  return joined(terms, " AND ", "1");
}

std::string orderOf(const std::vector<Output>& outputs, const std::vector<std::string>& order) {
  std::string sql;
  for (const auto& item : order) {
    const bool isDescending = item.starts_with('-');
    sql += columnCalled(outputs, item.substr(isDescending ? 1 : 0)) + (isDescending ? " DESC, " : ", ");
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].isGroup) sql += columnName(i) + ", ";
  }
  return " ORDER BY " + sql + "1";
}

Json resultOf(const std::vector<Output>& outputs, const Row& row) {
  Fields result;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    auto value = outputs[i].isJson && !row.isNull(columnName(i)) ? Json::parse(row.text(columnName(i)))
                                                                 : numberOf(row.value(columnName(i)));
    if (!value.isNull()) result.set(outputs[i].name, std::move(value));
  }
  return result;
}

}  // namespace

bool asksForStatistics(const Call& call) {
  const auto isAsked = [&](std::string_view name) { return !call.parameter(name).empty(); };
  return isAsked("groupby") || isAsked("groupcount") ||
         std::any_of(measures.begin(), measures.end(), [&](const Measure& measure) { return isAsked(measure.parameter); });
}

Reply statistics(Context& context, const Call& call, const Table& table, const Sql& condition, const QueryParams& params,
                 bool isMaster) {
  const auto outputs = outputsOf(call, table, isMaster);
  if (outputs.empty()) throw invalidValue("groupby");
  std::string columns;
  std::string groups;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    columns += (i == 0 ? "" : ", ") + outputs[i].sql + " AS " + columnName(i);
    if (outputs[i].isGroup) groups += (groups.empty() ? " GROUP BY " : ", ") + std::to_string(i + 1);
  }
  const auto inner = Sql{}
                         .add("SELECT " + columns + " FROM " + table.sqlName() + " t WHERE ")
                         .add(counted("t.", condition, columns))
                         .add(groups);
  const auto select = Sql{}
                          .add("SELECT * FROM (")
                          .add(inner)
                          .add(") WHERE ")
                          .add(having(outputs, readWhere(call.parameter("having"))))
                          .add(orderOf(outputs, params.order) + " LIMIT ")
                          .bind(params.limit)
                          .add(" OFFSET ")
                          .bind(params.skip);
  JsonList results;
  context.database().each(select.text, select.values, [&](const Row& row) { results.add(Json{resultOf(outputs, row)}.json()); });
  return {.contentType = "application/json", .body = R"({"results":)" + std::move(results).take() + '}'};
}

}  // namespace openapi::gateway::bmob
