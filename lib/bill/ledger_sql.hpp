#pragma once

#include <openapi/bill/ledger.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the ledgers in databases have in common.
namespace openapi::bill {

constexpr const char* onlySelect = "only a single SELECT is taken";
constexpr const char* floatingPoint =
    "a floating point number, which is no exact value; store a text or an integer (amountFen), or cast it";

/// Throws `Error` with `Errc::invalidArgument`.
[[noreturn]] void failQuery(const std::string& problem);

/// A time as the parameter `name` has it; fails the query where there is none.
[[nodiscard]] std::string sqlTime(const std::optional<Time>& time, const std::string& name);

/// A message of a database as it may stand in one of ours: one line of some hundred characters.
[[nodiscard]] std::string oneLine(std::string_view message);

/// A query with its parameters by number.
struct NumberedQuery {
  std::string text{};
  std::vector<std::string> values{};
};

/// Turns `:from` and `:to` into `$1` and `$2`, outside of PostgreSQL's quotes and comments.
[[nodiscard]] NumberedQuery numberParameters(std::string_view query, const SqlPeriod& period);

}  // namespace openapi::bill
