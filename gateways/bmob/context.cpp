#include <gateways/bmob/context.hpp>

#include <codec/text.hpp>
#include <codec/whole_number.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <algorithm>

namespace openapi::gateway::bmob {

std::string_view Call::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& field) { return field.first == name; });
  return found == query.end() ? std::string_view{} : std::string_view{found->second};
}

Fields membersOf(const Call& call) { return call.body.object() == nullptr ? Fields{} : *call.body.object(); }

const Fields& contentOf(const Call& call) {
  if (call.body.object() == nullptr || call.body.object()->empty()) throw emptyContent();
  return *call.body.object();
}

std::string textOf(const Fields& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return {};
  if (const auto* text = value->string()) return *text;
  if (const auto* number = value->integer()) return std::to_string(*number);
  throw invalidValue(name);
}

std::string neededText(const Fields& object, std::string_view name) {
  auto text = textOf(object, name);
  if (text.empty()) throw neededParameter(name);
  return text;
}

std::optional<std::int64_t> numberIn(std::string_view text) { return codec::wholeNumber<std::int64_t>(text); }

std::optional<std::int64_t> integerOf(const Fields& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return std::nullopt;
  if (const auto* number = value->integer()) return *number;
  const auto number = value->string() == nullptr ? std::nullopt : numberIn(*value->string());
  if (!number) throw invalidValue(name);
  return number;
}

Reply answer(const Json& json, int status) { return {.status = status, .contentType = "application/json", .body = json.json()}; }

Reply created(const Call& call, const std::string& path, const Json& json, int status) {
  auto reply = answer(json, status);
  reply.headers.add("Location", baseUrlOf(call) + path);
  return reply;
}

Json okMessage() { return Fields{{"msg", "ok"}}; }

Reply done() { return answer(okMessage()); }

std::string baseUrlOf(const Call& call) {
  const auto host = call.http.headers.get("Host");
  return "https://" + std::string{host.empty() ? "127.0.0.1" : host};
}

std::string randomHex(std::size_t length) {
  std::string text;
  while (text.size() < length) text += codec::toLowerHex(crypto::sha256(crypto::randomText(43)));
  text.resize(length);
  return text;
}

}  // namespace openapi::gateway::bmob
