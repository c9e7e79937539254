#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "codec/fail.hpp"
#include "codec/gunzip.hpp"

namespace openapi::codec {
namespace {

constexpr int gzipWindow = 15 + 16;

uInt stepOf(std::size_t size) { return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max())); }

class ZlibGunzip final : public Gunzip {
 public:
  ZlibGunzip() {
    if (inflateInit2(&stream_, gzipWindow) != Z_OK) throw std::bad_alloc{};
  }
  ZlibGunzip(const ZlibGunzip&) = delete;
  ZlibGunzip& operator=(const ZlibGunzip&) = delete;
  ~ZlibGunzip() override { inflateEnd(&stream_); }

  Step run(std::span<const char> in, std::span<char> out) override {
    const uInt offered = stepOf(in.size());
    const uInt room = stepOf(out.size());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib only reads
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = room;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) throw std::bad_alloc{};
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) failBadResponse("gzip: damaged data");
    return {offered - stream_.avail_in, room - stream_.avail_out, result == Z_STREAM_END};
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Gunzip> zlibGunzip() { return std::make_unique<ZlibGunzip>(); }

std::unique_ptr<Gunzip> fastestGunzip() {
  auto decoder = isalGunzip();
  return decoder ? std::move(decoder) : zlibGunzip();
}

}  // namespace openapi::codec
