// Notifications of WeChat Pay, as anybody on the internet can send them.
#include <chrono>
#include <cstdint>

#include "platforms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = fuzz::weixinSettings();
  openapi::Event event;
  event.body = fuzz::textOf(data, size);
  for (const bool encoded : {false, true}) {
    event.isBase64Encoded = encoded;
    fuzz::expectErrorOr([&] {
      const auto notify = openapi::weixin::paymentNotify(settings, event, std::chrono::system_clock::time_point{});
      fuzz::require(notify.appId == settings.appId && notify.mchId == settings.mchId, "a payment of somebody else");
      fuzz::require(!notify.outTradeNo.empty() && !notify.transactionId.empty(), "a payment without its numbers");
    });
    fuzz::expectErrorOr([&] {
      const auto notify = openapi::weixin::refundNotify(settings, event);
      fuzz::require(notify.appId == settings.appId && notify.mchId == settings.mchId, "a refund of somebody else");
      fuzz::require(!notify.outRefundNo.empty() && !notify.refundStatus.empty(), "a refund without number or status");
    });
  }
  return 0;
}
