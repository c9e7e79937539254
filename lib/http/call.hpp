#pragma once

#include <openapi/error.hpp>
#include <openapi/http_options.hpp>
#include <openapi/transport.hpp>

#include <http/retry.hpp>
#include <stamp.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace openapi::http {

/// What a call needs besides its two pure functions.
struct CallPlan {
  std::shared_ptr<Transport> transport{};
  RetryPolicy retry{};
  std::chrono::milliseconds timeout{};  ///< over all attempts
  std::size_t hosts = 1;                ///< how many hosts `encode` can address
  /// Whether the platform documents that the same request may be sent again (same numbers, same content).
  bool repeatable = false;
  /// Whether it only reads. Then a broken connection is worth another attempt as well.
  bool readOnly = false;
  std::string provider{};
  std::string method{};
};

/// `error` as the caller should see it: with provider and method, and with an outcome that knows that the request was answered.
[[nodiscard]] Error inContext(const Error& error, const CallPlan& plan, bool answered);

/// `error` of an attempt after one whose outcome nobody knows: that one may have been executed, whatever this one says.
[[nodiscard]] Error afterUnknownAttempt(const Error& error);

/// A cancellation that came between two steps, where Asio throws an exception of its own.
[[nodiscard]] Error cancelledBetween(Outcome outcome);

/// The whole of an operation: whatever fails carries provider and method, and a cancellation that came between two steps is an
/// `Error` too. `call` knows better than that once something was sent.
template <class Result>
boost::asio::awaitable<Result> operation(std::string_view provider, std::string_view method,
                                         boost::asio::awaitable<Result> work) {
  CallPlan plan;
  plan.provider = provider;
  plan.method = method;
  try {
    auto result = co_await std::move(work);
    co_return result;
  } catch (const Error& error) {
    if (!error.method().empty()) throw;
    throw inContext(error, plan, false);
  } catch (const boost::system::system_error&) {
    throw inContext(cancelledBetween(Outcome::notSent), plan, false);
  }
}

/// Runs `work`, which sends nothing; its errors carry provider and method. `makePlan` is called only for an error.
template <class MakePlan, class Work>
auto withContext(const MakePlan& makePlan, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw inContext(error, makePlan(), false);
  }
}

/// Runs `work` on an answer; its errors carry provider and method, and that something was sent.
template <class MakePlan, class Work>
auto onAnswer(const MakePlan& makePlan, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw inContext(error, makePlan(), true);
  }
}

/// What to do after a failed attempt.
struct NextAttempt {
  bool repeat = false;
  bool otherHost = false;  ///< at once, on the next host
};
[[nodiscard]] NextAttempt nextAttempt(const Error& error, const CallPlan& plan, int attempt);

/// How long to wait before attempt number `attempt` (2, 3 …), with jitter.
[[nodiscard]] std::chrono::milliseconds pauseBefore(int attempt, const RetryPolicy& policy);

/// One call: encode, send, decode, and again where that is safe. `encode` gets a fresh stamp and the number of the host to
/// address.
template <class Result>
boost::asio::awaitable<Result> call(CallPlan plan, std::function<HttpRequest(const Stamp&, std::size_t host)> encode,
                                    std::function<Result(const HttpResponse&)> decode) {
  const auto deadline = std::chrono::steady_clock::now() + plan.timeout;
  std::size_t host = 0;
  bool mayHaveHappened = false;
  for (int attempt = 1;; ++attempt) {
    std::optional<Error> failure;
    bool answered = false;
    try {
      const Stamp stamp = freshStamp();
      HttpRequest request = encode(stamp, host);
      request.deadline = deadline;
      request.attempt = attempt;
      request.label = plan.provider + ' ' + plan.method;
      const auto cancellation = co_await boost::asio::this_coro::cancellation_state;
      const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
      if (throws && cancellation.cancelled() != boost::asio::cancellation_type::none) throw cancelledBetween(Outcome::notSent);
      HttpResponse response = co_await plan.transport->send(std::move(request));
      answered = true;
      co_return decode(response);
    } catch (const Error& error) {
      answered = answered || error.errc() == Errc::badResponse;  // found while the answer was streamed
      failure.emplace(inContext(error, plan, answered));
    } catch (const boost::system::system_error&) {  // of a transport that was cancelled between two steps of its own
      failure.emplace(inContext(cancelledBetween(Outcome::unknown), plan, answered));
    }
    if (mayHaveHappened) failure.emplace(afterUnknownAttempt(*failure));
    mayHaveHappened = !plan.readOnly && failure->outcome() == Outcome::unknown;
    const NextAttempt next = nextAttempt(*failure, plan, attempt);
    if (!next.repeat) throw *failure;
    if (next.otherHost) {
      host = (host + 1) % plan.hosts;
    } else {
      const auto pause = pauseBefore(attempt + 1, plan.retry);
      bool slept = false;
      try {
        slept = co_await sleepWithin(pause, deadline);
      } catch (const std::exception&) {
        slept = false;  // cancelled while waiting: the last failure tells what happened to the money
      }
      if (!slept) throw *failure;
    }
  }
}

}  // namespace openapi::http
