#pragma once

#include <cli/bill_cells.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace openapi::cli {

/// Writes rows of bills to standard output, in constant memory. Throws `FileError`.
class RowFormat {
 public:
  virtual ~RowFormat() = default;
  /// A bill begins. Throws `Error` when it cannot follow the one before.
  virtual void begin(const bill::BillHeader& header, std::string_view file) = 0;
  virtual void row(std::span<const RowCell> cells, std::span<const bill::Cell> extra) = 0;
  /// After the last row of a bill.
  virtual void end() = 0;
};

/// `table`, `csv` or `jsonl`; null for anything else. `named` puts the file into each row, where the format can.
[[nodiscard]] std::unique_ptr<RowFormat> makeRowFormat(std::string_view name, bool named);

/// One cell of a CSV file: quoted where it must be. A text that a spreadsheet would take for a formula gets an apostrophe before
/// it.
[[nodiscard]] std::string csvCell(const CellValue& value);
/// JSON with everything that steers a terminal written as `\u…`.
[[nodiscard]] std::string safeJson(std::string json);

}  // namespace openapi::cli
