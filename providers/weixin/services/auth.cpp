#include <weixin/services/services.hpp>

#include <check.hpp>

#include <optional>
#include <utility>

namespace openapi::weixin {

namespace {

constexpr ServiceOperation code2SessionOperation{"auth.code2Session", Verb::get, "/sns/jscode2session",
                                                 Answer::json,        false,     false};
constexpr ServiceOperation getOpenidOperation{"auth.getOpenid", Verb::get, "/sns/jscode2session", Answer::json, false, false};
// A token lost on the way back costs nothing but one of 2,000 a day; a forced one is one of 20.
constexpr ServiceOperation tokenOperation{"auth.getAccessToken", Verb::get, "/cgi-bin/token", Answer::json, true, false};
constexpr ServiceOperation stableTokenOperation{"auth.getAccessToken", Verb::post, "/cgi-bin/stable_token",
                                                Answer::json,          true,       false};
constexpr ServiceOperation forcedTokenOperation{"auth.getAccessToken", Verb::post, "/cgi-bin/stable_token",
                                                Answer::json,          false,      false};
constexpr ServiceOperation getPaidUnionIdOperation{"auth.getPaidUnionId", Verb::get, "/wxa/getpaidunionid", Answer::json, true};

constexpr std::int64_t longestToken = 10 * 86'400;

/// What a person has to do when the platform gives no token or session.
std::string_view adviceFor(std::string_view code) {
  if (code == "40001" || code == "40013" || code == "40125") return "; check appId and secret";
  if (code == "40164") return "; add this address to the app's list of IP addresses in WeChat's console";
  if (code == "40243") return "; unfreeze the secret in WeChat's console";
  return {};
}

Error advised(const Error& error) {
  return Error{error.errc(), error.what() + std::string{adviceFor(error.errCode())}, error.details()};
}

boost::asio::awaitable<ServiceAnswer> advisedAnswer(SharedServices services, const ServiceOperation* operation,
                                                    ServiceCall call) {
  std::optional<Error> failure;
  try {
    auto answer = co_await exchange(services, operation, std::move(call));
    co_return answer;
  } catch (const Error& error) {
    failure = advised(error);
  }
  throw *failure;
}

boost::asio::awaitable<Code2SessionResult> exchangeCode(SharedServices services, const ServiceOperation* operation,
                                                        std::string code) {
  auto call = inService(*services, *operation, [&] {
    check::text("code", code, 256);
    ServiceCall made;
    made.query = {{"appid", services->appId},
                  {"secret", requireSecret(*services)},
                  {"js_code", code},
                  {"grant_type", "authorization_code"}};
    return made;
  });
  const auto answer = co_await advisedAnswer(services, operation, std::move(call));
  auto result = readAnswer(*services, *operation, [&] {
    auto session = resultOf<Code2SessionResult>(answer);
    requirePresent("openid", session.openid);
    requirePresent("session_key", session.sessionKey);
    return session;
  });
  co_return result;
}

ServiceCall tokenCall(const Services& services, bool force) {
  ServiceCall call;
  if (!services.stableToken) {
    call.query = {{"grant_type", "client_credential"}, {"appid", services.appId}, {"secret", requireSecret(services)}};
    return call;
  }
  Fields body{{"grant_type", "client_credential"}, {"appid", services.appId}, {"secret", requireSecret(services)}};
  if (force) body.append("force_refresh", true);
  call.body = Json{std::move(body)};
  return call;
}

token::FreshToken tokenIn(const ServiceAnswer& answer) {
  const auto result = resultOf<GetAccessTokenResult>(answer);
  requirePresent("access_token", result.accessToken);
  if (result.accessToken.size() > maxTokenLength) throw Error{Errc::badResponse, "access_token: longer than 2048 characters"};
  if (result.expiresIn < 1 || result.expiresIn > longestToken)
    throw Error{Errc::badResponse, "expires_in: not a time in seconds"};
  return {result.accessToken, std::chrono::seconds{result.expiresIn}};
}

boost::asio::awaitable<GetAccessTokenResult> renewToken(SharedServices services, GetAccessTokenRequest request) {
  const auto& operation = services->stableToken ? stableTokenOperation : tokenOperation;
  const bool force = request.forceRefresh.value_or(false);
  inService(*services, operation, [&] {
    static_cast<void>(requireSecret(*services));
    if (force && !services->stableToken)
      check::invalid("forceRefresh", "only for stable tokens: without it every request gives a new one");
  });
  const auto deadline = std::chrono::steady_clock::now() + services->timeout;
  const auto fresh = co_await services->tokens->renew(force, deadline);
  GetAccessTokenResult result;
  result.accessToken = fresh.value;
  result.expiresIn = fresh.expiresIn.count();
  co_return result;
}

ServiceCall paidUnionIdCall(const ServiceOperation& operation, const GetPaidUnionIdRequest& request) {
  check::text("openid", request.openid, 128);
  if (request.transactionId && (request.mchId || request.outTradeNo)) {
    check::invalid("transactionId", "give either transactionId, or mchId and outTradeNo");
  }
  if (!request.transactionId && !request.outTradeNo) check::invalid("transactionId", "required, or mchId and outTradeNo");
  if (!request.transactionId && !request.mchId) check::invalid("mchId", "required with outTradeNo");
  check::optionalText("transactionId", request.transactionId, 64);
  check::optionalText("mchId", request.mchId, 32);
  check::optionalText("outTradeNo", request.outTradeNo, 64);
  return callOf(operation, request);
}

GetPaidUnionIdResult paidUnionIdIn(const ServiceAnswer& answer) {
  auto result = resultOf<GetPaidUnionIdResult>(answer);
  requirePresent("unionid", result.unionid);
  return result;
}

}  // namespace

boost::asio::awaitable<token::FreshToken> fetchToken(SharedServices services, bool force,
                                                     std::chrono::steady_clock::time_point deadline) {
  const auto* operation = !services->stableToken ? &tokenOperation : force ? &forcedTokenOperation : &stableTokenOperation;
  auto call = std::make_shared<const ServiceCall>(inService(*services, *operation, [&] { return tokenCall(*services, force); }));
  std::optional<Error> failure;
  try {
    const auto answer = co_await send(services, operation, std::move(call), std::nullopt, deadline);
    auto fresh = readAnswer(*services, *operation, [&] { return tokenIn(answer); });
    co_return fresh;
  } catch (const Error& error) {
    failure = advised(error);
  }
  throw *failure;
}

Awaitable<Code2SessionResult> Auth::code2Session(const Code2SessionRequest& request) const {
  return http::operation("weixin", code2SessionOperation.method, exchangeCode(services_, &code2SessionOperation, request.code));
}

Awaitable<Code2SessionResult> Auth::code2Session(const std::string& code) const {
  return http::operation("weixin", code2SessionOperation.method, exchangeCode(services_, &code2SessionOperation, code));
}

Awaitable<GetOpenidResult> Auth::getOpenid(const GetOpenidRequest& request) const {
  return http::operation("weixin", getOpenidOperation.method, exchangeCode(services_, &getOpenidOperation, request.code));
}

Awaitable<GetOpenidResult> Auth::getOpenid(const std::string& code) const {
  return http::operation("weixin", getOpenidOperation.method, exchangeCode(services_, &getOpenidOperation, code));
}

Awaitable<GetAccessTokenResult> Auth::getAccessToken(const GetAccessTokenRequest& request) const {
  return http::operation("weixin", tokenOperation.method, renewToken(services_, request));
}

Awaitable<GetAccessTokenResult> Auth::getAccessToken() const {
  return http::operation("weixin", tokenOperation.method, renewToken(services_, {}));
}

Awaitable<GetPaidUnionIdResult> Auth::getPaidUnionId(const GetPaidUnionIdRequest& request) const {
  return perform(services_, &getPaidUnionIdOperation, request, paidUnionIdCall, paidUnionIdIn);
}

}  // namespace openapi::weixin
