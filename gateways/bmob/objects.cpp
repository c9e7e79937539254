#include <gateways/bmob/objects.hpp>

#include <gateways/bmob/installations.hpp>
#include <gateways/bmob/names.hpp>
#include <gateways/bmob/roles.hpp>
#include <gateways/bmob/users.hpp>

namespace openapi::gateway::bmob {

const Table& tableCalled(Context& context, const std::string& className) {
  if (!isClassName(className)) throw invalidClass(className);
  const auto* table = context.catalog.find(className);
  if (table == nullptr) throw objectNotFound(className);
  return *table;
}

Row readableRow(Context& context, const Rights& rights, const Table& table, const std::string& id) {
  auto row = findRecord(context, table, id);
  if (!row || !rights.allow(row->text("acl"), "read")) throw objectNotFound(id);
  return std::move(*row);
}

StoredRow writableRow(Context& context, const Actor& actor, const Table& table, const std::string& id) {
  auto row = findRow(context, table, id);
  if (!row) throw objectNotFound(id);
  if (row->acl.empty()) return std::move(*row);
  const Rights rights{context, actor};
  if (rights.allow(row->acl, "write")) return std::move(*row);
  if (actor.hasExpiredToken) throw expiredSession();
  if (!rights.allow(row->acl, "read")) throw objectNotFound(id);
  throw forbidden();
}

Json createObject(Context& context, const std::string& className, const Fields& body) {
  if (className == "_User") return registerUser(context, body).json;
  if (className == "_Role") return createRole(context, body);
  if (className == "_Installation") return createInstallation(context, body);
  const auto& table = context.catalog.require(className);
  const auto row = insertRow(context, table, edited(context, table, {}, body));
  return Fields{{"createdAt", readableTime(row.created)}, {"objectId", row.id}};
}

Json updateObject(Context& context, const Actor& actor, const std::string& className, const std::string& id, const Fields& body) {
  if (className == "_User") return updateUser(context, actor, id, body);
  if (className == "_Role") return updateRole(context, actor, id, body);
  if (className == "_Installation") return updateInstallation(context, actor, id, body);
  const auto& table = tableCalled(context, className);
  auto row = writableRow(context, actor, table, id);
  updateRow(context, table, row, edited(context, table, row.data, body));
  return Fields{{"updatedAt", readableTime(row.updated)}};
}

Json deleteObject(Context& context, const Actor& actor, const std::string& className, const std::string& id) {
  if (className == "_User") return deleteUser(context, actor, id);
  if (className == "_Role") requireRoleSession(actor);
  const auto& table = tableCalled(context, className);
  removeRow(context, table, writableRow(context, actor, table, id).id);
  return okMessage();
}

Reply createRow(Context& context, const Call& call) {
  if (call.body.object() == nullptr) throw emptyContent();
  const auto& className = call.captured.at(0);
  const auto json = createObject(context, className, *call.body.object());
  return created(call, "/1/classes/" + className + '/' + *json.find("objectId")->string(), json);
}

Reply changeRow(Context& context, const Call& call) {
  if (call.body.object() == nullptr) throw emptyContent();
  return answer(updateObject(context, call.actor, call.captured.at(0), call.captured.at(1), *call.body.object()));
}

Reply deleteRow(Context& context, const Call& call) {
  return answer(deleteObject(context, call.actor, call.captured.at(0), call.captured.at(1)));
}

}  // namespace openapi::gateway::bmob
