#include <cli/bill_folder.hpp>

#include <openapi/bill/sink.hpp>
#include <openapi/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace openapi::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path, const std::error_code& reason) {
  throw Error{Errc::config, what + " " + path.string() + ": " + reason.message()};
}

}  // namespace

BillPlace billPlace(const fs::path& folder, const std::string& date, std::string_view bill) {
  return billPlace(folder / (date + "-" + std::string{bill} + ".csv"));
}

BillPlace billPlace(const fs::path& file) {
  const auto with = [&](const char* extension) { return fs::path{file}.replace_extension(extension); };
  return {.file = file, .noBill = with(".nobill"), .notReady = with(".notready")};
}

bool isFile(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

void makeFolder(const BillPlace& place) {
  std::error_code error;
  fs::create_directories(place.file.parent_path(), error);
  if (error) fail("cannot make the folder", place.file.parent_path(), error);
}

void removeLeftover(const BillPlace& place) {
  const auto part = place.file.parent_path() / ("." + place.file.filename().string() + ".part");
  if (!isFile(part)) return;
  try {
    static_cast<void>(bill::makeBillFile(place.file.string()));  // takes it over, and removes it at once
  } catch (const Error&) {
    return;  // another process has it
  }
}

void setMark(const fs::path& mark) {
  const int descriptor = ::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) fail("cannot write", mark, {errno, std::system_category()});
  ::close(descriptor);
}

void removeMarks(const BillPlace& place) {
  for (const auto& mark : {place.noBill, place.notReady}) {
    std::error_code error;
    fs::remove(mark, error);
    if (error) fail("cannot remove", mark, error);
  }
}

}  // namespace openapi::cli
