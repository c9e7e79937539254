#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply generateScheme(Context& context, const Call& call);   ///< `/wxa/generatescheme`
[[nodiscard]] Reply generateUrlLink(Context& context, const Call& call);  ///< `/wxa/generate_urllink`

}  // namespace openapi::gateway::weixin_api
