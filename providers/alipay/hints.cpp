#include <alipay/hints.hpp>

#include <algorithm>
#include <array>

namespace openapi::alipay {

namespace {

struct Hint {
  std::string_view code;
  std::string_view text;
};

constexpr std::string_view wrongSignature =
    "Alipay does not accept the signature: check privateKey, the app's own, and signType, and that the public key registered for "
    "the app in Alipay's console belongs to it";
constexpr std::string_view tooMuch = "the refunds would exceed the order, or a partial refund has no outRefundNo";

constexpr std::array hints{
    Hint{"ACQ.BUYER_NOT_EXIST", "check openid: it is no buyer of Alipay's"},
    Hint{"ACQ.BUYER_SELLER_EQUAL", "the buyer is the merchant"},
    Hint{"ACQ.CONTEXT_INCONSISTENT", "it differs from the first request with this outTradeNo"},
    Hint{"ACQ.DISCORDANT_REPEAT_REQUEST", "the amount differs from that of the first request with this outRefundNo"},
    Hint{"ACQ.REASON_TRADE_REFUND_FEE_ERR", tooMuch},
    Hint{"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", tooMuch},
    Hint{"ACQ.REFUND_FEE_ERROR", tooMuch},
    Hint{"ACQ.SELLER_BALANCE_NOT_ENOUGH", "the balance does not suffice; send it again, with the same number, when it does"},
    Hint{"ACQ.SELLER_NOT_EXIST", "check mchId"},
    Hint{"ACQ.SYSTEM_ERROR", "Alipay does not know what became of it"},
    Hint{"ACQ.TOTAL_FEE_EXCEED", "totalFee is more than Alipay takes"},
    Hint{"ACQ.TRADE_HAS_CLOSE", "the trade is closed: never paid, or fully refunded"},
    Hint{"ACQ.TRADE_HAS_FINISHED", "the trade can no longer be refunded"},
    Hint{"ACQ.TRADE_HAS_SUCCESS", "the order is paid"},
    Hint{"ACQ.TRADE_NOT_EXIST", "Alipay has no such trade, or the buyer has not opened it yet"},
    Hint{"ACQ.TRADE_STATUS_ERROR", "the state of the trade does not allow it: query the order"},
    Hint{"isv.code-invalid", "the login code is wrong, used or too old"},
    Hint{"isv.invalid-app-id", "check appId, and that gateway is its: Alipay's sandbox has apps of its own"},
    Hint{"isv.invalid-signature", wrongSignature},
    Hint{"isv.invalid-signature-type", wrongSignature},
    Hint{"isv.missing-signature", wrongSignature},
    Hint{"isv.missing-signature-config", wrongSignature},
};

}  // namespace

std::string_view hintOf(std::string_view errCode) {
  const auto isCode = [errCode](const Hint& hint) { return hint.code == errCode; };
  const auto* found = std::find_if(hints.begin(), hints.end(), isCode);
  return found == hints.end() ? std::string_view{} : found->text;
}

}  // namespace openapi::alipay
