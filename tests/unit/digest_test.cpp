#include "crypto/digest.hpp"

#include <algorithm>
#include <map>
#include <openapi/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "codec/text.hpp"
#include "codec/xml.hpp"
#include "crypto/aes.hpp"
#include "crypto/random.hpp"
#include "crypto/sign_content.hpp"
#include "support.hpp"

using namespace openapi::crypto;
using namespace openapi::codec;
using openapi::Errc;
using openapi::Json;

namespace {

const std::string& textOf(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  BOOST_REQUIRE_MESSAGE(value && value->string(), "no text " << name);
  return *value->string();
}

Json vectorsOf(const std::string& file, std::string_view name) {
  const Json document = Json::parse(unit::readTestFile("fixtures/" + file));
  const Json* list = document.find(name);
  BOOST_REQUIRE(list && list->array() && !list->array()->empty());
  return *list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(publishedDigests) {
  BOOST_TEST(toLowerHex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(toLowerHex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(toLowerHex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(toLowerHex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(toLowerHex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(rfc4231) {
  const auto hmac = [](std::string_view key, std::string_view bytes) { return toLowerHex(hmacSha256(key, bytes)); };
  BOOST_TEST(hmac(std::string(20, '\x0B'), "Hi There") == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  BOOST_TEST(hmac("Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(hmac(std::string(20, '\xAA'), std::string(50, '\xDD')) ==
             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  BOOST_TEST(hmac(std::string(131, '\xAA'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  BOOST_TEST(hmac(std::string(131, '\xAA'),
                  "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
                  "hashed before being "
                  "used by the HMAC algorithm.") == "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
  BOOST_TEST(hmac("", "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(digestsFromManyThreads) {
  const std::string expected = toLowerHex(hmacSha256("key", "message"));
  std::vector<std::string> results(8);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&result] {
      for (int i = 0; i < 500; ++i) result = toLowerHex(hmacSha256("key", "message"));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) BOOST_TEST(result == expected);
}

BOOST_AUTO_TEST_CASE(comparesWhole) {
  BOOST_TEST(equalInConstantTime("", ""));
  BOOST_TEST(equalInConstantTime("abc", "abc"));
  BOOST_TEST(!equalInConstantTime("abc", "abd"));
  BOOST_TEST(!equalInConstantTime("abc", "ab"));
  BOOST_TEST(!equalInConstantTime("", "a"));
  BOOST_TEST(!equalInConstantTime(std::string("a\0b", 3), std::string("a\0c", 3)));
}

BOOST_AUTO_TEST_CASE(randomTextIsEven) {
  BOOST_TEST(randomText(0).empty());
  std::set<std::string> seen;
  std::map<char, int> counts;
  for (int i = 0; i < 2000; ++i) {
    const std::string text = randomText(32);
    BOOST_REQUIRE(text.size() == 32U);
    seen.insert(text);
    for (const char c : text) ++counts[c];
  }
  BOOST_TEST(seen.size() == 2000U);
  BOOST_TEST(counts.size() == 62U);
  // 64,000 draws of 62: 1,032 each; six standard deviations are 191.
  for (const auto& [letter, count] : counts) BOOST_TEST((count > 800 && count < 1270), letter << " came " << count << " times");
  BOOST_TEST(randomText(1000).size() == 1000U);
}

BOOST_AUTO_TEST_CASE(signContentSortsByBytes) {
  std::vector<NamedValue> fields = {{"b", "2"}, {"a_1", "x=y&z"}, {"B", "1"}, {"a", ""}, {"total_fee", "0"}};
  BOOST_TEST(signContent(fields, true) == "B=1&a_1=x=y&z&b=2&total_fee=0");
  BOOST_TEST(signContent(fields, false) == "B=1&a=&a_1=x=y&z&b=2&total_fee=0");
  BOOST_TEST(signContent({}, true).empty());
  std::vector<NamedValue> empty = {{"a", ""}};
  BOOST_TEST(signContent(empty, true).empty());
}

BOOST_AUTO_TEST_CASE(weixinSignatures) {
  const Json vectors = vectorsOf("wechatpay/official-docs/v2_sign_vectors.json", "vectors");
  for (const Json& vector : *vectors.array()) {
    std::vector<NamedValue> fields;
    for (const auto& field : *vector.find("params")->object()) fields.emplace_back(field.name, *field.value.string());
    std::reverse(fields.begin(), fields.end());
    const std::string content = signContent(fields, true) + "&key=" + textOf(vector, "key");
    BOOST_TEST(toUpperHex(md5(content)) == textOf(vector, "md5"));
    if (vector.find("hmac_sha256"))
      BOOST_TEST(toUpperHex(hmacSha256(textOf(vector, "key"), content)) == textOf(vector, "hmac_sha256"));
  }
  const Json agency = vectorsOf("wechatpay/official-docs/v2_sign_vectors.json", "md5_agency");
  for (const Json& vector : *agency.array()) {
    BOOST_TEST(toLowerHex(md5(textOf(vector, "text"))) == textOf(vector, "md5"));
  }
}

BOOST_AUTO_TEST_CASE(aesVectors) {
  const Json vectors = vectorsOf("wechatpay/official-docs/v2_sign_vectors.json", "aes_256_ecb");
  for (const Json& vector : *vectors.array()) {
    const std::string& key = textOf(vector, "key_ascii");
    BOOST_TEST(toBase64(encryptAes256Ecb(key, textOf(vector, "plaintext"))) == textOf(vector, "ciphertext_b64"));
    BOOST_TEST(decryptAes256Ecb(key, *fromBase64(textOf(vector, "ciphertext_b64"))).value() == textOf(vector, "plaintext"));
  }
}

BOOST_AUTO_TEST_CASE(refundNotifications) {
  const Json vectors = vectorsOf("wechatpay/derived/refund_req_info_vectors.json", "vectors");
  for (const Json& vector : *vectors.array()) {
    const std::string key = toLowerHex(md5(textOf(vector, "api_key")));
    BOOST_TEST(key == textOf(vector, "aes_key_ascii"));
    const auto plaintext = decryptAes256Ecb(key, fromBase64(textOf(vector, "req_info")).value());
    BOOST_REQUIRE(plaintext);
    const Json* file = vector.find("plaintext_file");
    const std::string expected =
        file ? unit::readTestFile("fixtures/wechatpay/derived/" + *file->string()) : textOf(vector, "plaintext");
    BOOST_TEST(*plaintext == expected);
    BOOST_TEST(!FlatXml::parse(*plaintext, "root").fields().empty());
  }
}

BOOST_AUTO_TEST_CASE(aesRefusesWhatDoesNotDecrypt) {
  const std::string key(32, 'k');
  const std::string good = encryptAes256Ecb(key, "some plaintext of more than one block");
  BOOST_TEST(decryptAes256Ecb(key, good).value() == "some plaintext of more than one block");
  BOOST_TEST(decryptAes256Ecb(key, encryptAes256Ecb(key, "")).value() == "");
  BOOST_TEST(encryptAes256Ecb(key, std::string(16, 'x')).size() == 32U);
  BOOST_TEST(!decryptAes256Ecb(key, ""));
  BOOST_TEST(!decryptAes256Ecb(key, good.substr(1)));
  BOOST_TEST(!decryptAes256Ecb(key, good.substr(0, 16)));
  BOOST_TEST(!decryptAes256Ecb(key, good + "x"));
  BOOST_TEST(!decryptAes256Ecb(std::string(32, 'o'), good));
  unit::messageOf(Errc::config, [&] { (void)decryptAes256Ecb("short", good); });
  unit::messageOf(Errc::config, [] { (void)encryptAes256Ecb(std::string(33, 'k'), ""); });
}

BOOST_AUTO_TEST_SUITE_END()
