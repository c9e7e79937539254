#pragma once

#include <gateways/weixin_api/context.hpp>

#include <string>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply sendCustomMessage(Context& context, const Call& call);  ///< `/cgi-bin/message/custom/send`
/// `/cgi-bin/message/custom/business/typing`, and the older `/cgi-bin/message/custom/typing`
[[nodiscard]] Reply setTyping(Context& context, const Call& call);

/// Keeps what a user received, for `readOutbox`.
void deliver(Context& context, const std::string& appId, const std::string& openid, const std::string& kind, const Json& body);

/// Control: `openid` writes to the mini program: `content`, or a whole `message`. Opens the window of 5 messages in 48 hours.
Json userWrites(Context& context, const Json& input);
/// Control: `openid` opens the session: 2 messages in a minute. Optional `sessionFrom`.
Json userEnters(Context& context, const Json& input);
/// Control: what `openid` has received.
Json readOutbox(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
