#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace openapi::crypto {

/// AES-256-ECB with PKCS#7 padding; `key` has 32 bytes. No value when the ciphertext does not decrypt.
[[nodiscard]] std::optional<std::string> decryptAes256Ecb(std::string_view key, std::string_view ciphertext);
[[nodiscard]] std::string encryptAes256Ecb(std::string_view key, std::string_view plaintext);

/// `none`: the caller pads, and the plaintext is a multiple of 16 bytes.
enum class AesPadding { pkcs7, none };

/// AES-CBC; `key` has 16 bytes (AES-128) or 32 (AES-256), `iv` has 16. No value when the ciphertext does not decrypt.
[[nodiscard]] std::optional<std::string> decryptAesCbc(std::string_view key, std::string_view iv, std::string_view ciphertext,
                                                       AesPadding padding);
[[nodiscard]] std::string encryptAesCbc(std::string_view key, std::string_view iv, std::string_view plaintext,
                                        AesPadding padding);

}  // namespace openapi::crypto
