#include <cli/transports.hpp>

#include <http/client.hpp>

namespace openapi::cli {

std::shared_ptr<Transport> SharedTransports::forOptions(const HttpOptions& options) {
  auto& transport = byRoute_[{options.caFile, options.proxy}];
  if (!transport) transport = http::makeClient(options);
  return transport;
}

}  // namespace openapi::cli
