#pragma once

#include <gateways/database.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// A piece of a statement with the values of its `?`, in their order. What a client sent gets into `text` only as a name that
/// `fieldPath` let through; everything else is a value.
struct Sql {
  std::string text{};
  std::vector<SqlValue> values{};

  Sql& add(std::string_view more);
  Sql& add(const Sql& more);
  /// A `?` with its value.
  Sql& bind(SqlValue value);
};

/// The terms with `between`, such as ` AND `, between them. As a balanced tree: SQLite's expressions have a limit of depth.
[[nodiscard]] Sql joined(const std::vector<Sql>& terms, std::string_view between, std::string_view whenEmpty);
/// `condition` on the rows that a statement calls `alias` (with a dot at the end), behind a term that counts the work of reading
/// their JSON so often as the condition and `others`, the rest of the statement, do.
[[nodiscard]] Sql counted(const std::string& alias, const Sql& condition, std::string_view others = {});
/// True where `condition` is false or null.
[[nodiscard]] Sql negated(const Sql& condition);
[[nodiscard]] Sql never();

}  // namespace openapi::gateway::bmob
