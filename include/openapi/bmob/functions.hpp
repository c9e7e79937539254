#pragma once

#include <openapi/bmob/service.hpp>

namespace openapi::bmob {

struct RunFunctionRequest {
  using KeepsNames = void;
  std::optional<std::string> sessionToken{};
  std::optional<bool> useMasterKey{};
  std::string name{};            ///< of the function
  std::optional<Fields> data{};  ///< its arguments: `request.body` there
};
BOOST_DESCRIBE_STRUCT(RunFunctionRequest, (), (sessionToken, useMasterKey, name, data))

struct RunFunctionResult {
  using KeepsNames = void;
  Json result{};                 ///< what the function ended with: mostly a text
  std::optional<Json> parsed{};  ///< `result` read as JSON, when it is a text that holds some
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RunFunctionResult, (), (result, parsed, extra))

/// Cloud functions.
class Functions {
 public:
  explicit Functions(SharedServices services) : services_{std::move(services)} {}

  /// Runs a function of the application. Never repeated: nobody here knows what it does. `310`: the function failed.
  Awaitable<RunFunctionResult> run(const RunFunctionRequest& request) const;
  Awaitable<RunFunctionResult> run(const std::string& name, const Fields& data) const;

  OPENAPI_NAMED_REQUEST(run, RunFunctionRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::bmob
