#include <cli/bill_ledgers.hpp>

#include <openapi/error.hpp>

#include <cli/files.hpp>

namespace openapi::cli {
namespace {

constexpr std::size_t maxQuery = 1024 * 1024;

/// `--query`, from a file where it is `@FILE`.
std::string queryOf(const BillReconcileOptions& options) {
  if (!options.query) throw UsageError{"--query is missing: the database needs a query that gives the entries"};
  if (!options.query->starts_with('@')) return *options.query;
  const auto file = options.query->substr(1);
  try {
    return readFile(file, maxQuery);
  } catch (const FileError& error) {
    throw UsageError{"--query: cannot read " + file + ": " + error.what()};
  }
}

void requireBooks(const std::string& file) {
  try {
    requireOrdinary(file);
  } catch (const FileError& error) {
    throw Error{Errc::config, "cannot read the ledger " + file + ": " + error.what()};
  }
}

/// Other users of the machine see the command line.
void refusePassword(const std::string& connection) {
  const auto scheme = connection.find("://");
  const auto at = scheme == std::string::npos ? scheme : connection.find('@', scheme);
  const bool inAddress = at != std::string::npos && connection.find(':', scheme + 3) < at;
  if (!inAddress && connection.find("password") == std::string::npos) return;
  throw UsageError{
      "--postgresql: a password on the command line can be seen by every user of the machine; name a file in "
      "PGPASSFILE, or set PGPASSWORD"};
}

}  // namespace

LedgerChoice ledgerChoice(const BillReconcileOptions& options) {
  const int chosen = (options.ledger ? 1 : 0) + (options.sqlite ? 1 : 0) + (options.postgresql ? 1 : 0);
  if (chosen != 1) throw UsageError{"expected one of --ledger FILE.csv, --sqlite DB and --postgresql CONNECTION"};
  if (options.ledger) {
    if (options.query) throw UsageError{"--query is for --sqlite and --postgresql"};
    const auto file = *options.ledger;
    return {file, [file](const bill::SqlPeriod&) {
              requireBooks(file);
              return bill::openCsvLedger(file);
            }};
  }
  const auto query = queryOf(options);
  if (options.sqlite) {
    const auto file = *options.sqlite;
    return {file, [file, query](const bill::SqlPeriod& period) {
              requireBooks(file);
              return bill::openSqliteLedger(file, query, period);
            }};
  }
  refusePassword(*options.postgresql);
  const auto connection = *options.postgresql == "env" ? std::string{} : *options.postgresql;
  return {"PostgreSQL",
          [connection, query](const bill::SqlPeriod& period) { return bill::openPostgresqlLedger(connection, query, period); }};
}

}  // namespace openapi::cli
