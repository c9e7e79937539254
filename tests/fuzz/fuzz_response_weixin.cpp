// Answers of WeChat Pay, hostile or damaged: every operation reads every input.
#include <cstdint>
#include <string>
#include <vector>

#include "platforms.hpp"

using namespace openapi;

namespace {

template <class Request>
void decodeAs(const weixin::PaymentSettings& settings, const HttpResponse& response) {
  fuzz::expectErrorOr([&] { (void)weixin::decode(settings, Request{}, response); });
}

/// The same fields with a right signature, so that the reader behind the verifier is reached too.
std::string resigned(const weixin::PaymentSettings& settings, const std::string& body) {
  try {
    const auto document = codec::FlatXml::parse(body, "xml");
    marshal::FlatFields fields{{"appid", settings.appId}, {"mch_id", settings.mchId}};
    for (const auto& field : document.fields()) {
      const bool ours = field.name == "sign" || field.name == "appid" || field.name == "mch_id";
      if (!ours) fields.emplace_back(field.name, field.value);
    }
    std::vector<crypto::NamedValue> named;
    for (const auto& [name, value] : fields) named.emplace_back(name, value);
    fields.emplace_back("sign", weixin::sign(named, settings.key, weixin::SignType::md5));
    return codec::writeXml("xml", fields);
  } catch (const Error&) {
    return body;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = fuzz::weixinSettings();
  HttpResponse response{.status = 200, .headers = {}, .body = std::string{fuzz::textOf(data, size)}};
  const std::string twin = resigned(settings, response.body);
  for (int round = 0; round < 2; ++round) {
    decodeAs<UnifiedOrderRequest>(settings, response);
    decodeAs<OrderQueryRequest>(settings, response);
    decodeAs<CloseOrderRequest>(settings, response);
    decodeAs<RefundRequest>(settings, response);
    decodeAs<RefundQueryRequest>(settings, response);
    decodeAs<DownloadBillRequest>(settings, response);
    decodeAs<DownloadFundflowRequest>(settings, response);
    fuzz::expectErrorOr([&] { fuzz::require(!weixin::decodeSandboxKey(settings, response).empty(), "an empty sandbox key"); });
    response.body = twin;
  }
  return 0;
}
