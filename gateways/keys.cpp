#include <gateways/keys.hpp>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace openapi::gateway {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freer<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using P12Ptr = std::unique_ptr<PKCS12, Freer<PKCS12_free>>;
using ContextPtr = std::unique_ptr<OSSL_LIB_CTX, Freer<OSSL_LIB_CTX_free>>;
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, Freer<OSSL_PROVIDER_unload>>;

void must(bool ok, const char* what) {
  if (ok) return;
  ERR_clear_error();
  throw std::runtime_error{std::string{"cannot make "} + what};
}

KeyPtr ecKey() {
  KeyPtr key{EVP_EC_gen("P-256")};
  must(key != nullptr, "an EC key");
  return key;
}

KeyPtr rsaKey() {
  KeyPtr key{EVP_RSA_gen(2048)};
  must(key != nullptr, "an RSA key");
  return key;
}

std::string contentOf(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

template <class Write>
std::string written(Write&& write, const char* what) {
  const BioPtr bio{BIO_new(BIO_s_mem())};
  must(bio != nullptr && write(bio.get()) == 1, what);
  return contentOf(bio.get());
}

std::string pem(X509* certificate) {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); }, "a certificate");
}
std::string privatePem(EVP_PKEY* key) {
  return written([&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); },
                 "a key");
}
std::string publicPem(EVP_PKEY* key) {
  return written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key); }, "a public key");
}

void addExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>> extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
  must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "a certificate extension");
}

void setName(X509_NAME* name, const char* field, const std::string& value) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0) == 1, "a name");
}

/// A certificate without extensions and signature.
CertificatePtr blank(const std::string& commonName, EVP_PKEY* key, X509* issuer) {
  CertificatePtr certificate{X509_new()};
  must(certificate != nullptr, "a certificate");
  std::array<unsigned char, 8> serial{};
  must(RAND_bytes(serial.data(), static_cast<int>(serial.size())) == 1, "a serial number");
  std::uint64_t number = 1;
  for (const auto byte : serial) number = (number << 7U) ^ byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), number >> 1U);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 5L * 365 * 86400);
  auto* subject = X509_get_subject_name(certificate.get());
  setName(subject, "O", "openapi local gateways");
  setName(subject, "CN", commonName);
  X509_set_issuer_name(certificate.get(), issuer == nullptr ? subject : X509_get_subject_name(issuer));
  must(X509_set_pubkey(certificate.get(), key) == 1, "a certificate");
  return certificate;
}

CertificatePtr authority(const std::string& commonName, EVP_PKEY* key) {
  auto certificate = blank(commonName, key, nullptr);
  addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  addExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  must(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "a certificate");
  return certificate;
}

CertificatePtr leaf(const std::string& commonName, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuerKey, bool server) {
  auto certificate = blank(commonName, key, issuer);
  addExtension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  addExtension(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature");
  addExtension(certificate.get(), issuer, NID_ext_key_usage, server ? "serverAuth" : "clientAuth");
  if (server) addExtension(certificate.get(), issuer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  addExtension(certificate.get(), issuer, NID_authority_key_identifier, "keyid");
  must(X509_sign(certificate.get(), issuerKey, EVP_sha256()) > 0, "a certificate");
  return certificate;
}

std::string p12Bytes(PKCS12* container) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PKCS12(container, &bytes);
  must(size > 0, "a p12 container");
  std::string text{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  OPENSSL_free(bytes);
  return text;
}

P12Ptr legacyP12(const std::string& password, EVP_PKEY* key, X509* certificate, OSSL_LIB_CTX* context) {
  return P12Ptr{PKCS12_create_ex(password.c_str(), "Tenpay Certificate", key, certificate, nullptr,
                                 NID_pbe_WithSHA1And3_Key_TripleDES_CBC, NID_pbe_WithSHA1And40BitRC2_CBC, 2048, 2048, 0, context,
                                 nullptr)};
}

/// With the old algorithms where OpenSSL still has them, else with today's.
std::string makeP12(const std::string& password, EVP_PKEY* key, X509* certificate) {
  const ContextPtr context{OSSL_LIB_CTX_new()};
  must(context != nullptr, "a library context");
  const ProviderPtr standard{OSSL_PROVIDER_load(context.get(), "default")};
  const ProviderPtr legacy{OSSL_PROVIDER_load(context.get(), "legacy")};
  if (standard != nullptr && legacy != nullptr) {
    if (const auto container = legacyP12(password, key, certificate, context.get())) return p12Bytes(container.get());
  }
  ERR_clear_error();
  const P12Ptr modern{PKCS12_create(password.c_str(), "Tenpay Certificate", key, certificate, nullptr, 0, 0, 0, 0, 0)};
  must(modern != nullptr, "a p12 container");
  return p12Bytes(modern.get());
}

}  // namespace

TlsKeys makeTlsKeys(const std::string& mchId) {
  const auto caKey = ecKey();
  const auto serverKey = ecKey();
  const auto clientCaKey = ecKey();
  const auto merchantKey = rsaKey();
  const auto ca = authority("openapi local gateways CA", caKey.get());
  const auto server = leaf("localhost", serverKey.get(), ca.get(), caKey.get(), true);
  const auto clientCa = authority("openapi local merchants CA", clientCaKey.get());
  const auto merchant = leaf(mchId, merchantKey.get(), clientCa.get(), clientCaKey.get(), false);
  return {.ca = pem(ca.get()),
          .serverCertificate = pem(server.get()),
          .serverKey = privatePem(serverKey.get()),
          .clientCa = pem(clientCa.get()),
          .merchantCertificate = pem(merchant.get()),
          .merchantKey = privatePem(merchantKey.get()),
          .merchantP12 = makeP12(mchId, merchantKey.get(), merchant.get())};
}

RsaPair makeRsaPair() {
  const auto key = rsaKey();
  return {privatePem(key.get()), publicPem(key.get())};
}

}  // namespace openapi::gateway
