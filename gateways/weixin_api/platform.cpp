#include <gateways/weixin_api/account.hpp>
#include <gateways/weixin_api/datacube.hpp>
#include <gateways/weixin_api/errors.hpp>
#include <gateways/weixin_api/images.hpp>
#include <gateways/weixin_api/links.hpp>
#include <gateways/weixin_api/login.hpp>
#include <gateways/weixin_api/media.hpp>
#include <gateways/weixin_api/messages.hpp>
#include <gateways/weixin_api/push.hpp>
#include <gateways/weixin_api/schema.hpp>
#include <gateways/weixin_api/security.hpp>
#include <gateways/weixin_api/shipping.hpp>
#include <gateways/weixin_api/subscribe.hpp>
#include <gateways/weixin_api/token_desk.hpp>
#include <gateways/weixin_api/users.hpp>

#include <openapi/error.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <vector>

namespace openapi::gateway::weixin_api {
namespace {

enum class Access { token, open };
enum class Verb { get, post };
enum class Body { json, jsonIfAny, any };

struct Endpoint {
  std::string_view path;
  Access access;
  Verb verb;
  Body body;
  Reply (*run)(Context&, const Call&);
};

std::span<const Endpoint> endpoints() {
  using enum Access;
  using enum Verb;
  using enum Body;
  static constexpr Endpoint all[] = {
      {"/cgi-bin/token", open, get, any, classicToken},
      {"/cgi-bin/stable_token", open, post, json, stableToken},
      {"/sns/jscode2session", open, get, any, code2Session},
      {"/wxa/checksession", token, get, any, checkSession},
      {"/wxa/resetusersessionkey", token, get, any, resetSessionKey},
      {"/wxa/getpaidunionid", token, get, any, paidUnionId},
      {"/wxa/business/getuserphonenumber", token, post, json, phoneNumber},
      {"/datacube/getweanalysisappiddailyretaininfo", token, post, json, dailyRetain},
      {"/datacube/getweanalysisappidweeklyretaininfo", token, post, json, weeklyRetain},
      {"/datacube/getweanalysisappidmonthlyretaininfo", token, post, json, monthlyRetain},
      {"/datacube/getweanalysisappiddailysummarytrend", token, post, json, dailySummary},
      {"/datacube/getweanalysisappiddailyvisittrend", token, post, json, dailyVisitTrend},
      {"/datacube/getweanalysisappidweeklyvisittrend", token, post, json, weeklyVisitTrend},
      {"/datacube/getweanalysisappidmonthlyvisittrend", token, post, json, monthlyVisitTrend},
      {"/datacube/getweanalysisappiduserportrait", token, post, json, userPortrait},
      {"/datacube/getweanalysisappidvisitdistribution", token, post, json, visitDistribution},
      {"/datacube/getweanalysisappidvisitpage", token, post, json, visitPage},
      {"/cgi-bin/media/upload", token, post, any, uploadMedia},
      {"/cgi-bin/media/get", token, get, any, downloadMedia},
      {"/cgi-bin/message/custom/send", token, post, json, sendCustomMessage},
      {"/cgi-bin/message/custom/business/typing", token, post, json, setTyping},
      {"/cgi-bin/message/custom/typing", token, post, json, setTyping},
      {"/cgi-bin/message/subscribe/send", token, post, json, sendSubscribeMessage},
      {"/cgi-bin/wxaapp/createwxaqrcode", token, post, json, createQrCode},
      {"/wxa/getwxacode", token, post, json, getCode},
      {"/wxa/getwxacodeunlimit", token, post, json, getUnlimitedCode},
      {"/cv/img/aicrop", token, post, any, cropImage},
      {"/cv/img/qrcode", token, post, any, scanCodes},
      {"/cv/img/superresolution", token, post, any, enlargeImage},
      {"/wxa/msg_sec_check", token, post, json, checkMessage},
      {"/wxa/media_check_async", token, post, json, checkMedia},
      {"/wxa/generatescheme", token, post, json, generateScheme},
      {"/wxa/generate_urllink", token, post, json, generateUrlLink},
      {"/wxa/sec/order/upload_shipping_info", token, post, json, uploadShipping},
      {"/wxa/sec/order/get_order", token, post, json, getShippingOrder},
      {"/cgi-bin/clear_quota", token, post, json, clearQuota},
      {"/cgi-bin/clear_quota/v2", open, post, jsonIfAny, clearQuotaBySecret},
      {"/cgi-bin/openapi/quota/clear", token, post, json, clearPathQuota},
      {"/cgi-bin/openapi/quota/get", token, post, json, getQuota},
      {"/cgi-bin/openapi/rid/get", token, post, json, findRid},
      {"/cgi-bin/get_api_domain_ip", token, get, any, ipList},
      {"/cgi-bin/getcallbackip", token, get, any, ipList},
  };
  return all;
}

const Endpoint* endpointOf(std::string_view path) {
  const auto all = endpoints();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Endpoint& endpoint) { return endpoint.path == path; });
  return found == all.end() ? nullptr : &*found;
}

Json changeQuota(Context& context, const Json& input) { return context.quotas.change(input); }

Json changeSettings(Context& context, const Json& input) {
  auto all = context.settings.change(input);
  applyPushRules(context);
  return all;
}

struct ControlRoute {
  std::string_view path;
  Json (*run)(Context&, const Json&);
  FieldNames fields{};  // beside appId
};

const ControlRoute* controlRouteOf(std::string_view path) {
  static const std::vector<ControlRoute> all{
      {"/code", makeLoginCode, {"openid", "unionid", "sessionKey", "highRisk"}},
      {"/phonecode", makePhoneCode, {"phoneNumber", "countryCode", "openid"}},
      {"/user", setUser, {"openid", "unionid", "sessionKey", "highRisk"}},
      {"/tokens", endTokens, {"action", "kind"}},
      {"/usermessage", userWrites, {"openid", "content", "message"}},
      {"/entersession", userEnters, {"openid", "sessionFrom"}},
      {"/outbox", readOutbox, {"openid"}},
      {"/subscribe", subscribe, {"openid", "templateId", "times", "accept"}},
      {"/push", pushMessage, {"url", "openid", "message", "notifyTimes", "notifyDelayMs"}},
      {"/pushcheck", pushCheck, {"url"}},
      {"/orderstate", setOrderState, {"transactionId", "orderState", "inComplaint"}},
      {"/image", registerImage, {"url", "base64"}},
      {"/quota", changeQuota, {"cgiPath", "daily", "perMinute", "enforced"}},
      {"/settings", changeSettings, Settings::names()},
  };
  const auto found = std::find_if(all.begin(), all.end(), [&](const ControlRoute& route) { return route.path == path; });
  return found == all.end() ? nullptr : &*found;
}

Reply page(int status, const std::string& title) {
  return {.status = status,
          .contentType = "text/html",
          .body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                  "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"};
}

/// Whether the JSON text escapes a character by its number.
bool escapesUnicode(std::string_view json) {
  for (std::size_t i = 0; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') continue;
    if (json[++i] == 'u') return true;
  }
  return false;
}

Json readJson(const Context& context, const std::string& text) {
  if (context.settings.flag("rejectUnicodeEscapes") && escapesUnicode(text)) throw Refused{47002};
  try {
    auto body = Json::parse(text);
    // A token in the body is what the platform takes for broken data.
    if (body.object() == nullptr || body.find("access_token") != nullptr) throw Refused{47001};
    return body;
  } catch (const Error&) {
    throw Refused{47001};
  }
}

Context makeContext(const WeixinIdentity& identity, Services services) {
  createTables(services.database);
  return {identity, services, Settings{services.database}, Quotas{services.database, services.clock},
          MediaShelf{services.database, services.clock}};
}

/// The local WeChat for mini programs. Its answers carry no signature, so the fault `badSignature` changes nothing.
class WeixinApiPlatform : public Platform {
 public:
  WeixinApiPlatform(const WeixinIdentity& identity, Services services) : context_{makeContext(identity, services)} {
    applyPushRules(context_);
  }

  Reply handle(const Request& request) override {
    const auto* endpoint = endpointOf(request.path);
    if (endpoint == nullptr) return page(404, "404 Not Found");
    Call call{request};
    try {
      if (!request.query.empty()) call.query = codec::parseForm(request.query);
    } catch (const Error&) {
      return page(400, "400 Bad Request");
    }
    Transaction transaction{context_.database()};
    auto reply = serve(*endpoint, call);
    transaction.commit();
    return reply;
  }

  std::vector<std::string> faultNames(const Request& request) const override { return {request.path}; }

  Reply errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) override {
    std::int64_t code = -1;
    std::from_chars(errCode.data(), errCode.data() + errCode.size(), code);
    return errorAnswer(context_, request, context_.identity.appId, {code, errMsg == errCode ? std::string{} : errMsg});
  }

  void spoilSignature(Reply&) const override {}
  Json orders() override { return Json::Array{}; }
  Json refunds() override { return Json::Array{}; }
  Json pay(const Json&) override { throw ControlError{404, "orders are paid at the provider weixin", "provider"}; }

  [[nodiscard]] std::optional<FieldNames> controlFields(std::string_view route) const override {
    const auto* found = controlRouteOf(route);
    if (found == nullptr) return std::nullopt;
    auto fields = found->fields;
    fields.emplace_back("appId");
    return fields;
  }

  Json extra(std::string_view route, const Json& input) override {
    const auto* found = controlRouteOf(route);
    if (found == nullptr) return Platform::extra(route, input);
    Transaction transaction{context_.database()};
    auto result = found->run(context_, input);
    transaction.commit();
    return result;
  }

 private:
  Reply serve(const Endpoint& endpoint, Call& call) {
    try {
      admit(endpoint, call);
      return endpoint.run(context_, call);
    } catch (const Refused& refused) {
      return errorAnswer(context_, call.http, call.appId, refused);
    }
  }

  /// The checks that endpoints share, in the platform's order: token, verb, quota, body, permission.
  void admit(const Endpoint& endpoint, Call& call) {
    if (endpoint.access == Access::token) call.appId = appOfToken(context_, call.parameter("access_token"));
    const auto* verb = endpoint.verb == Verb::get ? "GET" : "POST";
    if (call.http.method != verb) throw Refused{endpoint.verb == Verb::get ? 43001 : 43002};
    if (endpoint.access == Access::token) context_.quotas.charge(call.appId, call.http.path);
    if (endpoint.body == Body::json || (endpoint.body == Body::jsonIfAny && !call.http.body.empty())) {
      if (call.http.body.empty()) throw Refused{44002};
      call.body = readJson(context_, call.http.body);
    }
    if (context_.settings.lists("unauthorized", call.http.path)) throw Refused{48001};
  }

  Context context_;
};

}  // namespace

bool isServedPath(std::string_view path) { return endpointOf(path) != nullptr; }

}  // namespace openapi::gateway::weixin_api

namespace openapi::gateway {

std::unique_ptr<Platform> makeWeixinApiPlatform(WeixinIdentity identity, Services services) {
  return std::make_unique<weixin_api::WeixinApiPlatform>(identity, services);
}

WeixinPushKeys weixinPushKeys(Database& database) {
  return {weixin_api::pushToken(database), weixin_api::encodingAesKey(database)};
}

}  // namespace openapi::gateway
