#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// Cloud functions: `hello` of the SDK's document, and those with a fixed answer that `POST /function` added.

[[nodiscard]] Reply runFunction(Context& context, const Call& call);
/// `/<secretKey>/<name>` without keys in headers: the answer is the function's text alone.
[[nodiscard]] Reply runFunctionDirectly(Context& context, const Call& call);

/// `POST /function` of the control server: `name` answers `result`, or fails with `error`.
[[nodiscard]] Json setFunction(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
