#include "crypto/aes.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <limits>
#include <memory>
#include <openapi/error.hpp>

#include "crypto/openssl_handles.hpp"

namespace openapi::crypto {
namespace {

constexpr std::size_t blockSize = 16;
constexpr std::size_t maxSize = std::numeric_limits<int>::max() - 2 * blockSize;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

/// A cipher, fetched from OpenSSL's providers.
class FetchedCipher {
 public:
  explicit FetchedCipher(const char* name) : cipher_{EVP_CIPHER_fetch(nullptr, name, nullptr), &EVP_CIPHER_free} {
    if (cipher_) return;
    ERR_clear_error();
    throw Error{Errc::config, std::string{"OpenSSL offers no "} + name + ": check its configuration"};
  }
  [[nodiscard]] const EVP_CIPHER* get() const { return cipher_.get(); }

 private:
  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher_;
};

// Fetched once for the process.
const EVP_CIPHER* aes256Ecb() {
  static const FetchedCipher cipher{"AES-256-ECB"};
  return cipher.get();
}
const EVP_CIPHER* aes128Cbc() {
  static const FetchedCipher cipher{"AES-128-CBC"};
  return cipher.get();
}
const EVP_CIPHER* aes256Cbc() {
  static const FetchedCipher cipher{"AES-256-CBC"};
  return cipher.get();
}

enum class Direction { decrypt = 0, encrypt = 1 };

struct Parameters {
  const EVP_CIPHER* cipher;
  std::string_view key;
  std::string_view iv;  ///< empty for ECB
  AesPadding padding = AesPadding::pkcs7;
};

/// Encrypts or decrypts; no value when OpenSSL refuses.
std::optional<std::string> run(const Parameters& with, std::string_view input, Direction direction) {
  if (input.size() > maxSize) throw Error{Errc::invalidArgument, "too many bytes for one AES message"};
  const Context context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  std::string out(input.size() + blockSize, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  const unsigned char* iv = with.iv.empty() ? nullptr : bytesOf(with.iv);
  int size = 0;
  int tail = 0;
  const bool done =
      context &&
      EVP_CipherInit_ex2(context.get(), with.cipher, bytesOf(with.key), iv, static_cast<int>(direction), nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), with.padding == AesPadding::pkcs7 ? 1 : 0) == 1 &&
      EVP_CipherUpdate(context.get(), to, &size, bytesOf(input), static_cast<int>(input.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), to + size, &tail) == 1;
  if (!done) {
    ERR_clear_error();
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(tail));
  return out;
}

std::string encrypted(const Parameters& with, std::string_view plaintext) {
  auto ciphertext = run(with, plaintext, Direction::encrypt);
  if (!ciphertext) throw Error{Errc::config, "OpenSSL could not encrypt: is there enough memory?"};
  return std::move(*ciphertext);
}

Parameters ecb(std::string_view key) {
  if (key.size() != 32) throw Error{Errc::config, "an AES-256 key has 32 bytes, not " + std::to_string(key.size())};
  return {aes256Ecb(), key, {}};
}

Parameters cbc(std::string_view key, std::string_view iv, AesPadding padding) {
  if (key.size() != 16 && key.size() != 32) {
    throw Error{Errc::config, "an AES key has 16 or 32 bytes, not " + std::to_string(key.size())};
  }
  if (iv.size() != blockSize) throw Error{Errc::config, "an AES-CBC iv has 16 bytes, not " + std::to_string(iv.size())};
  return {key.size() == 16 ? aes128Cbc() : aes256Cbc(), key, iv, padding};
}

}  // namespace

std::optional<std::string> decryptAes256Ecb(std::string_view key, std::string_view ciphertext) {
  return run(ecb(key), ciphertext, Direction::decrypt);
}

std::string encryptAes256Ecb(std::string_view key, std::string_view plaintext) { return encrypted(ecb(key), plaintext); }

std::optional<std::string> decryptAesCbc(std::string_view key, std::string_view iv, std::string_view ciphertext,
                                         AesPadding padding) {
  return run(cbc(key, iv, padding), ciphertext, Direction::decrypt);
}

std::string encryptAesCbc(std::string_view key, std::string_view iv, std::string_view plaintext, AesPadding padding) {
  if (padding == AesPadding::none && plaintext.size() % blockSize != 0) {
    throw Error{Errc::invalidArgument, "AES without padding takes whole blocks of 16 bytes"};
  }
  return encrypted(cbc(key, iv, padding), plaintext);
}

}  // namespace openapi::crypto
