#pragma once

#include <weixin/payment_operations.hpp>

#include <openapi/http_options.hpp>
#include <openapi/payment.hpp>

#include <memory>

namespace openapi::weixin {

/// WeChat Pay APIv2 behind the unified interface. `config` may lack the merchant's members when the provider is used for
/// the mini-program services only: then every payment call fails with `config`.
[[nodiscard]] std::unique_ptr<Payment> makePayment(const WeixinConfig& config, std::shared_ptr<Transport> transport,
                                                   const HttpOptions& options);

}  // namespace openapi::weixin
