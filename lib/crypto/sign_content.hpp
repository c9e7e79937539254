#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace openapi::crypto {

using NamedValue = std::pair<std::string_view, std::string_view>;

/// `a=1&b=2`: values raw, names in byte order. `fields` is sorted in place; fields with an empty value are left
/// out when `skipEmpty` says so.
[[nodiscard]] std::string signContent(std::span<NamedValue> fields, bool skipEmpty);

}  // namespace openapi::crypto
