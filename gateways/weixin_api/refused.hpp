#pragma once

#include <cstdint>
#include <string>

namespace openapi::gateway::weixin_api {

/// Why the platform refuses: goes out as `{"errcode":…,"errmsg":"… rid: …"}` with HTTP status 200.
struct Refused {
  std::int64_t code;
  std::string text{};  ///< empty: the text that belongs to the code
};

}  // namespace openapi::gateway::weixin_api
