#include <gateways/bmob/names.hpp>

#include <codec/ascii.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxName = 100;
constexpr std::size_t maxDepth = 10;
constexpr std::size_t maxIndexDigits = 6;

bool isWordCharacter(char c) { return codec::isAlphanumeric(c) || c == '_'; }

bool isWord(std::string_view text) {
  return !text.empty() && text.size() <= maxName && std::all_of(text.begin(), text.end(), isWordCharacter);
}

template <std::size_t count>
bool isOneOf(const std::array<std::string_view, count>& names, std::string_view text) {
  return std::find(names.begin(), names.end(), text) != names.end();
}

}  // namespace

bool isName(std::string_view text) { return isWord(text) && codec::isLetter(text.front()); }

bool isSystemClass(std::string_view text) {
  static constexpr std::array<std::string_view, 4> names{"_User", "_Role", "_Installation", "_Article"};
  return isOneOf(names, text);
}

bool isClassName(std::string_view text) { return isName(text) || isSystemClass(text); }

bool isReserved(std::string_view text) {
  // A row with `error` reads as a failure to every client.
  static constexpr std::array<std::string_view, 6> names{"objectId", "createdAt", "updatedAt", "ACL", "sessionToken", "error"};
  return isOneOf(names, text);
}

bool isIndex(std::string_view part) { return !part.empty() && part.size() <= maxIndexDigits && codec::allDigits(part); }

std::vector<std::string> fieldPath(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('.', start), text.size());
    const auto part = text.substr(start, end - start);
    const bool isGood = parts.empty() ? isName(part) : isWord(part);
    if (!isGood || parts.size() == maxDepth) return {};
    parts.emplace_back(part);
    start = end + 1;
  }
  return parts;
}

std::string jsonPath(const std::vector<std::string>& path) {
  std::string text = "$";
  for (const auto& part : path) text += isIndex(part) ? "[" + part + "]" : "." + part;
  return text;
}

}  // namespace openapi::gateway::bmob
