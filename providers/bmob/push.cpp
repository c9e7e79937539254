#include <bmob/services.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation sendOperation{"push.send", Verb::post};

Call pushCall(const PushRequest& request) {
  if (request.data.empty()) check::invalid("data", "required: what to show");
  check::extra(request.data);
  check::extra(request.extra);
  names::conditions("where", request.where);
  names::time("pushTime", request.pushTime);
  names::time("expirationTime", request.expirationTime);
  if (request.expirationInterval && *request.expirationInterval < 1) check::invalid("expirationInterval", "must be at least 1");
  if (request.expirationTime && request.expirationInterval) {
    check::invalid("expirationInterval", "give either expirationTime or expirationInterval");
  }
  return jsonCall(pathOf({"1", "push"}), bodyOf(request));
}

PushResult pushedIn(const Json& json) { return resultOf<PushResult>(json); }

}  // namespace

Awaitable<PushResult> Push::send(const PushRequest& request) const {
  return perform(services_, &sendOperation, request, pushCall, pushedIn);
}

}  // namespace openapi::bmob
