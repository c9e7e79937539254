#include "markdown.hpp"

#include <algorithm>
#include <sstream>

namespace openapi::test {

namespace {

std::vector<std::string> cellsOf(std::string_view line) {
  line.remove_prefix(1);
  if (line.ends_with('|')) line.remove_suffix(1);
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && line[at] == '\\' && at + 1 < line.size() && line[at + 1] == '|') {
      cell += line[++at];
    } else if (at == line.size() || line[at] == '|') {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[at];
    }
  }
  return cells;
}

bool isRule(std::string_view line) {
  return line.find('-') != std::string_view::npos && line.find_first_not_of("|-: \t") == std::string_view::npos;
}

}  // namespace

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t\r") + 1 - first)};
}

std::vector<TableRow> tableRows(const std::string& markdown) {
  std::vector<TableRow> rows;
  TableRow place;
  bool code = false;
  std::istringstream in{markdown};
  for (std::string raw; std::getline(in, raw);) {
    ++place.line;
    const auto line = trimmed(raw);
    if (line.starts_with("```")) code = !code;
    if (code || line.empty() || line.starts_with("```")) {
      if (line.empty()) place.head.clear();
    } else if (line.starts_with('#')) {
      if (line.starts_with("# ")) place.chapter = line.substr(2);
      place.heading = trimmed(line.substr(line.find_first_not_of('#')));
      place.lead.clear();
      place.caption.clear();
      place.head.clear();
    } else if (!line.starts_with('|')) {
      place.caption = line;
      if (place.lead.empty()) place.lead = line;
      place.head.clear();
    } else if (place.head.empty()) {
      place.head = cellsOf(line);
    } else if (!isRule(line)) {
      place.cells = cellsOf(line);
      const auto said = [](const std::string& cell) { return !cell.empty(); };
      if (std::any_of(place.cells.begin(), place.cells.end(), said)) rows.push_back(place);
    }
  }
  return rows;
}

}  // namespace openapi::test
