#include <weixin/payment_hints.hpp>

#include <algorithm>
#include <array>

namespace openapi::weixin {

namespace {

struct Hint {
  std::string_view sign;  ///< a code, or a part of the text
  std::string_view text;
};

constexpr std::string_view wrongSignature =
    "WeChat does not accept the signature: check key, the merchant's APIv2 key, and signType; until they are right a query fails "
    "as well";

constexpr std::array codes{
    Hint{"APPID_MCHID_NOT_MATCH", "appId and mchId do not belong together"},
    Hint{"APPID_NOT_EXIST", "check appId"},
    Hint{"FREQUENCY_LIMITED", "too many requests: wait, then send the same again"},
    Hint{"INVALID_REQUEST",
         "it differs from the first request with this number, or breaks a rule: a refund may not exceed what is left of the "
         "order"},
    Hint{"INVALID_REQ_TOO_MUCH", "too many requests were refused: wait a minute, and correct them"},
    Hint{"INVALID_TRANSACTIONID", "there is no such transactionId"},
    Hint{"MCHID_NOT_EXIST", "check mchId"},
    Hint{"NOAUTH", "the merchant lacks the permission for it: see WeChat Pay's console"},
    Hint{"NOTENOUGH", "the balance does not suffice; a refund may be sent again, with the same number, when it does"},
    Hint{"NO_BILL_EXIST", "there is no bill of this day, or not yet: it is ready after 10:00 (GMT+8) of the next"},
    Hint{"20002", "there is no bill of this day, or not yet: it is ready after 10:00 (GMT+8) of the next"},
    Hint{"ORDERCLOSED", "the order is closed: a new one needs a new outTradeNo"},
    Hint{"ORDERNOTEXIST", "WeChat has no such order"},
    Hint{"ORDERPAID", "the order is paid"},
    Hint{"OUT_TRADE_NO_USED", "this outTradeNo was used before"},
    Hint{"REFUNDNOTEXIST", "WeChat has no such refund"},
    Hint{"REFUND_FEE_MISMATCH",
         "totalFee or refundFee differs from the order's, or from the first request with this outRefundNo"},
    Hint{"SIGNERROR", wrongSignature},
    Hint{"SIGN_ERROR", wrongSignature},
    Hint{"SYSTEMERROR", "WeChat does not know what became of it"},
    Hint{"TRADE_OVERDUE", "the order is too old to be refunded"},
    Hint{"USER_ACCOUNT_ABNORMAL", "the payer's account is closed: give the money back another way"},
};

/// Of refusals without a code: what their text holds.
constexpr std::array texts{
    Hint{"签名", wrongSignature},
    Hint{"SIGN ERROR", wrongSignature},
    Hint{"证书", "check pfx, or certificate and certificateKey: they are not this merchant's"},
    Hint{"appid", "check appId, and that it belongs to mchId"},
    Hint{"mch_id", "check mchId"},
};

}  // namespace

std::string_view paymentHint(std::string_view errCode, std::string_view errMsg) {
  const auto isCode = [errCode](const Hint& hint) { return hint.sign == errCode; };
  if (const auto* code = std::find_if(codes.begin(), codes.end(), isCode); code != codes.end()) return code->text;
  if (errCode != "FAIL" && errCode != "20001") return {};
  const auto isIn = [errMsg](const Hint& hint) { return errMsg.find(hint.sign) != std::string_view::npos; };
  const auto* text = std::find_if(texts.begin(), texts.end(), isIn);
  return text == texts.end() ? std::string_view{} : text->text;
}

}  // namespace openapi::weixin
