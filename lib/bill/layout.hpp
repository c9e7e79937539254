#pragma once

#include <openapi/bill/reader.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace openapi::bill {

// The columns of every bill by their names, and the members of the row that they fill.

/// Alipay states two times of a trade.
struct TradeCells : TradeRow {
  std::optional<Time> finishTime{};
};

/// Fund flows state amount and direction in ways of their own.
struct FlowCells : FlowRow {
  std::optional<Fen> statedAmount{};   ///< WeChat
  std::string_view statedDirection{};  ///< WeChat
  std::optional<Fen> income{};         ///< Alipay
  std::optional<Fen> expense{};        ///< Alipay
};

template <class Row>
using Member =
    std::variant<std::string_view Row::*, std::optional<Fen> Row::*, std::optional<Fee> Row::*, std::optional<Rate> Row::*,
                 std::optional<Time> Row::*, Time Row::*, std::optional<std::int64_t> Row::*>;

enum class Trait : std::uint8_t {
  plain,
  freeText,  ///< what people write: it may hold separators
  number,    ///< an identifier that is printed as 0 where there is none
};

template <class Row>
struct Column {
  std::string_view name;  ///< normalised
  Member<Row> member;
  Trait trait = Trait::plain;
};

[[nodiscard]] std::span<const Column<TradeCells>> weixinTradeColumns();
[[nodiscard]] std::span<const Column<TradeCells>> alipayTradeColumns();
[[nodiscard]] std::span<const Column<FlowCells>> weixinFlowColumns();
[[nodiscard]] std::span<const Column<FlowCells>> alipayFlowColumns();
[[nodiscard]] std::span<const Column<TotalRow>> tradeTotalColumns();
[[nodiscard]] std::span<const Column<TotalRow>> flowTotalColumns();

/// The name of a column with its parentheses and blanks as the tables have them.
[[nodiscard]] std::string normalised(std::string_view name);

struct Layout {
  Platform platform;
  BillKind kind;
};

/// The layout with these normalised names, or none.
[[nodiscard]] std::optional<Layout> layoutOf(std::span<const std::string> names);

/// The name of a column that this layout cannot be without and that is missing; empty when nothing is.
[[nodiscard]] std::string_view missingColumn(const Layout& layout, std::span<const std::string> names);

}  // namespace openapi::bill
