#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "bill/bill_time.hpp"
#include "bill/decimal.hpp"
#include "bill/layout.hpp"
#include "bill/scan.hpp"

namespace openapi::bill {

/// Large enough for the sum over any bill.
__extension__ using Sum = __int128;

/// A cell that does not fit.
struct CellProblem {
  std::size_t cell = 0;
  std::string_view what{};
};

constexpr std::string_view blanks = " \t";

[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Fills a row of its own from the cells of a line. What each column means is decided once, from the header, and columns
/// of one type are read together: no cell is looked up by its name, and none chooses a branch.
template <class Row>
class RowParser {
 public:
  /// `names` are normalised, `columns` as in the file; both outlive the parser. With `trim`, blanks around a cell do not count.
  RowParser(std::span<const Column<Row>> table, std::span<const std::string> names, std::span<const std::string> columns,
            bool trim)
      : trim_{trim} {
    for (std::size_t cell = 0; cell < names.size(); ++cell) addColumn(table, names[cell], columns[cell], cell);
    row_.extra = extra_;
  }
  RowParser(const RowParser&) = delete;
  RowParser& operator=(const RowParser&) = delete;

  [[nodiscard]] Row& row() { return row_; }
  /// A column that means the same as one before it; the number of columns when there is none.
  [[nodiscard]] std::size_t repeated() const { return repeated_; }
  /// The columns whose text may hold separators.
  [[nodiscard]] const std::vector<std::size_t>& freeTexts() const { return freeTexts_; }

  /// Reads as many cells as there are columns. The row is of no use when it returns false.
  [[nodiscard]] bool parse(const Cells& cells, CellProblem& problem) {
    return trim_ ? parseAll<true>(cells, problem) : parseAll<false>(cells, problem);
  }

  /// Adds the amounts and counts of the row to the sums.
  void addToSums() {
    for (auto& amount : amounts_) amount.sum += amount.to->has_value() ? (*amount.to)->count() : 0;
    for (auto& fee : fees_) fee.sum += fee.to->has_value() ? (*fee.to)->count() : 0;
    for (auto& count : counts_) count.sum += count.to->value_or(0);
  }

  /// The sum of a column of amounts, in 1/100000 yuan; 0 when the bill has no such column.
  [[nodiscard]] Sum sumOf(std::optional<Fen> Row::*member) {
    const auto* found = find(amounts_, &(row_.*member));
    return found == nullptr ? 0 : found->sum * 1000;
  }
  [[nodiscard]] Sum sumOf(std::optional<Fee> Row::*member) {
    const auto* found = find(fees_, &(row_.*member));
    return found == nullptr ? 0 : found->sum;
  }
  [[nodiscard]] Sum sumOf(std::optional<std::int64_t> Row::*member) {
    const auto* found = find(counts_, &(row_.*member));
    return found == nullptr ? 0 : found->sum;
  }

 private:
  template <class Value>
  struct Target {
    std::size_t cell;
    Value* to;
    Sum sum = 0;
  };
  /// Rates repeat: the last one is remembered.
  struct RateTarget {
    std::size_t cell;
    std::optional<Rate>* to;
    std::uint64_t lastText = 0;
    Rate last{};
  };

  template <class Value>
  static const Target<Value>* find(const std::vector<Target<Value>>& targets, const Value* to) {
    const auto found = std::find_if(targets.begin(), targets.end(), [to](const auto& target) { return target.to == to; });
    return found == targets.end() ? nullptr : &*found;
  }

  void addColumn(std::span<const Column<Row>> table, std::string_view name, std::string_view column, std::size_t cell) {
    const auto known = std::find_if(table.begin(), table.end(), [name](const auto& entry) { return entry.name == name; });
    if (known == table.end()) {
      extraCells_.push_back(cell);
      extra_.push_back({column, {}});
      freeTexts_.push_back(cell);
      return;
    }
    if (known->trait == Trait::freeText) freeTexts_.push_back(cell);
    const bool isNumber = known->trait == Trait::number;
    std::visit([this, cell, isNumber](auto member) { addTarget(cell, &(row_.*member), isNumber); }, known->member);
  }

  template <class Value>
  void addTarget(std::size_t cell, Value* to, bool isNumber) {
    if (std::find(used_.begin(), used_.end(), to) != used_.end()) repeated_ = std::min(repeated_, cell);
    used_.push_back(to);
    if constexpr (std::is_same_v<Value, std::string_view>) {
      (isNumber ? numbers_ : texts_).push_back({cell, to});
    } else if constexpr (std::is_same_v<Value, std::optional<Fen>>) {
      amounts_.push_back({cell, to});
    } else if constexpr (std::is_same_v<Value, std::optional<Fee>>) {
      fees_.push_back({cell, to});
    } else if constexpr (std::is_same_v<Value, std::optional<Rate>>) {
      rates_.push_back({cell, to});
    } else if constexpr (std::is_same_v<Value, std::optional<Time>>) {
      optionalTimes_.push_back({cell, to});
    } else if constexpr (std::is_same_v<Value, Time>) {
      times_.push_back({cell, to});
    } else {
      counts_.push_back({cell, to});
    }
  }

  template <bool trim>
  static std::string_view cellOf(const Cells& cells, std::size_t cell) {
    if constexpr (trim) {
      return trimmed(cells[cell]);
    } else {
      return cells[cell];
    }
  }

  template <bool trim>
  bool parseAll(const Cells& cells, CellProblem& problem) {
    for (const auto& text : texts_) *text.to = cellOf<trim>(cells, text.cell);
    for (const auto& number : numbers_) {
      const auto value = cellOf<trim>(cells, number.cell);
      *number.to = value == "0" ? std::string_view{} : value;
    }
    for (std::size_t i = 0; i < extraCells_.size(); ++i) extra_[i].value = cellOf<trim>(cells, extraCells_[i]);
    for (const auto& amount : amounts_) {
      if (!parseDecimals<2>(cellOf<trim>(cells, amount.cell), *amount.to)) {
        return fail(problem, amount.cell, "no amount of yuan with at most two decimals");
      }
    }
    for (const auto& fee : fees_) {
      if (!parseDecimals<5>(cellOf<trim>(cells, fee.cell), *fee.to)) {
        return fail(problem, fee.cell, "no amount of yuan with at most five decimals");
      }
    }
    for (const auto& time : times_) {
      if (!timeParser_.parse(cellOf<trim>(cells, time.cell), *time.to)) return fail(problem, time.cell, noTime);
    }
    for (auto& rate : rates_) {
      if (!parseRate(cellOf<trim>(cells, rate.cell), rate)) {
        return fail(problem, rate.cell, "no percentage with at most four decimals");
      }
    }
    return (optionalTimes_.empty() || parseOptionalTimes<trim>(cells, problem)) &&
           (counts_.empty() || parseCounts<trim>(cells, problem));
  }

  template <bool trim>
  bool parseOptionalTimes(const Cells& cells, CellProblem& problem) {
    for (const auto& time : optionalTimes_) {
      const auto text = cellOf<trim>(cells, time.cell);
      time.to->reset();
      if (text.empty()) continue;
      Time value{};
      if (!timeParser_.parse(text, value)) return fail(problem, time.cell, noTime);
      *time.to = value;
    }
    return true;
  }

  template <bool trim>
  bool parseCounts(const Cells& cells, CellProblem& problem) {
    for (const auto& count : counts_) {
      const auto text = cellOf<trim>(cells, count.cell);
      count.to->reset();
      if (text.empty()) continue;
      std::int64_t value = 0;
      if (!parseDecimal(text, 0, value)) return fail(problem, count.cell, "no whole number");
      *count.to = value;
    }
    return true;
  }

  /// An empty cell is an absent amount.
  template <unsigned places, class Amount>
  static bool parseDecimals(std::string_view text, std::optional<Amount>& to) {
    std::int64_t value = 0;
    if (text.empty()) {
      to.reset();
      return true;
    }
    if (!fastDecimal<places>(text, value)) return false;
    to = Amount{value};
    return true;
  }

  static bool parseRate(std::string_view text, RateTarget& rate) {
    if (text.empty()) {
      rate.to->reset();
      return true;
    }
    std::uint64_t bytes = 0;  // the text and its size
    if (text.size() < sizeof bytes) {
      std::memcpy(&bytes, text.data() + text.size() - sizeof bytes, sizeof bytes);
      bytes = (bytes >> (64 - 8 * text.size())) | std::uint64_t{text.size()} << 56U;
      if (bytes == rate.lastText) {
        *rate.to = rate.last;
        return true;
      }
    }
    const auto value = Rate::fromPercent(text);
    if (!value) return false;
    *rate.to = value;
    rate.last = *value;
    rate.lastText = bytes;
    return true;
  }

  static bool fail(CellProblem& problem, std::size_t cell, std::string_view what) {
    problem = {cell, what};
    return false;
  }

  static constexpr std::string_view noTime = "no time as in 2026-11-21 08:00:00";

  bool trim_;
  Row row_{};
  TimeParser timeParser_{};
  std::vector<Target<std::string_view>> texts_{};
  std::vector<Target<std::string_view>> numbers_{};
  std::vector<Target<std::optional<Fen>>> amounts_{};
  std::vector<Target<std::optional<Fee>>> fees_{};
  std::vector<RateTarget> rates_{};
  std::vector<Target<Time>> times_{};
  std::vector<Target<std::optional<Time>>> optionalTimes_{};
  std::vector<Target<std::optional<std::int64_t>>> counts_{};
  std::vector<std::size_t> extraCells_{};
  std::vector<Cell> extra_{};
  std::vector<std::size_t> freeTexts_{};
  std::vector<const void*> used_{};
  std::size_t repeated_ = mostCells;
};

}  // namespace openapi::bill
