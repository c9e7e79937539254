#pragma once

#include <cli/bill_types.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace openapi::cli {

/// Whose bills are fetched.
struct Merchant {
  std::string name{};  ///< and of the folder with the bills
  std::string provider{};
  std::string config{};  ///< path of the configuration
  std::vector<BillType> bills{};
};

/// Reads a file of merchants and looks at all of it. Throws `Error` with `Errc::config` that names the file, the entry and the
/// field.
[[nodiscard]] std::vector<Merchant> readMerchants(const std::string& path);

/// What is wrong with `name` as the name of a folder; empty when nothing is.
[[nodiscard]] std::string folderNameProblem(std::string_view name);

}  // namespace openapi::cli
