#include <gateways/bmob/find.hpp>

#include <gateways/bmob/include.hpp>
#include <gateways/bmob/json_list.hpp>
#include <gateways/bmob/objects.hpp>
#include <gateways/bmob/query_params.hpp>
#include <gateways/bmob/statistics.hpp>
#include <gateways/bmob/users.hpp>
#include <gateways/bmob/where.hpp>

#include <utility>

namespace openapi::gateway::bmob {
namespace {

/// The rows of an answer as they go out: users without their secrets, keys selected, pointers replaced.
class Results {
 public:
  Results(Context& context, const Rights& rights, const Actor& actor, const Table& table, const QueryParams& params)
      : context_{context},
        rights_{rights},
        actor_{actor},
        params_{params},
        keys_{params.keys.begin(), params.keys.end()},
        hidesSecrets_{table.name == "_User" && !rights.isMaster()},
        isPlain_{params.keys.empty() && params.include.empty() && table.name != "_User"} {}

  void add(const Row& row) {
    if (isPlain_) {
      text_.clear();
      appendText(text_, row);
      return list_.add(text_);
    }
    auto fields = jsonOf(readRow(context_, row));
    if (hidesSecrets_ && *fields.find("objectId") != Json{actor_.user}) fields = publicUser(std::move(fields));
    project(fields, keys_);
    list_.add(Json{fields}.json());  // also the limit of what `rows_` holds
    if (!params_.include.empty()) rows_.push_back(std::move(fields));
  }

  /// All rows as a JSON array.
  std::string take() {
    if (params_.include.empty()) return std::move(list_).take();
    includeRows(context_, rights_, parseInclude(params_.include), rows_);
    JsonList list;
    for (const auto& row : rows_) list.add(Json{row}.json());
    return std::move(list).take();
  }

 private:
  Context& context_;
  const Rights& rights_;
  const Actor& actor_;
  const QueryParams& params_;
  const std::set<std::string> keys_;
  const bool hidesSecrets_;
  const bool isPlain_;
  JsonList list_{};
  std::string text_{};          ///< of the last row
  std::vector<Fields> rows_{};  ///< only when pointers in them are to be replaced
};

}  // namespace

Reply findIn(Context& context, const Call& call, const std::string& className) {
  const auto where = readWhere(call.parameter("where"));
  const auto params = queryParams(call);
  const auto& table = tableCalled(context, className);
  const Rights rights{context, call.actor};
  Where builder{context, rights};
  const auto condition = builder.condition(table, "t.", where);
  if (asksForStatistics(call)) return statistics(context, call, table, condition, params, rights.isMaster());
  Sql order;
  if (builder.nearest() && params.order.empty()) {
    order.add("ORDER BY ").add(*builder.nearest()).add(", t.seq");
  } else {
    order.add(orderSql(context, table, "t.", params.order, rights.isMaster()));
  }
  const auto from = Sql{}.add(" FROM " + table.sqlName() + " t WHERE ").add(counted("t.", condition, order.text));
  Results results{context, rights, call.actor, table, params};
  if (params.limit > 0) {
    auto select = Sql{}.add("SELECT ").add(rowColumns).add(from).add(" ").add(order);
    select.add(" LIMIT ").bind(params.limit).add(" OFFSET ").bind(params.skip);
    context.database().each(select.text, select.values, [&](const Row& row) { results.add(row); });
  }
  auto text = results.take();
  text.insert(0, R"({"results":)");
  if (params.isCounted) {
    const auto count = Sql{}.add("SELECT count(*) AS n").add(from);
    text += R"(,"count":)" + std::to_string(context.database().first(count.text, count.values)->integer("n"));
  }
  text += '}';
  return {.contentType = "application/json", .body = std::move(text)};
}

Reply getFrom(Context& context, const Call& call, const std::string& className, const std::string& id) {
  const auto params = queryParams(call);
  const auto& table = tableCalled(context, className);
  const Rights rights{context, call.actor};
  Results results{context, rights, call.actor, table, params};
  results.add(readableRow(context, rights, table, id));
  const auto list = results.take();
  return {.contentType = "application/json", .body = list.substr(1, list.size() - 2)};
}

Reply findRows(Context& context, const Call& call) { return findIn(context, call, call.captured.at(0)); }
Reply getRow(Context& context, const Call& call) { return getFrom(context, call, call.captured.at(0), call.captured.at(1)); }

}  // namespace openapi::gateway::bmob
