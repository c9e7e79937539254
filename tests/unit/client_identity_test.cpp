#include "crypto/client_identity.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "crypto/openssl_handles.hpp"
#include "support.hpp"

#include <random>

using namespace openapi::crypto;
using openapi::ClientIdentity;
using openapi::Errc;
using unit::contains;
using unit::readTestFile;

namespace {

constexpr const char* password = "10000100";

std::string key(const std::string& name) { return readTestFile("golden/keys/" + name); }

std::string refused(const std::string& bytes, std::string_view secret = password) {
  const std::string message = unit::messageOf(Errc::config, [&] { (void)ClientIdentity::fromP12(bytes, secret); });
  BOOST_TEST(message.starts_with("client certificate: "));
  BOOST_TEST(ERR_peek_error() == 0U);
  return message;
}

std::string refusedPem(const std::string& certificate, const std::string& privateKey) {
  const std::string message = unit::messageOf(Errc::config, [&] { (void)ClientIdentity::fromPem(certificate, privateKey); });
  BOOST_TEST(ERR_peek_error() == 0U);
  return message;
}

/// A TLS context of the default library takes the certificate, its key and chain.
void requireUsable(const ClientIdentity& identity) {
  const Handle<SSL_CTX, SSL_CTX_free> context{SSL_CTX_new(TLS_client_method())};
  BOOST_REQUIRE(context);
  BOOST_TEST(SSL_CTX_use_certificate(context.get(), identity.certificate()) == 1);
  BOOST_TEST(SSL_CTX_use_PrivateKey(context.get(), identity.key()) == 1);
  BOOST_TEST(SSL_CTX_check_private_key(context.get()) == 1);
  for (const auto& link : identity.chain()) BOOST_TEST(SSL_CTX_add1_chain_cert(context.get(), link.get()) == 1);
}

CertificateHandle certificateOf(const std::string& pem) {
  const BioHandle bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return CertificateHandle{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
}

/// A container; `macIterations` -1 leaves the integrity check out.
std::string container(EVP_PKEY* privateKey, X509* certificate, X509* other, int macIterations, int keyCipher = NID_aes_256_cbc,
                      int certificateCipher = NID_aes_256_cbc) {
  STACK_OF(X509)* others = nullptr;
  if (other) {
    others = sk_X509_new_null();
    sk_X509_push(others, other);
  }
  const Handle<PKCS12, PKCS12_free> made{
      PKCS12_create(password, "name", privateKey, certificate, others, keyCipher, certificateCipher, 100, macIterations, 0)};
  sk_X509_free(others);
  BOOST_REQUIRE(made);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS12(made.get(), &der);
  BOOST_REQUIRE(size > 0);
  std::string bytes{reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
  OPENSSL_free(der);
  return bytes;
}

std::string alipayCertificate() { return readTestFile("fixtures/alipay/easysdk/java/alipayCertPublicKey_RSA2.crt"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(client_identity)

BOOST_AUTO_TEST_CASE(opensContainersNewAndOld) {
  const auto pem = ClientIdentity::fromPem(key("apiclient_cert.pem"), key("apiclient_key.pem"));
  requireUsable(*pem);
  BOOST_TEST(pem->fingerprint().size() == 64U);
  for (const char* name : {"apiclient_cert.p12", "apiclient_cert.legacy.p12"}) {
    const auto identity = ClientIdentity::fromP12(key(name), password);
    requireUsable(*identity);
    BOOST_TEST(identity->fingerprint() == pem->fingerprint());
    BOOST_TEST(EVP_PKEY_eq(identity->key(), pem->key()) == 1);
    BOOST_TEST(identity->chain().empty());
  }
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(leavesTheDefaultLibraryAlone) {
  (void)ClientIdentity::fromP12(key("apiclient_cert.legacy.p12"), password);
  BOOST_TEST(OSSL_PROVIDER_available(nullptr, "legacy") == 0);
}

BOOST_AUTO_TEST_CASE(keepsTheChain) {
  const auto pem = ClientIdentity::fromPem(key("apiclient_cert.pem"), key("apiclient_key.pem"));
  const CertificateHandle other = certificateOf(alipayCertificate());
  const auto identity = ClientIdentity::fromP12(container(pem->key(), pem->certificate(), other.get(), 100), password);
  BOOST_REQUIRE(identity->chain().size() == 1U);
  BOOST_TEST(X509_cmp(identity->chain().front().get(), other.get()) == 0);
  BOOST_TEST(identity->fingerprint() == pem->fingerprint());
  requireUsable(*identity);

  const auto reversed = ClientIdentity::fromPem(alipayCertificate() + key("apiclient_cert.pem"), key("apiclient_key.pem"));
  BOOST_TEST(reversed->fingerprint() == pem->fingerprint());
  BOOST_TEST(reversed->chain().size() >= 1U);
}

BOOST_AUTO_TEST_CASE(tellsWhatIsWrong) {
  const std::string good = key("apiclient_cert.p12");
  const std::string wrongPassword = refused(good, "another");
  BOOST_TEST(contains(wrongPassword, "the password does not open"));
  BOOST_TEST(!contains(wrongPassword, "another"));
  BOOST_TEST(contains(refused(good, ""), "the password does not open"));
  BOOST_TEST(contains(refused(key("apiclient_cert.legacy.p12"), "10000101"), "the password does not open"));

  BOOST_TEST(contains(refused(""), "empty"));
  BOOST_TEST(contains(refused("not a container"), "no PKCS#12 container"));
  BOOST_TEST(contains(refused(key("apiclient_cert.pem")), "no PKCS#12 container"));
  BOOST_TEST(contains(refused(good.substr(0, good.size() / 2)), "damaged"));
  BOOST_TEST(contains(refused(good + "x"), "after its end"));
  BOOST_TEST(contains(refused(std::string(1024 * 1024 + 1, '0')), "larger than 1 MiB"));

  const auto pem = ClientIdentity::fromPem(key("apiclient_cert.pem"), key("apiclient_key.pem"));
  BOOST_TEST(contains(refused(container(nullptr, pem->certificate(), nullptr, 100)), "no private key"));
  BOOST_TEST(contains(refused(container(pem->key(), nullptr, nullptr, 100)), "no certificate"));
  BOOST_TEST(contains(refused(container(pem->key(), pem->certificate(), nullptr, -1)), "no integrity check"));
  BOOST_TEST(contains(refused(container(pem->key(), pem->certificate(), nullptr, 1'000'001)), "iteration count"));
}

BOOST_AUTO_TEST_CASE(tellsWhatIsWrongInPem) {
  const std::string certificate = key("apiclient_cert.pem");
  const std::string privateKey = key("apiclient_key.pem");
  BOOST_TEST(contains(refusedPem(certificate, key("app_private_pkcs8.pem")), "do not belong together"));
  BOOST_TEST(contains(refusedPem(privateKey, privateKey), "no certificate"));
  BOOST_TEST(contains(refusedPem("", privateKey), "no certificate"));
  BOOST_TEST(contains(refusedPem(certificate, certificate), "private key cannot be read"));
  BOOST_TEST(contains(refusedPem(certificate, ""), "private key cannot be read"));
  std::string damaged = certificate;
  damaged.replace(100, 4, "****");
  BOOST_TEST(contains(refusedPem(damaged, privateKey), "damaged"));

  const auto pem = ClientIdentity::fromPem(certificate, privateKey);
  const BioHandle bio{BIO_new(BIO_s_mem())};
  BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), pem->key(), EVP_aes_256_cbc(), password, 8, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  BOOST_TEST(contains(refusedPem(certificate, std::string{data, static_cast<std::size_t>(size)}), "is encrypted"));
  refusedPem(std::string(1024 * 1024 + 1, 'x'), privateKey);
}

BOOST_AUTO_TEST_CASE(survivesDamage) {
  const std::string good = key("apiclient_cert.legacy.p12");
  std::mt19937 random{42};
  for (int i = 0; i < 300; ++i) {
    std::string damaged = good;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    if (damaged == good) continue;
    try {
      (void)ClientIdentity::fromP12(damaged, password);
    } catch (const openapi::Error& error) {
      BOOST_TEST(toString(error.errc()) == "config");
    }
  }
  for (std::size_t size = 0; size < good.size(); size += 37) refused(good.substr(0, size));
}

BOOST_AUTO_TEST_SUITE_END()
