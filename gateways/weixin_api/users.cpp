#include <gateways/weixin_api/users.hpp>

#include <codec/ascii.hpp>
#include <gateways/faults.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <algorithm>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t openidLength = 28;
constexpr std::size_t keyBytes = 16;

User userFrom(const Row& row) {
  User user;
  user.openid = row.text("openid");
  if (!row.isNull("unionid")) user.unionid = row.text("unionid");
  user.sessionKey = row.text("session_key");
  if (!row.isNull("last_login")) user.lastLogin = fromMillis(row.integer("last_login"));
  user.highRisk = row.integer("high_risk") != 0;
  return user;
}

std::string derivedUnionid(const std::string& openid) {
  const auto digest = crypto::sha256("unionid of " + openid);
  auto text = codec::toBase64({reinterpret_cast<const char*>(digest.data()), 21}).substr(0, openidLength - 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return "o" + text;
}

}  // namespace

bool isOpenid(std::string_view text) {
  const auto allowed = [](char c) { return codec::isAlphanumeric(c) || c == '-' || c == '_'; };
  return text.size() == openidLength && text.front() == 'o' && std::all_of(text.begin(), text.end(), allowed);
}

std::string makeOpenid() { return "o" + randomUrlText(openidLength - 1); }

std::optional<User> findUser(Context& context, const std::string& appId, const std::string& openid) {
  const auto row = context.database().first("SELECT * FROM wxapi_users WHERE app_id = ? AND openid = ?", {appId, openid});
  if (!row) return std::nullopt;
  return userFrom(*row);
}

User userOf(Context& context, const std::string& appId, const std::string& openid) {
  if (auto user = findUser(context, appId, openid)) return *user;
  context.database().execute("INSERT INTO wxapi_users(app_id, openid, session_key) VALUES(?,?,?)",
                             {appId, openid, codec::toBase64(randomBytes(keyBytes))});
  return *findUser(context, appId, openid);
}

std::optional<std::string> unionidOf(const Context& context, const User& user) {
  if (!context.settings.flag("openPlatform") || user.unionid == "") return std::nullopt;
  return user.unionid ? *user.unionid : derivedUnionid(user.openid);
}

bool isOfAnotherApp(Context& context, const std::string& appId, const std::string& openid) {
  const auto row = context.database().first(
      "SELECT count(*) AS n, coalesce(sum(app_id = ?), 0) AS here FROM wxapi_users WHERE openid = ?", {appId, openid});
  return row->integer("n") > 0 && row->integer("here") == 0;
}

void requireOpenid(Context& context, const std::string& appId, const std::string& openid) {
  if (!isOpenid(openid) || isOfAnotherApp(context, appId, openid)) throw Refused{40003};
}

std::string appIn(const Context& context, const Json& input) { return optionalText(input, "appId", context.identity.appId); }

std::string openidIn(const Json& input) {
  auto openid = requireText(input, "openid");
  if (!isOpenid(openid)) throw ControlError{400, "openid must be an o and 27 letters, digits, - or _", "openid"};
  return openid;
}

bool flagIn(const Json& input, std::string_view name, bool fallback) {
  const auto* value = input.find(name);
  if (value == nullptr || value->isNull()) return fallback;
  if (value->boolean() == nullptr) throw ControlError{400, std::string{name} + " must be true or false", std::string{name}};
  return *value->boolean();
}

Json setUser(Context& context, const Json& input) {
  const auto appId = appIn(context, input);
  const auto openid = openidIn(input);
  auto user = userOf(context, appId, openid);
  user.sessionKey = optionalText(input, "sessionKey", user.sessionKey);
  const auto key = codec::fromBase64(user.sessionKey);
  if (!key || key->size() != keyBytes) throw ControlError{400, "sessionKey must be the base64 of 16 bytes", "sessionKey"};
  if (input.find("unionid") != nullptr) user.unionid = optionalText(input, "unionid");
  user.highRisk = flagIn(input, "highRisk", user.highRisk);
  context.database().execute("UPDATE wxapi_users SET session_key = ?, unionid = ?, high_risk = ? WHERE app_id = ? AND openid = ?",
                             {user.sessionKey, user.unionid ? SqlValue{*user.unionid} : SqlValue{nullptr},
                              std::int64_t{user.highRisk ? 1 : 0}, appId, openid});
  return Fields{{"openid", openid},
                {"appId", appId},
                {"sessionKey", user.sessionKey},
                {"unionid", unionidOf(context, user).value_or("")},
                {"highRisk", user.highRisk}};
}

}  // namespace openapi::gateway::weixin_api
