#include "texts.hpp"

#include <fstream>
#include <regex>
#include <stdexcept>

namespace reference {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view none = "-";

[[noreturn]] void fail(const std::string& problem) { throw std::runtime_error{problem}; }

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t") + 1 - first)};
}

/// Reads one header, line by line.
class HeaderReader {
 public:
  explicit HeaderReader(std::map<std::string, std::string>& comments) : comments_{comments} {}

  void line(const std::string& raw) {
    auto text = trimmed(raw);
    std::smatch match;
    if (std::regex_match(text, match, std::regex{"namespace openapi(?:::(\\w+))? \\{"})) {
      scope_ = match[1];
    } else if (std::regex_match(text, match, std::regex{"namespace (\\w+) \\{"})) {
      scope_ = match[1];
    } else if (text.starts_with("}  // namespace ")) {
      scope_.clear();
    } else if (std::regex_match(text, match, std::regex{"(?:struct|class) (\\w+) \\{"})) {
      owner_ = (scope_.empty() ? "" : scope_ + "::") + match[1].str();
      clear();
    } else if (text == "};") {
      owner_.clear();
    } else if (text.starts_with("/// ")) {
      before_ += (before_.empty() ? "" : " ") + text.substr(4);
    } else if (!owner_.empty()) {
      declare(text);
    }
  }

 private:
  void declare(const std::string& text) {
    const auto comment = text.find("///<");
    const auto after = comment == std::string::npos ? std::string{} : trimmed(std::string_view{text}.substr(comment + 4));
    declaration_ += " " + trimmed(std::string_view{text}.substr(0, comment));
    if (declaration_.find(';') == std::string::npos && text.find('{') == std::string::npos) return;
    std::smatch match;
    static const std::regex method{"(\\w+)\\("};
    static const std::regex member{"(\\w+)\\s*(\\{[^;]*\\}|=[^;]*)?;"};
    if (std::regex_search(declaration_, match, method) || std::regex_search(declaration_, match, member)) {
      const auto& found = after.empty() ? before_ : after;
      if (!found.empty()) comments_.emplace(owner_ + "." + match[1].str(), found);
    }
    clear();
  }

  void clear() {
    declaration_.clear();
    before_.clear();
  }

  std::map<std::string, std::string>& comments_;
  std::string scope_{};
  std::string owner_{};
  std::string before_{};
  std::string declaration_{};
};

}  // namespace

std::map<std::string, std::string> headerComments(const fs::path& include) {
  std::map<std::string, std::string> comments;
  for (const auto& entry : fs::recursive_directory_iterator{include}) {
    if (entry.path().extension() != ".hpp") continue;
    std::ifstream file{entry.path()};
    HeaderReader reader{comments};
    for (std::string line; std::getline(file, line);) reader.line(line);
  }
  return comments;
}

std::vector<std::vector<std::string>> readTable(const fs::path& file, std::size_t columns) {
  std::ifstream in{file};
  if (!in) fail("cannot read " + file.string());
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> cells;
    for (std::size_t at = 0; at != std::string::npos;) {
      const auto tab = line.find('\t', at);
      cells.push_back(line.substr(at, tab - at));
      at = tab == std::string::npos ? tab : tab + 1;
    }
    if (cells.size() != columns) fail(file.filename().string() + ": expected " + std::to_string(columns) + " columns: " + line);
    rows.push_back(std::move(cells));
  }
  return rows;
}

Texts::Entries Texts::readEntries(const fs::path& file) {
  Entries entries;
  for (const auto& row : readTable(file, 3)) {
    if (row[2].empty()) fail(row[0] + ": no Chinese text");
    if (!entries.emplace(row[0], Entry{{row[1] == none ? "" : row[1], row[2]}}).second) fail(row[0] + ": there twice");
  }
  return entries;
}

Texts::Texts(const fs::path& root)
    : comments_{headerComments(root / "include" / "openapi")},
      members_{readEntries(root / "tools" / "reference" / "members.tsv")},
      methods_{readEntries(root / "tools" / "reference" / "methods.tsv")},
      errors_{readTable(root / "tools" / "reference" / "errors.tsv", 4)},
      values_{readTable(root / "tools" / "reference" / "values.tsv", 7)} {}

Meaning Texts::complete(Entry* exact, Entry* general, const std::string& comment, const std::string& name) {
  if (exact != nullptr && !exact->meaning.english.empty() && !comment.empty()) {
    fail(name + ": its header has an English text; write - here");
  }
  for (auto* entry : {exact, general}) {
    if (entry != nullptr) entry->used = true;
  }
  auto* chosen = exact != nullptr ? exact : general;
  if (chosen == nullptr) fail(name + ": no Chinese text");
  auto meaning = chosen->meaning;
  if (!comment.empty()) meaning.english = comment;
  if (meaning.english.empty() && general != nullptr) meaning.english = general->meaning.english;
  if (meaning.english.empty()) fail(name + ": no English text");
  return meaning;
}

Meaning Texts::member(std::string_view structName, std::string_view name) {
  const auto find = [this](const std::string& key) {
    const auto found = members_.find(key);
    return found == members_.end() ? nullptr : &found->second;
  };
  const auto key = std::string{structName} + "." + std::string{name};
  const auto comment = comments_.find(key);
  return complete(find(key), find(std::string{name}), comment == comments_.end() ? "" : comment->second, key);
}

Meaning Texts::method(const std::string& name, const std::string& comment) {
  const auto entry = methods_.find(name);
  const auto found = comments_.find(comment);
  return complete(entry == methods_.end() ? nullptr : &entry->second, nullptr, found == comments_.end() ? "" : found->second,
                  name);
}

std::vector<ErrorCode> Texts::errors(const std::string& method) {
  methodsWithTables_.insert(method);
  std::vector<ErrorCode> codes;
  for (const auto& row : errors_) {
    if (row[0] == method) codes.push_back({row[1], {row[2], row[3]}});
  }
  return codes;
}

std::vector<Value> Texts::values(const std::string& method) {
  methodsWithTables_.insert(method);
  const auto given = [](const std::string& text) { return text == none ? std::string{} : text; };
  std::vector<Value> values;
  for (const auto& row : values_) {
    if (row[0] == method) values.push_back({row[1], {given(row[2]), given(row[3])}, row[4], {row[5], row[6]}});
  }
  return values;
}

void Texts::requireAllUsed() const {
  for (const auto* entries : {&members_, &methods_}) {
    for (const auto& [name, entry] : *entries) {
      if (!entry.used) fail(name + ": there is no such member or method");
    }
  }
  for (const auto* table : {&errors_, &values_}) {
    for (const auto& row : *table) {
      if (!methodsWithTables_.contains(row[0])) fail(row[0] + ": there is no such method");
    }
  }
}

}  // namespace reference
