#pragma once

#include <gateways/bmob/rows.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::bmob {

/// Somebody at another platform, such as WeChat.
struct Account {
  std::string platform{};
  std::string id{};  ///< `openid`, `uid` or `id`
};

/// The one account in an `authData`. Refuses with 208.
[[nodiscard]] Account accountIn(const Json& authData);
[[nodiscard]] std::optional<std::string> userOfAccount(Context& context, const Account& account);

/// Links the accounts of `authData` to a user, and unlinks those that are null there. Refuses with 208 what is somebody else's.
void setAuthData(Context& context, StoredRow& user, const Json& authData);
void removeAccounts(Context& context, const std::string& user);

}  // namespace openapi::gateway::bmob
