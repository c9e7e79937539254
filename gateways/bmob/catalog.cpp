#include <gateways/bmob/catalog.hpp>

#include <gateways/bmob/names.hpp>
#include <gateways/bmob/refused.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxTables = 1000;
constexpr std::size_t maxColumns = 500;
constexpr std::int64_t rowsWorthAnIndex = 1000;
constexpr std::int64_t maxIndexes = 16;

constexpr std::array<std::pair<Type, std::string_view>, 10> typeNames{{{Type::string, "String"},
                                                                       {Type::number, "Number"},
                                                                       {Type::boolean, "Bool"},
                                                                       {Type::date, "Date"},
                                                                       {Type::file, "File"},
                                                                       {Type::geo, "Geo"},
                                                                       {Type::array, "Array"},
                                                                       {Type::object, "Object"},
                                                                       {Type::pointer, "Pointer"},
                                                                       {Type::relation, "Relation"}}};

using Columns = std::map<std::string, Column, std::less<>>;

Columns systemColumns(std::string_view name) {
  if (name == "_User")
    return {{"username", {Type::string}},
            {"email", {Type::string}},
            {"emailVerified", {Type::boolean}},
            {"mobilePhoneNumber", {Type::string}},
            {"mobilePhoneVerified", {Type::boolean}},
            {"authData", {Type::object}}};
  if (name == "_Role")
    return {{"name", {Type::string}}, {"users", {Type::relation, "_User"}}, {"roles", {Type::relation, "_Role"}}};
  if (name == "_Installation")
    return {{"deviceType", {Type::string}},      {"deviceToken", {Type::string}}, {"installationId", {Type::string}},
            {"notificationUri", {Type::string}}, {"channels", {Type::array}},     {"timeZone", {Type::string}}};
  return {};
}

bool isUniqueColumn(std::string_view table, std::string_view column) {
  if (table == "_User") return column == "username" || column == "email" || column == "mobilePhoneNumber";
  if (table == "_Role") return column == "name";
  return table == "_Installation" && (column == "installationId" || column == "deviceToken");
}

/// Columns differ in case, SQL names do not: an index has a number.
std::string indexName(const Table& table, std::int64_t number) { return table.sqlName() + "_" + std::to_string(number); }

bool canBeIndexed(Type type) {
  return type == Type::string || type == Type::number || type == Type::boolean || type == Type::date || type == Type::pointer;
}

}  // namespace

std::string_view nameOf(Type type) {
  return std::find_if(typeNames.begin(), typeNames.end(), [&](const auto& item) { return item.first == type; })->second;
}

std::optional<Type> typeCalled(std::string_view name) {
  const auto* found = std::find_if(typeNames.begin(), typeNames.end(), [&](const auto& item) { return item.second == name; });
  if (found == typeNames.end()) return std::nullopt;
  return found->first;
}

const Column* Table::find(std::string_view column) const {
  const auto found = columns.find(column);
  return found == columns.end() ? nullptr : &found->second;
}

std::string columnSql(const std::string& alias, const std::string& column, Type type) {
  const std::string_view part = type == Type::date ? ".iso" : type == Type::pointer ? ".objectId" : "";
  return "json_extract(" + alias + "data,'$." + column + std::string{part} + "')";
}

Catalog::Catalog(Database& database, const Settings& settings) : database_{database}, settings_{settings} {
  Transaction transaction{database_};
  for (const auto* name : {"_User", "_Role", "_Installation", "_Article"}) {
    if (find(name) == nullptr) add(name);
  }
  transaction.commit();
}

const Table* Catalog::find(std::string_view name) {
  const auto known = tables_.find(name);
  if (known != tables_.end()) return &known->second;
  const auto row = database_.first("SELECT id FROM bmob_classes WHERE name = ?", {std::string{name}});
  if (!row) return nullptr;
  Table table{row->integer("id"), std::string{name}, {}};
  for (const auto& column : database_.query("SELECT name, type, target, indexed FROM bmob_columns WHERE class = ?", {table.id})) {
    const auto type = typeCalled(column.text("type")).value_or(Type::string);
    table.columns[column.text("name")] = {type, column.text("target"), column.integer("indexed")};
  }
  return &tables_.emplace(table.name, std::move(table)).first->second;
}

const Table& Catalog::require(const std::string& name) {
  if (!isClassName(name)) throw invalidClass(name);
  if (const auto* table = find(name)) return *table;
  if (!settings_.isOn("createTables")) throw Refused{302, "your app setting 'can not create table'."};
  const auto count = database_.first("SELECT count(*) AS n FROM bmob_classes")->integer("n");
  if (count >= static_cast<std::int64_t>(maxTables)) throw Refused{1002, "the app has too many tables."};
  return add(name);
}

Table& Catalog::add(const std::string& name) {
  database_.execute("INSERT INTO bmob_classes(name) VALUES(?)", {name});
  auto& table = tables_[name];
  table = {database_.lastInsertId(), name, {}};
  database_.script("CREATE TABLE " + table.sqlName() +
                   "(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, updated INTEGER NOT NULL,"
                   " acl TEXT, data TEXT NOT NULL)");
  for (const auto& [column, kind] : systemColumns(name)) {
    addColumn(table, column, kind);
    if (isUniqueColumn(name, column)) createIndex(table, column, kind, true);
  }
  return table;
}

void Catalog::addColumn(const Table& table, const std::string& name, const Column& column) {
  if (table.columns.size() >= maxColumns) throw Refused{1004, "the table has too many columns."};
  const auto isGeo = [](const auto& item) { return item.second.type == Type::geo; };
  if (column.type == Type::geo && std::any_of(table.columns.begin(), table.columns.end(), isGeo))
    throw Refused{107, "a table can have one GeoPoint column only."};
  database_.execute("INSERT INTO bmob_columns(class, name, type, target) VALUES(?, ?, ?, ?)",
                    {table.id, name, std::string{nameOf(column.type)}, column.target});
  tables_.find(table.name)->second.columns[name] = column;
}

void Catalog::createIndex(const Table& table, const std::string& name, const Column& column, bool isUnique) {
  const auto last = database_.first("SELECT max(indexed) AS n FROM bmob_columns WHERE class = ?", {table.id})->integer("n");
  const auto number = last + 1;
  database_.script(std::string{isUnique ? "CREATE UNIQUE INDEX " : "CREATE INDEX "} + indexName(table, number) + " ON " +
                   table.sqlName() + "(" + columnSql("", name, column.type) + ")");
  database_.execute("UPDATE bmob_columns SET indexed = ? WHERE class = ? AND name = ?", {number, table.id, name});
  tables_.find(table.name)->second.columns[name].index = number;
}

void Catalog::wantIndex(const Table& table, const std::string& name) {
  const auto* column = table.find(name);
  if (column == nullptr || column->index != 0 || !canBeIndexed(column->type)) return;
  const auto count =
      std::count_if(table.columns.begin(), table.columns.end(), [](const auto& item) { return item.second.index != 0; });
  if (count >= maxIndexes) return;
  const auto rows = database_.first("SELECT max(seq) AS n FROM " + table.sqlName())->integer("n");
  if (rows >= rowsWorthAnIndex) createIndex(table, name, *column, false);
}

void Catalog::dropColumn(const Table& table, const std::string& name) {
  const auto* column = table.find(name);
  if (column == nullptr) return;
  if (column->index != 0) database_.script("DROP INDEX " + indexName(table, column->index));
  database_.execute("UPDATE " + table.sqlName() + " SET data = json_remove(data, ?)", {"$." + name});
  database_.execute("DELETE FROM bmob_relations WHERE class = ? AND name = ?", {table.id, name});
  database_.execute("DELETE FROM bmob_columns WHERE class = ? AND name = ?", {table.id, name});
  tables_.find(table.name)->second.columns.erase(name);
}

void Catalog::dropTable(const Table& table) {
  const auto id = table.id;
  database_.script("DROP TABLE " + table.sqlName());
  for (const auto* from : {"bmob_relations", "bmob_columns"})
    database_.execute(std::string{"DELETE FROM "} + from + " WHERE class = ?", {id});
  database_.execute("DELETE FROM bmob_classes WHERE id = ?", {id});
  tables_.erase(tables_.find(table.name));
}

std::vector<std::string> Catalog::names() {
  std::vector<std::string> all;
  for (const auto& row : database_.query("SELECT name FROM bmob_classes ORDER BY id")) all.push_back(row.text("name"));
  return all;
}

void Catalog::forget() { tables_.clear(); }

}  // namespace openapi::gateway::bmob
