#pragma once

#include <gateways/weixin_api/context.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::weixin_api {

/// Which payment: WeChat Pay's number, or the merchant's two.
struct OrderNumber {
  std::string transactionId{};
  std::string mchId{};
  std::string outTradeNo{};
};

/// An order of the local WeChat Pay, which lives in the same database.
struct PaidOrder {
  std::string transactionId{};
  std::string outTradeNo{};
  std::string appId{};
  std::string openid{};
  std::string description{};
  std::int64_t totalFee = 0;
  Time created{};
  Time paid{};
  bool refunded = false;  ///< all of it
};

[[nodiscard]] std::optional<PaidOrder> findPaidOrder(Context& context, const OrderNumber& number);

}  // namespace openapi::gateway::weixin_api
