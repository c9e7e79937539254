#pragma once

#include <samples/bmob-admin/input.hpp>
#include <samples/bmob-admin/users.hpp>

#include <openapi/bmob.hpp>
#include <openapi/http_options.hpp>

#include <boost/asio/any_io_executor.hpp>

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

/// Reads `bmob.json`: the members of `openapi::BmobConfig`, and `caFile` and `proxy`. Throws `Error` with `Errc::config` that
/// names the file.
[[nodiscard]] Upstream readUpstream(const std::string& path);

/// The Bmob of `readUpstream`. Throws the same also when the configuration lacks something that Bmob or the rules need.
[[nodiscard]] openapi::Bmob openBmob(boost::asio::any_io_executor executor, const std::string& path, const Rules& rules);

/// Throws `Error` with `Errc::config` for an administrator that is no id.
void checkRules(const Rules& rules);

/// The names and web sites as browsers write them. Throws `std::invalid_argument` for what no browser can send.
[[nodiscard]] Origins readOrigins(Origins origins);

}  // namespace bmob_admin
