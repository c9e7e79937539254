#pragma once

#include <openapi/alipay.hpp>

#include <codec/form.hpp>
#include <crypto/rsa.hpp>
#include <marshal/json_struct.hpp>
#include <stamp.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The wire protocol of Alipay's gateway, version 1: signed parameters in, signed JSON out. Pure functions, no I/O.
// https://opendocs.alipay.com/common/02kf5q
namespace openapi::alipay {

/// The configuration, checked and with its keys loaded.
struct Settings {
  std::string appId;
  crypto::PrivateKey privateKey;
  crypto::PublicKey alipayPublicKey;
  crypto::RsaDigest digest = crypto::RsaDigest::sha256;
  std::string signType;  ///< `RSA2` or `RSA`
  std::string gateway;
  std::string clientType;
  std::optional<std::string> mchId;
  std::chrono::milliseconds timeout{};
  std::optional<std::chrono::seconds> notifyMaxAge;
};

/// Throws `Error` with `Errc::config` that names the missing or unreadable member.
[[nodiscard]] Settings settingsFrom(const AlipayConfig& config);

/// One row for each API of the platform.
struct Operation {
  std::string_view method{};  ///< `payment.refund`
  std::string_view api{};     ///< `alipay.trade.refund`
  bool movesMoney = false;    ///< an answer that nobody vouches for leaves the outcome unknown
  bool readOnly = false;
  bool repeatable = true;              ///< the same request may be sent again after a broken connection
  bool repeatAfterSystemError = true;  ///< and after ACQ.SYSTEM_ERROR; an order is queried instead
  bool answersCode = true;             ///< success says so with code 10000
};

/// Names that differ between the unified interface and Alipay's requests.
inline constexpr std::array<marshal::Irregular, 8> requestNames{{
    {"openid", "buyer_id"},
    {"totalFee", "total_amount"},
    {"transactionId", "trade_no"},
    {"outRefundNo", "out_request_no"},
    {"refundFee", "refund_amount"},
    {"refundDesc", "refund_reason"},
    {"refundFeeType", "refund_currency"},
    {"mchId", "seller_id"},
}};
using RequestStyle = marshal::WireStyle<requestNames, marshal::Amounts::yuan>;

/// The public parameters of a call, those that an API takes beside `biz_content`, and the signature, in the order they are sent.
[[nodiscard]] codec::FormFields signedParameters(const Settings& settings, std::string_view api, codec::FormFields own,
                                                 const Stamp& stamp);

/// A call to the gateway: public parameters in the query, the rest in the body.
[[nodiscard]] HttpRequest gatewayRequest(const Settings& settings, const codec::FormFields& signedParameters);
/// The gateway's address with all parameters in its query: what a browser opens.
[[nodiscard]] std::string gatewayUrl(const Settings& settings, const codec::FormFields& signedParameters);

/// The verified node of an answer, parsed from the very bytes that were verified. Throws as documented for `Error`.
[[nodiscard]] Json verifiedNode(const Settings& settings, const Operation& operation, const HttpResponse& response);

}  // namespace openapi::alipay
