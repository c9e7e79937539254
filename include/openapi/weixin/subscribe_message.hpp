#pragma once

#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct SendSubscribeMessageRequest {
  std::optional<std::string> accessToken{};
  std::string touser{};      ///< openid
  std::string templateId{};  ///< of a template that the user subscribed to
  std::optional<std::string> page{};
  Json data{};                                    ///< `{"thing1":{"value":"…"}}`: names and values reach the platform unchanged
  std::optional<std::string> miniprogramState{};  ///< `developer`, `trial`, `formal` (default)
  std::optional<std::string> lang{};              ///< `zh_CN` (default), `en_US`, `zh_HK`, `zh_TW`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SendSubscribeMessageRequest, (),
                      (accessToken, touser, templateId, page, data, miniprogramState, lang, extra))

struct SendSubscribeMessageResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::optional<std::int64_t> msgid{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SendSubscribeMessageResult, (), (errCode, errMsg, msgid, extra))

/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
class SubscribeMessage {
 public:
  explicit SubscribeMessage(SharedServices services) : services_{std::move(services)} {}

  /// Sends one message for one subscription of the user; `43101` means that there is none left.
  Awaitable<SendSubscribeMessageResult> send(const SendSubscribeMessageRequest& request) const;

  OPENAPI_NAMED_REQUEST(send, SendSubscribeMessageRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
