#include <gateways/weixin_api/wechat_pay_orders.hpp>

namespace openapi::gateway::weixin_api {
namespace {

std::optional<Row> rowOf(Context& context, const OrderNumber& number) {
  constexpr auto byTransaction = "SELECT * FROM weixin_orders WHERE sandbox = 0 AND paid IS NOT NULL AND transaction_id = ?";
  constexpr auto byNumber = "SELECT * FROM weixin_orders WHERE sandbox = 0 AND paid IS NOT NULL AND out_trade_no = ?";
  if (!number.transactionId.empty()) return context.database().first(byTransaction, {number.transactionId});
  if (number.mchId != context.identity.mchId || number.outTradeNo.empty()) return std::nullopt;
  return context.database().first(byNumber, {number.outTradeNo});
}

std::int64_t refundedFee(Context& context, std::int64_t orderId) {
  const auto row = context.database().first(
      "SELECT coalesce(sum(refund_fee), 0) AS fee FROM weixin_refunds WHERE order_id = ? AND result = 'SUCCESS'", {orderId});
  return row->integer("fee");
}

}  // namespace

std::optional<PaidOrder> findPaidOrder(Context& context, const OrderNumber& number) {
  const auto row = rowOf(context, number);
  if (!row) return std::nullopt;
  PaidOrder order;
  order.transactionId = row->text("transaction_id");
  order.outTradeNo = row->text("out_trade_no");
  order.appId = row->text("app_id");
  order.openid = row->text("openid");
  order.description = textOf(Json::parse(row->text("params")), "body");
  order.totalFee = row->integer("total_fee");
  order.created = fromMillis(row->integer("created"));
  order.paid = fromMillis(row->integer("paid"));
  order.refunded = refundedFee(context, row->integer("id")) >= order.totalFee;
  return order;
}

}  // namespace openapi::gateway::weixin_api
