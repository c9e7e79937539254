#pragma once

#include <openapi/bill/sink.hpp>
#include <openapi/event.hpp>
#include <openapi/fen.hpp>
#include <openapi/json.hpp>
#include <openapi/named_request.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace openapi {

// Requests and results of the unified payment interface. Field names, units and meaning are those of
// the requirement documents; all amounts are fen. A field that a platform did not send is absent.
// `extra` takes any other parameter of the platform's own documents under its camelCase name, and
// carries whatever else came back. All types own what they hold.

struct GetOrderInfoRequest {
  std::optional<std::string> openid{};   ///< the payer; required for mini programs and WeChat JSAPI
  std::optional<std::string> subject{};  ///< order title; required by Alipay, not sent to WeChat
  std::optional<std::string> body{};     ///< goods description; required by WeChat
  std::string outTradeNo{};              ///< the merchant's order number, unique for ever
  Fen totalFee{};                        ///< order amount in fen, at least 1
  std::string notifyUrl{};               ///< where the platform sends the payment notification
  /// Overrides the configuration's: `mp-weixin`, `jsapi`, `app-plus`, `h5`, `native` on WeChat;
  /// `mp-alipay`, `app-plus`, `page`, `wap` on Alipay.
  std::optional<std::string> clientType{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(GetOrderInfoRequest, (), (openid, subject, body, outTradeNo, totalFee, notifyUrl, clientType, extra))

struct GetOrderInfoResult {
  /// What the client needs to pay: an object for WeChat, a text for Alipay. Pass `orderInfo.json()` on
  /// unchanged. WeChat `native` gives `{"codeUrl":…}`, `h5` gives `{"mwebUrl":…}`.
  Json orderInfo{};
};
BOOST_DESCRIBE_STRUCT(GetOrderInfoResult, (), (orderInfo))

struct UnifiedOrderRequest {
  std::optional<std::string> openid{};
  std::optional<std::string> subject{};
  std::optional<std::string> body{};
  std::string outTradeNo{};
  Fen totalFee{};
  std::string notifyUrl{};
  std::optional<std::string> tradeType{};  ///< WeChat: `JSAPI`, `APP`, `MWEB`, `NATIVE`; default by client type
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UnifiedOrderRequest, (), (openid, subject, body, outTradeNo, totalFee, notifyUrl, tradeType, extra))

struct UnifiedOrderResult {
  std::optional<std::string> appId{};
  std::optional<std::string> mchId{};
  std::optional<std::string> outTradeNo{};     ///< Alipay
  std::optional<std::string> transactionId{};  ///< Alipay's trade number
  std::optional<std::string> tradeType{};      ///< WeChat
  std::optional<std::string> prepayId{};       ///< WeChat; valid for 2 hours
  std::optional<std::string> codeUrl{};        ///< WeChat native: the text of the QR code
  std::optional<std::string> mwebUrl{};        ///< WeChat H5: the page that the browser opens
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(UnifiedOrderResult, (),
                      (appId, mchId, outTradeNo, transactionId, tradeType, prepayId, codeUrl, mwebUrl, extra))

/// A WeChat coupon that was used in a payment.
struct Coupon {
  std::optional<std::string> couponId{};
  std::optional<std::string> couponType{};  ///< `CASH`, `NO_CASH`
  std::optional<Fen> couponFee{};
};
BOOST_DESCRIBE_STRUCT(Coupon, (), (couponId, couponType, couponFee))

/// A WeChat coupon that was given back in a refund.
struct RefundCoupon {
  std::optional<std::string> couponRefundId{};
  std::optional<std::string> couponType{};
  std::optional<Fen> couponRefundFee{};
};
BOOST_DESCRIBE_STRUCT(RefundCoupon, (), (couponRefundId, couponType, couponRefundFee))

/// One of the ways in which an Alipay trade was paid, or refunded.
struct FundBill {
  std::optional<std::string> fundChannel{};
  std::optional<std::string> bankCode{};
  std::optional<Fen> amount{};
  std::optional<Fen> realAmount{};
  std::optional<std::string> fundType{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(FundBill, (), (fundChannel, bankCode, amount, realAmount, fundType, extra))

/// One settlement step of an Alipay trade.
struct TradeSettleDetail {
  std::optional<std::string> operationType{};
  std::optional<std::string> operationSerialNo{};
  std::optional<std::string> operationDt{};
  std::optional<std::string> transOut{};
  std::optional<std::string> transIn{};
  std::optional<Fen> amount{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(TradeSettleDetail, (), (operationType, operationSerialNo, operationDt, transOut, transIn, amount, extra))

struct OrderQueryRequest {
  std::optional<std::string> outTradeNo{};     ///< this, or
  std::optional<std::string> transactionId{};  ///< this; the platform prefers it when both are there
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(OrderQueryRequest, (), (outTradeNo, transactionId, extra))

struct OrderQueryResult {
  std::optional<std::string> appId{};  ///< WeChat
  std::optional<std::string> mchId{};  ///< WeChat
  std::optional<std::string> outTradeNo{};
  std::optional<std::string> transactionId{};
  /// WeChat: `SUCCESS`, `REFUND`, `NOTPAY`, `CLOSED`, `REVOKED`, `USERPAYING`, `PAYERROR`.
  /// Alipay: `USERPAYING`, `CLOSED` (never paid, or fully refunded), `SUCCESS`, `FINISHED`.
  std::string tradeState{};
  std::optional<Fen> totalFee{};
  std::optional<Fen> settlementTotalFee{};
  std::optional<Fen> cashFee{};
  std::optional<std::string> openid{};
  std::optional<std::string> feeType{};
  std::optional<std::string> cashFeeType{};
  std::optional<std::string> tradeStateDesc{};  ///< WeChat, as the next ones
  std::optional<std::string> tradeType{};
  std::optional<std::string> bankType{};
  std::optional<std::string> timeEnd{};  ///< yyyyMMddHHmmss, GMT+8
  std::optional<std::string> attach{};
  std::optional<std::string> deviceInfo{};
  std::optional<std::string> isSubscribe{};
  std::optional<Fen> couponFee{};
  std::optional<std::int64_t> couponCount{};
  std::vector<Coupon> couponList{};
  std::optional<std::string> buyerLogonId{};  ///< Alipay, as the next ones
  std::optional<std::string> sendPayDate{};
  std::optional<Fen> payAmount{};
  std::optional<Fen> pointAmount{};
  std::optional<Fen> invoiceAmount{};
  std::optional<Fen> receiptAmount{};
  std::optional<Fen> chargeAmount{};
  std::optional<Fen> discountAmount{};
  std::optional<Fen> mdiscountAmount{};
  std::vector<FundBill> fundBillList{};
  std::vector<TradeSettleDetail> tradeSettleDetailList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(OrderQueryResult, (),
                      (appId, mchId, outTradeNo, transactionId, tradeState, totalFee, settlementTotalFee, cashFee, openid,
                       feeType, cashFeeType, tradeStateDesc, tradeType, bankType, timeEnd, attach, deviceInfo, isSubscribe,
                       couponFee, couponCount, couponList, buyerLogonId, sendPayDate, payAmount, pointAmount, invoiceAmount,
                       receiptAmount, chargeAmount, discountAmount, mdiscountAmount, fundBillList, tradeSettleDetailList, extra))

struct CloseOrderRequest {
  std::optional<std::string> outTradeNo{};     ///< required by WeChat; Alipay: this, or
  std::optional<std::string> transactionId{};  ///< this
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CloseOrderRequest, (), (outTradeNo, transactionId, extra))

struct CloseOrderResult {
  std::optional<std::string> appId{};          ///< WeChat
  std::optional<std::string> mchId{};          ///< WeChat
  std::optional<std::string> outTradeNo{};     ///< Alipay
  std::optional<std::string> transactionId{};  ///< Alipay
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CloseOrderResult, (), (appId, mchId, outTradeNo, transactionId, extra))

struct CancelOrderRequest {
  std::optional<std::string> outTradeNo{};     ///< this, or
  std::optional<std::string> transactionId{};  ///< this
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CancelOrderRequest, (), (outTradeNo, transactionId, extra))

struct CancelOrderResult {
  std::optional<std::string> outTradeNo{};
  std::optional<std::string> transactionId{};
  std::optional<std::string> action{};     ///< `close`: was unpaid; `refund`: was paid, money goes back; absent: no such trade
  std::optional<std::string> retryFlag{};  ///< `Y`: call again with the same number
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(CancelOrderResult, (), (outTradeNo, transactionId, action, retryFlag, extra))

struct RefundRequest {
  std::optional<std::string> outTradeNo{};     ///< this, or
  std::optional<std::string> transactionId{};  ///< this
  std::optional<std::string>
      outRefundNo{};              ///< the merchant's refund number; required by WeChat, and by Alipay for partial refunds
  std::optional<Fen> totalFee{};  ///< the order's amount; required by WeChat
  Fen refundFee{};                ///< the amount of this refund, at least 1 fen
  std::optional<std::string> refundFeeType{};
  std::optional<std::string> refundDesc{};
  std::optional<std::string> notifyUrl{};  ///< WeChat only
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundRequest, (),
                      (outTradeNo, transactionId, outRefundNo, totalFee, refundFee, refundFeeType, refundDesc, notifyUrl, extra))

/// WeChat: the refund was *accepted*; `refundQuery` or the notification tells how it ended.
struct RefundResult {
  std::optional<std::string> appId{};
  std::optional<std::string> mchId{};
  std::optional<std::string> outTradeNo{};
  std::optional<std::string> transactionId{};
  std::optional<std::string> outRefundNo{};  ///< WeChat
  std::optional<std::string> refundId{};
  std::optional<Fen> refundFee{};  ///< WeChat: of this refund. Alipay: refunded so far, of the whole trade
  std::optional<Fen> cashRefundFee{};
  std::optional<Fen> totalFee{};  ///< WeChat, as the next ones
  std::optional<Fen> settlementTotalFee{};
  std::optional<Fen> settlementRefundFee{};
  std::optional<Fen> cashFee{};
  std::optional<std::string> feeType{};
  std::optional<std::string> cashFeeType{};
  std::optional<std::string> refundChannel{};
  std::optional<Fen> couponRefundFee{};
  std::optional<std::int64_t> couponRefundCount{};
  std::vector<RefundCoupon> couponList{};
  std::optional<std::string> openid{};  ///< Alipay, as the next ones
  std::optional<std::string>
      fundChange{};  ///< `Y`: this call moved money. `N`: it did not (a repeat, or not yet): call `refundQuery`
  std::optional<std::string> buyerLogonId{};
  std::optional<Fen> sendBackFee{};
  std::optional<Fen> presentRefundDiscountAmount{};
  std::optional<Fen> presentRefundMdiscountAmount{};
  std::vector<FundBill> refundDetailItemList{};
  Json::Array refundPresetPaytoolList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundResult, (),
                      (appId, mchId, outTradeNo, transactionId, outRefundNo, refundId, refundFee, cashRefundFee, totalFee,
                       settlementTotalFee, settlementRefundFee, cashFee, feeType, cashFeeType, refundChannel, couponRefundFee,
                       couponRefundCount, couponList, openid, fundChange, buyerLogonId, sendBackFee, presentRefundDiscountAmount,
                       presentRefundMdiscountAmount, refundDetailItemList, refundPresetPaytoolList, extra))

struct RefundQueryRequest {
  std::optional<std::string> outTradeNo{};     ///< WeChat: one of the four
  std::optional<std::string> transactionId{};  ///< Alipay: this or outTradeNo
  std::optional<std::string> outRefundNo{};    ///< required by Alipay; if the refund had none, the order number
  std::optional<std::string> refundId{};       ///< WeChat
  std::optional<std::int64_t> offset{};        ///< WeChat: where to go on when there are more than 10 refunds
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundQueryRequest, (), (outTradeNo, transactionId, outRefundNo, refundId, offset, extra))

/// One refund of a WeChat order.
struct RefundItem {
  std::optional<std::string> outRefundNo{};
  std::optional<std::string> refundId{};
  std::optional<std::string> refundChannel{};  ///< `ORIGINAL`, `BALANCE`, `OTHER_BALANCE`, `OTHER_BANKCARD`
  std::optional<Fen> refundFee{};
  std::optional<Fen> settlementRefundFee{};
  std::optional<std::string> refundStatus{};  ///< `SUCCESS`, `REFUNDCLOSE`, `PROCESSING`, `CHANGE`
  std::optional<Fen> couponRefundFee{};
  std::optional<std::int64_t> couponRefundCount{};
  std::optional<std::string> refundAccount{};
  std::optional<std::string> refundRecvAccout{};  ///< the platform's spelling
  std::optional<std::string> refundSuccessTime{};
  std::vector<RefundCoupon> couponList{};
};
BOOST_DESCRIBE_STRUCT(RefundItem, (),
                      (outRefundNo, refundId, refundChannel, refundFee, settlementRefundFee, refundStatus, couponRefundFee,
                       couponRefundCount, refundAccount, refundRecvAccout, refundSuccessTime, couponList))

/// One royalty that an Alipay refund took back: the documented fields, and in `extra` the platform's.
struct RefundRoyalty {
  std::optional<std::string> fundChannel{};
  std::optional<std::string> bankCode{};
  std::optional<Fen> amount{};
  std::optional<Fen> realAmount{};
  std::optional<std::string> fundType{};
  std::optional<Fen> refundAmount{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundRoyalty, (), (fundChannel, bankCode, amount, realAmount, fundType, refundAmount, extra))

struct RefundQueryResult {
  std::optional<std::string> appId{};
  std::optional<std::string> mchId{};
  std::optional<std::string> outTradeNo{};
  std::optional<std::string> transactionId{};
  std::optional<std::string> outRefundNo{};  ///< Alipay
  std::optional<Fen> totalFee{};
  std::optional<std::string> refundId{};  ///< Alipay
  std::optional<Fen> refundFee{};
  std::optional<std::string> refundDesc{};
  /// Alipay: `REFUND_SUCCESS`; absent when the platform knows no such refund, or it failed.
  std::optional<std::string> refundStatus{};
  std::optional<Fen> cashFee{};  ///< WeChat, as the next ones
  std::optional<Fen> settlementTotalFee{};
  std::optional<std::string> feeType{};
  std::optional<std::int64_t> refundCount{};
  std::optional<std::int64_t> totalRefundCount{};
  std::vector<RefundItem> refundList{};
  std::optional<Fen> sendBackFee{};  ///< Alipay, as the next ones
  std::optional<Fen> presentRefundBuyerAmount{};
  std::optional<Fen> presentRefundDiscountAmount{};
  std::optional<Fen> presentRefundMdiscountAmount{};
  std::vector<RefundRoyalty> refundRoyaltys{};
  std::vector<FundBill> refundDetailItemList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundQueryResult, (),
                      (appId, mchId, outTradeNo, transactionId, outRefundNo, totalFee, refundId, refundFee, refundDesc,
                       refundStatus, cashFee, settlementTotalFee, feeType, refundCount, totalRefundCount, refundList, sendBackFee,
                       presentRefundBuyerAmount, presentRefundDiscountAmount, presentRefundMdiscountAmount, refundRoyaltys,
                       refundDetailItemList, extra))

struct DownloadBillRequest {
  std::string billDate{};                 ///< yyyyMMdd (Alipay: yyyyMM too); ready after 10:00 (GMT+8) of the next day
  std::optional<std::string> billType{};  ///< WeChat: `ALL` (default), `SUCCESS`, `REFUND`, `RECHARGE_REFUND`
  std::optional<std::string> tarType{};   ///< WeChat: `GZIP`: travels compressed
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DownloadBillRequest, (), (billDate, billType, tarType, extra))

struct DownloadBillResult {
  std::string content{};  ///< the bill as UTF-8 text, amounts in yuan as the platform wrote them
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DownloadBillResult, (), (content, extra))

struct DownloadFundflowRequest {
  std::string billDate{};                    ///< yyyyMMdd
  std::optional<std::string> accountType{};  ///< WeChat: `Basic` (default), `Operation`, `Fees`
  std::optional<std::string> tarType{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DownloadFundflowRequest, (), (billDate, accountType, tarType, extra))

struct DownloadFundflowResult {
  std::string content{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(DownloadFundflowResult, (), (content, extra))

/// A bill that went to a `BillSink`.
struct SavedBill {
  std::int64_t bytes{};         ///< of the bill as it was written: decompressed, UTF-8
  bool digestVerified = false;  ///< whether the platform sent a digest of the whole, and it fits
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(SavedBill, (), (bytes, digestVerified, extra))

/// A verified payment notification. Compare `totalFee` with the order's amount before you deliver, and
/// take the same notification twice without harm: platforms repeat them.
struct PaymentNotify {
  Fen totalFee{};
  std::optional<Fen> cashFee{};
  std::optional<std::string> feeType{};
  std::string outTradeNo{};
  std::string transactionId{};
  std::optional<std::string> timeEnd{};  ///< yyyyMMddHHmmss, GMT+8
  std::optional<std::string> openid{};
  std::string appId{};
  std::optional<std::string> mchId{};       ///< WeChat
  std::optional<std::string> resultCode{};  ///< `SUCCESS`; Alipay: the trade status without `TRADE_`
  std::optional<std::string> tradeType{};   ///< WeChat, as the next ones
  std::optional<std::string> bankType{};
  std::optional<std::string> attach{};
  std::optional<std::string> isSubscribe{};
  std::optional<std::string> deviceInfo{};
  std::optional<Fen> settlementTotalFee{};
  std::optional<Fen> couponFee{};
  std::optional<std::int64_t> couponCount{};
  std::vector<Coupon> couponList{};
  /// Alipay, as the next ones. Paid: `TRADE_SUCCESS`, `TRADE_FINISHED`; anything else is not a payment.
  std::optional<std::string> tradeStatus{};
  std::optional<std::string> subject{};
  std::optional<std::string> body{};
  std::optional<std::string> sellerId{};
  std::optional<std::string> gmtCreate{};
  std::optional<std::string> gmtPayment{};
  std::optional<std::string> notifyTime{};
  std::optional<std::string> notifyId{};
  std::optional<std::string> notifyType{};
  std::optional<std::string> passbackParams{};  ///< as you sent it, still URL-encoded
  std::optional<Fen> invoiceAmount{};
  std::optional<Fen> receiptAmount{};
  std::optional<Fen> pointAmount{};
  std::optional<Fen> refundFee{};  ///< a refund notification of Alipay: refunded so far
  std::optional<Fen> sendBackFee{};
  std::vector<FundBill> fundBillList{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(PaymentNotify, (),
                      (totalFee, cashFee, feeType, outTradeNo, transactionId, timeEnd, openid, appId, mchId, resultCode,
                       tradeType, bankType, attach, isSubscribe, deviceInfo, settlementTotalFee, couponFee, couponCount,
                       couponList, tradeStatus, subject, body, sellerId, gmtCreate, gmtPayment, notifyTime, notifyId, notifyType,
                       passbackParams, invoiceAmount, receiptAmount, pointAmount, refundFee, sendBackFee, fundBillList, extra))

/// A decrypted refund notification (WeChat). WeChat does not sign it: query before you rely on it.
struct RefundNotify {
  Fen totalFee{};
  Fen refundFee{};
  std::optional<Fen> settlementTotalFee{};
  std::optional<Fen> settlementRefundFee{};
  std::string outTradeNo{};
  std::string transactionId{};
  std::string refundId{};
  std::string outRefundNo{};
  std::string refundStatus{};  ///< `SUCCESS`, `CHANGE`, `REFUNDCLOSE`
  std::optional<std::string> refundAccount{};
  std::optional<std::string> refundRecvAccout{};  ///< the platform's spelling
  std::optional<std::string> successTime{};
  std::optional<Fen> cashRefundFee{};
  std::optional<std::string> refundRequestSource{};
  std::string appId{};
  std::string mchId{};
  Fields extra{};
};
BOOST_DESCRIBE_STRUCT(RefundNotify, (),
                      (totalFee, refundFee, settlementTotalFee, settlementRefundFee, outTradeNo, transactionId, refundId,
                       outRefundNo, refundStatus, refundAccount, refundRecvAccout, successTime, cashRefundFee,
                       refundRequestSource, appId, mchId, extra))

/// The unified payment interface of WeChat Pay and Alipay.
///
/// Every method copies what it needs before it returns, so that
/// `co_spawn(executor, payment.orderQuery(query), token)` is safe with any completion token, and throws
/// `Error` when it is awaited. The work runs on the executor that awaits it. Any number of calls may run at
/// the same time, from any thread. Cancellation (terminal, partial or total) reaches the socket; the error
/// is then `cancelled`, with the outcome that the moment of cancellation means.
/// An operation that a platform lacks fails with `unsupported` before anything is sent.
class Payment {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  virtual ~Payment() = default;

  /// Places an order (or, for Alipay's App and web pages, signs one) and gives what the client needs to pay.
  Awaitable<GetOrderInfoResult> getOrderInfo(const GetOrderInfoRequest& request) { return doGetOrderInfo(request); }
  /// Places an order. Repeating it with the same number and the same content is safe.
  Awaitable<UnifiedOrderResult> unifiedOrder(const UnifiedOrderRequest& request) { return doUnifiedOrder(request); }
  /// The state of an order. An unpaid order is a result, not an error.
  Awaitable<OrderQueryResult> orderQuery(const OrderQueryRequest& request) { return doOrderQuery(request); }
  /// Closes an unpaid order. WeChat: not within five minutes of placing it.
  Awaitable<CloseOrderResult> closeOrder(const CloseOrderRequest& request) { return doCloseOrder(request); }
  /// Alipay only. Undoes an order whose result is unknown: closes it, or gives the money back.
  Awaitable<CancelOrderResult> cancelOrder(const CancelOrderRequest& request) { return doCancelOrder(request); }
  /// Gives money back. The same `outRefundNo` is the same refund, however often it is sent.
  Awaitable<RefundResult> refund(const RefundRequest& request) { return doRefund(request); }
  /// The state of the refunds of an order. A refund that is under way is a result, not an error.
  Awaitable<RefundQueryResult> refundQuery(const RefundQueryRequest& request) { return doRefundQuery(request); }
  /// The trade bill of a day, as text. Large ones: into a sink. When there is none, `whyNoBill` tells why.
  Awaitable<DownloadBillResult> downloadBill(const DownloadBillRequest& request) { return doDownloadBill(request); }
  /// The trade bill of a day, into `sink`: in constant memory, however large. The configured time is for its beginning; then
  /// the bytes must go on coming.
  Awaitable<SavedBill> downloadBill(const DownloadBillRequest& request, std::shared_ptr<BillSink> sink) {
    return doSaveBill(request, std::move(sink));
  }
  /// The fund flow of a day (Alipay: the account bill), as text.
  Awaitable<DownloadFundflowResult> downloadFundflow(const DownloadFundflowRequest& request) {
    return doDownloadFundflow(request);
  }
  /// The same, into `sink`.
  Awaitable<SavedBill> downloadFundflow(const DownloadFundflowRequest& request, std::shared_ptr<BillSink> sink) {
    return doSaveFundflow(request, std::move(sink));
  }
  /// Verifies and decodes a payment notification. `badSignature`, `identityMismatch` and `badResponse` are
  /// forgeries or damage: answer with `notifyReply(provider, false, …)` and change nothing.
  Awaitable<PaymentNotify> verifyPaymentNotify(const Event& event) { return doVerifyPaymentNotify(event); }
  /// WeChat only. Decrypts and decodes a refund notification.
  Awaitable<RefundNotify> verifyRefundNotify(const Event& event) { return doVerifyRefundNotify(event); }

  OPENAPI_NAMED_REQUEST(getOrderInfo, GetOrderInfoRequest);
  OPENAPI_NAMED_REQUEST(unifiedOrder, UnifiedOrderRequest);
  OPENAPI_NAMED_REQUEST(orderQuery, OrderQueryRequest);
  OPENAPI_NAMED_REQUEST(closeOrder, CloseOrderRequest);
  OPENAPI_NAMED_REQUEST(cancelOrder, CancelOrderRequest);
  OPENAPI_NAMED_REQUEST(refund, RefundRequest);
  OPENAPI_NAMED_REQUEST(refundQuery, RefundQueryRequest);
  OPENAPI_NAMED_REQUEST(downloadBill, DownloadBillRequest);
  OPENAPI_NAMED_REQUEST(downloadFundflow, DownloadFundflowRequest);
  OPENAPI_NAMED_REQUEST(verifyPaymentNotify, Event);
  OPENAPI_NAMED_REQUEST(verifyRefundNotify, Event);

 private:
  virtual Awaitable<GetOrderInfoResult> doGetOrderInfo(const GetOrderInfoRequest& request) = 0;
  virtual Awaitable<UnifiedOrderResult> doUnifiedOrder(const UnifiedOrderRequest& request) = 0;
  virtual Awaitable<OrderQueryResult> doOrderQuery(const OrderQueryRequest& request) = 0;
  virtual Awaitable<CloseOrderResult> doCloseOrder(const CloseOrderRequest& request) = 0;
  virtual Awaitable<CancelOrderResult> doCancelOrder(const CancelOrderRequest& request) = 0;
  virtual Awaitable<RefundResult> doRefund(const RefundRequest& request) = 0;
  virtual Awaitable<RefundQueryResult> doRefundQuery(const RefundQueryRequest& request) = 0;
  virtual Awaitable<DownloadBillResult> doDownloadBill(const DownloadBillRequest& request) = 0;
  virtual Awaitable<DownloadFundflowResult> doDownloadFundflow(const DownloadFundflowRequest& request) = 0;
  virtual Awaitable<SavedBill> doSaveBill(const DownloadBillRequest& request, std::shared_ptr<BillSink> sink) = 0;
  virtual Awaitable<SavedBill> doSaveFundflow(const DownloadFundflowRequest& request, std::shared_ptr<BillSink> sink) = 0;
  virtual Awaitable<PaymentNotify> doVerifyPaymentNotify(const Event& event) = 0;
  virtual Awaitable<RefundNotify> doVerifyRefundNotify(const Event& event) = 0;
};

}  // namespace openapi
