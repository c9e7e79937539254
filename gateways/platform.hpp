#pragma once

#include <openapi/json.hpp>

#include <gateways/clock.hpp>
#include <gateways/database.hpp>
#include <gateways/faults.hpp>
#include <gateways/http_server.hpp>
#include <gateways/notifier.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway {

/// One local platform. All calls come on one thread.
class Platform {
 public:
  virtual ~Platform() = default;
  /// Answers a merchant's request.
  [[nodiscard]] virtual Reply handle(const Request& request) = 0;
  /// The names by which `POST /fault` addresses this request: its path, its method name.
  [[nodiscard]] virtual std::vector<std::string> faultNames(const Request& request) const = 0;
  /// The platform's own business error, signed like any other answer; nothing happens to the state.
  [[nodiscard]] virtual Reply errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) = 0;
  /// Makes the signature of an answer wrong, and nothing else.
  virtual void spoilSignature(Reply& reply) const = 0;

  /// Every order and refund: an array of objects with camelCase members, amounts in fen, and `provider`.
  [[nodiscard]] virtual Json orders() = 0;
  [[nodiscard]] virtual Json refunds() = 0;
  /// What a control route of this platform takes beside `provider`; the sandbox refuses other members. No value: there is no such
  /// route.
  [[nodiscard]] virtual std::optional<FieldNames> controlFields(std::string_view route) const = 0;
  /// The buyer pays the order `outTradeNo` of the `POST /pay` body. Gives the order as in `orders()`.
  /// Throws `ControlError`: 404 for an unknown order, 409 for one that cannot be paid, 400 for bad input.
  virtual Json pay(const Json& input) = 0;
  /// Control routes of this platform alone, such as `/withdraw`. Throws `ControlError` 404 for one it does not know.
  virtual Json extra(std::string_view route, const Json& input);
};

/// What a platform is built on; all of it outlives the platform.
struct Services {
  Clock& clock;
  Database& database;
  Notifier& notifier;
};

/// Who the merchant is at the local WeChat.
struct WeixinIdentity {
  std::string appId = "wx2421b1c4370ec43b";
  std::string mchId = "10000100";
  std::string key = "192006250b4c09247ec02edce69f6a2d";
  std::string secret = "b2f1a4c97d3e48a1a6c05f1e8d7b9c32";
  std::vector<std::string> otherAppIds{};  ///< more apps of the same merchant
  bool strictLimits = false;               ///< also the request rates: 6 bad refunds a second, one refund of an order a minute
  std::chrono::milliseconds refundDelay{1000};  ///< platform time from accepting a refund to its success
};

/// Who the merchant is at the local Alipay. Empty keys are made fresh.
struct AlipayIdentity {
  std::string appId = "2021000122671080";
  std::string sellerId = "2088102119685838";
  std::string signType = "RSA2";
  std::string appPrivateKey{};     ///< PEM; handed to the merchant, the platform itself uses only `appPublicKey`
  std::string appPublicKey{};      ///< PEM
  std::string alipayPrivateKey{};  ///< PEM; signs answers and notifications
  std::string alipayPublicKey{};   ///< PEM; handed to the merchant
};

/// The app at the local Bmob.
struct BmobIdentity {
  std::string applicationId{};
  std::string restApiKey{};
  std::string secretKey{};  ///< 16 characters; of signed requests
  std::string safeCode{};   ///< 6 characters; of signed requests, never sent
  std::string masterKey{};
  std::string smsCode{};      ///< every SMS code; empty: each is random
  bool refuseReplays = true;  ///< a signed request is good once
};

[[nodiscard]] std::unique_ptr<Platform> makeWeixinPlatform(WeixinIdentity identity, Services services);
/// WeChat's services for mini programs. Shares the database with `makeWeixinPlatform`, which must have been called before: the
/// payments are there.
[[nodiscard]] std::unique_ptr<Platform> makeWeixinApiPlatform(WeixinIdentity identity, Services services);
[[nodiscard]] std::unique_ptr<Platform> makeAlipayPlatform(AlipayIdentity identity, Services services);

/// `filesFolder`: where uploaded files are; empty: a temporary folder that goes with the platform.
[[nodiscard]] std::unique_ptr<Platform> makeBmobPlatform(BmobIdentity identity, Services services, std::string filesFolder = {});

/// The keys of the local WeChat's message push, made once for a database.
struct WeixinPushKeys {
  std::string token{};
  std::string encodingAesKey{};
};
[[nodiscard]] WeixinPushKeys weixinPushKeys(Database& database);

/// Answers a request through the faults that wait for it.
[[nodiscard]] Reply answer(Platform& platform, Faults& faults, const Request& request);

}  // namespace openapi::gateway
