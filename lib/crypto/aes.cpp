#include "crypto/aes.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <limits>
#include <memory>
#include <openapi/error.hpp>

namespace openapi::crypto {
namespace {

constexpr std::size_t keySize = 32;
constexpr std::size_t blockSize = 16;
constexpr std::size_t maxSize = std::numeric_limits<int>::max() - 2 * blockSize;

using Cipher = std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)>;
using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const EVP_CIPHER* aes256Ecb() {
  static const Cipher cipher{EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr), &EVP_CIPHER_free};
  if (!cipher) throw Error{Errc::config, "OpenSSL offers no AES-256-ECB: check its configuration"};
  return cipher.get();
}

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Encrypts or decrypts; no value when OpenSSL refuses.
std::optional<std::string> run(std::string_view key, std::string_view input, bool encrypt) {
  if (key.size() != keySize) throw Error{Errc::config, "an AES-256 key has 32 bytes, not " + std::to_string(key.size())};
  if (input.size() > maxSize) throw Error{Errc::invalidArgument, "too many bytes for one AES message"};
  const Context context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  std::string out(input.size() + blockSize, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int size = 0;
  int tail = 0;
  const bool done = context &&
                    EVP_CipherInit_ex2(context.get(), aes256Ecb(), bytesOf(key), nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
                    EVP_CipherUpdate(context.get(), to, &size, bytesOf(input), static_cast<int>(input.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), to + size, &tail) == 1;
  if (!done) {
    ERR_clear_error();
    return std::nullopt;
  }
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(tail));
  return out;
}

}  // namespace

std::optional<std::string> decryptAes256Ecb(std::string_view key, std::string_view ciphertext) {
  return run(key, ciphertext, false);
}

std::string encryptAes256Ecb(std::string_view key, std::string_view plaintext) {
  auto ciphertext = run(key, plaintext, true);
  if (!ciphertext) throw Error{Errc::config, "OpenSSL could not encrypt: is there enough memory?"};
  return std::move(*ciphertext);
}

}  // namespace openapi::crypto
