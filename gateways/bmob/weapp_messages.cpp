#include <gateways/bmob/weapp_messages.hpp>

#include <crypto/random.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::bmob {
namespace {

constexpr std::int64_t noticesADay = 50;
constexpr std::array<std::string_view, 4> noticeTemplates{
    "K9-6_Ayj4MLC2yvwY60-cq18tngJHAlqDfsOvv3D7a8", "-ERkPwp0ntimqH39bggQc_Pj55a18CYLpj-Ert8-c8Y",
    "Mbk3kYqRGkL98ch6Lie4XSXtOsxXj2SC0SRQXd89G1Y", "aNNNmi7WK4kohleWhCkDRKJiHOZnIpkrhXx5XPx4dx0"};

void requireObject(const Fields& fields, std::string_view name) {
  const auto* value = fields.find(name);
  if (value == nullptr || value->object() == nullptr || value->object()->empty()) throw neededParameter(name);
}

void keepMessage(Context& context, const std::string& kind, const Fields& fields) {
  context.database().execute("INSERT INTO bmob_messages(kind, body, created) VALUES(?, ?, ?)",
                             {kind, Json{fields}.json(), toMillis(context.now())});
}

}  // namespace

Reply sendTemplateMessage(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  for (const auto* name : {"touser", "template_id", "form_id"}) static_cast<void>(neededText(fields, name));
  requireObject(fields, "data");
  keepMessage(context, "template", fields);
  return answer(Fields{{"errcode", 0}, {"errmsg", "ok"}});
}

Reply notifyOwner(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  static_cast<void>(neededText(fields, "touser"));
  const auto name = neededText(fields, "template_id");
  requireObject(fields, "data");
  if (std::find(noticeTemplates.begin(), noticeTemplates.end(), name) == noticeTemplates.end())
    throw Refused{10007, "notifyMsg errcode:40037, err:invalid template_id"};
  const auto row = context.database().first("SELECT count(*) AS sent FROM bmob_messages WHERE kind = 'notice' AND created >= ?",
                                            {toMillis(startOfDay(context.now()))});
  if (row->integer("sent") >= noticesADay)
    throw Refused{10100, "今天微信发送的消息已超过规定的" + std::to_string(noticesADay) + "次"};
  keepMessage(context, "notice", fields);
  return done();
}

Reply checkText(Context&, const Call& call) {
  const auto content = neededText(membersOf(call), "content");
  for (const auto* word : {"risky", "违规"}) {
    if (content.find(word) != std::string::npos) throw Refused{10007, "CheckMsg errcode:87014, err:risky content"};
  }
  return done();
}

Reply checkMedia(Context&, const Call& call) {
  const auto fields = membersOf(call);
  for (const auto* name : {"media_url", "media_type"}) static_cast<void>(neededText(fields, name));
  return answer(Fields{{"msg", "ok"}, {"traceId", crypto::randomText(32)}});
}

Json listOutbox(Context& context, const Json&) {
  Json::Array list;
  for (const auto& row : context.database().query("SELECT kind, body, created FROM bmob_messages ORDER BY id DESC LIMIT 1000")) {
    list.push_back(Fields{{"kind", row.text("kind")},
                          {"created", readableTime(fromMillis(row.integer("created")))},
                          {"body", Json::parse(row.text("body"))}});
  }
  return list;
}

}  // namespace openapi::gateway::bmob
