#pragma once

#include "async.hpp"
#include "ledger.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace demo {

/// What the shop met during the day.
struct Met {
  int unknownOrders = 0;                   ///< orders whose answer was lost: queried, then repeated with the same number
  int unknownRefunds = 0;                  ///< the same for refunds
  int unknownOthers = 0;                   ///< and for closing and cancelling
  std::vector<openapi::Errc> forgeries{};  ///< why notifications were refused
  int notifications = 0;                   ///< that verified
  int repeated = 0;                        ///< of these: told what was known already
  int paidByQuery = 0;                     ///< orders that no notification had told of yet
  int turnedAway = 0;                      ///< answered with a failure on purpose, so that the platform sends them again
};

/// A shop that sells over both platforms, and believes only what it has verified.
class Shop {
 public:
  Shop(asio::any_io_executor executor, openapi::Payment& weixin, openapi::Payment& alipay, Ledger& ledger);

  /// Where the platforms send notifications; known once the server is up.
  void setUrl(std::string url) { url_ = std::move(url); }
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string notifyUrl(Provider provider) const;
  [[nodiscard]] openapi::GetOrderInfoRequest orderRequest(const Sale& sale) const;

  asio::awaitable<void> place(std::string number);
  /// Waits for the notification; asks the platform when it has not come within `patience`.
  asio::awaitable<void> awaitPayment(std::string number, milliseconds patience);
  asio::awaitable<void> refund(std::string number, std::string refundNumber, Fen amount);
  asio::awaitable<void> close(std::string number);
  asio::awaitable<void> cancel(std::string number);
  /// What the platform says of an order: nothing when it knows none.
  asio::awaitable<std::optional<openapi::OrderQueryResult>> ask(std::string number);

  /// Answers a notification: `/weixin`, `/weixin/refund`, `/alipay`.
  asio::awaitable<openapi::NotifyReply> onNotify(std::string path, openapi::Event event);
  /// The next notification of this order meets a shop whose database is down.
  void failOnce(const std::string& number) { failing_.insert(number); }

  [[nodiscard]] const Met& met() const { return met_; }
  /// A genuine notification that came to `path`: what a forger may have seen.
  [[nodiscard]] const openapi::Event& genuine(const std::string& path) const { return genuine_.at(path); }
  [[nodiscard]] openapi::Payment& payment(Provider provider) const { return provider == Provider::weixin ? weixin_ : alipay_; }

 private:
  /// Asks, and books a payment that it hears of. Whether the order is paid.
  asio::awaitable<bool> learn(std::string number);
  enum class RefundState { absent, underWay, done };
  asio::awaitable<RefundState> learnRefund(std::string number, std::string refundNumber);
  asio::awaitable<bool> takePayment(Provider provider, openapi::Event event);
  asio::awaitable<bool> takeRefund(openapi::Event event);
  [[nodiscard]] Arrival& arrival(const std::string& number);
  bool book(const std::string& number, const std::string& transactionId, Fen amount);

  asio::any_io_executor executor_;
  openapi::Payment& weixin_;
  openapi::Payment& alipay_;
  Ledger& ledger_;
  std::string url_;
  Met met_;
  std::map<std::string, std::unique_ptr<Arrival>> arrivals_;
  std::map<std::string, openapi::Event> genuine_;
  std::set<std::string> failing_;
};

}  // namespace demo
