#include "crypto/sign_content.hpp"

#include <algorithm>

namespace openapi::crypto {

std::string signContent(std::span<NamedValue> fields, bool skipEmpty) {
  const auto byName = [](const NamedValue& left, const NamedValue& right) { return left.first < right.first; };
  if (!std::is_sorted(fields.begin(), fields.end(), byName)) std::sort(fields.begin(), fields.end(), byName);
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += name.size() + value.size() + 2;
  std::string content;
  content.reserve(size);
  for (const auto& [name, value] : fields) {
    if (skipEmpty && value.empty()) continue;
    if (!content.empty()) content += '&';
    content += name;
    content += '=';
    content += value;
  }
  return content;
}

}  // namespace openapi::crypto
