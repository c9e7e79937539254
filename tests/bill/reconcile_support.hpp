#pragma once

#include <openapi/bill/reconcile.hpp>

#include <set>
#include <vector>

#include "stamp.hpp"
#include "weixin_bill.hpp"

namespace bill_test {

/// An entry that owns its texts.
struct Booked {
  EntryKind kind = EntryKind::payment;
  std::string outTradeNo{};
  std::string outRefundNo{};
  std::int64_t amount = 8800;
  EntryState state = EntryState::success;
  std::string transactionId{};
  std::optional<Time> time{};
};

inline Booked payment(std::string outTradeNo, std::int64_t amount, EntryState state = EntryState::success) {
  return {EntryKind::payment, std::move(outTradeNo), {}, amount, state, {}, {}};
}

inline Booked refund(std::string outTradeNo, std::string outRefundNo, std::int64_t amount,
                     EntryState state = EntryState::success) {
  return {EntryKind::refund, std::move(outTradeNo), std::move(outRefundNo), amount, state, {}, {}};
}

/// Books in memory, as a user may write them.
class Books final : public Ledger {
 public:
  explicit Books(std::vector<Booked> entries) : entries_{std::move(entries)} {}
  const LedgerEntry* next() override {
    if (at_ == entries_.size()) return nullptr;
    const auto& booked = entries_[at_++];
    entry_ = {booked.kind,          booked.state,       booked.outTradeNo, booked.outRefundNo,
              booked.transactionId, Fen{booked.amount}, booked.time,       at_};
    return &entry_;
  }

 private:
  std::vector<Booked> entries_;
  std::size_t at_ = 0;
  LedgerEntry entry_{};
};

/// A WeChat bill with these rows and their summary.
inline std::string weixinBill(const std::vector<Booked>& rows) {
  std::string text = joined(allNames(), ",");
  Fen paid{};
  Fen refunded{};
  for (const auto& row : rows) {
    const bool back = row.kind == EntryKind::refund;
    const std::string money = Fen{row.amount}.yuan();
    (back ? refunded : paid) += Fen{row.amount};
    const std::string state = row.kind == EntryKind::payment ? "SUCCESS" : back ? "REFUND" : "REVOKED";
    const std::string refundState = row.state == EntryState::success  ? "SUCCESS"
                                    : row.state == EntryState::failed ? "FAIL"
                                                                      : "PROCESSING";
    text += "\r\n`2026-11-21 08:00:00,`wx,`1,`0,`,`" + row.transactionId + ",`" + row.outTradeNo + ",`o,`JSAPI,`" + state +
            ",`CMB,`CNY,`" + (back ? "0.00" : money) + ",`0.00,`" + (back ? "5" : "0") + ",`" + (back ? row.outRefundNo : "0") +
            ",`" + (back ? money : "0.00") + ",`0.00,`" + (back ? "ORIGINAL" : "") + ",`" + (back ? refundState : "") +
            ",`季卡,`a,`0.00000,`0.60%,`" + (back ? "0.00" : money) + ",`" + (back ? money : "0.00") + ",`";
  }
  text += "\r\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`" +
          std::to_string(rows.size()) + ",`" + paid.yuan() + ",`" + refunded.yuan() + ",`0.00,`0.00000,`" + paid.yuan() + ",`" +
          refunded.yuan() + "\r\n";
  return text;
}

inline std::string textOf(const Difference& difference) {
  const auto side = [](const std::optional<Fen>& amount, const std::optional<EntryState>& state, std::string_view id,
                       std::uint64_t line) {
    return (amount ? amount->yuan() : "-") + "/" + (state ? std::string{toString(*state)} : "-") + "/" + std::string{id} + "@" +
           std::to_string(line);
  };
  return std::string{toString(difference.kind)} + " " + std::string{toString(difference.entry)} + " " +
         std::string{difference.outTradeNo} + "|" + std::string{difference.outRefundNo} + " bill " +
         side(difference.billAmount, difference.billState, difference.billTransactionId, difference.billLine) + " ledger " +
         side(difference.ledgerAmount, difference.ledgerState, difference.ledgerTransactionId, difference.ledgerLine);
}

/// What reconciling gives: the differences in order of their texts, and the numbers.
struct Verdict {
  std::multiset<std::string> differences{};
  Reconciliation result{};

  [[nodiscard]] std::string numbers() const {
    std::string text;
    const auto add = [&text](std::uint64_t count) { text += std::to_string(count) + " "; };
    for (const auto* side : {&result.bill, &result.ledger}) {
      add(side->rows);
      add(side->payments);
      add(side->refunds);
      add(side->revoked);
      text += side->paid.yuan() + " " + side->refunded.yuan() + " " + side->revokedAmount.yuan() + " | ";
    }
    add(result.matched);
    add(result.outsidePeriod);
    add(result.unsettled);
    for (const auto count : result.differences) add(count);
    return text;
  }
};

inline Verdict reconciled(const std::string& bill, Ledger& ledger, ReconcileOptions options = {}) {
  Verdict verdict;
  options.onDifference = [&verdict](const Difference& difference) { verdict.differences.insert(textOf(difference)); };
  auto reader = readerOf(bill);
  verdict.result = reconcile(reader, ledger, options);
  std::uint64_t sum = 0;
  for (const auto count : verdict.result.differences) sum += count;
  BOOST_TEST(sum == verdict.differences.size());
  return verdict;
}

inline Verdict reconciled(const std::vector<Booked>& bill, const std::vector<Booked>& ledger, ReconcileOptions options = {}) {
  Books books{ledger};
  return reconciled(weixinBill(bill), books, std::move(options));
}

/// The message of the `Error` of this kind that `work` throws; fails the test when it does not.
template <class Work>
std::string failure(Errc code, const Work& work) {
  try {
    work();
  } catch (const openapi::Error& error) {
    BOOST_TEST_CONTEXT(error.what()) { BOOST_TEST(toString(error.errc()) == toString(code)); }
    return error.what();
  }
  BOOST_ERROR("nothing was thrown");
  return {};
}

/// A folder that is gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "openapi-test-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Every entry of a ledger, as texts.
inline std::vector<std::string> entriesOf(Ledger& ledger) {
  std::vector<std::string> texts;
  while (const auto* entry = ledger.next()) {
    std::string text = std::to_string(entry->line) + " " + std::string{toString(entry->kind)} + " " +
                       std::string{toString(entry->state)} + " " + std::string{entry->outTradeNo} + "|" +
                       std::string{entry->outRefundNo} + "|" + std::string{entry->transactionId} + " " + entry->amount.yuan();
    if (entry->time) text += " " + openapi::formatGmt8(*entry->time, "%Y-%m-%d %H:%M:%S");
    texts.push_back(text);
  }
  return texts;
}

}  // namespace bill_test
