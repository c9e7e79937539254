#include <cli/error_line.hpp>

#include <cli/binary.hpp>

#include <utility>

namespace openapi::cli {

Error unknownOutcome(Errc code, const std::string& message) {
  Error::Details details;
  details.outcome = Outcome::unknown;
  return {code, message, std::move(details)};
}

Fields errorFields(const Error& error, std::string_view provider, std::string_view method) {
  Fields line{{"kind", toString(error.errc())},          {"errCode", printableUtf8(error.errCode())},
              {"errMsg", printableUtf8(error.errMsg())}, {"outcome", toString(error.outcome())},
              {"retryable", error.retryable()},          {"provider", printableUtf8(provider)},
              {"method", printableUtf8(method)},         {"message", printableUtf8(error.what())}};
  if (error.httpStatus() != 0) line.append("httpStatus", error.httpStatus());
  if (!error.requestId().empty()) line.append("requestId", printableUtf8(error.requestId()));
  return line;
}

std::string errorLine(const Error& error, std::string_view provider, std::string_view method) {
  return Json{errorFields(error, provider, method)}.json();
}

}  // namespace openapi::cli
