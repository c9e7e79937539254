#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>

namespace testing {

/// A certificate and its key, made at the start of the tests.
struct Certified {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;

  [[nodiscard]] std::string certificatePem() const;
  [[nodiscard]] std::string keyPem() const;
};

struct Wanted {
  std::string name = "localhost";
  std::string alternatives = "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:shop.test";
  long validFrom = -3600;  ///< seconds from now
  long validTo = 86400;
  bool authority = false;
};

/// Signed by `issuer`, or by itself.
[[nodiscard]] Certified makeCertificate(const Wanted& wanted, const Certified* issuer = nullptr);

/// What most tests use: one authority, one good server, one client.
struct Identities {
  Certified authority = makeCertificate({.name = "Test root", .alternatives = "", .authority = true});
  Certified server = makeCertificate({}, &authority);
  Certified client = makeCertificate({.name = "merchant", .alternatives = ""}, &authority);
};
[[nodiscard]] const Identities& identities();

/// A file that is gone when this is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The file of the test authority's certificate.
[[nodiscard]] const std::string& authorityFile();

}  // namespace testing
