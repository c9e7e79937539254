#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reference {

/// A meaning in both languages.
struct Meaning {
  std::string english{};
  std::string chinese{};
};

struct ErrorCode {
  std::string code{};
  Meaning meaning{};
};

struct Value {
  std::string member{};  ///< path within the method's input or output
  Meaning title{};       ///< when the values hold; mostly empty
  std::string value{};
  Meaning meaning{};
};

/// What stands after `///<`, or before a declaration, in the public headers: by `weixin::LineColor.r` for members and by
/// `weixin::Auth.code2Session` for methods.
[[nodiscard]] std::map<std::string, std::string> headerComments(const std::filesystem::path& include);

/// The lines of a table, in columns; comments left out.
[[nodiscard]] std::vector<std::vector<std::string>> readTable(const std::filesystem::path& file, std::size_t columns);

/// Every text of the reference. What is asked for and is not there, and what is there and was not asked for, are errors.
class Texts {
 public:
  /// `root` is the folder of the repository.
  explicit Texts(const std::filesystem::path& root);

  [[nodiscard]] Meaning member(std::string_view structName, std::string_view name);
  /// `name` as in methods.tsv, `comment` as in `headerComments`.
  [[nodiscard]] Meaning method(const std::string& name, const std::string& comment);
  [[nodiscard]] std::vector<ErrorCode> errors(const std::string& method);
  [[nodiscard]] std::vector<Value> values(const std::string& method);
  /// Throws when a text was not used.
  void requireAllUsed() const;

 private:
  struct Entry {
    Meaning meaning{};
    bool used = false;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  [[nodiscard]] static Entries readEntries(const std::filesystem::path& file);
  [[nodiscard]] Meaning complete(Entry* exact, Entry* general, const std::string& comment, const std::string& name);

  std::map<std::string, std::string> comments_;
  Entries members_;
  Entries methods_;
  std::vector<std::vector<std::string>> errors_;
  std::vector<std::vector<std::string>> values_;
  std::set<std::string> methodsWithTables_;
};

}  // namespace reference
