#pragma once

#include <gateways/bmob/acl.hpp>
#include <gateways/bmob/context.hpp>
#include <gateways/bmob/sql_text.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace openapi::gateway::bmob {

inline constexpr std::size_t maxWhereBytes = 16384;
inline constexpr std::int64_t defaultLimit = 100;
inline constexpr std::int64_t maxLimit = 1000;

/// Reads the `where` of a query, empty for none. Refuses with 107 and 402.
[[nodiscard]] Json readWhere(std::string_view text);

/// Turns the query language into SQL over the rows of classes that somebody may read.
class Where {
 public:
  Where(Context& context, const Rights& rights) : context_{context}, rights_{rights} {}

  /// The condition that `where` and the ACLs put on the rows of `table`, which the statement calls `alias` (with a dot at the
  /// end). Columns that it compares get an index when the table is large. A statement takes it through `counted`. Refuses with
  /// 101 to 107 and 117.
  [[nodiscard]] Sql condition(const Table& table, const std::string& alias, const Json& where);

  /// The order of a `$nearSphere`: by distance.
  [[nodiscard]] const std::optional<Sql>& nearest() const { return nearest_; }

 private:
  struct Scope {
    const Table& table;
    std::string alias;
  };

  Sql all(const Scope& scope, const Json& where);
  Sql member(const Scope& scope, const std::string& key, const Json& value);
  Sql each(const Scope& scope, const std::string& key, const Json& list, std::string_view between);
  Sql operators(const Scope& scope, const std::string& key, const Json& value);
  Sql operation(const Scope& scope, const std::string& key, const std::string& name, const Json& value, const Json& siblings);
  Sql equal(const Scope& scope, const std::string& key, const Json& value);
  Sql inRelation(const Scope& scope, const std::string& key, const Sql& targets) const;
  Sql selected(const Scope& scope, const std::string& key, const Json& value);
  Sql inQuery(const Scope& scope, const std::string& key, const Json& value);
  Sql relatedTo(const Scope& scope, const Json& value);
  Sql near(const Scope& scope, const std::string& key, const Json& point, const Json& siblings);
  Sql within(const Scope& scope, const std::string& key, const Json& value) const;
  /// A query in a query: the column `key` of the rows that it finds.
  Sql subquery(const Json& query, const std::string& key);
  void wantIndex(const Scope& scope, const std::string& key);
  void count();

  Context& context_;
  const Rights& rights_;
  std::optional<Sql> nearest_{};
  std::size_t terms_ = 0;
  std::size_t regexes_ = 0;
  std::size_t depth_ = 0;
  std::size_t aliases_ = 0;
};

}  // namespace openapi::gateway::bmob
