#pragma once

#include <openapi/http_options.hpp>

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace openapi::cli {

/// One HTTP client for all configurations that travel the same way, so that they share its connections. Not for several threads.
class SharedTransports {
 public:
  [[nodiscard]] std::shared_ptr<Transport> forOptions(const HttpOptions& options);

 private:
  std::map<std::pair<std::string, std::optional<std::string>>, std::shared_ptr<Transport>> byRoute_;  ///< roots and proxy
};

}  // namespace openapi::cli
