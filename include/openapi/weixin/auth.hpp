#pragma once

#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct Code2SessionRequest {
  std::string code{};  ///< from `wx.login`, valid once and for five minutes
};
BOOST_DESCRIBE_STRUCT(Code2SessionRequest, (), (code))

struct Code2SessionResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string openid{};
  std::string sessionKey{};              ///< secret: never hand it to the client
  std::optional<std::string> unionid{};  ///< only when the app belongs to an open-platform account
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Code2SessionResult, (), (errCode, errMsg, openid, sessionKey, unionid, extra))

using GetOpenidRequest = Code2SessionRequest;
using GetOpenidResult = Code2SessionResult;

struct GetAccessTokenRequest {
  std::optional<bool> forceRefresh{};  ///< a new token at once, the old one dead: 20 a day, 30 s apart; only with `stableToken`
};
BOOST_DESCRIBE_STRUCT(GetAccessTokenRequest, (), (forceRefresh))

struct GetAccessTokenResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string accessToken{};  ///< secret; up to 512 characters
  std::int64_t expiresIn{};   ///< seconds
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetAccessTokenResult, (), (errCode, errMsg, accessToken, expiresIn, extra))

struct GetPaidUnionIdRequest {
  std::optional<std::string> accessToken{};
  std::string openid{};                        ///< of the payer
  std::optional<std::string> transactionId{};  ///< WeChat Pay's order number; or the next two
  std::optional<std::string> mchId{};
  std::optional<std::string> outTradeNo{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetPaidUnionIdRequest, (), (accessToken, openid, transactionId, mchId, outTradeNo, extra))

struct GetPaidUnionIdResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string unionid{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetPaidUnionIdResult, (), (errCode, errMsg, unionid, extra))

/// Login, and the app's own token.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
class Auth {
 public:
  explicit Auth(SharedServices services) : services_{std::move(services)} {}

  /// Exchanges the code of `uni.login` for the user's `openid` and session key. A code works once, so the call is never
  /// repeated by the library.
  Awaitable<Code2SessionResult> code2Session(const Code2SessionRequest& request) const;
  Awaitable<Code2SessionResult> code2Session(const std::string& code) const;
  /// The same as `code2Session`, under its other documented name.
  Awaitable<GetOpenidResult> getOpenid(const GetOpenidRequest& request) const;
  Awaitable<GetOpenidResult> getOpenid(const std::string& code) const;
  /// Fetches a token from the platform and keeps it for all calls. There is seldom a need: calls get theirs by themselves.
  Awaitable<GetAccessTokenResult> getAccessToken(const GetAccessTokenRequest& request) const;
  Awaitable<GetAccessTokenResult> getAccessToken() const;
  /// The `unionid` of someone who has just paid, within five minutes of the payment.
  Awaitable<GetPaidUnionIdResult> getPaidUnionId(const GetPaidUnionIdRequest& request) const;

  OPENAPI_NAMED_REQUEST(code2Session, Code2SessionRequest);
  OPENAPI_NAMED_REQUEST(getOpenid, GetOpenidRequest);
  OPENAPI_NAMED_REQUEST(getAccessToken, GetAccessTokenRequest);
  OPENAPI_NAMED_REQUEST(getPaidUnionId, GetPaidUnionIdRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
