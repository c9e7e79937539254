#pragma once

#include <openapi/weixin/message_push.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Message push: without clock, random source and I/O.
namespace openapi::weixin {

struct PushSettings {
  std::string appId{};
  std::string token{};
  std::optional<std::string> aesKey{};  ///< 32 bytes; with it only encrypted messages are taken
};

/// Throws `config` when the token is missing or the key is none.
[[nodiscard]] PushSettings pushSettings(const std::string& appId, const std::optional<std::string>& pushToken,
                                        const std::optional<std::string>& encodingAesKey);

/// What makes one reply differ from the next.
struct PushStamp {
  std::string random16{};  ///< 16 bytes
  std::int64_t timestamp{};
  std::string nonce{};
};

[[nodiscard]] VerifyPushUrlResult verifyPushUrl(const PushSettings& settings, const PushRequest& request);
[[nodiscard]] PushMessage receivePush(const PushSettings& settings, const PushRequest& request);
[[nodiscard]] PushReplyResult pushReply(const PushSettings& settings, const PushReplyRequest& request, const PushStamp& stamp);

/// SHA-1 of the parts in byte order, joined: lower-case hex.
[[nodiscard]] std::string pushSignature(std::vector<std::string_view> parts);
/// The base64 of `random16`, length, message and appId, padded and encrypted.
[[nodiscard]] std::string encryptPush(std::string_view aesKey, std::string_view random16, std::string_view message,
                                      std::string_view appId);

}  // namespace openapi::weixin
