#include "table.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace demo {

namespace {

/// Columns of a terminal: Chinese characters take two.
std::size_t widthOf(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) ++width;
    if (byte >= 0xC0) width += byte >= 0xE2 ? 2 : 1;
  }
  return width;
}

std::string blanks(std::size_t wanted, std::string_view text) {
  const auto width = widthOf(text);
  return std::string(wanted > width ? wanted - width : 0, ' ');
}

}  // namespace

void table(std::ostream& out, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], widthOf(row[i]));
  }
  for (const auto& row : rows) {
    out << "  " << row.front() << blanks(widths.front(), row.front());
    for (std::size_t i = 1; i < row.size(); ++i) out << "   " << blanks(widths[i], row[i]) << row[i];
    out << '\n';
  }
  out << '\n';
}

}  // namespace demo
