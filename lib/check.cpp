#include <check.hpp>

#include <openapi/error.hpp>

#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <near_name.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <vector>

namespace openapi::check {

namespace {

bool contains(std::string_view choices, std::string_view value) {
  while (!choices.empty()) {
    const auto end = choices.find(' ');
    if (choices.substr(0, end) == value) return true;
    if (end == std::string_view::npos) return false;
    choices.remove_prefix(end + 1);
  }
  return false;
}

bool isUtf8Throughout(const Json& value) {
  if (const auto* text = value.string()) return codec::isUtf8(*text);
  if (const auto* array = value.array()) return std::all_of(array->begin(), array->end(), isUtf8Throughout);
  if (const auto* object = value.object()) {
    return std::all_of(object->begin(), object->end(),
                       [](const Field& item) { return codec::isUtf8(item.name) && isUtf8Throughout(item.value); });
  }
  return true;
}

}  // namespace

void invalid(std::string_view field, std::string_view problem) {
  std::string message{field};
  message += problem == "required" ? " " : ": ";
  message += problem;
  if (problem.starts_with("required")) throw MissingField{field, message};
  throw Error{Errc::invalidArgument, message};
}

Error withLikeName(const MissingField& missing, const Fields& extra) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : extra) names.emplace_back(name);
  const auto like = nearName(missing.field(), names);
  if (like.empty()) return missing;
  return Error{Errc::invalidArgument,
               std::string{missing.what()} + "; there is " + std::string{like} + ": did you mean " + missing.field() + "?",
               missing.details()};
}

void text(std::string_view field, std::string_view value, std::size_t maxCharacters) {
  if (value.empty()) invalid(field, "required");
  if (!codec::isUtf8(value)) invalid(field, "not valid UTF-8");
  if (codec::codePoints(value) > maxCharacters) {
    invalid(field, "longer than " + std::to_string(maxCharacters) + " characters");
  }
}

void optionalText(std::string_view field, const std::optional<std::string>& value, std::size_t maxCharacters) {
  if (value) text(field, *value, maxCharacters);
}

void number(std::string_view field, std::string_view value, std::size_t maxLength, std::string_view otherCharacters) {
  if (value.empty()) invalid(field, "required");
  if (value.size() > maxLength) invalid(field, "longer than " + std::to_string(maxLength) + " characters");
  const auto allowed = [&](char c) { return codec::isAlphanumeric(c) || otherCharacters.find(c) != std::string_view::npos; };
  if (!std::all_of(value.begin(), value.end(), allowed)) {
    invalid(field, "only letters, digits and " + std::string{otherCharacters} + " are allowed");
  }
}

void amount(std::string_view field, Fen value, Fen max) {
  if (value < Fen{1}) invalid(field, value == Fen{} ? "required, at least 1 fen" : "must be at least 1 fen");
  if (value > max) invalid(field, "more than the platform takes (" + max.yuan() + " yuan)");
}

void oneOf(std::string_view field, std::string_view value, std::string_view choices) {
  if (!contains(choices, value)) invalid(field, "must be one of: " + std::string{choices});
}

void url(std::string_view field, std::string_view value, std::size_t maxLength) {
  if (value.empty()) invalid(field, "required");
  if (value.size() > maxLength) invalid(field, "longer than " + std::to_string(maxLength) + " characters");
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view{value.data(), value.size()});
  if (!parsed || (parsed->scheme() != "https" && parsed->scheme() != "http") || parsed->host().empty()) {
    invalid(field, "must be an absolute http or https URL");
  }
}

void extra(const Fields& parameters) {
  for (const auto& [name, value] : parameters) {
    if (!codec::isUtf8(name)) invalid("extra", "a name in it is not valid UTF-8");
    if (!isUtf8Throughout(value)) invalid(name, "not valid UTF-8");
  }
}

}  // namespace openapi::check
