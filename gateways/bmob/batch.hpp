#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

/// POST `/1/batch`: up to 50 writes, one after the other. One that fails leaves nothing behind, and the others as they are.
[[nodiscard]] Reply batch(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
