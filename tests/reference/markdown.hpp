#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openapi::test {

/// One row of a table, and where it stands.
struct TableRow {
  std::string chapter{};             ///< the heading of the first level above
  std::string heading{};             ///< the nearest heading
  std::string lead{};                ///< the first paragraph after it
  std::string caption{};             ///< the line before the table
  std::vector<std::string> head{};   ///< the cells of the table's first row
  std::vector<std::string> cells{};  ///< its own
  int line = 0;
};

/// Every row of every table, outside code blocks. Rows without a word in them are left out.
[[nodiscard]] std::vector<TableRow> tableRows(const std::string& markdown);

[[nodiscard]] std::string trimmed(std::string_view text);

}  // namespace openapi::test
