#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace openapi::crypto {

// One-shot digests. The algorithms are fetched once for the process; safe from any thread.
[[nodiscard]] std::array<unsigned char, 16> md5(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 20> sha1(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 32> sha256(std::string_view bytes);
[[nodiscard]] std::array<unsigned char, 32> hmacSha256(std::string_view key, std::string_view bytes);

/// SHA-1 of bytes that come in pieces.
class Sha1 {
 public:
  Sha1();
  void add(std::string_view bytes);
  /// Of all that was added, in lower-case hex. To be called once, at the end.
  [[nodiscard]] std::string hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Equal bytes, in a time that depends on the length only.
[[nodiscard]] bool equalInConstantTime(std::string_view left, std::string_view right);

}  // namespace openapi::crypto
