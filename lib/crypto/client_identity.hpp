#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace openapi {

/// A client certificate, its key and chain. Immutable; shared between requests.
class ClientIdentity {
 public:
  /// From a PKCS#12 container, the legacy RC2-40/3DES ones that WeChat issues included (OpenSSL's legacy provider is
  /// loaded into a library context of its own). Throws `Error` with `Errc::config` that says whether the password,
  /// the container or its content is wrong.
  [[nodiscard]] static std::shared_ptr<const ClientIdentity> fromP12(std::string_view bytes, std::string_view password);
  /// From a PEM certificate (chain) and its PEM key. Checks that they belong together.
  [[nodiscard]] static std::shared_ptr<const ClientIdentity> fromPem(std::string_view certificate, std::string_view key);

  [[nodiscard]] x509_st* certificate() const { return certificate_.get(); }
  [[nodiscard]] evp_pkey_st* key() const { return key_.get(); }
  [[nodiscard]] const std::vector<std::shared_ptr<x509_st>>& chain() const { return chain_; }
  /// SHA-256 of the certificate, lower-case hex: the part of a connection pool's key.
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

 private:
  std::shared_ptr<x509_st> certificate_;
  std::shared_ptr<evp_pkey_st> key_;
  std::vector<std::shared_ptr<x509_st>> chain_;
  std::string fingerprint_;
};

}  // namespace openapi
