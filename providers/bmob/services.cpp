#include <bmob/services.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace openapi::bmob {

namespace {

constexpr std::int64_t toleratedSeconds = 2;

/// What the last answer said about the time, and who else looks at answers.
struct ServerClock {
  std::optional<std::chrono::system_clock::time_point> date{};
  std::function<void(const HttpResponse&)> watch{};
};

std::int64_t secondsAheadBy(const ServerClock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(*clock.date - std::chrono::system_clock::now()).count();
}

/// A refused signature, with what can be said about it.
Error signatureRefused(const Error& error, std::optional<std::int64_t> secondsAhead) {
  std::string message = error.what();
  if (secondsAhead && std::llabs(*secondsAhead) > toleratedSeconds) {
    message += "; the clock of this machine is " + std::to_string(std::llabs(*secondsAhead)) + " seconds " +
               (*secondsAhead > 0 ? "behind" : "ahead of") + " the platform's: set it right, and check secretKey and safeCode";
  } else if (secondsAhead) {
    message += "; the clock is right, so check secretKey and safeCode";
  } else {
    message += "; check the clock of this machine, secretKey and safeCode";
  }
  return Error{error.errc(), message, error.details()};
}

boost::asio::awaitable<Json> sendOnce(SharedServices services, const Operation* operation, std::shared_ptr<const Call> call,
                                      std::chrono::steady_clock::time_point deadline, std::shared_ptr<ServerClock> clock) {
  std::function<HttpRequest(const Stamp&, std::size_t)> encodeOne = [services, operation, call](const Stamp& stamp, std::size_t) {
    Stamp shifted = stamp;
    shifted.now += std::chrono::seconds{services->secondsAhead.load()};
    return encode(services->settings, *operation, *call, shifted);
  };
  std::function<Json(const HttpResponse&)> decodeOne = [services, operation, call, clock](const HttpResponse& response) {
    clock->date = httpDate(response.headers.get("Date"));
    if (clock->watch) clock->watch(response);
    return decode(services->settings, *operation, *call, response);
  };
  auto plan = planFor(*services, *operation);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  plan.timeout = (std::max)(left, std::chrono::milliseconds{0});
  auto json = co_await http::call(std::move(plan), std::move(encodeOne), std::move(decodeOne));
  co_return json;
}

}  // namespace

http::CallPlan planFor(const Services& services, const Operation& operation) {
  http::CallPlan plan;
  plan.transport = services.transport;
  plan.retry = services.retry;
  plan.timeout = services.settings.timeout;
  plan.repeatable = operation.readOnly;
  plan.readOnly = operation.readOnly;
  plan.provider = "bmob";
  plan.method = operation.method;
  return plan;
}

boost::asio::awaitable<Json> exchange(SharedServices services, const Operation* operation, std::shared_ptr<const Call> call) {
  return exchangeWatched(std::move(services), operation, std::move(call), nullptr);
}

boost::asio::awaitable<Json> exchangeWatched(SharedServices services, const Operation* operation,
                                             std::shared_ptr<const Call> call, std::function<void(const HttpResponse&)> watch) {
  const auto deadline = std::chrono::steady_clock::now() + services->settings.timeout;
  const auto clock = std::make_shared<ServerClock>();
  clock->watch = std::move(watch);
  std::optional<std::int64_t> ahead;
  for (bool again = false;; again = true) {
    std::optional<Error> refused;
    const auto assumed = services->secondsAhead.load();
    try {
      auto json = co_await sendOnce(services, operation, call, deadline, clock);
      co_return json;
    } catch (const Error& error) {
      if (!services->settings.isSigned || !refusesSignature(error)) throw;
      refused.emplace(error);
    }
    if (clock->date) ahead = secondsAheadBy(*clock);
    if (again || !ahead || std::llabs(*ahead - assumed) <= toleratedSeconds) throw signatureRefused(*refused, ahead);
    services->secondsAhead.store(*ahead);  // nothing was carried out, so a write may go out again as well
  }
}

}  // namespace openapi::bmob
