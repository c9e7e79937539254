#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

/// Messages to devices. None goes out: `POST /pushes` of the control server shows them, the newest first, with the installations
/// that `where` and `channels` meant.
[[nodiscard]] Reply push(Context& context, const Call& call);
[[nodiscard]] Json listPushes(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
