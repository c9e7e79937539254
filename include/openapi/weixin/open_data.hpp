#pragma once

#include <openapi/weixin/phonenumber.hpp>
#include <openapi/weixin/service.hpp>

#include <vector>

namespace openapi::weixin {

/// What a mini program got from `wx.getUserInfo` and its like. All three are base64.
struct DecryptOpenDataRequest {
  std::string encryptedData{};
  std::string iv{};
  std::string sessionKey{};              ///< of the user's latest login
  std::optional<std::int64_t> maxAge{};  ///< seconds; data whose watermark is older, or in the future, is then `stale`
};
BOOST_DESCRIBE_STRUCT(DecryptOpenDataRequest, (), (encryptedData, iv, sessionKey, maxAge))

struct StepInfo {
  std::int64_t timestamp{};  ///< seconds since 1970
  std::int64_t step{};
};
BOOST_DESCRIBE_STRUCT(StepInfo, (), (timestamp, step))

/// Which members are there depends on what the mini program asked for.
struct DecryptOpenDataResult {
  std::optional<std::string> openId{};
  std::optional<std::string> unionId{};
  std::optional<std::string> nickName{};
  std::optional<std::int64_t> gender{};  ///< 0 unknown, 1 male, 2 female
  std::optional<std::string> language{};
  std::optional<std::string> city{};
  std::optional<std::string> province{};
  std::optional<std::string> country{};
  std::optional<std::string> avatarUrl{};
  std::optional<std::string> phoneNumber{};
  std::optional<std::string> purePhoneNumber{};
  std::optional<std::string> countryCode{};
  std::optional<std::string> openGId{};
  std::vector<StepInfo> stepInfoList{};
  Watermark watermark{};  ///< its `appid` is the configuration's
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DecryptOpenDataResult, (),
                      (openId, unionId, nickName, gender, language, city, province, country, avatarUrl, phoneNumber,
                       purePhoneNumber, countryCode, openGId, stepInfoList, watermark, extra))

struct CheckOpenDataRequest {
  std::string rawData{};    ///< as the mini program got it, byte for byte
  std::string signature{};  ///< 40 hex digits
  std::string sessionKey{};
};
BOOST_DESCRIBE_STRUCT(CheckOpenDataRequest, (), (rawData, signature, sessionKey))
using CheckOpenDataResult = ServiceResult;

/// Data that a mini program got from WeChat and handed to the server. Nothing is sent.
/// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
class OpenData {
 public:
  explicit OpenData(SharedServices services) : services_{std::move(services)} {}

  /// Decrypts. `badSignature`: it does not decrypt with this key, mostly because the user has logged in again since;
  /// `identityMismatch`: another app's; `badResponse`: what came out is not open data.
  Awaitable<DecryptOpenDataResult> decrypt(const DecryptOpenDataRequest& request) const;
  /// Checks the signature of `rawData`: `badSignature` when it is not WeChat's.
  Awaitable<CheckOpenDataResult> checkSignature(const CheckOpenDataRequest& request) const;

  OPENAPI_NAMED_REQUEST(decrypt, DecryptOpenDataRequest);
  OPENAPI_NAMED_REQUEST(checkSignature, CheckOpenDataRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
