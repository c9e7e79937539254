#pragma once

#include <gateways/weixin_api/picture.hpp>

#include <string>
#include <string_view>

namespace openapi::gateway::weixin_api {

/// How a code is drawn.
struct QrStyle {
  int width = 430;  ///< of the whole image, its quiet zone included
  Rgb color{};
  bool transparent = false;  ///< no ground: the image is a PNG, otherwise a JPEG
};

struct QrImage {
  std::string contentType{};
  std::string bytes{};
};

/// A QR code that reads as `content`, 1 to 1,500 bytes. Throws `std::runtime_error` when it does not fit.
[[nodiscard]] QrImage drawQr(std::string_view content, const QrStyle& style);

}  // namespace openapi::gateway::weixin_api
