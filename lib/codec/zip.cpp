#include "codec/zip.hpp"

#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "codec/fail.hpp"
#include "codec/text.hpp"

namespace openapi::codec {
namespace {

constexpr zip_int64_t mostEntries = 8;
// What deflate makes of a real bill is 5 to 40 times smaller.
constexpr std::uint64_t mostGrowth = 200;
constexpr std::uint64_t alwaysFine = 16UL * 1024 * 1024;
constexpr std::uint64_t largest = std::uint64_t{1} << 40U;

[[noreturn]] void refuse(std::string_view problem) { failBadResponse("zip: " + std::string{problem}); }

std::string nameOf(std::string_view raw) {
  if (isUtf8(raw)) return std::string{raw};
  auto name = fromGb18030(raw);  // without the flag for UTF-8, as Windows in China writes them
  if (!name) refuse("an entry whose name is neither UTF-8 nor GBK");
  return *std::move(name);
}

bool leavesFolder(std::string_view name) {
  if (name.starts_with('/') || name.find('\\') != std::string_view::npos || name.find(':') != std::string_view::npos) return true;
  while (!name.empty()) {
    const auto end = std::min(name.find('/'), name.size());
    if (name.substr(0, end) == "..") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

void checkEntry(const zip_stat_t& stat) {
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & needed) != needed) refuse("an entry without its sizes and methods");
  if (stat.encryption_method != ZIP_EM_NONE) refuse("an encrypted entry: bills are not encrypted");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) refuse("an unknown compression method");
  if (stat.size > largest || (stat.size > alwaysFine && stat.size / mostGrowth > stat.comp_size)) {
    refuse("an entry that would grow to " + std::to_string(stat.size) + " bytes: refused as a zip bomb");
  }
}

}  // namespace

struct ZipArchive::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    close();
    if (archive != nullptr) zip_discard(archive);
  }
  void close() {
    if (file != nullptr) zip_fclose(file);
    file = nullptr;
  }

  zip_t* archive = nullptr;
  zip_file_t* file = nullptr;
  std::vector<ZipEntry> entries{};
  std::uint64_t left = 0;
};

ZipArchive::ZipArchive(int descriptor) : state_{std::make_unique<State>()} {
  int error = 0;
  state_->archive = zip_fdopen(descriptor, ZIP_CHECKCONS, &error);
  if (state_->archive == nullptr) {
    ::close(descriptor);
    if (error == ZIP_ER_MEMORY) throw std::bad_alloc{};
    refuse("the archive is incomplete or damaged");
  }
  const zip_int64_t count = zip_get_num_entries(state_->archive, 0);
  if (count < 1) refuse("an archive without entries");
  if (count > mostEntries) refuse("an archive of " + std::to_string(count) + " entries");
  std::set<std::string> names;
  for (zip_uint64_t index = 0; index < static_cast<zip_uint64_t>(count); ++index) {
    zip_stat_t stat{};
    const char* raw = zip_get_name(state_->archive, index, ZIP_FL_ENC_RAW);
    if (raw == nullptr || zip_stat_index(state_->archive, index, 0, &stat) != 0) refuse("an entry that cannot be read");
    ZipEntry entry{nameOf(raw), stat.size, index};
    if (entry.name.empty() || leavesFolder(entry.name)) refuse("an entry whose name leaves its folder");
    if (!names.insert(entry.name).second) refuse("two entries of one name");
    checkEntry(stat);
    state_->entries.push_back(std::move(entry));
  }
}

ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

const std::vector<ZipEntry>& ZipArchive::entries() const { return state_->entries; }

void ZipArchive::open(const ZipEntry& entry) {
  state_->close();
  state_->file = zip_fopen_index(state_->archive, entry.index, 0);
  if (state_->file == nullptr) refuse("an entry that cannot be read");
  state_->left = entry.size;
}

std::size_t ZipArchive::read(std::span<char> out) {
  const zip_int64_t got = zip_fread(state_->file, out.data(), out.size());
  if (got < 0) refuse("an entry that is incomplete or damaged");
  const auto count = static_cast<std::uint64_t>(got);
  if (count > state_->left || (count == 0 && !out.empty() && state_->left > 0))
    refuse("an entry that has not the size it states");
  state_->left -= count;
  return static_cast<std::size_t>(count);
}

}  // namespace openapi::codec
