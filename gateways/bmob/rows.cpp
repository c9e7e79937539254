#include <gateways/bmob/rows.hpp>

#include <gateways/bmob/values.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t idLength = 10;
constexpr std::size_t maxRowBytes = 512 * 1024;
constexpr std::size_t maxRowDepth = 50;  // below what `Json::parse` takes: included rows stand inside others

std::string checkedText(Context& context, const Fields& data) {
  const Json json{data};
  if (depthOf(json) > maxRowDepth) throw Refused{107, "the object has more than " + std::to_string(maxRowDepth) + " levels."};
  auto text = json.json();
  if (text.size() > maxRowBytes) throw Refused{107, "the object is larger than " + std::to_string(maxRowBytes) + " bytes."};
  context.database().spend(static_cast<std::int64_t>(text.size()));
  return text;
}

std::string aclIn(const Fields& data) {
  const auto* acl = data.find("ACL");
  return acl == nullptr ? std::string{} : acl->json();
}

SqlValue textOrNull(const std::string& text) { return text.empty() ? SqlValue{nullptr} : SqlValue{text}; }

void addColumns(Context& context, const Table& table, const Edit& edit) {
  for (const auto& [name, column] : edit.columns) {
    if (table.find(name) == nullptr) context.catalog.addColumn(table, name, column);
  }
}

void changeRelations(Context& context, const Table& table, const std::string& id, const Edit& edit) {
  auto& database = context.database();
  for (const auto& change : edit.relations) {
    if (change.isAdded) {
      database.execute("INSERT OR IGNORE INTO bmob_relations(class, object, name, target) VALUES(?, ?, ?, ?)",
                       {table.id, id, change.name, change.target});
    } else if (change.target.empty()) {
      database.execute("DELETE FROM bmob_relations WHERE class = ? AND object = ? AND name = ?", {table.id, id, change.name});
    } else {
      database.execute("DELETE FROM bmob_relations WHERE class = ? AND object = ? AND name = ? AND target = ?",
                       {table.id, id, change.name, change.target});
    }
  }
}

}  // namespace

StoredRow readRow(Context& context, const Row& row) {
  const auto text = row.text("data");
  context.database().spend(static_cast<std::int64_t>(text.size()));
  const auto data = Json::parse(text);
  return {row.text("id"), fromMillis(row.integer("created")), fromMillis(row.integer("updated")), row.text("acl"),
          *data.object()};
}

void appendText(std::string& text, const Row& row) {
  const auto* data = std::get_if<std::string>(&row.value("data"));
  const auto* id = std::get_if<std::string>(&row.value("id"));
  text.append(R"({"createdAt":")").append(readableTime(fromMillis(row.integer("created"))));
  text.append(R"(","objectId":")").append(id == nullptr ? std::string_view{} : std::string_view{*id});
  text.append(R"(","updatedAt":")").append(readableTime(fromMillis(row.integer("updated")))).append("\"");
  if (data == nullptr || data->size() <= 2) {
    text += '}';
  } else {
    text.append(",").append(*data, 1);
  }
}

Fields jsonOf(const StoredRow& row) {
  Fields json{{"createdAt", readableTime(row.created)}, {"objectId", row.id}, {"updatedAt", readableTime(row.updated)}};
  json.reserve(3 + row.data.size());
  for (const auto& [name, value] : row.data) json.append(name, value);
  return json;
}

std::optional<Row> findRecord(Context& context, const Table& table, const std::string& id) {
  return context.database().first("SELECT " + std::string{rowColumns} + " FROM " + table.sqlName() + " WHERE id = ?", {id});
}

std::optional<StoredRow> findRow(Context& context, const Table& table, const std::string& id) {
  const auto row = findRecord(context, table, id);
  if (!row) return std::nullopt;
  return readRow(context, *row);
}

StoredRow insertRow(Context& context, const Table& table, const Edit& edit) {
  addColumns(context, table, edit);
  const auto now = context.now();
  StoredRow row{{}, now, now, aclIn(edit.data), edit.data};
  const auto text = checkedText(context, edit.data);
  const auto sql =
      "INSERT INTO " + table.sqlName() + "(id, created, updated, acl, data) VALUES(?, ?, ?, ?, ?) ON CONFLICT(id) DO NOTHING";
  do {
    row.id = randomHex(idLength);
  } while (context.database().execute(sql, {row.id, toMillis(now), toMillis(now), textOrNull(row.acl), text}) == 0);
  changeRelations(context, table, row.id, edit);
  return row;
}

void updateRow(Context& context, const Table& table, StoredRow& row, const Edit& edit) {
  addColumns(context, table, edit);
  row.updated = context.now();
  row.data = edit.data;
  row.acl = aclIn(edit.data);
  context.database().execute("UPDATE " + table.sqlName() + " SET updated = ?, acl = ?, data = ? WHERE id = ?",
                             {toMillis(row.updated), textOrNull(row.acl), checkedText(context, row.data), row.id});
  changeRelations(context, table, row.id, edit);
}

void removeRow(Context& context, const Table& table, const std::string& id) {
  context.database().execute("DELETE FROM " + table.sqlName() + " WHERE id = ?", {id});
  context.database().execute("DELETE FROM bmob_relations WHERE class = ? AND object = ?", {table.id, id});
}

}  // namespace openapi::gateway::bmob
