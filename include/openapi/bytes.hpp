#pragma once

#include <string>

namespace openapi {

/// Bytes that are no text: an image, a file. In JSON `{"$base64":"…"}`.
struct Bytes {
  std::string data{};

  friend bool operator==(const Bytes&, const Bytes&) = default;
};

}  // namespace openapi
