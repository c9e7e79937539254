#include "codec/multipart.hpp"

#include "codec/ascii.hpp"
#include "codec/fail.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace openapi::codec {
namespace {

constexpr std::size_t maxParts = 100;
constexpr std::size_t maxHeaderBytes = 4096;
constexpr std::string_view crlf = "\r\n";

[[noreturn]] void fail(const std::string& what) { failBadResponse("the multipart form is malformed: " + what); }

bool isTokenCharacter(char c) {
  constexpr std::string_view separators = "()<>@,;:\\\"/[]?={} \t";
  return c > ' ' && c < '\x7f' && separators.find(c) == std::string_view::npos;
}

void skipBlanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

std::string_view takeToken(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && isTokenCharacter(text[length])) ++length;
  const auto token = text.substr(0, length);
  text.remove_prefix(length);
  return token;
}

std::string takeQuoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escaped) ++i;
    if (static_cast<unsigned char>(text[i]) < ' ') break;
    value += text[i];
  }
  fail("a quoted text does not end");
}

/// `value; name=text; other="quoted"`.
struct Parameters {
  std::string_view value{};
  std::vector<std::pair<std::string_view, std::string>> items{};

  [[nodiscard]] const std::string* find(std::string_view name) const {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const auto& item) { return equalIgnoringCase(item.first, name); });
    return found == items.end() ? nullptr : &found->second;
  }
};

Parameters parametersOf(std::string_view text) {
  Parameters result;
  const auto end = text.find(';');
  result.value = text.substr(0, end);
  while (!result.value.empty() && result.value.back() == ' ') result.value.remove_suffix(1);
  text.remove_prefix(std::min(end, text.size()));
  while (!text.empty()) {
    text.remove_prefix(1);
    skipBlanks(text);
    const auto name = takeToken(text);
    if (name.empty() || !text.starts_with('=')) fail("a parameter has no value");
    text.remove_prefix(1);
    auto value = text.starts_with('"') ? takeQuoted(text) : std::string{takeToken(text)};
    if (result.find(name) != nullptr) fail("a parameter is repeated");
    result.items.emplace_back(name, std::move(value));
    skipBlanks(text);
    if (!text.empty() && text.front() != ';') fail("a parameter is followed by something else");
  }
  return result;
}

std::string boundaryOf(std::string_view contentType) {
  const auto parameters = parametersOf(contentType);
  if (!equalIgnoringCase(parameters.value, "multipart/form-data")) fail("the content type is not multipart/form-data");
  const auto* boundary = parameters.find("boundary");
  const auto acceptable = [](char c) { return c >= ' ' && c < '\x7f'; };
  const bool good = boundary != nullptr && !boundary->empty() && boundary->size() <= 70 && boundary->back() != ' ' &&
                    std::all_of(boundary->begin(), boundary->end(), acceptable);
  if (!good) fail("there is no usable boundary");
  return *boundary;
}

void readDisposition(MultipartPart& part, std::string_view value) {
  const auto parameters = parametersOf(value);
  if (!equalIgnoringCase(parameters.value, "form-data")) fail("a part is no form-data");
  const auto* name = parameters.find("name");
  if (name == nullptr || name->empty()) fail("a part has no name");
  part.name = *name;
  if (const auto* filename = parameters.find("filename")) part.filename = *filename;
}

MultipartPart readHeader(std::string_view header) {
  MultipartPart part;
  while (!header.empty()) {
    const auto end = std::min(header.find(crlf), header.size());
    auto line = header.substr(0, end);
    header.remove_prefix(std::min(end + crlf.size(), header.size()));
    const auto name = takeToken(line);
    if (name.empty() || !line.starts_with(':')) fail("a line of a part's header has no name");
    line.remove_prefix(1);
    skipBlanks(line);
    if (equalIgnoringCase(name, "Content-Disposition")) {
      if (!part.name.empty()) fail("a part has two dispositions");
      readDisposition(part, line);
    } else if (equalIgnoringCase(name, "Content-Type")) {
      part.contentType = std::string{line};
    }
  }
  if (part.name.empty()) fail("a part has no name");
  return part;
}

}  // namespace

std::vector<MultipartPart> parseMultipart(std::string_view contentType, std::string_view body) {
  const auto delimiter = std::string{crlf} + "--" + boundaryOf(contentType);
  const auto first = std::string_view{delimiter}.substr(crlf.size());
  if (!body.starts_with(first)) fail("it does not begin with its boundary");
  body.remove_prefix(first.size());
  std::vector<MultipartPart> parts;
  while (!body.starts_with("--")) {
    if (!body.starts_with(crlf)) fail("a boundary is followed by something else");
    if (parts.size() == maxParts) fail("it has too many parts");
    body.remove_prefix(crlf.size());
    const auto headerEnd = body.substr(0, maxHeaderBytes).find("\r\n\r\n");
    if (headerEnd == std::string_view::npos) fail("a part's header is too long or does not end");
    auto part = readHeader(body.substr(0, headerEnd));
    body.remove_prefix(headerEnd + 2);  // the empty line's CRLF may belong to the next boundary
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) fail("it ends before its last boundary");
    part.content = end == 0 ? std::string_view{} : body.substr(2, end - 2);
    parts.push_back(std::move(part));
    body.remove_prefix(end + delimiter.size());
  }
  body.remove_prefix(2);
  if (!body.empty() && body != crlf) fail("something follows its last boundary");
  return parts;
}

}  // namespace openapi::codec
