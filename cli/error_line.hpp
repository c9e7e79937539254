#pragma once

#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <string>
#include <string_view>

namespace openapi::cli {

/// A failure that the providers do not know of: nobody can say how far the call came.
[[nodiscard]] Error unknownOutcome(Errc code, const std::string& message);

/// What that line says.
[[nodiscard]] Fields errorFields(const Error& error, std::string_view provider, std::string_view method);

/// The one line of JSON that a failed call prints, without the line break.
[[nodiscard]] std::string errorLine(const Error& error, std::string_view provider, std::string_view method);

}  // namespace openapi::cli
