#include <gateways/bmob/settings.hpp>

#include <algorithm>
#include <iterator>

namespace openapi::gateway::bmob {
namespace {

struct Switch {
  std::string_view name;
  bool isOn;
};

constexpr Switch switches[] = {{"emailVerify", false}, {"createTables", true}, {"regex", true}, {"captcha", false}};

std::string keyOf(std::string_view name) { return "bmob.settings." + std::string{name}; }

}  // namespace

bool Settings::isOn(std::string_view name) const {
  const auto* found =
      std::find_if(std::begin(switches), std::end(switches), [&](const Switch& item) { return item.name == name; });
  if (found == std::end(switches)) return false;
  const auto kept = database_.setting(keyOf(name));
  return kept ? *kept == "1" : found->isOn;
}

FieldNames Settings::names() {
  FieldNames all;
  for (const auto& item : switches) all.push_back(item.name);
  return all;
}

Json Settings::change(const Json& input) {
  Fields all;
  for (const auto& item : switches) {
    const std::string name{item.name};
    if (const auto* value = input.find(name)) {
      if (value->boolean() == nullptr) throw ControlError{400, name + " must be true or false", name};
      database_.setSetting(keyOf(name), *value->boolean() ? "1" : "0");
    }
    all.append(name, isOn(name));
  }
  return all;
}

}  // namespace openapi::gateway::bmob
