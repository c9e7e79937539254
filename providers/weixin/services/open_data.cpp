#include <weixin/services/open_data.hpp>
#include <weixin/services/services.hpp>

#include <codec/ascii.hpp>
#include <codec/text.hpp>
#include <crypto/aes.hpp>
#include <crypto/digest.hpp>

#include <check.hpp>

#include <algorithm>
#include <string>
#include <utility>

// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
namespace openapi::weixin {

namespace {

constexpr ServiceOperation decryptOperation{"openData.decrypt", Verb::get, "", Answer::json, true, false};
constexpr ServiceOperation checkSignatureOperation{"openData.checkSignature", Verb::get, "", Answer::json, true, false};

constexpr std::size_t blockSize = 16;
constexpr std::size_t maxText = 64 * 1024;  // base64 and raw data alike; a user's profile has some hundred bytes
constexpr std::int64_t clockSkew = 300;

/// What is wrong with a text that is no base64, as far as it shows.
std::string base64Problem(std::string_view text) {
  if (text.find(' ') != std::string_view::npos) {
    return "holds blanks where + was: percent-encode it on its way to the server, or send it as JSON";
  }
  if (text.find('%') != std::string_view::npos) return "is still percent-encoded: decode it once";
  return "is not standard base64 with padding: pass it as WeChat gave it";
}

std::string decoded(std::string_view field, std::string_view text) {
  if (text.empty()) check::invalid(field, "required");
  if (text.size() > maxText) check::invalid(field, "longer than " + std::to_string(maxText) + " characters");
  auto bytes = codec::fromBase64(text);
  if (!bytes) check::invalid(field, base64Problem(text));
  return std::move(*bytes);
}

/// A session key, or an iv.
std::string decodedBlock(std::string_view field, std::string_view text) {
  auto bytes = decoded(field, text);
  if (bytes.size() != blockSize) check::invalid(field, "must be the base64 of 16 bytes, 24 characters, as WeChat gave it");
  return bytes;
}

[[noreturn]] void failDecryption() {
  throw Error{Errc::badSignature,
              "encryptedData: does not decrypt with this sessionKey and iv; the user has mostly logged in again since: "
              "call wx.login and code2Session first, then ask the user for the data"};
}

Json decryptedJson(const DecryptOpenDataRequest& request) {
  const auto key = decodedBlock("sessionKey", request.sessionKey);
  const auto iv = decodedBlock("iv", request.iv);
  const auto ciphertext = decoded("encryptedData", request.encryptedData);
  if (ciphertext.size() % blockSize != 0) {
    check::invalid("encryptedData", "is cut: it decodes to " + std::to_string(ciphertext.size()) + " bytes, no multiple of 16");
  }
  const auto plain = crypto::decryptAesCbc(key, iv, ciphertext, crypto::AesPadding::pkcs7);
  if (!plain) failDecryption();
  try {
    return Json::parse(*plain);
  } catch (const Error&) {
    failDecryption();
  }
}

bool hasWatermark(const Json& json) {
  const auto* watermark = json.find("watermark");
  const auto has = [watermark](std::string_view name) {
    const auto* value = watermark == nullptr ? nullptr : watermark->find(name);
    return value != nullptr && !value->isNull();
  };
  return has("timestamp") && has("appid");
}

DecryptOpenDataResult resultIn(const Json& json) {
  if (!hasWatermark(json)) {
    throw Error{Errc::badResponse, "encryptedData: what it holds is no open data: it has no watermark"};
  }
  try {
    return marshal::fromJson<ServiceStyle, DecryptOpenDataResult>(json);
  } catch (const Error& error) {
    // Names in what was decrypted may be anything, so that the message does not repeat them.
    throw Error{error.errc(), "encryptedData: what it holds is no open data: a member is of the wrong kind, or there twice"};
  }
}

void requireFresh(const Watermark& watermark, std::int64_t maxAge, std::chrono::system_clock::time_point now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (watermark.timestamp < seconds - std::min(maxAge, seconds)) {
    throw Error{Errc::stale, "encryptedData: older than maxAge; ask the user for it again"};
  }
  if (watermark.timestamp > seconds + clockSkew) {
    throw Error{Errc::stale, "encryptedData: comes from the future; check this machine's clock"};
  }
}

boost::asio::awaitable<DecryptOpenDataResult> decryptNow(SharedServices services, DecryptOpenDataRequest request) {
  auto result = inService(*services, decryptOperation,
                          [&] { return decryptOpenData(services->appId, request, std::chrono::system_clock::now()); });
  co_return result;
}

boost::asio::awaitable<CheckOpenDataResult> checkNow(SharedServices services, CheckOpenDataRequest request) {
  inService(*services, checkSignatureOperation, [&] { checkOpenData(request); });
  co_return CheckOpenDataResult{};
}

}  // namespace

DecryptOpenDataResult decryptOpenData(std::string_view appId, const DecryptOpenDataRequest& request,
                                      std::chrono::system_clock::time_point now) {
  if (request.maxAge.value_or(0) < 0) check::invalid("maxAge", "must not be negative");
  auto result = resultIn(decryptedJson(request));
  if (appId.empty() || !crypto::equalInConstantTime(result.watermark.appid, appId)) {
    throw Error{Errc::identityMismatch, "watermark.appid: the data is another app's; is appId that of this mini program?"};
  }
  if (request.maxAge) requireFresh(result.watermark, *request.maxAge, now);
  return result;
}

void checkOpenData(const CheckOpenDataRequest& request) {
  const auto key = decodedBlock("sessionKey", request.sessionKey);
  if (request.rawData.empty()) check::invalid("rawData", "required");
  if (request.rawData.size() > maxText) check::invalid("rawData", "longer than " + std::to_string(maxText) + " bytes");
  if (request.signature.empty()) check::invalid("signature", "required");
  // The key goes in as it is written, not its bytes.
  const auto due = codec::toLowerHex(crypto::sha1(request.rawData + request.sessionKey));
  if (!crypto::equalInConstantTime(due, codec::lowerCase(request.signature))) {
    throw Error{Errc::badSignature,
                "signature: does not verify; rawData must be byte for byte what the mini program got, and sessionKey that of "
                "the login it was got in"};
  }
}

Awaitable<DecryptOpenDataResult> OpenData::decrypt(const DecryptOpenDataRequest& request) const {
  return decryptNow(services_, request);
}

Awaitable<CheckOpenDataResult> OpenData::checkSignature(const CheckOpenDataRequest& request) const {
  return checkNow(services_, request);
}

}  // namespace openapi::weixin
