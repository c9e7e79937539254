#include <cli/methods.hpp>

#include <cli/client.hpp>
#include <cli/commands.hpp>
#include <near_name.hpp>

#include <utility>

namespace openapi::cli {
namespace {

template <class Items>
std::string namesOf(const Items& items) {
  std::string names;
  for (const auto& item : items) names += (names.empty() ? "" : ", ") + std::string{item.name};
  return names;
}

/// The one of `items` that `name` looks like.
template <class Items>
std::string guessFor(std::string_view name, const Items& items) {
  std::vector<std::string_view> names;
  for (const auto& item : items) names.push_back(item.name);
  const auto meant = nearName(name, names);
  return meant.empty() ? std::string{} : "; did you mean " + std::string{meant} + "?";
}

}  // namespace

std::vector<ProviderEntry> providers() { return {weixinProvider(), alipayProvider(), bmobProvider()}; }

ProviderEntry findProvider(std::string_view name) {
  auto all = providers();
  for (auto& entry : all) {
    if (entry.name == name) return std::move(entry);
  }
  throw UsageError{"there is no provider " + std::string{name} + guessFor(name, all) + "; there are: " + namesOf(all)};
}

Method findMethod(const ProviderEntry& provider, std::string_view name) {
  for (const auto& method : provider.methods) {
    if (method.name == name) return method;
  }
  throw UsageError{std::string{provider.name} + " has no method " + std::string{name} + guessFor(name, provider.methods) +
                   "; it has: " + namesOf(provider.methods)};
}

}  // namespace openapi::cli
