#pragma once

#include <gateways/bmob/context.hpp>

#include <string>

namespace openapi::gateway::bmob {

// Pictures that only a person can read. A captcha is good once, right or wrong, until its time is over.

[[nodiscard]] Reply requestCaptcha(Context& context, const Call& call);
[[nodiscard]] Reply captchaImage(Context& context, const Call& call);
[[nodiscard]] Reply verifyCaptcha(Context& context, const Call& call);

/// Uses up what `verifyCaptcha` gave. Refuses with 207.
void takeValidateToken(Context& context, const std::string& token);

/// `POST /captchas` of the control server: every captcha with its text, the newest first.
[[nodiscard]] Json listCaptchas(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
