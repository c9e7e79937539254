#include <gateways/bmob/include.hpp>

#include <gateways/bmob/json_list.hpp>
#include <gateways/bmob/names.hpp>
#include <gateways/bmob/query_params.hpp>
#include <gateways/bmob/rows.hpp>
#include <gateways/bmob/users.hpp>
#include <gateways/bmob/values.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxDepth = 5;
constexpr std::size_t maxIncluded = 30;

/// Reads `name[key|key].name…,…` from the front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  Include read() {
    Include root;
    while (!text_.empty()) {
      readPath(root);
      if (text_.empty()) break;
      if (!take(',')) throw invalidValue("include");
    }
    return root;
  }

 private:
  void readPath(Include& root) {
    auto* place = &root;
    for (std::size_t depth = 0;; ++depth) {
      const auto name = takeName();
      if (depth == maxDepth || ++count_ > maxIncluded) throw invalidValue("include");
      place = &place->columns[name];
      if (take('[')) readKeys(*place);
      if (!take('.')) return;
    }
  }

  void readKeys(Include& place) {
    do {
      place.keys.insert(takeName());
    } while (take('|'));
    if (!take(']')) throw invalidValue("include");
  }

  std::string takeName() {
    skipBlanks();
    const auto end = std::min(text_.find_first_of(".,[]| "), text_.size());
    std::string name{text_.substr(0, end)};
    text_.remove_prefix(end);
    skipBlanks();
    if (!isName(name)) throw invalidValue("include");
    return name;
  }

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void skipBlanks() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
  }

  std::string_view text_;
  std::size_t count_ = 0;
};

/// The pointers that stand in a column of the rows, by class.
std::map<std::string, std::set<std::string>> pointersIn(const std::vector<Fields>& rows, const std::string& column) {
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& row : rows) {
    const auto* value = row.find(column);
    if (value == nullptr || typeTag(*value) != "Pointer") continue;
    const auto pointer = pointerIn(column, *value);
    ids[pointer.className].insert(pointer.objectId);
  }
  return ids;
}

/// What was included so far: a limit for the whole answer, and for what stands in memory.
struct Sizes {
  std::size_t read = 0;
  std::size_t written = 0;
};

void add(std::size_t& bytes, std::size_t more) {
  bytes += more;
  if (bytes > maxAnswerBytes) throw tooLargeAnswer();
}

/// The columns to keep; empty: all.
std::set<std::string> keysOf(const Include& include) {
  auto keys = include.keys;
  if (keys.empty()) return keys;
  for (const auto& [name, deeper] : include.columns) keys.insert(name);
  return keys;
}

std::vector<Fields> readableRows(Context& context, const Rights& rights, const Table& table, const std::set<std::string>& ids,
                                 const std::set<std::string>& keys, Sizes& sizes) {
  Json::Array list;
  for (const auto& id : ids) list.emplace_back(id);
  std::vector<SqlValue> values{Json{list}.json()};
  auto sql =
      "SELECT " + std::string{rowColumns} + " FROM " + table.sqlName() + " t WHERE t.id IN (SELECT value FROM json_each(?))";
  if (const auto condition = rights.readableSql("t.", values); !condition.empty()) sql += " AND " + condition;
  std::vector<Fields> rows;
  context.database().each(sql, values, [&](const Row& row) {
    auto fields = jsonOf(readRow(context, row));
    if (table.name == "_User" && !rights.isMaster()) fields = publicUser(std::move(fields));
    project(fields, keys);
    add(sizes.read, Json{fields}.json().size());
    rows.push_back(std::move(fields));
  });
  return rows;
}

/// A row as it stands in the place of a pointer.
Fields included(const std::string& className, const Fields& row) {
  Fields object{{"__type", "Object"}, {"className", className}};
  for (const auto& [name, value] : row) object.append(name, value);
  return object;
}

void replacePointers(std::vector<Fields>& rows, const std::string& column, const std::map<std::string, Json>& objects,
                     Sizes& sizes) {
  for (auto& row : rows) {
    const auto* value = row.find(column);
    if (value == nullptr || typeTag(*value) != "Pointer") continue;
    const auto pointer = pointerIn(column, *value);
    const auto found = objects.find(pointer.className + ' ' + pointer.objectId);
    if (found == objects.end()) continue;
    add(sizes.written, found->second.json().size());
    row.set(column, found->second);
  }
}

void includeInto(Context& context, const Rights& rights, const Include& include, std::vector<Fields>& rows, Sizes& sizes) {
  for (const auto& [column, inner] : include.columns) {
    std::map<std::string, Json> objects;
    for (const auto& [className, ids] : pointersIn(rows, column)) {
      const auto* table = context.catalog.find(className);
      if (table == nullptr) continue;
      auto found = readableRows(context, rights, *table, ids, keysOf(inner), sizes);
      includeInto(context, rights, inner, found, sizes);
      for (const auto& row : found) {
        const auto key = className + ' ' + *row.find("objectId")->string();
        objects.emplace(key, included(className, row));
      }
    }
    replacePointers(rows, column, objects, sizes);
  }
}

}  // namespace

Include parseInclude(std::string_view text) { return Reader{text}.read(); }

void project(Fields& row, const std::set<std::string>& keys) {
  if (keys.empty()) return;
  Fields kept;
  for (const auto& [name, value] : row) {
    const bool isAlways = name == "objectId" || name == "createdAt" || name == "updatedAt";
    if (isAlways || keys.contains(name)) kept.append(name, value);
  }
  row = std::move(kept);
}

void includeRows(Context& context, const Rights& rights, const Include& include, std::vector<Fields>& rows) {
  Sizes sizes;
  includeInto(context, rights, include, rows, sizes);
}

}  // namespace openapi::gateway::bmob
