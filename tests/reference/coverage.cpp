#include "coverage.hpp"

#include <algorithm>
#include <regex>

namespace openapi::test {

namespace {

std::string unquoted(const std::string& cell) {
  return cell.size() > 1 && cell.front() == '`' && cell.back() == '`' ? cell.substr(1, cell.size() - 2) : cell;
}

bool startsWithAny(const std::string& text, std::initializer_list<const char*> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const char* one) { return text.starts_with(one); });
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

enum class Kind { input, output, nested, errors, values, unknown };

/// What a table of the requirement document is about.
struct Table {
  Kind kind = Kind::unknown;
  std::string name{};  ///< of a nested structure or of a member with values
};

Table tableOf(const TableRow& row) {
  const auto& caption = row.caption;
  std::smatch match;
  if (contains(caption, "入参说明")) return {Kind::input, "input"};
  if (contains(caption, "返回值说明") || contains(caption, "包含二进制数据")) return {Kind::output, "output"};
  if (contains(caption, "错误码说明")) return {Kind::errors, "errors"};
  if (std::regex_search(caption, match, std::regex{"index=\"(\\w+)\""})) return {Kind::values, match[1]};
  if (std::regex_search(caption, match, std::regex{"\\*\\*(\\w+) ?(的合法值|属性说明)"})) return {Kind::values, match[1]};
  if (std::regex_search(caption, match, std::regex{"\\*\\*(\\w+) ?((?:的)?结构|结构说明|说明)"})) return {Kind::nested, match[1]};
  // Two tables of inputs have no caption of their own.
  if (row.heading == "公共配置" || row.heading == "customerServiceMessage.uploadTempMedia") return {Kind::input, "input"};
  return {};
}

/// `analysis.getDailyRetain`, as the reference's headings call it; of configurations the names of their structs.
std::vector<std::string> targetsOf(const TableRow& row) {
  const bool weixin = row.chapter == "微信小程序平台";
  if (row.heading == "初始化") return {weixin ? "WeixinConfig" : "AlipayConfig"};
  if (row.heading == "公共配置") {
    std::vector<std::string> configs;
    if (contains(row.cells.back(), "微信")) configs.emplace_back("WeixinConfig");
    if (contains(row.cells.back(), "支付宝")) configs.emplace_back("AlipayConfig");
    return configs;
  }
  std::smatch match;
  if (std::regex_search(row.lead, match, std::regex{"`openapi\\.(payment\\.\\w+)`"})) return {match[1]};
  if (std::regex_search(row.heading, match, std::regex{"^(\\w+\\.\\w+)"}))
    return {(weixin ? "weixin " : "alipay ") + match[1].str()};
  return {};
}

/// The name of a member without its folders and `[]`.
std::string lastName(std::string path) {
  if (path.ends_with("[]")) path.resize(path.size() - 2);
  const auto dot = path.find_last_of('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

bool nestedIn(const std::set<std::string>& paths, const std::string& owner, const std::string& name, bool& ownerThere) {
  bool all = true;
  for (const auto& path : paths) {
    if (lastName(path) != owner) continue;
    ownerThere = true;
    all = all && (paths.contains(path + "." + name) || paths.contains(path + "[]." + name));
  }
  return all;
}

class Checker {
 public:
  Checker(const std::map<std::string, Described>& reference, const std::vector<Mistake>& mistakes)
      : reference_{reference}, mistakes_{mistakes}, met_(mistakes.size(), false) {}

  void check(const TableRow& row) {
    rememberType(row);
    const auto table = tableOf(row);
    const auto targets = targetsOf(row);
    if (table.kind == Kind::unknown || targets.empty()) return report(row, "a table of no known kind: " + row.caption);
    for (const auto& target : targets) {
      const auto found = reference_.find(target);
      if (found == reference_.end()) {
        report(row, "not in the reference: " + target);
      } else {
        compare(row, table, target, covers(found->second, table, row));
      }
    }
  }

  std::vector<std::string> finish() {
    for (std::size_t at = 0; at < mistakes_.size(); ++at) {
      const auto& mistake = mistakes_[at];
      const auto name = mistake.method + ", " + mistake.table + ", " + mistake.name;
      if (!met_[at]) problems_.push_back("not in the document: " + name);
      const auto found = reference_.find(mistake.method);
      const bool there = found != reference_.end() &&
                         (found->second.input.contains(mistake.real) || found->second.output.contains(mistake.real));
      if (!mistake.real.empty() && !there) problems_.push_back("not in the reference: " + mistake.real + " for " + name);
    }
    return problems_;
  }

 private:
  void compare(const TableRow& row, const Table& table, const std::string& target, bool covered) {
    bool excused = false;
    for (std::size_t at = 0; at < mistakes_.size(); ++at) {
      const auto& mistake = mistakes_[at];
      if (mistake.method != target || mistake.table != table.name || mistake.name != row.cells.front()) continue;
      excused = true;
      met_[at] = true;
    }
    const auto name = target + ", " + table.name + ", " + row.cells.front();
    if (!covered && !excused) report(row, "not in the reference: " + name);
    if (covered && excused) report(row, "listed as a mistake, and yet in the reference: " + name);
  }

  /// `Array<refundItem>` in a type column: the structure that is described further on under that name.
  void rememberType(const TableRow& row) {
    std::smatch match;
    if (row.cells.size() > 1 && std::regex_search(row.cells[1], match, std::regex{"^Array&lt;(\\w+)&gt;"})) {
      typeOf_[match[1]] = row.cells.front();
    }
  }

  [[nodiscard]] bool covers(const Described& method, const Table& table, const TableRow& row) const {
    const auto& name = row.cells.front();
    if (table.kind == Kind::input) return method.input.contains(name);
    if (table.kind == Kind::output) return method.output.contains(name);
    if (table.kind == Kind::errors) {
      const auto found = method.errors.find(name);
      return found != method.errors.end() && contains(found->second, row.cells.at(1));
    }
    if (table.kind == Kind::values) return hasValue(method, table.name, row.cells);
    const auto type = typeOf_.find(table.name);
    const auto& owner = type == typeOf_.end() ? table.name : type->second;
    bool ownerThere = false;
    const bool inInput = nestedIn(method.input, owner, name, ownerThere);
    const bool inOutput = nestedIn(method.output, owner, name, ownerThere);
    return ownerThere && inInput && inOutput;
  }

  /// A value stands under a caption that names the member, or the index that its meaning depends on.
  static bool hasValue(const Described& method, const std::string& name, const std::vector<std::string>& cells) {
    for (const auto& [caption, values] : method.values) {
      const auto found = values.find(cells.front());
      if (!contains(caption, name + "`") || found == values.end()) continue;
      return std::all_of(cells.begin() + 1, cells.end(), [&](const std::string& cell) { return contains(found->second, cell); });
    }
    return false;
  }

  void report(const TableRow& row, const std::string& problem) {
    problems_.push_back("line " + std::to_string(row.line) + ": " + problem);
  }

  const std::map<std::string, Described>& reference_;
  const std::vector<Mistake>& mistakes_;
  std::vector<bool> met_;
  std::map<std::string, std::string> typeOf_{};
  std::vector<std::string> problems_{};
};

}  // namespace

std::map<std::string, Described> readReference(const std::string& markdown) {
  std::map<std::string, Described> reference;
  for (const auto& row : tableRows(markdown)) {
    auto& described = reference[row.heading];
    const auto name = unquoted(row.cells.front());
    if (name == "…") continue;
    if (startsWithAny(row.caption, {"Input:", "入参："}) || row.heading.ends_with("Config")) {
      described.input.insert(name);
    } else if (startsWithAny(row.caption, {"Output:", "返回值："})) {
      described.output.insert(name);
    } else if (startsWithAny(row.caption, {"Error codes:", "错误码："})) {
      described.errors[name] = row.cells.at(1);
    } else if (startsWithAny(row.caption, {"Values of", "取值："})) {
      described.values[row.caption][name] = row.cells.at(1);
    }
  }
  return reference;
}

std::vector<std::string> disagreements(const std::vector<TableRow>& document, const std::map<std::string, Described>& reference,
                                       const std::vector<Mistake>& mistakes) {
  Checker checker{reference, mistakes};
  for (const auto& row : document) checker.check(row);
  return checker.finish();
}

}  // namespace openapi::test
