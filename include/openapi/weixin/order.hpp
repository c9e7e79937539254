#pragma once

#include <openapi/fen.hpp>
#include <openapi/weixin/service.hpp>

#include <vector>

namespace openapi::weixin {

/// Which payment: `transactionId` with type 2, or `mchid` and `outTradeNo` with type 1.
struct OrderKey {
  std::int64_t orderNumberType{};
  std::optional<std::string> transactionId{};
  std::optional<std::string> mchid{};
  std::optional<std::string> outTradeNo{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(OrderKey, (), (orderNumberType, transactionId, mchid, outTradeNo, extra))

/// Phone numbers masked: `189****1234`.
struct ShippingContact {
  std::optional<std::string> consignorContact{};
  std::optional<std::string> receiverContact{};
};
BOOST_DESCRIBE_STRUCT(ShippingContact, (), (consignorContact, receiverContact))

struct ShippingItem {
  std::optional<std::string> trackingNo{};      ///< required for `logisticsType` 1
  std::optional<std::string> expressCompany{};  ///< the company's id; required for `logisticsType` 1
  std::string itemDesc{};                       ///< what is in it, 1 to 120 characters
  std::optional<ShippingContact> contact{};     ///< one of the two is required for SF Express
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ShippingItem, (), (trackingNo, expressCompany, itemDesc, contact, extra))

struct Payer {
  std::string openid{};
};
BOOST_DESCRIBE_STRUCT(Payer, (), (openid))

struct UploadShippingInfoRequest {
  std::optional<std::string> accessToken{};
  OrderKey orderKey{};
  std::int64_t logisticsType{};              ///< 1 express, 2 same city, 3 virtual, 4 self pick-up
  std::int64_t deliveryMode{};               ///< 1 in one piece, 2 in several (express only)
  std::optional<bool> isAllDelivered{};      ///< required with `deliveryMode` 2
  std::vector<ShippingItem> shippingList{};  ///< required: one with `deliveryMode` 1, else 1 to 15
  std::optional<std::string> uploadTime{};   ///< RFC 3339 with milliseconds and offset; default: now
  Payer payer{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UploadShippingInfoRequest, (),
                      (accessToken, orderKey, logisticsType, deliveryMode, isAllDelivered, shippingList, uploadTime, payer,
                       extra))
using UploadShippingInfoResult = ServiceResult;

struct GetOrderRequest {
  std::optional<std::string> accessToken{};
  std::optional<std::string> transactionId{};  ///< or the next two
  std::optional<std::string> merchantId{};
  std::optional<std::string> merchantTradeNo{};
  std::optional<std::string> subMerchantId{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetOrderRequest, (), (accessToken, transactionId, merchantId, merchantTradeNo, subMerchantId, extra))

struct ShippedItem {
  std::optional<std::string> trackingNo{};
  std::optional<std::string> expressCompany{};
  std::optional<std::string> goodsDesc{};
  std::optional<std::int64_t> uploadTime{};  ///< seconds since 1970
  std::optional<ShippingContact> contact{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ShippedItem, (), (trackingNo, expressCompany, goodsDesc, uploadTime, contact, extra))

struct Shipping {
  std::optional<std::int64_t> deliveryMode{};
  std::optional<std::int64_t> logisticsType{};
  std::optional<bool> finishShipping{};
  std::optional<std::string> goodsDesc{};
  std::optional<std::int64_t> finishShippingCount{};
  std::vector<ShippedItem> shippingList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(Shipping, (),
                      (deliveryMode, logisticsType, finishShipping, goodsDesc, finishShippingCount, shippingList, extra))

struct ShippingOrder {
  std::string transactionId{};
  std::string merchantTradeNo{};
  std::optional<std::string> merchantId{};
  std::optional<std::string> subMerchantId{};
  std::optional<std::string> description{};
  std::optional<Fen> paidAmount{};  ///< fen
  std::optional<std::string> openid{};
  std::optional<std::int64_t> tradeCreateTime{};  ///< seconds since 1970
  std::optional<std::int64_t> payTime{};          ///< seconds since 1970
  std::int64_t orderState{};  ///< 1 to ship, 2 shipped, 3 receipt confirmed, 4 finished, 5 refunded, 6 settled
  std::optional<bool> inComplaint{};
  std::optional<Shipping> shipping{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(ShippingOrder, (),
                      (transactionId, merchantTradeNo, merchantId, subMerchantId, description, paidAmount, openid,
                       tradeCreateTime, payTime, orderState, inComplaint, shipping, extra))

struct GetOrderResult {
  std::int64_t errCode = 0;
  std::string errMsg = "ok";
  ShippingOrder order{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetOrderResult, (), (errCode, errMsg, order, extra))

/// Shipping information, without which mini programs of many trades do not get their money.
/// https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html
class Order {
 public:
  explicit Order(SharedServices services) : services_{std::move(services)} {}

  /// Says that an order was shipped; once more is possible, with a later `uploadTime`. `10060001` right after the payment:
  /// the platform does not know the order yet, try again in some seconds.
  Awaitable<UploadShippingInfoResult> uploadShippingInfo(const UploadShippingInfoRequest& request) const;
  /// The state of an order's shipping.
  Awaitable<GetOrderResult> getOrder(const GetOrderRequest& request) const;

  OPENAPI_NAMED_REQUEST(uploadShippingInfo, UploadShippingInfoRequest);
  OPENAPI_NAMED_REQUEST(getOrder, GetOrderRequest);

 private:
  SharedServices services_;
};

}  // namespace openapi::weixin
