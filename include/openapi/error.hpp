#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace openapi {

/// What went wrong. The names are also the `kind` of the command line's error line.
enum class Errc {
  invalidArgument = 1,  ///< a parameter is missing, malformed or out of range; nothing was sent
  unsupported,          ///< the platform has no such operation or client type; nothing was sent
  config,               ///< the configuration is incomplete or a key cannot be read; nothing was sent
  connect,              ///< no connection: name, TCP, TLS or certificate; nothing was sent
  timeout,              ///< the deadline passed
  connectionLost,       ///< the connection broke after the request, or a part of it, was written
  cancelled,            ///< the caller cancelled
  httpStatus,           ///< an unexpected HTTP status
  badResponse,          ///< an answer or notification that is not what the platform documents
  badSignature,         ///< a signature that does not verify, or is missing where one is due
  identityMismatch,     ///< signed for another application, merchant or order
  stale,                ///< too old, or from the future
  rejected,             ///< the platform answered with an error of its own: see `errCode()`
};

/// What the failure means for the money.
enum class Outcome {
  notSent,   ///< nothing happened
  rejected,  ///< the platform refused
  unknown,   ///< it may have happened: query before you repeat
};

/// The name as it is spelt in this file: `invalidArgument`, `notSent`.
[[nodiscard]] std::string_view toString(Errc code);
[[nodiscard]] std::string_view toString(Outcome outcome);
/// The category `openapi`, whose values are those of `Errc`.
[[nodiscard]] const std::error_category& errorCategory();
/// Lets `Errc` stand where a `std::error_code` is compared.
[[nodiscard]] std::error_code make_error_code(Errc code);

/// The one exception of this library. Copying is cheap and does not throw.
///
/// `what()` says what happened and what to do next. It never holds a key, token, certificate,
/// password or signature.
class Error : public std::runtime_error {
 public:
  /// What is known beside the kind and the message.
  struct Details {
    std::string errCode;  ///< the platform's own code, verbatim (`ORDERPAID`, `ACQ.TRADE_NOT_EXIST`)
    std::string errMsg;   ///< the platform's own text, verbatim
    Outcome outcome = Outcome::notSent;
    bool retryable = false;  ///< the same request may be sent again unchanged
    std::string provider;    ///< `weixin`, `alipay`, `bmob`
    std::string method;      ///< `payment.refund`
    int httpStatus = 0;      ///< 0 when there was no HTTP answer
    std::string requestId;   ///< the platform's trace id, if it sent one
  };

  Error(Errc code, const std::string& message);
  Error(Errc code, const std::string& message, Details details);

  [[nodiscard]] std::error_code code() const { return make_error_code(errc_); }
  [[nodiscard]] Errc errc() const { return errc_; }
  [[nodiscard]] const std::string& errCode() const { return details_->errCode; }
  [[nodiscard]] const std::string& errMsg() const { return details_->errMsg; }
  [[nodiscard]] Outcome outcome() const { return details_->outcome; }
  [[nodiscard]] bool retryable() const { return details_->retryable; }
  [[nodiscard]] const std::string& provider() const { return details_->provider; }
  [[nodiscard]] const std::string& method() const { return details_->method; }
  [[nodiscard]] int httpStatus() const { return details_->httpStatus; }
  [[nodiscard]] const std::string& requestId() const { return details_->requestId; }
  [[nodiscard]] const Details& details() const { return *details_; }

 private:
  Errc errc_;
  std::shared_ptr<const Details> details_;
};

}  // namespace openapi

template <>
struct std::is_error_code_enum<openapi::Errc> : std::true_type {};
