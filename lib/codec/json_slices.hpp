#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openapi::codec {

/// One member of a JSON object: its decoded name, and the bytes of its value as they stand in the text.
struct JsonSlice {
  std::string name;
  std::string_view value;  ///< from the first to the last byte of the value, braces or quotes included
};

/// The members of the outer object of `text`, whose values stay unparsed. The whole text must be one
/// well-formed JSON object (nested values are checked too) of at most 64 levels, without a repeated name at the
/// top. Throws `Error` with `Errc::badResponse`.
[[nodiscard]] std::vector<JsonSlice> topLevelMembers(std::string_view text);

}  // namespace openapi::codec
