#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

/// A QR code for any reader: the path, with scheme `b` the path and `?scene=`. As base64, or with `type` 1 as a file.
[[nodiscard]] Reply generateCode(Context& context, const Call& call);
/// The same token for two hours.
[[nodiscard]] Reply weappToken(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
