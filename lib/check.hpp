#pragma once

#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Checks of parameters before anything is sent. Each throws `Error` with `Errc::invalidArgument` whose message begins
// with the name of the field.
namespace openapi::check {

[[noreturn]] void invalid(std::string_view field, std::string_view problem);

/// Not empty, valid UTF-8, at most `maxCharacters` code points.
void text(std::string_view field, std::string_view value, std::size_t maxCharacters);
/// The same for a value that may be absent, but not empty.
void optionalText(std::string_view field, const std::optional<std::string>& value, std::size_t maxCharacters);
/// Letters, digits and `otherCharacters`, 1 to `maxLength` of them.
void number(std::string_view field, std::string_view value, std::size_t maxLength, std::string_view otherCharacters);
/// 1 fen to `max`.
void amount(std::string_view field, Fen value, Fen max);
/// One of the values in `choices` (separated by blanks).
void oneOf(std::string_view field, std::string_view value, std::string_view choices);
/// An absolute http or https URL of at most `maxLength` characters.
void url(std::string_view field, std::string_view value, std::size_t maxLength);

/// Every text in it is valid UTF-8; the message names the parameter.
void extra(const Fields& parameters);

}  // namespace openapi::check
