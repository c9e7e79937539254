#pragma once

#include <gateways/database.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace openapi::gateway::bmob {

/// How many instructions `pattern` has as a regular expression of RE2, which knows no look-around and no back references: the
/// time of a match is at most in proportion to them and to the text. No value when it is none.
[[nodiscard]] std::optional<std::int64_t> regexSize(const std::string& pattern);

/// Makes `bmob_regex(pattern, text)`, `bmob_distance(latitude, longitude, latitude, longitude)`, in radians, and
/// `bmob_work(text, times)`, which is true and counts the work of reading a JSON text so often, known to statements.
void addFunctions(Database& database);

}  // namespace openapi::gateway::bmob
