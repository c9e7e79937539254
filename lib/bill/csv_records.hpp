#pragma once

#include <openapi/bill/reader.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::bill {

/// The records of a CSV file (RFC 4180; LF and CRLF), in a buffer that moves along. Throws `Error` with `Errc::invalidArgument`.
class CsvRecords {
 public:
  CsvRecords(std::unique_ptr<BillSource> source, std::string name);

  /// The next record that is not an empty line; false after the last.
  [[nodiscard]] bool next();
  /// Views that are valid until the next call.
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  /// Where the record begins.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  [[nodiscard]] bool findEnd();
  [[nodiscard]] bool seekEnd();
  [[nodiscard]] bool fill();
  void split(std::size_t size);
  [[nodiscard]] char* takeCell(char* at, char* end);
  [[nodiscard]] char* takeQuoted(char* at, char* end);

  std::unique_ptr<BillSource> source_;
  std::string name_;
  std::vector<char> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;

  std::size_t size_ = 0;  ///< of the record, its line feed included
  std::size_t seen_ = 0;  ///< bytes of it that were looked at
  bool quoted_ = false;   ///< whether these end inside of quotes
  bool hasQuotes_ = false;
  std::uint64_t line_ = 0;
  std::uint64_t lines_ = 1;  ///< lines of the record
  std::vector<std::string_view> cells_{};
};

}  // namespace openapi::bill
