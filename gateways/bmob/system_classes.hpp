#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// The classes with addresses of their own, where they are what other classes are: `/1/users`, `/1/roles`, `/1/installations`.
[[nodiscard]] Reply findUsers(Context& context, const Call& call);
[[nodiscard]] Reply getUser(Context& context, const Call& call);
[[nodiscard]] Reply findRoles(Context& context, const Call& call);
[[nodiscard]] Reply getRole(Context& context, const Call& call);
[[nodiscard]] Reply postRole(Context& context, const Call& call);
[[nodiscard]] Reply putRole(Context& context, const Call& call);
[[nodiscard]] Reply removeRole(Context& context, const Call& call);
[[nodiscard]] Reply findInstallations(Context& context, const Call& call);
[[nodiscard]] Reply getInstallation(Context& context, const Call& call);
[[nodiscard]] Reply postInstallation(Context& context, const Call& call);
[[nodiscard]] Reply putInstallation(Context& context, const Call& call);
[[nodiscard]] Reply removeInstallation(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
