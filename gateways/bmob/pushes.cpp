#include <gateways/bmob/pushes.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

void checkTime(const Context& context, const Fields& fields, const std::string& name) {
  const auto* value = fields.find(name);
  if (value == nullptr) return;
  const auto time = value->string() == nullptr ? std::nullopt : parseReadableTime(*value->string());
  if (!time) throw Refused{142, name + " shoule be like: 2013-12-04 00:51:13"};  // the platform's own spelling
  if (*time < context.now()) throw Refused{144, name + " cannot before now"};
}

void checkNumber(const Fields& fields, const std::string& name) {
  const auto* value = fields.find(name);
  if (value != nullptr && value->integer() == nullptr && value->number() == nullptr)
    throw Refused{143, name + " must be a number"};
}

void checkAudience(const Fields& fields) {
  const auto* where = fields.find("where");
  if (where != nullptr && where->object() == nullptr) throw invalidValue("where");
  const auto* channels = fields.find("channels");
  if (channels == nullptr) return;
  const auto isText = [](const Json& item) { return item.string() != nullptr; };
  if (channels->array() == nullptr || !std::all_of(channels->array()->begin(), channels->array()->end(), isText))
    throw invalidValue("channels");
}

}  // namespace

Reply push(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  const auto* data = fields.find("data");
  if (data == nullptr || data->object() == nullptr || data->object()->empty()) throw Refused{141, "Missing the push data."};
  checkTime(context, fields, "push_time");
  checkTime(context, fields, "expiration_time");
  checkNumber(fields, "expiration_interval");
  checkAudience(fields);
  context.database().execute("INSERT INTO bmob_pushes(body, created) VALUES(?, ?)", {call.body.json(), toMillis(context.now())});
  return done();
}

Json listPushes(Context& context, const Json&) {
  Json::Array list;
  for (const auto& row : context.database().query("SELECT id, body, created FROM bmob_pushes ORDER BY id DESC LIMIT 1000")) {
    list.push_back(Fields{{"pushId", row.integer("id")},
                          {"created", readableTime(fromMillis(row.integer("created")))},
                          {"body", Json::parse(row.text("body"))}});
  }
  return list;
}

}  // namespace openapi::gateway::bmob
