#pragma once

#include <gateways/bmob/context.hpp>

#include <openapi/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace openapi::gateway::bmob {

/// A row joins or leaves a relation.
struct RelationChange {
  std::string name{};
  std::string target{};  ///< objectId
  bool isAdded = true;
};

/// What a write makes of a row.
struct Edit {
  Fields data{};                            ///< all columns afterwards
  std::map<std::string, Column> columns{};  ///< those that the write named, with the types that it needs
  std::vector<RelationChange> relations{};
};

/// Applies the members of `body`, values and operations (`__op`), to the columns of a row. The columns of the table do not change
/// here. Refuses with 102, 104 to 107, 111 and 117.
[[nodiscard]] Edit edited(Context& context, const Table& table, const Fields& before, const Fields& body);

}  // namespace openapi::gateway::bmob
