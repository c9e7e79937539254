#pragma once

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace openapi::codec {

/// A named text of a document. Views into the document that owns them.
struct FlatField {
  std::string_view name;
  std::string_view value;
};

/// Byte order. Most names differ in their first byte, which saves the call that compares them whole.
[[nodiscard]] inline bool nameLess(std::string_view left, std::string_view right) {
  if (!left.empty() && !right.empty() && left.front() != right.front()) {
    return static_cast<unsigned char>(left.front()) < static_cast<unsigned char>(right.front());
  }
  return left < right;
}

/// Sorts by name, quickly when all but the last few are in order, as platforms send them.
/// Returns the first field whose name is there again, or null.
[[nodiscard]] inline const FlatField* sortByName(std::vector<FlatField>& fields) {
  const auto before = [](const FlatField& left, const FlatField& right) { return nameLess(left.name, right.name); };
  const auto sorted = std::is_sorted_until(fields.begin(), fields.end(), before);
  if (sorted != fields.end()) {
    std::sort(sorted, fields.end(), before);
    std::inplace_merge(fields.begin(), sorted, fields.end(), before);
  }
  const auto same = [](const FlatField& left, const FlatField& right) { return left.name == right.name; };
  const auto repeated = std::adjacent_find(fields.begin(), fields.end(), same);
  return repeated == fields.end() ? nullptr : &*repeated;
}

/// The field `name`, or null.
[[nodiscard]] inline const FlatField* findField(std::span<const FlatField> sorted, std::string_view name) {
  const auto before = [](const FlatField& field, std::string_view wanted) { return nameLess(field.name, wanted); };
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), name, before);
  return found != sorted.end() && found->name == name ? &*found : nullptr;
}

}  // namespace openapi::codec
