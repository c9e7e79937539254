#include <gateways/weixin_api/settings.hpp>

#include <gateways/clock.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace openapi::gateway::weixin_api {
namespace {

constexpr auto settingName = "weixinApi.settings";

struct Choices {
  std::string_view name;
  std::array<std::string_view, 3> texts;
};

constexpr std::array<Choices, 4> choices{{{"analysisReady", {"always", "morning", "never"}},
                                          {"pushMode", {"safe", "plain", "compatible"}},
                                          {"pushFormat", {"json", "xml", ""}},
                                          {"typingPaths", {"both", "business", "custom"}}}};

const Fields& defaults() {
  static const Fields values{
      // tokens and login
      {"secretFrozen", false},          // 40243
      {"secretError", 40125},           // the code for a wrong secret: 40125, or 40001 as older deployments say
      {"ipWhitelist", Json::Array{}},   // 40164 unless it is empty or has 127.0.0.1
      {"openPlatform", true},           // false: no unionid, 89002
      {"unauthorized", Json::Array{}},  // paths that answer 48001
      // analysis
      {"analysisReady", "always"},  // yesterday's numbers: always there, from eight in the morning, never (61503)
      {"firstDay", "20170101"},     // before it nothing was counted
      {"visitPages", 12},           // pages that somebody visited
      // messages
      {"typingPaths", "both"},           // of a typing path that is not served: 40200
      {"releasedPages", Json::Array{}},  // of codes and messages; empty: every page is released (41030)
      {"codeLimit", 100'000},            // codes of limited number, for the life of an app (45029)
      {"riskyWords", Json::Array{"特3456书yuuo莞6543李zxcz蒜7782法fgnv级", "赌博"}},
      {"reviewWords", Json::Array{"代购"}},
      // push
      {"pushUrl", ""},       // where messages and events go; empty: nowhere
      {"pushMode", "safe"},  // encrypted, plain, or both
      {"pushFormat", "json"},
      // the rest
      {"shippingDelaySeconds", 0},      // until a payment is known to the shipping service
      {"legacyHints", false},           // `hint: […]` instead of `rid: …`
      {"rejectUnicodeEscapes", false},  // 47002 for a body with \u escapes
  };
  return values;
}

bool isListOfTexts(const Json& value) {
  const auto* items = value.array();
  return items != nullptr && std::all_of(items->begin(), items->end(), [](const Json& item) { return item.string() != nullptr; });
}

void check(const std::string& name, const Json& value, const Json& fallback) {
  const bool sameKind = value.kind() == fallback.kind() && (fallback.integer() == nullptr || value.integer() != nullptr) &&
                        (fallback.array() == nullptr || isListOfTexts(value));
  if (!sameKind) {
    const auto kind = fallback.array() != nullptr ? std::string{"list of texts"} : std::string{fallback.kind()};
    throw ControlError{400, name + " must be a " + kind, name};
  }
  if (name == "firstDay" && !parseCompactDate(*value.string()))
    throw ControlError{400, "firstDay must be a date, yyyyMMdd", name};
  const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choices& c) { return c.name == name; });
  if (found == choices.end()) return;
  const auto& text = *value.string();
  if (text.empty() || std::find(found->texts.begin(), found->texts.end(), text) == found->texts.end()) {
    std::string all;
    for (const auto& choice : found->texts) {
      if (!choice.empty()) all += (all.empty() ? "" : ", ") + std::string{choice};
    }
    throw ControlError{400, name + " must be one of " + all, name};
  }
}

const Json& valueOf(const Fields& values, std::string_view name) {
  const auto* value = values.find(name);
  if (value == nullptr) throw std::logic_error{"no setting " + std::string{name}};
  return *value;
}

}  // namespace

Settings::Settings(Database& database) : database_{database}, values_{defaults()} {
  const auto stored = database_.setting(settingName);
  if (!stored) return;
  const auto kept = Json::parse(*stored);
  for (const auto& [name, value] : *kept.object()) {
    if (values_.find(name) != nullptr) values_.set(name, value);
  }
}

FieldNames Settings::names() {
  FieldNames all;
  for (const auto& [name, value] : defaults()) all.emplace_back(name);
  return all;
}

Json Settings::change(const Json& input) {
  auto changed = values_;
  for (const auto& [name, fallback] : defaults()) {
    const auto* value = input.find(name);
    if (value == nullptr) continue;
    if (!value->isNull()) check(name, *value, fallback);
    changed.set(name, value->isNull() ? fallback : *value);
  }
  values_ = std::move(changed);
  Json all = values_;
  database_.setSetting(settingName, all.json());
  return all;
}

bool Settings::flag(std::string_view name) const { return *valueOf(values_, name).boolean(); }
std::int64_t Settings::number(std::string_view name) const { return *valueOf(values_, name).integer(); }
const std::string& Settings::text(std::string_view name) const { return *valueOf(values_, name).string(); }

std::vector<std::string> Settings::list(std::string_view name) const {
  std::vector<std::string> items;
  for (const auto& item : *valueOf(values_, name).array()) items.push_back(*item.string());
  return items;
}

bool Settings::lists(std::string_view name, std::string_view item) const {
  const auto& items = *valueOf(values_, name).array();
  return std::any_of(items.begin(), items.end(), [&](const Json& value) { return *value.string() == item; });
}

}  // namespace openapi::gateway::weixin_api
