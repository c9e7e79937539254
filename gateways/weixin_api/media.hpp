#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply uploadMedia(Context& context, const Call& call);    ///< `/cgi-bin/media/upload`
[[nodiscard]] Reply downloadMedia(Context& context, const Call& call);  ///< `/cgi-bin/media/get`

}  // namespace openapi::gateway::weixin_api
