#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace openapi::bill {

constexpr std::size_t mostCells = 256;
/// What a scan may read behind the last byte.
constexpr std::size_t scanPadding = 128;

/// How the cells of a line are told apart.
enum class Separator {
  tick,   ///< a comma and the back-tick of the next cell: WeChat's rows
  comma,  ///< a comma
};

/// One line and its cells.
struct Cells {
  const char* begin = nullptr;
  std::size_t length = 0;   ///< of the line, up to the line feed
  std::size_t count = 0;    ///< may be larger than `mostCells`: then only the first are kept
  std::uint32_t width = 1;  ///< of a separator
  /// All bytes that are not ASCII lie between these two, which are equal when there are none.
  std::size_t firstHigh = 0;
  std::size_t endHigh = 0;
  /// The position of the separator before each cell, one before the line for the first; then the end of the last.
  std::array<std::uint32_t, mostCells + 2 + 64> before{};

  [[nodiscard]] std::string_view operator[](std::size_t cell) const {
    const std::uint32_t start = before[cell] + width;
    return {begin + start, before[cell + 1] - start};
  }
  [[nodiscard]] std::string_view line() const { return {begin, length}; }
};

/// Finds the cells up to the first line feed. There must be one, and `scanPadding` bytes behind it. A carriage return before it
/// does not belong to the last cell.
using ScanLine = void (*)(const char* line, Cells& result);

/// The fastest for this processor.
[[nodiscard]] ScanLine scanLine(Separator separator);
/// Every implementation that this processor can run, for tests.
[[nodiscard]] std::array<ScanLine, 3> allScanLines(Separator separator);

}  // namespace openapi::bill
