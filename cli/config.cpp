#include <cli/config.hpp>

#include <check.hpp>
#include <cli/files.hpp>
#include <codec/text.hpp>
#include <near_name.hpp>

#include <algorithm>
#include <filesystem>

namespace openapi::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t maxBytes = 1024 * 1024;
constexpr std::size_t maxUrl = 2048;
constexpr std::string_view suffix = "File";

[[noreturn]] void fail(std::string_view name, const std::string& problem) {
  throw Error{Errc::config, std::string{name} + ": " + problem};
}

const std::string& requireText(std::string_view name, const Json& value) {
  if (const auto* text = value.string()) return *text;
  fail(name, "expected a text, got " + std::string{value.kind()});
}

std::string pathOf(std::string_view name, const Json& value, const fs::path& folder) {
  const auto& text = requireText(name, value);
  if (text.empty()) fail(name, "the path is empty");
  return (folder / text).string();
}

std::string contentOf(std::string_view name, const std::string& path) {
  std::string content;
  try {
    content = readFile(path, maxBytes);
  } catch (const FileError& error) {
    fail(name, "cannot read " + path + ": " + error.what());
  }
  if (content.empty()) fail(name, path + " is empty");
  // Editors end a text with a line break, which is no part of a key.
  if (codec::isUtf8(content)) content.erase(content.find_last_not_of("\r\n") + 1);
  return content;
}

Fields parseObject(const std::string& path) {
  std::string text;
  try {
    text = readFile(path, maxBytes);
  } catch (const FileError& error) {
    throw Error{Errc::config, std::string{"cannot read the file: "} + error.what()};
  }
  const auto json = Json::parse(text);
  if (json.object() == nullptr) throw Error{Errc::config, "expected an object, got " + std::string{json.kind()}};
  return *json.object();
}

bool isAddress(std::string_view name) { return name == "gateway" || name.ends_with("Url"); }

/// `key` for `keyFile` where `key` is one of `texts`, else nothing.
std::string_view memberOfFile(std::string_view name, const std::vector<std::string_view>& texts) {
  if (!name.ends_with(suffix)) return {};
  const auto stem = name.substr(0, name.size() - suffix.size());
  return std::find(texts.begin(), texts.end(), stem) == texts.end() ? std::string_view{} : stem;
}

}  // namespace

Fields withFiles(const Fields& members, const std::vector<std::string_view>& texts, const std::string& folder,
                 std::string_view scope) {
  const auto input = withBytes(members, texts, Errc::config);
  Fields out;
  for (const auto& [name, value] : input) {
    if (value.isNull()) continue;
    const auto stem = memberOfFile(name, texts);
    const auto shown = std::string{scope} + name;
    if (stem.empty()) {
      if (isAddress(name)) check::url(shown, requireText(shown, value), maxUrl);
      out.append(name, value);
      continue;
    }
    if (const auto* inlined = input.find(stem); inlined != nullptr && !inlined->isNull()) {
      fail(shown, std::string{scope} + std::string{stem} + " is there too; keep one of the two");
    }
    out.append(std::string{stem}, contentOf(shown, pathOf(shown, value, folder)));
  }
  return out;
}

void refuseUnknown(const Fields& members, std::vector<std::string_view> known, const std::vector<std::string_view>& texts) {
  std::vector<std::string> others{"caFile", "proxy", "redis"};
  for (const auto text : texts) others.push_back(std::string{text} + std::string{suffix});
  const auto isKnown = [fields = known](std::string_view name) {
    return std::find(fields.begin(), fields.end(), name) != fields.end();
  };
  known.insert(known.end(), others.begin(), others.end());
  for (const auto& [name, value] : members) {
    if (!isKnown(name) && !isKnown(marshal::toCamel(name))) fail(name, noSuchField(name, known));
  }
}

ConfigFile readConfig(const std::string& path, const std::vector<std::string_view>& texts) {
  ConfigFile config;
  config.folder = fs::path{path}.parent_path().string();
  auto input = parseObject(path);
  if (const auto* caFile = input.find("caFile"); caFile != nullptr && !caFile->isNull()) {
    config.http.caFile = pathOf("caFile", *caFile, config.folder);
    static_cast<void>(contentOf("caFile", config.http.caFile));
  }
  if (const auto* proxy = input.find("proxy"); proxy != nullptr && !proxy->isNull()) {
    config.http.proxy = requireText("proxy", *proxy);
  }
  input.erase("caFile");
  input.erase("proxy");
  config.members = withFiles(input, texts, config.folder);
  return config;
}

}  // namespace openapi::cli
