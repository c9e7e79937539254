#include <samples/bmob-admin/exchange.hpp>
#include <samples/bmob-admin/target.hpp>

#include <codec/ascii.hpp>
#include <codec/text.hpp>

#include <algorithm>
#include <charconv>

namespace bmob_admin {
namespace {

constexpr std::int64_t maxLimit = 1000;
constexpr auto badLimit = "limit: expected a number from 1 to 1000, or 0 with count=1";
constexpr std::int64_t maxSkip = 1'000'000'000;

[[noreturn]] void refuse(const std::string& text) { throw Refusal{errorAnswer(400, text)}; }

/// `text` percent-decoded once; no value when an escape is cut or has other digits.
std::optional<std::string> decoded(std::string_view text, bool plusIsSpace) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const int high = openapi::codec::hexValue(text[at + 1]);
      const int low = openapi::codec::hexValue(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      out += plusIsSpace && text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

std::string decodedPart(std::string_view part) {
  auto text = decoded(part, false);
  if (!text) refuse("the path has a bad percent escape");
  const bool hasControl = std::any_of(text->begin(), text->end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  if (hasControl || !openapi::codec::isUtf8(*text)) refuse("the path is no text");
  return *text;
}

std::int64_t numberOf(std::string_view name, std::string_view text, std::int64_t max) {
  std::int64_t value = -1;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < 0 || value > max) {
    if (name == "limit") refuse(badLimit);
    refuse(std::string{name} + ": expected a number from 0 to " + std::to_string(max));
  }
  return value;
}

void take(Page& page, std::string_view name, std::string_view value) {
  if (name == "limit") page.limit = numberOf(name, value, maxLimit);
  if (name == "skip") page.skip = numberOf(name, value, maxSkip);
  if (name == "count") page.count = numberOf(name, value, 1) == 1;
}

}  // namespace

Target readTarget(std::string_view target) {
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos) {
    refuse("the target of the request is not a path of this service");
  }
  Target result;
  const auto mark = target.find('?');
  if (mark != std::string_view::npos) result.query = std::string{target.substr(mark + 1)};
  auto path = target.substr(1, mark == std::string_view::npos ? mark : mark - 1);
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    const auto slash = path.find('/');
    result.path.push_back(decodedPart(path.substr(0, slash)));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return result;
}

Page readPage(std::string_view query) {
  Page page;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto parameter = query.substr(0, end);
    const auto equals = parameter.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
    const auto plain = decoded(value, true);
    take(page, parameter.substr(0, equals), plain ? *plain : "%");
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  if (page.limit == 0 && !page.count) refuse(badLimit);
  return page;
}

bool isObjectId(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace bmob_admin
