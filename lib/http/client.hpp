#pragma once

#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <memory>

namespace openapi::http {

/// The HTTPS client of the library: pooled keep-alive connections, one deadline, bounded answers.
/// The I/O of a call runs on the execution context of the coroutine that awaits it.
[[nodiscard]] std::shared_ptr<Transport> makeClient(const HttpOptions& options);

}  // namespace openapi::http
