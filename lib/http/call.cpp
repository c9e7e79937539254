#include <http/call.hpp>

#include <http/status.hpp>

#include <random>

namespace openapi::http {

namespace {

bool isOfTheNetwork(Errc code) {
  return code == Errc::connect || code == Errc::timeout || code == Errc::connectionLost || code == Errc::cancelled;
}

}  // namespace

Error inContext(const Error& error, const CallPlan& plan, bool answered) {
  Error::Details details = error.details();
  details.provider = plan.provider;
  details.method = plan.method;
  const bool refused = error.errc() == Errc::rejected;
  if (answered && !refused) details.outcome = Outcome::unknown;
  if (!refused && plan.repeatable && (answered || isOfTheNetwork(error.errc()))) details.retryable = true;
  return Error{error.errc(), error.what(), std::move(details)};
}

Error cancelledBetween(Outcome outcome) {
  Error::Details details;
  details.outcome = outcome;
  const bool unknown = outcome == Outcome::unknown;
  const std::string what{unknown ? unknownEffect : "nothing was sent"};
  return Error{Errc::cancelled, "cancelled; " + what, std::move(details)};
}

Error afterUnknownAttempt(const Error& error) {
  if (error.outcome() == Outcome::unknown) return error;
  Error::Details details = error.details();
  details.outcome = Outcome::unknown;
  const std::string message =
      std::string{error.what()} + " (an earlier attempt of this call may have been executed: query before you repeat)";
  return Error{error.errc(), message, std::move(details)};
}

NextAttempt nextAttempt(const Error& error, const CallPlan& plan, int attempt) {
  if (attempt >= plan.retry.maxAttempts) return {};
  switch (error.errc()) {
    case Errc::connect:  // nothing was sent
      return {true, plan.hosts > 1 && attempt < static_cast<int>(plan.hosts)};
    case Errc::connectionLost:
      return {plan.readOnly || error.outcome() == Outcome::notSent, false};
    case Errc::rejected:
      return {error.retryable() && plan.repeatable, false};
    case Errc::httpStatus:
      return {plan.readOnly && error.httpStatus() >= 500, false};
    default:
      return {};
  }
}

std::chrono::milliseconds pauseBefore(int attempt, const RetryPolicy& policy) {
  std::random_device source;
  return backoffBefore(attempt, policy, std::uniform_real_distribution<double>{0, 1}(source));
}

}  // namespace openapi::http
