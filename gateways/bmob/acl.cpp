#include <gateways/bmob/acl.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

/// The roles of a user, and the roles that have these among their own.
constexpr auto rolesSql = R"(
WITH RECURSIVE mine(id) AS (
  SELECT object FROM bmob_relations WHERE class = ?1 AND name = 'users' AND target = ?2
  UNION SELECT r.object FROM bmob_relations r JOIN mine ON r.target = mine.id WHERE r.class = ?1 AND r.name = 'roles')
SELECT json_extract(t.data, '$.name') AS name FROM mine JOIN )";

bool isPermission(const Field& item) {
  const auto* flag = item.value.boolean();
  return (item.name == "read" || item.name == "write") && flag != nullptr && *flag;
}

}  // namespace

Json checkedAcl(const Json& value) {
  const auto isGood = [](const Field& entry) {
    const auto* rights = entry.value.object();
    return !entry.name.empty() && rights != nullptr && std::all_of(rights->begin(), rights->end(), isPermission);
  };
  const auto* entries = value.object();
  if (entries == nullptr || !std::all_of(entries->begin(), entries->end(), isGood))
    throw Refused{107, R"(ACL shoud be like: {"*":{"read":true},"userId":{"read":true,"write":true}}.)"};
  return value;
}

Rights::Rights(Context& context, const Actor& actor) : isMaster_{actor.isMaster}, names_{"*"} {
  if (isMaster_ || actor.user.empty()) return;
  names_.push_back(actor.user);
  const auto* roles = context.catalog.find("_Role");
  const auto rows = context.database().query(rolesSql + roles->sqlName() + " t ON t.id = mine.id", {roles->id, actor.user});
  for (const auto& row : rows) names_.push_back("role:" + row.text("name"));
}

bool Rights::allow(const std::string& acl, std::string_view right) const {
  if (isMaster_ || acl.empty()) return true;
  const auto entries = Json::parse(acl);
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
    const auto* entry = entries.find(name);
    return entry != nullptr && entry->find(right) != nullptr;
  });
}

std::string Rights::readableSql(const std::string& alias, std::vector<SqlValue>& values) const {
  if (isMaster_) return {};
  Json::Array names;
  for (const auto& name : names_) names.emplace_back(name);
  values.emplace_back(Json{names}.json());
  return "(" + alias + "acl IS NULL OR bmob_work(" + alias + "acl,1) AND EXISTS(SELECT 1 FROM json_each(" + alias +
         "acl) p, json_each(?) n" + " WHERE p.key = n.value AND json_extract(p.value,'$.read') = 1))";
}

}  // namespace openapi::gateway::bmob
