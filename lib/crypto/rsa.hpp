#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;
struct evp_pkey_ctx_st;

namespace openapi::crypto {

/// The digest of an RSA signature (PKCS#1 v1.5).
enum class RsaDigest { sha256, sha1 };

/// An RSA private key. Immutable, cheap to copy, usable from any thread.
class PrivateKey {
 public:
  /// Accepts PKCS#8 and PKCS#1, as PEM or as bare base64 (line breaks, CRLF and blanks around are fine).
  /// Throws `Error` with `Errc::config`, naming `field`, when it cannot be read, is encrypted, is not RSA or is shorter than 1024
  /// bits.
  [[nodiscard]] static PrivateKey load(std::string_view text, std::string_view field);
  /// Signs; the result is base64 without line breaks.
  [[nodiscard]] std::string sign(std::string_view bytes, RsaDigest digest) const;
  [[nodiscard]] evp_pkey_st* native() const { return key_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
  // Ready to use; each operation copies one, which is cheaper than to set one up.
  std::shared_ptr<evp_pkey_ctx_st> sha256_;
  std::shared_ptr<evp_pkey_ctx_st> sha1_;
};

/// An RSA public key. Immutable, cheap to copy, usable from any thread.
class PublicKey {
 public:
  /// Accepts SubjectPublicKeyInfo and PKCS#1, as PEM or as bare base64, and PEM certificates.
  [[nodiscard]] static PublicKey load(std::string_view text, std::string_view field);
  /// Whether `signature` (base64) is the signature of `bytes`. Anything malformed is simply not one.
  [[nodiscard]] bool verify(std::string_view bytes, std::string_view signature, RsaDigest digest) const;
  /// The digest that `signature` (base64) signs, for comparison with the digests of several candidates. Nothing when it is no
  /// well-formed PKCS#1 v1.5 signature of this key over a digest of that kind.
  [[nodiscard]] std::optional<std::string> recoverDigest(std::string_view signature, RsaDigest digest) const;
  [[nodiscard]] evp_pkey_st* native() const { return key_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
  // Ready to use; each operation copies one, which is cheaper than to set one up.
  std::shared_ptr<evp_pkey_ctx_st> sha256_;
  std::shared_ptr<evp_pkey_ctx_st> sha1_;
  std::shared_ptr<evp_pkey_ctx_st> recoverSha256_;
  std::shared_ptr<evp_pkey_ctx_st> recoverSha1_;
};

}  // namespace openapi::crypto
