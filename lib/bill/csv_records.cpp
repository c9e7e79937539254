#include "bill/csv_records.hpp"

#include <openapi/error.hpp>

#include <algorithm>
#include <cstring>

#include "bill/ledger_columns.hpp"
#include "bill/lines.hpp"

namespace openapi::bill {
namespace {

constexpr std::size_t blockSize = 256UL * 1024;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvRecords::CsvRecords(std::unique_ptr<BillSource> source, std::string name)
    : source_{std::move(source)}, name_{std::move(name)} {
  buffer_.resize(blockSize);
  while (end_ < byteOrderMark.size() && fill()) continue;
  if (std::string_view{buffer_.data(), end_}.starts_with(byteOrderMark)) begin_ = byteOrderMark.size();
}

void CsvRecords::fail(const std::string& problem) const {
  throw Error{Errc::invalidArgument, ledgerPlace(name_, line_) + problem};
}

/// At least as much as is there, so that a long record is not moved for every small read. False at the end.
bool CsvRecords::fill() {
  if (ended_) return false;
  const std::size_t kept = end_ - begin_;
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  begin_ = 0;
  end_ = kept;
  if (buffer_.size() < 2 * kept) buffer_.resize(2 * kept);
  const std::size_t wanted = std::max<std::size_t>(2 * kept, 1);
  while (end_ < wanted && !ended_) {
    const std::size_t count = source_->read({buffer_.data() + end_, buffer_.size() - end_});
    ended_ = count == 0;
    end_ += count;
  }
  return end_ > kept;
}

/// Goes on to the line feed that ends the record. False when it is not there yet.
bool CsvRecords::seekEnd() {
  const char* const record = buffer_.data() + begin_;
  const std::size_t there = end_ - begin_;
  while (seen_ < there) {
    const char* const feed = static_cast<const char*>(std::memchr(record + seen_, '\n', there - seen_));
    const std::size_t stop = feed == nullptr ? there : static_cast<std::size_t>(feed - record);
    const auto quotes = std::count(record + seen_, record + stop, '"');
    hasQuotes_ |= quotes > 0;
    quoted_ ^= quotes % 2 != 0;
    seen_ = feed == nullptr ? there : stop + 1;
    if (feed == nullptr) return false;
    if (!quoted_) return true;
    ++lines_;
  }
  return false;
}

bool CsvRecords::findEnd() {
  seen_ = 0;
  quoted_ = false;
  hasQuotes_ = false;
  while (!seekEnd()) {
    if (seen_ > longestLine) break;
    if (!fill()) {
      if (quoted_) fail("a quote that is not closed");
      break;
    }
  }
  if (seen_ > longestLine) fail("a record of more than 1 MiB; is a quote not closed?");
  size_ = seen_;
  return size_ > 0;
}

bool CsvRecords::next() {
  while (true) {
    begin_ += size_;
    size_ = 0;
    line_ += line_ == 0 ? 1 : lines_;
    lines_ = 1;
    if (!findEnd()) return false;
    std::string_view record{buffer_.data() + begin_, size_};
    if (record.ends_with('\n')) record.remove_suffix(1);
    if (record.ends_with('\r')) record.remove_suffix(1);
    if (record.empty()) continue;
    split(record.size());
    return true;
  }
}

void CsvRecords::split(std::size_t size) {
  cells_.clear();
  char* at = buffer_.data() + begin_;
  char* const end = at + size;
  while (true) {
    at = takeCell(at, end);
    if (at == end) return;
    ++at;
  }
}

/// Returns where the cell ends: at a comma, or at the end.
char* CsvRecords::takeCell(char* at, char* end) {
  if (at != end && *at == '"') return takeQuoted(at + 1, end);
  char* const comma = std::find(at, end, ',');
  if (hasQuotes_ && std::find(at, comma, '"') != comma) fail("a quote within a cell that does not begin with one");
  cells_.emplace_back(at, static_cast<std::size_t>(comma - at));
  return comma;
}

/// Doubled quotes become one, in place.
char* CsvRecords::takeQuoted(char* at, char* end) {
  const char* const begin = at;
  char* out = at;
  while (true) {
    char* const quote = std::find(at, end, '"');
    if (quote == end) fail("a quote that is not closed");
    out = std::move(at, quote, out);
    at = quote + 1;
    if (at == end || *at != '"') break;
    *out++ = *at++;
  }
  if (at != end && *at != ',') fail("something between a closing quote and the comma");
  cells_.emplace_back(begin, static_cast<std::size_t>(out - begin));
  return at;
}

}  // namespace openapi::bill
