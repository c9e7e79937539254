#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "bill/descriptor.hpp"
#include "bill/entry.hpp"

namespace openapi::bill {

/// A temporary file without a name, which is gone with the process. Throws `Error` with `Errc::config`.
class SpillFile {
 public:
  /// In the system's folder when `folder` is empty. The file is made when something is written.
  explicit SpillFile(std::filesystem::path folder);

  /// Returns where the bytes are.
  [[nodiscard]] std::uint64_t write(std::span<const char> bytes);
  void read(std::uint64_t place, std::span<char> bytes) const;

 private:
  [[noreturn]] void fail(const char* what, int reason) const;
  void open();

  std::filesystem::path folder_;
  Descriptor file_{};
  std::uint64_t size_ = 0;
};

/// One of the parts into which entries were divided.
struct SpilledPart {
  struct Block {
    std::uint64_t place = 0;
    std::size_t size = 0;
  };
  std::vector<Block> blocks{};
  std::size_t entries = 0;
};

/// Divides entries by their hashes. Each level divides by other bits.
class SpillWriter {
 public:
  /// `parts`: a power of two.
  SpillWriter(SpillFile& file, unsigned level, std::size_t parts, std::size_t blockSize);

  void add(const Entry& entry);
  /// Writes what is left.
  [[nodiscard]] std::vector<SpilledPart> finish();

 private:
  void flush(std::size_t part);

  SpillFile& file_;
  unsigned shift_;
  std::size_t blockSize_;
  std::vector<SpilledPart> parts_;
  std::vector<char> buffers_;
  std::vector<std::size_t> used_;
};

/// The entries of a part, in the order in which they were added.
class SpillReader final : public EntrySource {
 public:
  SpillReader(const SpillFile& file, const SpilledPart& part) : file_{file}, part_{part} {}
  [[nodiscard]] const Entry* next() override;

 private:
  const SpillFile& file_;
  const SpilledPart& part_;
  std::size_t block_ = 0;
  std::size_t at_ = 0;
  std::vector<char> buffer_{};
  Entry entry_{};
};

}  // namespace openapi::bill
