#include "crypto/hidden_field.hpp"

#include <algorithm>

namespace openapi::crypto {

std::string_view hiddenField(std::string_view value, std::span<const std::string_view> names) {
  for (auto at = value.find('&'); at != std::string_view::npos; at = value.find('&')) {
    value.remove_prefix(at + 1);
    const auto standsHere = [value](std::string_view name) {
      return value.starts_with(name) && value.substr(name.size()).starts_with('=');
    };
    const auto found = std::find_if(names.begin(), names.end(), standsHere);
    if (found != names.end()) return *found;
  }
  return {};
}

}  // namespace openapi::crypto
