#include <bmob/services.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation timestampOperation{"server.timestamp", Verb::get, true};

Call timestampCall(const TimestampRequest&) {
  Call call;
  call.path = pathOf({"1", "timestamp"});
  return call;
}

TimestampResult timeIn(const Json& json) {
  auto result = resultOf<TimestampResult>(json);
  requirePresent("datetime", result.datetime);
  return result;
}

}  // namespace

Awaitable<TimestampResult> Server::timestamp() const {
  const TimestampRequest request;
  return timestamp(request);
}

Awaitable<TimestampResult> Server::timestamp(const TimestampRequest& request) const {
  return perform(services_, &timestampOperation, request, timestampCall, timeIn);
}

}  // namespace openapi::bmob
