#pragma once

#include <bmob/names.hpp>
#include <bmob/wire.hpp>
#include <check.hpp>
#include <http/call.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace openapi::bmob {

/// What the groups share, and calls under way keep alive.
class Services {
 public:
  Services(Settings given, std::shared_ptr<Transport> network, const HttpOptions& options)
      : settings{std::move(given)}, transport{std::move(network)}, retry{options.maxAttempts, options.firstBackoff} {}

  const Settings settings;
  const std::shared_ptr<Transport> transport;
  const http::RetryPolicy retry;
  /// How far the platform's clock is ahead of this machine's, as an answer's `Date` said when a signature was refused.
  mutable std::atomic<std::int64_t> secondsAhead = 0;
};

[[nodiscard]] http::CallPlan planFor(const Services& services, const Operation& operation);

/// Sends `call` and gives the answer. A signature that is refused because of the clock is made once more, by the platform's.
[[nodiscard]] boost::asio::awaitable<Json> exchange(SharedServices services, const Operation* operation,
                                                    std::shared_ptr<const Call> call);
/// The same; `watch` sees each answer before it is read.
[[nodiscard]] boost::asio::awaitable<Json> exchangeWatched(SharedServices services, const Operation* operation,
                                                           std::shared_ptr<const Call> call,
                                                           std::function<void(const HttpResponse&)> watch);

/// Runs `work`, which sends nothing; its errors carry provider and method.
template <class Work>
auto beforeSending(const Services& services, const Operation& operation, const Work& work) {
  return http::withContext([&] { return planFor(services, operation); }, work);
}

/// Runs `work` on an answer; its errors carry provider and method, and that something was sent.
template <class Work>
auto readAnswer(const Services& services, const Operation& operation, const Work& work) {
  return http::onAnswer([&] { return planFor(services, operation); }, work);
}

/// Puts into `call` who calls, by the request.
template <class Request>
void takeCaller(Call& call, const Request& request) {
  if constexpr (requires { request.sessionToken; }) {
    names::sessionToken(request.sessionToken);
    call.sessionToken = request.sessionToken;
  }
  if constexpr (requires { request.useMasterKey; }) call.useMasterKey = request.useMasterKey.value_or(false);
}

/// The checked request as a call.
template <class Request, class Prepare>
std::shared_ptr<const Call> callFor(const Services& services, const Operation& operation, const Request& request,
                                    const Prepare& prepare) {
  return beforeSending(services, operation, [&] {
    auto call = check::request(request, [&] { return prepare(request); });
    takeCaller(call, request);
    return std::make_shared<const Call>(std::move(call));
  });
}

template <class Result, class Request>
boost::asio::awaitable<Result> performSteps(SharedServices services, const Operation* operation, Request request,
                                            Call (*prepare)(const Request&), Result (*read)(const Json&)) {
  const auto call = callFor(*services, *operation, request, prepare);
  const auto json = co_await exchange(services, operation, call);
  auto result = readAnswer(*services, *operation, [&] { return read(json); });
  co_return result;
}

/// One operation: `prepare` checks the request and encodes it, `read` makes the result of the answer.
template <class Result, class Request>
boost::asio::awaitable<Result> perform(SharedServices services, const Operation* operation, Request request,
                                       Call (*prepare)(const Request&), Result (*read)(const Json&)) {
  return http::operation("bmob", operation->method,
                         performSteps(std::move(services), operation, std::move(request), prepare, read));
}

}  // namespace openapi::bmob
