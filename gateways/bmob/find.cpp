#include <gateways/bmob/find.hpp>

#include <gateways/bmob/include.hpp>
#include <gateways/bmob/objects.hpp>
#include <gateways/bmob/query_params.hpp>
#include <gateways/bmob/statistics.hpp>
#include <gateways/bmob/users.hpp>
#include <gateways/bmob/where.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxResultBytes = 32 * 1024 * 1024;

Refused tooLarge() {
  return {107, "the result is larger than " + std::to_string(maxResultBytes) + " bytes: ask for fewer rows."};
}

std::string listText(const std::vector<std::string>& items) {
  std::size_t size = items.size() + 2;
  for (const auto& item : items) size += item.size();
  if (size > maxResultBytes) throw tooLarge();
  std::string text = "[";
  text.reserve(size);
  for (const auto& item : items) {
    if (text.size() > 1) text += ',';
    text += item;
  }
  return text + ']';
}

/// The rows as they go out: users without their secrets, pointers replaced, keys selected.
std::vector<Fields> finished(Context& context, const Rights& rights, const Actor& actor, const std::string& className,
                             const QueryParams& params, std::vector<Fields> rows) {
  if (className == "_User" && !rights.isMaster()) {
    for (auto& row : rows) {
      if (*row.find("objectId") != Json{actor.user}) row = publicUser(std::move(row));
    }
  }
  const std::set<std::string> keys{params.keys.begin(), params.keys.end()};
  for (auto& row : rows) project(row, keys);
  if (!params.include.empty()) includeRows(context, rights, parseInclude(params.include), rows);
  return rows;
}

std::vector<std::string> textsOf(Context& context, const Rights& rights, const Actor& actor, const Table& table,
                                 const QueryParams& params, const std::vector<Row>& found) {
  std::vector<std::string> texts;
  texts.reserve(found.size());
  const bool isPlain = params.keys.empty() && params.include.empty() && table.name != "_User";
  if (isPlain) {
    for (const auto& row : found) texts.push_back(textIn(row));
    return texts;
  }
  std::vector<Fields> rows;
  for (const auto& row : found) rows.push_back(jsonOf(rowIn(row)));
  for (const auto& row : finished(context, rights, actor, table.name, params, std::move(rows))) texts.push_back(Json{row}.json());
  return texts;
}

}  // namespace

Reply findIn(Context& context, const Call& call, const std::string& className) {
  const auto where = readWhere(call.parameter("where"));
  const auto params = queryParams(call);
  const auto& table = tableCalled(context, className);
  const Rights rights{context, call.actor};
  Where builder{context, rights};
  const auto condition = builder.condition(table, "t.", where);
  if (asksForStatistics(call)) return statistics(context, call, table, condition, params, rights.isMaster());
  const auto from = Sql{}.add(" FROM " + table.sqlName() + " t WHERE ").add(condition);
  std::string text = R"({"results":[])";
  if (params.limit > 0) {
    auto select = Sql{}.add("SELECT ").add(rowColumns).add(from).add(" ");
    if (builder.nearest() && params.order.empty()) {
      select.add("ORDER BY ").add(*builder.nearest()).add(", t.seq");
    } else {
      select.add(orderSql(context, table, "t.", params.order, rights.isMaster()));
    }
    select.add(" LIMIT ").bind(params.limit).add(" OFFSET ").bind(params.skip);
    const auto rows = context.database().query(select.text, select.values);
    text = R"({"results":)" + listText(textsOf(context, rights, call.actor, table, params, rows));
  }
  if (params.isCounted) {
    const auto count = Sql{}.add("SELECT count(*) AS n").add(from);
    text += R"(,"count":)" + std::to_string(context.database().first(count.text, count.values)->integer("n"));
  }
  return {.contentType = "application/json", .body = text + '}'};
}

Reply getFrom(Context& context, const Call& call, const std::string& className, const std::string& id) {
  const auto params = queryParams(call);
  const auto& table = tableCalled(context, className);
  const Rights rights{context, call.actor};
  const auto texts = textsOf(context, rights, call.actor, table, params, {readableRow(context, rights, table, id)});
  return {.contentType = "application/json", .body = texts.front()};
}

Reply findRows(Context& context, const Call& call) { return findIn(context, call, call.captured.at(0)); }
Reply getRow(Context& context, const Call& call) { return getFrom(context, call, call.captured.at(0), call.captured.at(1)); }

}  // namespace openapi::gateway::bmob
