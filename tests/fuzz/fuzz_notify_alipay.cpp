// Notifications of Alipay, as anybody on the internet can send them.
#include <chrono>
#include <cstdint>

#include "platforms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto settings = fuzz::alipaySettings();
  openapi::Event event;
  event.body = fuzz::textOf(data, size);
  for (const bool encoded : {false, true}) {
    event.isBase64Encoded = encoded;
    fuzz::expectErrorOr([&] {
      const auto notify = openapi::alipay::paymentNotify(settings, event, std::chrono::system_clock::time_point{});
      fuzz::require(notify.appId == settings.appId, "a payment of another application");
      fuzz::require(!notify.outTradeNo.empty() && !notify.transactionId.empty(), "a payment without its numbers");
      fuzz::requireWritable(notify);
    });
  }
  return 0;
}
