#pragma once

#include <openapi/error.hpp>
#include <openapi/fen.hpp>
#include <openapi/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Checks of parameters before anything is sent. Each throws `Error` with `Errc::invalidArgument` whose message begins
// with the name of the field.
namespace openapi::check {

/// A field that is required and not there.
class MissingField : public Error {
 public:
  MissingField(std::string_view field, const std::string& message) : Error{Errc::invalidArgument, message}, field_{field} {}
  [[nodiscard]] const std::string& field() const { return field_; }

 private:
  std::string field_;
};

/// `missing`, which also names the parameter in `extra` that looks like the missing field.
[[nodiscard]] Error withLikeName(const MissingField& missing, const Fields& extra);

/// Runs `work`, which checks `request`. What is not a field of a request goes to `extra`, a misspelt field too: when a
/// required one is missing, the error says so.
template <class Request, class Work>
auto request(const Request& request, const Work& work) {
  try {
    return work();
  } catch (const MissingField& missing) {
    if constexpr (requires { request.extra; }) {
      throw withLikeName(missing, request.extra);
    } else {
      throw;
    }
  }
}

/// A `problem` that begins with `required` is a `MissingField`.
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
