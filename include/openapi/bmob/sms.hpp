#pragma once

#include <openapi/bmob/service.hpp>
#include <openapi/bytes.hpp>

#include <string_view>

namespace openapi::bmob {

struct RequestSmsCodeRequest {
  using KeepsNames = void;
  std::string mobilePhoneNumber{};             ///< 11 digits
  std::optional<std::string> smsTemplate{};    ///< name of a template that was approved; default: Bmob's own
  std::optional<std::string> validateToken{};  ///< of `verifyCaptcha`, for templates that demand one
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RequestSmsCodeRequest, (), (mobilePhoneNumber, smsTemplate, validateToken, extra))

struct SmsResult {
  using KeepsNames = void;
  std::int64_t smsId{};  ///< for `querySms`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SmsResult, (), (smsId, extra))
using RequestSmsCodeResult = SmsResult;

struct VerifySmsCodeRequest {
  using KeepsNames = void;
  std::string mobilePhoneNumber{};
  std::string smsCode{};  ///< what the user typed; right ones are used up
};
BOOST_DESCRIBE_STRUCT(VerifySmsCodeRequest, (), (mobilePhoneNumber, smsCode))

struct RequestSmsRequest {
  using KeepsNames = void;
  std::string mobilePhoneNumber{};
  Json content{};                            ///< the text; or, with a template, an object with the values of its variables
  std::optional<std::string> smsTemplate{};  ///< name of a template that was approved
  std::optional<std::string> sendTime{};     ///< `YYYY-MM-DD HH:mm:ss`, GMT+8; default: at once
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RequestSmsRequest, (), (mobilePhoneNumber, content, smsTemplate, sendTime, extra))
using RequestSmsResult = SmsResult;

struct QuerySmsRequest {
  using KeepsNames = void;
  std::int64_t smsId{};
};
BOOST_DESCRIBE_STRUCT(QuerySmsRequest, (), (smsId))

struct QuerySmsResult {
  using KeepsNames = void;
  std::string smsState{};             ///< `SENDING`, `SUCCESS`, `FAIL`
  std::optional<bool> verifyState{};  ///< whether the code was verified
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(QuerySmsResult, (), (smsState, verifyState, extra))

struct RequestCaptchaRequest {
  using KeepsNames = void;
  std::optional<std::int64_t> width{};   ///< pixels, 60 to 200; default 85
  std::optional<std::int64_t> height{};  ///< pixels, 30 to 100; default 30
  std::optional<std::int64_t> size{};    ///< characters, 3 to 6; default 4
  std::optional<std::int64_t> ttl{};     ///< seconds, 60 to 180; default 60
};
BOOST_DESCRIBE_STRUCT(RequestCaptchaRequest, (), (width, height, size, ttl))

struct RequestCaptchaResult {
  using KeepsNames = void;
  std::string captchaToken{};
  std::string captchaUrl{};  ///< of the image. It may hold the application's secret key: for `captchaImage`, not for users
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RequestCaptchaResult, (), (captchaToken, captchaUrl, extra))

struct CaptchaImageRequest {
  using KeepsNames = void;
  std::string captchaUrl{};  ///< of `requestCaptcha`
};
BOOST_DESCRIBE_STRUCT(CaptchaImageRequest, (), (captchaUrl))

struct CaptchaImageResult {
  using KeepsNames = void;
  std::string contentType{};  ///< `image/png`
  Bytes image{};
};
BOOST_DESCRIBE_STRUCT(CaptchaImageResult, (), (contentType, image))

struct VerifyCaptchaRequest {
  using KeepsNames = void;
  std::string captchaCode{};   ///< what the user read
  std::string captchaToken{};  ///< of `requestCaptcha`
};
BOOST_DESCRIBE_STRUCT(VerifyCaptchaRequest, (), (captchaCode, captchaToken))

struct VerifyCaptchaResult {
  using KeepsNames = void;
  std::string validateToken{};  ///< for `requestSmsCode`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(VerifyCaptchaResult, (), (validateToken, extra))

/// How many messages the platform charges for `text`, by the documents: its characters and six of the signature 【比目科技】; up
/// to 70 are one message, more are counted in pieces of 67. `text` is UTF-8; throws `invalidArgument` when it is not.
[[nodiscard]] std::int64_t smsMessageCount(std::string_view text);

/// Text messages and captchas. An application may send one number a message a minute, five an hour and ten a day; then
/// `10010` comes back. Ten messages of an account are free.
class Sms {
 public:
  explicit Sms(SharedServices services) : services_{std::move(services)} {}

  /// Sends a code. Never repeated: each one costs a message.
  Awaitable<RequestSmsCodeResult> requestSmsCode(const RequestSmsCodeRequest& request) const;
  /// Whether a code is right. `207`: it is wrong, or was used already. A right code is used up, so the call is never repeated.
  Awaitable<Done> verifySmsCode(const VerifySmsCodeRequest& request) const;
  /// Sends a text of your own, now or later, or a template with values. `10013`: the text is not allowed.
  Awaitable<RequestSmsResult> requestSms(const RequestSmsRequest& request) const;
  /// What became of a message.
  Awaitable<QuerySmsResult> querySms(const QuerySmsRequest& request) const;
  /// Makes a captcha.
  Awaitable<RequestCaptchaResult> requestCaptcha(const RequestCaptchaRequest& request) const;
  /// Its image, to be shown to the user.
  Awaitable<CaptchaImageResult> captchaImage(const CaptchaImageRequest& request) const;
  /// Gives the token that `requestSmsCode` wants for what the user read. A captcha works once.
  Awaitable<VerifyCaptchaResult> verifyCaptcha(const VerifyCaptchaRequest& request) const;

  OPENAPI_NAMED_REQUEST(requestSmsCode, RequestSmsCodeRequest);
  OPENAPI_NAMED_REQUEST(verifySmsCode, VerifySmsCodeRequest);
  OPENAPI_NAMED_REQUEST(requestSms, RequestSmsRequest);
  OPENAPI_NAMED_REQUEST(querySms, QuerySmsRequest);
  OPENAPI_NAMED_REQUEST(requestCaptcha, RequestCaptchaRequest);
  OPENAPI_NAMED_REQUEST(captchaImage, CaptchaImageRequest);
  OPENAPI_NAMED_REQUEST(verifyCaptcha, VerifyCaptchaRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
