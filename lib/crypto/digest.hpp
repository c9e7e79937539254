#pragma once

#include <array>
#include <string_view>

namespace openapi::crypto {

// One-shot digests. The algorithms are fetched once for the process; safe from any thread.
[[nodiscard]] std::array<unsigned char, 16> md5(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 20> sha1(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 32> sha256(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 32> hmacSha256(std::string_view key, std::string_view bytes);

/// Equal bytes, in a time that depends on the length only.
[[nodiscard]] bool equalInConstantTime(std::string_view left, std::string_view right);

}  // namespace openapi::crypto
