#pragma once

#include <string>

namespace openapi::gateway {

/// What the local WeChat Pay needs for TLS, and what it hands to its merchant. PEM, except the container.
struct TlsKeys {
  std::string ca{};                 ///< roots of the servers' certificate
  std::string serverCertificate{};  ///< localhost, 127.0.0.1, ::1
  std::string serverKey{};
  std::string clientCa{};             ///< roots of the merchants' certificates
  std::string merchantCertificate{};  ///< CN is the merchant number
  std::string merchantKey{};
  std::string merchantP12{};  ///< bytes; the password is the merchant number, RC2-40 and 3DES like WeChat's own
};

[[nodiscard]] TlsKeys makeTlsKeys(const std::string& mchId);

struct RsaPair {
  std::string privateKey{};  ///< PKCS#8
  std::string publicKey{};
};

/// A fresh RSA key of 2048 bits.
[[nodiscard]] RsaPair makeRsaPair();

}  // namespace openapi::gateway
