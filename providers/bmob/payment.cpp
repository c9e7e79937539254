#include <bmob/services.hpp>

namespace openapi::bmob {

namespace {

constexpr Operation refundOperation{"payment.refund", Verb::post};
constexpr Fen maxRefund{100'000'000'00};

/// `88` for 88.00 yuan, `88.8`, `88.08`: the shortest decimal number, as JavaScript writes it.
Json yuan(Fen amount) {
  auto text = amount.yuan();
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return Json::Number{text};
}

Call refundCall(const RefundRequest& request) {
  check::number("orderNo", request.orderNo, 64, "_-");
  check::amount("refundFee", request.refundFee, maxRefund);
  check::text("desc", request.desc, 512);
  return jsonCall(pathOf({"1", "pay", "refund"}),
                  Fields{{"order_no", request.orderNo}, {"refund_fee", yuan(request.refundFee)}, {"desc", request.desc}});
}

RefundResult refundedIn(const Json& json) { return resultOf<RefundResult>(json); }

}  // namespace

Awaitable<RefundResult> Payment::refund(const RefundRequest& request) const {
  return perform(services_, &refundOperation, request, refundCall, refundedIn);
}

}  // namespace openapi::bmob
