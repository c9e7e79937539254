#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace openapi::codec {

/// One file in an archive.
struct ZipEntry {
  std::string name{};  ///< UTF-8
  std::uint64_t size = 0;
  std::uint64_t index = 0;
};

/// A zip archive of a few files, from a platform that may be hostile: encrypted entries, names that are absolute or hold `..`,
/// entries that are listed twice, unknown methods, more than 8 entries, and what grows more than 200 times are refused, all with
/// `Errc::badResponse`. Entries are decoded in constant memory; sizes and CRCs are checked.
class ZipArchive {
 public:
  /// Reads the archive of an open file, and takes the descriptor.
  explicit ZipArchive(int descriptor);
  ZipArchive(ZipArchive&&) noexcept;
  ZipArchive& operator=(ZipArchive&&) noexcept;
  ~ZipArchive();

  [[nodiscard]] const std::vector<ZipEntry>& entries() const;

  /// Begins with an entry; the one before is closed.
  void open(const ZipEntry& entry);
  /// The next bytes of the entry, 0 at its end.
  [[nodiscard]] std::size_t read(std::span<char> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace openapi::codec
