#pragma once

#include <gateways/weixin_api/picture.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin_api {

/// The pixels of a part of a picture, the last ones included.
struct CropBox {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

/// Reads `1,2.35`: one to five numbers, width over height. No value for anything else.
[[nodiscard]] std::optional<std::vector<double>> parseRatios(std::string_view text);

/// The largest part with this ratio, where the picture has the most detail.
[[nodiscard]] CropBox bestCrop(const GreyPicture& picture, double ratio);

}  // namespace openapi::gateway::weixin_api
