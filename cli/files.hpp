#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace openapi::cli {

/// Why bytes could not be read or written; without the name of the file.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws `FileError` when `path` is there but no ordinary file: a named pipe could be waited for without end. What a shell
/// opened is fine: `/dev/stdin`, and `<(command)`, which is `/dev/fd/63`.
void requireOrdinary(const std::string& path);

// Both throw `FileError` when something fails, or when there are more than `limit` bytes.
[[nodiscard]] std::string readFile(const std::string& path, std::size_t limit);
[[nodiscard]] std::string readStandardInput(std::size_t limit);
[[nodiscard]] bool standardInputIsTerminal();
[[nodiscard]] bool standardOutputIsTerminal();

/// Writes to standard output, all of it and at once. Throws `FileError`.
void writeOutput(std::string_view text);

}  // namespace openapi::cli
