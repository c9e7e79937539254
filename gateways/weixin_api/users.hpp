#pragma once

#include <gateways/weixin_api/context.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::weixin_api {

/// A user of one app.
struct User {
  std::string openid{};
  std::optional<std::string> unionid{};  ///< as control set it; empty text: has none
  std::string sessionKey{};
  std::optional<Time> lastLogin{};
  bool highRisk = false;
};

/// `o` and 27 characters of the base64url alphabet.
[[nodiscard]] bool isOpenid(std::string_view text);
[[nodiscard]] std::string makeOpenid();

/// The user, made on first use.
[[nodiscard]] User userOf(Context& context, const std::string& appId, const std::string& openid);
[[nodiscard]] std::optional<User> findUser(Context& context, const std::string& appId, const std::string& openid);
/// The user's unionid, when the app is bound to an open-platform account.
[[nodiscard]] std::optional<std::string> unionidOf(const Context& context, const User& user);

/// Whether this openid has appeared in another app, and not in this one.
[[nodiscard]] bool isOfAnotherApp(Context& context, const std::string& appId, const std::string& openid);
/// Throws `Refused` 40003 for what cannot be a user of the app: every openid of the right form is one, unless it is another
/// app's.
void requireOpenid(Context& context, const std::string& appId, const std::string& openid);

/// Control: `openid`; optional `appId`, `unionid`, `sessionKey`, `highRisk`. Gives the user.
Json setUser(Context& context, const Json& input);
/// The app that control input means: `appId`, which need not be the merchant's.
[[nodiscard]] std::string appIn(const Context& context, const Json& input);
/// The `openid` of control input. Throws `ControlError`.
[[nodiscard]] std::string openidIn(const Json& input);
[[nodiscard]] bool flagIn(const Json& input, std::string_view name, bool fallback);

}  // namespace openapi::gateway::weixin_api
