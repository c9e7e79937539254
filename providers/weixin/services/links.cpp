#include <check.hpp>
#include <codec/ascii.hpp>
#include <weixin/services/services.hpp>

#include <algorithm>
#include <chrono>

namespace openapi::weixin {

namespace {

// A link that is lost on the way back has been counted, but half a million a day may be made.
constexpr ServiceOperation generateSchemeOperation{"urlscheme.generate", Verb::post, "/wxa/generatescheme", Answer::json, true};
constexpr ServiceOperation generateUrlLinkOperation{"urllink.generate", Verb::post, "/wxa/generate_urllink", Answer::json, true};

constexpr std::int64_t maxDays = 30;
constexpr std::chrono::seconds longestLife{maxDays * 86'400};

void checkQuery(std::string_view field, const std::string& query) {
  static constexpr std::string_view others = "!#$&'()*+,/:;=?@-._~%";
  const auto fits = [](char c) { return codec::isAlphanumeric(c) || others.find(c) != std::string_view::npos; };
  if (query.size() > 512) check::invalid(field, "longer than 512 characters");
  if (!std::all_of(query.begin(), query.end(), fits))
    check::invalid(field, "may hold letters, digits and " + std::string{others} + " only");
}

template <class Target>
void checkTarget(const std::string& prefix, const Target& target) {
  check::optionalText(prefix + "path", target.path, 1024);
  if (target.path && target.path->find('?') != std::string::npos) {
    check::invalid(prefix + "path", "must not have parameters: put them in query");
  }
  if (target.query) checkQuery(prefix + "query", *target.query);
  if (target.envVersion) check::oneOf(prefix + "envVersion", *target.envVersion, "release trial develop");
}

void checkTime(std::int64_t expireTime) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  if (expireTime <= now.count()) check::invalid("expireTime", "has passed: must be seconds since 1970");
  if (expireTime > (now + longestLife).count()) check::invalid("expireTime", "is more than 30 days ahead");
}

template <class Request>
void checkEnd(const Request& request) {
  const auto type = request.expireType.value_or(0);
  if (type != 0 && type != 1) check::invalid("expireType", "must be 0 (at expireTime) or 1 (after expireInterval)");
  if (request.expireTime) checkTime(*request.expireTime);
  if (request.expireInterval && (*request.expireInterval < 1 || *request.expireInterval > maxDays)) {
    check::invalid("expireInterval", "must be 1 to 30 days");
  }
  if (request.expireType == 0 && !request.expireTime) check::invalid("expireTime", "required with expireType 0");
  if (type == 1 && request.expireTime) check::invalid("expireType", "must be 0 with expireTime");
  if (request.expireType == 1 && !request.expireInterval) check::invalid("expireInterval", "required with expireType 1");
  if (type == 0 && request.expireInterval) check::invalid("expireType", "must be 1 with expireInterval");
}

ServiceCall schemeCall(const ServiceOperation& operation, const GenerateSchemeRequest& request) {
  if (request.jumpWxa) checkTarget("jumpWxa.", *request.jumpWxa);
  checkEnd(request);
  return callOf(operation, request);
}

ServiceCall linkCall(const ServiceOperation& operation, const GenerateUrlLinkRequest& request) {
  checkTarget("", request);
  checkEnd(request);
  if (!request.cloudBase) return callOf(operation, request);
  if (request.cloudBase->object() == nullptr) check::invalid("cloudBase", "must be an object");
  auto converted = request;
  converted.cloudBase = marshal::snakeNames(*request.cloudBase);
  return callOf(operation, converted);
}

GenerateSchemeResult schemeIn(const ServiceAnswer& answer) {
  auto result = resultOf<GenerateSchemeResult>(answer);
  requirePresent("openlink", result.openlink);
  return result;
}

GenerateUrlLinkResult linkIn(const ServiceAnswer& answer) {
  auto result = resultOf<GenerateUrlLinkResult>(answer);
  requirePresent("url_link", result.urlLink);
  return result;
}

}  // namespace

Awaitable<GenerateSchemeResult> Urlscheme::generate(const GenerateSchemeRequest& request) const {
  return perform(services_, &generateSchemeOperation, request, schemeCall, schemeIn);
}

Awaitable<GenerateUrlLinkResult> Urllink::generate(const GenerateUrlLinkRequest& request) const {
  return perform(services_, &generateUrlLinkOperation, request, linkCall, linkIn);
}

}  // namespace openapi::weixin
