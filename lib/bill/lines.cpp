#include "bill/lines.hpp"

#include <algorithm>
#include <cstring>

#include "codec/fail.hpp"

namespace openapi::bill {

LineBuffer::LineBuffer(std::unique_ptr<BillSource> source, std::size_t blockSize)
    : source_{std::move(source)}, blockSize_{std::clamp<std::size_t>(blockSize, 1, longestLine)} {
  buffer_.resize(frontPadding + blockSize_ + scanPadding);
  begin_ = end_ = buffer_.data() + frontPadding;
  mark();
}

void LineBuffer::failTooLong() { codec::failBadResponse("a line longer than 1 MiB"); }

void LineBuffer::makeRoom() {
  const auto kept = static_cast<std::size_t>(end_ - begin_);
  const std::size_t needed = frontPadding + kept + std::max(kept, std::min<std::size_t>(blockSize_, 4096)) + scanPadding;
  if (buffer_.size() < needed) {
    std::vector<char> larger(needed);
    std::memcpy(larger.data() + frontPadding, begin_, kept);
    buffer_.swap(larger);
  } else {
    std::memmove(buffer_.data() + frontPadding, begin_, kept);
  }
  begin_ = buffer_.data() + frontPadding;
  end_ = begin_ + kept;
}

/// Reads at least as much as is there, so that a long line is not scanned again for every small read. False at the end.
bool LineBuffer::fill() {
  if (ended_) return false;
  const auto kept = static_cast<std::size_t>(end_ - begin_);
  makeRoom();
  const char* limit = buffer_.data() + buffer_.size() - scanPadding;
  std::size_t got = 0;
  while (got == 0 || got < kept) {
    const auto room = std::min(static_cast<std::size_t>(limit - end_), blockSize_);
    if (room == 0) break;
    const std::size_t count = source_->read({end_, room});
    if (count == 0) {
      ended_ = true;
      break;
    }
    end_ += count;
    got += count;
  }
  mark();
  return got > 0;
}

}  // namespace openapi::bill
