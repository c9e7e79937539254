#include "codec/text.hpp"

#include <array>
#include <random>

#include "support.hpp"

using namespace openapi::codec;
using openapi::Errc;
using unit::contains;

namespace {

std::string gunzipRefusal(const std::string& bytes, std::size_t maxBytes = 1 << 20) {
  return unit::messageOf(Errc::badResponse, [&] { (void)gunzip(bytes, maxBytes); });
}

std::string randomBytes(std::size_t size, unsigned seed) {
  std::mt19937 random{seed};
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(base64Vectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    BOOST_TEST(toBase64(bytes) == text);
    BOOST_TEST(fromBase64(text).value() == bytes);
  }
  for (unsigned size = 0; size < 200; ++size) {
    const std::string bytes = randomBytes(size, size);
    BOOST_TEST((fromBase64(toBase64(bytes)) == bytes));
  }
  BOOST_TEST(toBase64("\xFB\xFF\xFE") == "+//+");
}

BOOST_AUTO_TEST_CASE(base64IsStrict) {
  for (const char* bad : {"Z",
                          "Zg",
                          "Zg=",
                          "Zg===",
                          "=",
                          "====",
                          "Z===",
                          "Zm9v=",
                          "Zm9vYg",
                          "Zm8=Zm8=",
                          "Zg==Zg==",
                          " Zm9v",
                          "Zm9v\n",
                          "Zm 9",
                          "-_-_",
                          "Zm9*",
                          "Zh==",
                          "Zm9=",
                          "Zm=v",
                          "\xC3\xA9"
                          "aa"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(!fromBase64(bad)); }
  }
}

BOOST_AUTO_TEST_CASE(hex) {
  const std::array<unsigned char, 4> bytes{0x00, 0x0A, 0xF0, 0xFF};
  BOOST_TEST(toLowerHex(bytes) == "000af0ff");
  BOOST_TEST(toUpperHex(bytes) == "000AF0FF");
  BOOST_TEST(toLowerHex({}).empty());
}

BOOST_AUTO_TEST_CASE(utf8) {
  for (const char* good :
       {"", "ascii only, longer than eight bytes", "é", "季卡", "😀", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
        "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é2345678季"}) {
    BOOST_TEST_CONTEXT(good) { BOOST_TEST(isUtf8(good)); }
  }
  BOOST_TEST(isUtf8(std::string{"\0", 1}));
  for (const char* bad : {"\x80",
                          "\xBF",
                          "\xC0\x80",
                          "\xC1\xBF",
                          "\xC2",
                          "\xC2\x41",
                          "\xE0\x80\x80",
                          "\xE0\x9F\xBF",
                          "\xE4\xB8",
                          "\xE4\x41\xAD",
                          "\xED\xA0\x80",
                          "\xED\xBF\xBF",
                          "\xF0\x80\x80\x80",
                          "\xF0\x8F\xBF\xBF",
                          "\xF0\x9F\x98",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xFE",
                          "\xFF",
                          "12345678\xFF",
                          "1234567812345678123\xE4"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(!isUtf8(bad)); }
  }
}

BOOST_AUTO_TEST_CASE(utf8IsExact) {
  // Every code point is accepted as its shortest form, every surrogate refused.
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    std::string bytes;
    const auto add = [&bytes](char32_t value) { bytes += static_cast<char>(value); };
    if (c < 0x800) {
      add(0xC0 | c >> 6);
    } else if (c < 0x10000) {
      add(0xE0 | c >> 12);
      add(0x80 | (c >> 6 & 0x3F));
    } else {
      add(0xF0 | c >> 18);
      add(0x80 | (c >> 12 & 0x3F));
      add(0x80 | (c >> 6 & 0x3F));
    }
    add(0x80 | (c & 0x3F));
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (isUtf8(bytes) == surrogate) BOOST_FAIL("code point " << static_cast<unsigned>(c));
  }
}

BOOST_AUTO_TEST_CASE(countsCodePoints) {
  BOOST_TEST(codePoints("") == 0U);
  BOOST_TEST(codePoints("a季😀é") == 4U);
}

BOOST_AUTO_TEST_CASE(gbk) {
  BOOST_TEST(fromGb18030("a=\xD6\xD0\xCE\xC4").value() == "a=中文");
  BOOST_TEST(toGbk("a=中文").value() == "a=\xD6\xD0\xCE\xC4");
  BOOST_TEST(fromGb18030("\x94\x39\xFC\x36").value() == "😀");
  BOOST_TEST(fromGb18030("").value() == "");
  BOOST_TEST(toGbk("").value() == "");
  const std::string longText(20000, 'x');
  BOOST_TEST(fromGb18030(longText + "\xD6\xD0").value() == longText + "中");
  for (const char* bad : {"\xD6", "a\xFF", "\x81\x30\x81", "\xD6\x20", "\xFF\xFF"}) {
    BOOST_TEST_CONTEXT(bad) { BOOST_TEST(!fromGb18030(bad)); }
  }
  BOOST_TEST(!toGbk("😀"));
  BOOST_TEST(!toGbk("\xD6\xD0"));
}

BOOST_AUTO_TEST_CASE(everyGb18030ResultIsUtf8) {
  for (unsigned lead = 0; lead < 256; ++lead) {
    for (unsigned trail = 0; trail < 256; trail += 3) {
      const std::string bytes{static_cast<char>(lead), static_cast<char>(trail)};
      const auto text = fromGb18030(bytes);
      if (text && !isUtf8(*text)) BOOST_FAIL("bytes " << lead << ' ' << trail);
    }
  }
}

BOOST_AUTO_TEST_CASE(gzipBothWays) {
  for (const std::size_t size : {0U, 1U, 1000U, 16384U, 16385U, 300000U}) {
    const std::string bytes = randomBytes(size, 7);
    BOOST_TEST((gunzip(gzip(bytes), size) == bytes));
  }
  const std::string bill = gunzip(unit::readTestFile("fixtures/wechatpay/derived/bill.ALL.csv.gz"), 1 << 20);
  BOOST_TEST((bill == unit::readTestFile("fixtures/wechatpay/wechatpay-php/bill.ALL.csv")));
}

BOOST_AUTO_TEST_CASE(gunzipIsBounded) {
  const std::string bomb = gzip(std::string(50'000'000, 'x'));
  BOOST_TEST(bomb.size() < 100'000U);
  BOOST_TEST(contains(gunzipRefusal(bomb, 1'000'000), "more than 1000000 bytes"));
  BOOST_TEST(gunzip(gzip("12345"), 5) == "12345");
  gunzipRefusal(gzip("123456"), 5);
  BOOST_TEST(gunzip(gzip(""), 0).empty());
}

BOOST_AUTO_TEST_CASE(gunzipRefusesDamage) {
  const std::string good = gzip("a bill of several rows, a bill of several rows");
  for (std::size_t size = 0; size < good.size(); ++size) {
    BOOST_TEST_CONTEXT(size) { gunzipRefusal(good.substr(0, size)); }
  }
  BOOST_TEST(contains(gunzipRefusal(good + "x"), "after the end"));
  BOOST_TEST(contains(gunzipRefusal(good + good), "after the end"));
  for (std::size_t back = 1; back <= 8; ++back) {  // checksum and length
    std::string damaged = good;
    damaged[damaged.size() - back] = static_cast<char>(damaged[damaged.size() - back] ^ 1);
    BOOST_TEST(contains(gunzipRefusal(damaged), "damaged"));
  }
  gunzipRefusal("plain text");
  gunzipRefusal("\x78\x9C\x03\x00\x00\x00\x00\x01");  // zlib, not gzip
  unit::acceptedDamage(good, 3000, [](const std::string& damaged) { (void)gunzip(damaged, 1000); });
}

BOOST_AUTO_TEST_CASE(everyOccurrenceIsReplaced) {
  const auto replaced = [](std::string text, std::string_view what, std::string_view with) {
    replaceAll(text, what, with);
    return text;
  };
  BOOST_TEST(replaced("key, key and keykey", "key", "***") == "***, *** and ******");
  BOOST_TEST(replaced("aaaaa", "aa", "a") == "aaa");
  BOOST_TEST(replaced("key", "keys", "***") == "key");
  BOOST_TEST(replaced("", "key", "***").empty());
  std::string large;
  for (int i = 0; i < 1'000'000; ++i) large += "secret";
  replaceAll(large, "secret", "***");  // takes minutes when each one moves the rest
  BOOST_TEST(large.size() == 3'000'000U);
}

BOOST_AUTO_TEST_SUITE_END()
