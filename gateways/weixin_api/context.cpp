#include <gateways/weixin_api/context.hpp>

#include <codec/text.hpp>
#include <codec/whole_number.hpp>
#include <crypto/digest.hpp>
#include <crypto/random.hpp>

#include <algorithm>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::int64_t malformed = 47001;

}  // namespace

bool Context::hasApp(std::string_view appId) const {
  const auto& others = identity.otherAppIds;
  return appId == identity.appId || std::find(others.begin(), others.end(), appId) != others.end();
}

std::string Call::parameter(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& field) { return field.first == name; });
  return found == query.end() ? std::string{} : found->second;
}

std::string textOf(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return {};
  if (const auto* text = value->string()) return *text;
  if (value->kind() == "number") return value->json();
  throw Refused{malformed};
}

std::optional<std::int64_t> integerOf(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return std::nullopt;
  if (const auto* number = value->integer()) return *number;
  const auto number = value->string() == nullptr ? std::nullopt : codec::wholeNumber<std::int64_t>(*value->string());
  if (!number) throw Refused{malformed};
  return number;
}

std::optional<bool> flagOf(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return std::nullopt;
  if (const auto* flag = value->boolean()) return *flag;
  if (const auto* number = value->integer()) return *number != 0;
  throw Refused{malformed};
}

const Json* objectOf(const Json& object, std::string_view name) {
  const auto* value = object.find(name);
  if (value == nullptr || value->isNull()) return nullptr;
  if (value->object() == nullptr) throw Refused{malformed};
  return value;
}

Reply answer(const Fields& fields) { return {.contentType = "application/json; encoding=utf-8", .body = Json{fields}.json()}; }

Reply success(const Fields& fields) {
  Fields all{{"errcode", 0}, {"errmsg", "ok"}};
  for (const auto& [name, value] : fields) all.append(name, value);
  return answer(all);
}

std::string randomBytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const auto digest = crypto::sha256(crypto::randomText(43));  // 256 bits
    bytes.append(digest.begin(), digest.end());
  }
  bytes.resize(count);
  return bytes;
}

std::string randomUrlText(std::size_t count) {
  auto text = codec::toBase64(randomBytes((count * 3 + 3) / 4));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.resize(count);
  return text;
}

}  // namespace openapi::gateway::weixin_api
