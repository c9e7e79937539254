#pragma once

#include <openapi/error.hpp>
#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <http/client.hpp>
#include <token/token_source.hpp>

#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace tokens {

inline boost::asio::awaitable<openapi::token::FreshToken> fetchOver(std::shared_ptr<openapi::Transport> transport,
                                                                    openapi::HttpRequest request) {
  const auto response = co_await transport->send(std::move(request));
  openapi::token::FreshToken token;
  std::istringstream words{response.body};
  std::int64_t left = 0;
  words >> token.value >> left;
  token.expiresIn = std::chrono::seconds{left};
  co_return token;
}

/// Asks a `TokenEndpoint`.
inline openapi::token::TokenSource::Fetch fetchFromPort(std::uint16_t port) {
  openapi::HttpOptions options;
  options.proxy = "";
  auto transport = openapi::http::makeClient(options);
  return [transport, port](bool force, std::chrono::steady_clock::time_point deadline) {
    openapi::HttpRequest request;
    request.method = "GET";
    request.url = "http://127.0.0.1:" + std::to_string(port) + "/token?force=" + (force ? "1" : "0");
    request.deadline = deadline;
    return fetchOver(transport, std::move(request));
  };
}

}  // namespace tokens
