#include <cli/output_file.hpp>

#include <openapi/error.hpp>

#include <cli/files.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace openapi::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t anyone = 0666;  // less the umask, as for any file
constexpr int attempts = 100;

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Error{Errc::invalidArgument, "--output: cannot write " + path + ": " + problem};
}

/// The file itself where `path` is a link to it.
fs::path target(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    refuse(path, fs::is_directory(status) ? reason(EISDIR) : "it is no ordinary file");
  }
  if (!fs::exists(status)) return path;
  const auto real = fs::canonical(path, error);
  return error ? fs::path{path} : real;
}

void syncFolder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

OutputFile::OutputFile(const std::string& path) {
  const auto file = target(path);
  if (file.filename().empty()) refuse(path, reason(EISDIR));
  path_ = file.string();
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    const auto suffix = "." + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".part";
    temporary_ = (file.parent_path() / ("." + file.filename().string().substr(0, 200) + suffix)).string();
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, anyone);
    if (descriptor_ < 0 && (errno != EEXIST || attempt == attempts)) refuse(path, reason(errno));
  }
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw FileError{reason(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(descriptor_) != 0) throw FileError{reason(errno)};
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0 || std::rename(temporary_.c_str(), path_.c_str()) != 0) throw FileError{reason(errno)};
  temporary_.clear();
  syncFolder(fs::path{path_}.parent_path());
}

std::string_view fileMember(const Shape& output) {
  for (const auto& member : output.members) {
    if (member.type == "bytes") return member.name;
  }
  return {};
}

}  // namespace openapi::cli
