#pragma once

#include <openapi/bill/reader.hpp>
#include <openapi/error.hpp>

#include <support/files.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bill_test {

using namespace openapi::bill;
using openapi::Errc;
using openapi::Fen;

/// A bill in memory, handed out `step` bytes at a time.
class TextSource final : public BillSource {
 public:
  explicit TextSource(std::string text, std::size_t step = std::string::npos) : text_{std::move(text)}, step_{step} {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = text_.copy(buffer.data(), std::min(step_, buffer.size()), at_);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t step_;
  std::size_t at_ = 0;
};

inline std::string readFile(const std::string& name) {
  return openapi::test::readFile(openapi::test::sourcePath("tests/" + name));
}

/// A file that is gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) {
    std::string pattern = (std::filesystem::temp_directory_path() / "openapi-bill-XXXXXX").string();
    const int descriptor = mkstemp(pattern.data());
    BOOST_REQUIRE(descriptor >= 0);
    path_ = pattern;
    std::FILE* file = fdopen(descriptor, "wb");
    BOOST_REQUIRE(std::fwrite(content.data(), 1, content.size(), file) == content.size());
    std::fclose(file);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Every field of a row that is not empty, as one text.
class RowText {
 public:
  RowText& add(const char* name, std::string_view value) {
    if (!value.empty()) text_ += std::string{name} + "=" + std::string{value} + "|";
    return *this;
  }
  RowText& add(const char* name, const std::optional<Fen>& value) { return value ? add(name, value->yuan()) : *this; }
  RowText& add(const char* name, const std::optional<Fee>& value) { return value ? add(name, value->yuan()) : *this; }
  RowText& add(const char* name, const std::optional<Rate>& value) { return value ? add(name, value->percent()) : *this; }
  RowText& add(const char* name, const std::optional<std::int64_t>& value) {
    return value ? add(name, std::to_string(*value)) : *this;
  }
  RowText& add(const char* name, const std::optional<Time>& value) {
    return value ? add(name, std::to_string(std::chrono::duration_cast<std::chrono::seconds>(value->time_since_epoch()).count()))
                 : *this;
  }
  RowText& add(std::span<const Cell> extra) {
    for (const auto& cell : extra) add(std::string{cell.name}.c_str(), cell.value);
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline std::string textOf(const TradeRow& row) {
  constexpr const char* kinds[] = {"payment", "refund", "revoked"};
  RowText text;
  text.add("line", std::to_string(row.line)).add("platform", row.platform == Platform::weixin ? "weixin" : "alipay");
  text.add("kind", kinds[static_cast<int>(row.kind)]).add("time", std::optional{row.time});
  text.add("transactionId", row.transactionId).add("outTradeNo", row.outTradeNo).add("totalFee", row.totalFee);
  text.add("refundId", row.refundId).add("outRefundNo", row.outRefundNo).add("refundFee", row.refundFee);
  text.add("refundAppliedFee", row.refundAppliedFee).add("refundType", row.refundType).add("refundState", row.refundState);
  text.add("refundCreateTime", row.refundCreateTime).add("refundSuccessTime", row.refundSuccessTime);
  text.add("body", row.body)
      .add("attach", row.attach)
      .add("fee", row.fee)
      .add("rate", row.rate)
      .add("rateRemark", row.rateRemark);
  text.add("appId", row.appId).add("mchId", row.mchId).add("subMchId", row.subMchId).add("deviceInfo", row.deviceInfo);
  text.add("openid", row.openid).add("tradeType", row.tradeType).add("tradeState", row.tradeState).add("bankType", row.bankType);
  text.add("feeType", row.feeType).add("settlementTotalFee", row.settlementTotalFee).add("couponFee", row.couponFee);
  text.add("couponRefundFee", row.couponRefundFee).add("businessType", row.businessType).add("createTime", row.createTime);
  text.add("buyerLogonId", row.buyerLogonId).add("storeId", row.storeId).add("storeName", row.storeName);
  text.add("operatorId", row.operatorId).add("terminalId", row.terminalId).add("voucherName", row.voucherName);
  text.add("remark", row.remark).add("receiptAmount", row.receiptAmount).add("redPacketAmount", row.redPacketAmount);
  text.add("pointAmount", row.pointAmount).add("discountAmount", row.discountAmount).add("mdiscountAmount", row.mdiscountAmount);
  text.add("voucherAmount", row.voucherAmount).add("merchantRedPacketAmount", row.merchantRedPacketAmount);
  text.add("cardAmount", row.cardAmount).add("royaltyAmount", row.royaltyAmount).add(row.extra);
  return text.text();
}

inline std::string textOf(const FlowRow& row) {
  RowText text;
  text.add("line", std::to_string(row.line)).add("platform", row.platform == Platform::weixin ? "weixin" : "alipay");
  text.add("time", std::optional{row.time}).add("direction", row.direction == Direction::income ? "income" : "expense");
  text.add("amount", std::optional{row.amount}).add("balance", row.balance).add("flowId", row.flowId);
  text.add("transactionId", row.transactionId).add("businessType", row.businessType).add("businessName", row.businessName);
  text.add("remark", row.remark)
      .add("applicant", row.applicant)
      .add("voucherNo", row.voucherNo)
      .add("outTradeNo", row.outTradeNo);
  text.add("body", row.body).add("buyerLogonId", row.buyerLogonId).add("channel", row.channel).add("billSource", row.billSource);
  text.add("businessOrderNo", row.businessOrderNo).add("businessBaseOrderNo", row.businessBaseOrderNo).add(row.extra);
  return text.text();
}

inline std::string textOf(const TotalRow& row) {
  RowText text;
  text.add("line", std::to_string(row.line)).add("storeId", row.storeId).add("storeName", row.storeName);
  text.add("paymentCount", row.paymentCount).add("refundCount", row.refundCount).add("totalFee", row.totalFee);
  text.add("receiptAmount", row.receiptAmount).add("discountAmount", row.discountAmount);
  text.add("mdiscountAmount", row.mdiscountAmount).add("cardAmount", row.cardAmount).add("fee", row.fee);
  text.add("royaltyAmount", row.royaltyAmount).add("netAmount", row.netAmount).add("businessType", row.businessType);
  text.add("incomeCount", row.incomeCount).add("income", row.income).add("expenseCount", row.expenseCount);
  text.add("expense", row.expense).add(row.extra);
  return text.text();
}

inline BillReader readerOf(std::string text, BillOptions options = {}) {
  return BillReader{std::make_unique<TextSource>(std::move(text)), std::move(options)};
}

/// Every row of a bill, as texts.
inline std::vector<std::string> rowsOf(BillReader& reader) {
  std::vector<std::string> rows;
  switch (reader.header().kind) {
    case BillKind::trade:
      while (const auto* row = reader.nextTrade()) rows.push_back(textOf(*row));
      break;
    case BillKind::flow:
      while (const auto* row = reader.nextFlow()) rows.push_back(textOf(*row));
      break;
    default:
      while (const auto* row = reader.nextTotal()) rows.push_back(textOf(*row));
  }
  return rows;
}

inline std::vector<std::string> rowsOf(std::string text, BillOptions options = {}) {
  auto reader = readerOf(std::move(text), std::move(options));
  return rowsOf(reader);
}

/// Rows and problems of a bill that is read to its end.
struct Reading {
  std::vector<std::string> rows{};
  std::vector<std::string> problems{};
  Summary summary{};
};

inline Reading readAll(std::string text, BillOptions options = {}) {
  Reading reading;
  options.onProblem = [&reading](const Problem& problem) { reading.problems.push_back(problem.text()); };
  auto reader = readerOf(std::move(text), std::move(options));
  reading.rows = rowsOf(reader);
  reading.summary = reader.summary();
  return reading;
}

/// The message with which reading the bill fails; fails the test when it does not.
inline std::string refusal(std::string text, BillOptions options = {}) {
  try {
    (void)rowsOf(std::move(text), std::move(options));
  } catch (const openapi::Error& error) {
    BOOST_TEST(toString(error.errc()) == "badResponse");
    return error.what();
  }
  BOOST_ERROR("the bill was accepted");
  return {};
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "nothing to replace: " << from);
  return text.replace(at, from.size(), to);
}

inline std::string joined(const std::vector<std::string>& cells, std::string_view separator) {
  std::string line;
  for (const auto& cell : cells)
    line += (line.empty() && &cell == &cells.front() ? std::string{} : std::string{separator}) + cell;
  return line;
}

}  // namespace bill_test
