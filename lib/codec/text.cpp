#include "codec/text.hpp"

#include <iconv.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <openapi/error.hpp>

#include "codec/fail.hpp"
#include "codec/gunzip.hpp"
#include "codec/utf8.hpp"

namespace openapi::codec {
namespace {

constexpr std::string_view base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr unsigned char notBase64 = 0xFF;

constexpr std::array<unsigned char, 256> base64Values = [] {
  std::array<unsigned char, 256> values{};
  values.fill(notBase64);
  for (std::size_t i = 0; i < base64Alphabet.size(); ++i) {
    values[static_cast<unsigned char>(base64Alphabet[i])] = static_cast<unsigned char>(i);
  }
  return values;
}();

unsigned byteAt(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }
char base64Digit(unsigned value) { return base64Alphabet[value & 0x3FU]; }

std::string toHex(std::span<const unsigned char> bytes, std::string_view digits) {
  std::string text(bytes.size() * 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = digits[bytes[i] >> 4U];
    text[2 * i + 1] = digits[bytes[i] & 0x0FU];
  }
  return text;
}

class Converter {
 public:
  Converter(const char* to, const char* from) : handle_{iconv_open(to, from)} {
    if (!isOpen())
      throw Error{Errc::config,
                  std::string{"this system cannot convert "} + from + " to " + to + ": install glibc's gconv modules"};
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (isOpen()) iconv_close(handle_);
  }

  [[nodiscard]] std::optional<std::string> convert(std::string_view bytes) {
    std::string out;
    std::string source{bytes};
    char* in = source.data();
    std::size_t left = source.size();
    bool flushing = false;
    while (true) {
      std::array<char, 4096> block;
      char* to = block.data();
      std::size_t room = block.size();
      const std::size_t result = flushing ? iconv(handle_, nullptr, nullptr, &to, &room) : iconv(handle_, &in, &left, &to, &room);
      out.append(block.data(), block.size() - room);
      if (result == static_cast<std::size_t>(-1)) {
        if (errno != E2BIG) return std::nullopt;
      } else if (result != 0) {
        return std::nullopt;  // characters were replaced
      } else if (flushing) {
        return out;
      } else {
        flushing = true;
      }
    }
  }

 private:
  [[nodiscard]] bool isOpen() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }
  iconv_t handle_;
};

struct Deflation : z_stream {
  Deflation() : z_stream{} {}
  Deflation(const Deflation&) = delete;
  Deflation& operator=(const Deflation&) = delete;
  ~Deflation() { deflateEnd(this); }
};

constexpr int gzipWindow = 15 + 16;
constexpr std::size_t zlibStep = std::numeric_limits<uInt>::max();

// zlib's interface is not const; it only reads.
Bytef* zlibInput(std::string_view bytes) { return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); }

}  // namespace

void failBadResponse(const std::string& message) { throw Error{Errc::badResponse, message}; }

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::string out{text.substr(0, longest)};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  if (text.size() > longest) out += "...";
  return out;
}

std::string toBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const unsigned group = byteAt(bytes, i) << 16U | byteAt(bytes, i + 1) << 8U | byteAt(bytes, i + 2);
    out += {base64Digit(group >> 18U), base64Digit(group >> 12U), base64Digit(group >> 6U), base64Digit(group)};
  }
  if (bytes.size() - i == 1) {
    const unsigned group = byteAt(bytes, i) << 16U;
    out += {base64Digit(group >> 18U), base64Digit(group >> 12U), '=', '='};
  } else if (bytes.size() - i == 2) {
    const unsigned group = byteAt(bytes, i) << 16U | byteAt(bytes, i + 1) << 8U;
    out += {base64Digit(group >> 18U), base64Digit(group >> 12U), base64Digit(group >> 6U), '='};
  }
  return out;
}

std::optional<std::string> fromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::size_t digits = text.size() - padding;
  std::string out(text.size() / 4 * 3, '\0');
  unsigned seen = 0;
  const auto digit = [&](std::size_t at) -> unsigned {
    const unsigned value = base64Values[byteAt(text, at)];
    seen |= value;
    return value;
  };
  std::size_t written = 0;
  std::size_t i = 0;
  for (; i + 4 <= digits; i += 4) {
    const unsigned group = digit(i) << 18U | digit(i + 1) << 12U | digit(i + 2) << 6U | digit(i + 3);
    out[written++] = static_cast<char>(group >> 16U);
    out[written++] = static_cast<char>(group >> 8U);
    out[written++] = static_cast<char>(group);
  }
  unsigned group = 0;
  for (; i < digits; ++i) group = group << 6U | digit(i);
  if ((seen & 0xC0U) != 0) return std::nullopt;
  if (padding == 1) {
    if ((group & 0x03U) != 0) return std::nullopt;
    out[written++] = static_cast<char>(group >> 10U);
    out[written++] = static_cast<char>(group >> 2U);
  } else if (padding == 2) {
    if ((group & 0x0FU) != 0) return std::nullopt;
    out[written++] = static_cast<char>(group >> 4U);
  }
  out.resize(written);
  return out;
}

std::string toLowerHex(std::span<const unsigned char> bytes) { return toHex(bytes, "0123456789abcdef"); }
std::string toUpperHex(std::span<const unsigned char> bytes) { return toHex(bytes, "0123456789ABCDEF"); }

void replaceAll(std::string& text, std::string_view what, std::string_view with) {
  std::string replaced;
  std::size_t begin = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, begin)) {
    replaced.append(text, begin, at - begin).append(with);
    begin = at + what.size();
  }
  if (begin != 0) text = replaced.append(text, begin);
}

bool isUtf8(std::string_view bytes) {
  constexpr std::uint64_t highBits = 0x8080808080808080U;
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (byteAt(bytes, i) >= 0x80) {
      const std::size_t length = decodeUtf8(bytes.substr(i)).length;
      if (length == 0) return false;
      i += length;
      continue;
    }
    std::uint64_t word = 0;
    while (bytes.size() - i >= sizeof word) {
      std::memcpy(&word, bytes.data() + i, sizeof word);
      if ((word & highBits) != 0) break;
      i += sizeof word;
    }
    while (i < bytes.size() && byteAt(bytes, i) < 0x80) ++i;
  }
  return true;
}

std::size_t codePoints(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<std::string> fromGb18030(std::string_view bytes) { return Converter{"UTF-8", "GB18030"}.convert(bytes); }

std::optional<std::string> toGbk(std::string_view utf8) { return Converter{"GBK", "UTF-8"}.convert(utf8); }

std::string gunzip(std::string_view bytes, std::size_t maxBytes) {
  const auto decoder = fastestGunzip();
  std::string out;
  std::array<char, 16384> block;
  for (bool finished = false; !finished;) {
    const auto step = decoder->run(bytes, block);
    bytes.remove_prefix(step.consumed);
    if (step.produced > maxBytes - out.size())
      failBadResponse("gzip: more than " + std::to_string(maxBytes) + " bytes when decoded");
    out.append(block.data(), step.produced);
    finished = step.finished;
    const bool stuck = !finished && step.consumed == 0 && step.produced == 0;
    if (stuck) failBadResponse("gzip: the data ends before the stream does");
  }
  if (!bytes.empty()) failBadResponse("gzip: data after the end of the stream");
  return out;
}

std::string gzip(std::string_view bytes) {
  Deflation stream;
  constexpr int memoryLevel = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, memoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc{};
  std::string out;
  std::string_view rest = bytes;
  std::array<char, 16384> block;
  int result = Z_OK;
  while (result != Z_STREAM_END) {
    const std::size_t offered = std::min(rest.size(), zlibStep);
    stream.next_in = zlibInput(rest);
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    result = deflate(&stream, offered == rest.size() ? Z_FINISH : Z_NO_FLUSH);
    rest.remove_prefix(offered - stream.avail_in);
    out.append(block.data(), block.size() - stream.avail_out);
  }
  return out;
}

}  // namespace openapi::codec
