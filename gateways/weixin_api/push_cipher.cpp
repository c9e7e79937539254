#include <gateways/weixin_api/push_cipher.hpp>

#include <gateways/weixin_api/context.hpp>

#include <codec/text.hpp>
#include <crypto/digest.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace openapi::gateway::weixin_api {
namespace {

constexpr std::size_t block = 32;
constexpr std::size_t randomSize = 16;
constexpr std::size_t lengthSize = 4;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// 43 characters are 32 bytes and two bits; published keys have bits there that count for nothing.
std::string keyOf(std::string_view encodingAesKey) {
  const auto text = std::string{encodingAesKey} + "=";
  std::string key(33, '\0');
  const bool good = text.size() == 44 && EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()), bytesOf(text), 44) == 33;
  if (!good) throw std::runtime_error{"the encodingAesKey of the local platform is damaged"};
  key.resize(32);
  return key;
}

/// Without padding: the platform pads to 32 bytes itself.
std::optional<std::string> run(const std::string& key, std::string_view input, bool encrypt) {
  const CipherContext context{EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
  std::string output(input.size() + 16, '\0');
  auto* out = reinterpret_cast<unsigned char*>(output.data());
  int length = 0;
  int rest = 0;
  const bool good =
      context && EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytesOf(key), bytesOf(key), encrypt ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), out, &length, bytesOf(input), static_cast<int>(input.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), out + length, &rest) == 1;
  if (!good) {
    ERR_clear_error();
    return std::nullopt;
  }
  output.resize(static_cast<std::size_t>(length) + static_cast<std::size_t>(rest));
  return output;
}

std::string bigEndian(std::size_t length) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>((length >> static_cast<unsigned>(shift)) & 0xFFU);
  return text;
}

}  // namespace

std::string pushSignature(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::string all;
  for (const auto& text : texts) all += text;
  return codec::toLowerHex(crypto::sha1(all));
}

std::string encryptPush(std::string_view encodingAesKey, std::string_view message, std::string_view appId) {
  auto plain = randomBytes(randomSize) + bigEndian(message.size());
  plain += message;
  plain += appId;
  const auto padding = block - plain.size() % block;
  plain.append(padding, static_cast<char>(padding));
  const auto cipher = run(keyOf(encodingAesKey), plain, true);
  if (!cipher) throw std::runtime_error{"a push message cannot be encrypted"};
  return codec::toBase64(*cipher);
}

std::optional<DecryptedPush> decryptPush(std::string_view encodingAesKey, std::string_view text) {
  const auto cipher = codec::fromBase64(text);
  if (!cipher || cipher->empty() || cipher->size() % block != 0) return std::nullopt;
  auto plain = run(keyOf(encodingAesKey), *cipher, false);
  if (!plain) return std::nullopt;
  const auto padding = static_cast<unsigned char>(plain->back());
  const bool padded = padding >= 1 && padding <= block && std::all_of(plain->end() - padding, plain->end(), [&](char c) {
                        return static_cast<unsigned char>(c) == padding;
                      });
  if (!padded) return std::nullopt;
  plain->resize(plain->size() - padding);
  if (plain->size() < randomSize + lengthSize) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < lengthSize; ++i) length = length << 8U | static_cast<unsigned char>((*plain)[randomSize + i]);
  const auto rest = plain->substr(randomSize + lengthSize);
  if (length > rest.size()) return std::nullopt;
  return DecryptedPush{rest.substr(0, length), rest.substr(length)};
}

}  // namespace openapi::gateway::weixin_api
