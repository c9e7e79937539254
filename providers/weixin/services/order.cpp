#include <check.hpp>
#include <codec/ascii.hpp>
#include <stamp.hpp>
#include <weixin/services/services.hpp>

#include <algorithm>
#include <chrono>
#include <string_view>

namespace openapi::weixin {

namespace {

constexpr ServiceOperation uploadShippingInfoOperation{"order.uploadShippingInfo", Verb::post,
                                                       "/wxa/sec/order/upload_shipping_info"};
constexpr ServiceOperation getOrderOperation{"order.getOrder", Verb::post, "/wxa/sec/order/get_order", Answer::json, true};

constexpr std::int64_t byMerchantNumber = 1;
constexpr std::int64_t byTransactionId = 2;
constexpr std::int64_t express = 1;
constexpr std::int64_t inOnePiece = 1;
constexpr std::int64_t inSeveral = 2;
constexpr std::size_t maxParcels = 15;
constexpr std::size_t maxContact = 1024;

void checkKey(const OrderKey& key) {
  const auto type = key.orderNumberType;
  if (type != byMerchantNumber && type != byTransactionId) {
    check::invalid("orderKey.orderNumberType", "must be 1 (mchid and outTradeNo) or 2 (transactionId)");
  }
  if (type == byTransactionId) {
    if (!key.transactionId) check::invalid("orderKey.transactionId", "required with orderNumberType 2");
    check::text("orderKey.transactionId", key.transactionId.value_or(""), 64);
    return;
  }
  if (!key.mchid) check::invalid("orderKey.mchid", "required with orderNumberType 1");
  if (!key.outTradeNo) check::invalid("orderKey.outTradeNo", "required with orderNumberType 1");
  check::text("orderKey.mchid", key.mchid.value_or(""), 32);
  check::text("orderKey.outTradeNo", key.outTradeNo.value_or(""), 64);
}

bool hasContact(const ShippingItem& parcel) {
  return parcel.contact && (parcel.contact->consignorContact || parcel.contact->receiverContact);
}

void checkParcel(const std::string& prefix, const ShippingItem& parcel, std::int64_t logisticsType) {
  check::text(prefix + "itemDesc", parcel.itemDesc, 120);
  check::optionalText(prefix + "trackingNo", parcel.trackingNo, 128);
  check::optionalText(prefix + "expressCompany", parcel.expressCompany, 128);
  if (parcel.contact) {
    check::optionalText(prefix + "contact.consignorContact", parcel.contact->consignorContact, maxContact);
    check::optionalText(prefix + "contact.receiverContact", parcel.contact->receiverContact, maxContact);
  }
  if (logisticsType != express) return;
  if (!parcel.trackingNo) check::invalid(prefix + "trackingNo", "required for express");
  if (!parcel.expressCompany) check::invalid(prefix + "expressCompany", "required for express");
  if (*parcel.expressCompany == "SF" && !hasContact(parcel)) check::invalid(prefix + "contact", "required for SF Express");
}

void checkDelivery(const UploadShippingInfoRequest& request) {
  const auto count = request.shippingList.size();
  if (request.logisticsType < 1 || request.logisticsType > 4) {
    check::invalid("logisticsType", "must be 1 (express), 2 (same city), 3 (virtual) or 4 (self pick-up)");
  }
  if (request.deliveryMode != inOnePiece && request.deliveryMode != inSeveral) {
    check::invalid("deliveryMode", "must be 1 (in one piece) or 2 (in several)");
  }
  if (count == 0) check::invalid("shippingList", "required");
  if (request.deliveryMode == inOnePiece && count != 1)
    check::invalid("shippingList", "must have one element with deliveryMode 1");
  if (count > maxParcels) check::invalid("shippingList", "must have at most 15 elements");
  if (request.deliveryMode != inSeveral) return;
  if (request.logisticsType != express) check::invalid("deliveryMode", "can be 2 for express only");
  if (!request.isAllDelivered) check::invalid("isAllDelivered", "required with deliveryMode 2");
}

/// `2022-12-15T13:29:35.120+08:00`.
std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  const auto digits = std::to_string(1000 + milliseconds).substr(1);
  return formatGmt8(time, "%Y-%m-%dT%H:%M:%S.") + digits + "+08:00";
}

/// `2022-12-15T13:29:35.120+08:00`, the fraction may be absent, `Z` stand for the offset.
bool isRfc3339(std::string_view text) {
  constexpr std::string_view seconds = "0000-00-00T00:00:00";
  constexpr std::string_view offset = "+00:00";
  const auto like = [&](std::string_view part, std::string_view pattern) {
    return std::equal(part.begin(), part.end(), pattern.begin(), pattern.end(), [&](char c, char form) {
      return form == '0' ? codec::isDigit(c) : form == '+' ? c == '+' || c == '-' : c == form;
    });
  };
  if (!like(text.substr(0, seconds.size()), seconds)) return false;
  std::chrono::system_clock::time_point ignored;
  if (!parseGmt8(std::string{text.substr(0, 10)} + ' ' + std::string{text.substr(11, 8)}, ignored)) return false;
  text.remove_prefix(seconds.size());
  if (text.starts_with('.')) {
    const auto end = static_cast<std::size_t>(std::find_if_not(text.begin() + 1, text.end(), codec::isDigit) - text.begin());
    if (end == 1) return false;
    text.remove_prefix(end);
  }
  return text == "Z" || (like(text, offset) && text.substr(1, 2) < "24" && text.substr(4) < "60");
}

ServiceCall shippingCall(const ServiceOperation& operation, const UploadShippingInfoRequest& request) {
  checkKey(request.orderKey);
  checkDelivery(request);
  for (std::size_t at = 0; at < request.shippingList.size(); ++at) {
    checkParcel("shippingList[" + std::to_string(at) + "].", request.shippingList[at], request.logisticsType);
  }
  if (request.uploadTime && !isRfc3339(*request.uploadTime)) {
    check::invalid("uploadTime", "must be a time such as 2022-12-15T13:29:35.120+08:00");
  }
  check::text("payer.openid", request.payer.openid, 128);
  if (request.uploadTime) return callOf(operation, request);
  auto dated = request;
  dated.uploadTime = rfc3339(std::chrono::system_clock::now());
  return callOf(operation, dated);
}

ServiceCall orderCall(const ServiceOperation& operation, const GetOrderRequest& request) {
  if (!request.transactionId && !request.merchantTradeNo) {
    check::invalid("transactionId", "required, or merchantId and merchantTradeNo");
  }
  if (!request.transactionId && !request.merchantId) check::invalid("merchantId", "required with merchantTradeNo");
  check::optionalText("transactionId", request.transactionId, 64);
  check::optionalText("merchantId", request.merchantId, 32);
  check::optionalText("merchantTradeNo", request.merchantTradeNo, 64);
  check::optionalText("subMerchantId", request.subMerchantId, 32);
  return callOf(operation, request);
}

GetOrderResult orderIn(const ServiceAnswer& answer) {
  auto result = resultOf<GetOrderResult>(answer);
  requirePresent("order.transaction_id", result.order.transactionId);
  return result;
}

}  // namespace

Awaitable<UploadShippingInfoResult> Order::uploadShippingInfo(const UploadShippingInfoRequest& request) const {
  return perform(services_, &uploadShippingInfoOperation, request, shippingCall, resultOf<UploadShippingInfoResult>);
}

Awaitable<GetOrderResult> Order::getOrder(const GetOrderRequest& request) const {
  return perform(services_, &getOrderOperation, request, orderCall, orderIn);
}

}  // namespace openapi::weixin
