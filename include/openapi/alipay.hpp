#pragma once

#include <openapi/http_options.hpp>
#include <openapi/named_request.hpp>
#include <openapi/payment.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace openapi {

/// Who calls Alipay, and with which keys. Names and defaults are those of the requirement documents.
struct AlipayConfig {
  std::string appId{};
  std::string privateKey{};                 ///< the app's private key: PKCS#8 or PKCS#1, PEM or bare base64
  std::optional<std::string> keyType{};     ///< `PKCS8` (default) or `PKCS1`, for a bare base64 key; either is recognised
  std::string alipayPublicKey{};            ///< Alipay's public key (not the app's): PEM or bare base64
  std::optional<std::string> mchId{};       ///< the payee (`seller_id`); sent with orders and compared in notifications
  std::optional<std::string> signType{};    ///< `RSA2` (default) or `RSA`
  std::int64_t timeout = 5000;              ///< milliseconds, over all attempts of one call
  bool sandbox = false;                     ///< Alipay's own sandbox
  std::optional<std::string> clientType{};  ///< `mp-alipay` (default), `app-plus`, `page`, `wap`
  std::optional<std::string> gateway{};     ///< default `https://openapi.alipay.com/gateway.do`
  /// Seconds. When set, a notification whose `notify_time` is older, or in the future, is `stale`. Alipay repeats for 25 hours.
  std::optional<std::int64_t> notifyMaxAge{};
};
BOOST_DESCRIBE_STRUCT(AlipayConfig, (),
                      (appId, privateKey, keyType, alipayPublicKey, mchId, signType, timeout, sandbox, clientType, gateway,
                       notifyMaxAge))

namespace alipay {

struct Code2SessionRequest {
  std::string code{};  ///< from the mini program's login, valid once
};
BOOST_DESCRIBE_STRUCT(Code2SessionRequest, (), (code))

struct Code2SessionResult {
  std::string openid{};  ///< the user's id: `user_id`, or `open_id` for apps that get only that
  std::optional<std::string> unionId{};
  std::optional<std::string> accessToken{};
  std::optional<std::string> userId{};
  std::optional<std::int64_t> expiresIn{};  ///< seconds
  std::optional<std::string> refreshToken{};
  std::optional<std::int64_t> reExpiresIn{};  ///< seconds
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Code2SessionResult, (), (openid, unionId, accessToken, userId, expiresIn, refreshToken, reExpiresIn, extra))

/// Alipay login. Thread safety, cancellation and errors as for `Payment`.
class Auth {
 public:
  virtual ~Auth() = default;
  /// Exchanges the code of `uni.login` for the user's `openid` (alipay.system.oauth.token). A code works
  /// once, so the call is never repeated by the library.
  boost::asio::awaitable<Code2SessionResult> code2Session(const Code2SessionRequest& request) { return doCode2Session(request); }
  /// The same, with nothing but the code.
  boost::asio::awaitable<Code2SessionResult> code2Session(const std::string& code) {
    return doCode2Session(Code2SessionRequest{code});
  }
  OPENAPI_NAMED_REQUEST(code2Session, Code2SessionRequest);

 private:
  virtual boost::asio::awaitable<Code2SessionResult> doCode2Session(const Code2SessionRequest& request) = 0;
};

}  // namespace alipay

/// Alipay. Cheap to move; keep it as long as you like, calls under way do not need it.
class Alipay {
 public:
  /// Throws `Error` with `Errc::config` when something is missing or a key cannot be read.
  Alipay(boost::asio::any_io_executor executor, AlipayConfig config, HttpOptions options = {});
  Alipay(Alipay&&) noexcept;
  ~Alipay();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;

 public:
  alipay::Auth& auth;
  Payment& payment;
};

}  // namespace openapi
