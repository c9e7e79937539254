#include <gateways/bmob/file_store.hpp>

#include <gateways/bmob/refused.hpp>

#include <openapi/bill/sink.hpp>
#include <openapi/error.hpp>

#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace openapi::gateway::bmob {
namespace {

constexpr std::size_t nameLength = 32;

bool isStoredName(std::string_view text) {
  return text.size() == nameLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The name of an unfinished file.
bool isPart(std::string_view text) {
  return text.starts_with('.') && text.ends_with(".part") && isStoredName(text.substr(1, nameLength));
}

}  // namespace

void FileStore::write(const std::string& name, std::string_view bytes) {
  try {
    if (folder_.empty()) {
      temporary_ = std::make_unique<TemporaryFolder>();
      folder_ = temporary_->path();
    }
    fs::create_directories(folder_);
    const auto file = bill::makeBillFile(pathOf(name), false);  // writes beside, then renames
    file->write(bytes);
    file->complete();
    written_.push_back(name);
  } catch (const std::exception&) {
    throw Refused{150, "file upload error: the disk refused it."};
  }
}

std::optional<std::string> FileStore::read(const std::string& name) const {
  std::ifstream file{pathOf(name), std::ios::binary};
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

void FileStore::commit() {
  for (const auto& name : removed_) erase(name);
  removed_.clear();
  written_.clear();
}

void FileStore::rollBack() {
  removed_.swap(written_);
  written_.clear();
  commit();
}

void FileStore::erase(const std::string& name) const {
  std::error_code ignored;
  fs::remove(pathOf(name), ignored);
}

void FileStore::keepOnly(const std::set<std::string>& names) const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder_, error}) {
    const auto name = entry.path().filename().string();
    if (isPart(name) || (isStoredName(name) && !names.contains(name))) erase(name);
  }
}

}  // namespace openapi::gateway::bmob
