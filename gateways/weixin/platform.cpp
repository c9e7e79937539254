#include <gateways/weixin/weixin_platform.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>
#include <openapi/error.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin {
namespace {

constexpr std::string_view sandboxPrefix = "/sandboxnew";
constexpr auto xmlType = "text/plain; charset=utf-8";

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS weixin_orders(
  id INTEGER PRIMARY KEY, sandbox INTEGER NOT NULL, out_trade_no TEXT NOT NULL, app_id TEXT NOT NULL, params TEXT NOT NULL,
  sign_type INTEGER NOT NULL, state TEXT NOT NULL, prepay_id TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
  total_fee INTEGER NOT NULL, openid TEXT, transaction_id TEXT, bank_type TEXT, paid INTEGER, coupons TEXT NOT NULL DEFAULT '[]',
  settlement_fee INTEGER NOT NULL DEFAULT 0, fee INTEGER NOT NULL DEFAULT 0, refund_result TEXT NOT NULL DEFAULT 'SUCCESS',
  UNIQUE(sandbox, out_trade_no));
CREATE UNIQUE INDEX IF NOT EXISTS weixin_transactions ON weixin_orders(transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS weixin_paid ON weixin_orders(sandbox, paid) WHERE paid IS NOT NULL;
CREATE TABLE IF NOT EXISTS weixin_refunds(
  id INTEGER PRIMARY KEY, sandbox INTEGER NOT NULL, order_id INTEGER NOT NULL, out_refund_no TEXT NOT NULL, refund_id TEXT,
  refund_fee INTEGER NOT NULL, settlement_fee INTEGER NOT NULL, fee_returned INTEGER NOT NULL, coupons TEXT NOT NULL,
  created INTEGER NOT NULL, finished INTEGER NOT NULL, result TEXT NOT NULL, account TEXT NOT NULL, description TEXT NOT NULL,
  UNIQUE(sandbox, out_refund_no));
CREATE INDEX IF NOT EXISTS weixin_refund_orders ON weixin_refunds(order_id);
CREATE INDEX IF NOT EXISTS weixin_refund_times ON weixin_refunds(sandbox, created);
CREATE TABLE IF NOT EXISTS weixin_flows(
  id INTEGER PRIMARY KEY, sandbox INTEGER NOT NULL, account TEXT NOT NULL, time INTEGER NOT NULL, business TEXT NOT NULL,
  name TEXT NOT NULL, type TEXT NOT NULL, income INTEGER NOT NULL, amount INTEGER NOT NULL, balance INTEGER NOT NULL,
  remark TEXT NOT NULL, voucher TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS weixin_flow_times ON weixin_flows(sandbox, account, time);
)";

Reply page(int status, const std::string& title, const std::string& text) {
  return {.status = status,
          .contentType = "text/html",
          .body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n" +
                  (text.empty() ? "" : "<center>" + text + "</center>\r\n") +
                  "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"};
}

Reply xmlReply(const Message& message) { return {.contentType = xmlType, .body = codec::writeXml("xml", message)}; }

bool isInSandbox(std::string_view path) { return path.starts_with(sandboxPrefix); }
std::string_view plainPath(std::string_view path) { return isInSandbox(path) ? path.substr(sandboxPrefix.size()) : path; }

/// The type that a request asks for; no value when the platform has no such type.
std::optional<SignType> signTypeOf(std::string_view text) {
  if (text.empty() || text == "MD5") return SignType::md5;
  if (text == "HMAC-SHA256") return SignType::hmacSha256;
  return std::nullopt;
}

std::string signOf(const codec::FlatXml& xml, const std::string& key, SignType type) {
  Message fields;
  for (const auto& field : xml.fields()) fields.emplace_back(field.name, field.value);
  return sign(fields, key, type);
}

/// What stops a notification: any XML that says SUCCESS. Clients write it with or without CDATA, `return_msg` and line breaks.
bool acknowledged(int status, std::string_view body) {
  if (status != 200) return false;
  try {
    return codec::FlatXml::parse(body, "xml").value("return_code") == "SUCCESS";
  } catch (const Error&) {
    return false;
  }
}

codec::FlatXml readBody(const Request& request) {
  if (request.method != "POST") throw NotAccepted{"请使用post方法"};
  if (request.body.empty()) throw NotAccepted{"post数据为空"};
  if (!codec::isUtf8(request.body)) throw NotAccepted{"编码格式错误"};
  try {
    return codec::FlatXml::parse(request.body, "xml");
  } catch (const Error&) {
    throw NotAccepted{"XML格式错误"};
  }
}

}  // namespace

WeixinPlatform::WeixinPlatform(WeixinIdentity identity, Services services)
    : identity_{std::move(identity)}, services_{services}, plans_{services.database, "weixin"} {
  services_.database.script(schema);
  NotifyRules rules;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::seconds;
  rules.schedule = {seconds{15}, seconds{15}, seconds{30}, minutes{3}, minutes{10}, minutes{20}, minutes{30}, minutes{30},
                    minutes{30}, minutes{60}, hours{3},    hours{3},   hours{3},    hours{6},    hours{6}};
  rules.contentType = "text/xml; charset=utf-8";
  rules.acknowledged = acknowledged;
  services_.notifier.setRules("weixin", std::move(rules));
}

const WeixinPlatform::Endpoint* WeixinPlatform::endpointOf(std::string_view path) {
  using P = WeixinPlatform;
  static constexpr auto noRules = [] { return std::span<const Rule>{}; };
  static constexpr std::array<Endpoint, 8> endpoints{
      {{"/pay/unifiedorder", &P::unifiedOrder, unifiedOrderRules, false, Failure::common, true},
       {"/pay/orderquery", &P::orderQuery, orderQueryRules, false, Failure::common, true},
       {"/pay/closeorder", &P::closeOrder, closeOrderRules, false, Failure::common, true},
       {"/secapi/pay/refund", &P::refund, refundRules, true, Failure::common, false},
       {"/pay/refund", &P::refund, refundRules, false, Failure::common, true},
       {"/pay/refundquery", &P::refundQuery, refundQueryRules, false, Failure::common, true},
       {"/pay/downloadbill", &P::downloadBill, noRules, false, Failure::tradeBill, true},
       {"/pay/downloadfundflow", &P::downloadFundflow, noRules, true, Failure::fundFlow, false}}};
  const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& e) { return e.path == path; });
  return found == endpoints.end() ? nullptr : &*found;
}

Reply WeixinPlatform::handle(const Request& request) {
  const bool sandbox = isInSandbox(request.path);
  const auto path = plainPath(request.path);
  if (sandbox && path == "/pay/getsignkey") return signKey(request);
  if (sandbox && path == "/secapi/pay/refund") return {.fault = TransportFault::dropConnection};  // as the real one does
  const auto* endpoint = endpointOf(path);
  const bool known = endpoint != nullptr && (sandbox ? endpoint->inSandbox : path != "/pay/refund");
  if (!known) return page(404, "404 Not Found", "");
  if (endpoint->certificate && request.clientCertificate.empty()) {
    return page(400, "400 Bad Request", "No required SSL certificate was sent");
  }
  return serve(*endpoint, request, sandbox);
}

Reply WeixinPlatform::serve(const Endpoint& endpoint, const Request& request, bool sandbox) {
  try {
    const auto call = admit(endpoint, request, sandbox);
    const bool limited = identity_.strictLimits && endpoint.certificate && endpoint.failure == Failure::common;
    try {
      Transaction transaction{services_.database};
      if (limited) limitRefunds(std::nullopt);
      auto reply = (this->*endpoint.run)(call);
      transaction.commit();
      return reply;
    } catch (const Refused& refused) {
      if (limited) limitRefunds(refused);
      return refusal(call, endpoint.failure, refused);
    }
  } catch (const NotAccepted& failure) {
    return notAccepted(endpoint.failure, failure.message);
  }
}

Call WeixinPlatform::admit(const Endpoint& endpoint, const Request& request, bool sandbox) {
  Call call{.http = request, .xml = readBody(request), .sandbox = sandbox};
  check(call.xml, commonRules());
  check(call.xml, endpoint.rules());
  if (endpoint.path == "/pay/unifiedorder") checkTradeType(call.xml);
  const auto type = signTypeOf(call.xml.value("sign_type"));
  if (!type) throw NotAccepted{"invalid sign_type"};
  call.type = sandbox ? SignType::md5 : *type;
  call.key = sandbox ? sandboxKey() : identity_.key;
  checkIdentity(call);
  checkCertificate(endpoint, call);
  checkSign(call, endpoint.failure);
  return call;
}

void WeixinPlatform::checkIdentity(const Call& call) const {
  const auto appId = call.xml.value("appid");
  const auto& others = identity_.otherAppIds;
  const bool known = appId == identity_.appId || std::find(others.begin(), others.end(), appId) != others.end();
  if (!known) throw NotAccepted{"appid不存在"};
  if (call.xml.value("mch_id") != identity_.mchId) throw NotAccepted{"商户号mch_id或sub_mch_id不存在"};
}

void WeixinPlatform::checkCertificate(const Endpoint& endpoint, const Call& call) const {
  if (endpoint.certificate && call.http.clientName != identity_.mchId) throw NotAccepted{"商户证书与商户号不匹配"};
}

void WeixinPlatform::checkSign(const Call& call, Failure failure) const {
  const auto expected = signOf(call.xml, call.key, call.type);
  if (!call.key.empty() && crypto::equalInConstantTime(expected, call.xml.value("sign"))) return;
  if (call.sandbox) throw NotAccepted{"沙箱验证签名失败，请确认沙箱签名key是否正确（通过getsignkey调用生成）"};
  throw NotAccepted{failure == Failure::tradeBill ? "SIGN ERROR" : "签名错误"};
}

Message WeixinPlatform::head(const Call& call) const {
  Message message{{"return_code", "SUCCESS"}, {"return_msg", "OK"}};
  // The platform's own sandbox names the app when an order is made, and leaves it out later.
  if (!call.sandbox || call.http.path.ends_with("/unifiedorder")) message.emplace_back("appid", call.value("appid"));
  message.emplace_back("mch_id", identity_.mchId);
  return message;
}

Reply WeixinPlatform::success(const Call& call, Message content) const {
  auto message = head(call);
  message.emplace_back("result_code", "SUCCESS");
  if (call.sandbox) {
    std::erase_if(content, [](const auto& field) { return field.first == "device_info"; });
    message.insert(message.end(), {{"device_info", "sandbox"}, {"err_code", "SUCCESS"}, {"err_code_des", "ok"}});
  }
  message.insert(message.end(), content.begin(), content.end());
  return xmlReply(withSignature(std::move(message), call.key, call.type));
}

Reply WeixinPlatform::refusal(const Call& call, Failure failure, const Refused& refused) const {
  if (failure == Failure::tradeBill) {
    return xmlReply({{"return_code", "FAIL"}, {"return_msg", refused.description}, {"error_code", refused.code}});
  }
  if (failure == Failure::fundFlow) {
    return xmlReply({{"return_code", "SUCCESS"},
                     {"return_msg", "OK"},
                     {"result_code", "FAIL"},
                     {"err_code", refused.code},
                     {"err_code_des", refused.description}});
  }
  auto message = head(call);
  message.insert(message.end(), {{"result_code", "FAIL"}, {"err_code", refused.code}, {"err_code_des", refused.description}});
  return xmlReply(withSignature(std::move(message), call.key, call.type));
}

Reply WeixinPlatform::notAccepted(Failure failure, const std::string& message) {
  Message fields{{"return_code", "FAIL"}, {"return_msg", message}};
  if (failure == Failure::tradeBill) fields.emplace_back("error_code", "20001");
  return xmlReply(fields);
}

std::vector<std::string> WeixinPlatform::faultNames(const Request& request) const {
  std::vector<std::string> names{request.path};
  if (isInSandbox(request.path)) names.emplace_back(plainPath(request.path));
  return names;
}

Reply WeixinPlatform::errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) {
  const auto* endpoint = endpointOf(plainPath(request.path));
  const auto failure = endpoint == nullptr ? Failure::common : endpoint->failure;
  try {
    Call call{.http = request, .xml = readBody(request), .sandbox = isInSandbox(request.path)};
    call.type = signTypeOf(call.xml.value("sign_type")).value_or(SignType::md5);
    call.key = keyFor(call.sandbox);
    return refusal(call, failure, {errCode, errMsg});
  } catch (const NotAccepted& e) {
    return notAccepted(failure, e.message);
  }
}

void WeixinPlatform::spoilSignature(Reply& reply) const {
  constexpr std::string_view mark = "<sign><![CDATA[";
  const auto turn = [](char& c) { c = c == 'A' ? 'B' : 'A'; };
  if (const auto at = reply.body.find(mark); at != std::string::npos) turn(reply.body[at + mark.size()]);
  Headers headers;
  for (auto [name, value] : reply.headers) {
    if (name == "Digest") value.back() = value.back() == 'a' ? 'b' : 'a';
    headers.add(name, value);
  }
  reply.headers = headers;
}

std::optional<FieldNames> WeixinPlatform::controlFields(std::string_view route) const {
  if (route == "/pay")
    return FieldNames{"outTradeNo", "openid", "bankType", "coupons", "notifySignType", "notifyTimes", "notifyDelayMs"};
  if (route == "/withdraw" || route == "/deposit") return FieldNames{"amount", "account"};
  if (route == "/bill") return billFields();
  if (route == "/refundresult") return FieldNames{"outTradeNo", "status"};
  return std::nullopt;
}

Json WeixinPlatform::extra(std::string_view route, const Json& input) {
  if (route == "/withdraw" || route == "/deposit") return moveMoney(input, route == "/deposit");
  if (route == "/bill") return planBills(input);
  if (route == "/refundresult") return setRefundResult(input);
  return Platform::extra(route, input);
}

const std::string& WeixinPlatform::keyFor(bool sandbox) {
  if (!sandbox) return identity_.key;
  sandboxKeyCache_ = sandboxKey();
  return sandboxKeyCache_;
}

/// Empty when none was asked for in the last three days.
std::string WeixinPlatform::sandboxKey() {
  const auto made = services_.database.setting("weixin.sandboxKeyTime");
  if (!made || services_.clock.now() - fromMillis(std::stoll(*made)) > std::chrono::days{3}) return {};
  return services_.database.setting("weixin.sandboxKey").value_or("");
}

Reply WeixinPlatform::signKey(const Request& request) {
  try {
    const auto xml = readBody(request);
    std::string missing;
    for (const std::string name : {"mch_id", "sign", "nonce_str"}) {
      if (xml.value(name).empty()) missing += (missing.empty() ? "\"" : " \"") + name + "\" is required.";
    }
    if (!missing.empty()) throw NotAccepted{missing};
    if (xml.value("mch_id") != identity_.mchId) {
      return xmlReply({{"return_code", "FAIL"}, {"retmsg", "请确认请求参数是否正确param mch_id invalid"}, {"retcode", "1"}});
    }
    if (!crypto::equalInConstantTime(signOf(xml, identity_.key, SignType::md5), xml.value("sign"))) throw NotAccepted{"签名错误"};
    auto key = sandboxKey();
    if (key.empty()) {
      key = codec::toLowerHex(crypto::md5(crypto::randomText(32)));
      services_.database.setSetting("weixin.sandboxKey", key);
      services_.database.setSetting("weixin.sandboxKeyTime", std::to_string(toMillis(services_.clock.now())));
    }
    return xmlReply({{"return_code", "SUCCESS"}, {"return_msg", "ok"}, {"mch_id", identity_.mchId}, {"sandbox_signkey", key}});
  } catch (const NotAccepted& e) {
    return notAccepted(Failure::common, e.message);
  }
}

}  // namespace openapi::gateway::weixin

namespace openapi::gateway {

std::unique_ptr<Platform> makeWeixinPlatform(WeixinIdentity identity, Services services) {
  return std::make_unique<weixin::WeixinPlatform>(std::move(identity), services);
}

}  // namespace openapi::gateway
