#include <openapi/bill/sink.hpp>

#include <bill/checked_bill.hpp>
#include <bill/descriptor.hpp>
#include <openapi/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace openapi::bill {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t writeSize = 256 * 1024;
constexpr std::int64_t syncStep = 8 * 1024 * 1024;

[[noreturn]] void fail(const std::string& what, const fs::path& path, int reason) {
  throw Error{Errc::config, what + ' ' + path.string() + ": " + std::system_category().message(reason)};
}

fs::path folderOf(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path{"."}; }

void syncFolder(const fs::path& folder) {
  const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) fail("cannot sync the folder", folder, errno);
}

/// The unfinished file: locked while someone writes it, so that what a killed process left can be told from work under way.
class BillFile final : public BillSink {
 public:
  BillFile(std::string path, bool check) : path_{std::move(path)}, check_{check} {
    if (!path_.has_filename()) throw Error{Errc::config, "cannot write a bill to " + path_.string() + ": it names no file"};
    part_ = folderOf(path_) / ('.' + path_.filename().string() + ".part");
    open();
    buffer_.reserve(writeSize);
  }

  ~BillFile() override {
    if (!complete_) ::unlink(part_.c_str());
  }

  void restart() override {
    buffer_.clear();
    written_ = begun_ = 0;
    if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) < 0) fail("cannot empty", part_, errno);
  }

  void write(std::string_view bytes) override {
    if (buffer_.size() + bytes.size() > writeSize) flush();
    if (bytes.size() >= writeSize) {
      writeOut(bytes);
    } else {
      buffer_.append(bytes);
    }
  }

  void complete() override {
    flush();
    if (check_) checkBill(part_.string(), path_.string());
    if (::fsync(file_.get()) != 0) fail("cannot sync", part_, errno);
    if (::rename(part_.c_str(), path_.c_str()) != 0) fail("cannot rename the finished bill to", path_, errno);
    complete_ = true;
    syncFolder(folderOf(path_));
  }

 private:
  /// Opens the unfinished file and locks it. The name may have gone to another file between the two.
  void open() {
    for (;;) {
      Descriptor opened{::open(part_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644)};
      if (opened.get() < 0) fail("cannot write", part_, errno);
      if (::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
        Error::Details busy;
        busy.retryable = true;
        throw Error{Errc::config, "cannot write " + path_.string() + ": another download of it is under way", std::move(busy)};
      }
      struct stat mine {};
      struct stat named {};
      const bool same = ::fstat(opened.get(), &mine) == 0 && ::stat(part_.c_str(), &named) == 0 && mine.st_dev == named.st_dev &&
                        mine.st_ino == named.st_ino;
      if (!same) continue;
      file_ = std::move(opened);
      restart();
      return;
    }
  }

  void flush() {
    writeOut(buffer_);
    buffer_.clear();
  }

  void writeOut(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("cannot write", part_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(count));
      written_ += count;
    }
    beginSync();
  }

  /// Has the disk write while more bytes come, so that `complete` has less to wait for. Only a hint: `complete` syncs.
  void beginSync() {
    if (written_ - begun_ < syncStep) return;
    ::sync_file_range(file_.get(), begun_, written_ - begun_, SYNC_FILE_RANGE_WRITE);
    begun_ = written_;
  }

  fs::path path_;
  fs::path part_;
  bool check_;
  bool complete_ = false;
  Descriptor file_;
  std::string buffer_;
  std::int64_t written_ = 0;
  std::int64_t begun_ = 0;  // of these the disk was told to write
};

}  // namespace

std::shared_ptr<BillSink> makeBillFile(std::string path, bool check) {
  return std::make_shared<BillFile>(std::move(path), check);
}

}  // namespace openapi::bill
