#pragma once

#include <gateways/weixin_api/context.hpp>

namespace openapi::gateway::weixin_api {

[[nodiscard]] Reply uploadShipping(Context& context, const Call& call);    ///< `/wxa/sec/order/upload_shipping_info`
[[nodiscard]] Reply getShippingOrder(Context& context, const Call& call);  ///< `/wxa/sec/order/get_order`

/// Control: `transactionId` is in `orderState` 3 (receipt confirmed), 4 (finished) or 6 (settled); optional `inComplaint`.
Json setOrderState(Context& context, const Json& input);

}  // namespace openapi::gateway::weixin_api
