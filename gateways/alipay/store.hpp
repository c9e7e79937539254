#pragma once

#include <openapi/fen.hpp>

#include <gateways/clock.hpp>
#include <gateways/database.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace openapi::gateway::alipay {

// The trade_status of section 9; an order whose QR code nobody scanned yet has none.
inline constexpr auto waitBuyerPay = "WAIT_BUYER_PAY";
inline constexpr auto tradeSuccess = "TRADE_SUCCESS";
inline constexpr auto tradeFinished = "TRADE_FINISHED";
inline constexpr auto tradeClosed = "TRADE_CLOSED";

struct Trade {
  std::int64_t id = 0;
  std::string outTradeNo{};
  std::string tradeNo{};
  std::string method{};
  std::string status{};
  Fen total{};
  Fen refunded{};
  std::string fingerprint{};
  std::string subject{};
  std::string body{};
  std::string buyerId{};
  std::string buyerOpenId{};
  bool buyerFixed = false;  ///< the merchant said who pays
  std::string passbackParams{};
  std::string storeId{};
  std::string operatorId{};
  std::string terminalId{};
  std::string authCode{};
  std::string qrCode{};
  std::string notifyUrl{};
  std::string returnUrl{};
  std::string charset{};
  std::string signType{};
  std::string cancelAction{};  ///< what alipay.trade.cancel did
  Time created{};
  Time expires{};
  std::optional<Time> paid{};
  std::optional<Time> closed{};

  [[nodiscard]] bool opened() const { return !status.empty(); }
};

struct Refund {
  std::int64_t id = 0;
  std::int64_t tradeId = 0;
  std::string outRequestNo{};
  Fen amount{};
  std::string reason{};
  Time time{};
};

/// A refund together with its trade.
struct RefundedTrade {
  Trade trade{};
  Refund refund{};
};

/// What the local Alipay remembers.
class Store {
 public:
  explicit Store(Database& database);

  [[nodiscard]] std::optional<Trade> byOutTradeNo(const std::string& outTradeNo);
  [[nodiscard]] std::optional<Trade> byTradeNo(const std::string& tradeNo);
  [[nodiscard]] bool authCodeUsed(const std::string& authCode, const std::string& exceptOutTradeNo);
  /// Writes a new trade and sets its id.
  void insert(Trade& trade);
  void update(const Trade& trade);
  [[nodiscard]] std::vector<Trade> trades();
  [[nodiscard]] std::vector<Trade> paidBetween(Time from, Time to);
  /// Unpaid trades whose time is over.
  [[nodiscard]] std::vector<Trade> expired(Time now);
  /// Paid trades that were paid before `limit` and can still be refunded.
  [[nodiscard]] std::vector<Trade> refundableSince(Time limit);

  void insert(const Refund& refund);
  [[nodiscard]] std::optional<Refund> refund(std::int64_t tradeId, const std::string& outRequestNo);
  [[nodiscard]] std::vector<RefundedTrade> refunds();
  [[nodiscard]] std::vector<RefundedTrade> refundsBetween(Time from, Time to);
  /// Received minus refunded before `time`.
  [[nodiscard]] Fen balanceAt(Time time);

 private:
  [[nodiscard]] std::vector<RefundedTrade> withTrades(const std::vector<Row>& rows);
  Database& database_;
};

}  // namespace openapi::gateway::alipay
