#include <gateways/bmob/users.hpp>

#include <gateways/bmob/auth_data.hpp>
#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/mails.hpp>
#include <gateways/bmob/passwords.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/user_rules.hpp>

namespace openapi::gateway::bmob {
namespace {

const Table& users(Context& context) { return *context.catalog.find("_User"); }

Json registered(Context& context, const StoredRow& user) {
  return Fields{
      {"createdAt", readableTime(user.created)}, {"objectId", user.id}, {"sessionToken", openSession(context, user.id)}};
}

/// The code that proves a phone, when there is one in the body.
bool provesPhone(Context& context, Fields& body) {
  const auto code = textOf(body, "smsCode");
  if (!body.erase("smsCode")) return false;
  const auto phone = textOf(body, "mobilePhoneNumber");
  requirePhone(phone);
  takeCode(context, phone, code);
  return true;
}

/// The accounts of other platforms, which must be linked and not only written.
std::optional<Json> takeAuthData(Fields& body) {
  const auto* value = body.find("authData");
  if (value == nullptr) return std::nullopt;
  auto authData = *value;
  body.erase("authData");
  return authData;
}

Registration registerByPlatform(Context& context, const Fields& body) {
  const auto account = accountIn(*body.find("authData"));
  if (const auto known = userOfAccount(context, account)) {
    auto row = userRow(context, *known);
    setAuthData(context, row, *body.find("authData"));
    return {200, loggedIn(context, row)};
  }
  auto data = body;
  if (data.find("username") == nullptr) data.set("username", randomHex(20));
  return {201, loggedIn(context, insertUser(context, data))};  // clients read the account from the answer
}

}  // namespace

void requireOwner(const Actor& actor, const std::string& user) {
  if (actor.isMaster) return;
  if (actor.token.empty()) throw needsSession();
  if (actor.user.empty() || actor.user != user) throw expiredSession();
}

StoredRow userRow(Context& context, const std::string& id) {
  auto row = findRow(context, users(context), id);
  if (!row) throw objectNotFound(id);
  return std::move(*row);
}

std::optional<StoredRow> userWith(Context& context, std::string_view column, const std::string& value) {
  const auto& table = users(context);
  const auto row = context.database().first("SELECT " + std::string{rowColumns} + " FROM " + table.sqlName() + " WHERE " +
                                                columnSql("", std::string{column}, Type::string) + " = ?",
                                            {value});
  if (!row) return std::nullopt;
  return readRow(context, *row);
}

Fields publicUser(Fields user) {
  const auto* authData = user.find("authData");
  if (authData == nullptr || authData->object() == nullptr) return user;
  Fields shown;
  for (const auto& [platform, account] : *authData->object()) {
    auto kept = account.object() == nullptr ? Fields{} : *account.object();
    for (const auto* secret : {"session_key", "sk", "access_token"}) kept.erase(secret);
    shown.append(platform, kept);
  }
  user.set("authData", shown);
  return user;
}

Json loggedIn(Context& context, const StoredRow& user) {
  auto json = jsonOf(user);
  json.set("sessionToken", openSession(context, user.id));
  return json;
}

StoredRow insertUser(Context& context, Fields body) {
  const auto password = takePassword(body);
  const auto authData = takeAuthData(body);
  const bool isProven = provesPhone(context, body);
  checkWritable(body);
  checkUser(context, {}, body);
  auto edit = edited(context, users(context), {}, body);
  if (isProven) edit.data.set("mobilePhoneVerified", true);
  const auto email = textOf(edit.data, "email");
  const bool hasMail = !email.empty() && context.settings.isOn("emailVerify");
  if (hasMail) edit.data.set("emailVerified", false);
  auto row = insertRow(context, users(context), edit);
  if (password) setPassword(context, row.id, *password);
  if (hasMail) sendMail(context, MailKind::emailVerify, email, row.id);
  if (authData) setAuthData(context, row, *authData);
  return row;
}

Json phoneLogin(Context& context, const Fields& body) {
  const auto phone = textOf(body, "mobilePhoneNumber");
  requirePhone(phone);
  auto row = userWith(context, "mobilePhoneNumber", phone);
  if (!row) {
    auto data = body;
    if (textOf(data, "username").empty()) data.set("username", phone);
    return loggedIn(context, insertUser(context, data));
  }
  takeCode(context, phone, textOf(body, "smsCode"));
  row->data.set("mobilePhoneVerified", true);
  updateRow(context, users(context), *row, {row->data, {}, {}});
  return loggedIn(context, *row);
}

Registration registerUser(Context& context, const Fields& body) {
  if (body.empty()) throw emptyContent();
  const bool hasName = !textOf(body, "username").empty();
  const auto* password = body.find("password");
  if (body.find("authData") != nullptr && password == nullptr) return registerByPlatform(context, body);
  if (body.find("smsCode") != nullptr && (!hasName || password == nullptr)) return {200, phoneLogin(context, body)};
  if (!hasName || password == nullptr || password->isNull() || *password == Json{""})
    throw Refused{108, "username and password required."};
  return {201, registered(context, insertUser(context, body))};
}

Json updateUser(Context& context, const Actor& actor, const std::string& id, const Fields& sent) {
  requireOwner(actor, id);
  auto row = userRow(context, id);
  auto body = sent;
  const auto authData = takeAuthData(body);
  const auto password = takePassword(body);
  const bool isProven = provesPhone(context, body);
  if (!actor.isMaster) checkWritable(body);
  checkUser(context, id, body);
  const auto before = row.data;
  auto edit = edited(context, users(context), row.data, body);
  if (textOf(edit.data, "username").empty()) throw Refused{201, "'username' missing."};
  const auto email = textOf(edit.data, "email");
  const bool hasMail = email != textOf(before, "email") && !email.empty() && context.settings.isOn("emailVerify");
  if (email != textOf(before, "email") && !actor.isMaster) edit.data.erase("emailVerified");
  if (hasMail) edit.data.set("emailVerified", false);
  if (textOf(edit.data, "mobilePhoneNumber") != textOf(before, "mobilePhoneNumber") && !actor.isMaster)
    edit.data.erase("mobilePhoneVerified");
  if (isProven) edit.data.set("mobilePhoneVerified", true);
  updateRow(context, users(context), row, edit);
  if (hasMail) sendMail(context, MailKind::emailVerify, email, id);
  if (password) {
    setPassword(context, id, *password);
    endSessions(context, id, actor.token);
  }
  if (!authData) return Fields{{"updatedAt", readableTime(row.updated)}};
  setAuthData(context, row, *authData);
  return jsonOf(row);
}

Json deleteUser(Context& context, const Actor& actor, const std::string& id) {
  requireOwner(actor, id);
  const auto row = userRow(context, id);
  removeRow(context, users(context), row.id);
  removePassword(context, row.id);
  removeAccounts(context, row.id);
  endSessions(context, row.id);
  return okMessage();
}

Reply createUser(Context& context, const Call& call) {
  const auto registration = registerUser(context, contentOf(call));
  return created(call, "/1/users/" + *registration.json.find("objectId")->string(), registration.json, registration.status);
}

Reply changeUser(Context& context, const Call& call) {
  return answer(updateUser(context, call.actor, call.captured.at(0), contentOf(call)));
}

Reply removeUser(Context& context, const Call& call) { return answer(deleteUser(context, call.actor, call.captured.at(0))); }

}  // namespace openapi::gateway::bmob
