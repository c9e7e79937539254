#include <gateways/bmob/field_ops.hpp>

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/names.hpp>
#include <gateways/bmob/refused.hpp>
#include <gateways/bmob/values.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <unordered_set>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxOps = 50;
constexpr std::size_t maxMembers = 1000;  // each is looked for among the others

using Value = std::optional<Json>;  ///< none: the member is not there
using Path = std::span<const std::string>;

std::string operationOf(const Json& value) {
  const auto* name = value.find("__op");
  if (name == nullptr) return {};
  if (name->string() == nullptr) throw invalidOperation();
  return *name->string();
}

Json::Array objectsOf(const Json& operation) {
  const auto* objects = operation.find("objects");
  if (objects == nullptr || objects->array() == nullptr) throw invalidOperation();
  return *objects->array();
}

Json incremented(const std::string& key, const Value& before, const Json& operation) {
  const auto* amount = operation.find("amount");
  const auto added = amount == nullptr ? std::nullopt : realIn(*amount);
  if (!added) throw invalidOperation();
  const Json start = before && !before->isNull() ? *before : Json{0};
  const auto present = realIn(start);
  if (!present) throw wrongType(key, "Number", describe(*storedValue(key, start).column));
  std::int64_t sum = 0;
  if (start.integer() != nullptr && amount->integer() != nullptr &&
      !__builtin_add_overflow(*start.integer(), *amount->integer(), &sum)) {
    return sum;
  }
  const auto result = numberJson(*present + *added);
  if (!result) throw invalidOperation();
  return *result;
}

Json::Array arrayIn(const std::string& key, const Value& before) {
  if (!before || before->isNull()) return {};
  if (before->array() == nullptr) throw wrongType(key, "Array", describe(*storedValue(key, *before).column));
  return *before->array();
}

std::unordered_set<std::string> textsOf(const Json::Array& items) {
  std::unordered_set<std::string> texts;
  for (const auto& item : items) texts.insert(item.json());
  return texts;
}

Json withItems(const std::string& key, const Value& before, const Json::Array& objects, bool isUnique) {
  auto items = arrayIn(key, before);
  auto known = isUnique ? textsOf(items) : std::unordered_set<std::string>{};
  for (const auto& object : objects) {
    if (!isUnique || known.insert(object.json()).second) items.push_back(object);
  }
  return items;
}

Json withoutItems(const std::string& key, const Value& before, const Json::Array& objects) {
  auto items = arrayIn(key, before);
  const auto gone = textsOf(objects);
  std::erase_if(items, [&](const Json& item) { return gone.contains(item.json()); });
  return items;
}

class Editor {
 public:
  Editor(Catalog& catalog, const Table& table, const Fields& before) : catalog_{catalog}, table_{table} { edit_.data = before; }

  void apply(const std::string& key, const Json& value) {
    if (key == "ACL") return setAcl(value);
    const auto path = fieldPath(key);
    if (path.empty()) throw invalidField(key);
    if (isReserved(path.front())) throw reservedField(key);
    if (path.size() > 1) return applyInside(key, path, value);
    if (operationOf(value) == "Batch") return applyEach(key, value);
    applyWhole(key, value);
  }

  Edit take() { return std::move(edit_); }

 private:
  void setAcl(const Json& value) {
    if (operationOf(value) == "Delete") {
      edit_.data.erase("ACL");
    } else {
      edit_.data.set("ACL", checkedAcl(value));
    }
  }

  void applyEach(const std::string& key, const Json& value) {
    const auto* ops = value.find("ops");
    if (ops == nullptr || ops->array() == nullptr || ops->array()->size() > maxOps) throw invalidOperation();
    for (const auto& op : *ops->array()) {
      const auto operation = operationOf(op);
      if (operation.empty() || operation == "Batch") throw invalidOperation();
      applyWhole(key, op);
    }
  }

  void applyWhole(const std::string& key, const Json& value) {
    const auto operation = operationOf(value);
    if (operation == "AddRelation" || operation == "RemoveRelation") return relate(key, value, operation == "AddRelation");
    const auto* column = columnOf(key);
    if (column != nullptr && column->type == Type::relation) return leaveRelation(key, *column, value, operation);
    const auto* present = edit_.data.find(key);
    put(key, changed(key, present == nullptr ? Value{} : Value{*present}, value, operation));
  }

  /// A value or operation on a member somewhere inside a column.
  void applyInside(const std::string& key, const std::vector<std::string>& path, const Json& value) {
    const auto& root = path.front();
    const auto* column = columnOf(root);
    const bool isContainer = column == nullptr || column->type == Type::object || column->type == Type::array;
    if (!isContainer) throw wrongType(root, describe(*column), "Object");
    const auto operation = operationOf(value);
    const auto change = [&](const Value& before) { return changed(key, before, value, operation); };
    const auto* present = edit_.data.find(root);
    put(root, rebuilt(key, present == nullptr ? Value{} : Value{*present}, Path{path}.subspan(1), change));
  }

  static Value changed(const std::string& key, const Value& before, const Json& value, const std::string& operation) {
    if (value.find("__op") == nullptr) return storedValue(key, value).json;
    if (operation == "Delete") return std::nullopt;
    if (operation == "Increment") return incremented(key, before, value);
    if (operation == "Add") return withItems(key, before, objectsOf(value), false);
    if (operation == "AddUnique") return withItems(key, before, objectsOf(value), true);
    if (operation == "Remove") return withoutItems(key, before, objectsOf(value));
    throw invalidOperation();
  }

  /// `container` with the member at `path` changed. Objects that are missing come into being.
  static Value rebuilt(const std::string& key, const Value& container, Path path,
                       const std::function<Value(const Value&)>& change) {
    if (path.empty()) return change(container);
    const auto& name = path.front();
    if (container && container->array() != nullptr) {
      auto items = *container->array();
      const auto index = isIndex(name) ? std::stoul(name) : items.size();
      if (index >= items.size()) throw invalidField(key);
      items[index] = rebuilt(key, items[index], path.subspan(1), change).value_or(Json{});
      return items;
    }
    if (container && !container->isNull() && container->object() == nullptr) throw invalidField(key);
    auto members = container && container->object() != nullptr ? *container->object() : Fields{};
    const auto* member = members.find(name);
    auto value = rebuilt(key, member == nullptr ? Value{} : Value{*member}, path.subspan(1), change);
    if (value) {
      members.set(name, std::move(*value));
    } else {
      members.erase(name);
    }
    return members;
  }

  void put(const std::string& key, const Value& value) {
    if (!value) {
      edit_.data.erase(key);
      return;
    }
    auto stored = storedValue(key, *value);
    if (stored.column) need(key, *stored.column);
    edit_.data.set(key, std::move(stored.json));
  }

  void relate(const std::string& key, const Json& value, bool isAdded) {
    std::string target;
    for (const auto& object : objectsOf(value)) {
      const auto pointer = pointerIn(key, object);
      if (catalog_.find(pointer.className) == nullptr)
        throw Refused{104, "relation className '" + shown(pointer.className) + "' not exists."};
      if (!target.empty() && pointer.className != target)
        throw wrongType(key, "Relation<" + target + ">", "Relation<" + pointer.className + ">");
      target = pointer.className;
      edit_.relations.push_back({key, pointer.objectId, isAdded});
    }
    if (target.empty()) return;
    need(key, {Type::relation, target});
    edit_.data.set(key, relationJson(target));
  }

  /// What else is done to a relation: the same value again changes nothing, `Delete` empties it.
  void leaveRelation(const std::string& key, const Column& column, const Json& value, const std::string& operation) {
    if (operation == "Delete") {
      edit_.relations.push_back({key, {}, false});
      edit_.data.erase(key);
      return;
    }
    const auto stored = storedValue(key, value);
    if (!stored.column || stored.column->type != Type::relation || stored.column->target != column.target)
      throw wrongType(key, describe(column), stored.column ? describe(*stored.column) : "null");
  }

  const Column* columnOf(const std::string& key) const {
    const auto found = edit_.columns.find(key);
    return found != edit_.columns.end() ? &found->second : table_.find(key);
  }

  void need(const std::string& key, const Column& column) {
    requireType(table_, key, column);
    edit_.columns[key] = column;
  }

  Catalog& catalog_;
  const Table& table_;
  Edit edit_{};
};

}  // namespace

Edit edited(Catalog& catalog, const Table& table, const Fields& before, const Fields& body) {
  if (body.size() > maxMembers) throw Refused{1004, "the object has more than " + std::to_string(maxMembers) + " members."};
  Editor editor{catalog, table, before};
  for (const auto& [key, value] : body) editor.apply(key, value);
  return editor.take();
}

}  // namespace openapi::gateway::bmob
