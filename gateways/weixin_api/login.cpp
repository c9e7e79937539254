#include <gateways/weixin_api/login.hpp>

#include <codec/ascii.hpp>
#include <gateways/faults.hpp>
#include <gateways/weixin_api/token_desk.hpp>
#include <gateways/weixin_api/users.hpp>
#include <gateways/weixin_api/wechat_pay_orders.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

namespace openapi::gateway::weixin_api {
namespace {

using std::chrono::minutes;

constexpr minutes codeTime{5};
constexpr minutes paidTime{5};
constexpr std::chrono::hours forgetAfter{7 * 24};
constexpr std::int64_t loginsAMinute = 100;
constexpr auto defaultPhone = "13580006666";

struct Code {
  std::string openid{};
  std::string phone{};
  std::string countryCode = "86";
};

void keepCode(Context& context, const std::string& kind, const std::string& code, const std::string& appId, const Code& content,
              bool used) {
  const auto now = context.now();
  context.database().execute("DELETE FROM wxapi_codes WHERE expires <= ?", {toMillis(now - forgetAfter)});
  const Json data = Fields{{"phone", content.phone}, {"countryCode", content.countryCode}};
  context.database().execute(
      "INSERT INTO wxapi_codes(kind, code, app_id, openid, data, expires, used) VALUES(?,?,?,?,?,?,?)",
      {kind, code, appId, content.openid, data.json(), toMillis(now + codeTime), std::int64_t{used ? 1 : 0}});
}

/// Takes a code that control issued; no value when there is none of this name.
std::optional<Code> takeIssued(Context& context, const std::string& kind, const std::string& code, const std::string& appId,
                               std::int64_t usedCode) {
  const auto row = context.database().first("SELECT * FROM wxapi_codes WHERE kind = ? AND code = ?", {kind, code});
  if (!row) return std::nullopt;
  if (row->text("app_id") != appId) throw Refused{40029};
  if (row->integer("used") != 0) throw Refused{usedCode};
  if (toMillis(context.now()) >= row->integer("expires")) throw Refused{40029};
  context.database().execute("UPDATE wxapi_codes SET used = 1 WHERE kind = ? AND code = ?", {kind, code});
  const auto data = Json::parse(row->text("data"));
  return Code{row->text("openid"), textOf(data, "phone"), textOf(data, "countryCode")};
}

/// What stands between `prefix` and the end or a `-`; at least `least` characters of it belong to the name.
std::optional<std::string> namedIn(const std::string& code, std::string_view prefix, std::size_t least) {
  if (!code.starts_with(prefix) || code.size() < prefix.size() + least) return std::nullopt;
  const auto rest = std::string_view{code}.substr(prefix.size());
  const auto end = rest.find('-', least);
  if (least > 0 && end != least && rest.size() != least) return std::nullopt;
  return std::string{rest.substr(0, end)};
}

Code takeLoginCode(Context& context, const std::string& code, const std::string& appId) {
  if (auto issued = takeIssued(context, "login", code, appId, 40163)) return *issued;
  const auto openid = namedIn(code, "code-", 28);
  if (!openid || !isOpenid(*openid) || isOfAnotherApp(context, appId, *openid)) throw Refused{40029};
  Code content{*openid};
  keepCode(context, "login", code, appId, content, true);
  return content;
}

bool isPhone(std::string_view text) { return text.size() >= 5 && text.size() <= 15 && codec::allDigits(text); }

Code takePhoneCode(Context& context, const std::string& code, const std::string& appId) {
  if (auto issued = takeIssued(context, "phone", code, appId, 40029)) return *issued;
  const auto phone = namedIn(code, "phone-", 0);
  if (!phone || !isPhone(*phone)) throw Refused{40029};
  Code content{"", *phone};
  keepCode(context, "phone", code, appId, content, true);
  return content;
}

/// The user whose session key signed the empty text.
User signedUser(Context& context, const Call& call) {
  const auto openid = call.parameter("openid");
  if (openid.empty()) throw Refused{41009};
  requireOpenid(context, call.appId, openid);
  if (call.parameter("sig_method") != "hmac_sha256") throw Refused{87008};
  const auto user = findUser(context, call.appId, openid);
  if (!user || !user->lastLogin) throw Refused{87007};
  if (!crypto::equalInConstantTime(call.parameter("signature"), codec::toLowerHex(crypto::hmacSha256(user->sessionKey, "")))) {
    throw Refused{87009};
  }
  return *user;
}

}  // namespace

Reply code2Session(Context& context, const Call& call) {
  const auto appId = call.parameter("appid");
  checkAppId(context, appId);
  if (call.parameter("grant_type") != "authorization_code") throw Refused{40002};
  checkSecret(context, call.parameter("secret"));
  const auto code = call.parameter("js_code");
  if (code.empty()) throw Refused{41008};
  const auto content = takeLoginCode(context, code, appId);
  context.quotas.count(appId, call.http.path + " " + content.openid, Period::minute, loginsAMinute, 45011);
  const auto user = userOf(context, appId, content.openid);
  if (user.highRisk) throw Refused{40226};
  context.database().execute("UPDATE wxapi_users SET last_login = ? WHERE app_id = ? AND openid = ?",
                             {toMillis(context.now()), appId, user.openid});
  Fields fields{{"session_key", user.sessionKey}, {"openid", user.openid}};
  if (const auto unionid = unionidOf(context, user)) fields.append("unionid", *unionid);
  auto reply = answer(fields);
  reply.contentType = "text/plain";
  return reply;
}

Reply checkSession(Context& context, const Call& call) {
  static_cast<void>(signedUser(context, call));
  return success();
}

Reply resetSessionKey(Context& context, const Call& call) {
  const auto user = signedUser(context, call);
  const auto key = codec::toBase64(randomBytes(16));
  context.database().execute("UPDATE wxapi_users SET session_key = ? WHERE app_id = ? AND openid = ?",
                             {key, call.appId, user.openid});
  return success({{"openid", user.openid}, {"session_key", key}});
}

Reply paidUnionId(Context& context, const Call& call) {
  const auto openid = call.parameter("openid");
  if (openid.empty()) throw Refused{41009};
  requireOpenid(context, call.appId, openid);
  if (!context.settings.flag("openPlatform")) throw Refused{89002};
  const OrderNumber number{call.parameter("transaction_id"), call.parameter("mch_id"), call.parameter("out_trade_no")};
  const auto order = findPaidOrder(context, number);
  const bool valid = order && order->openid == openid && order->appId == call.appId && context.now() - order->paid <= paidTime;
  if (!valid) throw Refused{89300};
  const auto unionid = unionidOf(context, userOf(context, call.appId, openid));
  if (!unionid) throw Refused{89002};
  return answer({{"unionid", *unionid}, {"errcode", 0}, {"errmsg", "ok"}});
}

Reply phoneNumber(Context& context, const Call& call) {
  const auto code = textOf(call.body, "code");
  if (code.empty()) throw Refused{41008};
  const auto openid = textOf(call.body, "openid");
  if (!openid.empty()) requireOpenid(context, call.appId, openid);
  const auto content = takePhoneCode(context, code, call.appId);
  if (!openid.empty() && !content.openid.empty() && openid != content.openid) throw Refused{40029};
  const bool abroad = content.countryCode != "86";
  const Json watermark = Fields{{"timestamp", toMillis(context.now()) / 1000}, {"appid", call.appId}};
  return success({{"phone_info", Fields{{"phoneNumber", (abroad ? "+" + content.countryCode : "") + content.phone},
                                        {"purePhoneNumber", content.phone},
                                        {"countryCode", content.countryCode},
                                        {"watermark", watermark}}}});
}

Json makeLoginCode(Context& context, const Json& input) {
  auto request = *input.object();
  if (request.find("openid") == nullptr) request.set("openid", makeOpenid());
  const Json user = setUser(context, request);
  auto code = "0" + randomUrlText(31);
  keepCode(context, "login", code, *user.find("appId")->string(), Code{*user.find("openid")->string()}, false);
  Fields fields{{"code", std::move(code)}};
  for (const auto& [name, value] : *user.object()) fields.append(name, value);
  return fields;
}

Json makePhoneCode(Context& context, const Json& input) {
  Code content;
  if (input.find("openid") != nullptr) content.openid = openidIn(input);
  content.phone = optionalText(input, "phoneNumber", defaultPhone);
  content.countryCode = optionalText(input, "countryCode", content.countryCode);
  if (!isPhone(content.phone)) throw ControlError{400, "phoneNumber must have 5 to 15 digits", "phoneNumber"};
  auto code = randomUrlText(64);
  keepCode(context, "phone", code, appIn(context, input), content, false);
  return Fields{{"code", code}, {"phoneNumber", content.phone}, {"countryCode", content.countryCode}};
}

}  // namespace openapi::gateway::weixin_api
