#include "ledger.hpp"

#include <algorithm>

namespace demo {

Fen Sale::refunded() const {
  Fen sum{};
  for (const auto& refund : refunds) sum += refund.done ? refund.amount : Fen{};
  return sum;
}

bool operator==(const Sale& left, const Sale& right) {
  const auto same = [](const RefundEntry& a, const RefundEntry& b) {
    return a.number == b.number && a.amount == b.amount && a.done == b.done;
  };
  return left.number == right.number && left.amount == right.amount && left.state == right.state && left.paid == right.paid &&
         left.transactionId == right.transactionId &&
         std::equal(left.refunds.begin(), left.refunds.end(), right.refunds.begin(), right.refunds.end(), same);
}

void Ledger::open(Sale sale) {
  auto number = sale.number;
  sales_.emplace(std::move(number), std::move(sale));
}

const Sale* Ledger::find(const std::string& number) const {
  const auto found = sales_.find(number);
  return found == sales_.end() ? nullptr : &found->second;
}

Booked Ledger::bookPayment(const std::string& number, const std::string& transactionId, Fen amount) {
  const auto found = sales_.find(number);
  if (found == sales_.end() || found->second.amount != amount) return Booked::refused;
  auto& sale = found->second;
  if (sale.state == State::unpaid) {
    sale.state = State::paid;
    sale.transactionId = transactionId;
    sale.paid = amount;
    return Booked::now;
  }
  return sale.transactionId == transactionId ? Booked::already : Booked::refused;
}

void Ledger::openRefund(const std::string& number, const std::string& refundNumber, Fen amount) {
  sales_.at(number).refunds.push_back({refundNumber, amount});
}

Booked Ledger::bookRefund(const std::string& number, const std::string& refundNumber, Fen amount) {
  const auto found = sales_.find(number);
  if (found == sales_.end()) return Booked::refused;
  auto& refunds = found->second.refunds;
  const auto refund = std::find_if(refunds.begin(), refunds.end(), [&](const auto& r) { return r.number == refundNumber; });
  if (refund == refunds.end() || refund->amount != amount) return Booked::refused;
  if (refund->done) return Booked::already;
  refund->done = true;
  return Booked::now;
}

void Ledger::cancel(const std::string& number, const std::string& transactionId, bool moneyBack) {
  auto& sale = sales_.at(number);
  sale.state = State::cancelled;
  if (!moneyBack) return;
  sale.transactionId = transactionId;
  sale.paid = sale.amount;
  sale.refunds.push_back({number, sale.amount, true});
}

void Ledger::tamper() {
  const auto paid = [](const auto& entry) { return entry.second.state == State::paid; };
  const auto found = std::find_if(sales_.begin(), sales_.end(), paid);
  if (found != sales_.end()) found->second.paid += Fen{1};
}

}  // namespace demo
