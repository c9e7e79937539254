#pragma once

#include <cli/shape.hpp>

#include <string>
#include <string_view>

namespace openapi::cli {

/// A file that appears under its name when it is complete, or not at all: it is written beside that name first. What was
/// there is replaced.
class OutputFile {
 public:
  /// Makes the temporary file, so that what cannot be written is known at once. Throws `Error` with `invalidArgument`.
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Removes what is not complete.
  ~OutputFile();

  /// Writes all of `bytes` to the disk and gives the file its name. Throws `FileError`.
  void write(std::string_view bytes);

 private:
  std::string path_;
  std::string temporary_;
  int descriptor_ = -1;
};

/// The member of a result that holds the bytes of a file, or empty.
[[nodiscard]] std::string_view fileMember(const Shape& output);

}  // namespace openapi::cli
