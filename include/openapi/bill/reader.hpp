#pragma once

#include <openapi/bill/money.hpp>
#include <openapi/bill/rows.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace openapi::bill {

/// Where a bill comes from when it is not a file.
class BillSource {
 public:
  virtual ~BillSource() = default;

  /// Fills the beginning of `buffer`, which is not empty. Returns the number of bytes, 0 at the end.
  virtual std::size_t read(std::span<char> buffer) = 0;
};

/// A bill that is in memory already: what `downloadBill` without a sink gives.
[[nodiscard]] std::unique_ptr<BillSource> fromText(std::string text);

/// What is wrong with a row, or with the summary.
struct Problem {
  std::string file{};
  std::uint64_t line = 0;
  std::string column{};  ///< as in the header; empty when it concerns the whole row
  std::string message{};

  /// `bill.csv:17: 订单金额: not an amount in yuan: "0.123"`
  [[nodiscard]] std::string text() const;
};

/// How to read a bill.
struct BillOptions {
  /// The name of the bill in messages; a file's own name when empty.
  std::string name{};
  /// Takes what does not fit, and reading goes on: the row is left out, and the summary will not agree. Without it the
  /// first problem is thrown. What makes the whole bill useless (cut, damaged, not a bill) is thrown in any case.
  std::function<void(const Problem&)> onProblem{};
  /// Alipay's archives hold two files: read the one of totals instead of the one of rows.
  bool totals = false;
  /// Bytes read at once.
  std::size_t blockSize = 256UL * 1024;
};

/// What the rows of a bill are, and the method that reads them.
enum class BillKind {
  trade,        ///< `nextTrade`
  flow,         ///< `nextFlow`
  tradeTotals,  ///< `nextTotal`: Alipay's 业务明细(汇总)
  flowTotals,   ///< `nextTotal`: Alipay's 账务汇总
};

/// What stands before the rows.
struct BillHeader {
  Platform platform{};
  BillKind kind{};
  std::vector<std::string> columns{};  ///< as in the file, without blanks around them
  std::string entry{};                 ///< the name inside a zip archive
  std::string account{};               ///< Alipay
  std::optional<Time> from{};          ///< Alipay
  std::optional<Time> to{};            ///< Alipay
};

/// What the summary says, beside what the rows give.
struct Summary {
  /// A number of rows.
  struct Count {
    std::string name{};  ///< as in the file
    std::int64_t stated = 0;
    std::int64_t counted = 0;
    bool agrees = false;
  };
  /// A sum of amounts.
  struct Amount {
    std::string name{};
    Fee stated{};
    Fee counted{};
    bool agrees = false;
  };

  std::uint64_t line = 0;
  std::uint64_t rows = 0;  ///< rows that were read without a problem
  std::vector<Count> counts{};
  std::vector<Amount> amounts{};
  std::vector<std::string> notes{};  ///< what the summary says beyond that, verbatim

  /// Every count and every sum, to the last decimal.
  [[nodiscard]] bool agrees() const;
};

/// Reads the settlement bills of WeChat Pay and Alipay: every layout, as CSV, gzip or zip, in constant memory.
///
///     openapi::bill::BillReader bill{"bill.csv.gz"};
///     while (const auto* row = bill.nextTrade()) book(row->outTradeNo, row->totalFee);
///
/// Formats are recognised by their content, columns by their names. The rows have ended (null) only when the summary was
/// there, agreed with them, and nothing followed. Everything else throws `Error` with `Errc::badResponse` and
/// `file:line: column: problem`; a bill that was cut says `incomplete`.
/// Reading blocks. A reader is used by one thread at a time; any number of readers may work side by side.
class BillReader {
 public:
  /// Opens `file` and reads its header. Throws `Error`: `invalidArgument` when it cannot be opened, `badResponse` when it is no
  /// bill.
  explicit BillReader(const std::filesystem::path& file, BillOptions options = {});
  /// The same from bytes that come from elsewhere.
  explicit BillReader(std::unique_ptr<BillSource> source, BillOptions options = {});
  BillReader(BillReader&&) noexcept;
  BillReader& operator=(BillReader&&) noexcept;
  ~BillReader();

  /// What stands before the rows: there from the beginning.
  [[nodiscard]] const BillHeader& header() const;

  /// The next row, valid until the next call; null after the last. `Errc::invalidArgument` when the bill has another kind.
  [[nodiscard]] const TradeRow* nextTrade();
  [[nodiscard]] const FlowRow* nextFlow();
  [[nodiscard]] const TotalRow* nextTotal();

  /// Reads what is left, and returns the summary.
  const Summary& finish();
  /// Complete after the last row.
  [[nodiscard]] const Summary& summary() const;

  /// Bytes of the file that were read, for a progress bar; decoded bytes for an entry of a zip archive.
  [[nodiscard]] std::uint64_t bytesRead() const;
  /// The same of the whole; nothing where the source does not know.
  [[nodiscard]] std::optional<std::uint64_t> bytesTotal() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace openapi::bill
