#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

// Codes that work without control, each once: `code-<openid>` and `phone-<number>`, either with `-` and anything behind it.
[[nodiscard]] Reply code2Session(Context& context, const Call& call);     ///< `/sns/jscode2session`
[[nodiscard]] Reply checkSession(Context& context, const Call& call);     ///< `/wxa/checksession`
[[nodiscard]] Reply resetSessionKey(Context& context, const Call& call);  ///< `/wxa/resetusersessionkey`
[[nodiscard]] Reply paidUnionId(Context& context, const Call& call);      ///< `/wxa/getpaidunionid`
[[nodiscard]] Reply phoneNumber(Context& context, const Call& call);      ///< `/wxa/business/getuserphonenumber`

/// Control: makes a login code. Optional `openid`, `appId`, and what `setUser` takes. Gives `code` and the user.
Json makeLoginCode(Context& context, const Json& input);
/// Control: makes a phone code. Optional `phoneNumber`, `countryCode`, `openid`, `appId`. Gives `code`.
Json makePhoneCode(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
