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

inline constexpr std::size_t maxQrBytes = 1100;

/// A QR code that reads as `content`, at most `maxQrBytes`. Throws `std::runtime_error` for an empty or longer one.
[[nodiscard]] QrImage drawQr(std::string_view content, const QrStyle& style);

}  // namespace openapi::gateway::weixin_api
