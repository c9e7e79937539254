#include <gateways/bmob/pushes.hpp>

#include <gateways/bmob/where.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr int maxTargets = 100;  // that are named; all are counted

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

/// The conditions on `_Installation`, in the query language.
Json audienceIn(const Fields& fields) {
  const auto* where = fields.find("where");
  if (where != nullptr && where->object() == nullptr) throw invalidValue("where");
  Json::Array conditions{where == nullptr ? Json{Fields{}} : readWhere(where->json())};
  if (const auto* channels = fields.find("channels")) {
    const auto isText = [](const Json& item) { return item.string() != nullptr; };
    if (channels->array() == nullptr || !std::all_of(channels->array()->begin(), channels->array()->end(), isText))
      throw invalidValue("channels");
    conditions.push_back(Fields{{"channels", Fields{{"$in", *channels}}}});
  }
  return Fields{{"$and", conditions}};
}

void keepTargets(Context& context, std::int64_t push, const Json& audience) {
  const auto& table = *context.catalog.find("_Installation");
  const Rights rights{context, Actor{.isMaster = true}};
  Where builder{context, rights};
  const auto from =
      Sql{}.add(" FROM " + table.sqlName() + " t WHERE ").add(counted("t.", builder.condition(table, "t.", audience)));
  auto& database = context.database();
  Json::Array ids;
  database.each("SELECT id" + from.text + " ORDER BY seq LIMIT " + std::to_string(maxTargets), from.values,
                [&](const Row& row) { ids.emplace_back(row.text("id")); });
  database.execute("INSERT INTO bmob_push_targets(push, matched, installations) VALUES(?, ?, ?)",
                   {push, database.first("SELECT count(*) AS n" + from.text, from.values)->integer("n"), Json{ids}.json()});
}

}  // namespace

Reply push(Context& context, const Call& call) {
  const auto fields = membersOf(call);
  const auto* data = fields.find("data");
  if (data == nullptr || data->object() == nullptr || data->object()->empty()) throw Refused{141, "Missing the push data."};
  checkTime(context, fields, "push_time");
  checkTime(context, fields, "expiration_time");
  checkNumber(fields, "expiration_interval");
  const auto audience = audienceIn(fields);
  context.database().execute("INSERT INTO bmob_pushes(body, created) VALUES(?, ?)", {call.body.json(), toMillis(context.now())});
  keepTargets(context, context.database().lastInsertId(), audience);
  return done();
}

Json listPushes(Context& context, const Json&) {
  Json::Array list;
  for (const auto& row : context.database().query(
           "SELECT id, body, created, matched, coalesce(installations, '[]') AS installations FROM bmob_pushes "
           "LEFT JOIN bmob_push_targets ON push = id ORDER BY id DESC LIMIT 1000")) {
    list.push_back(Fields{{"pushId", row.integer("id")},
                          {"created", readableTime(fromMillis(row.integer("created")))},
                          {"body", Json::parse(row.text("body"))},
                          {"matched", row.integer("matched")},
                          {"installations", Json::parse(row.text("installations"))}});
  }
  return list;
}

}  // namespace openapi::gateway::bmob
