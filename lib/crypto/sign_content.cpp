#include "crypto/sign_content.hpp"

#include <algorithm>

#include "codec/flat.hpp"

namespace openapi::crypto {

std::string signContent(std::span<NamedValue> fields, bool skipEmpty) {
  const auto byName = [](const NamedValue& left, const NamedValue& right) { return codec::nameLess(left.first, right.first); };
  if (!std::is_sorted(fields.begin(), fields.end(), byName)) std::sort(fields.begin(), fields.end(), byName);
  std::size_t size = 64;  // room for the key that WeChat wants behind it
  for (const auto& [name, value] : fields) size += name.size() + value.size() + 2;
  std::string content(size, '\0');
  char* out = content.data();
  for (const auto& [name, value] : fields) {
    if (skipEmpty && value.empty()) continue;
    if (out != content.data()) *out++ = '&';
    out = std::copy(name.begin(), name.end(), out);
    *out++ = '=';
    out = std::copy(value.begin(), value.end(), out);
  }
  content.resize(static_cast<std::size_t>(out - content.data()));
  return content;
}

}  // namespace openapi::crypto
