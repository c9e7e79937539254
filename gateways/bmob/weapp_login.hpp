#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// Log in of a mini program. A code is good once: one from `POST /code`, `code-` and an openid, or any other text, which stands
// for always the same user.

/// POST `/1/wechatApp/CODE`: openid and session key.
[[nodiscard]] Reply exchangeCode(Context& context, const Call& call);
/// POST `/1/wechatAppv1/CODE`: openid and `sk`, which stands for the session key.
[[nodiscard]] Reply exchangeCodeV1(Context& context, const Call& call);
/// GET `/1/wechatAppv1/CODE`: the user, registered when it is new.
[[nodiscard]] Reply loginByCode(Context& context, const Call& call);
[[nodiscard]] Reply checkSessionKey(Context& context, const Call& call);
/// Both forms: with `sk`, or with `sessionKey`.
[[nodiscard]] Reply decryptUserData(Context& context, const Call& call);
/// A code is `phone-` and a number, good once.
[[nodiscard]] Reply phoneNumber(Context& context, const Call& call);

/// `POST /code` of the control server: a login code; optional `openid`, `unionid`. Gives these and the `sessionKey`.
[[nodiscard]] Json makeCode(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
