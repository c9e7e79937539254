#pragma once

#include <openapi/json.hpp>

#include <gateways/platform.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace openapi::gateway {

struct SandboxOptions {
  std::uint16_t port = 0;        ///< of the first server; the others take the ports after it. 0: the system chooses each
  std::string writeConfigDir{};  ///< where the configurations and key files go; empty: a temporary folder
  std::string stateFile{};       ///< SQLite file; empty: in memory
  int notifyScale = 60;          ///< the notification schedules run this many times faster than the platforms' clock
  int clockScale = 1;            ///< the platforms' clock runs this many times faster than the system's
  std::string smsCode = "123456";
  std::chrono::seconds refundTime{60};  ///< until a WeChat refund has succeeded; made shorter by `notifyScale`
  WeixinIdentity weixin{};
  AlipayIdentity alipay{};
};

struct SandboxUrls {
  std::string weixinPay{};
  std::string weixinApi{};
  std::string alipay{};
  std::string bmob{};
  std::string control{};
  std::string caFile{};
};

/// The local platforms on loopback, on a thread of their own. docs/sandbox.md has the control routes of single platforms.
///
/// Control routes, JSON over plain HTTP (`urls().control`). Errors are `{"error":…,"field":…}`.
///
/// | route | does |
/// | --- | --- |
/// | `POST /pay` | the buyer pays: `provider`, `outTradeNo`; optional `openid`, `bankType`, `coupons`, `notifyTimes`,
/// `notifyDelayMs` | | `POST /fault` | `path`, `fault`; optional `times`, `ms`, `status`, `errCode`, `errMsg` | | `POST /clock` |
/// `advanceSeconds`; gives the platforms' time | | `POST /notify` | sends the notifications of `outTradeNo` again: optional
/// `kind`, `notifyTimes`, `notifyDelayMs`; | |  | `{"hold":true}` keeps new ones back, `{"release":true,"reverse":true}` lets
/// them go, the last one first | | `GET /orders`, `GET /refunds`, `GET /notifies` | arrays of what the platforms know |
class Sandbox {
 public:
  explicit Sandbox(SandboxOptions options = {});
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  ~Sandbox();

  [[nodiscard]] const SandboxUrls& urls() const;
  /// The JSON line that `openapi sandbox` prints when it is ready.
  [[nodiscard]] std::string readyLine() const;
  /// Where `weixin.json`, `alipay.json` and `bmob.json` are.
  [[nodiscard]] const std::string& configDir() const;
  /// A control route without a socket, from any thread but the sandbox's own. Throws `ControlError`.
  Json control(std::string_view method, std::string_view path, const Json& input = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace openapi::gateway
