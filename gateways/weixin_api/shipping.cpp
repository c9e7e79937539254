#include <gateways/weixin_api/shipping.hpp>

#include <gateways/faults.hpp>
#include <gateways/weixin_api/users.hpp>
#include <gateways/weixin_api/wechat_pay_orders.hpp>

#include <codec/text.hpp>

#include <algorithm>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t express = 1;
constexpr std::int64_t unified = 1;
constexpr std::int64_t split = 2;
constexpr std::size_t mostItems = 15;
constexpr std::size_t mostDescription = 120;
constexpr std::size_t mostNumber = 128;

/// What was shipped of one order.
struct Shipped {
  std::int64_t logisticsType = 0;
  std::int64_t deliveryMode = 0;
  bool finished = false;
  std::int64_t finishCount = 0;
  Json items = Json::Array{};
  Time uploaded{};
};

struct Upload {
  std::int64_t logisticsType = 0;
  std::int64_t deliveryMode = 0;
  bool complete = true;
  Json items = Json::Array{};
  Time time{};
};

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (text.size() < from + count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// `Z`, `+08:00`.
std::optional<std::chrono::minutes> offsetOf(std::string_view text) {
  if (text == "Z") return std::chrono::minutes{0};
  const auto hour = digits(text, 1, 2);
  const auto minute = digits(text, 4, 2);
  const bool good =
      text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' && hour && minute && *hour < 24 && *minute < 60;
  if (!good) return std::nullopt;
  const std::chrono::minutes offset{*hour * 60 + *minute};
  return text[0] == '-' ? -offset : offset;
}

/// `2022-12-15T13:29:35.120+08:00`
std::optional<Time> parseRfc3339(std::string text) {
  if (text.size() < 20 || text[10] != 'T') return std::nullopt;
  text[10] = ' ';
  const auto beijing = parseReadableTime(text.substr(0, 19));
  std::string_view rest = std::string_view{text}.substr(19);
  std::chrono::milliseconds fraction{0};
  if (rest.starts_with('.')) {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end < 2 || end > 10) return std::nullopt;
    auto padded = std::string{rest.substr(1, end - 1)} + "00";
    fraction = std::chrono::milliseconds{*digits(padded, 0, 3)};
    rest.remove_prefix(end);
  }
  const auto offset = offsetOf(rest);
  if (!beijing || !offset) return std::nullopt;
  return *beijing + std::chrono::hours{8} - *offset + fraction;
}

OrderNumber numberIn(const Json& key) {
  const auto type = integerOf(key, "order_number_type").value_or(0);
  OrderNumber number{textOf(key, "transaction_id"), textOf(key, "mchid"), textOf(key, "out_trade_no")};
  if (type == 2) {
    if (number.transactionId.empty()) throw Refused{268485195};
  } else if (type == 1) {
    if (number.mchId.empty()) throw Refused{268485196};
    if (number.outTradeNo.empty()) throw Refused{268485197};
    number.transactionId.clear();
  } else {
    throw Refused{268485194};
  }
  return number;
}

PaidOrder knownOrder(Context& context, const Call& call, const OrderNumber& number) {
  const auto order = findPaidOrder(context, number);
  const std::chrono::seconds delay{context.settings.number("shippingDelaySeconds")};
  if (!order || order->appId != call.appId || context.now() < order->paid + delay) throw Refused{10060001};
  return *order;
}

std::optional<Shipped> shippedOf(Context& context, const std::string& transactionId) {
  const auto row = context.database().first("SELECT * FROM wxapi_shippings WHERE transaction_id = ?", {transactionId});
  if (!row) return std::nullopt;
  return Shipped{row->integer("logistics_type"), row->integer("delivery_mode"),   row->integer("finished") != 0,
                 row->integer("finish_count"),   Json::parse(row->text("items")), fromMillis(row->integer("uploaded"))};
}

void checkItem(const Json& item, std::int64_t logisticsType) {
  const auto description = textOf(item, "item_desc");
  if (description.empty()) throw Refused{10060008};
  if (codec::codePoints(description) > mostDescription) throw Refused{10060009};
  const auto number = textOf(item, "tracking_no");
  const auto company = textOf(item, "express_company");
  if (logisticsType == express && number.empty()) throw Refused{268485226};
  if (logisticsType == express && company.empty()) throw Refused{268485227};
  if (company.size() > mostNumber) throw Refused{10060025};
  if (number.size() > mostNumber) throw Refused{10060026};
  const auto* contact = objectOf(item, "contact");
  const bool reachable =
      contact != nullptr && !(textOf(*contact, "consignor_contact") + textOf(*contact, "receiver_contact")).empty();
  if (company == "SF" && !reachable) throw Refused{10060014, "参数错误：顺丰必须填写 contact"};
}

Upload uploadIn(const Call& call) {
  Upload upload;
  upload.logisticsType = integerOf(call.body, "logistics_type").value_or(0);
  if (upload.logisticsType < 1 || upload.logisticsType > 4) throw Refused{10060005};
  upload.deliveryMode = integerOf(call.body, "delivery_mode").value_or(0);
  if (upload.deliveryMode != unified && upload.deliveryMode != split) throw Refused{268485224};
  if (upload.deliveryMode == split) {
    if (upload.logisticsType != express) throw Refused{10060006};
    const auto all = flagOf(call.body, "is_all_delivered");
    if (!all) throw Refused{10060007};
    upload.complete = *all;
  }
  const auto* list = call.body.find("shipping_list");
  if (list == nullptr || list->array() == nullptr || list->array()->empty())
    throw Refused{10060014, "参数错误：shipping_list 不能为空"};
  if (upload.deliveryMode == unified && list->array()->size() != 1) throw Refused{268485228};
  if (list->array()->size() > mostItems) throw Refused{10060024};
  for (const auto& item : *list->array()) {
    if (item.object() == nullptr) throw Refused{47001};
    checkItem(item, upload.logisticsType);
  }
  upload.items = *list;
  const auto time = parseRfc3339(textOf(call.body, "upload_time"));
  if (!time) throw Refused{268485216};
  upload.time = *time;
  return upload;
}

/// The same numbers, companies and descriptions.
bool isSame(const Shipped& shipped, const Upload& upload) {
  if (shipped.logisticsType != upload.logisticsType || shipped.deliveryMode != upload.deliveryMode) return false;
  const auto& before = *shipped.items.array();
  const auto& now = *upload.items.array();
  return before.size() == now.size() &&
         std::equal(before.begin(), before.end(), now.begin(), [](const Json& left, const Json& right) {
           return textOf(left, "tracking_no") == textOf(right, "tracking_no") &&
                  textOf(left, "express_company") == textOf(right, "express_company") &&
                  textOf(left, "item_desc") == textOf(right, "item_desc");
         });
}

Json::Array stamped(const Upload& upload) {
  Json::Array items;
  for (const auto& item : *upload.items.array()) {
    auto fields = *item.object();
    fields.set("upload_time", toMillis(upload.time) / 1000);
    items.emplace_back(std::move(fields));
  }
  return items;
}

/// A first shipment, the rest of a split one, or the one repetition that an order has.
Shipped merged(const std::optional<Shipped>& before, const Upload& upload) {
  auto items = stamped(upload);
  std::int64_t count = before ? before->finishCount : 0;
  const bool goesOn = before && !before->finished;
  if (goesOn) {
    if (upload.deliveryMode != split) throw Refused{10060014, "参数错误：支付单正在分拆发货"};
    items.insert(items.begin(), before->items.array()->begin(), before->items.array()->end());
    if (items.size() > mostItems) throw Refused{10060024};
  }
  if (before && upload.time <= before->uploaded) throw Refused{268485216};
  if (before && before->finished) {
    if (count >= 2) throw Refused{10060003};
    if (isSame(*before, upload)) throw Refused{10060023};
  }
  if (upload.complete) ++count;
  return Shipped{upload.logisticsType, upload.deliveryMode, upload.complete, count, std::move(items), upload.time};
}

std::optional<Row> stateOf(Context& context, const std::string& transactionId) {
  return context.database().first("SELECT * FROM wxapi_order_states WHERE transaction_id = ?", {transactionId});
}

Json shippingJson(const std::optional<Shipped>& shipped) {
  if (!shipped) return Fields{{"finish_shipping", false}, {"finish_shipping_count", 0}, {"shipping_list", Json::Array{}}};
  Json::Array list;
  std::string description;
  for (const auto& item : *shipped->items.array()) {
    description += (description.empty() ? "" : ";") + textOf(item, "item_desc");
    Fields fields{{"tracking_no", textOf(item, "tracking_no")},
                  {"express_company", textOf(item, "express_company")},
                  {"goods_desc", textOf(item, "item_desc")},
                  {"upload_time", integerOf(item, "upload_time").value_or(0)}};
    if (const auto* contact = objectOf(item, "contact")) fields.append("contact", *contact);
    list.emplace_back(std::move(fields));
  }
  return Fields{{"delivery_mode", shipped->deliveryMode},        {"logistics_type", shipped->logisticsType},
                {"finish_shipping", shipped->finished},          {"goods_desc", description},
                {"finish_shipping_count", shipped->finishCount}, {"shipping_list", std::move(list)}};
}

std::int64_t orderState(const PaidOrder& order, const std::optional<Row>& set, const std::optional<Shipped>& shipped) {
  if (order.refunded) return 5;
  if (set) return set->integer("state");
  return shipped && shipped->finished ? 2 : 1;
}

}  // namespace

Reply uploadShipping(Context& context, const Call& call) {
  const auto* key = objectOf(call.body, "order_key");
  if (key == nullptr) throw Refused{10060014, "参数错误：order_key 不能为空"};
  const auto number = numberIn(*key);
  const auto upload = uploadIn(call);
  const auto* payer = objectOf(call.body, "payer");
  const auto openid = payer == nullptr ? std::string{} : textOf(*payer, "openid");
  if (openid.empty()) throw Refused{10060014, "参数错误：payer.openid 不能为空"};
  const auto order = knownOrder(context, call, number);
  if (order.openid != openid) throw Refused{10060031};
  if (order.refunded) throw Refused{10060004};
  if (stateOf(context, order.transactionId)) throw Refused{10060002};
  const auto shipped = merged(shippedOf(context, order.transactionId), upload);
  context.database().execute(
      "INSERT OR REPLACE INTO wxapi_shippings(transaction_id, logistics_type, delivery_mode, finished, finish_count, items, "
      "uploaded) "
      "VALUES(?,?,?,?,?,?,?)",
      {order.transactionId, shipped.logisticsType, shipped.deliveryMode, std::int64_t{shipped.finished ? 1 : 0},
       shipped.finishCount, shipped.items.json(), toMillis(shipped.uploaded)});
  return success();
}

Reply getShippingOrder(Context& context, const Call& call) {
  const OrderNumber number{textOf(call.body, "transaction_id"), textOf(call.body, "merchant_id"),
                           textOf(call.body, "merchant_trade_no")};
  if (number.transactionId.empty() && (number.mchId.empty() || number.outTradeNo.empty())) throw Refused{10060014};
  const auto order = knownOrder(context, call, number);
  const auto shipped = shippedOf(context, order.transactionId);
  const auto set = stateOf(context, order.transactionId);
  const Json fields = Fields{{"transaction_id", order.transactionId},
                             {"merchant_id", context.identity.mchId},
                             {"sub_merchant_id", ""},
                             {"merchant_trade_no", order.outTradeNo},
                             {"description", order.description},
                             {"paid_amount", order.totalFee},
                             {"openid", order.openid},
                             {"trade_create_time", toMillis(order.created) / 1000},
                             {"pay_time", toMillis(order.paid) / 1000},
                             {"order_state", orderState(order, set, shipped)},
                             {"in_complaint", set && set->integer("in_complaint") != 0},
                             {"shipping", shippingJson(shipped)}};
  return success({{"order", fields}});
}

Json setOrderState(Context& context, const Json& input) {
  const auto transactionId = requireText(input, "transactionId");
  if (!findPaidOrder(context, {transactionId, "", ""})) throw ControlError{404, "there is no such paid order", "transactionId"};
  const auto state = optionalInteger(input, "orderState", 3, 3, 6);
  if (state == 5) throw ControlError{400, "orderState 5 comes with the refund", "orderState"};
  const bool complaint = flagIn(input, "inComplaint", false);
  context.database().execute("INSERT OR REPLACE INTO wxapi_order_states(transaction_id, state, in_complaint) VALUES(?,?,?)",
                             {transactionId, state, std::int64_t{complaint ? 1 : 0}});
  return Fields{{"transactionId", transactionId}, {"orderState", state}, {"inComplaint", complaint}};
}

}  // namespace openapi::gateway::weixin_api
