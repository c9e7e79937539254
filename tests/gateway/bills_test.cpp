// Bills into files, from the local platforms over sockets: complete or absent.
#include <boost/test/unit_test.hpp>

#include <openapi/bill/absence.hpp>
#include <openapi/bill/reader.hpp>

#include "gateway/bill_day.hpp"

#include <fstream>
#include <set>
#include <string>

using namespace bill_day;

BOOST_AUTO_TEST_SUITE(bills)

BOOST_AUTO_TEST_CASE(weixin_plain_and_gzip) {
  auto weixin = day().weixin();
  DownloadBillRequest request{.billDate = day().today};
  const auto text = wait(weixin.payment.downloadBill(request)).content;
  const auto saved = save(weixin.payment, request, day().file("plain.csv"));
  BOOST_TEST(static_cast<std::size_t>(saved.bytes) == text.size());
  BOOST_TEST(test::readFile(day().file("plain.csv")) == text);
  request.tarType = "GZIP";
  (void)save(weixin.payment, request, day().file("packed.csv"));
  BOOST_TEST(test::readFile(day().file("packed.csv")) == text);

  bill::BillReader reader{day().file("plain.csv")};
  Fen paid{};
  Fen refunded{};
  while (const auto* row = reader.nextTrade()) {
    paid = Fen{paid.count() + row->totalFee.value_or(Fen{}).count()};
    refunded = Fen{refunded.count() + row->refundFee.value_or(Fen{}).count()};
  }
  BOOST_TEST(paid.count() == 600);
  BOOST_TEST(refunded.count() == 100);
  BOOST_TEST(reader.summary().agrees());
  fs::remove(day().file("plain.csv"));
  fs::remove(day().file("packed.csv"));
}

BOOST_AUTO_TEST_CASE(weixin_fund_flow_has_a_digest) {
  auto weixin = day().weixin();
  const DownloadFundflowRequest request{.billDate = day().today, .tarType = "GZIP"};
  const auto saved = wait(weixin.payment.downloadFundflow(request, bill::makeBillFile(day().file("flow.csv"))));
  BOOST_TEST(saved.digestVerified);
  bill::BillReader reader{day().file("flow.csv")};
  std::size_t rows = 0;
  while (reader.nextFlow() != nullptr) ++rows;
  BOOST_TEST(rows >= 4U);
  fs::remove(day().file("flow.csv"));
}

BOOST_AUTO_TEST_CASE(alipay_trade_and_account) {
  auto alipay = day().alipay();
  const DownloadBillRequest request{.billDate = day().today};
  (void)save(alipay.payment, request, day().file("trade.csv"));
  const auto text = wait(alipay.payment.downloadBill(request)).content;
  // The time of the export differs.
  BOOST_TEST(test::readFile(day().file("trade.csv")).substr(0, 400) == text.substr(0, 400));
  bill::BillReader reader{day().file("trade.csv")};
  std::set<std::string> numbers;
  while (const auto* row = reader.nextTrade()) numbers.emplace(row->outTradeNo);
  BOOST_TEST((numbers == std::set<std::string>{"B1", "B2", "B3"}));
  const DownloadFundflowRequest flow{.billDate = day().today};
  (void)wait(alipay.payment.downloadFundflow(flow, bill::makeBillFile(day().file("account.csv"))));
  bill::BillReader account{day().file("account.csv")};
  (void)account.finish();
  fs::remove(day().file("trade.csv"));
  fs::remove(day().file("account.csv"));
}

BOOST_AUTO_TEST_CASE(faults_leave_no_file) {
  auto weixin = day().weixin();
  DownloadBillRequest request{.billDate = day().today};
  for (const char* tarType : {"", "GZIP"}) {
    request.tarType = *tarType != '\0' ? std::optional<std::string>{tarType} : std::nullopt;
    for (const char* kind : {"truncate", "dropBeforeCommit", "dropAfterCommit"}) {
      day().fault("/pay/downloadbill", kind);
      BOOST_TEST_CONTEXT(kind << ' ' << tarType) {
        (void)failureOf([&] { (void)save(weixin.payment, request, day().file("bill.csv")); });
        BOOST_TEST(day().files().empty());
      }
    }
    day().fault("/pay/downloadbill", "status", Fields{{"status", 502}});
    const auto status = failureOf([&] { (void)save(weixin.payment, request, day().file("bill.csv")); });
    BOOST_TEST(toString(status.errc()) == "httpStatus");
    day().fault("/pay/downloadbill", "errorCode", Fields{{"errCode", "20100"}, {"errMsg", "SYSTEMERROR"}});
    const auto refused = failureOf([&] { (void)save(weixin.payment, request, day().file("bill.csv")); });
    BOOST_TEST(toString(refused.errc()) == "rejected");
    BOOST_TEST(day().files().empty());
  }
  auto alipay = day().alipay();
  day().fault("/downloadBillFile.resource", "truncate");
  (void)failureOf([&] { (void)save(alipay.payment, DownloadBillRequest{.billDate = day().today}, day().file("bill.csv")); });
  BOOST_TEST(day().files().empty());
}

BOOST_AUTO_TEST_CASE(an_old_file_stays_until_the_new_one_is_complete) {
  auto weixin = day().weixin();
  const DownloadBillRequest request{.billDate = day().today};
  std::ofstream{day().file("bill.csv")} << "old";
  day().fault("/pay/downloadbill", "truncate");
  (void)failureOf([&] { (void)save(weixin.payment, request, day().file("bill.csv")); });
  BOOST_TEST(test::readFile(day().file("bill.csv")) == "old");
  (void)save(weixin.payment, request, day().file("bill.csv"));
  BOOST_TEST(test::readFile(day().file("bill.csv")).size() > 100U);
  BOOST_TEST((day().files() == std::set<std::string>{"bill.csv"}));
  fs::remove(day().file("bill.csv"));
}

BOOST_AUTO_TEST_CASE(one_download_of_a_file_at_a_time) {
  const auto first = bill::makeBillFile(day().file("bill.csv"));
  const auto second = failureOf([&] { (void)bill::makeBillFile(day().file("bill.csv")); });
  BOOST_TEST(toString(second.errc()) == "config");
  BOOST_TEST(std::string{second.what()}.find("under way") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(folder_that_is_not_there) {
  const auto missing = failureOf([&] { (void)bill::makeBillFile(day().file("none/bill.csv")); });
  BOOST_TEST(toString(missing.errc()) == "config");
  BOOST_TEST(std::string{missing.what()}.find("none") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(why_there_is_no_bill) {
  auto weixin = day().weixin();
  const auto now = std::chrono::system_clock::now() + std::chrono::days{1};  // the platforms' clock
  const auto why = [&](const std::string& date, std::chrono::system_clock::time_point at) {
    const DownloadBillRequest request{.billDate = date};
    const auto error = failureOf([&] { (void)wait(weixin.payment.downloadBill(request)); });
    return bill::whyNoBill(error, date, at);
  };
  const auto future = formatGmt8(now + std::chrono::days{2}, "%Y%m%d");
  const auto longAgo = formatGmt8(now - std::chrono::days{40}, "%Y%m%d");
  BOOST_TEST((why(future, now) == bill::Absence::wrongDate));
  BOOST_TEST((why(longAgo, now) == bill::Absence::noBill));
  std::chrono::system_clock::time_point ready;
  BOOST_REQUIRE(parseGmt8("20261122100000", ready));
  BOOST_TEST((bill::readyAt("20261121") == ready));
  Error::Details none;
  none.errCode = "20002";
  none.errMsg = "No Bill Exist";
  const Error refused{Errc::rejected, "no", none};
  BOOST_TEST((bill::whyNoBill(refused, "20261121", ready - std::chrono::seconds{1}) == bill::Absence::notReady));
  BOOST_TEST((bill::whyNoBill(refused, "20261121", ready) == bill::Absence::noBill));
  const auto flow = [&](const std::string& code, const std::string& text) {
    Error::Details details;
    details.errCode = code;
    details.errMsg = text;
    return bill::whyNoBill(Error{Errc::rejected, "no", details}, "20261121", ready);
  };
  BOOST_TEST((flow("NO_BILL_EXIST", "账单文件不存在") == bill::Absence::noBill));
  BOOST_TEST((flow("BILL_CREATING", "账单生成中") == bill::Absence::notReady));
  BOOST_TEST((flow("PARAM_ERROR", "bill_date参数错误") == bill::Absence::wrongDate));
  BOOST_TEST((flow("PARAM_ERROR", "account_type参数错误") == bill::Absence::other));
  BOOST_TEST((bill::whyNoBill(Error{Errc::timeout, "slow"}, "20261121", ready) == bill::Absence::other));
}

BOOST_AUTO_TEST_SUITE_END()
