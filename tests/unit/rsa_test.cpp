#include "crypto/rsa.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <openapi/json.hpp>
#include <thread>
#include <vector>

#include "codec/text.hpp"
#include "crypto/openssl_handles.hpp"
#include "support.hpp"

using namespace openapi::crypto;
using openapi::Errc;
using openapi::Json;
using openapi::codec::fromBase64;
using openapi::codec::toBase64;
using unit::contains;
using unit::readTestFile;

namespace {

std::string textOf(const BioHandle& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

BioHandle memory() { return BioHandle{BIO_new(BIO_s_mem())}; }

std::string pemOf(EVP_PKEY* key, const char* password = nullptr) {
  const BioHandle bio = memory();
  const int size = password ? 4 : 0;
  BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, password ? EVP_aes_256_cbc() : nullptr, password, size, nullptr,
                                              nullptr) == 1);
  return textOf(bio);
}

std::string traditionalPemOf(EVP_PKEY* key, bool encrypted) {
  const BioHandle bio = memory();
  const auto* password = reinterpret_cast<const unsigned char*>("pass");
  BOOST_REQUIRE(PEM_write_bio_PrivateKey_traditional(bio.get(), key, encrypted ? EVP_aes_256_cbc() : nullptr,
                                                     encrypted ? password : nullptr, encrypted ? 4 : 0, nullptr, nullptr) == 1);
  return textOf(bio);
}

std::string publicPemOf(EVP_PKEY* key) {
  const BioHandle bio = memory();
  BOOST_REQUIRE(PEM_write_bio_PUBKEY(bio.get(), key) == 1);
  return textOf(bio);
}

/// The base64 of a PEM text without its first and last line, and without line breaks.
std::string bareOf(const std::string& pem) {
  const std::size_t start = pem.find('\n') + 1;
  std::string bare = pem.substr(start, pem.find("-----END") - start);
  std::erase(bare, '\n');
  return bare;
}

std::string withCrlf(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string key(const std::string& name) { return readTestFile("golden/keys/" + name); }

std::string refusedPrivate(const std::string& text) {
  const std::string message = unit::messageOf(Errc::config, [&] { (void)PrivateKey::load(text, "privateKey"); });
  BOOST_TEST(message.starts_with("privateKey: "));
  BOOST_TEST(ERR_peek_error() == 0U);
  BOOST_TEST(!contains(message, "MII"));
  return message;
}

std::string refusedPublic(const std::string& text) {
  const std::string message = unit::messageOf(Errc::config, [&] { (void)PublicKey::load(text, "alipayPublicKey"); });
  BOOST_TEST(message.starts_with("alipayPublicKey: "));
  BOOST_TEST(ERR_peek_error() == 0U);
  return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rsa)

BOOST_AUTO_TEST_CASE(everySpellingSignsTheSame) {
  const std::string expected = PrivateKey::load(key("app_private_pkcs8.pem"), "privateKey").sign("a=1&b=季", RsaDigest::sha256);
  const auto publicKey = PublicKey::load(key("app_public.pem"), "k");
  BOOST_TEST(publicKey.verify("a=1&b=季", expected, RsaDigest::sha256));
  for (const char* name : {"app_private_pkcs1.pem", "app_private_pkcs8.b64", "app_private_pkcs1.b64"}) {
    for (const std::string& text : {key(name), withCrlf(key(name)), " \n\t" + key(name) + "\r\n\r\n"}) {
      BOOST_TEST(PrivateKey::load(text, "privateKey").sign("a=1&b=季", RsaDigest::sha256) == expected);
    }
  }
  std::string wrapped = bareOf(key("app_private_pkcs8.pem"));
  for (std::size_t at = 64; at < wrapped.size(); at += 65) wrapped.insert(at, "\n");
  BOOST_TEST(PrivateKey::load(wrapped, "privateKey").sign("a=1&b=季", RsaDigest::sha256) == expected);
}

BOOST_AUTO_TEST_CASE(toleratesMixedUpLabels) {
  const std::string body = bareOf(key("app_private_pkcs1.pem"));
  BOOST_TEST(PrivateKey::load("-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----", "k").native());
  BOOST_TEST(
      PrivateKey::load(
          "-----BEGIN RSA PRIVATE KEY-----\n" + bareOf(key("app_private_pkcs8.pem")) + "\n-----END RSA PRIVATE KEY-----", "k")
          .native());
}

BOOST_AUTO_TEST_CASE(findsTheKeyAmongOtherBlocks) {
  const std::string text =
      "Bag Attributes\n" + key("apiclient_cert.pem") + "Key Attributes: <No Attributes>\n" + key("apiclient_key.pem");
  BOOST_TEST(PrivateKey::load(text, "k").sign("x", RsaDigest::sha256) ==
             PrivateKey::load(key("apiclient_key.pem"), "k").sign("x", RsaDigest::sha256));
  BOOST_TEST(PublicKey::load(key("apiclient_key.pem") + key("apiclient_cert.pem"), "k").native());
}

BOOST_AUTO_TEST_CASE(everyPublicSpellingVerifies) {
  const std::string signature = PrivateKey::load(key("app_private_pkcs8.pem"), "k").sign("text", RsaDigest::sha1);
  const auto pair = PrivateKey::load(key("app_private_pkcs8.pem"), "k");
  unsigned char* der = nullptr;
  const int size = i2d_PublicKey(pair.native(), &der);
  BOOST_REQUIRE(size > 0);
  const std::string pkcs1 = toBase64({reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  for (const std::string& text : {key("app_public.pem"), key("app_public.b64"), withCrlf(key("app_public.pem")), pkcs1,
                                  "-----BEGIN RSA PUBLIC KEY-----\n" + pkcs1 + "\n-----END RSA PUBLIC KEY-----\n",
                                  "-----BEGIN PUBLIC KEY-----\n" + pkcs1 + "\n-----END PUBLIC KEY-----\n"}) {
    BOOST_TEST(PublicKey::load(text, "k").verify("text", signature, RsaDigest::sha1));
  }
  const std::string byClient = PrivateKey::load(key("apiclient_key.pem"), "k").sign("text", RsaDigest::sha256);
  BOOST_TEST(PublicKey::load(key("apiclient_cert.pem"), "k").verify("text", byClient, RsaDigest::sha256));
  BOOST_TEST(PublicKey::load(bareOf(key("apiclient_cert.pem")), "k").verify("text", byClient, RsaDigest::sha256));
  for (const char* name : {"easysdk/java/alipayCertPublicKey_RSA2.crt", "easysdk/csharp/alipayCertPublicKey_RSA2.crt",
                           "php-sdk/v3_alipayCertPublicKey_RSA2.crt"}) {
    BOOST_TEST(PublicKey::load(readTestFile(std::string{"fixtures/alipay/"} + name), "k").native());
  }
}

BOOST_AUTO_TEST_CASE(publishedSignatures) {
  // The public keys were recovered from these signatures: the greatest common divisor of s^65537 - padded digest.
  const auto rsa2 = PublicKey::load(readTestFile("unit/keys/alipay_test_rsa2048_public.pem"), "k");
  const auto rsa = PublicKey::load(readTestFile("unit/keys/alipay_test_rsa1024_public.pem"), "k");
  const Json document = Json::parse(readTestFile("fixtures/alipay/generated/deterministic_signatures.json"));
  std::size_t checked = 0;
  for (const Json& vector : *document.find("vectors")->array()) {
    const Json* content = vector.find("content");
    const std::string bytes =
        content ? *content->string() : openapi::codec::toGbk(*vector.find("content_gbk_of")->string()).value();
    BOOST_TEST(rsa2.verify(bytes, *vector.find("RSA2_sha256_rsa2048")->string(), RsaDigest::sha256));
    BOOST_TEST(!rsa2.verify(bytes + " ", *vector.find("RSA2_sha256_rsa2048")->string(), RsaDigest::sha256));
    ++checked;
    if (const Json* sha1 = vector.find("RSA_sha1_rsa1024")) {
      BOOST_TEST(rsa.verify(bytes, *sha1->string(), RsaDigest::sha1));
      BOOST_TEST(!rsa.verify(bytes, *sha1->string(), RsaDigest::sha256));
    }
  }
  BOOST_TEST(checked == 4U);
}

BOOST_AUTO_TEST_CASE(officialWeixinSignatures) {
  const std::string folder = "fixtures/wechatpay/official-docs/";
  const auto signer = PrivateKey::load(readTestFile(folder + "apiclient_test_key.pem"), "k");
  const auto verifier = PublicKey::load(readTestFile(folder + "apiclient_test_pub.pem"), "k");
  const Json document = Json::parse(readTestFile(folder + "v3_request_sign_vectors.json"));
  for (const Json& vector : *document.find("vectors")->array()) {
    const std::string& content = *vector.find("string_to_sign")->string();
    const std::string& signature = *vector.find("signature")->string();
    BOOST_TEST(signer.sign(content, RsaDigest::sha256) == signature);
    BOOST_TEST(verifier.verify(content, signature, RsaDigest::sha256));
  }
}

BOOST_AUTO_TEST_CASE(malformedSignaturesAreNone) {
  const auto signer = PrivateKey::load(key("app_private_pkcs8.pem"), "k");
  const auto verifier = PublicKey::load(key("app_public.pem"), "k");
  const std::string good = signer.sign("text", RsaDigest::sha256);
  const std::string raw = fromBase64(good).value();
  BOOST_TEST(verifier.verify("text", good, RsaDigest::sha256));
  BOOST_TEST(!verifier.verify("text", good, RsaDigest::sha1));
  BOOST_TEST(!verifier.verify("Text", good, RsaDigest::sha256));
  BOOST_TEST(!PublicKey::load(key("alipay_public.pem"), "k").verify("text", good, RsaDigest::sha256));
  for (const std::string& bad :
       {std::string{}, std::string{"x"}, good + "\n", good + "AAAA", good.substr(4), toBase64(std::string(256, '\0')),
        toBase64(std::string(256, '\xFF')), toBase64(raw.substr(1)), toBase64('\0' + raw), std::string(344, '*')}) {
    BOOST_TEST(!verifier.verify("text", bad, RsaDigest::sha256));
  }
  for (std::size_t at = 0; at < raw.size(); at += 17) {
    std::string flipped = raw;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    BOOST_TEST(!verifier.verify("text", toBase64(flipped), RsaDigest::sha256));
  }
  BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_CASE(keysWorkFromManyThreads) {
  const auto signer = PrivateKey::load(key("app_private_pkcs8.pem"), "k");
  const auto verifier = PublicKey::load(key("app_public.pem"), "k");
  const std::string expected = signer.sign("text", RsaDigest::sha256);
  std::vector<int> good(4);
  std::vector<std::thread> threads;
  for (int& count : good) {
    threads.emplace_back([&, signer, verifier] {
      for (int i = 0; i < 20; ++i)
        count += signer.sign("text", RsaDigest::sha256) == expected && verifier.verify("text", expected, RsaDigest::sha256);
    });
  }
  for (auto& thread : threads) thread.join();
  for (const int count : good) BOOST_TEST(count == 20);
}

BOOST_AUTO_TEST_CASE(wrongPrivateKeysAreExplained) {
  BOOST_TEST(contains(refusedPrivate(""), "empty"));
  BOOST_TEST(contains(refusedPrivate(key("app_public.pem")), "is a public key"));
  BOOST_TEST(contains(refusedPrivate(key("app_public.b64")), "is a public key"));
  BOOST_TEST(contains(refusedPrivate(key("apiclient_cert.pem")), "is a certificate"));
  BOOST_TEST(contains(refusedPrivate(bareOf(key("apiclient_cert.pem"))), "is a certificate"));
  const auto pair = PrivateKey::load(key("app_private_pkcs8.pem"), "k");
  BOOST_TEST(contains(refusedPrivate(pemOf(pair.native(), "pass")), "is encrypted"));
  BOOST_TEST(contains(refusedPrivate(bareOf(pemOf(pair.native(), "pass"))), "is encrypted"));
  BOOST_TEST(contains(refusedPrivate(traditionalPemOf(pair.native(), true)), "is encrypted"));
  const KeyHandle elliptic{EVP_EC_gen("P-256")};
  BOOST_TEST(contains(refusedPrivate(pemOf(elliptic.get())), "an RSA key is needed"));
  BOOST_TEST(contains(refusedPrivate(bareOf(pemOf(elliptic.get()))), "an RSA key is needed"));
  BOOST_TEST(contains(refusedPrivate(traditionalPemOf(elliptic.get(), false)), "an RSA key is needed"));
  BOOST_TEST(contains(refusedPrivate(bareOf(traditionalPemOf(elliptic.get(), false))), "an RSA key is needed"));
  const KeyHandle small{EVP_RSA_gen(512)};
  BOOST_TEST(contains(refusedPrivate(pemOf(small.get())), "less than 1024 bits"));
  BOOST_TEST(contains(refusedPublic(publicPemOf(small.get())), "less than 1024 bits"));
  for (const char* junk : {"secret-but-no-key", "AAAA", "MIIE", "-----BEGIN", "{\"key\":1}", "====", "\xFF\xFE"})
    refusedPrivate(junk);
  BOOST_TEST(!contains(refusedPrivate("secret-but-no-key"), "secret"));
  const std::string pem = key("app_private_pkcs8.pem");
  BOOST_TEST(contains(refusedPrivate(pem.substr(0, pem.size() / 2)), "damaged PEM block"));
  BOOST_TEST(contains(refusedPrivate("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"), "damaged PEM block"));
  refusedPrivate("-----BEGIN PRIVATE KEY-----\n" + bareOf(pem) + "\n-----END RSA PRIVATE KEY-----\n");
  refusedPrivate(toBase64(fromBase64(bareOf(pem)).value() + "more"));
  refusedPrivate(std::string(70000, 'A'));
}

BOOST_AUTO_TEST_CASE(wrongPublicKeysAreExplained) {
  BOOST_TEST(contains(refusedPublic(""), "empty"));
  for (const char* name : {"app_private_pkcs8.pem", "app_private_pkcs1.pem", "app_private_pkcs8.b64", "app_private_pkcs1.b64"}) {
    BOOST_TEST(contains(refusedPublic(key(name)), "is a private key"));
  }
  const KeyHandle elliptic{EVP_EC_gen("P-256")};
  BOOST_TEST(contains(refusedPublic(publicPemOf(elliptic.get())), "an RSA key is needed"));
  BOOST_TEST(contains(refusedPublic(pemOf(elliptic.get(), "pass")), "encrypted"));
  const std::string pem = key("app_public.pem");
  for (const std::string& junk :
       {std::string{"no key"}, pem.substr(0, pem.size() / 2), toBase64(fromBase64(bareOf(pem)).value() + "x")})
    refusedPublic(junk);
}

BOOST_AUTO_TEST_CASE(survivesDamage) {
  for (const char* name : {"app_private_pkcs8.pem", "app_private_pkcs1.b64"}) {
    unit::acceptedDamage(key(name), 300, [](const std::string& damaged) { (void)PrivateKey::load(damaged, "k"); });
  }
  for (const char* name : {"app_public.pem", "apiclient_cert.pem"}) {
    unit::acceptedDamage(key(name), 300, [](const std::string& damaged) { (void)PublicKey::load(damaged, "k"); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
