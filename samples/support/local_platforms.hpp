#pragma once

#include <openapi/openapi.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace samples {

/// WeChat Pay, WeChat's mini-program platform, Alipay and Bmob on this machine, so that a sample runs without a merchant account.
/// A real program has its own configuration instead; nothing else in a sample depends on this class.
class LocalPlatforms {
 public:
  LocalPlatforms();
  LocalPlatforms(const LocalPlatforms&) = delete;
  LocalPlatforms& operator=(const LocalPlatforms&) = delete;
  ~LocalPlatforms();

  openapi::WeixinConfig weixin{};
  openapi::AlipayConfig alipay{};
  openapi::BmobConfig bmob{};
  openapi::HttpOptions http{};  ///< with the roots of these platforms' certificates

  /// A control route of the platforms, such as `POST /pay`: what the buyer does, and what goes wrong.
  openapi::Json control(std::string_view method, std::string_view path, const openapi::Json& input = {});
  /// The buyer pays; the platform sends the notification `times` times.
  void buyerPays(std::string_view provider, std::string_view outTradeNo, int times = 1);
  /// A code that the mini program of the user `openid` got: `/code` from `wx.login`, `/phonecode` from its phone number button.
  std::string codeOf(std::string_view route, std::string_view openid);
  /// Whether an order has reached the platforms.
  bool hasOrder(std::string_view outTradeNo);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A folder for the files of a sample, gone when it ends.
class Folder {
 public:
  explicit Folder(const std::string& name);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What the platforms' folder of configurations says.
[[nodiscard]] openapi::WeixinConfig readWeixinConfig(const std::string& folder);
[[nodiscard]] openapi::AlipayConfig readAlipayConfig(const std::string& folder);
[[nodiscard]] openapi::BmobConfig readBmobConfig(const std::string& folder);

/// Ends a sample that did not see what it should.
inline void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error{std::string{"not as expected: "} + what};
}

}  // namespace samples
