#pragma once

#include <openapi/bill/reader.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Rows of bills as cells with names, whatever their kind.
namespace openapi::cli {

/// What a bill has not is `monostate`.
using CellValue =
    std::variant<std::monostate, std::string_view, Fen, bill::Fee, bill::Rate, bill::Time, std::int64_t, std::uint64_t>;

struct RowCell {
  std::string_view name{};
  CellValue value{};
};

/// All members of a row but its unknown columns, always in the same order.
void takeCells(const bill::TradeRow& row, std::vector<RowCell>& cells);
void takeCells(const bill::FlowRow& row, std::vector<RowCell>& cells);
void takeCells(const bill::TotalRow& row, std::vector<RowCell>& cells);

/// Whether the bills of this platform and kind can have the member.
[[nodiscard]] bool isMemberOf(const bill::BillHeader& header, std::string_view name);
/// The members that a table shows.
[[nodiscard]] const std::vector<std::string_view>& tableMembers(const bill::BillHeader& header);

[[nodiscard]] bool isAbsent(const CellValue& value);
/// `2026-11-20T10:00:00+08:00`
[[nodiscard]] std::string timeText(bill::Time time);
/// For people: amounts in yuan.
[[nodiscard]] std::string cellText(const CellValue& value);

}  // namespace openapi::cli
