#pragma once

#include <gateways/bmob/context.hpp>

#include <string>

namespace openapi::gateway::bmob {

/// Keeps a salted hash of the user's password.
void setPassword(Context& context, const std::string& user, const std::string& password);
[[nodiscard]] bool isPassword(Context& context, const std::string& user, const std::string& password);
void removePassword(Context& context, const std::string& user);

// PUT and POST `/1/updateUserPassword/ID`, and `/1/updatePassword` for the session's user
[[nodiscard]] Reply changePassword(Context& context, const Call& call);
/// PUT `/1/resetPasswordBySmsCode/CODE`
[[nodiscard]] Reply resetPasswordByCode(Context& context, const Call& call);
/// POST `/1/requestPasswordReset`
[[nodiscard]] Reply requestPasswordReset(Context& context, const Call& call);

}  // namespace openapi::gateway::bmob
