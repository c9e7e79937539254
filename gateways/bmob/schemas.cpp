#include <gateways/bmob/schemas.hpp>

#include <gateways/bmob/names.hpp>
#include <gateways/bmob/objects.hpp>
#include <gateways/bmob/values.hpp>

namespace openapi::gateway::bmob {
namespace {

void requireMaster(const Call& call) {
  if (!call.actor.isMaster) throw Refused{10061, "master key Err"};
}

Json fieldJson(std::string_view type, const std::string& target = {}) {
  Fields field{{"type", type}};
  if (!target.empty()) field.append("targetClass", target);
  return field;
}

Json schemaJson(const Table& table) {
  Fields fields{{"objectId", fieldJson("String")}, {"createdAt", fieldJson("Date")}, {"updatedAt", fieldJson("Date")}};
  for (const auto& [name, column] : table.columns) fields.append(name, fieldJson(nameOf(column.type), column.target));
  return Fields{{"className", table.name}, {"fields", fields}};
}

/// The column that a field of a schema describes. Refuses with 10063 what is none.
Column columnIn(Context& context, const std::string& name, const Json& field) {
  const auto* type = field.find("type");
  const auto known = type == nullptr || type->string() == nullptr ? std::nullopt : typeCalled(*type->string());
  if (!known) throw Refused{10063, "invalid type of the field '" + shown(name) + "'."};
  Column column{*known, {}};
  if (*known == Type::pointer || *known == Type::relation) {
    const auto* target = field.find("targetClass");
    const bool isClass = target != nullptr && target->string() != nullptr && context.catalog.find(*target->string()) != nullptr;
    if (!isClass) throw Refused{104, "relation className '" + shown(target == nullptr ? "" : target->json()) + "' not exists."};
    column.target = *target->string();
  }
  return column;
}

void applyFields(Context& context, const Table& table, const Call& call) {
  const auto* fields = call.body.find("fields");
  if (fields == nullptr) return;
  if (fields->object() == nullptr) throw invalidJson(fields->json());
  for (const auto& [name, field] : *fields->object()) {
    if (isReserved(name)) throw reservedField(name);
    if (!isName(name)) throw invalidField(name);
    const auto* operation = field.find("__op");
    if (operation != nullptr && *operation == Json{"Delete"}) {
      if (isSystemClass(table.name)) throw Refused{138, shown(name) + " is read only."};
      context.catalog.dropColumn(table, name);
      continue;
    }
    const auto column = columnIn(context, name, field);
    requireType(table, name, column);
    if (table.find(name) == nullptr) context.catalog.addColumn(table, name, column);
  }
}

}  // namespace

Reply listSchemas(Context& context, const Call& call) {
  requireMaster(call);
  Json::Array all;
  for (const auto& name : context.catalog.names()) all.push_back(schemaJson(*context.catalog.find(name)));
  return answer(Fields{{"results", all}});
}

Reply getSchema(Context& context, const Call& call) {
  requireMaster(call);
  return answer(schemaJson(tableCalled(context, call.captured.at(0))));
}

Reply createSchema(Context& context, const Call& call) {
  requireMaster(call);
  const auto& name = call.captured.at(0);
  if (context.catalog.find(name) != nullptr) throw Refused{10062, "class '" + shown(name) + "' already exists."};
  const auto& table = context.catalog.require(name);
  applyFields(context, table, call);
  return answer(schemaJson(table));
}

Reply changeSchema(Context& context, const Call& call) {
  requireMaster(call);
  const auto& table = tableCalled(context, call.captured.at(0));
  applyFields(context, table, call);
  return answer(schemaJson(table));
}

Reply deleteSchema(Context& context, const Call& call) {
  requireMaster(call);
  const auto& table = tableCalled(context, call.captured.at(0));
  if (isSystemClass(table.name)) throw forbidden();
  context.catalog.dropTable(table);
  return done();
}

}  // namespace openapi::gateway::bmob
