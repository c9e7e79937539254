#pragma once

#include <gateways/bmob/context.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// The ACL of a row as a client sent it. Refuses with 107 another shape.
[[nodiscard]] Json checkedAcl(const Json& value);

/// What an actor is called in ACLs: `*`, its user's id, `role:NAME` of its roles and of the roles above them.
class Rights {
 public:
  Rights(Context& context, const Actor& actor);

  [[nodiscard]] bool isMaster() const { return isMaster_; }
  /// Whether a row's `acl` column allows `right`, which is `read` or `write`. No ACL allows everything.
  [[nodiscard]] bool allow(const std::string& acl, std::string_view right) const;
  /// The SQL condition that a row may be read, with its parameters appended to `values`; `alias` ends with a dot. Empty when
  /// every row may.
  [[nodiscard]] std::string readableSql(const std::string& alias, std::vector<SqlValue>& values) const;

 private:
  bool isMaster_;
  std::vector<std::string> names_;
};

}  // namespace openapi::gateway::bmob
