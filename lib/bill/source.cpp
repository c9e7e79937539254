#include "bill/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <openapi/error.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "bill/descriptor.hpp"
#include "codec/fail.hpp"
#include "codec/gb18030.hpp"
#include "codec/gunzip.hpp"
#include "codec/zip.hpp"

namespace openapi::bill {
namespace {

constexpr std::size_t inputSize = 128UL * 1024;
constexpr std::string_view gzipMark = "\x1F\x8B";
constexpr std::string_view zipMark = "PK";

[[noreturn]] void failSystem(const std::string& what) {
  throw Error{Errc::invalidArgument, what + ": " + std::generic_category().message(errno)};
}

std::size_t readSome(const Descriptor& file, std::span<char> buffer) {
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) failSystem("cannot read the bill");
  }
}

class FileSource final : public BillSource {
 public:
  explicit FileSource(Descriptor file) : file_{std::move(file)} {}
  std::size_t read(std::span<char> buffer) override { return readSome(file_, buffer); }

 private:
  Descriptor file_;
};

class TextSource final : public BillSource {
 public:
  explicit TextSource(std::string text) : text_{std::move(text)} {}
  std::size_t read(std::span<char> buffer) override {
    const auto count = text_.copy(buffer.data(), buffer.size(), at_);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

/// A source whose first bytes were already read. Counts what goes through.
class CountedSource final : public BillSource {
 public:
  CountedSource(std::unique_ptr<BillSource> inner, std::string begin, std::shared_ptr<Progress> progress)
      : inner_{std::move(inner)}, begin_{std::move(begin)}, progress_{std::move(progress)} {}

  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = begin_.empty() ? inner_->read(buffer) : takeBegin(buffer);
    progress_->read += count;
    return count;
  }

 private:
  std::size_t takeBegin(std::span<char> buffer) {
    const std::size_t count = begin_.copy(buffer.data(), buffer.size());
    begin_.erase(0, count);
    return count;
  }

  std::unique_ptr<BillSource> inner_;
  std::string begin_;
  std::shared_ptr<Progress> progress_;
};

/// Bytes that were read and not yet used.
class Input {
 public:
  explicit Input(std::unique_ptr<BillSource> source, std::string begin = {}) : source_{std::move(source)} {
    buffer_.resize(std::max(inputSize, begin.size()));
    end_ = begin.copy(buffer_.data(), begin.size());
  }

  [[nodiscard]] std::span<const char> bytes() const { return {buffer_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] bool ended() const { return ended_; }
  void use(std::size_t count) { begin_ += count; }

  /// Reads more behind what is there.
  void more() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const std::size_t got = source_->read(std::span{buffer_}.subspan(end_));
    ended_ = got == 0;
    end_ += got;
  }

 private:
  std::unique_ptr<BillSource> source_;
  std::vector<char> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;
};

class GunzipSource final : public BillSource {
 public:
  explicit GunzipSource(std::unique_ptr<BillSource> inner) : input_{std::move(inner)} {}

  std::size_t read(std::span<char> buffer) override {
    while (!finished_) {
      const auto step = decoder_->run(input_.bytes(), buffer);
      input_.use(step.consumed);
      finished_ = step.finished;
      growth_.add(step);
      if (finished_) expectEnd();
      if (step.produced > 0) return step.produced;
      if (finished_) break;
      if (input_.ended()) codec::failBadResponse("gzip: incomplete, the data ends before the stream does");
      if (input_.bytes().empty()) input_.more();
    }
    return 0;
  }

 private:
  void expectEnd() {
    if (input_.bytes().empty()) input_.more();
    if (!input_.bytes().empty()) codec::failBadResponse("gzip: data after the end of the stream, the bill may be incomplete");
  }

  Input input_;
  std::unique_ptr<codec::Gunzip> decoder_ = codec::fastestGunzip();
  codec::GrowthGuard growth_{};
  bool finished_ = false;
};

class ZipSource final : public BillSource {
 public:
  explicit ZipSource(codec::ZipArchive archive) : archive_{std::move(archive)} {}
  std::size_t read(std::span<char> buffer) override { return archive_.read(buffer); }

 private:
  codec::ZipArchive archive_;
};

class Gb18030Source final : public BillSource {
 public:
  Gb18030Source(std::unique_ptr<BillSource> inner, std::string begin) : input_{std::move(inner), std::move(begin)} {}

  std::size_t read(std::span<char> buffer) override {
    constexpr std::size_t leastRoom = 8;
    if (buffer.size() < leastRoom || !little_.empty()) return readLittle(buffer);
    return convert(buffer);
  }

 private:
  std::size_t convert(std::span<char> out) {
    while (true) {
      const auto step = stream_.run(input_.bytes(), out, input_.ended());
      input_.use(step.consumed);
      if (step.produced > 0 || input_.ended()) return step.produced;
      input_.more();
    }
  }

  std::size_t readLittle(std::span<char> buffer) {
    if (little_.empty()) {
      std::array<char, 64> block;
      little_.assign(block.data(), convert(block));
    }
    const std::size_t count = little_.copy(buffer.data(), buffer.size());
    little_.erase(0, count);
    return count;
  }

  Input input_;
  codec::Gb18030Stream stream_{};
  std::string little_{};
};

bool ofTotals(const codec::ZipEntry& entry) { return entry.name.find("汇总") != std::string::npos; }

/// Alipay puts the file of rows and the file of totals into one archive.
codec::ZipEntry chooseEntry(const std::vector<codec::ZipEntry>& entries, bool totals) {
  std::vector<codec::ZipEntry> files;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(files),
               [](const auto& entry) { return !entry.name.ends_with('/'); });
  if (files.size() == 1 && !totals) return files.front();
  const auto count = std::erase_if(files, [totals](const auto& entry) { return ofTotals(entry) != totals; });
  if (files.size() == 1) return files.front();
  codec::failBadResponse("zip: one file of " + std::string{totals ? "totals" : "rows"} + " is expected, but the archive has " +
                         std::to_string(files.size()) + " (and " + std::to_string(count) + " others)");
}

OpenedSource openZip(Descriptor file, bool totals, const std::string& place) try {
  codec::ZipArchive archive{file.release()};
  const auto entry = chooseEntry(archive.entries(), totals);
  archive.open(entry);
  auto progress = std::make_shared<Progress>();
  progress->total = entry.size;
  auto source = std::make_unique<CountedSource>(std::make_unique<ZipSource>(std::move(archive)), std::string{}, progress);
  return {std::move(source), std::move(progress), entry.name};
} catch (const Error& error) {
  throw Error{error.errc(), place + error.what(), error.details()};
}

/// An archive is read from its end: what has no end yet is kept in a temporary file, which has no name.
Descriptor spool(BillSource& source, std::string_view begin) {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) failSystem("cannot create a temporary file for the archive");
  Descriptor copy{::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 0)};
  std::fclose(file);
  if (copy.get() < 0) failSystem("cannot create a temporary file for the archive");
  const auto write = [&copy](std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::write(copy.get(), bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) failSystem("cannot write the archive to a temporary file");
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  };
  constexpr std::uint64_t largest = std::uint64_t{4} << 30U;
  write(begin);
  std::vector<char> block(inputSize);
  std::uint64_t total = begin.size();
  while (const std::size_t count = source.read(block)) {
    total += count;
    if (total > largest) codec::failBadResponse("zip: an archive of more than 4 GiB");
    write({block.data(), count});
  }
  if (::lseek(copy.get(), 0, SEEK_SET) != 0) failSystem("cannot read the temporary file again");
  return copy;
}

OpenedSource unwrap(std::unique_ptr<BillSource> source, std::string begin, std::shared_ptr<Progress> progress) {
  const bool gzip = begin.starts_with(gzipMark);
  std::unique_ptr<BillSource> counted = std::make_unique<CountedSource>(std::move(source), std::move(begin), progress);
  if (gzip) counted = std::make_unique<GunzipSource>(std::move(counted));
  return {std::move(counted), std::move(progress), {}};
}

}  // namespace

OpenedSource openFile(const std::filesystem::path& file, bool totals) {
  Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (descriptor.get() < 0) failSystem("cannot open " + file.string());
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) failSystem("cannot read " + file.string());
  if (S_ISDIR(status.st_mode)) throw Error{Errc::invalidArgument, "cannot read " + file.string() + ": it is a folder"};
  if (!S_ISREG(status.st_mode)) return openSource(std::make_unique<FileSource>(std::move(descriptor)), totals);
  ::posix_fadvise(descriptor.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::array<char, 2> begin{};
  const std::string_view first{begin.data(), readSome(descriptor, begin)};
  if (first == zipMark) return openZip(std::move(descriptor), totals, file.string() + ": ");
  auto progress = std::make_shared<Progress>();
  progress->total = static_cast<std::uint64_t>(status.st_size);
  return unwrap(std::make_unique<FileSource>(std::move(descriptor)), std::string{first}, std::move(progress));
}

OpenedSource openSource(std::unique_ptr<BillSource> source, bool totals) {
  std::array<char, 2> begin{};
  std::size_t count = 0;
  while (count < begin.size()) {
    const std::size_t got = source->read(std::span{begin}.subspan(count));
    if (got == 0) break;
    count += got;
  }
  const std::string_view first{begin.data(), count};
  if (first == zipMark) return openZip(spool(*source, first), totals, {});
  return unwrap(std::move(source), std::string{first}, std::make_shared<Progress>());
}

std::unique_ptr<BillSource> fromText(std::string text) { return std::make_unique<TextSource>(std::move(text)); }

std::unique_ptr<BillSource> fromGb18030(std::unique_ptr<BillSource> source, std::string begin) {
  return std::make_unique<Gb18030Source>(std::move(source), std::move(begin));
}

}  // namespace openapi::bill
