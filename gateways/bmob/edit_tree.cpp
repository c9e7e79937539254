#include <gateways/bmob/edit_tree.hpp>

#include <gateways/bmob/names.hpp>

#include <utility>

namespace openapi::gateway::bmob {

EditTree::EditTree(std::optional<Json> value) { replace(std::move(value)); }

void EditTree::replace(std::optional<Json> value) {
  names_.clear();
  inner_.clear();
  own_ = std::move(value);
  value_ = own_ ? &*own_ : nullptr;
  shape_ = Shape::whole;
}

EditTree* EditTree::find(std::span<const std::string> path) {
  if (path.empty()) return this;
  const bool isNothing = value_ == nullptr || value_->isNull();
  if (shape_ == Shape::whole && !isNothing && value_->object() == nullptr && value_->array() == nullptr) return nullptr;
  open();
  auto* member = shape_ == Shape::array ? elementAt(path.front()) : memberCalled(path.front(), nullptr);
  return member == nullptr ? nullptr : member->find(path.subspan(1));
}

/// From a whole value to its members, which still stand in it.
void EditTree::open() {
  if (shape_ != Shape::whole) return;
  shape_ = value_ != nullptr && value_->array() != nullptr ? Shape::array : Shape::object;
  if (shape_ == Shape::array) {
    inner_.reserve(value_->array()->size());
    for (const auto& item : *value_->array()) add({}, &item);
  } else if (value_ != nullptr && value_->object() != nullptr) {
    for (const auto& [name, value] : *value_->object()) memberCalled(name, &value);
  }
}

EditTree* EditTree::add(std::string name, const Json* value) {
  return inner_.emplace_back(std::make_unique<EditTree>(std::move(name), value)).get();
}

EditTree* EditTree::memberCalled(const std::string& name, const Json* value) {
  const auto known = names_.find(name);
  if (known != names_.end()) return known->second;
  auto* member = add(name, value);
  names_.emplace(member->name_, member);
  return member;
}

EditTree* EditTree::elementAt(const std::string& index) {
  const auto at = isIndex(index) ? std::stoul(index) : inner_.size();
  return at < inner_.size() ? inner_[at].get() : nullptr;
}

std::optional<Json> EditTree::value() const {
  if (shape_ == Shape::whole) return value_ == nullptr ? std::nullopt : std::optional<Json>{*value_};
  if (shape_ == Shape::array) {
    Json::Array items;
    items.reserve(inner_.size());
    for (const auto& item : inner_) items.push_back(item->value().value_or(Json{}));
    return items;
  }
  Fields members;
  members.reserve(inner_.size());
  for (const auto& member : inner_) {
    if (auto value = member->value()) members.append(member->name_, std::move(*value));
  }
  return members;
}

}  // namespace openapi::gateway::bmob
