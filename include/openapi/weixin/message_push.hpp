#pragma once

#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

/// A request of WeChat's to the address that is configured for message push.
struct PushRequest {
  std::string query{};           ///< of the URL, as it arrived: `signature=…&timestamp=…&nonce=…`
  std::string body{};            ///< as it arrived, byte for byte; left out for the check of the address
  bool isBase64Encoded = false;  ///< `body` is the base64 of the bytes
};
BOOST_DESCRIBE_STRUCT(PushRequest, (), (query, body, isBase64Encoded))

struct VerifyPushUrlResult {
  std::string echostr{};  ///< answer exactly this, as text/plain
};
BOOST_DESCRIBE_STRUCT(VerifyPushUrlResult, (), (echostr))

struct PushMessage {
  std::string toUserName{};            ///< the mini program's original id
  std::string fromUserName{};          ///< openid, or of the platform's own events its id
  std::int64_t createTime{};           ///< seconds since 1970
  std::string msgType{};               ///< `text`, `image`, `miniprogrampage`, `event`, …
  std::optional<std::string> event{};  ///< of an event: `user_enter_tempsession`, `wxa_media_check`, …
  std::optional<std::int64_t> msgId{};
  std::optional<std::string> content{};  ///< of a text
  std::string id{};                      ///< the same when a message is delivered again: drop it then
  std::string format{};                  ///< `json`, `xml`: how it arrived, for the reply
  bool encrypted = false;                ///< whether it arrived in safe mode; otherwise only sender and time are signed
  Fields extra{};                        ///< whatever else it holds, under WeChat's own names; elements of XML are objects
};
BOOST_DESCRIBE_STRUCT(PushMessage, (),
                      (toUserName, fromUserName, createTime, msgType, event, msgId, content, id, format, encrypted, extra))

struct PushReplyRequest {
  Json message{};               ///< an object under WeChat's own names: `{"MsgType":"transfer_customer_service",…}`
  std::string format = "json";  ///< `json`, `xml`: as the message arrived
};
BOOST_DESCRIBE_STRUCT(PushReplyRequest, (), (message, format))

struct PushReplyResult {
  std::string contentType{};
  std::string body{};
};
BOOST_DESCRIBE_STRUCT(PushReplyResult, (), (contentType, body))

/// Messages and events that WeChat pushes to the server. Needs `pushToken`, and `encodingAesKey` for safe mode, in the
/// configuration. Nothing is sent. Answer within five seconds with `success`, or with a reply; otherwise WeChat delivers
/// three times more. https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
class MessagePush {
 public:
  explicit MessagePush(SharedServices services) : services_{std::move(services)} {}

  /// The answer to the check of the address (a GET). `badSignature`: not from WeChat.
  Awaitable<VerifyPushUrlResult> verifyUrl(const PushRequest& request) const;
  /// Verifies, decrypts and reads a message (a POST). With an `encodingAesKey` a message that is not encrypted is refused, since
  /// the signature of plain mode does not cover the body. `badSignature`, `identityMismatch` and `badResponse` are forgeries, or
  /// the configuration is not the console's. `config`: it is encrypted, and there is no `encodingAesKey`.
  Awaitable<PushMessage> receive(const PushRequest& request) const;
  /// The answer that carries `message`, encrypted and signed when there is an `encodingAesKey`.
  Awaitable<PushReplyResult> reply(const PushReplyRequest& request) const;

  OPENAPI_NAMED_REQUEST(verifyUrl, PushRequest);
  OPENAPI_NAMED_REQUEST(receive, PushRequest);
  OPENAPI_NAMED_REQUEST(reply, PushReplyRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
