#pragma once

#include <openapi/openapi.hpp>

#include <map>
#include <string>
#include <vector>

namespace demo {

using openapi::Fen;
using openapi::Provider;

enum class State { unpaid, paid, closed, cancelled };

struct RefundEntry {
  std::string number{};
  Fen amount{};
  bool done = false;
};

/// One order as the shop knows it.
struct Sale {
  Provider provider = Provider::weixin;
  std::string clientType{};
  std::string number{};
  Fen amount{};
  State state = State::unpaid;
  std::string transactionId{};
  Fen paid{};
  std::vector<RefundEntry> refunds{};
  openapi::Json orderInfo{};  ///< what the client got

  [[nodiscard]] Fen refunded() const;
  friend bool operator==(const Sale&, const Sale&);
};

enum class Booked { now, already, refused };

/// The shop's books: orders, what was paid for them, what went back. Nothing is booked twice, and no wrong amount.
class Ledger {
 public:
  void open(Sale sale);
  [[nodiscard]] const Sale& at(const std::string& number) const { return sales_.at(number); }
  [[nodiscard]] const Sale* find(const std::string& number) const;
  [[nodiscard]] const std::map<std::string, Sale>& sales() const { return sales_; }

  void keepOrderInfo(const std::string& number, openapi::Json orderInfo) { sales_.at(number).orderInfo = std::move(orderInfo); }
  Booked bookPayment(const std::string& number, const std::string& transactionId, Fen amount);
  void openRefund(const std::string& number, const std::string& refundNumber, Fen amount);
  Booked bookRefund(const std::string& number, const std::string& refundNumber, Fen amount);
  void close(const std::string& number) { sales_.at(number).state = State::closed; }
  /// An undone order; `moneyBack` when it had been paid, all of which then went back.
  void cancel(const std::string& number, const std::string& transactionId, bool moneyBack);

  /// Books one fen too much on the first paid order: a fault that the comparison must find.
  void tamper();

 private:
  std::map<std::string, Sale> sales_;
};

}  // namespace demo
