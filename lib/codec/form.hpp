#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace openapi::codec {

using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Reads `application/x-www-form-urlencoded` bytes: split at `&`, then at the first `=`; `+` is a space;
/// percent-decoded exactly once, to bytes. Order is kept. Refused: a repeated name, a bad escape, an empty name,
/// more than 1,000 fields or 1 MiB. Throws `Error` with `Errc::badResponse` that names the field.
[[nodiscard]] FormFields parseForm(std::string_view body);

/// Appends `text` percent-encoded: unreserved characters of RFC 3986 as they are, everything else `%XX`.
void appendPercentEncoded(std::string& out, std::string_view text);

/// `a=1&b=2`, percent-encoded, in the order given.
[[nodiscard]] std::string writeForm(const FormFields& fields);

}  // namespace openapi::codec
