#include <gateways/bmob/query_params.hpp>

#include <gateways/bmob/operand.hpp>
#include <gateways/bmob/where.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxNames = 100;

std::int64_t count(const Call& call, std::string_view name, std::int64_t fallback) {
  const auto text = call.parameter(name);
  if (text.empty()) return fallback;
  const auto value = numberIn(text);
  if (!value || *value < 0) throw invalidValue(name);
  return *value;
}

bool canBeOrdered(const Operand& operand) {
  return operand.kind == Operand::Kind::id || operand.kind == Operand::Kind::time || operand.kind == Operand::Kind::inside ||
         operand.is(Type::number) || operand.is(Type::date) || operand.is(Type::string) || operand.is(Type::boolean);
}

}  // namespace

std::vector<std::string> commaList(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    auto part = text.substr(start, end - start);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (parts.size() > maxNames) throw invalidValue(text);
    start = end + 1;
  }
  return parts;
}

QueryParams queryParams(const Call& call) {
  QueryParams params;
  params.limit = std::min(count(call, "limit", defaultLimit), maxLimit);
  params.skip = count(call, "skip", 0);
  params.isCounted = count(call, "count", 0) != 0;
  params.order = commaList(call.parameter("order"));
  params.keys = commaList(call.parameter("keys"));
  params.include = call.parameter("include");
  return params;
}

std::string orderSql(Context& context, const Table& table, const std::string& alias, const std::vector<std::string>& order,
                     bool isMaster) {
  std::string sql = "ORDER BY ";
  std::string_view direction;
  for (const auto& item : order) {
    const bool isDescending = item.starts_with('-');
    const auto name = item.substr(isDescending ? 1 : 0);
    if (order.size() == 1) context.catalog.wantIndex(table, name);
    const auto operand = operandOf(table, alias, name, isMaster);
    if (!canBeOrdered(operand)) continue;
    direction = isDescending ? " DESC" : "";
    sql.append(operand.sql).append(direction).append(", ");
  }
  return sql.append(alias).append("seq").append(direction);
}

}  // namespace openapi::gateway::bmob
