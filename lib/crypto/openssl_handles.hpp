#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

namespace openapi::crypto {

/// Frees with the function given.
template <auto release>
struct Free {
  template <class T>
  void operator()(T* handle) const {
    release(handle);
  }
};

template <class T, auto release>
using Handle = std::unique_ptr<T, Free<release>>;

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using CertificateHandle = Handle<X509, X509_free>;
using BioHandle = Handle<BIO, BIO_free_all>;

[[nodiscard]] inline const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace openapi::crypto
