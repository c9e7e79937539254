#pragma once

#include <gateways/weixin_api/picture.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace openapi::gateway::weixin_api {

struct CodePoint {
  int x = 0;
  int y = 0;
};

/// A bar code or two-dimensional code in a picture.
struct ReadCode {
  std::string typeName{};  ///< `QR_CODE`, `EAN_13`, …
  std::string data{};
  /// Left top, right top, right bottom, left bottom as the code stands; of QR codes and Data Matrix only.
  std::optional<std::array<CodePoint, 4>> corners{};
};

/// Every code that is found, at most 32.
[[nodiscard]] std::vector<ReadCode> readCodes(GreyPicture picture);

}  // namespace openapi::gateway::weixin_api
