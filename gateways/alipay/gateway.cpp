#include <gateways/alipay/alipay_platform.hpp>
#include <gateways/keys.hpp>

#include <openapi/error.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::alipay {
namespace {

constexpr auto gatewayPath = "/gateway.do";
constexpr auto billPath = "/downloadBillFile.resource";

AlipayIdentity complete(AlipayIdentity identity) {
  if (identity.appPublicKey.empty()) {
    auto pair = makeRsaPair();
    identity.appPrivateKey = std::move(pair.privateKey);
    identity.appPublicKey = std::move(pair.publicKey);
  }
  if (identity.alipayPrivateKey.empty()) {
    auto pair = makeRsaPair();
    identity.alipayPrivateKey = std::move(pair.privateKey);
    identity.alipayPublicKey = std::move(pair.publicKey);
  }
  return identity;
}

crypto::RsaDigest digestOf(std::string_view signType) {
  return signType == "RSA" ? crypto::RsaDigest::sha1 : crypto::RsaDigest::sha256;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void require(const Call& call, std::string_view name, const std::string& subCode) {
  if (call.params.value(name).empty()) throw refusal(subCode);
}

/// The forged and the awkward members of `Shape`.
void dress(Node& node, Shape shape, const std::string& root) {
  if (shape == Shape::nestedNames) {
    node["ext_infos"] = Fields{{root, Fields{{"code", "40004"}}}, {"sign", "AAAA"}};
  } else if (shape == Shape::braces) {
    node["store_name"] = R"(}{"sign":"\")";
  }
}

std::string shopPage() {
  return "<!DOCTYPE html>\n<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<h1>502 Bad "
         "Gateway</h1>\n</body>\n</html>\n";
}

Reply notFound() {
  return {
      .status = 404, .contentType = "text/html", .body = "<html><head><title>404 Not Found</title></head><body></body></html>\n"};
}

}  // namespace

std::string Call::text(std::string_view name) const { return toUtf8(params.value(name), charset).value_or(""); }

std::string Call::root() const {
  if (method.empty()) return "error_response";
  auto name = method;
  std::replace(name.begin(), name.end(), '.', '_');
  return name + "_response";
}

AlipayPlatform::AlipayPlatform(AlipayIdentity identity, Services services)
    : identity_{complete(std::move(identity))},
      services_{services},
      appKey_{crypto::PublicKey::load(identity_.appPublicKey, "appPublicKey")},
      platformKey_{crypto::PrivateKey::load(identity_.alipayPrivateKey, "alipayPrivateKey")},
      store_{services.database},
      plans_{services.database, "alipay"} {
  using namespace std::chrono_literals;
  services_.notifier.setRules(
      "alipay", {.schedule = {4min, 10min, 10min, 1h, 2h, 6h, 15h},
                 .contentType = "application/x-www-form-urlencoded",
                 .acknowledged = [](int status, std::string_view body) { return status == 200 && body == "success"; },
                 .render = [this](const std::string& body) { return renewed(body); }});
}

AlipayPlatform::Operation AlipayPlatform::operationOf(std::string_view method) {
  using P = AlipayPlatform;
  constexpr auto operations =
      std::to_array<std::pair<std::string_view, Operation>>({{"alipay.system.oauth.token", &P::oauthToken},
                                                             {"alipay.trade.create", &P::create},
                                                             {"alipay.trade.precreate", &P::precreate},
                                                             {"alipay.trade.app.pay", &P::appPay},
                                                             {"alipay.trade.pay", &P::barCodePay},
                                                             {"alipay.trade.query", &P::query},
                                                             {"alipay.trade.close", &P::close},
                                                             {"alipay.trade.cancel", &P::cancel},
                                                             {"alipay.trade.refund", &P::refund},
                                                             {"alipay.trade.fastpay.refund.query", &P::refundQuery},
                                                             {"alipay.data.dataservice.bill.downloadurl.query", &P::billUrl}});
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const auto& item) { return item.first == method; });
  return found == operations.end() ? nullptr : found->second;
}

Reply AlipayPlatform::handle(const Request& request) {
  if (request.path == billPath) return billFile(request);
  if (request.path != gatewayPath || (request.method != "GET" && request.method != "POST")) return notFound();
  settleTimes();
  Call call{request};
  try {
    return serve(call);
  } catch (const Refusal& why) {
    return refusalReply(call, why);
  }
}

Reply AlipayPlatform::serve(Call& call) {
  read(call);
  admit(call);
  Transaction transaction{services_.database};
  if (call.isPage()) {
    auto reply = cashier(call);
    transaction.commit();
    return reply;
  }
  auto node = (this->*operationOf(call.method))(call);
  transaction.commit();
  const bool bare = call.method == "alipay.system.oauth.token";
  if (!bare) {
    node.try_emplace("code", "10000");
    node.try_emplace("msg", msgOf(*node.at("code").string()));
  }
  return nodeReply(call, std::move(node), false);
}

void AlipayPlatform::read(Call& call) const {
  try {
    call.params = readParams(call.http);
  } catch (const Error&) {
    throw refusal("isv.invalid-parameter");
  }
}

void AlipayPlatform::admit(Call& call) const {
  call.method = call.params.value("method").substr(0, 128);
  call.signType = call.params.value("sign_type");
  call.charset = charsetOf(call.params.value("charset")).value_or(Charset::utf8);
  require(call, "app_id", "isv.missing-app-id");
  if (call.params.value("app_id") != identity_.appId) throw refusal("isv.invalid-app-id");
  call.identified = true;
  checkParameters(call);
  checkSign(call);
  checkRights(call);
  readBusiness(call);
}

void AlipayPlatform::checkParameters(Call& call) const {
  require(call, "method", "isv.missing-method");
  if (!call.isPage() && operationOf(call.method) == nullptr) throw refusal("isv.invalid-method");
  require(call, "sign_type", "isv.missing-signature-type");
  if (call.signType != "RSA2" && call.signType != "RSA") throw refusal("isv.invalid-signature-type");
  if (!contains(knobs_.signTypes, call.signType)) throw refusal("isv.missing-signature-config");
  if (!charsetOf(call.params.value("charset"))) throw refusal("isv.invalid-charset");
  const auto format = call.params.value("format");
  if (!format.empty() && format != "JSON" && format != "json") throw refusal("isv.invalid-format");
  checkTimestamp(call);
  require(call, "version", "isv.missing-version");
  if (call.params.value("version") != "1.0") throw Refusal{"40002", "isv.invalid-parameter", "参数无效：version"};
  require(call, "sign", "isv.missing-signature");
  for (const auto name : {"notify_url", "return_url"}) {
    if (call.params.value(name).size() > 256) throw Refusal{"40002", "isv.invalid-parameter", std::string{"参数无效："} + name};
  }
}

void AlipayPlatform::checkTimestamp(const Call& call) const {
  require(call, "timestamp", "isv.missing-timestamp");
  const auto time = parseReadableTime(call.params.value("timestamp"));
  if (!time) throw refusal("isv.invalid-timestamp");
  if (!knobs_.timestampTolerance) return;
  if (std::chrono::abs(services_.clock.now() - *time) > *knobs_.timestampTolerance) throw refusal("isv.invalid-timestamp");
}

void AlipayPlatform::checkSign(const Call& call) const {
  const auto content = stringToSign(call.params);
  if (appKey_.verify(content, call.params.value("sign"), digestOf(call.signType))) return;
  const auto shown = toUtf8(content, call.charset).value_or("");
  throw Refusal{"40002", "isv.invalid-signature",
                "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：" + shown};
}

void AlipayPlatform::checkRights(const Call& call) const {
  if (!call.params.value("app_auth_token").empty()) throw refusal("aop.invalid-app-auth-token");
  if (contains(knobs_.forbiddenMethods, call.method)) throw refusal("isv.insufficient-isv-permissions");
}

void AlipayPlatform::readBusiness(Call& call) const {
  const auto encryption = call.params.value("encrypt_type");
  if (!encryption.empty()) throw refusal(encryption == "AES" ? "isv.missing-encrypt-key" : "isv.invalid-encrypt-type");
  for (const auto& [name, value] : call.params) {
    if (!toUtf8(value, call.charset)) throw refusal("isv.invalid-charset");
  }
  const auto content = call.text("biz_content");
  if (content.empty()) return;
  try {
    call.biz = Json::parse(content);
  } catch (const Error&) {
    throw refusal("isv.illegal-json");
  }
  if (call.biz.object() == nullptr) throw refusal("isv.illegal-json");
}

std::string AlipayPlatform::sign(std::string_view bytes, std::string_view signType) const {
  return platformKey_.sign(bytes, digestOf(signType));
}

std::string AlipayPlatform::traceId() { return codec::toLowerHex(crypto::md5(crypto::randomText(32))); }

void AlipayPlatform::shapeAnswers(Shape shape, std::int64_t times) {
  shape_ = shape;
  shaped_ = times;
}

Shape AlipayPlatform::takeShape() {
  if (shaped_ == 0) return Shape::plain;
  --shaped_;
  return shape_;
}

Reply AlipayPlatform::page(const std::string& html, Charset charset) const {
  return {.status = 200,
          .contentType = charset == Charset::gbk ? "text/html;charset=GBK" : "text/html;charset=utf-8",
          .headers = {{"trace_id", traceId()}},
          .body = fromUtf8(html, charset)};
}

Reply AlipayPlatform::nodeReply(const Call& call, Node node, bool errorRoot) {
  const auto shape = takeShape();
  const auto root = errorRoot ? std::string{"error_response"} : call.root();
  if (shape == Shape::html) return page(shopPage(), Charset::utf8);
  dress(node, shape, root);
  const auto bytes = fromUtf8(writeNode(node), call.charset);
  std::optional<std::string> signature;
  if (call.identified) signature = sign(bytes, call.signType.empty() ? identity_.signType : call.signType);
  auto reply = page("", call.charset);
  reply.body = envelope(fromUtf8(root, call.charset), bytes, signature, shape);
  if (shape == Shape::truncated) reply.body.resize(reply.body.size() / 2);
  return reply;
}

Reply AlipayPlatform::refusalReply(const Call& call, Refusal why) {
  if (call.isPage()) return page(errorPage(why), Charset::gbk);
  if (knobs_.errCheckLinks) {
    why.subMsg += "，解决方案：https://open.alipay.com/api/errCheck?traceId=" + traceId() + "&source=openapi";
  }
  return nodeReply(call, refusalNode(why), why.errorRoot);
}

std::vector<std::string> AlipayPlatform::faultNames(const Request& request) const {
  std::vector<std::string> names{request.path};
  try {
    if (auto method = readParams(request).value("method"); !method.empty()) names.push_back(std::move(method));
  } catch (const Error&) {
    return names;  // unreadable: only its path can be meant
  }
  return names;
}

Reply AlipayPlatform::errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) {
  Call call{request};
  try {
    read(call);
  } catch (const Refusal& why) {
    return refusalReply(call, why);
  }
  call.method = call.params.value("method");
  call.signType = call.params.value("sign_type");
  call.charset = charsetOf(call.params.value("charset")).value_or(Charset::utf8);
  call.identified = true;
  const bool isCode = errCode.size() == 5 && errCode.find_first_not_of("0123456789") == std::string::npos;
  const auto subCode = !isCode ? errCode : errCode == "20000" ? std::string{"aop.ACQ.SYSTEM_ERROR"} : std::string{};
  const auto subMsg = errMsg.empty() || errMsg == errCode ? subMsgOf(subCode) : errMsg;
  Refusal why{isCode ? errCode : codeOf(errCode), subCode, subMsg};
  why.errorRoot = call.method == "alipay.system.oauth.token";
  return refusalReply(call, why);
}

void AlipayPlatform::spoilSignature(Reply& reply) const {
  constexpr std::string_view mark = "\"sign\":\"";
  const auto at = reply.body.rfind(mark);
  if (at == std::string::npos || at + mark.size() >= reply.body.size()) return;
  auto& first = reply.body[at + mark.size()];
  if (first != '"') first = first == 'A' ? 'B' : 'A';
}

}  // namespace openapi::gateway::alipay

namespace openapi::gateway {

std::unique_ptr<Platform> makeAlipayPlatform(AlipayIdentity identity, Services services) {
  return std::make_unique<alipay::AlipayPlatform>(std::move(identity), services);
}

}  // namespace openapi::gateway
