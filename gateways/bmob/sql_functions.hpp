#pragma once

#include <gateways/database.hpp>

#include <string>

namespace openapi::gateway::bmob {

/// Whether `pattern` is a regular expression of RE2: no look-around, no back references, and so linear time.
[[nodiscard]] bool isRegex(const std::string& pattern);

/// Makes `bmob_regex(pattern, text)` and `bmob_distance(latitude, longitude, latitude, longitude)`, in radians, known to
/// statements.
void addFunctions(Database& database);

}  // namespace openapi::gateway::bmob
