#pragma once

#include <string_view>

namespace openapi::cli {

/// What a platform wants beyond what the types of a method say.
struct PlatformNeeds {
  bool unsupported = false;    ///< the platform has no such operation
  std::string_view members{};  ///< that it requires: `body; openid for JSAPI`
};

/// Of one method of one provider. Most need nothing more.
[[nodiscard]] PlatformNeeds platformNeeds(std::string_view provider, std::string_view method);

}  // namespace openapi::cli
