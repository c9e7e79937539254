#include "books.hpp"

namespace demo {

namespace {

std::string key(const std::string& what, const std::string& number) { return what + ' ' + number + ": "; }

template <class Line, class Same, class Words>
void compareLines(const std::string& what, const std::map<std::string, Line>& shop, const std::map<std::string, Line>& platform,
                  const std::string& source, const Same& same, const Words& words, std::vector<std::string>& differences) {
  for (const auto& [number, line] : shop) {
    const auto other = platform.find(number);
    if (other == platform.end()) {
      differences.push_back(key(what, number) + "the shop has " + words(line) + ", " + source + " has none");
    } else if (!same(line, other->second)) {
      const auto gap = yuan(line.amount.count() - other->second.amount.count());
      differences.push_back(key(what, number) + "the shop has " + words(line) + ", " + source + " has " + words(other->second) +
                            " (difference " + gap + " yuan)");
    }
  }
  for (const auto& [number, line] : platform) {
    if (!shop.contains(number)) differences.push_back(key(what, number) + source + " has " + words(line) + ", the shop has none");
  }
}

}  // namespace

Fen Books::totalPaid() const {
  Fen sum{};
  for (const auto& [number, line] : paid) sum += line.amount;
  return sum;
}

Fen Books::totalRefunded() const {
  Fen sum{};
  for (const auto& [number, line] : refunds) sum += line.amount;
  return sum;
}

Books booksOf(const Ledger& ledger, Provider provider) {
  Books books{.source = "the shop"};
  for (const auto& [number, sale] : ledger.sales()) {
    if (sale.provider != provider) continue;
    if (sale.paid != Fen{}) books.paid[number] = {sale.paid, sale.transactionId};
    for (const auto& refund : sale.refunds) {
      if (refund.done) books.refunds[refund.number] = {number, refund.amount};
    }
  }
  return books;
}

std::vector<std::string> compare(const Books& shop, const Books& platform) {
  std::vector<std::string> differences;
  const auto samePaid = [](const PaidLine& a, const PaidLine& b) {
    return a.amount == b.amount && a.transactionId == b.transactionId;
  };
  const auto paidWords = [](const PaidLine& line) { return line.amount.yuan() + " yuan in transaction " + line.transactionId; };
  compareLines("order", shop.paid, platform.paid, platform.source, samePaid, paidWords, differences);
  const auto sameRefund = [](const RefundLine& a, const RefundLine& b) { return a.amount == b.amount && a.order == b.order; };
  const auto refundWords = [](const RefundLine& line) { return line.amount.yuan() + " yuan of order " + line.order; };
  compareLines("refund", shop.refunds, platform.refunds, platform.source, sameRefund, refundWords, differences);
  return differences;
}

std::string yuan(std::int64_t fen) { return fen < 0 ? "-" + Fen{-fen}.yuan() : Fen{fen}.yuan(); }

std::string_view nameOf(Provider provider) { return provider == Provider::weixin ? "WeChat Pay" : "Alipay"; }

}  // namespace demo
