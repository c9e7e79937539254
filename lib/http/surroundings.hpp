#pragma once

#include "http/names.hpp"
#include "http/proxy.hpp"

#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <memory>

namespace openapi::http {

/// What a client takes from the system; tests put their own here.
struct Surroundings {
  Resolve resolve = systemResolver();
  ProxyRules::Environment environment = processEnvironment;
};

[[nodiscard]] std::shared_ptr<Transport> makeClient(const HttpOptions& options, Surroundings surroundings);

}  // namespace openapi::http
