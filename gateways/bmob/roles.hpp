#pragma once

#include <gateways/bmob/rows.hpp>

#include <string>

namespace openapi::gateway::bmob {

/// Refuses with 139 a name that is none or taken.
[[nodiscard]] Json createRole(Context& context, const Fields& body);
/// A role keeps its name.
[[nodiscard]] Json updateRole(Context& context, const Actor& actor, const std::string& id, const Fields& body);
/// Refuses with 206 and 211 who has no session.
void requireRoleSession(const Actor& actor);

}  // namespace openapi::gateway::bmob
