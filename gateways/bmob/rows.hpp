#pragma once

#include <gateways/bmob/context.hpp>
#include <gateways/bmob/field_ops.hpp>

#include <optional>
#include <string>

namespace openapi::gateway::bmob {

/// A row of a class as it is kept.
struct StoredRow {
  std::string id{};
  Time created{};
  Time updated{};
  std::string acl{};  ///< JSON; empty: there is none
  Fields data{};
};

/// The columns that a query of rows selects, for `readRow` and `appendText`.
inline constexpr std::string_view rowColumns = "id, created, updated, acl, data";
/// Reads a row, which is counted as work.
[[nodiscard]] StoredRow readRow(Context& context, const Row& row);
/// Adds the JSON of a row as it goes out, without reading it first.
void appendText(std::string& text, const Row& row);
[[nodiscard]] Fields jsonOf(const StoredRow& row);

/// The row with `rowColumns`, unread.
[[nodiscard]] std::optional<Row> findRecord(Context& context, const Table& table, const std::string& id);
[[nodiscard]] std::optional<StoredRow> findRow(Context& context, const Table& table, const std::string& id);
/// Writes a new row; gives it with its id and times.
StoredRow insertRow(Context& context, const Table& table, const Edit& edit);
/// Writes what became of a row, and its time.
void updateRow(Context& context, const Table& table, StoredRow& row, const Edit& edit);
void removeRow(Context& context, const Table& table, const std::string& id);

}  // namespace openapi::gateway::bmob
