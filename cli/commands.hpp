#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

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

// Each gives the exit code.
[[nodiscard]] int runCall(const CallOptions& options);
[[nodiscard]] int runMethods(const MethodsOptions& options);
/// Prints what one method takes and gives.
[[nodiscard]] int runMethodHelp(const std::string& provider, const std::string& method);
[[nodiscard]] int runSandbox(const gateway::SandboxOptions& options);

}  // namespace openapi::cli
