#include <cli/printable.hpp>

#include <codec/utf8.hpp>

#include <algorithm>
#include <array>

namespace openapi::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const Range& range) { return c >= range.first && c <= range.last; });
}

constexpr std::array<Range, 9> steering{{{0x00, 0x1F},
                                         {0x7F, 0x9F},
                                         {0xAD, 0xAD},
                                         {0x61C, 0x61C},
                                         {0x200B, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2060, 0x206F},
                                         {0xFEFF, 0xFEFF},
                                         {0xE0000, 0xE0FFF}}};
constexpr std::array<Range, 9> wide{{{0x1100, 0x115F},
                                     {0x2E80, 0x303E},
                                     {0x3041, 0xA4CF},
                                     {0xAC00, 0xD7A3},
                                     {0xF900, 0xFAFF},
                                     {0xFE30, 0xFE6F},
                                     {0xFF00, 0xFF60},
                                     {0xFFE0, 0xFFE6},
                                     {0x1F300, 0x3FFFD}}};

std::size_t columnsOf(char32_t c) { return contains(wide, c) ? 2 : 1; }

std::string hex(char32_t value, std::size_t digits) {
  constexpr std::string_view letters = "0123456789abcdef";
  std::string text(digits, '0');
  for (; digits > 0; value >>= 4U) text[--digits] = letters[value & 0xFU];
  return text;
}

std::string escaped(char32_t c) {
  switch (c) {
    case U'\n':
      return "\\n";
    case U'\r':
      return "\\r";
    case U'\t':
      return "\\t";
    default:
      return c < 0x100 ? "\\x" + hex(c, 2) : "\\u" + hex(c, c < 0x10000 ? 4 : 6);
  }
}

}  // namespace

bool isPrintable(std::string_view text) {
  while (!text.empty()) {
    const auto point = codec::decodeUtf8(text);
    if (point.length == 0 || contains(steering, point.value)) return false;
    text.remove_prefix(point.length);
  }
  return true;
}

std::string printable(std::string_view text) {
  if (isPrintable(text)) return std::string{text};
  std::string out;
  while (!text.empty()) {
    const auto point = codec::decodeUtf8(text);
    const auto length = std::max<std::size_t>(point.length, 1);
    if (point.length == 0) {
      out += "\\x" + hex(static_cast<unsigned char>(text.front()), 2);
    } else if (contains(steering, point.value)) {
      out += escaped(point.value);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

std::string withJsonEscapes(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const auto point = codec::decodeUtf8(utf8);
    const auto length = std::max<std::size_t>(point.length, 1);
    if (!contains(steering, point.value)) {
      out += utf8.substr(0, length);
    } else if (point.value < 0x10000) {
      out += "\\u" + hex(point.value, 4);
    } else {
      const auto rest = point.value - 0x10000;
      out += "\\u" + hex(0xD800 + (rest >> 10U), 4) + "\\u" + hex(0xDC00 + (rest & 0x3FFU), 4);
    }
    utf8.remove_prefix(length);
  }
  return out;
}

std::size_t columnsOf(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto point = codec::decodeUtf8(text);
    columns += columnsOf(point.value);
    text.remove_prefix(std::max<std::size_t>(point.length, 1));
  }
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns) {
  if (columnsOf(text) <= columns) return std::string{text};
  if (columns == 0) return {};
  std::size_t used = 1;  // the mark
  std::size_t end = 0;
  while (end < text.size()) {
    const auto point = codec::decodeUtf8(text.substr(end));
    used += columnsOf(point.value);
    if (used > columns) break;
    end += std::max<std::size_t>(point.length, 1);
  }
  return std::string{text.substr(0, end)} + "…";
}

}  // namespace openapi::cli
