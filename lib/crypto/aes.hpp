#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace openapi::crypto {

/// AES-256-ECB with PKCS#7 padding; `key` has 32 bytes. No value when the ciphertext does not decrypt.
[[nodiscard]] std::optional<std::string> decryptAes256Ecb(std::string_view key, std::string_view ciphertext);
[[nodiscard]] std::string encryptAes256Ecb(std::string_view key, std::string_view plaintext);

}  // namespace openapi::crypto
