#include <gateways/alipay/order_params.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace openapi::gateway::alipay {
namespace {

constexpr Fen maxTotal{100'000'000 * std::int64_t{100}};
constexpr std::size_t maxGoods = 150;

bool all(std::string_view text, std::string_view allowed) { return text.find_first_not_of(allowed) == std::string_view::npos; }

constexpr std::string_view digits = "0123456789";
constexpr std::string_view wordCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// The token of a number or text; no value when it is neither.
std::optional<std::string> tokenOf(const Json& value) {
  if (const auto* text = value.string()) return *text;
  if (const auto* integer = value.integer()) return std::to_string(*integer);
  if (const auto* number = value.number()) return number->text;
  return std::nullopt;
}

const Json* present(const Json& biz, std::string_view name) {
  const auto* value = biz.find(name);
  return value == nullptr || value->isNull() ? nullptr : value;
}

std::optional<Fen> amountOf(const Json& value) {
  const auto token = tokenOf(value);
  if (!token || token->size() > 12) return std::nullopt;
  return Fen::fromYuan(*token);
}

std::optional<Fen> optionalAmount(const Json& biz, std::string_view name) {
  const auto* value = present(biz, name);
  if (value == nullptr) return std::nullopt;
  const auto amount = amountOf(*value);
  if (!amount) throw invalidParameter(std::string{name} + "格式错误");
  return amount;
}

void checkTotal(const Json& biz, Fen total) {
  if (total > maxTotal) throw refusal("ACQ.TOTAL_FEE_EXCEED");
  const auto discountable = optionalAmount(biz, "discountable_amount");
  const auto undiscountable = optionalAmount(biz, "undiscountable_amount");
  if (discountable && undiscountable && *discountable + *undiscountable != total) {
    throw invalidParameter("订单总金额不等于可打折金额与不可打折金额之和");
  }
}

std::chrono::seconds expressOf(const std::string& text, Time now) {
  using namespace std::chrono;
  if (text == "1c") return duration_cast<seconds>(startOfDay(now) + days{1} - now);
  const auto number = std::string_view{text}.substr(0, text.empty() ? 0 : text.size() - 1);
  if (number.empty() || number.size() > 5 || number.front() == '0' || !all(number, digits)) {
    throw invalidParameter("timeout_express格式错误");
  }
  const auto count = std::stol(std::string{number});
  const auto unit = text.back();
  if (unit != 'm' && unit != 'h' && unit != 'd') throw invalidParameter("timeout_express格式错误");
  const auto wait = unit == 'm' ? seconds{minutes{count}} : unit == 'h' ? seconds{hours{count}} : seconds{days{count}};
  if (wait > days{15}) throw invalidParameter("timeout_express超出范围");
  return wait;
}

Time expiryOf(const Json& biz, Product product, Time now) {
  const auto express = textOf(biz, "timeout_express", 6);
  const auto absolute = textOf(biz, "time_expire", 32);
  if (!absolute.empty()) {
    const auto time = parseReadableTime(absolute.size() == 16 ? absolute + ":00" : absolute);
    if (!time) throw invalidParameter("time_expire格式错误");
    if (*time <= now) throw refusal("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
    return *time;
  }
  if (!express.empty()) return now + expressOf(express, now);
  const bool faceToFace = product == Product::precreate || product == Product::pay;
  return now + (faceToFace ? std::chrono::hours{3} : std::chrono::hours{15 * 24});
}

void checkProductCode(Product product, const std::string& code) {
  const auto oneOf = [&](std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  switch (product) {
    case Product::page:
      if (code != "FAST_INSTANT_TRADE_PAY") throw invalidParameter("product_code取值不正确");
      break;
    case Product::wap:
      if (!oneOf({"QUICK_WAP_WAY", "QUICK_WAP_PAY"})) throw invalidParameter("product_code取值不正确");
      break;
    case Product::app:
      if (!oneOf({"", "QUICK_MSECURITY_PAY", "CYCLE_PAY_AUTH"})) throw invalidParameter("product_code取值不正确");
      break;
    case Product::pay:
      if (oneOf({"GENERAL_WITHHOLDING", "CYCLE_PAY_AUTH"})) throw refusal("ACQ.AGREEMENT_NOT_EXIST");
      if (!oneOf({"", "FACE_TO_FACE_PAYMENT", "OFFLINE_PAYMENT"})) throw refusal("ACQ.ACCESS_FORBIDDEN");
      break;
    case Product::create:
    case Product::precreate:
      break;
  }
}

void checkGoods(const Json& biz) {
  const auto* goods = present(biz, "goods_detail");
  if (goods == nullptr) return;
  if (goods->array() == nullptr) throw invalidParameter("goods_detail格式错误");
  if (goods->array()->size() > maxGoods) throw refusal("ACQ.SUB_GOODS_SIZE_MAX_COUNT");
  for (const auto& item : *goods->array()) {
    if (item.object() == nullptr) throw invalidParameter("goods_detail格式错误");
    static_cast<void>(requiredText(item, "goods_id", 64));
    static_cast<void>(requiredText(item, "goods_name", 256));
    static_cast<void>(requiredAmount(item, "price", "商品单价"));
    if (present(item, "quantity") == nullptr) throw invalidParameter("quantity不能为空");
  }
}

/// Fields that are only as long as they may be.
void checkLengths(const Json& biz) {
  constexpr auto limits = std::to_array<std::pair<std::string_view, std::size_t>>({{"alipay_store_id", 32},
                                                                                   {"merchant_order_no", 32},
                                                                                   {"quit_url", 400},
                                                                                   {"specified_channel", 128},
                                                                                   {"op_app_id", 32},
                                                                                   {"op_buyer_open_id", 128},
                                                                                   {"enable_pay_channels", 128},
                                                                                   {"disable_pay_channels", 128}});
  for (const auto& [name, length] : limits) static_cast<void>(textOf(biz, name, length));
  if (present(biz, "enable_pay_channels") != nullptr && present(biz, "disable_pay_channels") != nullptr) {
    throw invalidParameter("enable_pay_channels与disable_pay_channels不能同时传入");
  }
}

void readBuyer(OrderParams& order, const Json& biz, const std::string& sellerId) {
  order.buyerId = textOf(biz, "buyer_id", 28);
  order.buyerOpenId = textOf(biz, "buyer_open_id", 128);
  const auto logon = textOf(biz, "buyer_logon_id", 100);
  if (!order.buyerId.empty() && !isUserId(order.buyerId)) throw refusal("ACQ.BUYER_NOT_EXIST");
  if (order.buyerId == sellerId) throw refusal("ACQ.BUYER_SELLER_EQUAL");
  if (order.product != Product::create) return;
  if (order.buyerId.empty() && !order.buyerOpenId.empty()) order.buyerId = userIdFor(order.buyerOpenId);
  if (order.buyerId.empty() && !logon.empty()) order.buyerId = userIdFor(logon);
  if (order.buyerId.empty()) throw invalidParameter("买家信息不能为空，buyer_id、buyer_open_id、buyer_logon_id至少传一个");
}

void readBarCode(OrderParams& order, const Json& biz) {
  order.authCode = requiredText(biz, "auth_code", 64);
  const auto scene = requiredText(biz, "scene", 32);
  if (scene != "bar_code" && scene != "security_code") throw invalidParameter("scene取值不正确");
  const auto& code = order.authCode;
  const bool number = code.size() >= 16 && code.size() <= 24 && all(code, digits) && code >= "25" && code < "31";
  const bool face = code.size() == 35 && code.starts_with("fp");
  if (!number && !face) throw refusal("ACQ.PAYMENT_AUTH_CODE_INVALID");
}

}  // namespace

Refusal invalidParameter(const std::string& what) { return {"40004", "ACQ.INVALID_PARAMETER", "参数无效：" + what}; }

std::string textOf(const Json& biz, std::string_view name, std::size_t maxLength) {
  const auto* value = present(biz, name);
  if (value == nullptr) return {};
  const auto* integer = value->integer();
  if (value->string() == nullptr && integer == nullptr) throw invalidParameter(std::string{name} + "类型错误");
  auto text = integer != nullptr ? std::to_string(*integer) : *value->string();
  if (codec::codePoints(text) > maxLength) throw invalidParameter(std::string{name} + "超长");
  return text;
}

std::string requiredText(const Json& biz, std::string_view name, std::size_t maxLength) {
  auto text = textOf(biz, name, maxLength);
  if (text.empty()) throw invalidParameter(std::string{name} + "不能为空");
  return text;
}

Fen requiredAmount(const Json& biz, std::string_view name, const std::string& label) {
  const auto* value = present(biz, name);
  if (value == nullptr) throw invalidParameter(label + "不能为空");
  const auto amount = amountOf(*value);
  if (!amount) throw invalidParameter(label + "格式错误");
  if (*amount < Fen{1}) throw invalidParameter(label + "不能小于0.01");
  return *amount;
}

bool queryOption(const Json& biz, std::string_view name) {
  const auto* options = present(biz, "query_options");
  if (options == nullptr || options->array() == nullptr) return false;
  return std::any_of(options->array()->begin(), options->array()->end(),
                     [&](const Json& option) { return option.string() != nullptr && *option.string() == name; });
}

std::string OrderParams::fingerprint() const {
  return Json{Json::Array{total.yuan(), subject, body, buyerId, productCode}}.json();
}

std::string userIdFor(std::string_view name) {
  const auto hash = crypto::sha256(name);
  std::string id = "2088";
  for (std::size_t i = 0; i < 12; ++i) id += static_cast<char>('0' + hash[i] % 10);
  return id;
}

bool isUserId(std::string_view text) { return text.size() == 16 && text.starts_with("2088") && all(text, digits); }

OrderParams readOrder(const Json& biz, const OrderRules& rules, Time now) {
  OrderParams order;
  order.product = rules.product;
  order.outTradeNo = requiredText(biz, "out_trade_no", 64);
  if (!all(order.outTradeNo, wordCharacters)) throw invalidParameter("out_trade_no格式错误");
  order.total = requiredAmount(biz, "total_amount", "订单总金额");
  checkTotal(biz, order.total);
  order.subject = requiredText(biz, "subject", 256);
  if (rules.subjectCharacters && order.subject.find_first_of("/=&") != std::string::npos) {
    throw invalidParameter("subject包含特殊字符");
  }
  order.body = textOf(biz, "body", 128);
  order.productCode = textOf(biz, "product_code", 64);
  order.passbackParams = textOf(biz, "passback_params", 512);
  order.storeId = textOf(biz, "store_id", 32);
  order.operatorId = textOf(biz, "operator_id", 28);
  order.terminalId = textOf(biz, "terminal_id", 32);
  const auto seller = textOf(biz, "seller_id", 28);
  if (!seller.empty() && seller != rules.sellerId) throw refusal("ACQ.SELLER_NOT_EXIST");
  checkProductCode(rules.product, order.productCode);
  checkGoods(biz);
  checkLengths(biz);
  readBuyer(order, biz, rules.sellerId);
  if (rules.product == Product::pay) readBarCode(order, biz);
  order.expires = expiryOf(biz, rules.product, now);
  return order;
}

}  // namespace openapi::gateway::alipay
