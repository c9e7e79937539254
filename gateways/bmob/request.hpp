#pragma once

#include <gateways/bmob/context.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// Percent-decoded once, `+` as it is. No value for a bad escape or bytes that are not UTF-8.
[[nodiscard]] std::optional<std::string> percentDecoded(std::string_view text);

/// The parts of a path between its slashes, decoded; trailing and repeated slashes are nothing. No value when one cannot be
/// decoded.
[[nodiscard]] std::optional<std::vector<std::string>> pathParts(std::string_view path);

/// The parameters of a query. Refuses with 107 what is no form or no UTF-8.
[[nodiscard]] codec::FormFields queryOf(std::string_view text);

/// Reads a JSON object that a client sent. Refuses with 107: other values, more than 64 levels, repeated names, a text with a
/// zero character, more than `maxJsonBytes`.
[[nodiscard]] Json readObject(std::string_view text);
inline constexpr std::size_t maxJsonBytes = 4 * 1024 * 1024;

/// Whether a zero character stands in a name or text. SQLite would see the part before it only.
[[nodiscard]] bool hasZero(const Json& value);

/// The body of a POST or PUT as an object; null when there is none. Refuses with 107 another content type than JSON.
[[nodiscard]] Json jsonBodyOf(const Request& request);

[[nodiscard]] bool isMultipart(std::string_view contentType);

/// The keys in a body of the older SDKs, which send a POST with text/plain for everything, and with uploads a form.
struct Tunnelled {
  std::string applicationId{};
  std::string restApiKey{};
  std::string masterKey{};
  std::string sessionToken{};
  std::string method{};       ///< `POST` unless the body names another
  codec::FormFields query{};  ///< of a GET
  Json body{};                ///< null when it is a form
};

/// No value when the body is no such object or form.
[[nodiscard]] std::optional<Tunnelled> tunnelledRequest(const Request& request);
/// The keys in a form of old mini-program SDKs, which upload files with them beside the file. No value when there are none.
[[nodiscard]] std::optional<Tunnelled> keysInForm(const Request& request);

}  // namespace openapi::gateway::bmob
