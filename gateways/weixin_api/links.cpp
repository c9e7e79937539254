#include <gateways/weixin_api/links.hpp>

#include <codec/ascii.hpp>

#include <algorithm>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t linksADay = 500'000;
constexpr std::int64_t linksASecond = 100;
constexpr std::size_t mostQuery = 512;
constexpr std::size_t mostPath = 1024;
constexpr std::int64_t mostDays = 30;

/// Schemes and links share their limits.
void chargeLink(Context& context, const Call& call) {
  context.quotas.count(call.appId, "links", Period::second, linksASecond, 44990);
  context.quotas.count(call.appId, "links", Period::day, linksADay, 44993);
}

bool isQueryCharacter(char c) {
  return codec::isAlphanumeric(c) || std::string_view{"!#$&'()*+,/:;=?@-._~%"}.find(c) != std::string_view::npos;
}

/// `path`, `query` and `env_version`, of which all may be missing.
void checkTarget(const Context& context, const Json& target) {
  const auto path = textOf(target, "path");
  const auto pages = context.settings.list("releasedPages");
  const bool goodPath = path.empty() || (path.size() <= mostPath && path.find('?') == std::string::npos &&
                                         (pages.empty() || context.settings.lists("releasedPages", path)));
  if (!goodPath) throw Refused{40165};
  const auto query = textOf(target, "query");
  if (query.size() > mostQuery || !std::all_of(query.begin(), query.end(), isQueryCharacter)) throw Refused{40212};
  const auto version = textOf(target, "env_version");
  const bool goodVersion =
      target.find("env_version") == nullptr || version == "release" || version == "trial" || version == "develop";
  if (!goodVersion) throw Refused{85402};
}

/// At most thirty days ahead; both kinds of end are optional.
void checkExpiry(const Context& context, const Json& body) {
  const auto type = integerOf(body, "expire_type").value_or(0);
  if (type != 0 && type != 1) throw Refused{40097};
  if (type == 1) {
    const auto days = integerOf(body, "expire_interval").value_or(mostDays);
    if (days < 1 || days > mostDays) throw Refused{85401};
  } else if (const auto end = integerOf(body, "expire_time")) {
    const auto ahead = *end - toMillis(context.now()) / 1000;
    if (ahead < 60 || ahead > mostDays * 86400) throw Refused{85401};
  }
}

}  // namespace

Reply generateScheme(Context& context, const Call& call) {
  if (const auto* target = objectOf(call.body, "jump_wxa")) checkTarget(context, *target);
  static_cast<void>(flagOf(call.body, "is_expire"));
  checkExpiry(context, call.body);
  chargeLink(context, call);
  return success({{"openlink", "weixin://dl/business/?t=" + randomUrlText(32)}});
}

Reply generateUrlLink(Context& context, const Call& call) {
  checkTarget(context, call.body);
  checkExpiry(context, call.body);
  chargeLink(context, call);
  return success({{"url_link", "https://wxaurl.cn/" + randomUrlText(11)}});
}

}  // namespace openapi::gateway::weixin_api
