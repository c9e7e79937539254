#include <cli/files.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace openapi::cli {
namespace {

[[noreturn]] void failWith(int error) { throw FileError{std::generic_category().message(error)}; }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }

 private:
  int number_;
};

std::string readAll(int descriptor, std::size_t limit) {
  std::string content;
  std::array<char, 64 * 1024> part{};
  for (;;) {
    const auto count = ::read(descriptor, part.data(), part.size());
    if (count == 0) return content;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failWith(errno);
    content.append(part.data(), static_cast<std::size_t>(count));
    if (content.size() > limit) throw FileError{"more than " + std::to_string(limit) + " bytes"};
  }
}

}  // namespace

void requireOrdinary(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  const bool opened = path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/");
  if (opened || !std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return;
  if (std::filesystem::is_directory(status)) failWith(EISDIR);
  throw FileError{"it is no ordinary file"};
}

std::string readFile(const std::string& path, std::size_t limit) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) failWith(errno);
  const Descriptor file{number};
  return readAll(number, limit);
}

std::string readStandardInput(std::size_t limit) { return readAll(STDIN_FILENO, limit); }

bool standardInputIsTerminal() { return ::isatty(STDIN_FILENO) == 1; }

bool standardOutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

void writeOutput(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failWith(errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace openapi::cli
