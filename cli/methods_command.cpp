#include <openapi/json.hpp>

#include <cli/commands.hpp>
#include <cli/files.hpp>
#include <cli/methods.hpp>
#include <cli/output_file.hpp>
#include <cli/platform_needs.hpp>

#include <string>
#include <utility>

namespace openapi::cli {
namespace {

constexpr std::size_t columns = 110;
constexpr std::string_view legend =
    "# name: type is required in an input and always there in an output; name?: type is not. Amounts are fen (1/100 yuan).\n"
    "# needs: what this platform requires beyond that. What goes together and what it means: docs/payments.md, docs/bmob.md,\n"
    "# docs/reference.md.\n"
    "# … other members: any parameter of the platform's own documents, in camelCase, and whatever else comes back.\n"
    "# 带 ? 的成员可省略，但 needs 一行列出的是该平台必填的；金额单位为分；… 表示平台文档中的其他参数也可传入或返回。\n";

Json::Array membersJson(const std::vector<MemberShape>& members) {
  Json::Array out;
  for (const auto& member : members) {
    Fields fields{{"name", member.name}, {"type", member.type}, {"required", member.required}};
    if (!member.members.empty()) {
      fields.append("members", membersJson(member.members));
      fields.append("extra", member.extra);
      fields.append("struct", member.structName);
    }
    out.emplace_back(std::move(fields));
  }
  return out;
}

Json shapeJson(const Shape& shape) {
  return Fields{{"members", membersJson(shape.members)}, {"extra", shape.extra}, {"struct", shape.structName}};
}

Json methodJson(const ProviderEntry& provider, const Method& method) {
  const auto needs = platformNeeds(provider.name, method.name);
  return Fields{{"provider", provider.name},          {"method", method.name},
                {"input", shapeJson(method.input())}, {"output", shapeJson(method.output())},
                {"supported", !needs.unsupported},    {"needs", needs.members}};
}

std::vector<std::string> itemsOf(const std::vector<MemberShape>& members, bool extra) {
  std::vector<std::string> items;
  for (const auto& member : members) {
    std::string item = std::string{member.name} + (member.required ? ": " : "?: ") + std::string{member.type};
    if (!member.members.empty()) {
      item += " of {";
      std::string separator;
      for (const auto& inner : itemsOf(member.members, member.extra)) item += std::exchange(separator, ", ") + inner;
      item += "}";
    }
    items.push_back(std::move(item));
  }
  if (extra) items.emplace_back("…");
  return items;
}

/// The items after `label`, broken into lines at blanks.
std::string paragraph(std::string_view label, const Shape& shape) {
  const std::string indent(label.size(), ' ');
  std::string out;
  std::string line{label};
  bool first = true;
  const auto add = [&](std::string_view word) {
    if (!first && line.size() + 1 + word.size() > columns) {
      out += line + "\n";
      line = indent;
      first = true;
    }
    if (!std::exchange(first, false)) line += ' ';
    line += word;
  };
  const auto items = itemsOf(shape.members, shape.extra);
  for (std::size_t at = 0; at < items.size(); ++at) {
    const auto item = items[at] + (at + 1 < items.size() ? "," : "");
    std::string_view rest{item};
    for (auto space = rest.find(", "); space != std::string_view::npos; space = rest.find(", ")) {
      add(rest.substr(0, space + 1));
      rest.remove_prefix(space + 2);
    }
    add(rest);
  }
  return out + line + "\n";
}

std::string methodText(const ProviderEntry& provider, const Method& method) {
  const auto needs = platformNeeds(provider.name, method.name);
  const auto head = "\n" + std::string{provider.name} + " " + std::string{method.name} + "\n";
  if (needs.unsupported) return head + "  unsupported: the platform has no such operation / 该平台没有此接口\n";
  const auto more = needs.members.empty() ? std::string{} : "  needs " + std::string{needs.members} + "\n";
  return head + paragraph("  in   ", method.input()) + more + paragraph("  out  ", method.output());
}

constexpr std::string_view usage = R"(
The input is JSON, from standard input or FILE. `openapi call --help` says more.
输入为 JSON，来自标准输入或 FILE；详见 `openapi call --help`。

)";

}  // namespace

int runMethodHelp(const std::string& providerName, const std::string& methodName) {
  const auto provider = findProvider(providerName);
  const auto method = findMethod(provider, methodName);
  const auto* output = fileMember(method.output()).empty() ? "" : " [--output FILE]";
  writeOutput("openapi call " + providerName + " " + methodName + " --config FILE [--input FILE] [--timeout MS]" + output +
              std::string{usage} + std::string{legend} + methodText(provider, method));
  return 0;
}

int runMethods(const MethodsOptions& options) {
  const auto shown = options.provider.empty() ? providers() : std::vector{findProvider(options.provider)};
  std::string text{legend};
  Json::Array all;
  for (const auto& provider : shown) {
    for (const auto& method : provider.methods) {
      text += methodText(provider, method);
      all.push_back(methodJson(provider, method));
    }
  }
  writeOutput(options.json ? Json{std::move(all)}.json() + "\n" : text);
  return 0;
}

}  // namespace openapi::cli
