#include <bill/zip_receiver.hpp>

#include <codec/gb18030.hpp>
#include <codec/zip.hpp>
#include <http/status.hpp>
#include <openapi/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace openapi::bill {

namespace {

constexpr std::int64_t largestArchive = std::int64_t{4} * 1024 * 1024 * 1024;
constexpr std::size_t blockSize = 64 * 1024;

[[noreturn]] void failFile(int reason) {
  throw Error{Errc::config, "cannot keep the archive in " + std::filesystem::temp_directory_path().string() + ": " +
                                std::system_category().message(reason)};
}

/// A file that no other process sees, and that goes with its descriptor.
int namelessFile() {
  std::string path = (std::filesystem::temp_directory_path() / "openapi-bill-XXXXXX").string();
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) failFile(errno);
  ::unlink(path.c_str());
  return file;
}

/// The one text that lists the rows: the other is the summary by shop or kind.
const codec::ZipEntry& detailOf(const codec::ZipArchive& archive) {
  const auto isDetail = [](const codec::ZipEntry& entry) {
    return entry.name.ends_with(".csv") && entry.name.find("汇总") == std::string::npos;
  };
  const auto& entries = archive.entries();
  const auto detail = std::find_if(entries.begin(), entries.end(), isDetail);
  const bool one = detail != entries.end() && std::none_of(detail + 1, entries.end(), isDetail);
  if (!one) throw Error{Errc::badResponse, "the archive has not exactly one bill with details in it"};
  return *detail;
}

/// Copies the open entry to `sink` as UTF-8.
std::int64_t convert(codec::ZipArchive& archive, BillSink& sink) {
  codec::Gb18030Stream converter;
  std::vector<char> in;
  std::vector<char> out(2 * blockSize);
  std::int64_t written = 0;
  for (bool last = false; !last;) {
    const auto kept = in.size();
    in.resize(kept + blockSize);
    const auto count = archive.read(std::span{in}.subspan(kept));
    in.resize(kept + count);
    last = count == 0;
    std::span<const char> rest{in};
    for (;;) {
      const auto step = converter.run(rest, out, last);
      sink.write({out.data(), step.produced});
      written += static_cast<std::int64_t>(step.produced);
      rest = rest.subspan(step.consumed);
      if (rest.empty() || step.consumed == 0) break;
    }
    in.erase(in.begin(), in.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }
  return written;
}

}  // namespace

ZipReceiver::~ZipReceiver() {
  if (file_ >= 0) ::close(file_);
}

void ZipReceiver::begin(const HttpResponse& head) {
  begun_ = true;
  status_ = head.status;
  size_ = 0;
  if (file_ < 0) file_ = namelessFile();
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) < 0) failFile(errno);
}

void ZipReceiver::take(std::string_view bytes) {
  if (status_ != 200) return;
  size_ += static_cast<std::int64_t>(bytes.size());
  if (size_ > largestArchive) throw Error{Errc::badResponse, "the archive is larger than 4 GiB"};
  while (!bytes.empty()) {
    const auto count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) failFile(errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::int64_t ZipReceiver::finish(const HttpResponse& response, BillSink& sink) {
  if (!begun_) {
    begin(response);
    take(response.body);
  }
  begun_ = false;
  if (status_ != 200) throw http::unexpectedStatus(status_, false, "the address of a bill is good for 30 s");
  const int own = ::dup(file_);
  if (own < 0) failFile(errno);
  codec::ZipArchive archive{own};
  archive.open(detailOf(archive));
  sink.restart();
  return convert(archive, sink);
}

}  // namespace openapi::bill
