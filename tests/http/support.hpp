#pragma once

#include "server.hpp"

#include "http/surroundings.hpp"

#include <openapi/error.hpp>
#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <boost/asio/cancellation_type.hpp>

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace openapi {
inline std::ostream& operator<<(std::ostream& out, Errc code) { return out << toString(code); }
inline std::ostream& operator<<(std::ostream& out, Outcome outcome) { return out << toString(outcome); }
}  // namespace openapi

namespace testing {

/// Long enough never to pass in a test that goes well.
inline constexpr std::chrono::seconds patience{60};

/// Options that trust the test authority and use no proxy.
[[nodiscard]] openapi::HttpOptions trusting();
[[nodiscard]] std::shared_ptr<openapi::Transport> makeClient(const openapi::HttpOptions& options = trusting());
/// With the names `*.test` and `localhost` at 127.0.0.1, and the environment given.
[[nodiscard]] openapi::http::Surroundings localNames(std::vector<std::pair<std::string, std::string>> environment = {});

[[nodiscard]] openapi::HttpRequest post(const std::string& url, const std::string& body = "hello",
                                        std::chrono::milliseconds time = patience);

/// One request from blocking code.
[[nodiscard]] openapi::HttpResponse fetch(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request);
/// The same for several, one after the other, on one event loop.
[[nodiscard]] std::vector<openapi::HttpResponse> fetchAll(const std::shared_ptr<openapi::Transport>& client,
                                                          const std::vector<openapi::HttpRequest>& requests);
/// The failure of a request that must fail.
[[nodiscard]] openapi::Error failureOf(const std::shared_ptr<openapi::Transport>& client, const openapi::HttpRequest& request);
/// Cancels the request when `reached` happens, and gives its failure.
[[nodiscard]] openapi::Error failureOfCancelled(const std::shared_ptr<openapi::Transport>& client,
                                                const openapi::HttpRequest& request, Event& reached,
                                                boost::asio::cancellation_type type = boost::asio::cancellation_type::terminal);

}  // namespace testing

/// Checks what a failure is called and what it means.
#define CHECK_FAILURE(failure, code, meaning)                  \
  do {                                                         \
    const openapi::Error seen = (failure);                     \
    BOOST_TEST_CONTEXT("message: " << seen.what()) {           \
      BOOST_TEST(seen.errc() == openapi::Errc::code);          \
      BOOST_TEST(seen.outcome() == openapi::Outcome::meaning); \
    }                                                          \
  } while (false)
