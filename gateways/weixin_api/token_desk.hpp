#pragma once

#include <gateways/weixin_api/context.hpp>

#include <string>

namespace openapi::gateway::weixin_api {

/// `/cgi-bin/token`: a new token each time; the one before is good for 300 seconds more.
[[nodiscard]] Reply classicToken(Context& context, const Call& call);
/// `/cgi-bin/stable_token`: the same token until less than 300 seconds are left of it.
[[nodiscard]] Reply stableToken(Context& context, const Call& call);

/// The app whose token it is. Throws `Refused`.
[[nodiscard]] std::string appOfToken(Context& context, const std::string& token);
/// Checks what comes with each request that names the app and its secret. Throws `Refused`.
void checkAppId(const Context& context, const std::string& appId);
void checkSecret(const Context& context, const std::string& secret);

/// Control: `{"action":"expire"|"revoke"}`, optional `kind` (`classic`, `stable`) and `appId`: all tokens that are good end.
Json endTokens(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
