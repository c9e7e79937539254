#pragma once

#include <openapi/http_options.hpp>
#include <openapi/weixin.hpp>
#include <openapi/weixin/service.hpp>

#include <check.hpp>
#include <http/call.hpp>
#include <token/token_source.hpp>
#include <weixin/services/service_wire.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace openapi::weixin {

inline constexpr std::size_t maxTokenLength = 2048;

/// What the groups share, and calls under way keep alive.
class Services : public std::enable_shared_from_this<Services> {
 public:
  Services(const WeixinConfig& config, std::shared_ptr<Transport> transport, const HttpOptions& options);

  const std::string appId;
  const std::optional<std::string> secret;
  const std::optional<std::string> accessToken;  ///< managed by the caller
  const std::string baseUrl;
  const bool stableToken;
  const std::optional<std::string> pushToken;
  const std::optional<std::string> encodingAesKey;
  const std::chrono::milliseconds timeout;
  const std::shared_ptr<Transport> transport;
  const http::RetryPolicy retry;
  const std::unique_ptr<token::TokenSource> tokens;  ///< asks `fetchToken`
};

[[nodiscard]] http::CallPlan planFor(const Services& services, const ServiceOperation& operation);

/// The app's secret. Throws `Error` with `config` when it is missing.
[[nodiscard]] const std::string& requireSecret(const Services& services);

/// Asks the platform for a token of the configured kind (auth.cpp).
[[nodiscard]] boost::asio::awaitable<token::FreshToken> fetchToken(SharedServices services, bool force,
                                                                   std::chrono::steady_clock::time_point deadline);

/// Sends `call` with what is left until `deadline`; `token` goes along where there is one.
[[nodiscard]] boost::asio::awaitable<ServiceAnswer> send(SharedServices services, const ServiceOperation* operation,
                                                         std::shared_ptr<const ServiceCall> call,
                                                         std::optional<std::string> token,
                                                         std::chrono::steady_clock::time_point deadline);

/// Sends `call` and gives the answer. With a token of the library's own that the platform refuses, once more with another.
[[nodiscard]] boost::asio::awaitable<ServiceAnswer> exchange(SharedServices services, const ServiceOperation* operation,
                                                             ServiceCall call);

/// Runs `work`, which sends nothing; its errors carry provider and method.
template <class Work>
auto inService(const Services& services, const ServiceOperation& operation, const Work& work) {
  return http::withContext([&] { return planFor(services, operation); }, work);
}

/// Runs `work` on an answer; its errors carry provider and method, and that something was sent.
template <class Work>
auto readAnswer(const Services& services, const ServiceOperation& operation, const Work& work) {
  return http::onAnswer([&] { return planFor(services, operation); }, work);
}

template <class Result, class Request>
boost::asio::awaitable<Result> performSteps(SharedServices services, const ServiceOperation* operation, Request request,
                                            ServiceCall (*prepare)(const ServiceOperation&, const Request&),
                                            Result (*read)(const ServiceAnswer&)) {
  auto call = inService(*services, *operation, [&] {
    auto made = check::request(request, [&] { return prepare(*operation, request); });
    check::optionalText("accessToken", made.accessToken, maxTokenLength);
    return made;
  });
  const auto answer = co_await exchange(services, operation, std::move(call));
  auto result = readAnswer(*services, *operation, [&] { return read(answer); });
  co_return result;
}

/// One operation: `prepare` checks the request and encodes it, `read` makes the result of the answer.
template <class Result, class Request>
boost::asio::awaitable<Result> perform(SharedServices services, const ServiceOperation* operation, Request request,
                                       ServiceCall (*prepare)(const ServiceOperation&, const Request&),
                                       Result (*read)(const ServiceAnswer&)) {
  return http::operation("weixin", operation->method,
                         performSteps(std::move(services), operation, std::move(request), prepare, read));
}

}  // namespace openapi::weixin
