#include <openssl/err.h>

#include "codec/text.hpp"
#include "crypto/client_identity.hpp"
#include "crypto/rsa.hpp"
#include "oracle.hpp"

using namespace openapi::crypto;
using openapi::ClientIdentity;
using openapi::Errc;

namespace {

void requireCleanQueue() { fuzz::require(ERR_peek_error() == 0, "OpenSSL's error queue is not empty"); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::textOf(data, size);
  const std::string base64 = openapi::codec::toBase64(bytes);
  for (const std::string_view text : {bytes, std::string_view{base64}}) {
    const bool isPrivate = fuzz::accepts(Errc::config, [&] { (void)PrivateKey::load(text, "privateKey"); });
    requireCleanQueue();
    const bool isPublic = fuzz::accepts(Errc::config, [&] {
      const auto key = PublicKey::load(text, "publicKey");
      fuzz::require(!key.verify("text", base64, RsaDigest::sha256), "a signature out of nothing");
    });
    requireCleanQueue();
    if (isPrivate && isPublic)
      fuzz::require(bytes.find("-----BEGIN") != std::string_view::npos, "one key both private and public");
  }
  fuzz::accepts(Errc::config,
                [&] { fuzz::require(ClientIdentity::fromP12(bytes, "10000100")->fingerprint().size() == 64, "no fingerprint"); });
  requireCleanQueue();
  fuzz::accepts(Errc::config, [&] { (void)ClientIdentity::fromPem(bytes, bytes); });
  requireCleanQueue();
  return 0;
}
