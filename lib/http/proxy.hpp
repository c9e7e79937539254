#pragma once

#include "http/url.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::http {

/// An HTTP proxy. `credentials` never enters a message.
struct Proxy {
  std::string host{};
  std::string port{};
  std::string credentials{};  ///< the value of `Proxy-Authorization`, or empty
};

/// Which requests go through which proxy.
class ProxyRules {
 public:
  using Environment = std::function<std::optional<std::string>(const char* name)>;

  /// `option` is `HttpOptions::proxy`: a proxy for every request, empty text for none, unset for what the variables
  /// HTTPS_PROXY and NO_PROXY say. Throws `Error` with `config` for a proxy that cannot be read.
  ProxyRules(const std::optional<std::string>& option, const Environment& environment);

  /// The proxy for `target`, or null. Proxies of the environment are for https, and never for this machine itself.
  [[nodiscard]] const Proxy* choose(const Target& target) const;

 private:
  std::optional<Proxy> proxy_;
  bool fromEnvironment_ = false;
  std::vector<std::string> exceptions_;
};

/// Reads `http://user:password@host:port`; the scheme, user and password may be missing.
[[nodiscard]] Proxy parseProxy(std::string_view text, std::string_view source);

/// Whether one entry of NO_PROXY (`*`, `name`, `.name`, `name:port`, an address or a network `10.0.0.0/8`) covers the target.
[[nodiscard]] bool covers(std::string_view entry, const Target& target);

/// The variables of this process.
[[nodiscard]] std::optional<std::string> processEnvironment(const char* name);

}  // namespace openapi::http
