#include "bill/spill.hpp"

#include <openapi/error.hpp>

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace openapi::bill {

namespace fs = std::filesystem;

SpillFile::SpillFile(fs::path folder) : folder_{std::move(folder)} {}

void SpillFile::fail(const char* what, int reason) const {
  throw Error{Errc::config, "reconciling: cannot " + std::string{what} + " a temporary file in " + folder_.string() + ": " +
                                std::system_category().message(reason) + "; name another temporary folder, or allow more memory"};
}

void SpillFile::open() {
  if (folder_.empty()) {
    std::error_code error;
    folder_ = fs::temp_directory_path(error);
    if (error) fail("make", error.value());
  }
  file_ = Descriptor{::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
  if (file_.get() >= 0) return;
  if (errno != EOPNOTSUPP && errno != EISDIR) fail("make", errno);
  // A file system without nameless files.
  std::string name = (folder_ / "openapi-reconcile-XXXXXX").string();
  file_ = Descriptor{::mkostemp(name.data(), O_CLOEXEC)};
  if (file_.get() < 0) fail("make", errno);
  ::unlink(name.c_str());
}

std::uint64_t SpillFile::write(std::span<const char> bytes) {
  if (file_.get() < 0) open();
  const std::uint64_t place = size_;
  while (!bytes.empty()) {
    const auto count = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("write", count < 0 ? errno : ENOSPC);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  return place;
}

void SpillFile::read(std::uint64_t place, std::span<char> bytes) const {
  while (!bytes.empty()) {
    const auto count = ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("read", count < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    place += static_cast<std::uint64_t>(count);
  }
}

SpillWriter::SpillWriter(SpillFile& file, unsigned level, std::size_t parts, std::size_t blockSize)
    : file_{file},
      shift_{level * static_cast<unsigned>(std::countr_zero(parts))},
      blockSize_{blockSize},
      parts_(parts),
      buffers_(parts * blockSize),
      used_(parts) {}

void SpillWriter::add(const Entry& entry) {
  const std::size_t part = entry.hash >> shift_ & (parts_.size() - 1);
  const std::size_t size = recordSize(entry);
  if (used_[part] + size > blockSize_) flush(part);
  writeRecord(entry, buffers_.data() + part * blockSize_ + used_[part]);
  used_[part] += size;
  ++parts_[part].entries;
}

void SpillWriter::flush(std::size_t part) {
  const std::size_t size = std::exchange(used_[part], 0);
  if (size == 0) return;
  const std::span<const char> bytes{buffers_.data() + part * blockSize_, size};
  parts_[part].blocks.push_back({file_.write(bytes), size});
}

std::vector<SpilledPart> SpillWriter::finish() {
  for (std::size_t part = 0; part < parts_.size(); ++part) flush(part);
  return std::move(parts_);
}

const Entry* SpillReader::next() {
  if (at_ == buffer_.size()) {
    if (block_ == part_.blocks.size()) return nullptr;
    const auto& block = part_.blocks[block_++];
    buffer_.resize(block.size);
    file_.read(block.place, buffer_);
    at_ = 0;
  }
  entry_ = readRecord(buffer_.data() + at_);
  at_ += recordSize(entry_);
  return &entry_;
}

}  // namespace openapi::bill
