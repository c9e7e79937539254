#include <gateways/bmob/sms.hpp>

#include <gateways/bmob/captchas.hpp>
#include <gateways/bmob/codes.hpp>
#include <gateways/bmob/sms_text.hpp>

#include <gateways/faults.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::string_view quotaSetting = "bmob.sms.quota";
constexpr std::chrono::minutes leastDelay{10};
constexpr std::string_view usualTemplate = "您的验证码是%smscode%，有效期为%ttl%分钟。您正在使用%appname%的验证码";
constexpr std::string_view appName = "openapi";

struct Limit {
  std::chrono::seconds period;
  std::int64_t most;
};
constexpr Limit limits[] = {{std::chrono::minutes{1}, 1}, {std::chrono::hours{1}, 5}, {std::chrono::days{1}, 10}};

struct Message {
  std::string phone{};
  std::string content{};
  std::string code{};    ///< empty: it has none
  std::int64_t due = 0;  ///< when it goes out; milliseconds
};

void checkLimits(Context& context, const std::string& phone) {
  for (const auto& limit : limits) {
    const auto since = toMillis(context.now() - limit.period);
    const auto row =
        context.database().first("SELECT count(*) AS sent FROM bmob_sms WHERE phone = ? AND asked > ?", {phone, since});
    if (row->integer("sent") >= limit.most) throw Refused{10010, "mobile '" + phone + "' send message limited."};
  }
}

void pay(Context& context, std::int64_t messages) {
  auto& database = context.database();
  const auto quota = database.setting(quotaSetting);
  if (!quota) return;
  const auto left = numberIn(*quota).value_or(0) - messages;
  if (left < 0) throw Refused{10011, "the account has no messages left."};
  database.setSetting(quotaSetting, std::to_string(left));
}

Reply send(Context& context, const Message& message) {
  const auto messages = chargedMessages(message.content);
  pay(context, messages);
  auto& database = context.database();
  database.execute(
      "INSERT INTO bmob_sms(phone, content, code, code_id, messages, asked, due) "
      "VALUES(?1, ?2, ?3, (SELECT max(id) FROM bmob_codes WHERE address = ?1 AND code = ?3), ?4, ?5, ?6)",
      {message.phone, message.content, message.code, messages, toMillis(context.now()), message.due});
  return answer(Fields{{"smsId", database.lastInsertId()}});
}

std::string templateCalled(Context& context, const std::string& name) {
  const auto row = context.database().first("SELECT content FROM bmob_sms_templates WHERE name = ?", {name});
  if (!row) throw Refused{10022, "模板:" + shown(name) + " 不存在"};
  return row->text("content");
}

std::string phoneIn(const Fields& fields) {
  auto phone = textOf(fields, "mobilePhoneNumber");
  requirePhone(phone);
  return phone;
}

/// When a message that waits goes out; now without a time.
std::int64_t dueAt(Context& context, const std::string& sendTime) {
  if (sendTime.empty()) return toMillis(context.now());
  const auto time = parseReadableTime(sendTime);
  if (!time) throw Refused{10019, shown(sendTime) + " format is not 2006-01-02 15:04:05"};
  if (*time < context.now() + leastDelay) throw Refused{10020, sendTime + " must out of 10 minutes from now"};
  return toMillis(*time);
}

std::string ownText(const std::string& content) {
  if (content.empty()) throw neededParameter("content");
  if (!isAllowedText(content)) throw Refused{10013, "sms content illegal."};
  return content;
}

std::string filledTemplate(Context& context, const Fields& fields) {
  const auto name = textOf(fields, "template");
  if (name.empty()) throw neededParameter("template");
  auto text = templateCalled(context, name);
  const auto* values = fields.find("content");
  if (values == nullptr) return text;
  for (const auto& [variable, value] : *values->object())
    text = filled(std::move(text), variable, textOf(*values->object(), variable));
  if (!isAllowedText(text)) throw Refused{10013, "sms content illegal."};
  return text;
}

}  // namespace

Reply requestSmsCode(Context& context, const Call& call) {
  const auto& fields = contentOf(call);
  const auto phone = phoneIn(fields);
  const auto name = textOf(fields, "template");
  auto text = name.empty() ? std::string{usualTemplate} : templateCalled(context, name);
  const auto validateToken = textOf(fields, "validate_token");
  if (!validateToken.empty() || (!name.empty() && context.settings.isOn("captcha"))) takeValidateToken(context, validateToken);
  checkLimits(context, phone);
  Message message{.phone = phone, .code = issueCode(context, phone), .due = toMillis(context.now())};
  text = filled(std::move(text), "smscode", message.code);
  text = filled(std::move(text), "ttl", std::to_string(codeMinutes));
  message.content = filled(std::move(text), "appname", appName);
  return send(context, message);
}

Reply verifySmsCode(Context& context, const Call& call) {
  const Fields none;
  const auto& fields = call.body.object() == nullptr ? none : *call.body.object();
  const auto address = textOf(fields, "mobilePhoneNumber");
  if (address.find('@') == std::string::npos) requirePhone(address);
  takeCode(context, address, call.captured.empty() ? textOf(fields, "smsCode") : call.captured.at(0));
  return done();
}

Reply requestSms(Context& context, const Call& call) {
  const auto& fields = contentOf(call);
  Message message{.phone = phoneIn(fields)};
  const auto* content = fields.find("content");
  const bool usesTemplate = fields.find("template") != nullptr || (content != nullptr && content->object() != nullptr);
  if (usesTemplate && content != nullptr && content->object() == nullptr) throw invalidValue("content");
  message.content = usesTemplate ? filledTemplate(context, fields) : ownText(textOf(fields, "content"));
  message.due = dueAt(context, textOf(fields, "sendTime"));
  checkLimits(context, message.phone);
  return send(context, message);
}

Reply querySms(Context& context, const Call& call) {
  auto id = call.captured.at(0);
  if (id.starts_with(':')) id.erase(0, 1);  // as the document writes it
  const auto row = context.database().first(
      "SELECT due, EXISTS(SELECT 1 FROM bmob_codes WHERE bmob_codes.id = code_id AND used = 1) AS verified FROM bmob_sms WHERE "
      "id = ?",
      {numberIn(id).value_or(0)});
  if (!row) throw Refused{10018, "smsId:" + shown(id) + " not found"};
  const bool isSent = row->integer("due") <= toMillis(context.now());
  return answer(Fields{{"sms_state", isSent ? "SUCCESS" : "SENDING"}, {"verify_state", row->integer("verified") != 0}});
}

Json listMessages(Context& context, const Json& input) {
  auto& database = context.database();
  if (const auto* quota = input.find("quota")) {
    const bool isNumber = quota->integer() != nullptr && *quota->integer() >= 0;
    if (!isNumber && !quota->isNull()) throw ControlError{400, "quota must be a number of messages, or null", "quota"};
    if (quota->isNull()) database.execute("DELETE FROM settings WHERE name = ?", {std::string{quotaSetting}});
    if (isNumber) database.setSetting(quotaSetting, std::to_string(*quota->integer()));
  }
  if (const auto* name = input.find("template")) {
    const auto* content = input.find("content");
    if (name->string() == nullptr || content == nullptr || content->string() == nullptr)
      throw ControlError{400, "template and content must be texts", "template"};
    database.execute("INSERT OR REPLACE INTO bmob_sms_templates(name, content) VALUES(?, ?)",
                     {*name->string(), *content->string()});
  }
  Json::Array messages;
  for (const auto& row :
       database.query("SELECT id, phone, content, code, messages, due FROM bmob_sms ORDER BY id DESC LIMIT 1000")) {
    Fields message{{"smsId", row.integer("id")},
                   {"mobilePhoneNumber", row.text("phone")},
                   {"content", row.text("content")},
                   {"messages", row.integer("messages")},
                   {"sendTime", readableTime(fromMillis(row.integer("due")))}};
    message.append("code", row.text("code").empty() ? Json{} : Json{row.text("code")});
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace openapi::gateway::bmob
