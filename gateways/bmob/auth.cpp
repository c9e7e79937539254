#include <gateways/bmob/auth.hpp>

#include <gateways/bmob/sessions.hpp>
#include <gateways/bmob/signature.hpp>

#include <crypto/digest.hpp>

namespace openapi::gateway::bmob {
namespace {

using crypto::equalInConstantTime;

bool isMaster(const BmobIdentity& identity, std::string_view key) {
  if (key.empty()) return false;
  if (!equalInConstantTime(key, identity.masterKey)) throw Refused{10061, "master key Err"};
  return true;
}

/// The master key stands in for the REST key.
void checkPlainKeys(const BmobIdentity& identity, std::string_view applicationId, std::string_view restApiKey, bool master) {
  const bool isApp = equalInConstantTime(applicationId, identity.applicationId);
  const bool isKey = equalInConstantTime(restApiKey, identity.restApiKey) || (restApiKey.empty() && master);
  if (!isApp || !isKey) throw unauthorized();
}

}  // namespace

bool isEncrypted(const Request& request) {
  return !request.headers.get("X-Bmob-Secret-Key").empty() || !request.headers.get("X-Bmob-Safe-Sign").empty();
}

bool hasKeyHeaders(const Request& request) {
  return isEncrypted(request) || !request.headers.get("X-Bmob-Application-Id").empty();
}

Actor authenticate(Context& context, const Request& request, bool isFile) {
  const auto& headers = request.headers;
  const auto masterKey = headers.get("X-Bmob-Master-Key");
  if (isEncrypted(request)) {
    checkSignature(context, request, isFile);
    return actorOf(context, headers.get("X-Bmob-Session-Token"), isMaster(context.identity, masterKey));
  }
  const auto applicationId = headers.get("X-Bmob-Application-Id");
  if (!equalInConstantTime(applicationId, context.identity.applicationId)) throw unauthorized();
  const bool master = isMaster(context.identity, masterKey);
  checkPlainKeys(context.identity, applicationId, headers.get("X-Bmob-REST-API-Key"), master);
  return actorOf(context, headers.get("X-Bmob-Session-Token"), master);
}

Actor authenticate(Context& context, const Tunnelled& request) {
  if (!equalInConstantTime(request.applicationId, context.identity.applicationId)) throw unauthorized();
  const bool master = isMaster(context.identity, request.masterKey);
  checkPlainKeys(context.identity, request.applicationId, request.restApiKey, master);
  return actorOf(context, request.sessionToken, master);
}

}  // namespace openapi::gateway::bmob
