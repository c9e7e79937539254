#include <gateways/bmob/batch.hpp>

#include <gateways/bmob/objects.hpp>
#include <gateways/bmob/request.hpp>
#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/users.hpp>

#include <algorithm>
#include <cctype>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxRequests = 50;

struct Item {
  std::string method{};
  std::string className{};
  std::string id{};
  std::string token{};
  Fields body{};
};

Refused badItem() {
  return {113, R"(every request shoud be an object like:{"method": "POST","path": "/1/classes/GameScore","body": {..}})"};
}

std::string textMember(const Json& item, std::string_view name) {
  const auto* value = item.find(name);
  if (value == nullptr) return {};
  if (value->string() == nullptr) throw badItem();
  return *value->string();
}

/// The class and id in a path of one row or of a class.
void readPath(const std::string& path, Item& item) {
  const auto parts = pathParts(path);
  if (!parts || parts->size() < 2 || parts->at(0) != "1") throw badItem();
  const auto& kind = parts->at(1);
  const std::size_t start = kind == "classes" ? 3 : 2;
  if (kind == "classes" && parts->size() > 2) item.className = parts->at(2);
  if (kind == "users") item.className = "_User";
  if (kind == "roles") item.className = "_Role";
  if (kind == "installations") item.className = "_Installation";
  if (item.className.empty() || parts->size() > start + 1) throw badItem();
  if (parts->size() == start + 1) item.id = parts->at(start);
}

Item readItem(const Json& json) {
  if (json.object() == nullptr) throw badItem();
  Item item;
  item.method = textMember(json, "method");
  std::transform(item.method.begin(), item.method.end(), item.method.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  readPath(textMember(json, "path"), item);
  item.token = textMember(json, "token");
  const auto* body = json.find("body");
  if (body != nullptr && !body->isNull() && body->object() == nullptr) throw badItem();
  if (body != nullptr && body->object() != nullptr) item.body = *body->object();
  const bool isKnown = (item.method == "POST" && item.id.empty()) || item.method == "PUT" || item.method == "DELETE";
  if (!isKnown) throw badItem();
  return item;
}

Json carriedOut(Context& context, const Actor& actor, const Item& item) {
  if (item.method == "POST") return createObject(context, item.className, item.body);
  if (item.id.empty()) throw Refused{103, "objectId required."};
  if (item.method == "PUT") return updateObject(context, actor, item.className, item.id, item.body);
  return deleteObject(context, actor, item.className, item.id);
}

Json resultOf(Context& context, const Call& call, const Item& item) {
  Transaction transaction{context.database()};
  try {
    const auto actor = item.token.empty() ? call.actor : actorOf(context, item.token, call.actor.isMaster);
    auto result = carriedOut(context, actor, item);
    transaction.commit();
    return Fields{{"success", std::move(result)}};
  } catch (const Refused& refused) {
    context.catalog.forget();
    return Fields{{"error", Fields{{"code", refused.code}, {"error", refused.error}}}};
  }
}

}  // namespace

Reply batch(Context& context, const Call& call) {
  const auto* requests = call.body.find("requests");
  if (requests == nullptr || requests->array() == nullptr) throw Refused{112, "requests must be an array."};
  if (requests->array()->size() > maxRequests) throw Refused{114, "requests array larger than " + std::to_string(maxRequests)};
  std::vector<Item> items;
  for (const auto& request : *requests->array()) items.push_back(readItem(request));
  Json::Array results;
  for (const auto& item : items) results.push_back(resultOf(context, call, item));
  return answer(results);
}

}  // namespace openapi::gateway::bmob
