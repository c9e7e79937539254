#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

/// GET `/1/timestamp`
[[nodiscard]] Reply serverTime(Context& context, const Call& call);
/// A moment as in the `Date` header of HTTP.
[[nodiscard]] std::string httpDate(Time time);

}  // namespace openapi::gateway::bmob
