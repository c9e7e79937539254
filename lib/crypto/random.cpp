#include "crypto/random.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>
#include <openapi/error.hpp>
#include <string_view>

namespace openapi::crypto {

std::string randomText(std::size_t length) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t fair = 256 / alphabet.size() * alphabet.size();  // bytes from here on would favour some letters
  std::string text;
  text.reserve(length);
  std::array<unsigned char, 40> bytes;
  while (text.size() < length) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
      ERR_clear_error();
      throw Error{Errc::config, "the system's random source does not answer"};
    }
    for (const unsigned char byte : bytes) {
      if (byte < fair && text.size() < length) text += alphabet[byte % alphabet.size()];
    }
  }
  return text;
}

}  // namespace openapi::crypto
