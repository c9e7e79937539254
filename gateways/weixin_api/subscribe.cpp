#include <gateways/weixin_api/subscribe.hpp>

#include <codec/ascii.hpp>
#include <gateways/faults.hpp>
#include <gateways/weixin_api/messages.hpp>
#include <gateways/weixin_api/push.hpp>
#include <gateways/weixin_api/security.hpp>
#include <gateways/weixin_api/users.hpp>

#include <codec/text.hpp>
#include <codec/utf8.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::weixin_api {
namespace {

using codec::isDigit;
using codec::isLetter;

bool all(std::string_view text, bool (*good)(char)) { return std::all_of(text.begin(), text.end(), good); }

bool isNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto fraction = point == std::string_view::npos ? std::string_view{"0"} : text.substr(point + 1);
  text = text.substr(0, point);
  return !text.empty() && !fraction.empty() && text.size() + fraction.size() <= 33 && all(text, isDigit) &&
         all(fraction, isDigit);
}

/// One symbol of currency, at most ten digits, fractions allowed, perhaps 元.
bool isAmount(std::string_view text) {
  constexpr std::string_view yuan = "元";
  if (text.ends_with(yuan)) text.remove_suffix(yuan.size());
  const auto first = codec::decodeUtf8(text);
  if (first.length > 0 && !(first.value < 0x80 && isDigit(static_cast<char>(first.value)))) text.remove_prefix(first.length);
  return isNumber(text) && isDigit(text.front()) && text.substr(0, text.find('.')).size() <= 10 &&
         std::count_if(text.begin(), text.end(), isDigit) <= 12;
}

/// Times are digits with `:`, `-`, `/`, `.`, `~`, blanks and the Chinese units.
bool isTime(std::string_view text) {
  constexpr std::array<std::string_view, 7> units{"年", "月", "日", "时", "分", "秒", "号"};
  bool digits = false;
  while (!text.empty()) {
    const auto unit = std::find_if(units.begin(), units.end(), [&](std::string_view u) { return text.starts_with(u); });
    const bool plain = isDigit(text.front()) || std::string_view{":-/.~ "}.find(text.front()) != std::string_view::npos;
    if (unit == units.end() && !plain) return false;
    digits = digits || isDigit(text.front());
    text.remove_prefix(unit == units.end() ? 1 : unit->size());
  }
  return digits;
}

bool isPhone(std::string_view text) {
  return text.size() <= 17 && all(text, [](char c) { return isDigit(c) || c == '+' || c == '-' || c == ' '; });
}

bool isName(std::string_view text) {
  const auto length = codec::codePoints(text);
  return length <= 10 || (length <= 20 && all(text, [](char c) { return isLetter(c) || c == ' ' || c == '.'; }));
}

bool isSymbols(std::string_view text) {
  return codec::codePoints(text) <= 5 && std::none_of(text.begin(), text.end(), [](char c) { return isDigit(c) || isLetter(c); });
}

bool isPhrase(std::string_view text) {
  bool chinese = codec::codePoints(text) <= 5;
  while (chinese && !text.empty()) {
    const auto point = codec::decodeUtf8(text);
    chinese = point.value >= 0x4E00 && point.value <= 0x9FFF;
    text.remove_prefix(point.length);
  }
  return chinese;
}

struct ValueRule {
  std::string_view kind;
  bool (*good)(std::string_view);
};

/// By the name of the value without its digits. Other names: any value.
constexpr std::array<ValueRule, 12> rules{
    {{"thing", [](std::string_view text) { return codec::codePoints(text) <= 20; }},
     {"number", isNumber},
     {"letter", [](std::string_view text) { return text.size() <= 32 && all(text, isLetter); }},
     {"symbol", isSymbols},
     {"character_string",
      [](std::string_view text) { return text.size() <= 32 && all(text, [](char c) { return c > ' ' && c < '\x7f'; }); }},
     {"time", isTime},
     {"date", isTime},
     {"amount", isAmount},
     {"phone_number", isPhone},
     {"car_number", [](std::string_view text) { return codec::codePoints(text) <= 8; }},
     {"name", isName},
     {"phrase", isPhrase}}};

[[noreturn]] void refuseValue(const std::string& name, const std::string& why) {
  throw Refused{47003, "argument invalid! data." + name + ".value " + why};
}

void checkValue(const Context& context, const std::string& name, const Json& item) {
  const auto* value = item.find("value");
  const auto text = value == nullptr || value->isNull() ? std::string{}
                    : value->string() != nullptr        ? *value->string()
                                                        : value->json();
  if (text.empty()) refuseValue(name, "is empty");
  if (value->string() == nullptr && value->kind() != "number") refuseValue(name, "invalid");
  const auto kind = name.substr(0, name.find_last_not_of("0123456789") + 1);
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ValueRule& r) { return r.kind == kind; });
  if (rule != rules.end() && !rule->good(text)) refuseValue(name, "invalid");
  if (holdsAny(context.settings.list("riskyWords"), text)) throw Refused{45168};
}

bool isTemplateId(std::string_view text) {
  return text.size() == 43 && all(text, [](char c) { return isDigit(c) || isLetter(c) || c == '-' || c == '_'; });
}

void checkChoice(const Json& body, std::string_view name, std::initializer_list<std::string_view> choices) {
  const auto text = textOf(body, name);
  if (body.find(name) == nullptr) return;
  if (std::find(choices.begin(), choices.end(), text) == choices.end())
    throw Refused{47003, "argument invalid! " + std::string{name}};
}

void takeSubscription(Context& context, const std::string& appId, const std::string& openid, const std::string& templateId) {
  const auto taken = context.database().execute(
      "UPDATE wxapi_subscriptions SET remaining = remaining - 1 WHERE app_id = ? AND openid = ? AND template_id = ? AND "
      "remaining > 0",
      {appId, openid, templateId});
  if (taken == 0) throw Refused{43101};
}

std::int64_t nextMsgid(Database& database) {
  constexpr std::int64_t first = 3'248'682'510'344'192'008;
  const auto id = std::stoll(database.setting("weixinApi.msgid").value_or(std::to_string(first)));
  database.setSetting("weixinApi.msgid", std::to_string(id + 1));
  return id;
}

}  // namespace

Reply sendSubscribeMessage(Context& context, const Call& call) {
  const auto openid = textOf(call.body, "touser");
  requireOpenid(context, call.appId, openid);
  const auto templateId = textOf(call.body, "template_id");
  if (!isTemplateId(templateId)) throw Refused{40037};
  checkChoice(call.body, "miniprogram_state", {"developer", "trial", "formal"});
  checkChoice(call.body, "lang", {"zh_CN", "en_US", "zh_HK", "zh_TW"});
  const auto page = textOf(call.body, "page");
  const auto pages = context.settings.list("releasedPages");
  const bool released = page.empty() || pages.empty() || context.settings.lists("releasedPages", page.substr(0, page.find('?')));
  if (!released) throw Refused{41030};
  const auto* data = objectOf(call.body, "data");
  if (data == nullptr || data->object()->empty()) throw Refused{47003, "argument invalid! data is empty"};
  for (const auto& [name, item] : *data->object()) checkValue(context, name, item);
  takeSubscription(context, call.appId, openid, templateId);
  const auto msgid = nextMsgid(context.database());
  deliver(context, call.appId, openid, "subscribe", call.body);
  const Json list =
      Fields{{"TemplateId", templateId}, {"MsgID", std::to_string(msgid)}, {"ErrorCode", "0"}, {"ErrorStatus", "success"}};
  push(context, call.appId, openid, {{"MsgType", "event"}, {"Event", "subscribe_msg_sent_event"}, {"List", list}});
  return success({{"msgid", msgid}});
}

Json subscribe(Context& context, const Json& input) {
  const auto appId = appIn(context, input);
  const auto openid = openidIn(input);
  const auto templateId = requireText(input, "templateId");
  if (!isTemplateId(templateId)) throw ControlError{400, "templateId must have 43 letters, digits, - or _", "templateId"};
  const bool accept = flagIn(input, "accept", true);
  const auto times = optionalInteger(input, "times", 1, 1, 1'000'000);
  static_cast<void>(userOf(context, appId, openid));
  const auto row = context.database().first(
      "INSERT INTO wxapi_subscriptions(app_id, openid, template_id, remaining) VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET "
      "remaining = CASE WHEN excluded.remaining = 0 THEN 0 ELSE remaining + excluded.remaining END RETURNING remaining",
      {appId, openid, templateId, accept ? times : std::int64_t{0}});
  const Json list =
      Fields{{"TemplateId", templateId}, {"SubscribeStatusString", accept ? "accept" : "reject"}, {"PopupScene", "0"}};
  push(context, appId, openid, {{"MsgType", "event"}, {"Event", "subscribe_msg_popup_event"}, {"List", list}});
  return Fields{{"openid", openid}, {"templateId", templateId}, {"remaining", row->integer("remaining")}};
}

}  // namespace openapi::gateway::weixin_api
