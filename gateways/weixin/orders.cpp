#include <gateways/weixin/money.hpp>
#include <gateways/weixin/weixin_platform.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin {
namespace {

constexpr std::chrono::days openTime{7};
constexpr auto sandboxOpenid = "sandboxopenid";

/// What identifies an order's request: all elements but those that differ in every request.
Json paramsOf(const codec::FlatXml& xml) {
  Fields fields;
  for (const auto& field : xml.fields()) {
    if (field.name != "sign" && field.name != "nonce_str" && field.name != "sign_type") {
      fields.append(std::string{field.name}, field.value);
    }
  }
  return fields;
}

std::string randomHex(std::size_t length) { return codec::toLowerHex(crypto::sha256(crypto::randomText(32))).substr(0, length); }

std::string payloadOf(std::string_view tradeType) {
  if (tradeType == "NATIVE") return "weixin://wxpay/bizpayurl?pr=" + crypto::randomText(7) + "zz";
  return {};
}

std::vector<Coupon> couponsFrom(const Json& input, std::int64_t totalFee) {
  std::vector<Coupon> coupons;
  const auto* list = input.find("coupons");
  if (list == nullptr || list->isNull()) return coupons;
  if (list->array() == nullptr) throw ControlError{400, "coupons must be a list", "coupons"};
  std::int64_t sum = 0;
  for (const auto& item : *list->array()) {
    refuseOthers(item, FieldNames{"couponId", "couponType", "couponFee"});
    Coupon coupon{requireText(item, "couponId"), optionalText(item, "couponType", "CASH"),
                  optionalInteger(item, "couponFee", 0, 1, totalFee)};
    if (coupon.type != "CASH" && coupon.type != "NO_CASH") {
      throw ControlError{400, "couponType must be CASH or NO_CASH", "couponType"};
    }
    sum += coupon.fee;
    if (coupon.fee == 0 || sum > totalFee)
      throw ControlError{400, "the coupons must be worth 1 fen to the order's amount", "coupons"};
    coupons.push_back(std::move(coupon));
  }
  return coupons;
}

/// In the platform's own sandbox the amount chooses the case.
std::vector<Coupon> sandboxCase(std::int64_t totalFee) {
  constexpr std::array<std::int64_t, 3> plain{101, 301, 502};
  if (std::find(plain.begin(), plain.end(), totalFee) != plain.end()) return {};
  if (totalFee == 551 || totalFee == 552) return {{"sandbox_coupon_id", "NO_CASH", 50}};
  throw NotAccepted{"沙箱支付金额(" + std::to_string(totalFee) + ")无效,请检查需要验收的case"};
}

void addIfAny(Message& message, const std::string& name, const std::string& value) {
  if (!value.empty()) message.emplace_back(name, value);
}

const char* stateText(const std::string& state) {
  if (state == "SUCCESS") return "支付成功";
  if (state == "REFUND") return "订单发生过退款，退款详情请查询退款单";
  if (state == "CLOSED") return "订单已关闭";
  return "订单未支付";
}

std::string promotionDetail(const Order& order) {
  Json::Array list;
  for (const auto& coupon : order.coupons) {
    list.push_back(Fields{{"promotion_id", coupon.id},
                          {"name", "代金券"},
                          {"scope", "GLOBAL"},
                          {"type", coupon.type == "CASH" ? "COUPON" : "DISCOUNT"},
                          {"amount", coupon.fee},
                          {"activity_id", "931386"},
                          {"wxpay_contribute", 0},
                          {"merchant_contribute", coupon.fee},
                          {"other_contribute", 0}});
  }
  return Json{Fields{{"promotion_detail", std::move(list)}}}.json();
}

}  // namespace

std::string Order::param(std::string_view name) const {
  const auto* value = params.find(name);
  return value == nullptr ? std::string{} : *value->string();
}

Reply WeixinPlatform::unifiedOrder(const Call& call) {
  const auto params = paramsOf(call.xml);
  const auto outTradeNo = call.value("out_trade_no");
  const auto totalFee = std::stoll(call.value("total_fee"));
  const auto sandboxCoupons = call.sandbox ? sandboxCase(totalFee) : std::vector<Coupon>{};
  if (const auto order = findOrder(outTradeNo, call.sandbox)) return repeatOrder(call, *order, params);
  const auto now = services_.clock.now();
  const auto prepayId = "wx" + compactTime(now) + randomHex(20);
  services_.database.execute(
      "INSERT INTO weixin_orders(sandbox, out_trade_no, app_id, params, sign_type, state, prepay_id, created, expires, "
      "total_fee, "
      "openid) VALUES(?,?,?,?,?,'NOTPAY',?,?,?,?,?)",
      {std::int64_t{call.sandbox}, outTradeNo, call.value("appid"), params.json(), static_cast<std::int64_t>(call.type), prepayId,
       toMillis(now), toMillis(expiryOf(call)), std::int64_t{totalFee}, call.value("openid")});
  if (call.sandbox) {
    auto order = *findOrder(outTradeNo, true);
    settle(order, sandboxOpenid, "OTHERS", sandboxCoupons);
    notifyPayment(order, SignType::md5, {});
  }
  return orderAnswer(call, prepayId);
}

Reply WeixinPlatform::repeatOrder(const Call& call, const Order& order, const Json& params) {
  if (call.sandbox) return orderAnswer(call, order.prepayId);
  if (order.appId != call.xml.value("appid")) throw Refused{"OUT_TRADE_NO_USED", "商户订单号重复"};
  if (order.isPaid()) throw Refused{"ORDERPAID", "该订单已支付"};
  if (order.state == "CLOSED") throw Refused{"ORDERCLOSED", "该订单已关闭"};
  if (order.params != params) throw Refused{"INVALID_REQUEST", "201 商户订单号重复"};
  const auto prepayId = "wx" + compactTime(services_.clock.now()) + randomHex(20);
  services_.database.execute("UPDATE weixin_orders SET prepay_id = ?, sign_type = ? WHERE id = ?",
                             {prepayId, static_cast<std::int64_t>(call.type), order.id});
  return orderAnswer(call, prepayId);
}

Reply WeixinPlatform::orderAnswer(const Call& call, const std::string& prepayId) {
  const auto type = call.value("trade_type");
  Message content;
  addIfAny(content, "device_info", call.value("device_info"));
  content.emplace_back("trade_type", type);
  content.emplace_back("prepay_id", prepayId);
  addIfAny(content, "code_url", payloadOf(type));
  if (type == "MWEB") {
    const auto package = digits(std::stoll(prepayId.substr(6, 10)), 10);
    content.emplace_back("mweb_url",
                         "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=" + prepayId + "&package=" + package);
  }
  return success(call, std::move(content));
}

/// Absent: seven days. Otherwise not before one minute from now, and not after 90 days.
Time WeixinPlatform::expiryOf(const Call& call) const {
  const auto now = services_.clock.now();
  const auto asked = parseCompactTime(call.xml.value("time_expire"));
  if (!asked) return now + openTime;
  return std::clamp(*asked, now + std::chrono::minutes{1}, now + std::chrono::days{90});
}

Reply WeixinPlatform::orderQuery(const Call& call) {
  const auto transactionId = call.value("transaction_id");
  const auto outTradeNo = call.value("out_trade_no");
  if (transactionId.empty() && outTradeNo.empty()) throw NotAccepted{"缺少参数 out_trade_no"};
  if (transactionId.find_first_not_of("0123456789") != std::string::npos) throw Refused{"PARAM_ERROR", "微信订单号非法"};
  const auto order = transactionId.empty() ? findOrder(outTradeNo, call.sandbox) : findTransaction(transactionId, call.sandbox);
  if (!order) throw Refused{"ORDERNOTEXIST", "订单不存在"};
  Message content;
  addIfAny(content, "device_info", order->param("device_info"));
  if (order->isPaid()) {
    const auto paid = paymentFields(*order);
    content.insert(content.end(), paid.begin(), paid.end());
    if (call.xml.value("version") == "1.0" && !order->coupons.empty())
      content.emplace_back("promotion_detail", promotionDetail(*order));
  } else {
    content.emplace_back("out_trade_no", order->outTradeNo);
    content.emplace_back("total_fee", std::to_string(order->totalFee));
    addIfAny(content, "attach", order->param("attach"));
  }
  content.emplace_back("trade_state", order->state);
  content.emplace_back("trade_state_desc", stateText(order->state));
  return success(call, std::move(content));
}

Reply WeixinPlatform::closeOrder(const Call& call) {
  const auto order = findOrder(call.value("out_trade_no"), call.sandbox);
  if (!order) throw Refused{"ORDERNOTEXIST", "订单不存在"};
  if (!call.sandbox && order->isPaid()) throw Refused{"ORDERPAID", "该订单已支付"};
  if (order->state == "CLOSED") throw Refused{"ORDERCLOSED", "该订单已关闭"};
  // The documents ask merchants to wait five minutes after creation, but name no error for those who do not: accepted.
  if (!order->isPaid()) services_.database.execute("UPDATE weixin_orders SET state = 'CLOSED' WHERE id = ?", {order->id});
  return success(call, {{"result_msg", "OK"}});
}

std::optional<Order> WeixinPlatform::findOrder(std::string_view outTradeNo, bool sandbox) {
  const auto row = services_.database.first("SELECT * FROM weixin_orders WHERE sandbox = ? AND out_trade_no = ?",
                                            {std::int64_t{sandbox}, std::string{outTradeNo}});
  if (!row) return std::nullopt;
  return orderOf(*row);
}

std::optional<Order> WeixinPlatform::findTransaction(std::string_view transactionId, bool sandbox) {
  const auto row = services_.database.first("SELECT * FROM weixin_orders WHERE sandbox = ? AND transaction_id = ?",
                                            {std::int64_t{sandbox}, std::string{transactionId}});
  if (!row) return std::nullopt;
  return orderOf(*row);
}

std::optional<Order> WeixinPlatform::orderById(std::int64_t id) {
  const auto row = services_.database.first("SELECT * FROM weixin_orders WHERE id = ?", {id});
  if (!row) return std::nullopt;
  return orderOf(*row);
}

Order WeixinPlatform::orderOf(const Row& row) const {
  Order order;
  order.id = row.integer("id");
  order.sandbox = row.integer("sandbox") != 0;
  order.outTradeNo = row.text("out_trade_no");
  order.appId = row.text("app_id");
  order.params = Json::parse(row.text("params"));
  order.signType = static_cast<SignType>(row.integer("sign_type"));
  order.state = row.text("state");
  order.prepayId = row.text("prepay_id");
  order.created = fromMillis(row.integer("created"));
  order.expires = fromMillis(row.integer("expires"));
  order.totalFee = row.integer("total_fee");
  order.openid = row.text("openid");
  order.transactionId = row.text("transaction_id");
  order.bankType = row.text("bank_type");
  order.paid = fromMillis(row.integer("paid"));
  order.coupons = couponsFromStored(row.text("coupons"));
  order.settlementFee = row.integer("settlement_fee");
  order.fee = row.integer("fee");
  order.refundResult = row.text("refund_result");
  const auto closes = std::max(order.expires, order.created + openTime);
  if (order.state == "NOTPAY" && services_.clock.now() >= closes) order.state = "CLOSED";
  return order;
}

/// The buyer has paid: the order changes and the money is booked.
void WeixinPlatform::settle(Order& order, const std::string& openid, const std::string& bankType, std::vector<Coupon> coupons) {
  order.state = "SUCCESS";
  order.openid = openid;
  order.bankType = bankType;
  order.coupons = std::move(coupons);
  order.paid = services_.clock.now();
  order.transactionId = "420000" + digits(order.id % 10000, 4) + compactDate(order.paid) + digits(order.id, 10);
  order.settlementFee = order.totalFee - sumOf(order.coupons, "NO_CASH");
  order.fee = feeOf(order.settlementFee);
  services_.database.execute(
      "UPDATE weixin_orders SET state = ?, openid = ?, bank_type = ?, coupons = ?, paid = ?, transaction_id = ?, settlement_fee "
      "= ?, "
      "fee = ? WHERE id = ?",
      {order.state, order.openid, order.bankType, storedCoupons(order.coupons), toMillis(order.paid), order.transactionId,
       order.settlementFee, order.fee, order.id});
  book(order.sandbox, {order.transactionId, "交易", "交易", true, order.settlementFee, order.param("body"), order.outTradeNo});
  book(order.sandbox, {order.transactionId, "交易", "扣除交易手续费", false, order.fee, "", order.outTradeNo});
}

Message WeixinPlatform::paymentFields(const Order& order) const {
  Message fields{{"openid", order.openid},
                 {"is_subscribe", "N"},
                 {"trade_type", order.param("trade_type")},
                 {"bank_type", order.bankType},
                 {"total_fee", std::to_string(order.totalFee)}};
  if (order.settlementFee != order.totalFee) fields.emplace_back("settlement_total_fee", std::to_string(order.settlementFee));
  fields.insert(fields.end(), {{"fee_type", "CNY"}, {"cash_fee", std::to_string(order.cashFee())}, {"cash_fee_type", "CNY"}});
  if (!order.coupons.empty()) {
    fields.emplace_back("coupon_fee", std::to_string(order.couponFee()));
    fields.emplace_back("coupon_count", std::to_string(order.coupons.size()));
    for (std::size_t i = 0; i < order.coupons.size(); ++i) {
      const auto index = std::to_string(i);
      fields.emplace_back("coupon_type_" + index, order.coupons[i].type);
      fields.emplace_back("coupon_id_" + index, order.coupons[i].id);
      fields.emplace_back("coupon_fee_" + index, std::to_string(order.coupons[i].fee));
    }
  }
  fields.emplace_back("transaction_id", order.transactionId);
  fields.emplace_back("out_trade_no", order.outTradeNo);
  addIfAny(fields, "attach", order.param("attach"));
  fields.emplace_back("time_end", compactTime(order.paid));
  return fields;
}

void WeixinPlatform::notifyPayment(const Order& order, SignType type, const NotifyOptions& options) {
  Message message{{"return_code", "SUCCESS"}, {"result_code", "SUCCESS"}, {"appid", order.appId}, {"mch_id", identity_.mchId}};
  addIfAny(message, "device_info", order.param("device_info"));
  const auto fields = paymentFields(order);
  message.insert(message.end(), fields.begin(), fields.end());
  const auto body = codec::writeXml("xml", withSignature(std::move(message), keyFor(order.sandbox), type));
  services_.notifier.enqueue({"weixin", "payment", order.param("notify_url"), order.outTradeNo, body}, options);
}

Json WeixinPlatform::pay(const Json& input) {
  const auto outTradeNo = requireText(input, "outTradeNo");
  const auto openid = optionalText(input, "openid");
  const auto signType = optionalText(input, "notifySignType");
  if (!signType.empty() && signType != "MD5" && signType != "HMAC-SHA256") {
    throw ControlError{400, "notifySignType must be MD5 or HMAC-SHA256", "notifySignType"};
  }
  const auto options = NotifyOptions::from(input);
  Transaction transaction{services_.database};
  auto order = findOrder(outTradeNo, false);
  if (!order) throw ControlError{404, "there is no such order", "outTradeNo"};
  if (order->isPaid()) throw ControlError{409, "the order is paid", "outTradeNo"};
  if (order->state == "CLOSED") throw ControlError{409, "the order is closed", "outTradeNo"};
  if (services_.clock.now() >= order->expires) throw ControlError{409, "the time to pay has passed", "outTradeNo"};
  if (!order->openid.empty() && !openid.empty() && order->openid != openid) {
    throw ControlError{409, "the order belongs to another openid", "openid"};
  }
  const auto payer = !order->openid.empty() ? order->openid
                     : !openid.empty()      ? openid
                                            : std::string{"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"};
  settle(*order, payer, optionalText(input, "bankType", "OTHERS"), couponsFrom(input, order->totalFee));
  const auto type = signType.empty() ? order->signType : signType == "MD5" ? SignType::md5 : SignType::hmacSha256;
  notifyPayment(*order, type, options);
  transaction.commit();
  return orderJson(*order);
}

Json WeixinPlatform::orders() {
  Json::Array list;
  for (const auto& row : services_.database.query("SELECT * FROM weixin_orders ORDER BY id"))
    list.push_back(orderJson(orderOf(row)));
  return list;
}

Json WeixinPlatform::orderJson(const Order& order) {
  Fields fields{{"provider", "weixin"},
                {"outTradeNo", order.outTradeNo},
                {"transactionId", order.transactionId},
                {"appId", order.appId},
                {"mchId", identity_.mchId},
                {"openid", order.openid},
                {"tradeType", order.param("trade_type")},
                {"tradeState", order.state},
                {"totalFee", order.totalFee},
                {"body", order.param("body")},
                {"attach", order.param("attach")},
                {"notifyUrl", order.param("notify_url")},
                {"prepayId", order.prepayId},
                {"created", readableTime(order.created)},
                {"sandbox", order.sandbox}};
  if (order.isPaid()) {
    fields.append("cashFee", order.cashFee());
    fields.append("couponFee", order.couponFee());
    fields.append("settlementTotalFee", order.settlementFee);
    fields.append("fee", order.fee);
    fields.append("bankType", order.bankType);
    fields.append("timeEnd", compactTime(order.paid));
    fields.append("refundFee", refunded(refundsOf(order.id)));
  }
  return fields;
}

}  // namespace openapi::gateway::weixin
