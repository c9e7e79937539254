#include <gateways/bmob/system_classes.hpp>

#include <gateways/bmob/find.hpp>
#include <gateways/bmob/objects.hpp>

namespace openapi::gateway::bmob {
namespace {

Reply post(Context& context, const Call& call, const std::string& className, const std::string& path) {
  const auto json = createObject(context, className, contentOf(call));
  return created(call, path + *json.find("objectId")->string(), json);
}

Reply put(Context& context, const Call& call, const std::string& className) {
  return answer(updateObject(context, call.actor, className, call.captured.at(0), contentOf(call)));
}

Reply remove(Context& context, const Call& call, const std::string& className) {
  return answer(deleteObject(context, call.actor, className, call.captured.at(0)));
}

}  // namespace

Reply findUsers(Context& context, const Call& call) { return findIn(context, call, "_User"); }
Reply getUser(Context& context, const Call& call) { return getFrom(context, call, "_User", call.captured.at(0)); }

Reply findRoles(Context& context, const Call& call) { return findIn(context, call, "_Role"); }
Reply getRole(Context& context, const Call& call) { return getFrom(context, call, "_Role", call.captured.at(0)); }
Reply postRole(Context& context, const Call& call) { return post(context, call, "_Role", "/1/roles/"); }
Reply putRole(Context& context, const Call& call) { return put(context, call, "_Role"); }
Reply removeRole(Context& context, const Call& call) { return remove(context, call, "_Role"); }

Reply findInstallations(Context& context, const Call& call) { return findIn(context, call, "_Installation"); }
Reply getInstallation(Context& context, const Call& call) { return getFrom(context, call, "_Installation", call.captured.at(0)); }
Reply postInstallation(Context& context, const Call& call) { return post(context, call, "_Installation", "/1/installations/"); }
Reply putInstallation(Context& context, const Call& call) { return put(context, call, "_Installation"); }
Reply removeInstallation(Context& context, const Call& call) { return remove(context, call, "_Installation"); }

}  // namespace openapi::gateway::bmob
