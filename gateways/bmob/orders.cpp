#include <gateways/bmob/orders.hpp>

#include <gateways/faults.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>
#include <openapi/fen.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr Fen mostPrice{10'000'000'000};
constexpr std::int64_t miniProgram = 4;
constexpr std::size_t maxText = 255;

std::string requiredText(const Fields& fields, const std::string& name) {
  auto text = textOf(fields, name);
  if (text.empty()) throw Refused{10001, name + " required."};
  if (text.size() > maxText) throw Refused{10003, name + " is too long."};
  return text;
}

/// Yuan as a number, or as a text of one: two decimals at most, more than nothing.
Fen requiredAmount(const Fields& fields, const std::string& name) {
  const auto* value = fields.find(name);
  if (value == nullptr || value->isNull() || *value == Json{""}) throw Refused{10001, name + " required."};
  std::string text;
  if (value->string() != nullptr) text = *value->string();
  if (value->integer() != nullptr || value->number() != nullptr) text = value->json();
  const auto amount = Fen::fromYuan(text);
  if (!amount || *amount <= Fen{0} || *amount > mostPrice) throw Refused{10003, name + " is not right."};
  return *amount;
}

std::string paySign(const Context& context, std::string text) {
  text += "&key=" + context.identity.secretKey;
  return codec::toUpperHex(crypto::md5(text));
}

struct Order {
  std::int64_t id = 0;
  std::string number{};
  std::string name{};
  std::string body{};
  std::string openid{};
  std::string transactionId{};  ///< empty: not paid
  Fen price{};
  Fen refunded{};
  Time created{};
  Time paid{};

  [[nodiscard]] bool isPaid() const { return !transactionId.empty(); }
};

Order orderIn(const Row& row) {
  return {.id = row.integer("id"),
          .number = row.text("number"),
          .name = row.text("name"),
          .body = row.text("body"),
          .openid = row.text("openid"),
          .transactionId = row.text("transaction_id"),
          .price = Fen{row.integer("price")},
          .refunded = Fen{row.integer("refunded")},
          .created = fromMillis(row.integer("created")),
          .paid = fromMillis(row.integer("paid"))};
}

std::optional<Order> findOrder(Context& context, const std::string& number) {
  const auto row = context.database().first("SELECT * FROM bmob_orders WHERE number = ?", {number});
  if (!row) return std::nullopt;
  return orderIn(*row);
}

Order orderCalled(Context& context, const std::string& number) {
  auto order = findOrder(context, number);
  if (!order) throw Refused{10002, "order_no not exists."};
  return std::move(*order);
}

Json orderJson(const Order& order) {
  Fields fields{{"provider", "bmob"},
                {"outTradeNo", order.number},
                {"transactionId", order.transactionId},
                {"openid", order.openid},
                {"tradeType", "JSAPI"},
                {"tradeState", order.isPaid() ? "SUCCESS" : "NOTPAY"},
                {"totalFee", order.price.count()},
                {"refundFee", order.refunded.count()},
                {"subject", order.name},
                {"body", order.body},
                {"created", readableTime(order.created)}};
  if (order.isPaid()) fields.append("timeEnd", compactTime(order.paid));
  return fields;
}

}  // namespace

Reply createOrder(Context& context, const Call& call) {
  const auto& fields = contentOf(call);
  const auto price = requiredAmount(fields, "order_price");
  const auto name = requiredText(fields, "product_name");
  const auto openid = requiredText(fields, "open_id");
  const auto body = textOf(fields, "body");
  if (body.size() > maxText) throw Refused{10003, "body is too long."};
  if (integerOf(fields, "pay_type").value_or(miniProgram) != miniProgram) throw Refused{10003, "pay_type is not supported."};
  const auto number = randomHex(32);
  context.database().execute("INSERT INTO bmob_orders(number, name, body, openid, price, created) VALUES(?, ?, ?, ?, ?, ?)",
                             {number, name, body, openid, price.count(), toMillis(context.now())});
  const auto timestamp = std::to_string(toMillis(context.now()) / 1000);
  const auto nonce = crypto::randomText(32);
  const auto package = "prepay_id=wx" + compactTime(context.now()) + crypto::randomText(18);
  const auto text = "nonceStr=" + nonce + "&package=" + package + "&signType=MD5&timeStamp=" + timestamp;
  return answer(Fields{{"timestamp", timestamp},
                       {"noncestr", nonce},
                       {"package", package},
                       {"signType", "MD5"},
                       {"out_trade_no", number},
                       {"sign", paySign(context, text)}});
}

Reply getOrder(Context& context, const Call& call) {
  const auto order = orderCalled(context, call.captured.at(0));
  return answer(Fields{{"name", order.name},
                       {"body", order.body},
                       {"create_time", readableTime(order.created)},
                       {"out_trade_no", order.number},
                       {"transaction_id", order.transactionId},
                       {"pay_type", "WECHATPAY"},
                       {"total_fee", Json::Number{order.price.yuan()}},
                       {"trade_state", order.isPaid() ? "SUCCESS" : "NOTPAY"}});
}

Reply refundOrder(Context& context, const Call& call) {
  const auto& fields = contentOf(call);
  const auto number = requiredText(fields, "order_no");
  const auto amount = requiredAmount(fields, "refund_fee");
  const auto reason = requiredText(fields, "desc");
  const auto order = orderCalled(context, number);
  if (!order.isPaid()) throw Refused{10003, "order_no is not paid."};
  if (amount > order.price - order.refunded) throw Refused{10003, "refund_fee is more than what is left of the order."};
  auto& database = context.database();
  database.execute("UPDATE bmob_orders SET refunded = refunded + ? WHERE number = ?", {amount.count(), number});
  database.execute("INSERT INTO bmob_refunds(number, fee, reason, created) VALUES(?, ?, ?, ?)",
                   {number, amount.count(), reason, toMillis(context.now())});
  return done();
}

Json listOrders(Context& context) {
  Json::Array list;
  for (const auto& row : context.database().query("SELECT * FROM bmob_orders ORDER BY id"))
    list.push_back(orderJson(orderIn(row)));
  return list;
}

Json listRefunds(Context& context) {
  Json::Array list;
  for (const auto& row :
       context.database().query("SELECT bmob_refunds.id, number, fee, reason, bmob_refunds.created, price, transaction_id "
                                "FROM bmob_refunds JOIN bmob_orders USING(number) ORDER BY bmob_refunds.id")) {
    list.push_back(Fields{{"provider", "bmob"},
                          {"outTradeNo", row.text("number")},
                          {"transactionId", row.text("transaction_id")},
                          {"outRefundNo", std::to_string(row.integer("id"))},
                          {"refundFee", row.integer("fee")},
                          {"totalFee", row.integer("price")},
                          {"refundStatus", "SUCCESS"},
                          {"refundDesc", row.text("reason")},
                          {"created", readableTime(fromMillis(row.integer("created")))}});
  }
  return list;
}

Json payOrder(Context& context, const Json& input) {
  const auto number = requireText(input, "outTradeNo");
  const auto openid = optionalText(input, "openid");
  const auto order = findOrder(context, number);
  if (!order) throw ControlError{404, "there is no order with this outTradeNo", "outTradeNo"};
  if (order->isPaid()) throw ControlError{409, "the order is paid already", "outTradeNo"};
  if (!openid.empty() && openid != order->openid) throw ControlError{409, "the order belongs to another openid", "openid"};
  const auto transactionId = "4200" + compactTime(context.now()) + std::to_string(1'000'000'000 + order->id);
  context.database().execute("UPDATE bmob_orders SET transaction_id = ?, paid = ? WHERE number = ?",
                             {transactionId, toMillis(context.now()), number});
  return orderJson(*findOrder(context, number));
}

}  // namespace openapi::gateway::bmob
