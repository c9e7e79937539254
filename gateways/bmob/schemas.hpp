#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// `/1/schemas[/T]`, for the master key only
[[nodiscard]] Reply listSchemas(Context& context, const Call& call);
[[nodiscard]] Reply getSchema(Context& context, const Call& call);
[[nodiscard]] Reply createSchema(Context& context, const Call& call);
[[nodiscard]] Reply changeSchema(Context& context, const Call& call);
[[nodiscard]] Reply deleteSchema(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
