#include <bmob/names.hpp>

#include <check.hpp>
#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <platform_text.hpp>
#include <stamp.hpp>

#include <algorithm>

namespace openapi::bmob::names {

namespace {

constexpr std::size_t maxName = 128;
constexpr std::size_t maxList = 4096;
constexpr std::size_t maxId = 64;
constexpr std::size_t maxFileName = 255;
constexpr std::size_t maxToken = 512;

bool isNamePart(char c) { return codec::isAlphanumeric(c) || c == '_'; }

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= maxName && codec::isLetter(text.front()) &&
         std::all_of(text.begin(), text.end(), isNamePart);
}

bool isColumn(std::string_view text) {
  if (text.size() > maxName) return false;
  const auto dot = text.find('.');
  if (!isName(text.substr(0, dot))) return false;
  if (dot == std::string_view::npos) return true;
  bool afterDot = true;
  for (const char c : text.substr(dot + 1)) {
    if (c != '.' && !isNamePart(c)) return false;
    if (c == '.' && afterDot) return false;
    afterDot = c == '.';
  }
  return !afterDot;
}

void requireSome(std::string_view field, std::string_view value) {
  if (value.empty()) check::invalid(field, "required");
}

[[noreturn]] void noName(std::string_view field, std::string_view value, const std::string& what) {
  check::invalid(field, "'" + platformText(value.substr(0, maxName)) + "' is no name of a " + what +
                            ": letters, digits and _, a letter first");
}

}  // namespace

void className(std::string_view field, std::string_view value) {
  requireSome(field, value);
  if (!isName(value.starts_with('_') ? value.substr(1) : value)) noName(field, value, "table");
}

void column(std::string_view field, std::string_view value) {
  requireSome(field, value);
  if (!isColumn(value)) noName(field, value, "column");
}

void resultColumn(std::string_view field, std::string_view value) {
  requireSome(field, value);
  if (!isColumn(value.starts_with('_') ? value.substr(1) : value)) check::invalid(field, "must be a column such as _sumScore");
}

void columns(std::string_view field, const std::optional<std::string>& value) {
  if (!value) return;
  requireSome(field, *value);
  constexpr std::string_view marks = ",-.[]|";
  const auto fits = [&](char c) { return isNamePart(c) || marks.find(c) != std::string_view::npos; };
  if (value->size() > maxList || !std::all_of(value->begin(), value->end(), fits)) {
    check::invalid(field, "must be names of columns with commas between them");
  }
}

void objectId(std::string_view field, std::string_view value) { word(field, value, maxId); }

void word(std::string_view field, std::string_view value, std::size_t maxLength) {
  requireSome(field, value);
  const auto fits = [](char c) { return isNamePart(c) || c == '-'; };
  if (value.size() > maxLength || !std::all_of(value.begin(), value.end(), fits)) {
    check::invalid(field, "must be 1 to " + std::to_string(maxLength) + " letters, digits, _ or -");
  }
}

void fileName(std::string_view field, std::string_view value) {
  requireSome(field, value);
  if (!codec::isUtf8(value)) check::invalid(field, "not valid UTF-8");
  if (value.size() > maxFileName) check::invalid(field, "longer than 255 bytes");
  const auto isBad = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F || c == '/' || c == '\\'; };
  if (value == "." || value == ".." || std::any_of(value.begin(), value.end(), isBad)) {
    check::invalid(field, "must be a file's name without folders or control characters");
  }
}

void sessionToken(const std::optional<std::string>& value) {
  if (!value) return;
  const auto fits = [](char c) { return c > 0x20 && c < 0x7F; };
  if (value->size() > maxToken || !std::all_of(value->begin(), value->end(), fits)) {
    check::invalid("sessionToken", "must be a token as a login gives it");
  }
}

void phoneNumber(std::string_view value) {
  requireSome("mobilePhoneNumber", value);
  if (value.size() > 20 || !codec::allDigits(value)) {
    check::invalid("mobilePhoneNumber", "must be digits only");
  }
}

void time(std::string_view field, const std::optional<std::string>& value) {
  if (!value) return;
  std::chrono::system_clock::time_point ignored;
  if (value->size() != 19 || !parseGmt8(*value, ignored)) check::invalid(field, "must be a time as YYYY-MM-DD HH:mm:ss");
}

void data(std::string_view field, const Fields& data) {
  check::extra(data);
  for (const auto& [name, value] : data) {
    if (!isColumn(name)) noName(field, name, "column");
  }
}

void conditions(std::string_view field, const std::optional<Json>& value) {
  if (!value) return;
  if (value->object() == nullptr) check::invalid(field, "must be an object, got " + std::string{value->kind()});
  check::extra(*value->object());
}

void range(std::string_view field, std::optional<std::int64_t> value, std::int64_t least, std::int64_t most) {
  if (!value || (*value >= least && *value <= most)) return;
  check::invalid(field, "must be " + std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace openapi::bmob::names
