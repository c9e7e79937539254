#pragma once

#include <gateways/bmob/rows.hpp>

#include <string>

namespace openapi::gateway::bmob {

/// Refuses with 131 a device without a type or name, with 132 one that is there already.
[[nodiscard]] Json createInstallation(Context& context, const Fields& body);
/// A device keeps its type and names. Refuses with 136.
[[nodiscard]] Json updateInstallation(Context& context, const Actor& actor, const std::string& id, const Fields& body);

}  // namespace openapi::gateway::bmob
