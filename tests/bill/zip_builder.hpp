#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "codec/text.hpp"
#include "support.hpp"

namespace bill_test {

/// One entry of an archive, with all that may be wrong with it.
struct ZipFile {
  std::string name{};  ///< as bytes
  std::string content{};
  std::uint16_t flags = 0;   ///< 1: encrypted, 0x800: the name is UTF-8
  std::uint16_t method = 8;  ///< 0: stored, 8: deflated
  int crcError = 0;
  std::int64_t sizeError = 0;
};

inline std::string gbk(std::string_view utf8) { return openapi::codec::toGbk(utf8).value(); }

inline std::string deflated(const std::string& content) {
  z_stream stream{};
  BOOST_REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A zip archive, byte by byte (APPNOTE 4.3).
inline std::string zipOf(const std::vector<ZipFile>& files) {
  const auto number = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  };
  std::string bytes;
  std::string directory;
  for (const auto& file : files) {
    const std::string data = file.method == 8 ? deflated(file.content) : file.content;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(file.content.data()), static_cast<uInt>(file.content.size()));
    const auto size = static_cast<std::uint64_t>(static_cast<std::int64_t>(file.content.size()) + file.sizeError);
    const std::string common = number(20, 2) + number(file.flags, 2) + number(file.method, 2) + number(0, 2) + number(0x5D75, 2) +
                               number(crc + static_cast<unsigned>(file.crcError), 4) + number(data.size(), 4) + number(size, 4) +
                               number(file.name.size(), 2) + number(0, 2);
    directory += "PK\x01\x02" + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                 number(bytes.size(), 4) + file.name;
    bytes += "PK\x03\x04" + common + file.name + data;
  }
  return bytes + directory + "PK\x05\x06" + number(0, 4) + number(files.size(), 2) + number(files.size(), 2) +
         number(directory.size(), 4) + number(bytes.size(), 4) + number(0, 2);
}

}  // namespace bill_test
