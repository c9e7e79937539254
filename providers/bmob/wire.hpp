#pragma once

#include <openapi/bmob.hpp>

#include <answer.hpp>
#include <codec/form.hpp>
#include <marshal/json_struct.hpp>
#include <stamp.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How Bmob's requests and answers look on the wire; without I/O.
namespace openapi::bmob {

/// Bmob spells most names as we do; these are the others.
inline constexpr std::array<marshal::Irregular, 15> wireNames{{
    {"pushTime", "push_time"},
    {"expirationTime", "expiration_time"},
    {"expirationInterval", "expiration_interval"},
    {"accessToken", "access_token"},
    {"templateId", "template_id"},
    {"formId", "form_id"},
    {"emphasisKeyword", "emphasis_keyword"},
    {"smsTemplate", "template"},
    {"validateToken", "validate_token"},
    {"captchaToken", "captcha_token"},
    {"captchaUrl", "captcha_url"},
    {"captchaCode", "captcha_code"},
    {"smsState", "sms_state"},
    {"verifyState", "verify_state"},
    {"scheme", "interface"},
}};

/// Known members by the table or as they are spelt; everything else untouched.
struct Style {
  static constexpr marshal::Amounts amounts = marshal::Amounts::yuan;
  static constexpr bool lenientTypes = true;  // Bmob sends numbers as texts and texts as numbers
  static constexpr marshal::FixedName wireName(std::string_view camel) {
    for (const auto& entry : wireNames) {
      if (entry.camel == camel) return marshal::fixedName(entry.wire);
    }
    return marshal::fixedName(camel);
  }
  static std::string wireOf(std::string_view name) { return std::string{name}; }
  static std::string publicOf(std::string_view name) { return std::string{name}; }
};

/// The configuration, checked.
struct Settings {
  std::string baseUrl;  ///< without a slash at its end
  bool isSigned = false;
  std::string applicationId;
  std::string restApiKey;
  std::string secretKey;
  std::string safeCode;
  std::optional<std::string> masterKey;
  std::optional<std::string> sessionToken;
  bool loginByPost = false;
  std::chrono::milliseconds timeout{};
};

/// Throws `Error` with `Errc::config` that names the member.
[[nodiscard]] Settings settingsFrom(const BmobConfig& config);

enum class Verb { get, post, put, remove };

struct Operation {
  std::string_view method;  ///< `user.login`
  Verb verb;
  /// Whether it only reads, so that it may be sent again.
  bool readOnly = false;
};

/// One request but for the keys, the time and the signature.
struct Call {
  std::string path{};  ///< as it is signed: not encoded; made by `pathOf`
  codec::FormFields query{};
  std::string body{};
  std::string contentType{};                  ///< empty: no body
  std::optional<std::string> sessionToken{};  ///< the request's own
  bool useMasterKey = false;
  std::vector<std::string> secrets{};  ///< what no message may hold
  std::function<void(std::size_t)> progress{};
  std::string url{};  ///< instead of the path: an address that the platform gave; no keys go there
};

/// `/1/classes/GameScore` of its parts, which must not hold slashes.
[[nodiscard]] std::string pathOf(std::initializer_list<std::string_view> parts);

/// MD5 over what the request says and the safety code, which never travels.
[[nodiscard]] std::string signature(std::string_view path, std::string_view timestamp, std::string_view safeCode,
                                    std::string_view nonce, std::string_view body);

/// Throws `config` when the call wants the master key and there is none.
[[nodiscard]] HttpRequest encode(const Settings& settings, const Operation& operation, const Call& call, const Stamp& stamp);

/// The answer's JSON. Throws `rejected` with Bmob's code, `httpStatus`, `badResponse`.
[[nodiscard]] Json decode(const Settings& settings, const Operation& operation, const Call& call, const HttpResponse& response);

/// Whether `error` says that the signature is refused.
[[nodiscard]] bool refusesSignature(const Error& error);

/// Reads the `Date` of an answer: `Sun, 06 Nov 1994 08:49:37 GMT`.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> httpDate(std::string_view text);

// What a request is made of.

[[nodiscard]] Call jsonCall(std::string path, const Json& body);

/// The members of a request as they go out, without those that say who calls.
template <class Request>
Fields bodyOf(const Request& request) {
  Fields fields = marshal::toFields<Style>(request);
  fields.erase("sessionToken");
  fields.erase("useMasterKey");
  return fields;
}

template <class Result>
Result resultOf(const Json& json) {
  return marshal::fromJson<Style, Result>(json);
}

/// The same, and says that every answer has a `msg`.
[[nodiscard]] Done doneOf(const Json& json);

}  // namespace openapi::bmob
