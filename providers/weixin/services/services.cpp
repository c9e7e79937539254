#include <weixin/services/services.hpp>

#include <check.hpp>
#include <codec/text.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace openapi::weixin {

namespace {

constexpr std::int64_t maxTimeout = 600'000;
constexpr std::string_view officialUrl = "https://api.weixin.qq.com";
constexpr std::chrono::seconds stableRenewAhead{200};   // the platform renews a stable token in its last five minutes
constexpr std::chrono::seconds classicRenewAhead{300};  // the old token lives five minutes longer
constexpr std::array<std::string_view, 3> tokenErrors{"40001", "40014", "42001"};

std::string baseUrlOf(const WeixinConfig& config) {
  std::string url = config.apiBaseUrl.value_or(std::string{officialUrl});
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// Tokens of another base URL, such as a local gateway's, are others.
std::string tokenKey(const Services& services) {
  std::string key = services.appId + (services.stableToken ? ":stable" : ":classic");
  if (services.baseUrl != officialUrl) key += '@' + services.baseUrl;
  return key;
}

bool refusesToken(const Error& error) {
  return error.errc() == Errc::rejected &&
         std::find(tokenErrors.begin(), tokenErrors.end(), error.errCode()) != tokenErrors.end();
}

void mask(std::string& text, const std::optional<std::string>& secret) {
  if (secret && !secret->empty()) codec::replaceAll(text, *secret, "***");
}

/// The answer. An error that repeats the secret or the token does not reach the caller with them.
ServiceAnswer decodeMasked(const Services& services, const ServiceOperation& operation, const std::optional<std::string>& token,
                           const HttpResponse& response) {
  try {
    return decodeService(operation, response);
  } catch (const Error&) {
    HttpResponse masked = response;
    mask(masked.body, services.secret);
    mask(masked.body, token);
    if (masked.body == response.body) throw;
    return decodeService(operation, masked);
  }
}

/// `error` of a request for a token, as the failure of the operation that needed one: that was not sent.
Error withoutToken(const Error& error, const http::CallPlan& plan) {
  Error::Details details = error.details();
  if (error.errc() != Errc::rejected) details.outcome = Outcome::notSent;
  details.provider = plan.provider;
  details.method = plan.method;
  return Error{error.errc(), std::string{"no access token: "} + error.what(), std::move(details)};
}

/// What `TokenSource` calls: only while a call is under way, which keeps the services alive.
token::TokenSource::Fetch fetchOf(const Services& services) {
  return [&services](bool force, std::chrono::steady_clock::time_point deadline) {
    return fetchToken(services.shared_from_this(), force, deadline);
  };
}

token::TokenRules rulesOf(const Services& services) {
  token::TokenRules rules;
  rules.key = tokenKey(services);
  rules.renewAhead = services.stableToken ? stableRenewAhead : classicRenewAhead;
  rules.repeatable = services.stableToken;
  rules.forceable = services.stableToken;
  return rules;
}

boost::asio::awaitable<std::string> ownToken(SharedServices services, const ServiceOperation* operation,
                                             std::optional<std::string> refused, std::chrono::steady_clock::time_point deadline) {
  std::optional<Error> failure;
  try {
    std::string token;
    if (refused) {
      token = co_await services->tokens->instead(std::move(*refused), deadline);
    } else {
      token = co_await services->tokens->current(deadline);
    }
    co_return token;
  } catch (const Error& error) {
    failure = withoutToken(error, planFor(*services, *operation));
  }
  throw *failure;
}

}  // namespace

Services::Services(const WeixinConfig& config, std::shared_ptr<Transport> network, const HttpOptions& options)
    : appId{config.appId},
      secret{config.secret},
      accessToken{config.accessToken},
      baseUrl{baseUrlOf(config)},
      stableToken{config.stableToken},
      pushToken{config.pushToken},
      encodingAesKey{config.encodingAesKey},
      timeout{config.timeout},
      transport{std::move(network)},
      retry{options.maxAttempts, options.firstBackoff},
      tokens{std::make_unique<token::TokenSource>(config.tokenStore ? config.tokenStore : makeMemoryTokenStore(), rulesOf(*this),
                                                  fetchOf(*this))} {
  if (config.timeout < 1 || config.timeout > maxTimeout) throw Error{Errc::config, "timeout must be 1 to 600000 milliseconds"};
  const bool badToken = accessToken && (accessToken->empty() || accessToken->size() > maxTokenLength);
  if (badToken)
    throw Error{Errc::config, "accessToken: must have 1 to 2048 characters; leave it out to have the library fetch one"};
}

http::CallPlan planFor(const Services& services, const ServiceOperation& operation) {
  http::CallPlan plan;
  plan.transport = services.transport;
  plan.retry = services.retry;
  plan.timeout = services.timeout;
  plan.repeatable = operation.readOnly;
  plan.readOnly = operation.readOnly;
  plan.provider = "weixin";
  plan.method = operation.method;
  return plan;
}

const std::string& requireSecret(const Services& services) {
  if (services.secret && !services.secret->empty()) return *services.secret;
  throw Error{Errc::config, "secret: missing in the configuration; login and access tokens need the app's secret"};
}

boost::asio::awaitable<ServiceAnswer> send(SharedServices services, const ServiceOperation* operation,
                                           std::shared_ptr<const ServiceCall> call, std::optional<std::string> token,
                                           std::chrono::steady_clock::time_point deadline) {
  std::function<HttpRequest(const Stamp&, std::size_t)> encode = [services, operation, call, token](const Stamp& stamp,
                                                                                                    std::size_t) {
    return encodeService(services->baseUrl, *operation, *call, token, stamp.now);
  };
  std::function<ServiceAnswer(const HttpResponse&)> decode = [services, operation, token](const HttpResponse& response) {
    return decodeMasked(*services, *operation, token, response);
  };
  auto plan = planFor(*services, *operation);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  plan.timeout = (std::max)(left, std::chrono::milliseconds{0});
  auto answer = co_await http::call(std::move(plan), std::move(encode), std::move(decode));
  co_return answer;
}

boost::asio::awaitable<ServiceAnswer> exchange(SharedServices services, const ServiceOperation* operation, ServiceCall call) {
  const auto deadline = std::chrono::steady_clock::now() + services->timeout;
  const auto shared = std::make_shared<const ServiceCall>(std::move(call));
  std::optional<std::string> token = shared->accessToken ? shared->accessToken : services->accessToken;
  const bool own = operation->withToken && !token;
  if (!operation->withToken) token.reset();
  if (own) token = co_await ownToken(services, operation, std::nullopt, deadline);
  try {
    auto answer = co_await send(services, operation, shared, token, deadline);
    co_return answer;
  } catch (const Error& error) {
    if (!own || !refusesToken(error)) throw;
  }
  // The platform looks at the token first, so that nothing has been done yet.
  token = co_await ownToken(services, operation, token, deadline);
  try {
    auto answer = co_await send(services, operation, shared, token, deadline);
    co_return answer;
  } catch (const Error& error) {
    if (refusesToken(error)) services->tokens->refusedToo(error);
    throw;
  }
}

}  // namespace openapi::weixin
