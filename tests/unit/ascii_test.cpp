#include "codec/ascii.hpp"

#include "codec/image_type.hpp"
#include "codec/whole_number.hpp"
#include "support.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace openapi::codec;

BOOST_AUTO_TEST_SUITE(ascii)

BOOST_AUTO_TEST_CASE(everyCharacterHasItsKind) {
  const std::string digits = "0123456789";
  const std::string capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string smalls = "abcdefghijklmnopqrstuvwxyz";
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool digit = digits.find(c) != std::string::npos;
    const auto capital = capitals.find(c);
    const bool small = smalls.find(c) != std::string::npos;
    BOOST_TEST_CONTEXT("character " << i) {
      BOOST_TEST(isDigit(c) == digit);
      BOOST_TEST(isUpper(c) == (capital != std::string::npos));
      BOOST_TEST(isLower(c) == small);
      BOOST_TEST(isLetter(c) == (small || capital != std::string::npos));
      BOOST_TEST(isAlphanumeric(c) == (digit || small || capital != std::string::npos));
      BOOST_TEST(lower(c) == (capital == std::string::npos ? c : smalls[capital]));
      const auto hex = std::string{"0123456789abcdef"}.find(lower(c));
      BOOST_TEST(hexValue(c) == (hex == std::string::npos ? -1 : static_cast<int>(hex)));
    }
  }
}

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_TEST(lowerCase("Content-TYPE 季卡") == "content-type 季卡");
  BOOST_TEST(equalIgnoringCase("Date", "dATE"));
  BOOST_TEST(!equalIgnoringCase("Date", "Dates"));
  BOOST_TEST(!equalIgnoringCase("[", "{"));
  BOOST_TEST(allDigits(""));
  BOOST_TEST(allDigits("0019"));
  BOOST_TEST(!allDigits("1.9"));
}

BOOST_AUTO_TEST_CASE(numbersAreRead) {
  BOOST_TEST(wholeNumber<std::int64_t>("-9223372036854775808").value() == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(wholeNumber<std::uint16_t>("65535").value() == 65535);
  BOOST_TEST(wholeNumber<double>("1.5e3").value() == 1500);
  for (const char* text : {"", " 1", "1 ", "+1", "1.0", "0x1", "--1", "9223372036854775808"}) {
    BOOST_TEST(!wholeNumber<std::int64_t>(text).has_value(), text);
  }
  BOOST_TEST(!wholeNumber<std::uint16_t>("65536").has_value());
  BOOST_TEST(!wholeNumber<std::uint16_t>("-1").has_value());
}

BOOST_AUTO_TEST_CASE(imagesAreKnownByTheirFirstBytes) {
  BOOST_TEST(imageType("\xFF\xD8\xFF\xE0") == "image/jpeg");
  BOOST_TEST(imageType("\x89PNG\r\n\x1A\nIHDR") == "image/png");
  BOOST_TEST(imageType("GIF89a") == "image/gif");
  for (const char* text : {"", "\xFF\xD8", "\x89PNG", "{\"errcode\":1}"}) BOOST_TEST(imageType(text) == "");
}

BOOST_AUTO_TEST_SUITE_END()
