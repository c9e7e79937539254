// The CSV ledger, whole and in pieces, and reconciled with an empty bill.
#include <openapi/bill/reconcile.hpp>

#include "bill/csv_ledger.hpp"
#include "bill_oracle.hpp"

namespace {

using namespace openapi::bill;

/// Bytes that come a few at a time.
class Pieces final : public BillSource {
 public:
  Pieces(std::string_view bytes, std::size_t step) : bytes_{bytes}, step_{step} {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = bytes_.copy(buffer.data(), std::min(step_, buffer.size()));
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
  std::size_t step_;
};

void check(const LedgerEntry& entry) {
  fuzz::require(entry.amount >= openapi::Fen{}, "a negative amount");
  fuzz::require(!entry.outTradeNo.empty(), "an entry without a number");
  fuzz::require(entry.outRefundNo.empty() || entry.kind == EntryKind::refund, "a refund number without a refund");
  for (const auto text : {entry.outTradeNo, entry.outRefundNo, entry.transactionId}) {
    fuzz::require(openapi::codec::isUtf8(text) && text.size() <= 256, "a number that is no text");
  }
}

std::string textOf(const LedgerEntry& entry) {
  return std::to_string(entry.line) + std::string{toString(entry.kind)} + std::string{toString(entry.state)} +
         std::string{entry.outTradeNo} + '|' + std::string{entry.outRefundNo} + '|' + std::string{entry.transactionId} + '|' +
         std::to_string(entry.amount.count()) + (entry.time ? std::to_string(entry.time->time_since_epoch().count()) : "") + '\n';
}

/// Every entry, and the message with which it ends.
std::string readAll(std::string_view text, std::size_t step) {
  std::string result;
  try {
    const auto ledger = readCsvLedger(std::make_unique<Pieces>(text, step), "books.csv");
    while (const auto* entry = ledger->next()) {
      check(*entry);
      result += textOf(*entry);
    }
  } catch (const openapi::Error& error) {
    fuzz::require(error.errc() == openapi::Errc::invalidArgument, "another kind of error");
    fuzz::requireMessage(error.what());
    result += error.what();
  }
  return result;
}

std::string emptyBill() {
  return "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
         "应结订单金额,"
         "代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"
         "订单金额,"
         "申请退款金额,费率备注\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n"
         "`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00\n";
}

/// Every entry is counted once, whatever it is.
void reconcileWithNothing(std::string_view text) {
  const std::string bill = emptyBill();
  BillReader reader{std::make_unique<fuzz::BytesSource>(bill)};
  try {
    const auto ledger = readCsvLedger(std::make_unique<Pieces>(text, text.size() + 1), "books.csv");
    const auto result = reconcile(reader, *ledger);
    const auto counted = result.unsettled + result.outsidePeriod + result.count(DifferenceKind::onlyInLedger) +
                         result.count(DifferenceKind::duplicateInLedger);
    fuzz::require(counted == result.ledger.rows && result.matched == 0, "entries were lost");
  } catch (const openapi::Error& error) {
    fuzz::require(error.errc() == openapi::Errc::invalidArgument, "another kind of error");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::textOf(data, size);
  fuzz::require(readAll(text, size + 1) == readAll(text, 1 + size % 13), "other pieces give another ledger");
  reconcileWithNothing(text);
  return 0;
}
