#pragma once

#include <openapi/alipay.hpp>
#include <openapi/weixin.hpp>

#include <cli/methods.hpp>

#include <optional>

namespace openapi::cli {

class Client {
 public:
  std::optional<Weixin> weixin;
  std::optional<Alipay> alipay;
  Payment* payment = nullptr;
};

[[nodiscard]] ProviderEntry weixinProvider();
[[nodiscard]] ProviderEntry alipayProvider();

}  // namespace openapi::cli
