#include <gateways/bmob/installations.hpp>

#include <gateways/bmob/objects.hpp>

#include <algorithm>
#include <array>

namespace openapi::gateway::bmob {
namespace {

constexpr std::array<std::string_view, 3> deviceTypes{"ios", "android", "windows phone"};
constexpr std::array<const char*, 3> deviceNames{"installationId", "deviceToken", "notificationUri"};

const Table& installations(Context& context) { return *context.catalog.find("_Installation"); }

void requireFree(Context& context, const char* column, const std::string& value) {
  const auto& table = installations(context);
  const auto taken = context.database().first(
      "SELECT id FROM " + table.sqlName() + " WHERE " + columnSql("", column, Type::string) + " = ?", {value});
  if (taken) throw Refused{132, std::string{column} + " '" + shown(value) + "' already exists."};
}

}  // namespace

Json createInstallation(Context& context, const Fields& sent) {
  auto body = sent;
  for (const auto* name : deviceNames) {
    if (textOf(body, name).empty()) body.erase(name);  // empty is none, and none must not be unique
  }
  const auto type = textOf(body, "deviceType");
  if (std::find(deviceTypes.begin(), deviceTypes.end(), type) == deviceTypes.end())
    throw Refused{131, "deviceType must be ios, android or windows phone."};
  const auto names =
      std::count_if(deviceNames.begin(), deviceNames.end(), [&](const char* name) { return !textOf(body, name).empty(); });
  if (names == 0) throw Refused{131, "deviceToken, installationId or notificationUri is needed."};
  for (const auto* name : {"installationId", "deviceToken"}) {
    if (const auto value = textOf(body, name); !value.empty()) requireFree(context, name, value);
  }
  const auto& table = installations(context);
  const auto row = insertRow(context, table, edited(context, table, {}, body));
  return Fields{{"createdAt", readableTime(row.created)}, {"objectId", row.id}};
}

Json updateInstallation(Context& context, const Actor& actor, const std::string& id, const Fields& body) {
  const auto& table = installations(context);
  auto row = writableRow(context, actor, table, id);
  for (const auto* name : {"deviceType", "installationId", "deviceToken"}) {
    const auto* sent = body.find(name);
    const auto* kept = row.data.find(name);
    if (sent != nullptr && (kept == nullptr || !(*sent == *kept))) throw Refused{136, std::string{name} + " is immutable."};
  }
  updateRow(context, table, row, edited(context, table, row.data, body));
  return Fields{{"updatedAt", readableTime(row.updated)}};
}

}  // namespace openapi::gateway::bmob
