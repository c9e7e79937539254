#include <gateways/bmob/weapp_login.hpp>

#include <gateways/bmob/users.hpp>
#include <gateways/faults.hpp>
#include <gateways/weixin_api/context.hpp>
#include <gateways/weixin_api/users.hpp>

#include <codec/text.hpp>
#include <crypto/aes.hpp>
#include <crypto/random.hpp>
#include <openapi/error.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::chrono::minutes codeTime{5};
constexpr std::chrono::days forgetAfter{7};
constexpr std::int64_t sessionSeconds = 7200;
constexpr std::size_t maxCode = 128;
constexpr std::size_t openidLength = 28;
constexpr std::size_t blockBytes = 16;
constexpr std::string_view usualUser = "bmob.weapp.openid";

Refused wechatSays(std::string_view what) { return {10007, std::string{what}}; }
Refused invalidCode() { return wechatSays("code2Session errcode:40029, err:invalid code"); }

struct WeappUser {
  std::string openid{};
  std::string unionid{};  ///< empty: has none
  std::string sessionKey{};
  std::string sk{};
};

WeappUser accountOf(Context& context, const std::string& openid) {
  auto& database = context.database();
  database.execute("INSERT OR IGNORE INTO bmob_weapp_users(openid, session_key) VALUES(?, ?)",
                   {openid, codec::toBase64(weixin_api::randomBytes(blockBytes))});
  const auto row = database.first("SELECT unionid, session_key, sk FROM bmob_weapp_users WHERE openid = ?", {openid});
  return {openid, row->text("unionid"), row->text("session_key"), row->text("sk")};
}

std::string usualOpenid(Context& context) {
  if (auto kept = context.database().setting(usualUser)) return *kept;
  auto made = weixin_api::makeOpenid();
  context.database().setSetting(usualUser, made);
  return made;
}

/// Whose code it is that nobody issued.
std::string openidIn(Context& context, std::string_view code) {
  constexpr std::string_view prefix = "code-";
  const auto openid = code.substr(std::min(prefix.size(), code.size())).substr(0, openidLength);
  const auto rest = code.substr(std::min(prefix.size() + openid.size(), code.size()));
  const bool isNamed = code.starts_with(prefix) && weixin_api::isOpenid(openid) && (rest.empty() || rest.starts_with('-'));
  return isNamed ? std::string{openid} : usualOpenid(context);
}

void keepCode(Context& context, const std::string& code, const std::string& openid, bool isUsed) {
  const auto now = context.now();
  context.database().execute("DELETE FROM bmob_weapp_codes WHERE expires <= ?", {toMillis(now - forgetAfter)});
  context.database().execute("INSERT INTO bmob_weapp_codes(code, openid, expires, used) VALUES(?, ?, ?, ?)",
                             {code, openid, toMillis(now + codeTime), std::int64_t{isUsed ? 1 : 0}});
}

bool isCode(std::string_view text) {
  const auto isGood = [](char c) { return c > ' ' && c < '\x7f'; };
  return !text.empty() && text.size() <= maxCode && std::all_of(text.begin(), text.end(), isGood);
}

/// Uses up a code and gives whose it is.
std::string takeWeappCode(Context& context, const std::string& code) {
  if (!isCode(code)) throw invalidCode();
  auto& database = context.database();
  const auto row = database.first("SELECT openid, expires, used FROM bmob_weapp_codes WHERE code = ?", {code});
  if (!row) {
    auto openid = openidIn(context, code);
    keepCode(context, code, openid, true);
    return openid;
  }
  if (row->integer("used") != 0) throw wechatSays("code2Session errcode:40163, err:code been used");
  if (row->integer("expires") <= toMillis(context.now())) throw invalidCode();
  database.execute("UPDATE bmob_weapp_codes SET used = 1 WHERE code = ?", {code});
  return row->text("openid");
}

/// A new session of the code's user.
WeappUser logIn(Context& context, const Call& call) {
  auto account = accountOf(context, takeWeappCode(context, call.captured.at(0)));
  account.sk = crypto::randomText(32);
  context.database().execute("UPDATE bmob_weapp_users SET sk = ?, expires = ? WHERE openid = ?",
                             {account.sk, toMillis(context.now()) + 1000 * sessionSeconds, account.openid});
  return account;
}

Fields authDataOf(const WeappUser& account, const std::string& keyName, const std::string& key) {
  Fields fields{{"openid", account.openid}, {keyName, key}, {"expires_in", sessionSeconds}};
  if (!account.unionid.empty()) fields.append("unionid", account.unionid);
  return fields;
}

Refused decryptError() { return wechatSays("Decryption errcode:-41003, err:aes decrypt error"); }

std::string bytesOf(const Fields& fields, std::string_view name) {
  auto bytes = codec::fromBase64(neededText(fields, name));
  if (!bytes) throw decryptError();
  return std::move(*bytes);
}

/// The session key in the body, or the one that `sk` stands for.
std::string sessionKeyIn(Context& context, const Fields& fields) {
  if (fields.find("sessionKey") != nullptr) return bytesOf(fields, "sessionKey");
  const auto row = context.database().first("SELECT session_key FROM bmob_weapp_users WHERE sk = ? AND expires > ?",
                                            {neededText(fields, "sk"), toMillis(context.now())});
  if (!row) throw wechatSays("Decryption errcode:-41001, err:invalid sk");
  return *codec::fromBase64(row->text("session_key"));
}

}  // namespace

Reply exchangeCode(Context& context, const Call& call) {
  const auto account = logIn(context, call);
  return answer(authDataOf(account, "session_key", account.sessionKey));
}

Reply exchangeCodeV1(Context& context, const Call& call) {
  const auto account = logIn(context, call);
  return answer(authDataOf(account, "sk", account.sk));
}

Reply loginByCode(Context& context, const Call& call) {
  const auto account = logIn(context, call);
  const Fields authData{{"weapp", authDataOf(account, "sk", account.sk)}};
  return answer(registerUser(context, Fields{{"authData", authData}}).json);
}

Reply checkSessionKey(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  const auto row = context.database().first("SELECT 1 FROM bmob_weapp_users WHERE openid = ? AND sk = ? AND expires > ?",
                                            {neededText(fields, "openid"), neededText(fields, "sk"), toMillis(context.now())});
  if (row) return answer(Fields{{"errcode", 0}, {"errmsg", "ok"}});
  return answer(Fields{{"errcode", 87009}, {"errmsg", "invalid signature"}});
}

Reply decryptUserData(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  const auto key = sessionKeyIn(context, fields);
  const auto data = bytesOf(fields, "encryptedData");
  const auto iv = bytesOf(fields, "iv");
  if (key.size() != blockBytes || iv.size() != blockBytes) throw decryptError();
  const auto text = crypto::decryptAesCbc(key, iv, data, crypto::AesPadding::pkcs7);
  if (!text) throw decryptError();
  try {
    return answer(Json::parse(*text));
  } catch (const Error&) {
    throw decryptError();
  }
}

Reply phoneNumber(Context& context, const Call& call) {
  constexpr std::string_view prefix = "phone-";
  const auto code = neededText(membersOf(call), "code");
  const auto phone = code.starts_with(prefix) ? code.substr(prefix.size(), 11) : std::string{};
  const auto rest = code.substr(std::min(prefix.size() + phone.size(), code.size()));
  const bool isPhone = phone.size() == 11 && numberIn(phone) && phone.front() == '1' && (rest.empty() || rest.starts_with('-'));
  if (!isPhone) throw wechatSays("getPhoneNumber errcode:40029, err:invalid code");
  static_cast<void>(takeWeappCode(context, code));
  const Fields info{{"phoneNumber", phone}, {"purePhoneNumber", phone}, {"countryCode", "86"}};
  return answer(Fields{{"errcode", 0}, {"errmsg", "ok"}, {"phone_info", info}});
}

Json makeCode(Context& context, const Json& input) {
  auto openid = optionalText(input, "openid");
  if (openid.empty()) openid = weixin_api::makeOpenid();
  if (!weixin_api::isOpenid(openid)) throw ControlError{400, "openid must be an o and 27 letters, digits, - or _", "openid"};
  auto account = accountOf(context, openid);
  account.unionid = optionalText(input, "unionid", account.unionid);
  context.database().execute("UPDATE bmob_weapp_users SET unionid = ? WHERE openid = ?", {account.unionid, openid});
  const auto code = "0" + crypto::randomText(31);
  keepCode(context, code, openid, false);
  return Fields{{"code", code}, {"openid", openid}, {"unionid", account.unionid}, {"sessionKey", account.sessionKey}};
}

}  // namespace openapi::gateway::bmob
