#pragma once

#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct GetPhoneNumberRequest {
  std::optional<std::string> accessToken{};
  std::string code{};  ///< of the button's event, not of the login: valid once and for five minutes
  std::optional<std::string> openid{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetPhoneNumberRequest, (), (accessToken, code, openid, extra))

struct Watermark {
  std::int64_t timestamp{};  ///< seconds since 1970
  std::string appid{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Watermark, (), (timestamp, appid, extra))

struct PhoneInfo {
  std::string phoneNumber{};  ///< with the country's code unless it is 86
  std::string purePhoneNumber{};
  std::string countryCode{};
  std::optional<Watermark> watermark{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(PhoneInfo, (), (phoneNumber, purePhoneNumber, countryCode, watermark, extra))

struct GetPhoneNumberResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  PhoneInfo phoneInfo{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetPhoneNumberResult, (), (errCode, errMsg, phoneInfo, extra))

/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
class Phonenumber {
 public:
  explicit Phonenumber(SharedServices services) : services_{std::move(services)} {}

  /// The phone number that a user agreed to give. The code works once, so the call is never repeated by the library.
  Awaitable<GetPhoneNumberResult> getPhoneNumber(const GetPhoneNumberRequest& request) const;

  OPENAPI_NAMED_REQUEST(getPhoneNumber, GetPhoneNumberRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
