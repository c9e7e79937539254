#pragma once

#include <string_view>

namespace openapi {

/// Throws `badResponse`: `name`, which every answer has that is no error, is missing.
[[noreturn]] void failMissing(std::string_view name);

/// The same, when `value` is empty.
void requirePresent(std::string_view name, std::string_view value);

}  // namespace openapi
