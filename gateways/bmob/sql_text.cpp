#include <gateways/bmob/sql_text.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace openapi::gateway::bmob {
namespace {

std::size_t readsIn(std::string_view text, const std::string& column) {
  std::size_t reads = 0;
  for (auto at = text.find(column); at != std::string_view::npos; at = text.find(column, at + column.size())) ++reads;
  return reads;
}

void addTree(Sql& sql, std::span<const Sql> terms, std::string_view between) {
  if (terms.size() == 1) {
    sql.add(terms.front());
    return;
  }
  const auto half = terms.size() / 2;
  sql.add("(");
  addTree(sql, terms.first(half), between);
  sql.add(between);
  addTree(sql, terms.subspan(half), between);
  sql.add(")");
}

}  // namespace

Sql& Sql::add(std::string_view more) {
  text += more;
  return *this;
}

Sql& Sql::add(const Sql& more) {
  text += more.text;
  values.insert(values.end(), more.values.begin(), more.values.end());
  return *this;
}

Sql& Sql::bind(SqlValue value) {
  text += '?';
  values.push_back(std::move(value));
  return *this;
}

Sql joined(const std::vector<Sql>& terms, std::string_view between, std::string_view whenEmpty) {
  Sql sql;
  if (terms.empty()) return sql.add(whenEmpty);
  addTree(sql, terms, between);
  return sql;
}

Sql counted(const std::string& alias, const Sql& condition, std::string_view others) {
  const auto column = alias + "data";
  const auto reads = readsIn(condition.text, column) + readsIn(others, column);
  if (reads == 0) return condition;
  return Sql{}.add("bmob_work(" + column + "," + std::to_string(reads) + ") AND ").add(condition);
}

Sql negated(const Sql& condition) { return Sql{}.add("NOT coalesce(").add(condition).add(",0)"); }

Sql never() { return {"0", {}}; }

}  // namespace openapi::gateway::bmob
