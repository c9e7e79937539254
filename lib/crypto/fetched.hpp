#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <openapi/error.hpp>
#include <string>

namespace openapi::crypto {

/// A digest algorithm, fetched from OpenSSL's providers.
class FetchedDigest {
 public:
  explicit FetchedDigest(const char* name) : algorithm_{EVP_MD_fetch(nullptr, name, nullptr), &EVP_MD_free} {
    if (algorithm_) return;
    ERR_clear_error();
    throw Error{Errc::config, std::string{"OpenSSL offers no "} + name + ": check its configuration"};
  }
  [[nodiscard]] const EVP_MD* get() const { return algorithm_.get(); }

 private:
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm_;
};

// Fetched once for the process.
[[nodiscard]] const EVP_MD* fetchedMd5();
[[nodiscard]] const EVP_MD* fetchedSha1();
[[nodiscard]] const EVP_MD* fetchedSha256();

}  // namespace openapi::crypto
