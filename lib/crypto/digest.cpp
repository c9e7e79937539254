#include "crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <openapi/error.hpp>
#include <string>

#include "codec/text.hpp"
#include "crypto/fetched.hpp"

namespace openapi::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

[[noreturn]] void failDigest() {
  ERR_clear_error();
  throw Error{Errc::config, "OpenSSL could not compute a digest: is there enough memory?"};
}

/// A context of this thread, so that a digest allocates nothing.
EVP_MD_CTX* threadContext() {
  thread_local const Context context{EVP_MD_CTX_new()};
  if (!context) failDigest();
  return context.get();
}

template <std::size_t size>
std::array<unsigned char, size> digest(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, size> out;
  EVP_MD_CTX* context = threadContext();
  if (EVP_DigestInit_ex2(context, algorithm, nullptr) != 1 || EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context, out.data(), nullptr) != 1) {
    failDigest();
  }
  return out;
}

}  // namespace

const EVP_MD* fetchedMd5() {
  static const FetchedDigest algorithm{"MD5"};
  return algorithm.get();
}

const EVP_MD* fetchedSha1() {
  static const FetchedDigest algorithm{"SHA1"};
  return algorithm.get();
}

const EVP_MD* fetchedSha256() {
  static const FetchedDigest algorithm{"SHA256"};
  return algorithm.get();
}

std::array<unsigned char, 16> md5(std::string_view bytes) { return digest<16>(fetchedMd5(), bytes); }
std::array<unsigned char, 20> sha1(std::string_view bytes) { return digest<20>(fetchedSha1(), bytes); }
std::array<unsigned char, 32> sha256(std::string_view bytes) { return digest<32>(fetchedSha256(), bytes); }

// RFC 2104. OpenSSL's own EVP_MAC fetches and allocates for each message, which costs more than a short message itself.
std::array<unsigned char, 32> hmacSha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t blockSize = 64;
  std::array<unsigned char, blockSize> inner{};
  std::array<unsigned char, blockSize> outer{};
  const auto hashedKey = key.size() > blockSize ? sha256(key) : std::array<unsigned char, 32>{};
  const auto* keyBytes = key.size() > blockSize ? hashedKey.data() : reinterpret_cast<const unsigned char*>(key.data());
  const std::size_t keySize = key.size() > blockSize ? hashedKey.size() : key.size();
  for (std::size_t i = 0; i < blockSize; ++i) {
    const unsigned char byte = i < keySize ? keyBytes[i] : 0;
    inner[i] = byte ^ 0x36U;
    outer[i] = byte ^ 0x5CU;
  }
  std::array<unsigned char, 32> out;
  EVP_MD_CTX* context = threadContext();
  const EVP_MD* algorithm = fetchedSha256();
  const bool done =
      EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 && EVP_DigestUpdate(context, inner.data(), inner.size()) == 1 &&
      EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 && EVP_DigestFinal_ex(context, out.data(), nullptr) == 1 &&
      EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 && EVP_DigestUpdate(context, outer.data(), outer.size()) == 1 &&
      EVP_DigestUpdate(context, out.data(), out.size()) == 1 && EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  if (!done) failDigest();
  return out;
}

Sha1::Sha1() : context_{EVP_MD_CTX_new()} {
  if (!context_ || EVP_DigestInit_ex2(context_.get(), fetchedSha1(), nullptr) != 1) failDigest();
}

void Sha1::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) failDigest();
}

std::string Sha1::hex() {
  std::array<unsigned char, 20> out;
  if (EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) != 1) failDigest();
  return codec::toLowerHex(out);
}

void Sha1::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

bool equalInConstantTime(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace openapi::crypto
