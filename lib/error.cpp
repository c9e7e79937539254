#include <openapi/error.hpp>

#include <utility>

namespace openapi {

std::string_view toString(Errc code) {
  switch (code) {
    case Errc::invalidArgument:
      return "invalidArgument";
    case Errc::unsupported:
      return "unsupported";
    case Errc::config:
      return "config";
    case Errc::connect:
      return "connect";
    case Errc::timeout:
      return "timeout";
    case Errc::connectionLost:
      return "connectionLost";
    case Errc::cancelled:
      return "cancelled";
    case Errc::httpStatus:
      return "httpStatus";
    case Errc::badResponse:
      return "badResponse";
    case Errc::badSignature:
      return "badSignature";
    case Errc::identityMismatch:
      return "identityMismatch";
    case Errc::stale:
      return "stale";
    case Errc::rejected:
      return "rejected";
  }
  return "unknown";
}

std::string_view toString(Outcome outcome) {
  switch (outcome) {
    case Outcome::notSent:
      return "notSent";
    case Outcome::rejected:
      return "rejected";
    case Outcome::unknown:
      return "unknown";
  }
  return "unknown";
}

namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "openapi"; }
  std::string message(int value) const override { return std::string{toString(static_cast<Errc>(value))}; }
};

}  // namespace

const std::error_category& errorCategory() {
  static const Category category;
  return category;
}

std::error_code make_error_code(Errc code) { return {static_cast<int>(code), errorCategory()}; }

Error::Error(Errc code, const std::string& message) : Error(code, message, Details{}) {}

Error::Error(Errc code, const std::string& message, Details details)
    : std::runtime_error{message}, errc_{code}, details_{std::make_shared<const Details>(std::move(details))} {}

}  // namespace openapi
