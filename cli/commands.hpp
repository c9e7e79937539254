#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace openapi::gateway {
struct SandboxOptions;
}

namespace openapi::cli {

/// The command line itself is wrong: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CallOptions {
  std::string provider{};
  std::string method{};
  std::string config{};
  std::optional<std::string> input{};  ///< a file, or `-`
  std::optional<std::int64_t> timeout{};
  std::optional<std::string> output{};  ///< a file for the bytes of the result
};

struct MethodsOptions {
  std::string provider{};  ///< empty: all
  bool json = false;
};

struct BillDownloadOptions {
  std::string provider{};
  std::optional<std::string> config{};
  std::optional<std::string> merchants{};  ///< a file of them, instead of the two
  std::optional<std::string> date{};
  std::vector<std::string> types{};
  std::vector<std::string> fundFlows{};
  bool gzip = false;
  std::string outputDir{};
  std::optional<std::string> name{};  ///< of the folder of a single merchant
  int concurrency = 16;
  int rate = 20;     ///< questions a second to a platform; 0: as fast as they go
  int attempts = 4;  ///< for one bill
  std::optional<std::int64_t> timeout{};
  int waitMinutes = 0;  ///< for bills that are not ready
  int pollSeconds = 300;
  bool again = false;      ///< fetch what is there too
  bool unchecked = false;  ///< keep bills whose rows or summary do not fit
};

struct BillShowOptions {
  std::vector<std::string> files{};     ///< `-`: standard input
  std::string format = "table";         ///< or `csv`, `jsonl`
  std::optional<std::int64_t> limit{};  ///< rows of each bill that are shown; all without it
  bool totals = false;
};

struct BillReconcileOptions {
  std::vector<std::string> bills{};
  std::optional<std::string> ledger{};      ///< a CSV file
  std::optional<std::string> sqlite{};      ///< a database file
  std::optional<std::string> postgresql{};  ///< a connection string, or `env`
  std::optional<std::string> query{};
  std::optional<std::string> date{};  ///< the bills' day, when the books cover more
  std::string format = "text";        ///< or `json`
  std::int64_t limit = 100;           ///< differences that are shown
};

// Each gives the exit code.
[[nodiscard]] int runCall(const CallOptions& options);
[[nodiscard]] int runMethods(const MethodsOptions& options);
/// Prints what one method takes and gives.
[[nodiscard]] int runMethodHelp(const std::string& provider, const std::string& method);
[[nodiscard]] int runBillDownload(const BillDownloadOptions& options);
[[nodiscard]] int runBillShow(const BillShowOptions& options);
[[nodiscard]] int runBillReconcile(const BillReconcileOptions& options);
[[nodiscard]] int runSandbox(const gateway::SandboxOptions& options);

}  // namespace openapi::cli
