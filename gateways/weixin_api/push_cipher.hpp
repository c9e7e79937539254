#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin_api {

/// SHA-1 over the sorted texts, in hexadecimal.
[[nodiscard]] std::string pushSignature(std::vector<std::string> texts);

/// Safe mode: AES-256-CBC of 16 random bytes, the length, the message and the app's id, in base64.
[[nodiscard]] std::string encryptPush(std::string_view encodingAesKey, std::string_view message, std::string_view appId);

struct DecryptedPush {
  std::string message{};
  std::string appId{};
};
[[nodiscard]] std::optional<DecryptedPush> decryptPush(std::string_view encodingAesKey, std::string_view text);

}  // namespace openapi::gateway::weixin_api
