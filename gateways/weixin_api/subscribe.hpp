#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply sendSubscribeMessage(Context& context, const Call& call);  ///< `/cgi-bin/message/subscribe/send`

/// A template's id has 43 characters of the base64url alphabet; every such id is known.
/// Control: `openid` subscribes to `templateId`, `times` (1) more times; `"accept":false` takes all subscriptions away.
Json subscribe(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
