#pragma once

#include <openapi/bill/reader.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "codec/text.hpp"
#include "oracle.hpp"

namespace fuzz {

class BytesSource final : public openapi::bill::BillSource {
 public:
  explicit BytesSource(std::string_view bytes) : bytes_{bytes} {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = bytes_.copy(buffer.data(), buffer.size());
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
};

/// What a caller sees of a bill.
struct BillReading {
  std::size_t rows = 0;
  std::size_t problems = 0;
  std::int64_t amounts = 0;
  std::size_t characters = 0;
  std::string failure{};

  bool operator==(const BillReading&) const = default;
};

inline void requireMessage(std::string_view message) {
  require(message.size() < 2000, "a message without end");
  require(openapi::codec::isUtf8(message), "a message that is no UTF-8");
  require(std::all_of(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; }),
          "control characters in a message");
}

inline void addAmount(BillReading& reading, openapi::Fen amount) {
  reading.amounts =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(reading.amounts) * 31 + static_cast<std::uint64_t>(amount.count()));
}

inline void addText(BillReading& reading, std::string_view text) {
  require(openapi::codec::isUtf8(text), "a text that is no UTF-8");
  reading.characters += text.size();
}

inline void readRows(openapi::bill::BillReader& reader, BillReading& reading) {
  using openapi::bill::BillKind;
  if (reader.header().kind == BillKind::trade) {
    while (const auto* row = reader.nextTrade()) {
      addText(reading, row->body);
      addText(reading, row->outTradeNo);
      addText(reading, row->transactionId);
      for (const auto& cell : row->extra) addText(reading, cell.value);
      addAmount(reading, row->totalFee.value_or(openapi::Fen{}));
      ++reading.rows;
    }
  } else if (reader.header().kind == BillKind::flow) {
    while (const auto* row = reader.nextFlow()) {
      require(row->amount.count() >= 0, "a negative amount");
      addText(reading, row->remark);
      addAmount(reading, row->amount);
      ++reading.rows;
    }
  } else {
    while (const auto* row = reader.nextTotal()) {
      addText(reading, row->storeName);
      addAmount(reading, row->totalFee.value_or(openapi::Fen{}));
      ++reading.rows;
    }
  }
}

/// Reads a bill to its end; it may fail with `Errc::badResponse` and nothing else.
inline BillReading readBill(std::string_view bytes, std::size_t blockSize) {
  BillReading reading;
  openapi::bill::BillOptions options;
  options.blockSize = blockSize;
  options.onProblem = [&reading](const openapi::bill::Problem& problem) {
    requireMessage(problem.text());
    ++reading.problems;
  };
  try {
    openapi::bill::BillReader reader{std::make_unique<BytesSource>(bytes), std::move(options)};
    readRows(reader, reading);
    const auto& summary = reader.summary();
    require(summary.rows == reading.rows, "rows were lost");
    require(summary.agrees() || reading.problems > 0, "a summary that does not agree, in silence");
  } catch (const openapi::Error& error) {
    require(error.errc() == openapi::Errc::badResponse, "another kind of error");
    requireMessage(error.what());
    reading.failure = error.what();
  }
  return reading;
}

}  // namespace fuzz
