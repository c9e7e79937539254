#include <gateways/bmob/mails.hpp>

#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/passwords.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/user_rules.hpp>
#include <gateways/bmob/users.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::chrono::days lifetime{7};

void follow(Context& context, const Row& mail, const Json& input) {
  const auto user = mail.text("user");
  auto row = findRow(context, *context.catalog.find("_User"), user);
  if (!row || textOf(row->data, "email") != mail.text("address"))
    throw ControlError{409, "the user is gone, or has another address by now", "token"};
  if (mail.text("kind") == "passwordReset") {
    setPassword(context, user, requireText(input, "password"));
    endSessions(context, user);
    return;
  }
  row->data.set("emailVerified", true);
  updateRow(context, *context.catalog.find("_User"), *row, {row->data, {}, {}});
}

}  // namespace

void sendMail(Context& context, MailKind kind, const std::string& address, const std::string& user) {
  context.database().execute("INSERT INTO bmob_mails(token, kind, address, user, expires) VALUES(?, ?, ?, ?, ?)",
                             {randomHex(32), std::string{kind == MailKind::emailVerify ? "emailVerify" : "passwordReset"},
                              address, user, toMillis(context.now() + lifetime)});
}

StoredRow userOfMail(Context& context, const Call& call) {
  const auto email = textOf(contentOf(call), "email");
  if (email.empty()) throw Refused{204, "you must provide an email"};
  auto user = userWith(context, "email", email);
  if (!user) throw Refused{205, "no user found with email '" + shown(email) + "'."};
  return std::move(*user);
}

Reply requestEmailVerify(Context& context, const Call& call) {
  if (!context.settings.isOn("emailVerify")) throw Refused{120, "Email verify should be opened in your app setup page of bmob."};
  const auto user = userOfMail(context, call);
  sendMail(context, MailKind::emailVerify, textOf(user.data, "email"), user.id);
  return done();
}

Reply requestEmailCode(Context& context, const Call& call) {
  const auto email = textOf(contentOf(call), "email");
  if (email.empty()) throw Refused{204, "you must provide an email"};
  if (!isEmail(email)) throw Refused{301, "email格式不正确"};
  issueCode(context, email);
  return done();
}

Json readMails(Context& context, const Json& input) {
  Json::Array mails;
  const auto rows = context.database().query(
      "SELECT kind, address, token, used FROM bmob_mails WHERE address = ? ORDER BY expires DESC, rowid DESC LIMIT 100",
      {requireText(input, "address")});
  for (const auto& row : rows) {
    mails.emplace_back(Fields{{"kind", row.text("kind")},
                              {"address", row.text("address")},
                              {"token", row.text("token")},
                              {"used", row.integer("used") != 0}});
  }
  return mails;
}

Json openMail(Context& context, const Json& input) {
  const auto token = requireText(input, "token");
  const auto mail = context.database().first("SELECT * FROM bmob_mails WHERE token = ? AND used = 0 AND expires > ?",
                                             {token, toMillis(context.now())});
  if (!mail) throw ControlError{404, "there is no such mail, or its link is no longer good", "token"};
  follow(context, *mail, input);
  context.database().execute("UPDATE bmob_mails SET used = 1 WHERE token = ?", {token});
  return Fields{{"ok", true}};
}

}  // namespace openapi::gateway::bmob
