#include <gateways/packing.hpp>

#include <zlib.h>

#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

namespace openapi::gateway {
namespace {

constexpr int gzipWindow = 15 + 16;
constexpr int rawWindow = -15;

class Deflater {
 public:
  explicit Deflater(int windowBits) {
    constexpr int memoryLevel = 8;
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc{};
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  /// What comes out of all of `in`: often nothing. An empty `in` ends the stream.
  std::string run(std::string& in) {
    std::string out;
    stream_.next_in = reinterpret_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    do {
      const auto begun = out.size();
      out.resize(begun + block);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + begun);
      stream_.avail_out = block;
      deflate(&stream_, in.empty() ? Z_FINISH : Z_NO_FLUSH);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
    return out;
  }

 private:
  static constexpr uInt block = 64 * 1024;
  z_stream stream_{};
};

class GzipBody final : public BodySource {
 public:
  explicit GzipBody(std::shared_ptr<BodySource> content) : content_{std::move(content)} {}

  std::string next() override {
    while (!ended_) {
      auto block = content_->next();
      ended_ = block.empty();
      if (auto packed = deflater_.run(block); !packed.empty()) return packed;
    }
    return {};
  }
  [[nodiscard]] bool halfway() const override { return ended_ || content_->halfway(); }

 private:
  std::shared_ptr<BodySource> content_;
  Deflater deflater_{gzipWindow};
  bool ended_ = false;
};

// ---- ZIP: APPNOTE.TXT 4.3

constexpr std::uint32_t localMark = 0x04034b50;
constexpr std::uint32_t descriptorMark = 0x08074b50;
constexpr std::uint32_t centralMark = 0x02014b50;
constexpr std::uint32_t endMark = 0x06054b50;
constexpr unsigned version = 20;
constexpr unsigned sizesFollow = 1U << 3U;
constexpr unsigned deflated = 8;

void put16(std::string& out, unsigned value) {
  out += static_cast<char>(value & 0xFFU);
  out += static_cast<char>(value >> 8U & 0xFFU);
}

void put32(std::string& out, std::uint32_t value) {
  put16(out, value & 0xFFFFU);
  put16(out, value >> 16U);
}

/// MS-DOS date and time, in Beijing.
std::uint32_t dosTime(Time time) {
  const auto text = compactTime(time);
  const auto number = [&](std::size_t at, std::size_t width) {
    return static_cast<std::uint32_t>(std::stoul(text.substr(at, width)));
  };
  return (number(0, 4) - 1980) << 25U | number(4, 2) << 21U | number(6, 2) << 16U | number(8, 2) << 11U | number(10, 2) << 5U |
         number(12, 2) / 2;
}

std::uint32_t limited(std::uint64_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max()) throw std::length_error{"a bill's archive is less than 4 GiB"};
  return static_cast<std::uint32_t>(size);
}

class ZipBody final : public BodySource {
 public:
  ZipBody(std::vector<ArchiveFile> files, Time now) : time_{dosTime(now)} {
    for (auto& file : files) entries_.push_back({.file = std::move(file)});
  }

  std::string next() override {
    auto block = made();
    offset_ += block.size();
    return block;
  }

  /// The first file is the large one.
  [[nodiscard]] bool halfway() const override { return at_ > 0 || entries_.empty() || entries_[0].file.content->halfway(); }

 private:
  struct Entry {
    ArchiveFile file{};
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t packed = 0;
    uLong crc = 0;
  };

  std::string made() {
    if (at_ < entries_.size()) return content(entries_[at_]);
    if (std::exchange(ended_, true)) return {};
    return directory();
  }

  std::string content(Entry& entry) {
    std::string out;
    if (!deflater_) {
      deflater_ = std::make_unique<Deflater>(rawWindow);
      entry.offset = offset_;
      entry.crc = crc32(0, nullptr, 0);
      put32(out, localMark);
      putCommon(out, entry, false);
      out += entry.file.name;
    }
    while (true) {
      auto block = entry.file.content->next();
      entry.size += block.size();
      entry.crc = crc32(entry.crc, reinterpret_cast<const Bytef*>(block.data()), static_cast<uInt>(block.size()));
      const auto packed = deflater_->run(block);
      entry.packed += packed.size();
      out += packed;
      if (block.empty()) break;
      if (!out.empty()) return out;
    }
    put32(out, descriptorMark);
    putSizes(out, entry);
    deflater_.reset();
    ++at_;
    return out;
  }

  void putCommon(std::string& out, const Entry& entry, bool withSizes) const {
    put16(out, version);
    put16(out, sizesFollow);
    put16(out, deflated);
    put32(out, time_);
    if (withSizes) {
      putSizes(out, entry);
    } else {
      out.append(12, '\0');
    }
    put16(out, static_cast<unsigned>(entry.file.name.size()));
    put16(out, 0);  // no extra field
  }

  static void putSizes(std::string& out, const Entry& entry) {
    put32(out, static_cast<std::uint32_t>(entry.crc));
    put32(out, limited(entry.packed));
    put32(out, limited(entry.size));
  }

  std::string directory() const {
    std::string out;
    for (const auto& entry : entries_) {
      put32(out, centralMark);
      put16(out, version);
      putCommon(out, entry, true);
      out.append(10, '\0');  // no comment, first disk, no attributes
      put32(out, limited(entry.offset));
      out += entry.file.name;
    }
    const auto size = out.size();
    const auto count = static_cast<unsigned>(entries_.size());
    put32(out, endMark);
    put32(out, 0);
    put16(out, count);
    put16(out, count);
    put32(out, limited(size));
    put32(out, limited(offset_));
    put16(out, 0);
    return out;
  }

  std::uint32_t time_;
  std::vector<Entry> entries_{};
  std::size_t at_ = 0;
  std::unique_ptr<Deflater> deflater_{};
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

void spoil(std::string& bytes) {
  if (bytes.empty()) return;
  auto& byte = bytes[bytes.size() / 4];
  byte = static_cast<char>(~byte);
}

class DamagedBody final : public BodySource {
 public:
  explicit DamagedBody(std::shared_ptr<BodySource> content) : content_{std::move(content)} {}

  std::string next() override {
    auto block = content_->next();
    if (!done_ && content_->halfway()) {
      spoil(block);
      done_ = true;
    }
    return block;
  }
  [[nodiscard]] bool halfway() const override { return content_->halfway(); }

 private:
  std::shared_ptr<BodySource> content_;
  bool done_ = false;
};

}  // namespace

std::shared_ptr<BodySource> gzipBody(std::shared_ptr<BodySource> content) {
  return std::make_shared<GzipBody>(std::move(content));
}

std::shared_ptr<BodySource> zipBody(std::vector<ArchiveFile> files, Time now) {
  return std::make_shared<ZipBody>(std::move(files), now);
}

void damage(Reply& reply) {
  spoil(reply.body);
  if (reply.source) reply.source = std::make_shared<DamagedBody>(std::move(reply.source));
}

std::string drained(BodySource& source) {
  std::string all;
  for (auto block = source.next(); !block.empty(); block = source.next()) all += block;
  return all;
}

}  // namespace openapi::gateway
