#pragma once

#include <gateways/bmob/rows.hpp>

#include <string>

namespace openapi::gateway::bmob {

enum class MailKind { emailVerify, passwordReset };

/// Puts a mail with a link into the outbox; the link is good for a week.
void sendMail(Context& context, MailKind kind, const std::string& address, const std::string& user);
/// The user of the `email` in a body. Refuses with 204 and 205.
[[nodiscard]] StoredRow userOfMail(Context& context, const Call& call);

/// POST `/1/requestEmailVerify`
[[nodiscard]] Reply requestEmailVerify(Context& context, const Call& call);

/// POST `/1/requestEmailCode`: a code for logging in or proving an address.
[[nodiscard]] Reply requestEmailCode(Context& context, const Call& call);

/// Control `/mails`: what the outbox has of `address`, the newest first.
[[nodiscard]] Json readMails(Context& context, const Json& input);
/// Control `/openmail`: somebody follows the link with this `token`; of a password reset, with the new `password`.
[[nodiscard]] Json openMail(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
