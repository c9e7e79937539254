#include "bill/entry.hpp"

#include <algorithm>
#include <cstring>

namespace openapi::bill {
namespace {

enum Flag : std::uint8_t { ledgerHasItFlag = 1, ledgerOnlyFlag = 2, outsidePeriodFlag = 4, droppedFlag = 8 };

struct Head {
  std::uint64_t hash = 0;
  std::uint64_t line = 0;
  std::int64_t amount = 0;
  std::uint16_t tradeLength = 0;
  std::uint16_t refundLength = 0;
  std::uint16_t idLength = 0;
  std::uint8_t kindAndState = 0;
  std::uint8_t flags = 0;
};
static_assert(sizeof(Head) == recordHead);

constexpr unsigned stateShift = 4;
constexpr unsigned kindMask = 15;

std::uint8_t flagsOf(const Entry& entry) {
  return static_cast<std::uint8_t>((entry.ledgerHasIt ? ledgerHasItFlag : 0) | (entry.ledgerOnly ? ledgerOnlyFlag : 0) |
                                   (entry.outsidePeriod ? outsidePeriodFlag : 0) | (entry.dropped ? droppedFlag : 0));
}

char* append(char* to, std::string_view text) { return std::copy(text.begin(), text.end(), to); }

void setFlag(char* record, Flag flag) {
  char& flags = record[offsetof(Head, flags)];
  flags = static_cast<char>(flags | flag);
}

}  // namespace

std::size_t recordSize(const Entry& entry) {
  const std::size_t size = recordHead + entry.outTradeNo.size() + entry.outRefundNo.size() + entry.transactionId.size();
  return (size + recordUnit - 1) / recordUnit * recordUnit;
}

void writeRecord(const Entry& entry, char* to) {
  Head head;
  head.hash = entry.hash;
  head.line = entry.line;
  head.amount = entry.amount.count();
  head.tradeLength = static_cast<std::uint16_t>(entry.outTradeNo.size());
  head.refundLength = static_cast<std::uint16_t>(entry.outRefundNo.size());
  head.idLength = static_cast<std::uint16_t>(entry.transactionId.size());
  head.kindAndState =
      static_cast<std::uint8_t>(static_cast<unsigned>(entry.kind) | static_cast<unsigned>(entry.state) << stateShift);
  head.flags = flagsOf(entry);
  char* const end = to + recordSize(entry);
  std::memcpy(to, &head, sizeof head);
  char* at = append(to + sizeof head, entry.outTradeNo);
  at = append(append(at, entry.outRefundNo), entry.transactionId);
  std::memset(at, 0, static_cast<std::size_t>(end - at));
}

Entry readRecord(const char* record) {
  Head head;
  std::memcpy(&head, record, sizeof head);
  const char* const texts = record + sizeof head;
  Entry entry;
  entry.hash = head.hash;
  entry.line = head.line;
  entry.amount = Fen{head.amount};
  entry.kind = static_cast<EntryKind>(head.kindAndState & kindMask);
  entry.state = static_cast<EntryState>(head.kindAndState >> stateShift);
  entry.ledgerHasIt = (head.flags & ledgerHasItFlag) != 0;
  entry.ledgerOnly = (head.flags & ledgerOnlyFlag) != 0;
  entry.outsidePeriod = (head.flags & outsidePeriodFlag) != 0;
  entry.dropped = (head.flags & droppedFlag) != 0;
  entry.outTradeNo = {texts, head.tradeLength};
  entry.outRefundNo = {texts + head.tradeLength, head.refundLength};
  entry.transactionId = {texts + head.tradeLength + head.refundLength, head.idLength};
  return entry;
}

void markLedgerHasIt(char* record) { setFlag(record, ledgerHasItFlag); }
void markDropped(char* record) { setFlag(record, droppedFlag); }

}  // namespace openapi::bill
