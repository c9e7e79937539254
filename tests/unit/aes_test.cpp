#include "crypto/aes.hpp"

#include <openssl/err.h>

#include "codec/text.hpp"
#include "support.hpp"

using namespace openapi::crypto;
using openapi::Errc;

namespace {

std::string fromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  return bytes;
}

std::string bytesUpTo(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + 11);
  return bytes;
}

const std::string iv = fromHex("000102030405060708090a0b0c0d0e0f");
const std::string key128 = fromHex("2b7e151628aed2a6abf7158809cf4f3c");
const std::string key256 = fromHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

}  // namespace

BOOST_AUTO_TEST_SUITE(aes)

// NIST SP 800-38A, F.2.1 and F.2.5.
BOOST_AUTO_TEST_CASE(publishedCbcVectors) {
  const auto plain = fromHex(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
  const auto cipher128 = fromHex(
      "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
      "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7");
  const auto cipher256 = fromHex(
      "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
      "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
  BOOST_TEST(encryptAesCbc(key128, iv, plain, AesPadding::none) == cipher128);
  BOOST_TEST(encryptAesCbc(key256, iv, plain, AesPadding::none) == cipher256);
  BOOST_TEST(decryptAesCbc(key128, iv, cipher128, AesPadding::none).value() == plain);
  BOOST_TEST(decryptAesCbc(key256, iv, cipher256, AesPadding::none).value() == plain);
}

BOOST_AUTO_TEST_CASE(everyLengthReadsBack) {
  for (const auto& key : {key128, key256}) {
    for (std::size_t size = 0; size <= 100; ++size) {
      const auto plain = bytesUpTo(size);
      const auto cipher = encryptAesCbc(key, iv, plain, AesPadding::pkcs7);
      BOOST_REQUIRE(cipher.size() == (size / 16 + 1) * 16);
      BOOST_REQUIRE(decryptAesCbc(key, iv, cipher, AesPadding::pkcs7).value() == plain);
    }
  }
}

BOOST_AUTO_TEST_CASE(everyPaddingByteCounts) {
  const std::string blocks = bytesUpTo(32);
  for (std::size_t count = 0; count <= 20; ++count) {
    for (std::size_t wrong = 0; wrong <= count; ++wrong) {
      std::string padded = blocks;
      for (std::size_t i = 0; i < count; ++i) padded[31 - i] = static_cast<char>(count);
      if (count == 0) padded[31] = 0;
      if (wrong > 0) padded[32 - wrong] = static_cast<char>(padded[32 - wrong] ^ 0x40);
      const auto cipher = encryptAesCbc(key128, iv, padded, AesPadding::none);
      const bool good = count >= 1 && count <= 16 && wrong == 0;
      BOOST_TEST(decryptAesCbc(key128, iv, cipher, AesPadding::pkcs7).has_value() == good, count << ' ' << wrong);
    }
  }
}

BOOST_AUTO_TEST_CASE(refusesWhatIsNoMessage) {
  for (const auto padding : {AesPadding::pkcs7, AesPadding::none}) {
    for (const std::size_t size : {1U, 15U, 17U, 31U}) {
      BOOST_TEST(!decryptAesCbc(key128, iv, std::string(size, 'x'), padding).has_value(), size);
    }
  }
  BOOST_TEST(!decryptAesCbc(key128, iv, "", AesPadding::pkcs7).has_value());
  BOOST_TEST(decryptAesCbc(key128, iv, "", AesPadding::none).value() == "");
  BOOST_TEST(ERR_peek_error() == 0U);
  using unit::contains;
  using unit::messageOf;
  BOOST_TEST(
      contains(messageOf(Errc::config, [] { (void)decryptAesCbc(std::string(24, 'k'), iv, "", AesPadding::none); }), "24"));
  BOOST_TEST(contains(messageOf(Errc::config, [] { (void)encryptAesCbc(key128, "short", "", AesPadding::none); }), "iv"));
  BOOST_TEST(
      contains(messageOf(Errc::invalidArgument, [] { (void)encryptAesCbc(key128, iv, "fifteen bytes..", AesPadding::none); }),
               "whole blocks"));
}

BOOST_AUTO_TEST_SUITE_END()
