// In place of postgresql_ledger.cpp where there is no libpqxx.
#include <openapi/bill/ledger.hpp>
#include <openapi/error.hpp>

namespace openapi::bill {

std::unique_ptr<Ledger> openPostgresqlLedger(const std::string&, const std::string&, SqlPeriod) {
  throw Error{Errc::unsupported, "this library was built without PostgreSQL (CMake option OPENAPI_WITH_POSTGRESQL, libpqxx)"};
}

}  // namespace openapi::bill
