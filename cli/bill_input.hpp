#pragma once

#include <openapi/bill/reader.hpp>

#include <string>

namespace openapi::cli {

/// The bill in `file`, or on standard input for `-`. Throws `Error`.
[[nodiscard]] bill::BillReader openBill(const std::string& file, bill::BillOptions options);

}  // namespace openapi::cli
