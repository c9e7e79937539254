#pragma once

#include <openapi/bmob/values.hpp>
#include <openapi/json.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

namespace openapi::bmob {

/// What to write into the columns of a row: values, and operations that the platform carries out by itself, so that two
/// writers at the same time do not undo each other. One entry for each column: what is said last about a column counts.
///
/// Throws `invalidArgument` for a name that is no column. `outer.inner` and `list.0.inner` reach into objects and lists.
class Changes {
 public:
  Changes() = default;
  /// All of `values` as by `set`.
  explicit Changes(const Fields& values);

  /// Puts `value` into the column.
  Changes& set(std::string name, Json value);
  /// Removes the column's value.
  Changes& unset(std::string name);
  /// Adds `amount`, which may be negative, to a number; a missing one counts as 0.
  Changes& increment(std::string name, std::int64_t amount = 1);
  /// Only whole numbers: a fraction would be cut off without a word.
  template <std::floating_point Fraction>
  Changes& increment(std::string name, Fraction amount) = delete;
  /// Appends to a list.
  Changes& add(std::string name, Json::Array values);
  /// Appends what the list does not hold yet, in no particular place.
  Changes& addUnique(std::string name, Json::Array values);
  /// Removes every element that equals one of `values`.
  Changes& remove(std::string name, Json::Array values);
  /// Adds `rows` to a relation.
  Changes& addRelation(std::string name, const std::vector<Pointer>& rows);
  /// Takes `rows` out of a relation.
  Changes& removeRelation(std::string name, const std::vector<Pointer>& rows);

  /// Nothing is to be changed.
  [[nodiscard]] bool empty() const { return fields_.empty(); }
  /// As they go out.
  [[nodiscard]] const Fields& fields() const { return fields_; }

 private:
  Changes& put(std::string name, Json value);
  Fields fields_;
};

}  // namespace openapi::bmob
