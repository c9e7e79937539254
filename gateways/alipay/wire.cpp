#include <gateways/alipay/wire.hpp>

#include <codec/ascii.hpp>
#include <codec/form.hpp>
#include <codec/multipart.hpp>
#include <codec/text.hpp>
#include <crypto/sign_content.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace openapi::gateway::alipay {
namespace {

void addForm(Params& params, std::string_view form) {
  if (form.empty()) return;
  for (auto& [name, value] : codec::parseForm(form)) params.add(std::move(name), std::move(value));
}

std::string joined(const codec::FormFields& items, bool skipEmpty, bool keepSignType) {
  std::vector<crypto::NamedValue> fields;
  for (const auto& [name, value] : items) {
    if (name != "sign" && (keepSignType || name != "sign_type")) fields.emplace_back(name, value);
  }
  return crypto::signContent(fields, skipEmpty);
}

void appendEscaped(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '/':
        out += "\\/";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          std::array<char, 8> code{};
          std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
          out += code.data();
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append(std::string& out, const Json& value) {
  if (const auto* text = value.string()) {
    appendEscaped(out, *text);
  } else if (const auto* array = value.array()) {
    out += '[';
    for (const auto& item : *array) {
      if (&item != array->data()) out += ',';
      append(out, item);
    }
    out += ']';
  } else if (const auto* object = value.object()) {
    out += '{';
    for (const auto& field : *object) {
      if (&field != object->begin()) out += ',';
      appendEscaped(out, field.name);
      out += ':';
      append(out, field.value);
    }
    out += '}';
  } else {
    out += value.json();
  }
}

struct Known {
  std::string_view subCode;
  std::string_view code;
  std::string_view text;
};

// Where a code is not 40004 for a business name and 40002 for `isv.…`, and the texts that are known.
constexpr std::array known = std::to_array<Known>({
    {"isv.missing-app-id", "40001", "缺少应用ID参数"},
    {"isv.missing-method", "40001", "缺少方法名参数"},
    {"isv.missing-signature", "40001", "缺少签名参数"},
    {"isv.missing-signature-type", "40001", "缺少签名类型参数"},
    {"isv.missing-timestamp", "40001", "缺少时间戳参数"},
    {"isv.missing-version", "40001", "缺少版本参数"},
    {"isv.missing-encrypt-key", "40001", "缺少加密配置"},
    {"isv.missing-signature-config", "40003", "应用未配置对应签名算法的公钥或者证书"},
    {"isv.invalid-app-id", "40002", "无效的AppID参数"},
    {"isv.invalid-method", "40002", "不存在的方法名"},
    {"isv.invalid-format", "40002", "无效的数据格式"},
    {"isv.invalid-signature-type", "40002", "无效的签名类型"},
    {"isv.invalid-timestamp", "40002", "非法的时间戳参数"},
    {"isv.invalid-charset", "40002", "字符集错误，目前支持GBK,UTF-8"},
    {"isv.invalid-parameter", "40002", "参数无效"},
    {"isv.invalid-encrypt-type", "40002", "无效的加密类型"},
    {"isv.illegal-json", "40002", "非法的JSON"},
    {"isv.code-invalid", "40002", "授权码code无效"},
    {"isv.grant-type-invalid", "40002", "grant_type参数不正确"},
    {"isv.refresh-token-invalid", "40002", "刷新令牌refresh_token无效"},
    {"isv.refresh-token-time-out", "40002", "刷新令牌refresh_token已过期"},
    {"isv.app-call-limited", "40005", "应用调用次数超限，包含调用频率超限"},
    {"isv.method-call-limited", "40005", "API调用次数超限，包含调用频率超限"},
    {"isv.insufficient-isv-permissions", "40006", "ISV权限不足，建议在开发者中心检查对应功能是否已经添加"},
    {"isv.insufficient-user-permissions", "40006", "用户权限不足"},
    {"isv.self-invoke-forbidden", "40006", "禁止自调用"},
    {"isv.access-forbidden", "40006", "无权调用当前接口"},
    {"isv.route-no-permissions", "40006", "没有路由权限"},
    {"invalid-auth-relations", "40003", "无效的授权关系"},
    {"isp.unknow-error", "20000", "系统繁忙"},
    {"aop.unknow-error", "20000", "系统繁忙"},
    {"aop.ACQ.SYSTEM_ERROR", "20000", "系统异常"},
    {"aop.invalid-auth-token", "20001", "无效的访问令牌"},
    {"aop.auth-token-time-out", "20001", "访问令牌已过期"},
    {"aop.invalid-app-auth-token", "20001", "无效的应用授权令牌"},
    {"aop.app-auth-token-time-out", "20001", "应用授权令牌已过期"},
    {"ACQ.SYSTEM_ERROR", "40004", "系统错误"},
    {"ACQ.INVALID_PARAMETER", "40004", "参数无效"},
    {"ACQ.ACCESS_FORBIDDEN", "40004", "无权限使用接口"},
    {"ACQ.TRADE_NOT_EXIST", "40004", "交易不存在"},
    {"ACQ.TRADE_STATUS_ERROR", "40004", "交易状态不合法"},
    {"ACQ.TRADE_HAS_SUCCESS", "40004", "交易已被支付"},
    {"ACQ.TRADE_HAS_CLOSE", "40004", "交易已经关闭"},
    {"ACQ.TRADE_HAS_FINISHED", "40004", "交易已完结"},
    {"ACQ.TRADE_CANCEL_TIME_OUT", "40004", "超过撤销时间范围"},
    {"ACQ.CONTEXT_INCONSISTENT", "40004", "交易信息被篡改"},
    {"ACQ.TOTAL_FEE_EXCEED", "40004", "订单总金额不在允许范围内"},
    {"ACQ.BUYER_SELLER_EQUAL", "40004", "买卖家不能相同"},
    {"ACQ.BUYER_NOT_EXIST", "40004", "买家不存在"},
    {"ACQ.SELLER_NOT_EXIST", "40004", "卖家不存在"},
    {"ACQ.BUYER_BALANCE_NOT_ENOUGH", "40004", "买家余额不足"},
    {"ACQ.SELLER_BALANCE_NOT_ENOUGH", "40004", "卖家余额不足"},
    {"ACQ.SUB_GOODS_SIZE_MAX_COUNT", "40004", "子商品明细超长"},
    {"ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "40004", "系统当前时间已经在订单失效时间之后"},
    {"ACQ.AGREEMENT_NOT_EXIST", "40004", "用户协议不存在"},
    {"ACQ.PAYMENT_AUTH_CODE_INVALID", "40004", "支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款"},
    {"ACQ.REASON_TRADE_REFUND_FEE_ERR", "40004", "退款金额错误"},
    {"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "40004", "撤销或退款金额与订单金额不一致"},
    {"ACQ.DISCORDANT_REPEAT_REQUEST", "40004", "请求信息不一致"},
    {"NO_BILL_DATA", "40004", "账单不存在"},
    {"BILL_NOT_EXIST", "40004", "账单不存在"},
    {"INVAILID_ARGUMENTS", "40004", "入参不合法"},
    {"TYPE_NOT_SUPPORTED", "40004", "账单类型不支持"},
});

const Known* knownOf(std::string_view subCode) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.subCode == subCode; });
  return found == known.end() ? nullptr : &*found;
}

constexpr std::array shapes =
    std::to_array<std::pair<std::string_view, Shape>>({{"plain", Shape::plain},
                                                       {"signFirst", Shape::signFirst},
                                                       {"whiteSpace", Shape::whiteSpace},
                                                       {"duplicateBeforeSign", Shape::duplicateBeforeSign},
                                                       {"duplicateAfterSign", Shape::duplicateAfterSign},
                                                       {"noSign", Shape::noSign},
                                                       {"emptySign", Shape::emptySign},
                                                       {"errorResponse", Shape::errorResponse},
                                                       {"nullResponse", Shape::nullResponse},
                                                       {"nestedNames", Shape::nestedNames},
                                                       {"braces", Shape::braces},
                                                       {"html", Shape::html},
                                                       {"truncated", Shape::truncated}});

constexpr std::string_view forgedNode =
    R"({"code":"10000","msg":"Success","total_amount":"0.01","trade_status":"TRADE_SUCCESS"})";

}  // namespace

void Params::add(std::string name, std::string value) {
  if (find(name) == nullptr) items_.emplace_back(std::move(name), std::move(value));
}

const std::string* Params::find(std::string_view name) const {
  const auto found = std::find_if(items_.begin(), items_.end(), [&](const auto& item) { return item.first == name; });
  return found == items_.end() ? nullptr : &found->second;
}

std::string Params::value(std::string_view name) const {
  const auto* found = find(name);
  return found == nullptr ? std::string{} : *found;
}

Params readParams(const Request& request) {
  Params params;
  addForm(params, request.query);
  const auto contentType = request.headers.get("Content-Type");
  if (!codec::lowerCase(contentType).starts_with("multipart/form-data")) {
    addForm(params, request.body);
    return params;
  }
  for (const auto& part : codec::parseMultipart(contentType, request.body)) {
    if (!part.filename) params.add(part.name, std::string{part.content});
  }
  return params;
}

Params readOrderString(std::string_view text) {
  Params params;
  const auto mark = text.find('?');
  addForm(params, mark == std::string_view::npos ? text : text.substr(mark + 1));
  return params;
}

std::string stringToSign(const Params& params) { return joined({params.begin(), params.end()}, true, true); }

std::string notifyStringToSign(const codec::FormFields& fields) { return joined(fields, false, false); }

std::optional<Charset> charsetOf(std::string_view name) {
  const auto text = codec::lowerCase(name);
  if (text == "utf-8") return Charset::utf8;
  if (text == "gbk" || text == "gb2312") return Charset::gbk;
  return std::nullopt;
}

std::optional<std::string> toUtf8(std::string_view bytes, Charset charset) {
  if (charset == Charset::gbk) return codec::fromGb18030(bytes);
  if (!codec::isUtf8(bytes)) return std::nullopt;
  return std::string{bytes};
}

std::string fromUtf8(std::string_view utf8, Charset charset) {
  if (charset == Charset::utf8) return std::string{utf8};
  if (auto whole = codec::toGbk(utf8)) return *whole;
  std::string result;
  while (!utf8.empty()) {
    std::size_t length = 1;
    while (length < utf8.size() && (static_cast<unsigned char>(utf8[length]) & 0xC0U) == 0x80U) ++length;
    result += codec::toGbk(utf8.substr(0, length)).value_or("?");
    utf8.remove_prefix(length);
  }
  return result;
}

std::string javaUrlEncode(std::string_view bytes) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (codec::isAlphanumeric(c) || c == '.' || c == '*' || c == '_' || c == '-') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out;
}

std::string javaForm(const codec::FormFields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += javaUrlEncode(name) + '=' + javaUrlEncode(value);
  }
  return out;
}

std::string writeJson(const Json& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string writeNode(const Node& node) {
  constexpr std::array<std::string_view, 4> leading{"code", "msg", "sub_code", "sub_msg"};
  Fields ordered;
  for (const auto name : leading) {
    if (const auto found = node.find(std::string{name}); found != node.end()) ordered.append(found->first, found->second);
  }
  for (const auto& [name, value] : node) {
    if (std::find(leading.begin(), leading.end(), name) == leading.end()) ordered.append(name, value);
  }
  return writeJson(ordered);
}

std::string msgOf(std::string_view code) {
  if (code == "10000") return "Success";
  if (code == "10003") return "order success pay inprocess";
  if (code == "20000") return "Service Currently Unavailable";
  if (code == "20001") return "Insufficient Token Permissions";
  if (code == "40001") return "Missing Required Arguments";
  if (code == "40002") return "Invalid Arguments";
  if (code == "40003") return "Insufficient Conditions";
  if (code == "40005") return "Call Limited";
  if (code == "40006") return "Insufficient Permissions";
  return "Business Failed";
}

std::string codeOf(std::string_view subCode) {
  if (const auto* found = knownOf(subCode)) return std::string{found->code};
  if (subCode.starts_with("isv.missing-")) return "40001";
  if (subCode.starts_with("isv.")) return "40002";
  if (subCode.starts_with("isp.") || subCode.starts_with("aop.ACQ.")) return "20000";
  if (subCode.starts_with("aop.")) return "20001";
  return "40004";
}

std::string subMsgOf(std::string_view subCode) {
  const auto* found = knownOf(subCode);
  return std::string{found == nullptr ? subCode : found->text};
}

Node refusalNode(const Refusal& why) {
  auto node = why.extra;
  node.insert_or_assign("code", why.code);
  node.insert_or_assign("msg", msgOf(why.code));
  if (!why.subCode.empty()) node.insert_or_assign("sub_code", why.subCode);
  if (!why.subMsg.empty()) node.insert_or_assign("sub_msg", why.subMsg);
  return node;
}

Refusal refusal(const std::string& subCode, Node extra) {
  return {codeOf(subCode), subCode, subMsgOf(subCode), std::move(extra)};
}

std::optional<Shape> shapeOf(std::string_view name) {
  const auto found = std::find_if(shapes.begin(), shapes.end(), [&](const auto& shape) { return shape.first == name; });
  if (found == shapes.end()) return std::nullopt;
  return found->second;
}

std::string envelope(std::string_view root, std::string_view node, const std::optional<std::string>& sign, Shape shape) {
  if (shape == Shape::errorResponse) root = "error_response";
  if (shape == Shape::nullResponse) root = "null_response";
  const std::string colon = shape == Shape::whiteSpace ? " : " : ":";
  const auto member = [&](std::string_view content) { return '"' + std::string{root} + '"' + colon + std::string{content}; };
  const auto real = member(node);
  if (!sign || shape == Shape::noSign) return '{' + real + '}';
  const auto signature = "\"sign\"" + colon + '"' + (shape == Shape::emptySign ? std::string{} : *sign) + '"';
  switch (shape) {
    case Shape::signFirst:
      return '{' + signature + ',' + real + '}';
    case Shape::duplicateBeforeSign:
      return '{' + real + ',' + member(forgedNode) + ',' + signature + '}';
    case Shape::duplicateAfterSign:
      return '{' + real + ',' + signature + ',' + member(forgedNode) + '}';
    default:
      return '{' + real + ',' + signature + '}';
  }
}

std::string htmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string errorPage(const Refusal& why) {
  const std::string code = why.subCode.starts_with("isv.") ? why.subCode.substr(4) : why.subCode;
  return "<!DOCTYPE html>\n<html>\n<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=GBK\">"
         "<title>支付宝 - 网上支付 安全快速！</title></head>\n<body>\n<h1>调试错误，请回到请求来源地，重新发起请求。</h1>\n"
         "<p>错误代码 " +
         htmlEscape(code) + " 错误原因: " + htmlEscape(why.subMsg) + "</p>\n</body>\n</html>\n";
}

}  // namespace openapi::gateway::alipay
