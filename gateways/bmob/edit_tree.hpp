#pragma once

#include <openapi/json.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace openapi::gateway::bmob {

/// A JSON value whose members are changed one after the other. However many they are, what stays is copied once: by `value`.
class EditTree {
 public:
  /// No value: it is not there.
  explicit EditTree(std::optional<Json> value);
  /// A member, as it stands in a value that outlives the tree; null: it is not there.
  EditTree(std::string name, const Json* value) : name_{std::move(name)}, value_{value} {}
  EditTree(const EditTree&) = delete;
  EditTree& operator=(const EditTree&) = delete;

  /// The member at `path`, which may not be there yet; the objects around it come into being. Null when the path leads into a
  /// text, a number or behind the end of an array.
  [[nodiscard]] EditTree* find(std::span<const std::string> path);
  /// No value removes a member, and makes null of an element.
  void replace(std::optional<Json> value);
  [[nodiscard]] std::optional<Json> value() const;

 private:
  /// The member of that name; a new one with `value` if there is none.
  EditTree* memberCalled(const std::string& name, const Json* value);
  EditTree* elementAt(const std::string& index);
  EditTree* add(std::string name, const Json* value);
  void open();

  enum class Shape { whole, object, array };
  std::string name_{};           ///< as a member
  std::optional<Json> own_{};    ///< what `replace` was given
  const Json* value_ = nullptr;  ///< of the shape `whole`; null: it is not there
  Shape shape_ = Shape::whole;
  std::vector<std::unique_ptr<EditTree>> inner_{};           ///< in their order
  std::unordered_map<std::string_view, EditTree*> names_{};  ///< of an object's members
};

}  // namespace openapi::gateway::bmob
