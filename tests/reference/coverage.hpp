#pragma once

#include "markdown.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace openapi::test {

/// What the reference says of one method or configuration.
struct Described {
  std::set<std::string> input{};  ///< paths: `img.value`, `list[].refDate`
  std::set<std::string> output{};
  std::map<std::string, std::string> errors{};                         ///< code to meaning
  std::map<std::string, std::map<std::string, std::string>> values{};  ///< caption to value to meaning
};

/// docs/reference.md or its Chinese twin, by heading.
[[nodiscard]] std::map<std::string, Described> readReference(const std::string& markdown);

/// A row where the requirement document is wrong.
struct Mistake {
  std::string method{};
  std::string table{};  ///< what the caption names: `visitUvNew`, or `output`
  std::string name{};   ///< first cell of the row
  std::string real{};   ///< path in the reference that holds it, or empty: the platform has nothing of the kind
};

/// What does not agree, one line each; empty when every row of the document is covered, and every mistake is one.
[[nodiscard]] std::vector<std::string> disagreements(const std::vector<TableRow>& document,
                                                     const std::map<std::string, Described>& reference,
                                                     const std::vector<Mistake>& mistakes);

}  // namespace openapi::test
