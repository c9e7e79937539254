#include <gateways/weixin/rules.hpp>

#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <gateways/clock.hpp>
#include <openapi/error.hpp>
#include <openapi/json.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <arpa/inet.h>
#include <algorithm>
#include <array>

namespace openapi::gateway::weixin {
namespace {

constexpr std::array common{Rule{"appid", 32, true, Shape::text}, Rule{"mch_id", 32, true, Shape::text},
                            Rule{"nonce_str", 32, true, Shape::text}, Rule{"sign", 64, true, Shape::text},
                            Rule{"sign_type", 32, false, Shape::text}};

constexpr std::array unifiedOrder{Rule{"version", 32, false, Shape::text},
                                  Rule{"device_info", 32, false, Shape::text},
                                  Rule{"body", 128, true, Shape::text},
                                  Rule{"detail", 6000, false, Shape::text},
                                  Rule{"attach", 127, false, Shape::text},
                                  Rule{"out_trade_no", 32, true, Shape::orderNumber},
                                  Rule{"fee_type", 16, false, Shape::text},
                                  Rule{"total_fee", 12, true, Shape::amount},
                                  Rule{"spbill_create_ip", 64, true, Shape::address},
                                  Rule{"time_start", 14, false, Shape::time},
                                  Rule{"time_expire", 14, false, Shape::time},
                                  Rule{"goods_tag", 32, false, Shape::text},
                                  Rule{"notify_url", 256, true, Shape::orderUrl},
                                  Rule{"trade_type", 16, true, Shape::text},
                                  Rule{"product_id", 32, false, Shape::text},
                                  Rule{"limit_pay", 32, false, Shape::text},
                                  Rule{"openid", 128, false, Shape::text},
                                  Rule{"receipt", 8, false, Shape::text},
                                  Rule{"scene_info", 256, false, Shape::text}};

constexpr std::array orderQuery{Rule{"transaction_id", 32, false, Shape::text},
                                Rule{"out_trade_no", 32, false, Shape::orderNumber}};

constexpr std::array closeOrder{Rule{"out_trade_no", 32, true, Shape::orderNumber}};

constexpr std::array refund{
    Rule{"transaction_id", 32, false, Shape::text},       Rule{"out_trade_no", 32, false, Shape::orderNumber},
    Rule{"out_refund_no", 64, true, Shape::refundNumber}, Rule{"total_fee", 12, true, Shape::amount},
    Rule{"refund_fee", 12, true, Shape::amount},          Rule{"refund_fee_type", 8, false, Shape::text},
    Rule{"refund_desc", 80, false, Shape::text},          Rule{"refund_account", 30, false, Shape::text},
    Rule{"notify_url", 256, false, Shape::refundUrl}};

constexpr std::array refundQuery{Rule{"transaction_id", 32, false, Shape::text},
                                 Rule{"out_trade_no", 32, false, Shape::orderNumber},
                                 Rule{"out_refund_no", 64, false, Shape::refundNumber}, Rule{"refund_id", 32, false, Shape::text},
                                 Rule{"offset", 9, false, Shape::count}};

bool isDigits(std::string_view text) { return !text.empty() && codec::allDigits(text); }

bool isNumber(std::string_view text, std::string_view extra) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return codec::isAlphanumeric(c) || extra.find(c) != std::string_view::npos; });
}

bool isAddress(const std::string& text) {
  std::array<unsigned char, 16> address{};
  return ::inet_pton(AF_INET, text.c_str(), address.data()) == 1 || ::inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool isUrl(std::string_view text, bool queryAllowed) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed || parsed->host().empty()) return false;
  if (parsed->scheme() != "http" && parsed->scheme() != "https") return false;
  return queryAllowed || !parsed->has_query();
}

bool fits(std::string_view value, Shape shape) {
  switch (shape) {
    case Shape::text:
      return true;
    case Shape::amount:
      return isDigits(value) && value.find_first_not_of('0') != std::string_view::npos;
    case Shape::count:
      return isDigits(value);
    case Shape::orderNumber:
      return isNumber(value, "_-|*");
    case Shape::refundNumber:
      return isNumber(value, "_-|*@");
    case Shape::time:
      return parseCompactTime(value).has_value();
    case Shape::date:
      return parseCompactDate(value).has_value();
    case Shape::address:
      return isAddress(std::string{value});
    case Shape::orderUrl:
      return isUrl(value, false);
    case Shape::refundUrl:
      return isUrl(value, true);
  }
  return false;
}

void checkScene(std::string_view text) {
  if (text.empty()) throw NotAccepted{"缺少参数 scene_info"};
  try {
    const auto scene = Json::parse(text);
    const auto* info = scene.find("h5_info");
    const auto* type = info == nullptr ? nullptr : info->find("type");
    const auto* name = type == nullptr ? nullptr : type->string();
    constexpr std::array<std::string_view, 3> known{"Wap", "IOS", "Android"};
    if (name != nullptr && std::find(known.begin(), known.end(), *name) != known.end()) return;
  } catch (const Error&) {
    throw NotAccepted{"invalid scene_info"};
  }
  throw NotAccepted{"invalid scene_info"};
}

}  // namespace

void check(const codec::FlatXml& xml, std::span<const Rule> rules) {
  for (const auto& rule : rules) {
    const auto value = xml.value(rule.name);
    const std::string name{rule.name};
    if (value.empty()) {
      if (rule.required) throw NotAccepted{"缺少参数 " + name};
      continue;
    }
    if (codec::codePoints(value) > rule.most) throw NotAccepted{name + "参数长度有误"};
    if (!fits(value, rule.shape)) throw NotAccepted{"invalid " + name};
  }
}

std::span<const Rule> unifiedOrderRules() { return unifiedOrder; }
std::span<const Rule> orderQueryRules() { return orderQuery; }
std::span<const Rule> closeOrderRules() { return closeOrder; }
std::span<const Rule> refundRules() { return refund; }
std::span<const Rule> refundQueryRules() { return refundQuery; }
std::span<const Rule> commonRules() { return common; }

void checkTradeType(const codec::FlatXml& xml) {
  const auto type = xml.value("trade_type");
  if (type == "JSAPI") {
    if (xml.value("openid").empty()) throw NotAccepted{"JSAPI支付必须传openid"};
  } else if (type == "NATIVE") {
    if (xml.value("product_id").empty()) throw NotAccepted{"NATIVE支付必须传product_id"};
  } else if (type == "MWEB") {
    checkScene(xml.value("scene_info"));
  } else if (type != "APP") {
    throw NotAccepted{"invalid trade_type"};
  }
}

}  // namespace openapi::gateway::weixin
