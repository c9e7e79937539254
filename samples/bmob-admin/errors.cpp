#include <samples/bmob-admin/errors.hpp>

#include <openapi/json.hpp>

#include <charconv>
#include <optional>

namespace bmob_admin {
namespace {

constexpr int badGateway = 502;

std::optional<std::int64_t> numberOf(const std::string& text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

std::string withOutcome(const std::string& text, bool mayHaveHappened) {
  return mayHaveHappened ? text + "; the change may have happened: look before you repeat it" : text;
}

Answer refused(const openapi::Error& error) {
  const auto code = numberOf(error.errCode());
  const bool unauthorized = error.httpStatus() == 401;
  if (code && !unauthorized) return errorAnswer(200, *code, error.errMsg());
  return errorAnswer(badGateway, unauthorized ? "Bmob refused the keys of this service; check its configuration"
                                              : "Bmob refused the request and did not say why");
}

}  // namespace

Answer errorAnswer(int status, std::int64_t code, const std::string& text) {
  const openapi::Json body = openapi::Fields{{"code", code}, {"error", text}};
  return {.status = status, .contentType = "application/json; charset=utf-8", .body = body.json()};
}

Answer answerTo(const openapi::Error& error, bool changes) {
  using openapi::Errc;
  const bool mayHaveHappened = changes && error.outcome() == openapi::Outcome::unknown;
  switch (error.errc()) {
    case Errc::rejected:
      return refused(error);
    case Errc::invalidArgument:
      return errorAnswer(400, error.what());
    case Errc::connect:
      return errorAnswer(badGateway, "Bmob cannot be reached; try again later");
    case Errc::timeout:
      return errorAnswer(badGateway, withOutcome("Bmob did not answer in time", mayHaveHappened));
    case Errc::connectionLost:
    case Errc::cancelled:
      return errorAnswer(badGateway, withOutcome("the connection to Bmob broke", mayHaveHappened));
    default:
      return errorAnswer(badGateway, withOutcome("Bmob's answer cannot be understood", mayHaveHappened));
  }
}

}  // namespace bmob_admin
