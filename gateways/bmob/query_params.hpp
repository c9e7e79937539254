#pragma once

#include <gateways/bmob/context.hpp>
#include <gateways/bmob/sql_text.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::bmob {

/// The parameters of a query but `where` and the statistics.
struct QueryParams {
  std::int64_t limit = 0;
  std::int64_t skip = 0;
  bool isCounted = false;
  std::vector<std::string> order{};  ///< names, with `-` in front where descending
  std::vector<std::string> keys{};   ///< empty: all columns
  std::string include{};
};

/// More than 1000 rows are 1000. Refuses with 102 numbers that are none.
[[nodiscard]] QueryParams queryParams(const Call& call);

/// The parts between commas, without blanks around them; empty ones are gone.
[[nodiscard]] std::vector<std::string> commaList(std::string_view text);

/// `ORDER BY …` over the rows of `table`; rows that are equal stand in the order in which they were made. Columns that cannot be
/// ordered are ignored.
[[nodiscard]] std::string orderSql(Context& context, const Table& table, const std::string& alias,
                                   const std::vector<std::string>& order, bool isMaster);

}  // namespace openapi::gateway::bmob
