#pragma once

#include <gateways/bmob/context.hpp>

#include <string>

namespace openapi::gateway::bmob {

/// The rows of a class that the query of the call asks for: `{"results":[…]}`, with `count` where it is asked for; or statistics.
[[nodiscard]] Reply findIn(Context& context, const Call& call, const std::string& className);
/// One row, with what `include` and `keys` say. Refuses with 101.
[[nodiscard]] Reply getFrom(Context& context, const Call& call, const std::string& className, const std::string& id);

// GET `/1/classes/T` and `/1/classes/T/ID`
[[nodiscard]] Reply findRows(Context& context, const Call& call);
[[nodiscard]] Reply getRow(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
