#pragma once

#include <string>

#include "reconcile_support.hpp"

namespace bill_test {

/// A real PostgreSQL in a folder of its own, on a socket in it; ends with the object, and with the test should that crash.
class PostgresqlServer {
 public:
  PostgresqlServer();
  ~PostgresqlServer();
  PostgresqlServer(const PostgresqlServer&) = delete;
  PostgresqlServer& operator=(const PostgresqlServer&) = delete;

  [[nodiscard]] std::string connection(const std::string& password = "open-sesame") const;
  /// Runs statements as the owner.
  void run(const std::string& statements) const;
  /// The first value of the result.
  [[nodiscard]] std::string ask(const std::string& query) const;
  /// Ends all connections but the one that says so.
  void breakConnections() const;

 private:
  TemporaryFolder folder_;
  int pid_ = -1;
};

/// One for all tests, started when the first needs it.
[[nodiscard]] const PostgresqlServer& postgresqlServer();

}  // namespace bill_test
