#include <gateways/bmob/refused.hpp>

#include <gateways/bmob/json_list.hpp>

#include <codec/fail.hpp>
#include <codec/text.hpp>

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t maxShown = 200;

std::string quoted(std::string_view before, std::string_view text, std::string_view after) {
  return std::string{before} + shown(text) + std::string{after};
}

}  // namespace

std::string shown(std::string_view text) {
  auto part = text.substr(0, maxShown);
  while (!part.empty() && part.size() < text.size() && (static_cast<unsigned char>(text[part.size()]) & 0xC0U) == 0x80U)
    part.remove_suffix(1);
  return codec::isUtf8(part) ? std::string{part} : codec::printable(part);
}

Refused unauthorized() { return {0, "unauthorized", 401}; }
Refused noSuchRoute() { return {404, "not found", 404}; }
Refused objectNotFound(std::string_view what) { return {101, quoted("object not found for ", what, ".")}; }
Refused invalidKey(std::string_view key) { return {102, quoted("Invalid key '", key, "' for find")}; }
Refused invalidValue(std::string_view key) { return {102, quoted("Invalid value for key '", key, "'.")}; }
Refused invalidClass(std::string_view name) { return {103, quoted("classname '", name, "' must start with a letter.")}; }
Refused invalidField(std::string_view name) { return {105, quoted("invalid field name: ", name, ".")}; }
Refused reservedField(std::string_view name) { return {105, quoted("It is a reserved field: ", name, ".")}; }
Refused invalidPointer(std::string_view key) { return {106, quoted("", key, ": is not a valid Pointer.")}; }
Refused invalidJson(std::string_view text) { return {107, quoted("invalid json: ", text, ".")}; }
Refused emptyContent() { return {107, "content is empty."}; }
Refused invalidOperation() { return {107, "invalid op value"}; }
Refused neededParameter(std::string_view name) { return {118, quoted("param ", name, " is need.")}; }
Refused forbidden() { return {122, "权限验证不通过"}; }
Refused needsSession() { return {206, "User cannot be altered without sessionToken Error."}; }
Refused expiredSession() { return {211, "用户请先登录，或者用户登录已过期需要重新登录"}; }

Refused tooLargeAnswer() {
  return {107, "the answer is larger than " + std::to_string(maxAnswerBytes) + " bytes, or has more than " +
                   std::to_string(maxAnswerValues) + " values: ask for fewer rows or columns (limit, keys)."};
}
Refused tooMuchWork() {
  return {107, "the request takes too much work: it needs fewer conditions, a shorter $regex, or fewer or smaller rows."};
}

Refused wrongType(std::string_view key, std::string_view expected, std::string_view actual) {
  return {111, quoted("invalid type for key '", key, "', expected '") + std::string{expected} + "', but got '" +
                   std::string{actual} + "'."};
}

}  // namespace openapi::gateway::bmob
