#include <gateways/bmob/functions.hpp>

#include <gateways/bmob/names.hpp>
#include <gateways/bmob/request.hpp>

#include <crypto/digest.hpp>
#include <gateways/faults.hpp>

namespace openapi::gateway::bmob {
namespace {

std::string hello(const Fields& body) {
  const auto* name = body.find("name");
  return name != nullptr && *name == Json{"bmob"} ? "欢迎使用Bmob" : "输入错误，请重新输入";
}

std::string resultOf(Context& context, const std::string& name, const Fields& body) {
  if (!isName(name)) throw Refused{311, "invalid cloudcode name: " + shown(name) + "."};
  const auto row = context.database().first("SELECT result, error FROM bmob_functions WHERE name = ?", {name});
  if (row && !row->isNull("error")) throw Refused{310, "call cloudcode error:" + row->text("error")};
  if (row) return row->text("result");
  if (name == "hello") return hello(body);
  throw Refused{314, "cloudcode " + shown(name) + " not exists."};
}

Fields argumentsOf(const Call& call) {
  auto fields = call.query;
  if (call.method == "POST") {
    if (call.http.headers.get("Content-Type").starts_with("application/json")) return *readObject(call.http.body).object();
    fields = queryOf(call.http.body);
  }
  Fields body;
  for (const auto& [name, value] : fields) body.set(name, value);
  return body;
}

}  // namespace

Reply runFunction(Context& context, const Call& call) {
  return answer(Fields{{"result", resultOf(context, call.captured.at(0), membersOf(call))}});
}

Reply runFunctionDirectly(Context& context, const Call& call) {
  if (!crypto::equalInConstantTime(call.captured.at(0), context.identity.secretKey)) throw noSuchRoute();
  const auto result = resultOf(context, call.captured.at(1), argumentsOf(call));
  return {.status = 200, .contentType = "text/plain; charset=utf-8", .body = result};
}

Json setFunction(Context& context, const Json& input) {
  const auto name = requireText(input, "name");
  if (!isName(name)) throw ControlError{400, "name must be a letter, then letters, digits and underscores", "name"};
  const auto error = optionalText(input, "error");
  const auto result = optionalText(input, "result");
  context.database().execute("INSERT OR REPLACE INTO bmob_functions(name, result, error) VALUES(?, ?, ?)",
                             {name, result, error.empty() ? SqlValue{nullptr} : SqlValue{error}});
  return Fields{{"name", name}};
}

}  // namespace openapi::gateway::bmob
