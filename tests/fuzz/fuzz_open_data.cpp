// Open data, as a mini program in anybody's hands can pass it on. The first byte says what the others are.
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <weixin/services/open_data.hpp>

#include "../support/push_peer.hpp"
#include "platforms.hpp"

namespace {

using openapi::Errc;
using openapi::weixin::CheckOpenDataRequest;
using openapi::weixin::DecryptOpenDataRequest;
using openapi::weixin::DecryptOpenDataResult;

const std::string appId = "wx4f4bc4dec97d474b";
const std::string sessionKey = "tiihtNczf5v6AKRyjwEUhQ==";
const std::string iv = "r7BXXKkLb8qrSNn05n0qiA==";
const auto now = std::chrono::system_clock::time_point{std::chrono::seconds{1'700'000'000}};
constexpr std::size_t maxPlain = 48 * 1024;

/// The result, or why there is none.
std::optional<DecryptOpenDataResult> decrypted(const DecryptOpenDataRequest& request, Errc& failure,
                                               std::string* reason = nullptr) {
  try {
    return openapi::weixin::decryptOpenData(appId, request, now);
  } catch (const openapi::Error& error) {
    const std::string_view message = error.what();
    fuzz::require(!message.empty() && message.size() < 300, "a message without end");
    for (const char c : message) fuzz::require(c >= 0x20 && c <= 0x7E, "raw bytes in a message");
    fuzz::require(message.find(request.sessionKey) == std::string_view::npos || request.sessionKey.size() < 16,
                  "the key in a message");
    failure = error.errc();
    if (reason != nullptr) *reason = message;
    return std::nullopt;
  }
}

/// Whatever was encrypted, the messages are the same few: none repeats a part of it.
void requireFixed(const std::string& reason) {
  static std::set<std::string> reasons;
  reasons.insert(reason);
  fuzz::require(reasons.size() <= 8, "a message that depends on the data");
}

void checkResult(const DecryptOpenDataResult& result) {
  fuzz::require(result.watermark.appid == appId, "the data of another app");
  fuzz::requireWritable(result);
}

bool isJson(std::string_view text) {
  return fuzz::accepts(Errc::badResponse, [&] { (void)openapi::Json::parse(text); });
}

/// What WeChat encrypted.
void readPlain(std::string_view plain) {
  if (plain.size() > maxPlain) return;
  DecryptOpenDataRequest request{openapi::test::encryptedOpenData(sessionKey, iv, plain), iv, sessionKey, {}};
  auto failure = Errc::rejected;
  std::string reason;
  const auto result = decrypted(request, failure, &reason);
  requireFixed(reason);
  fuzz::require(result || (failure == Errc::badSignature) == !isJson(plain), "not told apart from what does not decrypt");
  if (result) checkResult(*result);
  request.maxAge = 60;
  const auto fresh = decrypted(request, failure, &reason);
  requireFixed(reason);
  fuzz::require(!fresh || result, "taken because it is fresh");
  if (!result) return;
  const auto age = 1'700'000'000 - std::min<std::int64_t>(result->watermark.timestamp, 1'800'000'000);
  fuzz::require(fresh.has_value() == (result->watermark.timestamp > 0 && age <= 60 && age >= -300), "the age is not what it is");
  fuzz::require(fresh.has_value() || failure == Errc::stale, "old, and another error");
}

/// What somebody says that WeChat encrypted: iv and blocks.
void readCipher(std::string_view bytes) {
  if (bytes.size() < 16 || bytes.size() > maxPlain) return;
  const DecryptOpenDataRequest request{openapi::codec::toBase64(bytes.substr(16)), openapi::codec::toBase64(bytes.substr(0, 16)),
                                       sessionKey, 0};
  auto failure = Errc::rejected;
  std::string reason;
  if (const auto result = decrypted(request, failure, &reason)) checkResult(*result);
  if (!request.encryptedData.empty() && (bytes.size() - 16) % 16 == 0) requireFixed(reason);
  fuzz::require(failure != Errc::config && failure != Errc::connect, "another kind of error");
}

/// Three texts, each up to the end of its line.
void readTexts(std::string_view text) {
  std::string parts[3];
  for (auto& part : parts) {
    const auto end = std::min(text.find('\n'), text.size());
    part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  auto failure = Errc::rejected;
  const DecryptOpenDataRequest request{parts[0], parts[1], parts[2], {}};
  if (const auto result = decrypted(request, failure)) checkResult(*result);
  fuzz::accepts(Errc::invalidArgument, [&] {
    try {
      openapi::weixin::checkOpenData({parts[0], parts[1], parts[2]});
    } catch (const openapi::Error& error) {
      if (error.errc() != Errc::badSignature) throw;
    }
  });
}

void checkSignature(const std::string& rawData) {
  const auto signature = openapi::codec::toLowerHex(openapi::crypto::sha1(rawData + sessionKey));
  CheckOpenDataRequest request{rawData, signature, sessionKey};
  const bool taken = fuzz::accepts(Errc::invalidArgument, [&] { openapi::weixin::checkOpenData(request); });
  fuzz::require(taken == (!rawData.empty() && rawData.size() <= 65536), "a right signature is refused");
  if (!taken) return;
  request.rawData.back() = static_cast<char>(request.rawData.back() ^ 1);
  fuzz::require(!fuzz::accepts(Errc::badSignature, [&] { openapi::weixin::checkOpenData(request); }), "a wrong signature");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rest = fuzz::textOf(data + 1, size - 1);
  switch (data[0]) {
    case 'p':
      readPlain(rest);
      break;
    case 'c':
      readCipher(rest);
      break;
    case 't':
      readTexts(rest);
      break;
    case 's':
      checkSignature(std::string{rest});
      break;
    default:
      break;
  }
  return 0;
}
