#pragma once

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/context.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// What `include` asks for: `post[likes].author[username|email],user`.
struct Include {
  std::map<std::string, Include> columns{};
  std::set<std::string> keys{};  ///< of the row itself; empty: all
};

/// Refuses with 102 what is none.
[[nodiscard]] Include parseInclude(std::string_view text);

/// Puts the rows that pointers name in the place of the pointers, as far as the actor may read them. Names that are no pointers
/// are ignored.
void includeRows(Context& context, const Rights& rights, const Include& include, std::vector<Fields>& rows);

/// Leaves only `keys` and the three that every row has.
void project(Fields& row, const std::set<std::string>& keys);

}  // namespace openapi::gateway::bmob
