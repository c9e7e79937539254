#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openapi::http {

/// A URL taken apart, as a request needs it.
struct Target {
  bool tls = true;
  std::string host{};       ///< lower case, without brackets
  std::string port{};       ///< always there
  std::string authority{};  ///< the value of `Host`
  std::string path{};       ///< path and query, at least `/`
  std::string shown{};      ///< scheme, host and path: what observers and messages may show

  /// `host:port`, for messages.
  [[nodiscard]] std::string address() const;
};

/// Throws `Error` with `invalidArgument` unless `url` is an absolute `https` or `http` URL without user and password.
[[nodiscard]] Target splitUrl(std::string_view url);

/// The port that `digits` name, or 0.
[[nodiscard]] std::uint16_t portNumber(std::string_view digits);

/// `host` with brackets where it is an IPv6 address.
[[nodiscard]] std::string bracketed(const std::string& host);

}  // namespace openapi::http
