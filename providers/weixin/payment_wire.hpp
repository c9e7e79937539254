#pragma once

#include <openapi/weixin.hpp>

#include <codec/xml.hpp>
#include <crypto/sign_content.hpp>
#include <marshal/flat_struct.hpp>
#include <marshal/names.hpp>
#include <stamp.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The wire protocol of WeChat Pay APIv2: signed XML over HTTPS. Pure functions, no I/O.
// https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=4_3
namespace openapi::weixin {

enum class SignType { md5, hmacSha256 };

inline constexpr std::array<marshal::Irregular, 4> paymentNames{{
    {"appId", "appid"},
    {"subAppId", "sub_appid"},
    {"subOpenId", "sub_openid"},
    {"openId", "openid"},
}};
using PaymentStyle = marshal::WireStyle<paymentNames, marshal::Amounts::fen>;

/// The configuration, checked and with its keys loaded.
struct PaymentSettings {
  std::string appId;
  std::string mchId;
  std::string key;  ///< the sandbox's key in sandbox mode
  SignType signType = SignType::md5;
  std::string clientType;
  std::array<std::string, 2> baseUrls;  ///< the second one is empty when there is no second host
  bool sandbox = false;
  std::shared_ptr<const ClientIdentity> identity;
  std::chrono::milliseconds timeout{};
  std::optional<std::chrono::seconds> notifyMaxAge;
};

/// Throws `Error` with `Errc::config` that names the missing or unreadable member.
[[nodiscard]] PaymentSettings paymentSettings(const WeixinConfig& config);

/// One row for each operation of the platform.
struct Operation {
  std::string_view method{};  ///< `payment.refund`
  std::string_view path{};    ///< `/secapi/pay/refund`
  bool clientCertificate = false;
  bool hmacOnly = false;
  bool movesMoney = false;  ///< an answer that nobody vouches for leaves the outcome unknown
  bool readOnly = false;
};

/// `MD5` or `HMAC-SHA256`; anything else is an `invalidArgument` that names `field`.
[[nodiscard]] SignType signTypeOf(std::string_view name, std::string_view field);

/// The signature over all non-empty fields but `sign`: upper-case hex. Sorts `fields`.
[[nodiscard]] std::string sign(std::span<crypto::NamedValue> fields, std::string_view key, SignType type);

/// The type that a request with these fields is signed with, and its answer too.
[[nodiscard]] SignType requestSignType(const PaymentSettings& settings, const Operation& operation, const Fields& extra);

/// Adds the public parameters, signs, and makes the HTTP request.
[[nodiscard]] HttpRequest signedRequest(const PaymentSettings& settings, const Operation& operation, SignType type,
                                        marshal::FlatFields fields, const Stamp& stamp, std::size_t host);

/// A verified answer of the platform. Throws as documented for `Error`.
[[nodiscard]] codec::FlatXml verifiedAnswer(const PaymentSettings& settings, const Operation& operation, SignType type,
                                            const HttpResponse& response);

/// Parses a signed message. One with a repeated element is a `badSignature`: no signature says which of the two was meant.
[[nodiscard]] codec::FlatXml parseSigned(std::string_view text);
/// Verifies the signature of a message over all of its fields. Throws `badSignature`.
void verifySign(const codec::FlatXml& message, std::string_view key, SignType type);
/// Compares application and merchant. Throws `identityMismatch`.
void verifyIdentity(const codec::FlatXml& message, const PaymentSettings& settings);

/// `rejected` with the platform's own code and text, and what the code means for the money.
[[noreturn]] void throwRejected(const Operation& operation, std::string_view errCode, std::string_view errMsg, bool isSigned);

/// What the buyer's fields (`attach`) must not hold as `&name=`, as it would read as the fields that follow them in a signed
/// text.
inline constexpr std::array<std::string_view, 3> followingFields{"bank_type", "cash_fee", "mch_id"};

/// The fields that every answer carries and no result needs.
inline constexpr std::array<std::string_view, 1> envelope{"sign"};

}  // namespace openapi::weixin
