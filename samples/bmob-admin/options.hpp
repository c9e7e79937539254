#pragma once

#include <samples/bmob-admin/input.hpp>
#include <samples/bmob-admin/users.hpp>

#include <openapi/bmob.hpp>
#include <openapi/http_options.hpp>

#include <cstdint>
#include <string>

namespace bmob_admin {

/// Where the service listens.
struct Address {
  std::string host{};
  std::uint16_t port = 0;
};

/// `127.0.0.1:8080`, `[::1]:0`, `localhost:8080`. Throws `std::invalid_argument` for anything else.
[[nodiscard]] Address readAddress(const std::string& text);

/// Which Bmob the service stands in front of.
struct Upstream {
  openapi::BmobConfig config{};
  openapi::HttpOptions http{};
};

/// Reads `bmob.json`: the members of `openapi::BmobConfig`, and `caFile` and `proxy`. Throws `Error` with `Errc::config`.
[[nodiscard]] Upstream readUpstream(const std::string& path);

/// Throws `Error` with `Errc::config` when the rules need what the configuration has not.
void checkRules(const Rules& rules, const openapi::BmobConfig& config);

}  // namespace bmob_admin
