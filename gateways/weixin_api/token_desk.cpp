#include <gateways/weixin_api/token_desk.hpp>

#include <gateways/faults.hpp>

#include <crypto/digest.hpp>

namespace openapi::gateway::weixin_api {
namespace {

using std::chrono::seconds;

constexpr seconds lifetime{7200};
constexpr seconds overlap{300};
constexpr seconds forceDistance{30};
constexpr std::int64_t forcesADay = 20;
constexpr std::chrono::hours forgetAfter{7 * 24};

struct Issued {
  std::string token{};
  Time issued{};
  Time expires{};
  bool good = false;
};

std::string makeToken(Context& context, const std::string& appId, const std::string& kind) {
  const auto now = context.now();
  auto token = "92_" + randomUrlText(133);
  context.database().execute("DELETE FROM wxapi_tokens WHERE expires <= ?", {toMillis(now - forgetAfter)});
  context.database().execute("UPDATE wxapi_tokens SET latest = 0 WHERE app_id = ? AND kind = ? AND latest = 1", {appId, kind});
  context.database().execute("INSERT INTO wxapi_tokens(token, app_id, kind, issued, expires) VALUES(?,?,?,?,?)",
                             {token, appId, kind, toMillis(now), toMillis(now + lifetime)});
  return token;
}

/// From `when` on the latest token counts as superseded.
void supersedeLatest(Context& context, const std::string& appId, const std::string& kind, Time when) {
  context.database().execute(
      "UPDATE wxapi_tokens SET superseded = ? WHERE app_id = ? AND kind = ? AND latest = 1 AND superseded IS NULL",
      {toMillis(when), appId, kind});
}

std::optional<Issued> latest(Context& context, const std::string& appId, const std::string& kind) {
  const auto row =
      context.database().first("SELECT * FROM wxapi_tokens WHERE app_id = ? AND kind = ? AND latest = 1", {appId, kind});
  if (!row) return std::nullopt;
  const auto expires = fromMillis(row->integer("expires"));
  return Issued{row->text("token"), fromMillis(row->integer("issued")), expires,
                row->isNull("superseded") && context.now() < expires};
}

Reply tokenAnswer(const std::string& token, std::chrono::milliseconds left) {
  return answer({{"access_token", token}, {"expires_in", std::int64_t{std::chrono::ceil<seconds>(left).count()}}});
}

/// 40013 wins over 40002.
void checkGrant(const Context& context, const std::string& appId, const std::string& grant, const std::string& secret) {
  checkAppId(context, appId);
  if (grant != "client_credential") throw Refused{40002};
  checkSecret(context, secret);
  const bool open = context.settings.list("ipWhitelist").empty() || context.settings.lists("ipWhitelist", "127.0.0.1");
  if (!open) throw Refused{40164};
}

}  // namespace

void checkAppId(const Context& context, const std::string& appId) {
  if (appId.empty()) throw Refused{41002};
  if (!context.hasApp(appId)) throw Refused{40013};
}

void checkSecret(const Context& context, const std::string& secret) {
  if (secret.empty()) throw Refused{41004};
  if (context.settings.flag("secretFrozen")) throw Refused{40243};
  if (crypto::equalInConstantTime(secret, context.identity.secret)) return;
  const auto code = context.settings.number("secretError");
  throw Refused{code, code == 40001 ? "invalid credential" : ""};
}

Reply classicToken(Context& context, const Call& call) {
  const auto appId = call.parameter("appid");
  checkGrant(context, appId, call.parameter("grant_type"), call.parameter("secret"));
  context.quotas.charge(appId, call.http.path);
  supersedeLatest(context, appId, "classic", context.now() + overlap);
  return tokenAnswer(makeToken(context, appId, "classic"), lifetime);
}

Reply stableToken(Context& context, const Call& call) {
  const auto appId = textOf(call.body, "appid");
  checkGrant(context, appId, textOf(call.body, "grant_type"), textOf(call.body, "secret"));
  context.quotas.charge(appId, call.http.path);
  const auto now = context.now();
  const auto current = latest(context, appId, "stable");
  const bool good = current && current->good;
  const bool force = flagOf(call.body, "force_refresh").value_or(false);
  const auto forced = context.database().setting("weixinApi.forced." + appId);
  const bool tooEarly = forced && now - fromMillis(std::stoll(*forced)) < forceDistance;
  if (good && !(force && !tooEarly) && current->expires - now >= overlap)
    return tokenAnswer(current->token, current->expires - now);
  if (force && !tooEarly) {
    context.quotas.count(appId, "force_refresh", Period::day, forcesADay, 45009);
    context.database().setSetting("weixinApi.forced." + appId, std::to_string(toMillis(now)));
    context.database().execute(
        "UPDATE wxapi_tokens SET superseded = ? WHERE app_id = ? AND kind = 'stable' AND superseded IS NULL AND expires > ?",
        {toMillis(now), appId, toMillis(now)});
  }
  return tokenAnswer(makeToken(context, appId, "stable"), lifetime);
}

std::string appOfToken(Context& context, const std::string& token) {
  if (token.empty()) throw Refused{41001};
  const auto row = context.database().first("SELECT * FROM wxapi_tokens WHERE token = ?", {token});
  if (!row) throw Refused{40014};
  const auto now = toMillis(context.now());
  const auto expires = row->integer("expires");
  const bool superseded = !row->isNull("superseded") && row->integer("superseded") <= std::min(now, expires - 1);
  if (superseded) throw Refused{40001};
  if (now >= expires) throw Refused{42001};
  return row->text("app_id");
}

Json endTokens(Context& context, const Json& input) {
  const auto action = requireText(input, "action");
  if (action != "expire" && action != "revoke") throw ControlError{400, "action must be expire or revoke", "action"};
  const auto kind = optionalText(input, "kind");
  if (!kind.empty() && kind != "classic" && kind != "stable") throw ControlError{400, "kind must be classic or stable", "kind"};
  const auto appId = optionalText(input, "appId");
  const auto now = toMillis(context.now());
  const auto* sql = action == "expire"
                        ? "UPDATE wxapi_tokens SET expires = ? WHERE expires > ? AND (superseded IS NULL OR superseded > ?) "
                          "AND (? = '' OR kind = ?) AND (? = '' OR app_id = ?)"
                        : "UPDATE wxapi_tokens SET superseded = ? WHERE expires > ? AND (superseded IS NULL OR superseded > ?) "
                          "AND (? = '' OR kind = ?) AND (? = '' OR app_id = ?)";
  const auto count = context.database().execute(sql, {now, now, now, kind, kind, appId, appId});
  return Fields{{"count", count}};
}

}  // namespace openapi::gateway::weixin_api
