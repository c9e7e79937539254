#include <platform_text.hpp>

#include <codec/utf8.hpp>

namespace openapi {

namespace {

constexpr std::size_t maxCharacters = 300;

bool isControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

}  // namespace

std::string platformText(std::string_view utf8) {
  std::string text;
  for (std::size_t characters = 0; !utf8.empty(); ++characters) {
    if (characters == maxCharacters) return text + "...";
    const auto next = codec::decodeUtf8(utf8);
    if (next.length == 0 || isControl(next.value)) {
      text += next.length == 0 ? '?' : ' ';
    } else {
      text += utf8.substr(0, next.length);
    }
    utf8.remove_prefix(next.length == 0 ? 1 : next.length);
  }
  return text;
}

}  // namespace openapi
