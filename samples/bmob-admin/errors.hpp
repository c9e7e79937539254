#pragma once

#include <samples/bmob-admin/exchange.hpp>

#include <openapi/error.hpp>

namespace bmob_admin {

/// What the caller is told: Bmob's own errors with status 200, as the original service does; 502 where Bmob cannot be reached,
/// refuses this service's keys or answers with something else; 400 for what no Bmob would take. `changes`: the request was
/// to change something, so that it matters whether it did.
[[nodiscard]] Answer answerTo(const openapi::Error& error, bool changes);

}  // namespace bmob_admin
