#pragma once

#include <gateways/bmob/context.hpp>

namespace openapi::gateway::bmob {

// Orders of mini programs. A refund says which order and how much; an order may have several, up to what was paid.

[[nodiscard]] Reply createOrder(Context& context, const Call& call);
[[nodiscard]] Reply getOrder(Context& context, const Call& call);
[[nodiscard]] Reply refundOrder(Context& context, const Call& call);

// Of the control server, amounts in fen.
[[nodiscard]] Json listOrders(Context& context);
[[nodiscard]] Json listRefunds(Context& context);
/// Pays `outTradeNo`. Throws `ControlError` 404 and 409.
[[nodiscard]] Json payOrder(Context& context, const Json& input);

}  // namespace openapi::gateway::bmob
