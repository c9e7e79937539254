#include <bmob/services.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation runOperation{"functions.run", Verb::post};

Call runCall(const RunFunctionRequest& request) {
  names::word("name", request.name, 128);
  const auto data = request.data.value_or(Fields{});
  check::extra(data);
  return jsonCall(pathOf({"1", "functions", request.name}), data);
}

std::optional<Json> parsed(const Json& result) {
  if (result.string() == nullptr) return std::nullopt;
  try {
    return Json::parse(*result.string());
  } catch (const Error&) {
    return std::nullopt;
  }
}

RunFunctionResult resultIn(const Json& json) {
  const auto* result = json.find("result");
  if (result == nullptr) failMissing("result");
  RunFunctionResult read{*result, parsed(*result), *json.object()};
  read.extra.erase("result");
  return read;
}

}  // namespace

Awaitable<RunFunctionResult> Functions::run(const RunFunctionRequest& request) const {
  return perform(services_, &runOperation, request, runCall, resultIn);
}

Awaitable<RunFunctionResult> Functions::run(const std::string& name, const Fields& data) const {
  RunFunctionRequest request;
  request.name = name;
  request.data = data;
  return run(request);
}

}  // namespace openapi::bmob
