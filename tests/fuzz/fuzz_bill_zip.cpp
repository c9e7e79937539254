// Archives from a platform: no entry comes out that is larger than it says, or whose name leaves its folder.
#include <sys/mman.h>
#include <unistd.h>

#include "bill_oracle.hpp"
#include "codec/zip.hpp"

namespace {

int fileOf(std::string_view bytes) {
  const int file = memfd_create("archive", MFD_CLOEXEC);
  fuzz::require(
      file >= 0 && write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && lseek(file, 0, SEEK_SET) == 0,
      "no memory file");
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::textOf(data, size);
  fuzz::accepts(openapi::Errc::badResponse, [&] {
    openapi::codec::ZipArchive archive{fileOf(bytes)};
    fuzz::require(!archive.entries().empty() && archive.entries().size() <= 8, "number of entries");
    for (const auto& entry : archive.entries()) {
      fuzz::require(!entry.name.starts_with('/') && entry.name.find("../") == std::string::npos, "a name that leaves its folder");
      archive.open(entry);
      std::string out(65536, '\0');
      std::size_t total = 0;
      while (const std::size_t count = archive.read(out)) total += count;
      fuzz::require(total == entry.size, "an entry of another size");
    }
  });
  if (bytes.starts_with("PK")) (void)fuzz::readBill(bytes, 4096);
  return 0;
}
