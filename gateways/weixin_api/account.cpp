#include <gateways/weixin_api/account.hpp>

#include <gateways/weixin_api/token_desk.hpp>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t clearsAMonth = 10;
constexpr std::int64_t pathClearsAMonth = 50;

Reply clearAll(Context& context, const std::string& appId) {
  context.quotas.count(appId, "clear_quota", Period::month, clearsAMonth, 48006);
  context.quotas.clear(appId, "");
  return success();
}

/// A path that counts against a quota.
std::string countedPath(const Call& call) {
  auto path = textOf(call.body, "cgi_path");
  if (!isServedPath(path) || path.starts_with("/sns/")) throw Refused{76021};
  return path;
}

}  // namespace

Reply clearQuota(Context& context, const Call& call) {
  const auto appId = textOf(call.body, "appid");
  if (appId.empty()) throw Refused{41002};
  if (appId != call.appId) throw Refused{40013};
  return clearAll(context, appId);
}

Reply clearQuotaBySecret(Context& context, const Call& call) {
  // The documents have the two in the query in one place and in the body in another.
  const auto either = [&](const char* name) {
    auto value = call.parameter(name);
    return value.empty() ? textOf(call.body, name) : value;
  };
  const auto appId = either("appid");
  checkAppId(context, appId);
  checkSecret(context, either("appsecret"));
  return clearAll(context, appId);
}

Reply clearPathQuota(Context& context, const Call& call) {
  const auto path = countedPath(call);
  context.quotas.count(call.appId, "quota/clear", Period::month, pathClearsAMonth, 48006);
  context.quotas.clear(call.appId, path);
  return success();
}

Reply getQuota(Context& context, const Call& call) {
  const auto path = countedPath(call);
  const auto limits = context.quotas.limitsOf(path);
  const auto used = std::min(limits.daily, context.quotas.used(call.appId, path, Period::day));
  Fields fields{{"quota", Fields{{"daily_limit", limits.daily}, {"used", used}, {"remain", limits.daily - used}}}};
  if (limits.perMinute > 0) fields.append("rate_limit", Fields{{"call_count", limits.perMinute}, {"refresh_second", 60}});
  return success(fields);
}

Reply ipList(Context&, const Call&) { return answer({{"ip_list", Json::Array{"127.0.0.1"}}}); }

}  // namespace openapi::gateway::weixin_api
