#pragma once

#include <string>

namespace openapi::cli {

/// A day that was given as yyyyMMdd or yyyy-MM-dd, as yyyyMMdd. Throws `UsageError`.
[[nodiscard]] std::string dayOption(const std::string& given);

}  // namespace openapi::cli
