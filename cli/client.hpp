#pragma once

#include <openapi/alipay.hpp>
#include <openapi/bmob.hpp>
#include <openapi/weixin.hpp>

#include <cli/methods.hpp>

#include <optional>

namespace openapi::cli {

class Client {
 public:
  std::optional<Weixin> weixin;
  std::optional<Alipay> alipay;
  std::optional<Bmob> bmob;
  Payment* payment = nullptr;
};

[[nodiscard]] ProviderEntry weixinProvider();
[[nodiscard]] ProviderEntry alipayProvider();
[[nodiscard]] ProviderEntry bmobProvider();

}  // namespace openapi::cli
