#pragma once

#include <openapi/http_options.hpp>
#include <openapi/payment.hpp>
#include <openapi/token_store.hpp>
#include <openapi/weixin/analysis.hpp>
#include <openapi/weixin/auth.hpp>
#include <openapi/weixin/customer_service_message.hpp>
#include <openapi/weixin/img.hpp>
#include <openapi/weixin/links.hpp>
#include <openapi/weixin/message_push.hpp>
#include <openapi/weixin/open_data.hpp>
#include <openapi/weixin/order.hpp>
#include <openapi/weixin/phonenumber.hpp>
#include <openapi/weixin/security.hpp>
#include <openapi/weixin/subscribe_message.hpp>
#include <openapi/weixin/wxacode.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace openapi {

/// Who calls WeChat, and with which keys. Names and defaults are those of the requirement documents.
struct WeixinConfig {
  std::string appId{};                          ///< the mini program's or app's id
  std::optional<std::string> mchId{};           ///< merchant number; required for payment
  std::optional<std::string> key{};             ///< the merchant's API key (APIv2), 32 characters; required for payment
  std::optional<std::string> pfx{};             ///< the bytes of `apiclient_cert.p12`; for refunds and fund flows
  std::optional<std::string> pfxPassword{};     ///< default: `mchId`, as WeChat issues it
  std::optional<std::string> certificate{};     ///< instead of `pfx`: `apiclient_cert.pem`
  std::optional<std::string> certificateKey{};  ///< and `apiclient_key.pem`
  std::optional<std::string> signType{};        ///< `MD5` (default) or `HMAC-SHA256`
  std::int64_t timeout = 5000;                  ///< milliseconds, over all attempts of one call
  bool sandbox = false;                         ///< the platform's own sandbox (`/sandboxnew`)
  std::optional<std::string> clientType{};      ///< `mp-weixin` (default), `jsapi`, `app-plus`, `h5`, `native`
  std::optional<std::string> secret{};          ///< the app's secret; for login and tokens of the mini-program services
  std::optional<std::string> payBaseUrl{};      ///< default `https://api.mch.weixin.qq.com`
  std::optional<std::string>
      payBackupUrl{};  ///< second host; default `https://api2.mch.weixin.qq.com` with the default `payBaseUrl`
  std::optional<std::string> apiBaseUrl{};  ///< default `https://api.weixin.qq.com`
  /// Seconds. When set, a payment notification whose `time_end` is older, or in the future, is `stale`. WeChat repeats for 24
  /// hours.
  std::optional<std::int64_t> notifyMaxAge{};
  /// A token for the mini-program services, managed by the caller: the library never fetches or renews one then.
  std::optional<std::string> accessToken{};
  /// Tokens from `/cgi-bin/stable_token`: everyone who asks gets the same one. False: from `/cgi-bin/token`, where each new token
  /// ends the one before within five minutes; then all that call for the app must share one `tokenStore`.
  bool stableToken = true;
  std::optional<std::string> pushToken{};       ///< of message push, as set in WeChat's console
  std::optional<std::string> encodingAesKey{};  ///< of message push in safe mode, 43 characters
  /// Where tokens are kept; default: in this provider. When a shared store fails, a stable token is fetched for this process
  /// alone; with `stableToken` false the call fails with the store's error, `notSent`.
  std::shared_ptr<TokenStore> tokenStore{};
};
BOOST_DESCRIBE_STRUCT(WeixinConfig, (),
                      (appId, mchId, key, pfx, pfxPassword, certificate, certificateKey, signType, timeout, sandbox, clientType,
                       secret, payBaseUrl, payBackupUrl, apiBaseUrl, notifyMaxAge, accessToken, stableToken, pushToken,
                       encodingAesKey))

/// WeChat. Cheap to move; keep it as long as you like, calls under way do not need it.
class Weixin {
 public:
  /// Throws `Error` with `Errc::config` when something is missing or a key cannot be read.
  Weixin(boost::asio::any_io_executor executor, WeixinConfig config, HttpOptions options = {});
  Weixin(Weixin&&) noexcept;
  ~Weixin();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;

 public:
  weixin::Auth auth;
  weixin::Analysis analysis;
  weixin::CustomerServiceMessage customerServiceMessage;
  weixin::Wxacode wxacode;
  weixin::Img img;
  weixin::SubscribeMessage subscribeMessage;
  weixin::Phonenumber phonenumber;
  weixin::Security security;
  weixin::Urlscheme urlscheme;
  weixin::Urllink urllink;
  weixin::Order order;
  weixin::OpenData openData;
  weixin::MessagePush messagePush;
  Payment& payment;
};

}  // namespace openapi
