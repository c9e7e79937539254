#include <gateways/bmob/field_ops.hpp>

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/edit_tree.hpp>
#include <gateways/bmob/names.hpp>
#include <gateways/bmob/refused.hpp>
#include <gateways/bmob/values.hpp>

#include <algorithm>
#include <list>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxOps = 50;
constexpr std::size_t maxMembers = 1000;  // each is looked for among the others

using Value = std::optional<Json>;  ///< none: the member is not there

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
  Editor(Context& context, const Table& table, const Fields& before) : context_{context}, table_{table} { edit_.data = before; }

  void apply(const std::string& key, const Json& value) {
    if (key == "ACL") return setAcl(value);
    const auto path = fieldPath(key);
    if (path.empty()) throw invalidField(key);
    if (isReserved(path.front())) throw reservedField(key);
    if (path.size() > 1) return applyInside(key, path, value);
    if (operationOf(value) == "Batch") return applyEach(key, value);
    applyWhole(key, value);
  }

  Edit take() {
    while (!inside_.empty()) settle(inside_.begin());
    return std::move(edit_);
  }

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
    if (const auto changed = insideOf(key); changed != inside_.end()) settle(changed);
    const auto operation = operationOf(value);
    if (operation == "AddRelation" || operation == "RemoveRelation") return relate(key, value, operation == "AddRelation");
    const auto* column = columnOf(key);
    if (column != nullptr && column->type == Type::relation) return leaveRelation(key, *column, value, operation);
    const auto* present = edit_.data.find(key);
    put(key, changed(key, present == nullptr ? Value{} : Value{*present}, value, operation));
  }

  /// A value or operation on a member somewhere inside a column.
  void applyInside(const std::string& key, const std::vector<std::string>& path, const Json& value) {
    auto* place = treeOf(path.front()).find(std::span{path}.subspan(1));
    if (place == nullptr) throw invalidField(key);
    place->replace(changed(key, place->value(), value, operationOf(value)));
  }

  /// The column `root` as a tree, until all of its members are changed.
  EditTree& treeOf(const std::string& root) {
    if (const auto known = insideOf(root); known != inside_.end()) return known->second;
    const auto* column = columnOf(root);
    const bool isContainer = column == nullptr || column->type == Type::object || column->type == Type::array;
    if (!isContainer) throw wrongType(root, describe(*column), "Object");
    const auto* present = edit_.data.find(root);
    return inside_.emplace_back(root, present == nullptr ? Value{} : Value{*present}).second;
  }

  std::list<std::pair<std::string, EditTree>>::iterator insideOf(const std::string& root) {
    return std::find_if(inside_.begin(), inside_.end(), [&](const auto& item) { return item.first == root; });
  }

  void settle(std::list<std::pair<std::string, EditTree>>::iterator item) {
    const auto root = item->first;
    const auto value = item->second.value();
    inside_.erase(item);
    put(root, value);
  }

  Value changed(const std::string& key, const Value& before, const Json& value, const std::string& operation) const {
    if (value.find("__op") == nullptr) return storedValue(key, value).json;
    if (operation == "Delete") return std::nullopt;
    if (operation == "Increment") return incremented(key, before, value);
    if (before) context_.database().spend(2 * static_cast<std::int64_t>(before->json().size()));  // arrays are copied
    if (operation == "Add") return withItems(key, before, objectsOf(value), false);
    if (operation == "AddUnique") return withItems(key, before, objectsOf(value), true);
    if (operation == "Remove") return withoutItems(key, before, objectsOf(value));
    throw invalidOperation();
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
      if (context_.catalog.find(pointer.className) == nullptr)
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

  Context& context_;
  const Table& table_;
  Edit edit_{};
  std::list<std::pair<std::string, EditTree>> inside_{};  ///< columns whose members change, as they are so far
};

}  // namespace

Edit edited(Context& context, const Table& table, const Fields& before, const Fields& body) {
  if (body.size() > maxMembers) throw Refused{1004, "the object has more than " + std::to_string(maxMembers) + " members."};
  Editor editor{context, table, before};
  for (const auto& [key, value] : body) editor.apply(key, value);
  return editor.take();
}

}  // namespace openapi::gateway::bmob
