#include <gateways/weixin_api/messages.hpp>

#include <gateways/faults.hpp>
#include <gateways/weixin_api/push.hpp>
#include <gateways/weixin_api/users.hpp>

namespace openapi::gateway::weixin_api {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t mostTextBytes = 2048;
constexpr seconds contactTime{30};
constexpr seconds typingTime{15};

void openWindow(Context& context, const std::string& appId, const std::string& openid, const std::string& kind,
                std::chrono::milliseconds length, std::int64_t messages) {
  static_cast<void>(userOf(context, appId, openid));
  context.database().execute("INSERT OR REPLACE INTO wxapi_windows(app_id, openid, kind, ends, remaining) VALUES(?,?,?,?,?)",
                             {appId, openid, kind, toMillis(context.now() + length), messages});
}

void noteContact(Context& context, const std::string& appId, const std::string& openid) {
  context.database().execute("UPDATE wxapi_users SET last_contact = ? WHERE app_id = ? AND openid = ?",
                             {toMillis(context.now()), appId, openid});
}

/// Takes one message out of a window that is open. Throws 45015 when none is, 45047 when nothing is left.
void useWindow(Context& context, const std::string& appId, const std::string& openid) {
  const auto windows = context.database().query(
      "SELECT kind, remaining FROM wxapi_windows WHERE app_id = ? AND openid = ? AND ends > ? ORDER BY remaining DESC",
      {appId, openid, toMillis(context.now())});
  if (windows.empty()) throw Refused{45015};
  if (windows[0].integer("remaining") == 0) throw Refused{45047};
  context.database().execute("UPDATE wxapi_windows SET remaining = remaining - 1 WHERE app_id = ? AND openid = ? AND kind = ?",
                             {appId, openid, windows[0].text("kind")});
}

std::string required(const Json& object, std::string_view name) {
  auto text = textOf(object, name);
  if (text.empty()) throw Refused{40035, "invalid parameter, " + std::string{name} + " is missing"};
  return text;
}

void requireMedia(Context& context, const Call& call, const Json& object, std::string_view name) {
  const auto id = textOf(object, name);
  if (id.empty()) throw Refused{41006};
  if (!context.media.find(call.appId, id)) throw Refused{40007};
}

void checkContent(Context& context, const Call& call, const std::string& type) {
  const auto* object = objectOf(call.body, type);
  if (object == nullptr) throw Refused{type == "text" ? 44004 : 40035};
  if (type == "text") {
    const auto content = textOf(*object, "content");
    if (content.empty()) throw Refused{44004};
    if (content.size() > mostTextBytes) throw Refused{45002};
  } else if (type == "image") {
    requireMedia(context, call, *object, "media_id");
  } else if (type == "link") {
    for (const auto* name : {"title", "description", "url", "thumb_url"}) static_cast<void>(required(*object, name));
  } else {
    static_cast<void>(required(*object, "title"));
    static_cast<void>(required(*object, "pagepath"));
    requireMedia(context, call, *object, "thumb_media_id");
  }
}

bool isServed(const Context& context, const std::string& path) {
  const auto& served = context.settings.text("typingPaths");
  return served == "both" || (served == "business") == (path == "/cgi-bin/message/custom/business/typing");
}

}  // namespace

Reply sendCustomMessage(Context& context, const Call& call) {
  const auto openid = textOf(call.body, "touser");
  requireOpenid(context, call.appId, openid);
  const auto type = textOf(call.body, "msgtype");
  const bool known = type == "text" || type == "image" || type == "link" || type == "miniprogrampage";
  if (!known) throw Refused{40008};
  checkContent(context, call, type);
  useWindow(context, call.appId, openid);
  noteContact(context, call.appId, openid);
  context.database().execute("UPDATE wxapi_users SET typing_until = NULL WHERE app_id = ? AND openid = ?", {call.appId, openid});
  deliver(context, call.appId, openid, "custom", call.body);
  return success();
}

Reply setTyping(Context& context, const Call& call) {
  if (!isServed(context, call.http.path)) throw Refused{40200};
  const auto openid = textOf(call.body, "touser");
  requireOpenid(context, call.appId, openid);
  const auto command = textOf(call.body, "command");
  if (command != "Typing" && command != "CancelTyping") throw Refused{45072};
  const auto now = context.now();
  const auto row = context.database().first("SELECT last_contact, typing_until FROM wxapi_users WHERE app_id = ? AND openid = ?",
                                            {call.appId, openid});
  const bool recent = row && !row->isNull("last_contact") && now - fromMillis(row->integer("last_contact")) <= contactTime;
  if (!recent) throw Refused{45080};
  const bool typing = !row->isNull("typing_until") && now < fromMillis(row->integer("typing_until"));
  if (command == "Typing" && typing) throw Refused{45081};
  const SqlValue until = command == "Typing" ? SqlValue{toMillis(now + typingTime)} : SqlValue{nullptr};
  context.database().execute("UPDATE wxapi_users SET typing_until = ? WHERE app_id = ? AND openid = ?",
                             {until, call.appId, openid});
  return success();
}

void deliver(Context& context, const std::string& appId, const std::string& openid, const std::string& kind, const Json& body) {
  context.database().execute("INSERT INTO wxapi_outbox(app_id, openid, kind, body, time) VALUES(?,?,?,?,?)",
                             {appId, openid, kind, body.json(), toMillis(context.now())});
}

Json userWrites(Context& context, const Json& input) {
  const auto appId = appIn(context, input);
  const auto openid = openidIn(input);
  const auto* message = input.find("message");
  if (message != nullptr && message->object() == nullptr) throw ControlError{400, "message must be an object", "message"};
  const Fields text{{"MsgType", "text"}, {"Content", optionalText(input, "content", "你好")}};
  openWindow(context, appId, openid, "message", hours{48}, 5);
  noteContact(context, appId, openid);
  push(context, appId, openid, message == nullptr ? text : *message->object());
  return Fields{{"openid", openid}, {"messages", 5}, {"seconds", 48 * 3600}};
}

Json userEnters(Context& context, const Json& input) {
  const auto appId = appIn(context, input);
  const auto openid = openidIn(input);
  openWindow(context, appId, openid, "session", minutes{1}, 2);
  noteContact(context, appId, openid);
  push(context, appId, openid,
       {{"MsgType", "event"}, {"Event", "user_enter_tempsession"}, {"SessionFrom", optionalText(input, "sessionFrom")}});
  return Fields{{"openid", openid}, {"messages", 2}, {"seconds", 60}};
}

Json readOutbox(Context& context, const Json& input) {
  Json::Array messages;
  for (const auto& row : context.database().query("SELECT * FROM wxapi_outbox WHERE openid = ? ORDER BY id", {openidIn(input)})) {
    messages.push_back(Fields{{"appId", row.text("app_id")},
                              {"kind", row.text("kind")},
                              {"time", readableTime(fromMillis(row.integer("time")))},
                              {"body", Json::parse(row.text("body"))}});
  }
  return messages;
}

}  // namespace openapi::gateway::weixin_api
