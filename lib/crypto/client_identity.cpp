#include "crypto/client_identity.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <openapi/error.hpp>
#include <utility>

#include "codec/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"

namespace openapi {
namespace {

using crypto::bytesOf;
using crypto::CertificateHandle;
using crypto::Handle;
using crypto::KeyHandle;

constexpr std::size_t maxContainer = 1024 * 1024;
constexpr long maxMacIterations = 1'000'000;

using Certificates = Handle<STACK_OF(X509), [](STACK_OF(X509) * list) { sk_X509_pop_free(list, X509_free); }>;

[[noreturn]] void failIdentity(const std::string& what) {
  ERR_clear_error();
  throw Error{Errc::config, "client certificate: " + what};
}

/// A library context with the legacy algorithms beside the default ones.
class LegacyLibrary {
 public:
  LegacyLibrary() : context_{OSSL_LIB_CTX_new()} {
    if (!context_) throw std::bad_alloc{};
    default_.reset(OSSL_PROVIDER_load(context_.get(), "default"));
    legacy_.reset(OSSL_PROVIDER_load(context_.get(), "legacy"));
    if (!default_) failIdentity("OpenSSL's default provider cannot be loaded: check its configuration");
  }
  [[nodiscard]] OSSL_LIB_CTX* get() const { return context_.get(); }
  [[nodiscard]] bool hasLegacy() const { return legacy_ != nullptr; }

 private:
  Handle<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context_;
  Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload> default_;
  Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload> legacy_;
};

using Container = Handle<PKCS12, PKCS12_free>;

Container readContainer(const LegacyLibrary& library, std::string_view bytes) {
  if (bytes.empty()) failIdentity("the PKCS#12 container is empty");
  if (bytes.size() > maxContainer) failIdentity("the PKCS#12 container is larger than 1 MiB");
  PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, library.get(), nullptr);
  if (!raw) throw std::bad_alloc{};
  const unsigned char* at = bytesOf(bytes);
  // On failure d2i frees what it was given.
  if (!d2i_PKCS12(&raw, &at, static_cast<long>(bytes.size()))) {
    failIdentity("this is no PKCS#12 container, or a damaged one: give the bytes of apiclient_cert.p12 as they are");
  }
  Container container{raw};
  if (at != bytesOf(bytes) + bytes.size()) failIdentity("the PKCS#12 container is damaged: there is data after its end");
  return container;
}

bool passwordFits(PKCS12* container, const std::string& password) {
  if (PKCS12_verify_mac(container, password.c_str(), -1) == 1) return true;
  return password.empty() && PKCS12_verify_mac(container, nullptr, 0) == 1;
}

void checkPassword(const LegacyLibrary& library, PKCS12* container, const std::string& password) {
  if (PKCS12_mac_present(container) != 1) failIdentity("the PKCS#12 container is damaged: it has no integrity check");
  const ASN1_INTEGER* iterations = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, container);
  if (iterations && (ASN1_INTEGER_get(iterations) < 1 || ASN1_INTEGER_get(iterations) > maxMacIterations)) {
    failIdentity("the PKCS#12 container is damaged: its iteration count is out of range");
  }
  if (passwordFits(container, password)) return;
  const std::string hint = library.hasLegacy() ? "" : ", and OpenSSL's legacy provider is not installed";
  failIdentity(
      "the password does not open the PKCS#12 container (WeChat's is the merchant number), or the container was altered" + hint);
}

struct Parts {
  KeyHandle key;
  CertificateHandle certificate;
  Certificates others;
};

Parts unpack(const LegacyLibrary& library, PKCS12* container, const std::string& password) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int opened = PKCS12_parse(container, password.c_str(), &key, &certificate, &others);
  Parts parts{KeyHandle{key}, CertificateHandle{certificate}, Certificates{others}};
  if (opened != 1) {
    failIdentity(library.hasLegacy() ? "the content of the PKCS#12 container cannot be decrypted: it is damaged"
                                     : "the PKCS#12 container needs OpenSSL's legacy provider, which is not installed");
  }
  if (!parts.key) failIdentity("the PKCS#12 container holds no private key");
  if (!parts.certificate) failIdentity("the PKCS#12 container holds no certificate that belongs to its private key");
  return parts;
}

/// A copy that belongs to the default library context.
std::shared_ptr<EVP_PKEY> copyToDefault(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(key, &der);
  if (size <= 0) failIdentity("its private key cannot be read: it is damaged");
  const unsigned char* at = der;
  KeyHandle copy{d2i_AutoPrivateKey(nullptr, &at, size)};
  OPENSSL_clear_free(der, static_cast<std::size_t>(size));
  if (!copy) failIdentity("its private key is of a kind that OpenSSL cannot use");
  return std::shared_ptr<EVP_PKEY>{std::move(copy)};
}

std::string derOf(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0) failIdentity("a certificate cannot be read: it is damaged");
  const Handle<unsigned char, [](unsigned char* bytes) { OPENSSL_free(bytes); }> owner{der};
  return {reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
}

std::shared_ptr<X509> copyToDefault(X509* certificate) {
  const std::string der = derOf(certificate);
  const unsigned char* at = bytesOf(der);
  CertificateHandle copy{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!copy) failIdentity("a certificate cannot be read: it is damaged");
  return std::shared_ptr<X509>{std::move(copy)};
}

std::string fingerprintOf(X509* certificate) { return codec::toLowerHex(crypto::sha256(derOf(certificate))); }

int noPassword(char*, int, int, void*) { return -1; }

using crypto::BioHandle;

BioHandle readerOf(std::string_view text) {
  if (text.size() > maxContainer) failIdentity("the PEM text is larger than 1 MiB");
  BioHandle reader{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  if (!reader) throw std::bad_alloc{};
  return reader;
}

std::vector<std::shared_ptr<X509>> readCertificates(std::string_view text) {
  const BioHandle reader = readerOf(text);
  std::vector<std::shared_ptr<X509>> certificates;
  while (CertificateHandle certificate{PEM_read_bio_X509(reader.get(), nullptr, noPassword, nullptr)}) {
    certificates.emplace_back(std::move(certificate));
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!ended) failIdentity("a certificate in the PEM text is damaged");
  if (certificates.empty()) failIdentity("the PEM text holds no certificate: give apiclient_cert.pem");
  ERR_clear_error();
  return certificates;
}

std::shared_ptr<EVP_PKEY> readKey(std::string_view text) {
  const BioHandle reader = readerOf(text);
  KeyHandle key{PEM_read_bio_PrivateKey(reader.get(), nullptr, noPassword, nullptr)};
  if (!key && text.find("ENCRYPTED") != std::string_view::npos) {
    failIdentity("its private key is encrypted: decrypt it first (openssl pkey -in key.pem -out plain.pem)");
  }
  if (!key) failIdentity("its private key cannot be read: give apiclient_key.pem");
  return std::shared_ptr<EVP_PKEY>{std::move(key)};
}

}  // namespace

std::shared_ptr<const ClientIdentity> ClientIdentity::fromP12(std::string_view bytes, std::string_view password) {
  const std::string secret{password};
  const LegacyLibrary library;
  const Container container = readContainer(library, bytes);
  checkPassword(library, container.get(), secret);
  const Parts parts = unpack(library, container.get(), secret);
  auto identity = std::make_shared<ClientIdentity>();
  identity->key_ = copyToDefault(parts.key.get());
  identity->certificate_ = copyToDefault(parts.certificate.get());
  for (int i = 0; i < sk_X509_num(parts.others.get()); ++i) {
    identity->chain_.push_back(copyToDefault(sk_X509_value(parts.others.get(), i)));
  }
  identity->fingerprint_ = fingerprintOf(identity->certificate_.get());
  ERR_clear_error();
  return identity;
}

std::shared_ptr<const ClientIdentity> ClientIdentity::fromPem(std::string_view certificate, std::string_view key) {
  auto identity = std::make_shared<ClientIdentity>();
  identity->key_ = readKey(key);
  for (auto& candidate : readCertificates(certificate)) {
    const bool belongs = !identity->certificate_ && X509_check_private_key(candidate.get(), identity->key_.get()) == 1;
    if (belongs) {
      identity->certificate_ = std::move(candidate);
    } else {
      identity->chain_.push_back(std::move(candidate));
    }
  }
  ERR_clear_error();
  if (!identity->certificate_) failIdentity("the certificate and the private key do not belong together");
  identity->fingerprint_ = fingerprintOf(identity->certificate_.get());
  return identity;
}

}  // namespace openapi
