#pragma once

#include <gateways/bmob/context.hpp>
#include <gateways/bmob/request.hpp>

namespace openapi::gateway::bmob {

/// Whether the request comes with a signature instead of plain keys.
[[nodiscard]] bool isEncrypted(const Request& request);
/// Whether keys of any kind are in the headers.
[[nodiscard]] bool hasKeyHeaders(const Request& request);

/// Checks the keys in the headers, or the signature, and finds out who sends. Refuses with 401, code 400 (signature) and 10061
/// (master key).
[[nodiscard]] Actor authenticate(Context& context, const Request& request, bool isFile);
/// The same for the keys of a tunnelled request.
[[nodiscard]] Actor authenticate(Context& context, const Tunnelled& request);

}  // namespace openapi::gateway::bmob
