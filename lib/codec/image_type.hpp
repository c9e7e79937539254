#pragma once

#include <string_view>

namespace openapi::codec {

/// The content type of a JPEG, PNG or GIF, by its first bytes; empty for anything else.
[[nodiscard]] constexpr std::string_view imageType(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
  if (bytes.starts_with("GIF8")) return "image/gif";
  return {};
}

}  // namespace openapi::codec
