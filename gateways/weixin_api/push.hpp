#pragma once

#include <gateways/weixin_api/context.hpp>

#include <string>

namespace openapi::gateway::weixin_api {

// Message push: requests of the platform's to the address in the setting `pushUrl`, signed, in safe mode encrypted, up to three
// times more when the answer is not what it should be.

/// The keys of the console's push page, made once for a database.
[[nodiscard]] std::string pushToken(Database& database);
[[nodiscard]] std::string encodingAesKey(Database& database);

/// Tells the notifier how to send; again after each change of the settings.
void applyPushRules(Context& context);
/// Pushes when there is an address: `fields` after `ToUserName`, `FromUserName` and `CreateTime`.
void push(Context& context, const std::string& appId, const std::string& openid, const Fields& fields);

/// Control: pushes `message` of `openid` to `url` or the setting's address; optional `appId`, `notifyTimes`, `notifyDelayMs`.
/// Gives the `message` as it goes out, before encryption, and its `id` among the notifications.
Json pushMessage(Context& context, const Json& input);
/// Control: the signed URL by which the platform checks an address, and the `echostr` that must come back.
Json pushCheck(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
