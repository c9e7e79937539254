#include "bill/names.hpp"

#include <algorithm>

#include "bill/row_parser.hpp"
#include "codec/utf8.hpp"

namespace openapi::bill {

std::string shown(std::string_view text) {
  constexpr int longest = 64;
  std::string out;
  for (int characters = 0; !text.empty(); ++characters) {
    if (characters == longest) return out + "...";
    const auto point = codec::decodeUtf8(text);
    const bool printable = point.length != 0 && point.value >= 0x20 && !(point.value >= 0x7F && point.value < 0xA0);
    if (printable) {
      out += text.substr(0, point.length);
    } else {
      out += '?';
    }
    text.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  return out;
}

std::vector<std::string> splitNames(std::string_view line) {
  constexpr std::string_view wideComma = "，";
  std::vector<std::string> names;
  while (true) {
    std::size_t end = 0;
    while (end < line.size() && line[end] != ',' && !line.substr(end).starts_with(wideComma)) ++end;
    names.emplace_back(trimmed(line.substr(0, end)));
    if (end == line.size()) return names;
    line.remove_prefix(end + (line[end] == ',' ? 1 : wideComma.size()));
  }
}

bool isBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace openapi::bill
