#include "codec/json_slices.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/ascii.hpp"
#include "codec/fail.hpp"
#include "codec/json_number.hpp"
#include "codec/utf8.hpp"

namespace openapi::codec {
namespace {

constexpr std::size_t maxLevels = 64;

/// Bytes that may stand in a string as they are, without a closer look.
constexpr std::array<bool, 256> plainInString = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0x20; c < 0x80; ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

/// One strict pass over a JSON text. Nested values are checked, not kept.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_{text} {}

  std::vector<JsonSlice> document() {
    std::vector<JsonSlice> members;
    skipSpace();
    if (peek() != '{') fail("expected an object");
    ++at_;
    membersOfObject([&] {
      JsonSlice member;
      string(&member.name);
      colon();
      const std::size_t start = at_;
      value(1);
      member.value = text_.substr(start, at_ - start);
      members.push_back(std::move(member));
    });
    skipSpace();
    if (at_ != text_.size()) fail("data after the end");
    return members;
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    failBadResponse(std::string{"json: "} + what + " at offset " + std::to_string(at_));
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skipSpace() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }

  void colon() {
    skipSpace();
    if (peek() != ':') fail("expected ':'");
    ++at_;
    skipSpace();
  }

  /// Says whether another item follows; steps over `,` or `close`.
  bool another(char close) {
    skipSpace();
    const char c = peek();
    if (c != ',' && c != close) fail("expected ',' or the closing bracket");
    ++at_;
    if (c == ',') skipSpace();  // blanks behind a closing bracket are no part of the value
    return c == ',';
  }

  template <class Member>
  void membersOfObject(Member member) {
    skipSpace();
    if (peek() == '}') {
      ++at_;
      return;
    }
    do member();
    while (another('}'));
  }

  void value(std::size_t level) {
    switch (peek()) {
      case '{':
        return object(level + 1);
      case '[':
        return array(level + 1);
      case '"':
        return string(nullptr);
      case 't':
        return literal("true");
      case 'f':
        return literal("false");
      case 'n':
        return literal("null");
      default:
        return number();
    }
  }

  void object(std::size_t level) {
    if (level > maxLevels) fail("more than 64 levels");
    ++at_;
    membersOfObject([&] {
      string(nullptr);
      colon();
      value(level);
    });
  }

  void array(std::size_t level) {
    if (level > maxLevels) fail("more than 64 levels");
    ++at_;
    skipSpace();
    if (peek() == ']') {
      ++at_;
      return;
    }
    do value(level);
    while (another(']'));
  }

  void literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) fail("bad value");
    at_ += word.size();
  }

  void number() {
    const std::size_t length = jsonNumberLength(text_.substr(at_));
    if (length == 0) fail("bad value");
    at_ += length;
  }

  void string(std::string* decoded) {
    if (peek() != '"') fail("expected a string");
    ++at_;
    while (true) {
      const std::size_t start = at_;
      while (at_ < text_.size() && plainInString[static_cast<unsigned char>(text_[at_])]) ++at_;
      if (decoded) decoded->append(text_.substr(start, at_ - start));
      if (at_ == text_.size()) fail("string without an end");
      if (text_[at_] == '"') break;
      if (text_[at_] == '\\') {
        escape(decoded);
      } else {
        const std::size_t length = static_cast<unsigned char>(text_[at_]) < 0x20 ? 0 : decodeUtf8(text_.substr(at_)).length;
        if (length == 0) fail("control character or invalid UTF-8");
        if (decoded) decoded->append(text_.substr(at_, length));
        at_ += length;
      }
    }
    ++at_;
  }

  void escape(std::string* decoded) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    ++at_;
    const char c = peek();
    ++at_;
    if (c == 'u') {
      const char32_t character = unicodeEscape();
      if (decoded) appendUtf8(*decoded, character);
      return;
    }
    const std::size_t i = letters.find(c);
    if (i == std::string_view::npos) fail("bad escape");
    if (decoded) *decoded += meanings[i];
  }

  char32_t unicodeEscape() {
    const char32_t first = hex4();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF || text_.substr(at_, 2) != "\\u") fail("lone surrogate");
    at_ += 2;
    const char32_t second = hex4();
    if (second < 0xDC00 || second > 0xDFFF) fail("lone surrogate");
    return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
  }

  char32_t hex4() {
    char32_t value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = hexValue(peek());
      if (digit < 0) fail("bad escape");
      value = value << 4U | static_cast<char32_t>(digit);
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void refuseRepeatedNames(const std::vector<JsonSlice>& members) {
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const JsonSlice& member : members) names.push_back(member.name);
  std::sort(names.begin(), names.end());
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated != names.end()) failBadResponse("json: the member " + printable(*repeated) + " is there more than once");
}

}  // namespace

std::vector<JsonSlice> topLevelMembers(std::string_view text) {
  std::vector<JsonSlice> members = Scanner{text}.document();
  refuseRepeatedNames(members);
  return members;
}

}  // namespace openapi::codec
