#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

/// GET and POST `/1/login`: by user name, e-mail address or phone with the password, or with a code that was sent.
[[nodiscard]] Reply login(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
