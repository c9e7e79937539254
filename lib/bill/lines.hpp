#pragma once

#include <openapi/bill/reader.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bill/scan.hpp"

namespace openapi::bill {

constexpr std::size_t longestLine = 1024UL * 1024;

/// The lines of a source, in a buffer that moves along. What is read is a view until `consume`.
class LineBuffer {
 public:
  LineBuffer(std::unique_ptr<BillSource> source, std::size_t blockSize);

  /// Where the next line begins. Moves when `scan` reads more.
  [[nodiscard]] const char* begin() const { return begin_; }

  /// Scans the line that begins `offset` bytes behind `begin`. False when nothing is there any more. Throws `Error` when what
  /// lies between `begin` and the line's end is longer than `longestLine`.
  [[nodiscard]] bool scan(ScanLine scanner, std::size_t offset, Cells& result) {
    while (true) {
      scanner(begin_ + offset, result);
      if (offset + result.length > longestLine) failTooLong();
      if (begin_ + offset + result.length < end_) return true;
      if (fill()) continue;
      result.begin = begin_ + offset;  // the buffer may have moved
      return result.begin < end_;
    }
  }

  /// The bytes of the line of length `length` at `offset`, its line feed included if it has one.
  [[nodiscard]] std::size_t sizeWithEnd(std::size_t offset, std::size_t length) const {
    const std::size_t size = offset + length;
    return begin_ + size < end_ ? length + 1 : length;
  }
  /// Whether nothing follows the first `count` bytes. May move `begin`.
  [[nodiscard]] bool endsAfter(std::size_t count) { return begin_ + count == end_ && !fill(); }
  /// Gives up the first `count` bytes.
  void consume(std::size_t count) { begin_ += count; }

  /// Everything that is not consumed is read again from `wrap(source, bytes)`.
  template <class Wrap>
  void rewrap(Wrap wrap) {
    source_ = wrap(std::move(source_), std::string{begin_, end_});
    begin_ = end_ = buffer_.data() + frontPadding;
    mark();
    ended_ = false;
  }

 private:
  /// What a parser of numbers may read before the first byte.
  static constexpr std::size_t frontPadding = 64;

  [[noreturn]] static void failTooLong();
  bool fill();
  void makeRoom();
  void mark() { *end_ = '\n'; }

  std::unique_ptr<BillSource> source_;
  std::size_t blockSize_;
  std::vector<char> buffer_{};
  char* begin_ = nullptr;
  char* end_ = nullptr;  ///< a line feed stands here, so that every scan ends
  bool ended_ = false;
};

}  // namespace openapi::bill
