#include <bmob/wire.hpp>

#include <bmob/names.hpp>
#include <check.hpp>
#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <crypto/digest.hpp>
#include <http/status.hpp>
#include <http/url.hpp>
#include <platform_text.hpp>

#include <algorithm>
#include <array>

namespace openapi::bmob {

namespace {

constexpr std::int64_t maxTimeout = 600'000;
constexpr std::string_view sdkVersion = "10";
constexpr std::string_view sdkType = "wechatApp";
constexpr std::size_t nonceLength = 16;
constexpr std::array<std::string_view, 4> busyCodes{"110", "10076", "10200", "10210"};
constexpr std::string_view timedOutThere = "10200";

[[noreturn]] void badConfig(const std::string& message) { throw Error{Errc::config, message}; }

/// What may stand in a header.
bool isHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string key(std::string_view name, const std::optional<std::string>& value, bool required) {
  if (!value || value->empty()) {
    if (required) {
      badConfig(std::string{name} + " required: the keys are applicationId with restApiKey, or secretKey with safeCode");
    }
    return {};
  }
  if (value->size() > 256 || !isHeaderText(*value)) {
    badConfig(std::string{name} + ": must be at most 256 characters of ASCII without blanks");
  }
  return *value;
}

std::string baseUrlOf(const BmobConfig& config) {
  if (config.baseUrl.empty()) badConfig("baseUrl required: the application's own address, from Bmob's console");
  std::string url = config.baseUrl;
  while (url.ends_with('/')) url.pop_back();
  try {
    static_cast<void>(http::splitUrl(url));
  } catch (const Error& error) {
    badConfig(std::string{"baseUrl: "} + error.what());
  }
  if (url.find_first_of("?#") != std::string::npos) badConfig("baseUrl: must not have a query");
  return url;
}

bool signs(const BmobConfig& config) {
  const auto has = [](const std::optional<std::string>& key) { return key && !key->empty(); };
  const bool both = has(config.secretKey) && has(config.safeCode);
  const bool onlyOfThese =
      (has(config.secretKey) || has(config.safeCode)) && !has(config.applicationId) && !has(config.restApiKey);
  if (!config.authentication) return both || onlyOfThese;
  if (*config.authentication != "signed" && *config.authentication != "simple") {
    badConfig("authentication must be signed or simple");
  }
  return *config.authentication == "signed";
}

std::string_view nameOf(Verb verb) {
  constexpr std::array<std::string_view, 4> names{"GET", "POST", "PUT", "DELETE"};
  return names.at(static_cast<std::size_t>(verb));
}

void appendEncodedPath(std::string& url, std::string_view path) {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    codec::appendPercentEncoded(url, path.substr(0, end));
    if (end < path.size()) url += '/';
    path.remove_prefix(std::min(end + 1, path.size()));
  }
}

void addKeys(HttpRequest& request, const Settings& settings, const Call& call, const Stamp& stamp) {
  if (!settings.isSigned) {
    request.headers.add("X-Bmob-Application-Id", settings.applicationId);
    request.headers.add("X-Bmob-REST-API-Key", settings.restApiKey);
    return;
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(stamp.now.time_since_epoch()).count();
  const auto timestamp = std::to_string(seconds);
  const auto nonce = stamp.nonce.substr(0, nonceLength);
  request.headers.add("X-Bmob-SDK-Type", std::string{sdkType});
  request.headers.add("X-Bmob-Secret-Key", settings.secretKey);
  request.headers.add("X-Bmob-Safe-Timestamp", timestamp);
  request.headers.add("X-Bmob-Noncestr-Key", nonce);
  request.headers.add("X-Bmob-SDK-Version", std::string{sdkVersion});
  request.headers.add("X-Bmob-Safe-Sign", signature(call.path, timestamp, settings.safeCode, nonce, call.body));
}

void addCaller(HttpRequest& request, const Settings& settings, const Call& call) {
  const auto& token = call.sessionToken ? call.sessionToken : settings.sessionToken;
  if (token && !token->empty()) request.headers.add("X-Bmob-Session-Token", *token);
  if (!call.useMasterKey) return;
  if (!settings.masterKey) badConfig("useMasterKey: the configuration has no masterKey");
  request.headers.add("X-Bmob-Master-Key", *settings.masterKey);
}

void mask(std::string& text, const std::string& secret) {
  constexpr std::size_t tooShortToMean = 4;
  if (secret.size() < tooShortToMean) return;
  codec::replaceAll(text, secret, "***");
}

/// Texts that repeat nothing of the request, whatever its password is.
constexpr std::array<std::string_view, 7> fixedTexts{"username or password incorrect.",
                                                     "username and password required.",
                                                     "old password incorrect.",
                                                     "new password is empty",
                                                     "login data required.",
                                                     "code error.",
                                                     "content is empty."};

/// The platform's words, without what the request kept secret.
std::string masked(std::string text, const Settings& settings, const Call& call) {
  if (std::find(fixedTexts.begin(), fixedTexts.end(), text) != fixedTexts.end()) return text;
  for (const auto& secret : {settings.restApiKey, settings.secretKey, settings.safeCode, settings.masterKey.value_or(""),
                             settings.sessionToken.value_or(""), call.sessionToken.value_or("")}) {
    mask(text, secret);
  }
  for (const auto& secret : call.secrets) mask(text, secret);
  return text;
}

bool isTruthy(const Json& value) {
  if (value.isNull()) return false;
  if (const auto* boolean = value.boolean()) return *boolean;
  if (const auto* text = value.string()) return !text->empty();
  if (const auto* number = value.integer()) return *number != 0;
  return true;
}

std::string textOf(const Json* value) {
  if (value == nullptr || value->isNull()) return {};
  if (const auto* text = value->string()) return *text;
  return value->json();
}

std::string adviceFor(const Settings& settings, const std::string& code, int status) {
  if (status == 401 && settings.isSigned) return "; check secretKey, and that it belongs to this baseUrl";
  if (status == 401) return "; check applicationId and restApiKey, and that they belong to this baseUrl";
  if (status == 404 && (code.empty() || code == "404")) return "; check baseUrl: it ends before the /1/ of Bmob's paths";
  if (code == "206" || code == "211") return "; log in, and give the user's sessionToken";
  return {};
}

[[noreturn]] void throwRejected(const Settings& settings, const Operation& operation, const Call& call, const Json& json,
                                int status) {
  Error::Details details;
  details.errCode = textOf(json.find("code"));
  details.errMsg = masked(textOf(json.find("error")), settings, call);
  if (details.errCode.empty() && status == 401) details.errCode = "401";
  const bool busy = std::find(busyCodes.begin(), busyCodes.end(), details.errCode) != busyCodes.end();
  // "Timed out" does not say whether a write was carried out; the other busy codes refuse before that.
  const bool open = details.errCode == timedOutThere && !operation.readOnly;
  details.outcome = open ? Outcome::unknown : Outcome::rejected;
  details.retryable = busy && !open;
  details.httpStatus = status;
  const auto code = platformText(details.errCode);
  const auto words = platformText(details.errMsg);
  auto advice = adviceFor(settings, details.errCode, status);
  if (!advice.empty() && words.ends_with('.')) advice.erase(0, 1);  // the semicolon
  const auto message = code + (code.empty() ? "" : ": ") + words + advice;
  throw Error{Errc::rejected, message, std::move(details)};
}

/// A page for people comes from whatever else stands at an address.
bool isPage(const HttpResponse& response) {
  const auto start = response.body.find_first_not_of(" \t\r\n");
  return start != std::string::npos && response.body[start] == '<';
}

constexpr std::string_view pageAdvice = "the answer is a web page, check baseUrl";

[[noreturn]] void throwStatus(const Settings& settings, const Operation& operation, const Call& call,
                              const std::optional<Json>& json, const HttpResponse& response) {
  Error::Details details;
  if (json) details.errMsg = masked(textOf(json->find("error")), settings, call);
  auto said = platformText(details.errMsg);
  if (response.status < 500 && isPage(response)) said = pageAdvice;
  throw http::unexpectedStatus(response.status, !operation.readOnly, said, std::move(details));
}

std::optional<Json> jsonIn(const HttpResponse& response) {
  try {
    return Json::parse(response.body);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Settings settingsFrom(const BmobConfig& config) {
  if (config.timeout < 1 || config.timeout > maxTimeout) badConfig("timeout must be 1 to 600000 milliseconds");
  Settings settings;
  settings.baseUrl = baseUrlOf(config);
  settings.isSigned = signs(config);
  settings.applicationId = key("applicationId", config.applicationId, !settings.isSigned);
  settings.restApiKey = key("restApiKey", config.restApiKey, !settings.isSigned);
  settings.secretKey = key("secretKey", config.secretKey, settings.isSigned);
  settings.safeCode = key("safeCode", config.safeCode, settings.isSigned);
  if (const auto master = key("masterKey", config.masterKey, false); !master.empty()) settings.masterKey = master;
  if (const auto token = key("sessionToken", config.sessionToken, false); !token.empty()) settings.sessionToken = token;
  const auto method = config.loginMethod.value_or("GET");
  if (method != "GET" && method != "POST") badConfig("loginMethod must be GET or POST");
  settings.loginByPost = method == "POST";
  settings.timeout = std::chrono::milliseconds{config.timeout};
  return settings;
}

std::string pathOf(std::initializer_list<std::string_view> parts) {
  std::string path;
  for (const auto part : parts) path.append("/").append(part);
  return path;
}

std::string signature(std::string_view path, std::string_view timestamp, std::string_view safeCode, std::string_view nonce,
                      std::string_view body) {
  std::string text;
  text.reserve(path.size() + timestamp.size() + safeCode.size() + nonce.size() + body.size() + sdkVersion.size());
  text.append(path).append(timestamp).append(safeCode).append(nonce).append(body).append(sdkVersion);
  return codec::toLowerHex(crypto::md5(text));
}

HttpRequest encode(const Settings& settings, const Operation& operation, const Call& call, const Stamp& stamp) {
  HttpRequest request;
  request.method = nameOf(operation.verb);
  if (!call.url.empty()) {
    request.url = call.url;
    return request;
  }
  request.url = settings.baseUrl;
  appendEncodedPath(request.url, call.path);
  if (!call.query.empty()) request.url += '?' + codec::writeForm(call.query);
  addKeys(request, settings, call, stamp);
  addCaller(request, settings, call);
  if (!call.contentType.empty()) request.headers.add("Content-Type", call.contentType);
  request.body = call.body;
  request.progress = call.progress;
  return request;
}

Json decode(const Settings& settings, const Operation& operation, const Call& call, const HttpResponse& response) {
  const bool good = response.status >= 200 && response.status < 300;
  if (good) {
    if (isPage(response)) throw Error{Errc::badResponse, std::string{pageAdvice}};
    auto json = Json::parse(response.body);
    if (json.object() == nullptr && json.array() == nullptr) {
      throw Error{Errc::badResponse, "expected an object, got " + std::string{json.kind()}};
    }
    const auto* error = json.find("error");
    if (error != nullptr && isTruthy(*error)) throwRejected(settings, operation, call, json, response.status);
    return json;
  }
  const auto json = jsonIn(response);
  const auto* error = json ? json->find("error") : nullptr;
  const bool explained = response.status >= 400 && response.status < 500 && error != nullptr && isTruthy(*error);
  if (explained) throwRejected(settings, operation, call, *json, response.status);
  throwStatus(settings, operation, call, json, response);
}

bool refusesSignature(const Error& error) {
  return error.errc() == Errc::rejected && error.errCode() == "400" && error.errMsg().find("签名") != std::string::npos;
}

std::optional<std::chrono::system_clock::time_point> httpDate(std::string_view text) {
  constexpr std::string_view shape = "aaa, 00 aaa 0000 00:00:00 GMT";
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto fits = [](char c, char kind) {
    if (kind == '0') return codec::isDigit(c);
    if (kind == 'a') return codec::isLetter(c);
    return c == kind;
  };
  if (text.size() != shape.size() || !std::equal(text.begin(), text.end(), shape.begin(), fits)) return {};
  const auto month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return {};
  const auto twoDigits = [](std::size_t value) { return std::string{value < 10 ? "0" : ""} + std::to_string(value); };
  const auto day = std::string{text.substr(12, 4)} + '-' + twoDigits(month / 3 + 1) + '-' + std::string{text.substr(5, 2)};
  std::chrono::system_clock::time_point time;
  if (!parseGmt8(day + ' ' + std::string{text.substr(17, 8)}, time)) return {};
  return time + std::chrono::hours{8};
}

Call jsonCall(std::string path, const Json& body) {
  Call call;
  call.path = std::move(path);
  call.body = body.json();
  call.contentType = "application/json";
  return call;
}

Done doneOf(const Json& json) {
  auto done = resultOf<Done>(json);
  requirePresent("msg", done.msg);
  return done;
}

}  // namespace openapi::bmob
