#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// Text messages. Nothing is sent: the control route `POST /sms` shows what a phone would have got.

[[nodiscard]] Reply requestSmsCode(Context& context, const Call& call);
[[nodiscard]] Reply verifySmsCode(Context& context, const Call& call);
[[nodiscard]] Reply requestSms(Context& context, const Call& call);
[[nodiscard]] Reply querySms(Context& context, const Call& call);

/// `POST /sms` of the control server: every message, the newest first. `quota` sets how many more the account may send (null:
/// without end); `template` with `content` adds a template.
[[nodiscard]] Json listMessages(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
