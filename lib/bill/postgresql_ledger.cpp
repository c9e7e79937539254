#include <openapi/bill/ledger.hpp>
#include <openapi/error.hpp>

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bill/ledger_columns.hpp"
#include "bill/ledger_sql.hpp"

namespace openapi::bill {
namespace {

constexpr const char* ledgerName = "postgresql";
constexpr int rowsAtOnce = 2048;

// Types of PostgreSQL's catalogue.
constexpr pqxx::oid byteaType = 17;
constexpr pqxx::oid float4Type = 700;
constexpr pqxx::oid float8Type = 701;

/// Why there is no connection, in words of ours: the driver's message repeats parts of the connection string.
std::string whyNoConnection(std::string_view message) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> reasons = {{
      {"password authentication failed", "it refuses the user or the password"},
      {"no password supplied", "it wants a password"},
      {"does not exist", "it has no such database or user"},
      {"no pg_hba.conf entry", "its pg_hba.conf does not let this user in from here"},
      {"Connection refused", "no server listens there"},
      {"No such file", "no server listens there"},
      {"timeout", "it did not answer in time"},
      {"translate host name", "its name is not known"},
  }};
  const auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [message](const auto& reason) { return message.find(reason.first) != std::string_view::npos; });
  return found != reasons.end() ? std::string{found->second} : "check the connection string, and that the server runs";
}

[[noreturn]] void failToConnect(std::string_view message) {
  throw Error{Errc::config, "cannot connect to PostgreSQL: " + whyNoConnection(message)};
}

pqxx::connection connect(const std::string& connection) {
  if (connection.find('\0') != std::string::npos) failToConnect({});
  try {
    return pqxx::connection{connection};
  } catch (const pqxx::failure& error) {
    failToConnect(error.what());
  }
}

/// Runs `work`; what the server says becomes an `Error`.
template <class Work>
auto asking(const Work& work) {
  try {
    return work();
  } catch (const pqxx::broken_connection&) {
    throw Error{Errc::connectionLost, "the connection to PostgreSQL broke while the ledger was read; reconcile again"};
  } catch (const pqxx::sql_error& error) {
    failQuery(oneLine(error.what()));
  } catch (const pqxx::failure& error) {
    throw Error{Errc::config, "cannot read the ledger from PostgreSQL: " + oneLine(error.what())};
  }
}

class PostgresqlLedger final : public Ledger {
 public:
  PostgresqlLedger(const std::string& connection, const std::string& query, const SqlPeriod& period)
      : connection_{connect(connection)} {
    if (query.find('\0') != std::string::npos) failQuery("a byte 0 in it");
    const auto numbered = numberParameters(query, period);
    asking([&] { declare(numbered); });
    fetch();
    std::vector<std::string> names;
    for (pqxx::row_size_type i = 0; i < block_.columns(); ++i) names.emplace_back(block_.column_name(i));
    rows_.emplace(ledgerName, 0, names);
    refuseTypes();
  }

  const LedgerEntry* next() override {
    if (at_ == block_.size()) {
      if (block_.empty()) return nullptr;
      fetch();
      if (block_.empty()) return nullptr;
    }
    const auto row = block_[at_++];
    ++number_;
    LedgerCells cells;
    const auto& positions = rows_->positions();
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      if (!positions[column]) continue;
      const auto field = row[static_cast<pqxx::row_size_type>(*positions[column])];
      if (!field.is_null()) cells[column] = std::string_view{field.c_str(), field.size()};
    }
    return &rows_->read(number_, cells);
  }

 private:
  /// A cursor takes nothing but one SELECT, and its rows come as they are read.
  void declare(const NumberedQuery& query) {
    connection_.set_client_encoding("UTF8");
    transaction_.emplace(connection_);
    transaction_->exec0("SET LOCAL datestyle = 'ISO, YMD'");
    transaction_->exec0("SET LOCAL TIME ZONE INTERVAL '+08:00' HOUR TO MINUTE");
    transaction_->exec0("SET LOCAL cursor_tuple_fraction = 1");
    const std::string statement = "DECLARE openapi_ledger NO SCROLL CURSOR FOR\n" + query.text;
    // With parameters, even none, the server refuses a second statement.
    transaction_->exec_params(statement, pqxx::prepare::make_dynamic_params(query.values));
  }

  void fetch() {
    at_ = 0;
    asking([this] { block_ = transaction_->exec("FETCH FORWARD " + std::to_string(rowsAtOnce) + " FROM openapi_ledger"); });
  }

  void refuseTypes() {
    for (std::size_t column = 0; column < ledgerColumnCount; ++column) {
      const auto& position = rows_->positions()[column];
      if (!position) continue;
      const auto type = block_.column_type(static_cast<pqxx::row_size_type>(*position));
      if (type == float4Type || type == float8Type) rows_->fail(0, static_cast<LedgerColumn>(column), floatingPoint);
      if (type == byteaType) rows_->fail(0, static_cast<LedgerColumn>(column), "bytea, not a text");
    }
  }

  pqxx::connection connection_;
  std::optional<pqxx::read_transaction> transaction_{};
  pqxx::result block_{};
  pqxx::result::size_type at_ = 0;
  std::uint64_t number_ = 0;
  std::optional<LedgerRows> rows_{};
};

}  // namespace

std::unique_ptr<Ledger> openPostgresqlLedger(const std::string& connection, const std::string& query, SqlPeriod period) {
  return std::make_unique<PostgresqlLedger>(connection, query, period);
}

}  // namespace openapi::bill
