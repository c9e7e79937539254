#pragma once

#include <openapi/weixin/service.hpp>

namespace openapi::weixin {

struct JumpWxa {
  std::optional<std::string> path{};        ///< of a published page, without parameters; default: the home page
  std::optional<std::string> query{};       ///< at most 512 characters
  std::optional<std::string> envVersion{};  ///< `release` (default), `trial`, `develop`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(JumpWxa, (), (path, query, envVersion, extra))

struct GenerateSchemeRequest {
  std::optional<std::string> accessToken{};
  std::optional<JumpWxa> jumpWxa{};
  std::optional<bool> isExpire{};
  std::optional<std::int64_t> expireType{};      ///< 0: at `expireTime`; 1: after `expireInterval`
  std::optional<std::int64_t> expireTime{};      ///< seconds since 1970, at most 30 days ahead
  std::optional<std::int64_t> expireInterval{};  ///< days, 1 to 30
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateSchemeRequest, (), (accessToken, jumpWxa, isExpire, expireType, expireTime, expireInterval, extra))

struct GenerateSchemeResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string openlink{};  ///< `weixin://dl/business/?t=…`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateSchemeResult, (), (errCode, errMsg, openlink, extra))

struct GenerateUrlLinkRequest {
  std::optional<std::string> accessToken{};
  std::optional<std::string> path{};
  std::optional<std::string> query{};
  std::optional<std::int64_t> expireType{};      ///< 0: at `expireTime`; 1: after `expireInterval`
  std::optional<std::int64_t> expireTime{};      ///< seconds since 1970, at most 30 days ahead
  std::optional<std::int64_t> expireInterval{};  ///< days, 1 to 30
  std::optional<std::string> envVersion{};       ///< `release` (default), `trial`, `develop`
  std::optional<Json> cloudBase{};               ///< the platform's object `cloud_base`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateUrlLinkRequest, (),
                      (accessToken, path, query, expireType, expireTime, expireInterval, envVersion, cloudBase, extra))

struct GenerateUrlLinkResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  std::string urlLink{};  ///< `https://wxaurl.cn/…`
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GenerateUrlLinkResult, (), (errCode, errMsg, urlLink, extra))

/// Links that open the mini program from outside WeChat.
/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html
class Urlscheme {
 public:
  explicit Urlscheme(SharedServices services) : services_{std::move(services)} {}
  Awaitable<GenerateSchemeResult> generate(const GenerateSchemeRequest& request) const;
  OPENAPI_NAMED_REQUEST(generate, GenerateSchemeRequest);

 private:
  SharedServices services_;
};

/// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html
class Urllink {
 public:
  explicit Urllink(SharedServices services) : services_{std::move(services)} {}
  Awaitable<GenerateUrlLinkResult> generate(const GenerateUrlLinkRequest& request) const;
  OPENAPI_NAMED_REQUEST(generate, GenerateUrlLinkRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
