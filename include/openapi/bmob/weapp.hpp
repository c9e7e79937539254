#pragma once

#include <openapi/bmob/service.hpp>
#include <openapi/bytes.hpp>

namespace openapi::bmob {

struct GenerateCodeRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string path{};                   ///< the page, parameters included
  std::int64_t width = 430;             ///< pixels, at least 180
  std::optional<std::string> scheme{};  ///< WeChat's scheme: `a`, `b` or `c`; `interface` of the documents
  std::optional<std::string> scene{};   ///< required with scheme `b`, and only there
  std::optional<std::int64_t> type{};   ///< 0 (default): the image itself; 1: its address
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateCodeRequest, (), (sessionToken, useMasterKey, path, width, scheme, scene, type, extra))

struct GenerateCodeResult {
  using KeepsNames = void;
  std::optional<std::string> url{};  ///< with `type` 1
  std::optional<std::string> filename{};
  std::optional<std::string> cdn{};
  std::optional<Bytes> image{};  ///< with `type` 0
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateCodeResult, (), (url, filename, cdn, image, extra))

struct GetAccessTokenRequest {
  using KeepsNames = void;
};
BOOST_DESCRIBE_STRUCT(GetAccessTokenRequest, (), ())

struct GetAccessTokenResult {
  using KeepsNames = void;
  std::string accessToken{};  ///< of WeChat, valid for two hours
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetAccessTokenResult, (), (accessToken, extra))

struct SendWeAppMessageRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string touser{};  ///< the openid of whoever gets it
  std::string templateId{};
  std::optional<std::string> page{};             ///< what a tap opens
  std::string formId{};                          ///< of the form or payment that allows the message
  Fields data{};                                 ///< `{"keyword1":{"value":"…","color":"#173177"}}`
  std::optional<std::string> emphasisKeyword{};  ///< which keyword to show large
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SendWeAppMessageRequest, (),
                      (sessionToken, useMasterKey, touser, templateId, page, formId, data, emphasisKeyword, extra))

/// The platform does not document its answer.
struct SendWeAppMessageResult {
  using KeepsNames = void;
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SendWeAppMessageResult, (), (extra))

struct NotifyMsgRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string touser{};      ///< the openid that Bmob's official account gives for the message `openid`
  std::string templateId{};  ///< one of Bmob's four, never one of the app's own
  std::string url{};         ///< what a tap opens
  Fields data{};             ///< what the template shows: `{"first":{"value":"…","color":"#c00"},"remark":{…}}`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(NotifyMsgRequest, (), (sessionToken, useMasterKey, touser, templateId, url, data, extra))

/// WeChat's mini program, through Bmob.
class Weapp {
 public:
  explicit Weapp(SharedServices services) : services_{std::move(services)} {}

  // Bmob's four templates of `notifyMsg`.
  static constexpr const char* newOrderTemplate = "K9-6_Ayj4MLC2yvwY60-cq18tngJHAlqDfsOvv3D7a8";
  static constexpr const char* alarmTemplate = "-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y";
  static constexpr const char* purchaseTemplate = "Mbk3kYqRGkL98ch6Lie4XSXtOsxXj2SC0SRQXd89G1Y";
  static constexpr const char* reviewTemplate = "aNNNmi7WK4kohleWhCkDRKJiHOZnIpkrhXx5XPx4dx0";

  /// Makes a code that opens a page.
  Awaitable<GenerateCodeResult> generateCode(const GenerateCodeRequest& request) const;
  /// The access token that Bmob uses, so that two systems do not end each other's.
  Awaitable<GetAccessTokenResult> getAccessToken() const;
  Awaitable<GetAccessTokenResult> getAccessToken(const GetAccessTokenRequest& request) const;
  /// Sends a template message to a user. When the outcome is unknown, the user may have it.
  Awaitable<SendWeAppMessageResult> sendWeAppMessage(const SendWeAppMessageRequest& request) const;
  /// Tells the owner of the app something in WeChat; 50 a day. `10100`: no more today.
  Awaitable<Done> notifyMsg(const NotifyMsgRequest& request) const;

  OPENAPI_NAMED_REQUEST(generateCode, GenerateCodeRequest);
  OPENAPI_NAMED_REQUEST(sendWeAppMessage, SendWeAppMessageRequest);
  OPENAPI_NAMED_REQUEST(notifyMsg, NotifyMsgRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
