#include <cli/request_input.hpp>

namespace openapi::cli {
namespace {

constexpr std::size_t maxMembers = 1000;  // what is unknown is looked up among the others, one by one

void requireFew(std::size_t count) {
  if (count > maxMembers) throw Error{Errc::invalidArgument, "input: more than 1000 members"};
}

}  // namespace

Fields inputMembers(const Json& input, std::string_view bare, bool liftExtra) {
  if (input.string() != nullptr && !bare.empty()) return Fields{{std::string{bare}, input}};
  if (input.object() == nullptr)
    throw Error{Errc::invalidArgument, "input: expected an object, got " + std::string{input.kind()}};
  requireFew(input.object()->size());
  const auto* extra = liftExtra ? input.find("extra") : nullptr;
  if (extra == nullptr || extra->object() == nullptr) return *input.object();
  requireFew(extra->object()->size());
  auto members = *input.object();
  members.erase("extra");
  for (const auto& [name, value] : *extra->object()) {
    if (members.find(name) != nullptr) throw Error{Errc::invalidArgument, "extra." + name + ": given twice"};
    members.append(name, value);
  }
  return members;
}

}  // namespace openapi::cli
