#include "certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace testing {

namespace {

void require(bool good) {
  if (!good) throw std::runtime_error("a test certificate could not be made");
}

void addExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr);
  require(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

std::string drained(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

}  // namespace

std::string Certified::certificatePem() const {
  auto* bio = BIO_new(BIO_s_mem());
  require(PEM_write_bio_X509(bio, certificate.get()) == 1);
  return drained(bio);
}

std::string Certified::keyPem() const {
  auto* bio = BIO_new(BIO_s_mem());
  require(PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return drained(bio);
}

Certified makeCertificate(const Wanted& wanted, const Certified* issuer) {
  static long serial = 1;
  Certified made;
  made.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
  made.certificate.reset(X509_new(), X509_free);
  auto* certificate = made.certificate.get();
  require(made.key && certificate != nullptr);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wanted.validFrom);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wanted.validTo);
  X509_set_pubkey(certificate, made.key.get());
  auto* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(wanted.name.c_str());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1);
  auto* parent = issuer ? issuer->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(parent));
  addExtension(certificate, parent, NID_basic_constraints, wanted.authority ? "critical,CA:TRUE" : "CA:FALSE");
  addExtension(certificate, parent, NID_subject_key_identifier, "hash");
  if (!wanted.alternatives.empty()) addExtension(certificate, parent, NID_subject_alt_name, wanted.alternatives);
  require(X509_sign(certificate, (issuer ? issuer->key : made.key).get(), EVP_sha256()) > 0);
  return made;
}

const Identities& identities() {
  static const Identities all;
  return all;
}

TemporaryFile::TemporaryFile(const std::string& content) : path_{"/tmp/openapi-test-XXXXXX"} {
  const int file = ::mkstemp(path_.data());
  require(file >= 0);
  require(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  ::close(file);
}

TemporaryFile::~TemporaryFile() { ::unlink(path_.c_str()); }

const std::string& authorityFile() {
  static const TemporaryFile file{identities().authority.certificatePem()};
  return file.path();
}

}  // namespace testing
