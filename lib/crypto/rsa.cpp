#include "crypto/rsa.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <openapi/error.hpp>
#include <optional>

#include "codec/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/fetched.hpp"
#include "crypto/key_text.hpp"
#include "crypto/openssl_handles.hpp"

namespace openapi::crypto {
namespace {

constexpr int leastBits = 1024;
constexpr std::size_t maxKeyText = 64 * 1024;

/// What a block of key text holds.
enum class Kind { unreadable, encrypted, damaged, privateKey, publicKey, certificate };

struct Found {
  Kind kind = Kind::unreadable;
  KeyHandle key;
};

[[noreturn]] void failKey(std::string_view field, std::string_view what) {
  ERR_clear_error();
  throw Error{Errc::config, std::string{field} + ": " + std::string{what}};
}

/// `handle` unless bytes were left over.
template <class H>
H whole(H handle, const unsigned char* end, std::string_view der) {
  return end == bytesOf(der) + der.size() ? std::move(handle) : H{};
}

KeyHandle readPkcs8(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info{
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size()))};
  info = whole(std::move(info), at, der);
  return KeyHandle{info ? EVP_PKCS82PKEY(info.get()) : nullptr};
}

KeyHandle readTraditional(int type, std::string_view der) {
  const unsigned char* at = bytesOf(der);
  KeyHandle key{d2i_PrivateKey(type, nullptr, &at, static_cast<long>(der.size()))};
  return whole(std::move(key), at, der);
}

KeyHandle readPublicKeyInfo(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  KeyHandle key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
  return whole(std::move(key), at, der);
}

KeyHandle readPkcs1Public(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  KeyHandle key{d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size()))};
  return whole(std::move(key), at, der);
}

KeyHandle readCertificateKey(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  CertificateHandle certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  certificate = whole(std::move(certificate), at, der);
  return KeyHandle{certificate ? X509_get_pubkey(certificate.get()) : nullptr};
}

bool isEncryptedPkcs8(std::string_view der) {
  const unsigned char* at = bytesOf(der);
  const Handle<X509_SIG, X509_SIG_free> info{d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size()))};
  if (!info) return false;
  const X509_ALGOR* algorithm = nullptr;
  X509_SIG_get0(info.get(), &algorithm, nullptr);
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  // A digest info has the same shape; only encryption counts.
  return EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(object), nullptr, nullptr, nullptr) == 1;
}

Found readBare(std::string_view der) {
  if (auto key = readPkcs8(der)) return {Kind::privateKey, std::move(key)};
  if (auto key = readTraditional(EVP_PKEY_RSA, der)) return {Kind::privateKey, std::move(key)};
  if (auto key = readPublicKeyInfo(der)) return {Kind::publicKey, std::move(key)};
  if (auto key = readPkcs1Public(der)) return {Kind::publicKey, std::move(key)};
  if (auto key = readCertificateKey(der)) return {Kind::certificate, std::move(key)};
  if (auto key = readTraditional(EVP_PKEY_EC, der)) return {Kind::privateKey, std::move(key)};
  if (isEncryptedPkcs8(der)) return {Kind::encrypted, nullptr};
  return {};
}

Found readBlock(const PemBlock& block) {
  if (block.encrypted) return {Kind::encrypted, nullptr};
  if (block.damaged) return {block.label.empty() ? Kind::unreadable : Kind::damaged, nullptr};
  if (block.label.empty()) return readBare(block.der);
  Found found{Kind::damaged, nullptr};
  if (block.label == "PRIVATE KEY") found = {Kind::privateKey, readPkcs8(block.der)};
  if (block.label == "RSA PRIVATE KEY") found = {Kind::privateKey, readTraditional(EVP_PKEY_RSA, block.der)};
  if (block.label == "EC PRIVATE KEY") found = {Kind::privateKey, readTraditional(EVP_PKEY_EC, block.der)};
  if (block.label == "PUBLIC KEY") found = {Kind::publicKey, readPublicKeyInfo(block.der)};
  if (block.label == "RSA PUBLIC KEY") found = {Kind::publicKey, readPkcs1Public(block.der)};
  if (block.label == "CERTIFICATE") found = {Kind::certificate, readCertificateKey(block.der)};
  // `openssl rsa` and Java tools are often mixed up over the two spellings: the bytes decide.
  if (!found.key && found.kind != Kind::certificate) {
    Found bare = readBare(block.der);
    if (bare.key) return bare;
  }
  if (!found.key) found.kind = Kind::damaged;
  return found;
}

/// The first block of a kind that `accepts`, or else the first block.
template <class Accepts>
Found readKey(std::string_view text, std::string_view field, Accepts accepts) {
  if (text.empty()) failKey(field, "is empty");
  if (text.size() > maxKeyText) failKey(field, "is longer than any key: give the key itself, PEM or base64");
  std::optional<Found> first;
  for (const PemBlock& block : readKeyText(text)) {
    Found found = readBlock(block);
    if (found.key && accepts(found.kind)) return found;
    if (!first) first = std::move(found);
  }
  return std::move(*first);
}

void checkRsa(const EVP_PKEY* key, std::string_view field) {
  if (EVP_PKEY_is_a(key, "RSA") != 1) failKey(field, "is a key of another kind: an RSA key is needed");
  if (EVP_PKEY_get_bits(key) < leastBits) failKey(field, "is an RSA key of less than 1024 bits: make one of 2048");
}

std::shared_ptr<EVP_PKEY> share(KeyHandle key) {
  ERR_clear_error();  // left by the spellings that were tried
  return std::shared_ptr<EVP_PKEY>{std::move(key)};
}

/// A context set up for PKCS#1 v1.5; null when OpenSSL's policy does not allow the digest.
std::shared_ptr<EVP_PKEY_CTX> prepare(EVP_PKEY* key, int (*start)(EVP_PKEY_CTX*), const EVP_MD* algorithm) {
  KeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
  const bool ready = context && start(context.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                     EVP_PKEY_CTX_set_signature_md(context.get(), algorithm) == 1;
  if (!ready) {
    ERR_clear_error();
    return nullptr;
  }
  return std::shared_ptr<EVP_PKEY_CTX>{std::move(context)};
}

KeyContext copyOf(const std::shared_ptr<EVP_PKEY_CTX>& context) {
  return KeyContext{context ? EVP_PKEY_CTX_dup(context.get()) : nullptr};
}

/// The digest of `bytes`, as a view into `out`.
std::string_view digestOf(std::string_view bytes, RsaDigest digest, std::array<unsigned char, 32>& out) {
  if (digest == RsaDigest::sha256) {
    out = sha256(bytes);
    return {reinterpret_cast<const char*>(out.data()), out.size()};
  }
  const auto shorter = sha1(bytes);
  std::copy(shorter.begin(), shorter.end(), out.begin());
  return {reinterpret_cast<const char*>(out.data()), shorter.size()};
}

/// The bytes of `signature`, which is base64; nothing when it cannot be one of `key`.
std::optional<std::string> rawSignature(std::string_view signature, const EVP_PKEY* key) {
  auto raw = codec::fromBase64(signature);
  if (raw && raw->size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) raw.reset();
  return raw;
}

}  // namespace

PrivateKey PrivateKey::load(std::string_view text, std::string_view field) {
  Found found = readKey(text, field, [](Kind kind) { return kind == Kind::privateKey; });
  switch (found.kind) {
    case Kind::privateKey:
      break;
    case Kind::publicKey:
      failKey(field, "is a public key: give the private key of the pair");
    case Kind::certificate:
      failKey(field, "is a certificate: give the private key that belongs to it");
    case Kind::encrypted:
      failKey(field, "is encrypted: decrypt it first (openssl pkey -in key.pem -out plain.pem)");
    case Kind::damaged:
      failKey(field, "is a damaged PEM block: copy it again, all lines of it");
    default:
      failKey(field, "cannot be read: give an RSA private key, PKCS#8 or PKCS#1, as PEM or base64");
  }
  checkRsa(found.key.get(), field);
  PrivateKey key;
  key.key_ = share(std::move(found.key));
  key.sha256_ = prepare(key.key_.get(), &EVP_PKEY_sign_init, fetchedSha256());
  key.sha1_ = prepare(key.key_.get(), &EVP_PKEY_sign_init, fetchedSha1());
  return key;
}

PublicKey PublicKey::load(std::string_view text, std::string_view field) {
  Found found = readKey(text, field, [](Kind kind) { return kind == Kind::publicKey || kind == Kind::certificate; });
  switch (found.kind) {
    case Kind::publicKey:
    case Kind::certificate:
      break;
    case Kind::privateKey:
      failKey(field, "is a private key: give the public key that the platform shows, and keep this one secret");
    case Kind::encrypted:
      failKey(field, "is an encrypted private key: give the public key that the platform shows");
    case Kind::damaged:
      failKey(field, "is a damaged PEM block: copy it again, all lines of it");
    default:
      failKey(field, "cannot be read: give an RSA public key or certificate, as PEM or base64");
  }
  checkRsa(found.key.get(), field);
  PublicKey key;
  key.key_ = share(std::move(found.key));
  key.sha256_ = prepare(key.key_.get(), &EVP_PKEY_verify_init, fetchedSha256());
  key.sha1_ = prepare(key.key_.get(), &EVP_PKEY_verify_init, fetchedSha1());
  key.recoverSha256_ = prepare(key.key_.get(), &EVP_PKEY_verify_recover_init, fetchedSha256());
  key.recoverSha1_ = prepare(key.key_.get(), &EVP_PKEY_verify_recover_init, fetchedSha1());
  return key;
}

std::string PrivateKey::sign(std::string_view bytes, RsaDigest digest) const {
  std::array<unsigned char, 32> buffer;
  const std::string_view hash = digestOf(bytes, digest, buffer);
  const KeyContext context = copyOf(digest == RsaDigest::sha256 ? sha256_ : sha1_);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  auto* const out = reinterpret_cast<unsigned char*>(signature.data());
  if (!context || EVP_PKEY_sign(context.get(), out, &size, bytesOf(hash), hash.size()) != 1) {
    ERR_clear_error();
    throw Error{Errc::config,
                "the private key does not sign: is it damaged, or the digest not allowed by this system's OpenSSL policy?"};
  }
  return codec::toBase64(std::string_view{signature}.substr(0, size));
}

bool PublicKey::verify(std::string_view bytes, std::string_view signature, RsaDigest digest) const {
  const auto raw = rawSignature(signature, key_.get());
  if (!raw) return false;
  std::array<unsigned char, 32> buffer;
  const std::string_view hash = digestOf(bytes, digest, buffer);
  const KeyContext context = copyOf(digest == RsaDigest::sha256 ? sha256_ : sha1_);
  const bool good = context && EVP_PKEY_verify(context.get(), bytesOf(*raw), raw->size(), bytesOf(hash), hash.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

std::optional<std::string> PublicKey::recoverDigest(std::string_view signature, RsaDigest digest) const {
  const auto raw = rawSignature(signature, key_.get());
  if (!raw) return {};
  const KeyContext context = copyOf(digest == RsaDigest::sha256 ? recoverSha256_ : recoverSha1_);
  std::string recovered(raw->size(), '\0');
  std::size_t size = recovered.size();
  auto* const out = reinterpret_cast<unsigned char*>(recovered.data());
  if (!context || EVP_PKEY_verify_recover(context.get(), out, &size, bytesOf(*raw), raw->size()) != 1) {
    ERR_clear_error();
    return {};
  }
  recovered.resize(size);
  return recovered;
}

}  // namespace openapi::crypto
