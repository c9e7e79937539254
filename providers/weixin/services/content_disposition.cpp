#include <weixin/services/content_disposition.hpp>

#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/text.hpp>
#include <platform_text.hpp>

#include <algorithm>

namespace openapi::weixin {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// A text in quotes from the front of `rest`; none without the closing quote.
std::optional<std::string> takeQuoted(std::string_view& rest) {
  std::string value;
  for (rest.remove_prefix(1); !rest.empty() && rest.front() != '"'; rest.remove_prefix(1)) {
    if (rest.starts_with("\\\"") || rest.starts_with("\\\\")) rest.remove_prefix(1);
    value += rest.front();
  }
  if (rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  return value;
}

struct Parameter {
  std::string name{};
  std::optional<std::string> value{};
};

/// One parameter from the front of `rest`, and the semicolon behind it.
Parameter takeParameter(std::string_view& rest) {
  Parameter parameter;
  const auto nameEnd = (std::min)(rest.find_first_of("=;"), rest.size());
  parameter.name = codec::lowerCase(trimmed(rest.substr(0, nameEnd)));
  rest.remove_prefix(nameEnd);
  if (rest.starts_with('=')) {
    rest.remove_prefix(1);
    rest.remove_prefix((std::min)(rest.find_first_not_of(blanks), rest.size()));
    if (rest.starts_with('"')) {
      parameter.value = takeQuoted(rest);
    } else {
      parameter.value = std::string{trimmed(rest.substr(0, rest.find(';')))};
    }
  }
  rest.remove_prefix((std::min)(rest.find(';'), rest.size()));
  if (!rest.empty()) rest.remove_prefix(1);
  return parameter;
}

/// `utf-8''%E6%B5%8B.jpg` (RFC 8187).
std::optional<std::string> extendedValue(std::string_view text) {
  const auto charsetEnd = text.find('\'');
  if (charsetEnd == std::string_view::npos || codec::lowerCase(text.substr(0, charsetEnd)) != "utf-8") return std::nullopt;
  const auto languageEnd = text.find('\'', charsetEnd + 1);
  if (languageEnd == std::string_view::npos) return std::nullopt;
  auto value = codec::percentDecoded(text.substr(languageEnd + 1));
  return value && codec::isUtf8(*value) ? value : std::nullopt;
}

std::optional<std::string> plainName(const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  const auto name = platformText(std::string_view{*path}.substr(path->find_last_of("/\\") + 1));
  const auto shown = trimmed(name);
  if (shown.find_first_not_of('.') == std::string_view::npos) return std::nullopt;
  return std::string{shown};
}

}  // namespace

std::optional<std::string> fileNameIn(std::string_view disposition) {
  std::optional<std::string> plain;
  std::optional<std::string> extended;
  static_cast<void>(takeParameter(disposition));  // `attachment`
  while (!disposition.empty()) {
    const auto parameter = takeParameter(disposition);
    if (!parameter.value) continue;
    if (parameter.name == "filename" && !plain) plain = plainName(parameter.value);
    if (parameter.name == "filename*" && !extended) extended = plainName(extendedValue(*parameter.value));
  }
  return extended ? extended : plain;
}

}  // namespace openapi::weixin
