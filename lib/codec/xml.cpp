#include "codec/xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <map>
#include <openapi/error.hpp>
#include <openapi/json.hpp>
#include <pugixml.hpp>

#include "codec/ascii.hpp"
#include "codec/fail.hpp"
#include "codec/utf8.hpp"

namespace openapi::codec {
namespace {

// What a byte may be, wherever it stands.
constexpr unsigned char nameStart = 1;   ///< begins a name
constexpr unsigned char nameByte = 2;    ///< continues a name
constexpr unsigned char plainText = 4;   ///< stands in text without a closer look
constexpr unsigned char plainCdata = 8;  ///< stands in a CDATA section or comment without a closer look
constexpr unsigned char space = 16;

constexpr std::array<unsigned char, 256> byteClasses = [] {
  std::array<unsigned char, 256> table{};
  const auto add = [&table](int from, int to, unsigned char kind) {
    for (int c = from; c <= to; ++c) table[static_cast<unsigned char>(c)] |= kind;
  };
  add('a', 'z', nameStart | nameByte);
  add('A', 'Z', nameStart | nameByte);
  add('_', '_', nameStart | nameByte);
  add(':', ':', nameStart | nameByte);
  add('0', '9', nameByte);
  add('-', '.', nameByte);
  add(0x20, 0x7F, plainText | plainCdata);
  for (const char c : {' ', '\t', '\r', '\n'}) add(c, c, space | plainText | plainCdata);
  for (const char c : {'<', '&', ']'}) table[static_cast<unsigned char>(c)] &= static_cast<unsigned char>(~plainText);
  for (const char c : {']', '-'}) table[static_cast<unsigned char>(c)] &= static_cast<unsigned char>(~plainCdata);
  return table;
}();

bool is(char c, unsigned char kind) { return (byteClasses[static_cast<unsigned char>(c)] & kind) != 0; }

/// XML 1.0, production 2, but for the control characters below the blank, which only tab, CR and LF pass.
bool isLegal(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// Production 4, beyond ASCII.
bool isWideNameStart(char32_t c) {
  constexpr std::pair<char32_t, char32_t> ranges[] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
                                                      {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                                      {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

/// Production 4a, beyond ASCII.
bool isWideNameByte(char32_t c) {
  return isWideNameStart(c) || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

/// The length of the XML name at the start of `text`, 0 when there is none.
std::size_t nameLength(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      if (!is(text[i], i == 0 ? nameStart : nameByte)) break;
      ++i;
    } else {
      const CodePoint c = decodeUtf8(text.substr(i));
      if (c.length == 0 || !(i == 0 ? isWideNameStart(c.value) : isWideNameByte(c.value))) break;
      i += c.length;
    }
  }
  return i;
}

[[noreturn]] void failXml(const std::string& what) { failBadResponse("xml: " + what); }

std::string tag(std::string_view name) { return "<" + printable(name) + ">"; }

/// The strict pass over the parts of a document: looks at each byte once, and fails where something else stands than it should.
class Scanner {
 protected:
  Scanner(std::string_view text, std::string_view root) : at_{text.data()}, end_{text.data() + text.size()}, root_{root} {}

  /// Up to and with the tag that opens the root.
  void openRoot() {
    declaration();
    skipSpace();
    const std::string_view name = openTag();
    if (name != root_) failXml("unexpected root " + tag(name) + ", expected " + tag(root_));
  }

  /// What follows the root.
  void finish() {
    skipSpace();
    if (at_ != end_) failXml("data after the end of " + tag(root_));
  }

  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  [[nodiscard]] bool startsWith(std::string_view text) const { return rest().starts_with(text); }

  bool skip(std::string_view text) {
    if (!startsWith(text)) return false;
    at_ += text.size();
    return true;
  }

  bool skip(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool skipSpace() {
    const char* start = at_;
    while (at_ != end_ && is(*at_, space)) ++at_;
    return at_ != start;
  }

  std::string_view name() {
    const char* start = at_;
    if (at_ != end_ && is(*at_, nameStart)) {
      do ++at_;
      while (at_ != end_ && is(*at_, nameByte));
    }
    if (at_ == end_ || static_cast<unsigned char>(*at_) < 0x80) return {start, static_cast<std::size_t>(at_ - start)};
    at_ = start;
    const std::size_t length = nameLength(rest());
    at_ += length;
    return {start, length};
  }

  /// A pseudo-attribute of the declaration: its value, when it is called `wanted`.
  std::string_view pseudoAttribute(std::string_view wanted) {
    const char* start = at_;
    if (!skipSpace() || !skip(wanted)) {
      at_ = start;
      return {};
    }
    skipSpace();
    if (!skip("=")) failXml("malformed declaration");
    skipSpace();
    const char quote = at_ == end_ ? '\0' : *at_;
    if (quote != '"' && quote != '\'') failXml("malformed declaration");
    ++at_;
    const std::string_view value = rest().substr(0, rest().find(quote));
    if (value.empty() || value.size() == rest().size()) failXml("malformed declaration");
    at_ += value.size() + 1;
    return value;
  }

  void declaration() {
    if (!startsWith("<?xml") || at_ + 5 == end_ || !is(at_[5], space)) return;
    at_ += 5;
    if (pseudoAttribute("version") != "1.0") failXml("the declaration does not say version 1.0");
    const std::string encoding = lowerCase(pseudoAttribute("encoding"));
    if (!encoding.empty() && encoding != "utf-8" && encoding != "utf8") failXml("the declared encoding is not UTF-8");
    const std::string_view standalone = pseudoAttribute("standalone");
    if (!standalone.empty() && standalone != "yes" && standalone != "no") failXml("malformed declaration");
    skipSpace();
    if (!skip("?>")) failXml("malformed declaration");
  }

  /// Reads `<name>`, `<name/>`; the cursor is at what should be `<`.
  std::string_view openTag() {
    if (at_ == end_ || *at_ != '<') failXml("expected tag" + where());
    if (end_ - at_ > 1 && at_[1] == '!') failMarkup();
    if (end_ - at_ > 1 && at_[1] == '?') failXml("a processing instruction is not allowed" + where());
    ++at_;
    const std::string_view found = name();
    if (found.empty()) failXml("expected tag: bad name" + where());
    const bool blanks = skipSpace();
    selfClosing_ = at_ != end_ && *at_ == '/';
    if (selfClosing_) ++at_;
    if (at_ == end_) failXml("the text ends in the tag " + tag(found));
    if (*at_ != '>') {
      failXml(blanks && !selfClosing_ ? "an attribute of " + tag(found) + " is not allowed" : "malformed tag " + tag(found));
    }
    ++at_;
    return found;
  }

  void closeTag(std::string_view opened) {
    const char* start = at_;
    if (skip(opened)) {
      skipSpace();
      if (skip('>')) return;
    }
    at_ = start;
    const std::string_view found = name();
    if (found != opened) failXml("end tag </" + printable(found) + "> where </" + printable(opened) + "> is due");
    failXml("malformed end tag </" + printable(opened) + ">");
  }

  /// Text up to the next `<` or the end; says whether it is only blanks.
  bool text() {
    bool blanks = true;
    while (at_ != end_) {
      const char* start = at_;
      skipSpace();
      if (at_ != end_ && is(*at_, plainText)) {
        blanks = false;
        do ++at_;
        while (at_ != end_ && is(*at_, plainText));
      }
      if (at_ == end_ || *at_ == '<') break;
      if (at_ != start) continue;
      blanks = false;
      if (*at_ == '&') {
        reference();
      } else if (*at_ == ']') {
        if (startsWith("]]>")) failXml("']]>' in the text of " + tag(field_));
        ++at_;
      } else {
        wideCharacter();
      }
    }
    return blanks;
  }

  void cdata() {
    while (true) {
      skipPlainCdata();
      if (skip("]]>")) return;
      stepInside("CDATA section");
    }
  }

  void comment() {
    at_ += 4;
    while (true) {
      skipPlainCdata();
      if (skip("-->")) return;
      if (startsWith("--")) failXml("'--' in a comment" + where());
      stepInside("comment");
    }
  }

  void skipPlainCdata() {
    while (at_ != end_ && is(*at_, plainCdata)) ++at_;
  }

  /// Over one character that is not plain in a CDATA section or comment.
  void stepInside(const char* part) {
    if (at_ == end_) failXml(std::string{"a "} + part + " without an end" + where());
    if (*at_ == ']' || *at_ == '-') {
      ++at_;
    } else {
      wideCharacter();
    }
  }

  void wideCharacter() {
    const CodePoint c = decodeUtf8(rest());
    if (c.length == 0) failXml("invalid UTF-8" + where());
    if (!isLegal(c.value)) failXml("a control character" + where());
    at_ += c.length;
  }

  void reference() {
    constexpr std::string_view entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (const std::string_view entity : entities) {
      if (skip(entity)) return;
    }
    if (!skip("&#")) failXml("an unknown entity" + where());
    const bool hex = skip("x");
    char32_t value = 0;
    bool digits = false;
    for (; at_ != end_ && *at_ != ';'; ++at_) {
      const int digit = digitOf(*at_, hex);
      if (digit < 0) failXml("a malformed character reference" + where());
      value = value * (hex ? 16 : 10) + static_cast<char32_t>(digit);
      if (value > 0x10FFFF) failXml("a reference to no character" + where());
      digits = true;
    }
    if (!digits || at_ == end_) failXml("a malformed character reference" + where());
    if (!isLegal(value)) failXml("a reference to a control character" + where());
    ++at_;
  }

  static int digitOf(char c, bool hex) {
    const int digit = hexValue(c);
    return hex || digit < 10 ? digit : -1;
  }

  [[nodiscard]] std::string where() const { return field_.empty() ? std::string{} : " in the element " + tag(field_); }

  [[noreturn]] void failMarkup() const {
    if (startsWith("<!DOCTYPE")) failXml("a DOCTYPE is not allowed");
    if (startsWith("<![CDATA[")) failXml("expected tag, not a CDATA section");
    if (startsWith("<!--")) failXml("a comment outside " + tag(root_) + " is not allowed");
    failXml("'<!' is not allowed" + where());
  }

  const char* at_;
  const char* end_;
  std::string_view root_;
  std::string_view field_;  ///< the element at the cursor
  bool selfClosing_ = false;
};

/// Says whether a text is a flat document of the allowed kind. pugixml, which is lenient, only ever sees what has passed here.
class Gate : private Scanner {
 public:
  /// Adds the names of the elements to `fields`.
  Gate(std::string_view text, std::string_view root, std::vector<XmlField>& fields) : Scanner{text, root}, fields_{fields} {}

  void check() {
    openRoot();
    if (!selfClosing_) children();
    finish();
  }

  /// Whether an element has text of only blanks beside CDATA sections or comments.
  [[nodiscard]] bool mixedBlanks() const { return mixedBlanks_; }

 private:
  void children() {
    while (true) {
      skipSpace();
      if (skip("</")) return closeTag(root_);
      if (startsWith("<!--")) {
        comment();
        continue;
      }
      if (at_ == end_) failXml("the text ends before </" + printable(root_) + ">");
      field_ = openTag();
      fields_.push_back({field_, {}});
      if (fields_.size() > FlatXml::maxFields) failXml("more than " + std::to_string(FlatXml::maxFields) + " elements");
      if (!selfClosing_) content();
      field_ = {};
    }
  }

  /// The text of a field up to and with its end tag.
  void content() {
    bool onlyBlanks = false;
    bool sections = false;
    while (true) {
      const char* start = at_;
      const bool blanks = text();
      onlyBlanks |= blanks && at_ != start;
      if (at_ == end_) failXml("the text ends in the element " + tag(field_));
      // The cursor is at '<'.
      const char next = end_ - at_ > 1 ? at_[1] : '\0';
      if (next == '/') {
        at_ += 2;
        closeTag(field_);
        mixedBlanks_ |= onlyBlanks && sections;
        return;
      }
      if (next != '!') failNested();
      sections = true;
      if (skip("<![CDATA[")) {
        cdata();
      } else if (startsWith("<!--")) {
        comment();
      } else {
        failMarkup();
      }
    }
  }

  [[noreturn]] void failNested() {
    if (end_ - at_ > 1 && at_[1] == '?') failXml("a processing instruction is not allowed" + where());
    ++at_;
    const std::string_view inner = name();
    if (inner.empty()) failXml("a bare '<'" + where());
    failXml("nested element " + tag(inner) + where());
  }

  bool mixedBlanks_ = false;
  std::vector<XmlField>& fields_;
};

/// Appends what the reference `&name;`, which was checked, stands for.
void appendReference(std::string& out, std::string_view name) {
  constexpr std::pair<std::string_view, char> entities[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [entity, character] : entities) {
    if (name == entity) {
      out += character;
      return;
    }
  }
  const bool hex = name.starts_with("#x");
  std::uint32_t value = 0;
  std::from_chars(name.data() + (hex ? 2 : 1), name.data() + name.size(), value, hex ? 16 : 10);
  appendUtf8(out, value);
}

/// Appends text, or the inside of a CDATA section, that was checked: line ends as XML wants them, references decoded.
void appendDecoded(std::string& out, std::string_view checked, bool references) {
  while (!checked.empty()) {
    const std::size_t plain = std::min(checked.find_first_of(references ? "\r&" : "\r"), checked.size());
    out += checked.substr(0, plain);
    checked.remove_prefix(plain);
    if (checked.empty()) return;
    std::size_t used = 1;
    if (checked.front() == '&') {
      used = checked.find(';') + 1;
      appendReference(out, checked.substr(1, used - 2));
    } else {
      used = checked.starts_with("\r\n") ? 2 : 1;
      out += '\n';
    }
    checked.remove_prefix(used);
  }
}

/// Reads a document of any depth up to the limit.
class TreeReader : private Scanner {
 public:
  TreeReader(std::string_view text, std::string_view root) : Scanner{text, root} {}

  Json read() {
    openRoot();
    Json root = selfClosing_ ? Json{Fields{}} : content(root_, 1);
    finish();
    if (root.object() != nullptr) return root;
    if (root.string()->find_first_not_of(" \t\r\n") != std::string::npos)
      failXml("text where the elements of " + tag(root_) + " are due");
    return Fields{};
  }

 private:
  using Child = std::pair<std::string_view, Json>;

  /// What stands in the element `name`, up to and with its end tag.
  Json content(std::string_view name, std::size_t level) {
    std::string decoded;
    bool onlyBlanks = true;
    std::vector<Child> children;
    while (true) {
      field_ = name;
      const char* start = at_;
      onlyBlanks &= text();
      appendDecoded(decoded, {start, static_cast<std::size_t>(at_ - start)}, true);
      if (at_ == end_) failXml("the text ends in the element " + tag(name));
      if (skip("</")) break;
      if (skip("<![CDATA[")) {
        onlyBlanks = false;
        start = at_;
        cdata();
        appendDecoded(decoded, {start, static_cast<std::size_t>(at_ - start) - sectionEnd}, false);
      } else if (startsWith("<!--")) {
        comment();
      } else {
        children.push_back(child(level + 1));
      }
    }
    closeTag(name);
    if (children.empty()) return decoded;
    if (!onlyBlanks) failXml("text beside the elements in " + tag(name));
    return grouped(std::move(children));
  }

  Child child(std::size_t level) {
    if (level > maxXmlLevels) failXml("more than " + std::to_string(maxXmlLevels) + " levels");
    if (++count_ > FlatXml::maxFields) failXml("more than " + std::to_string(FlatXml::maxFields) + " elements");
    const std::string_view name = openTag();
    if (selfClosing_) return {name, Json{""}};
    return {name, content(name, level)};
  }

  static Fields grouped(std::vector<Child> children) {
    std::map<std::string_view, std::size_t> places;
    std::vector<std::pair<std::string_view, Json::Array>> groups;
    for (auto& [name, value] : children) {
      const auto [place, isNew] = places.try_emplace(name, groups.size());
      if (isNew) groups.push_back({name, {}});
      groups[place->second].second.push_back(std::move(value));
    }
    Fields fields;
    fields.reserve(groups.size());
    for (auto& [name, values] : groups) {
      fields.append(std::string{name}, values.size() == 1 ? std::move(values.front()) : Json{std::move(values)});
    }
    return fields;
  }

  static constexpr std::size_t sectionEnd = std::string_view{"]]>"}.size();
  std::size_t count_ = 0;
};

/// The text of `element`, its parts joined in `buffer`, where pugixml has decoded them.
std::string_view joinedText(const pugi::xml_node& element, std::vector<char>& buffer) {
  pugi::xml_node part = element.first_child();
  if (!part) return {};
  const std::string_view first{part.value()};
  part = part.next_sibling();
  if (!part) return first;
  char* const start = buffer.data() + (first.data() - buffer.data());
  char* end = start + first.size();
  for (; part; part = part.next_sibling()) {
    const std::size_t size = std::strlen(part.value());
    std::memmove(end, part.value(), size);  // parts stand in the order of the text, so none is overwritten before it is moved
    end += size;
  }
  return {start, static_cast<std::size_t>(end - start)};
}

constexpr std::size_t usualFields = 32;
constexpr unsigned parseFlags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol;

}  // namespace

FlatXml FlatXml::parse(std::string_view text, std::string_view root) {
  if (text.size() > maxBytes) failXml("more than " + std::to_string(maxBytes) + " bytes");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  FlatXml xml;
  xml.buffer_.assign(text.begin(), text.end());
  xml.fields_.reserve(usualFields);
  Gate gate{{xml.buffer_.data(), xml.buffer_.size()}, root, xml.fields_};
  gate.check();
  pugi::xml_document document;
  const unsigned flags = parseFlags | (gate.mixedBlanks() ? pugi::parse_ws_pcdata : pugi::parse_ws_pcdata_single);
  const pugi::xml_parse_result result =
      document.load_buffer_inplace(xml.buffer_.data(), xml.buffer_.size(), flags, pugi::encoding_utf8);
  if (!result) failXml(std::string{"malformed: "} + result.description());
  auto field = xml.fields_.begin();
  for (auto element = document.document_element().first_child(); element; element = element.next_sibling()) {
    const char* const name = element.name();
    if (*name == '\0') continue;  // blanks between the elements
    if (field == xml.fields_.end() || name != field->name.data()) failXml("malformed: the elements cannot be told apart");
    (field++)->value = joinedText(element, xml.buffer_);
  }
  if (field != xml.fields_.end()) failXml("malformed: the elements cannot be told apart");

  const XmlField* repeated = sortByName(xml.fields_);
  if (repeated != nullptr) throw RepeatedElement{"xml: the element " + tag(repeated->name) + " is there more than once"};
  return xml;
}

Json parseXmlTree(std::string_view text, std::string_view root) {
  if (text.size() > FlatXml::maxBytes) failXml("more than " + std::to_string(FlatXml::maxBytes) + " bytes");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return TreeReader{text, root}.read();
}

const XmlField* FlatXml::find(std::string_view name) const { return findField(fields_, name); }

std::string_view FlatXml::value(std::string_view name) const {
  const XmlField* field = find(name);
  return field ? field->value : std::string_view{};
}

namespace {

[[noreturn]] void failWrite(std::string_view name, const char* what) {
  throw Error{Errc::invalidArgument, "xml: " + printable(name) + " " + what};
}

void checkName(std::string_view name) {
  if (name.empty() || nameLength(name) != name.size()) failWrite(name, "is no XML name");
}

void checkValue(std::string_view name, std::string_view value) {
  while (!value.empty()) {
    const CodePoint c = decodeUtf8(value);
    if (c.length == 0) failWrite(name, "is not UTF-8");
    if (!isLegal(c.value)) failWrite(name, "holds a character that XML cannot carry");
    value.remove_prefix(c.length);
  }
}

/// One CDATA section, or several: `]]>` is split, and a carriage return, which a reader would turn into a newline, is a
/// reference.
void appendCdata(std::string& out, std::string_view value) {
  constexpr std::string_view open = "<![CDATA[";
  constexpr std::string_view close = "]]>";
  out += open;
  std::size_t from = 0;
  for (std::size_t at = value.find_first_of("]\r"); at != std::string_view::npos; at = value.find_first_of("]\r", from)) {
    from = at + 1;
    const bool isReturn = value[at] == '\r';
    if (!isReturn && !value.substr(at).starts_with(close)) continue;
    out += value.substr(0, isReturn ? at : at + 2);
    out += close;
    if (isReturn) out += "&#13;";
    out += open;
    value.remove_prefix(isReturn ? at + 1 : at + 2);
    from = 0;
  }
  out += value;
  out += close;
}

}  // namespace

std::string writeXml(std::string_view root, std::span<const std::pair<std::string, std::string>> fields) {
  constexpr std::size_t markup = 2 * sizeof "<></>" + sizeof "<![CDATA[]]>";
  checkName(root);
  std::size_t size = 2 * root.size() + markup;
  for (const auto& [name, value] : fields) size += 2 * name.size() + value.size() + markup;
  std::string out;
  out.reserve(size);
  const auto append = [&out](std::string_view before, std::string_view name) {
    out += before;
    out += name;
    out += '>';
  };
  append("<", root);
  for (const auto& [name, value] : fields) {
    checkName(name);
    checkValue(name, value);
    append("<", name);
    appendCdata(out, value);
    append("</", name);
  }
  append("</", root);
  return out;
}

namespace {

void appendElement(std::string& out, std::string_view name, const Json& value, std::size_t level);

void appendContent(std::string& out, std::string_view name, const Json& value, std::size_t level) {
  if (const auto* fields = value.object()) {
    for (const auto& [inner, item] : *fields) appendElement(out, inner, item, level + 1);
  } else if (const auto* whole = value.integer()) {
    out += std::to_string(*whole);
  } else if (const auto* truth = value.boolean()) {
    out += *truth ? "true" : "false";
  } else {
    const std::string& text = value.string() != nullptr ? *value.string() : value.number()->text;
    checkValue(name, text);
    appendCdata(out, text);
  }
}

void appendElement(std::string& out, std::string_view name, const Json& value, std::size_t level) {
  checkName(name);
  if (level > maxXmlLevels) failWrite(name, "lies deeper than a reader would follow");
  const auto one = [&](const Json& item) {
    if (item.isNull()) return;
    if (item.array() != nullptr) failWrite(name, "is a list in a list, which XML cannot say");
    out.append("<").append(name).append(">");
    appendContent(out, name, item, level);
    out.append("</").append(name).append(">");
  };
  if (const auto* items = value.array()) {
    for (const auto& item : *items) one(item);
  } else {
    one(value);
  }
}

}  // namespace

std::string writeXmlTree(std::string_view root, const Fields& fields) {
  std::string out;
  appendElement(out, root, Json{fields}, 1);
  return out;
}

}  // namespace openapi::codec
