#include <cli/methods.hpp>

#include <cli/client.hpp>
#include <cli/commands.hpp>

#include <utility>

namespace openapi::cli {
namespace {

template <class Items>
std::string namesOf(const Items& items) {
  std::string names;
  for (const auto& item : items) names += (names.empty() ? "" : ", ") + std::string{item.name};
  return names;
}

}  // namespace

std::vector<ProviderEntry> providers() { return {weixinProvider(), alipayProvider()}; }

ProviderEntry findProvider(std::string_view name) {
  auto all = providers();
  for (auto& entry : all) {
    if (entry.name == name) return std::move(entry);
  }
  throw UsageError{"there is no provider " + std::string{name} + "; there are: " + namesOf(all)};
}

Method findMethod(const ProviderEntry& provider, std::string_view name) {
  for (const auto& method : provider.methods) {
    if (method.name == name) return method;
  }
  throw UsageError{std::string{provider.name} + " has no method " + std::string{name} + "; it has: " + namesOf(provider.methods)};
}

}  // namespace openapi::cli
