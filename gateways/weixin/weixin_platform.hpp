#pragma once

#include <gateways/bill_plan.hpp>
#include <gateways/platform.hpp>
#include <gateways/weixin/bill_rows.hpp>
#include <gateways/weixin/coupon.hpp>
#include <gateways/weixin/message.hpp>
#include <gateways/weixin/rules.hpp>

#include <codec/xml.hpp>
#include <openapi/json.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace openapi::gateway::weixin {

/// One request that passed the checks which all operations share.
struct Call {
  const Request& http;
  codec::FlatXml xml;
  SignType type = SignType::md5;
  std::string key{};
  bool sandbox = false;

  [[nodiscard]] std::string value(std::string_view name) const { return std::string{xml.value(name)}; }
};

struct Order {
  std::int64_t id = 0;
  bool sandbox = false;
  std::string outTradeNo{};
  std::string appId{};
  Json params{};  ///< the request's elements, but those that differ in each request
  SignType signType = SignType::md5;
  std::string state{};
  std::string prepayId{};
  Time created{};
  Time expires{};
  std::int64_t totalFee = 0;
  std::string openid{};
  std::string transactionId{};
  std::string bankType{};
  Time paid{};
  std::vector<Coupon> coupons{};
  std::int64_t settlementFee = 0;  ///< what the merchant gets before the platform's fee
  std::int64_t fee = 0;
  std::string refundResult{};  ///< how refunds of this order end

  [[nodiscard]] std::string param(std::string_view name) const;
  [[nodiscard]] std::int64_t couponFee() const { return sumOf(coupons); }
  [[nodiscard]] std::int64_t cashFee() const { return totalFee - couponFee(); }
  [[nodiscard]] bool isPaid() const { return state == "SUCCESS" || state == "REFUND"; }
};

struct Refund {
  std::int64_t id = 0;
  std::int64_t orderId = 0;
  std::string outRefundNo{};
  std::string refundId{};
  std::int64_t refundFee = 0;
  std::int64_t settlementFee = 0;
  std::int64_t feeReturned = 0;
  std::vector<Coupon> coupons{};  ///< what goes back to each
  Time created{};
  Time finished{};
  std::string result{};
  std::string account{};
  std::string description{};

  [[nodiscard]] std::int64_t couponFee() const { return sumOf(coupons); }
  [[nodiscard]] std::string status(Time now) const { return now < finished ? "PROCESSING" : result; }
  /// Whether its amount may be refunded again.
  [[nodiscard]] bool isClosed(Time now) const { return status(now) == "REFUNDCLOSE"; }
};

/// The local WeChat Pay, APIv2.
///
/// Beyond `POST /pay` (see `pay`) it knows these control routes, all with `"provider":"weixin"`:
/// `POST /withdraw {"amount":fen}` takes money out of the merchant's account, so that refunds meet NOTENOUGH, `POST /deposit`
/// puts some in; `account` is `Basic`, `Operation` or `Fees`; `POST /bill`: see `planBill`; `POST /refundresult
/// {"outTradeNo":…,"status":"SUCCESS"|"CHANGE"|"REFUNDCLOSE"}` says how refunds of an order will end.
class WeixinPlatform : public Platform {
 public:
  WeixinPlatform(WeixinIdentity identity, Services services);

  Reply handle(const Request& request) override;
  std::vector<std::string> faultNames(const Request& request) const override;
  Reply errorReply(const Request& request, const std::string& errCode, const std::string& errMsg) override;
  void spoilSignature(Reply& reply) const override;
  Json orders() override;
  Json refunds() override;
  std::optional<FieldNames> controlFields(std::string_view route) const override;
  /// `outTradeNo`; optional `openid`, `bankType`, `coupons` (`[{"couponId","couponType","couponFee"}]`),
  /// `notifySignType` (`MD5` for an order that asked for HMAC-SHA256), `notifyTimes`, `notifyDelayMs`.
  Json pay(const Json& input) override;
  Json extra(std::string_view route, const Json& input) override;

 private:
  using Operation = Reply (WeixinPlatform::*)(const Call&);
  enum class Failure { common, tradeBill, fundFlow };
  struct Endpoint {
    std::string_view path;
    Operation run;
    std::span<const Rule> (*rules)();
    bool certificate;
    Failure failure;
    bool inSandbox;
  };
  [[nodiscard]] static const Endpoint* endpointOf(std::string_view path);

  // platform.cpp
  Reply serve(const Endpoint& endpoint, const Request& request, bool sandbox);
  Call admit(const Endpoint& endpoint, const Request& request, bool sandbox);
  void checkIdentity(const Call& call) const;
  void checkCertificate(const Endpoint& endpoint, const Call& call) const;
  void checkSign(const Call& call, Failure failure) const;
  [[nodiscard]] Message head(const Call& call) const;
  [[nodiscard]] Reply success(const Call& call, Message content) const;
  [[nodiscard]] Reply refusal(const Call& call, Failure failure, const Refused& refused) const;
  [[nodiscard]] static Reply notAccepted(Failure failure, const std::string& message);
  Reply signKey(const Request& request);
  [[nodiscard]] std::string sandboxKey();

  // orders.cpp
  Reply unifiedOrder(const Call& call);
  Reply orderQuery(const Call& call);
  Reply closeOrder(const Call& call);
  Reply repeatOrder(const Call& call, const Order& order, const Json& params);
  Reply orderAnswer(const Call& call, const std::string& prepayId);
  [[nodiscard]] Time expiryOf(const Call& call) const;
  [[nodiscard]] std::optional<Order> findOrder(std::string_view outTradeNo, bool sandbox);
  [[nodiscard]] std::optional<Order> findTransaction(std::string_view transactionId, bool sandbox);
  [[nodiscard]] std::optional<Order> orderById(std::int64_t id);
  [[nodiscard]] Order orderOf(const Row& row) const;
  void settle(Order& order, const std::string& openid, const std::string& bankType, std::vector<Coupon> coupons);
  [[nodiscard]] Message paymentFields(const Order& order) const;
  void notifyPayment(const Order& order, SignType type, const NotifyOptions& options);
  [[nodiscard]] Json orderJson(const Order& order);
  [[nodiscard]] const std::string& keyFor(bool sandbox);

  // refunds.cpp
  Reply refund(const Call& call);
  Reply refundQuery(const Call& call);
  [[nodiscard]] Order orderToRefund(const Call& call);
  void checkRefund(const Order& order, std::int64_t fee, std::int64_t totalFee);
  Refund acceptRefund(const Call& call, Order& order, std::int64_t fee);
  void notifyRefund(const Call& call, const Order& order, const Refund& refund);
  [[nodiscard]] Reply refundAnswer(const Call& call, const Order& order, const Refund& refund);
  [[nodiscard]] std::optional<Refund> findRefund(std::string_view column, const std::string& number, bool sandbox);
  [[nodiscard]] std::vector<Refund> refundsOf(std::int64_t orderId);
  [[nodiscard]] std::int64_t refunded(const std::vector<Refund>& refunds) const;
  [[nodiscard]] Json refundJson(const Order& order, const Refund& refund) const;
  void limitRefunds(const std::optional<Refused>& outcome);

  // bills.cpp
  Reply downloadBill(const Call& call);
  Reply downloadFundflow(const Call& call);
  enum class BillState { ready, creating, empty, outOfRange };
  [[nodiscard]] BillState billState(Time day, bool sandbox);
  [[nodiscard]] BillPlan planOf(Time day, bool sandbox);
  [[nodiscard]] std::optional<Time> lastEntry(Time day, bool sandbox);
  [[nodiscard]] std::shared_ptr<BodySource> tradeBill(Time day, BillType type, bool sandbox);
  [[nodiscard]] std::shared_ptr<BodySource> fundFlow(Time day, const std::string& account, bool sandbox);
  struct Flow {
    std::string business{};
    std::string name{};
    std::string type{};
    bool income = false;
    std::int64_t amount = 0;
    std::string remark{};
    std::string voucher{};
    std::string account = "Basic";
  };
  void book(bool sandbox, const Flow& flow);
  [[nodiscard]] std::int64_t balance(bool sandbox, const std::string& account = "Basic");
  Json moveMoney(const Json& input, bool income);
  Json planBills(const Json& input);
  Json setRefundResult(const Json& input);

  WeixinIdentity identity_;
  Services services_;
  BillPlans plans_;
  std::string sandboxKeyCache_;
  std::deque<Time> badRefunds_;
  std::optional<Time> blockedUntil_;
};

}  // namespace openapi::gateway::weixin
