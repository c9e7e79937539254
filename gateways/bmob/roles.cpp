#include <gateways/bmob/roles.hpp>

#include <codec/ascii.hpp>
#include <gateways/bmob/objects.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxName = 100;

const Table& roles(Context& context) { return *context.catalog.find("_Role"); }

bool isRoleCharacter(char c) { return codec::isAlphanumeric(c) || c == ' ' || c == '_' || c == '-'; }

bool isRoleName(const Json* name) {
  const auto* text = name == nullptr ? nullptr : name->string();
  return text != nullptr && !text->empty() && text->size() <= maxName && std::all_of(text->begin(), text->end(), isRoleCharacter);
}

}  // namespace

Json createRole(Context& context, const Fields& body) {
  const auto* name = body.find("name");
  if (!isRoleName(name)) throw Refused{139, "role name must be letters, digits, spaces, '-' and '_'."};
  const auto& table = roles(context);
  const auto taken = context.database().first(
      "SELECT id FROM " + table.sqlName() + " WHERE " + columnSql("", "name", Type::string) + " = ?", {*name->string()});
  if (taken) throw Refused{139, "role name '" + *name->string() + "' already taken."};
  const auto row = insertRow(context, table, edited(context, table, {}, body));
  return Fields{{"createdAt", readableTime(row.created)}, {"objectId", row.id}};
}

Json updateRole(Context& context, const Actor& actor, const std::string& id, const Fields& body) {
  const auto& table = roles(context);
  auto row = writableRow(context, actor, table, id);
  const auto* name = body.find("name");
  if (name != nullptr && !(*name == *row.data.find("name"))) throw Refused{136, "name is immutable."};
  updateRow(context, table, row, edited(context, table, row.data, body));
  return Fields{{"updatedAt", readableTime(row.updated)}};
}

void requireRoleSession(const Actor& actor) {
  if (actor.isMaster) return;
  if (actor.token.empty()) throw needsSession();
  if (actor.user.empty()) throw expiredSession();
}

}  // namespace openapi::gateway::bmob
