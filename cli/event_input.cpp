#include <cli/event_input.hpp>

#include <cli/binary.hpp>

namespace openapi::cli {
namespace {

[[noreturn]] void fail(const std::string& name, std::string_view expected, const Json& value) {
  throw Error{Errc::invalidArgument, name + ": expected " + std::string{expected} + ", got " + std::string{value.kind()}};
}

const std::string& requireText(const std::string& name, const Json& value) {
  if (const auto* text = value.string()) return *text;
  fail(name, "a text", value);
}

Headers headersFrom(const Json& value) {
  if (value.object() == nullptr) fail("headers", "an object", value);
  Headers headers;
  for (const auto& [name, item] : *value.object()) {
    if (!item.isNull()) headers.add(name, requireText("headers." + name, item));
  }
  return headers;
}

}  // namespace

Event eventFrom(const Json& input) {
  if (input.object() == nullptr) fail("input", "an event {\"headers\":{…},\"body\":\"…\",\"isBase64Encoded\":false}", input);
  Event event;
  for (const auto& [name, value] : *input.object()) {
    if (value.isNull()) continue;
    if (name == "headers") {
      event.headers = headersFrom(value);
    } else if (name == "body") {
      event.body = requireText(name, withBytes(value, name, Errc::invalidArgument));
    } else if (name == "isBase64Encoded") {
      if (value.boolean() == nullptr) fail(name, "true or false", value);
      event.isBase64Encoded = *value.boolean();
    }
  }
  return event;
}

}  // namespace openapi::cli
