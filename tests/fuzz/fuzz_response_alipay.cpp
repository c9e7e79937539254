// Answers of Alipay's gateway, hostile or damaged: every operation reads every input.
#include <cstdint>
#include <string>

#include "platforms.hpp"

using namespace openapi;

namespace {

template <class Request>
void decodeAs(const alipay::Settings& settings, const HttpResponse& response) {
  fuzz::expectErrorOr([&] { fuzz::requireWritable(alipay::decode(settings, Request{}, response)); });
}

std::string answerOf(const char* name, const std::string& node, const std::string& sign) {
  return std::string{"{\""} + name + "\":" + node + ",\"sign\":\"" + sign + "\"}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = fuzz::alipaySettings();
  static const auto platformKey = crypto::PrivateKey::load(fuzz::readKey("alipay_private_pkcs8.pem"), "platform");
  const std::string text{fuzz::textOf(data, size)};
  HttpResponse response{.status = 200, .headers = {}, .body = text};
  decodeAs<OrderQueryRequest>(settings, response);
  decodeAs<UnifiedOrderRequest>(settings, response);
  decodeAs<alipay::Code2SessionRequest>(settings, response);
  // A node with a right signature, so that the reader behind the verifier is reached too; not always, as signing is slow.
  if (size == 0 || data[size - 1] % 16 != 0) return 0;
  const std::string node = text.substr(0, size - 1);
  const auto sign = platformKey.sign(node, crypto::RsaDigest::sha256);
  response.body = answerOf("alipay_trade_query_response", node, sign);
  decodeAs<OrderQueryRequest>(settings, response);
  response.body = answerOf("alipay_trade_refund_response", node, sign);
  decodeAs<RefundRequest>(settings, response);
  response.body = answerOf("alipay_trade_fastpay_refund_query_response", node, sign);
  decodeAs<RefundQueryRequest>(settings, response);
  return 0;
}
