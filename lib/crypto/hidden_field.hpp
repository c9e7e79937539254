#pragma once

#include <span>
#include <string_view>

namespace openapi::crypto {

/// The name among `names` that stands in `value` as `&name=`, or an empty text. Signed texts are fields joined without any
/// escape: `attach=x&mch_id=1` is one field or two. Whoever chooses a value that holds the next fields, and sees one signature,
/// can cut the same text into other fields.
[[nodiscard]] std::string_view hiddenField(std::string_view value, std::span<const std::string_view> names);

}  // namespace openapi::crypto
