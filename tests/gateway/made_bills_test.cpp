// Bills that grow on request, their faults, and bodies that are made while they are sent.
#include "gateway/alipay_bench.hpp"
#include "gateway/bill_day.hpp"
#include "gateway/weixin_bench.hpp"

#include <openapi/bill/absence.hpp>
#include <openapi/bill/reader.hpp>

#include <codec/text.hpp>
#include <gateways/packing.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

using namespace bill_day;
using namespace std::chrono_literals;
using gateway::BodySource;
using gateway::ControlError;
using gateway::HttpServer;
using gateway::Reply;
using gateway::Request;

namespace {

constexpr auto alipayMethod = "alipay.data.dataservice.bill.downloadurl.query";

/// A day of the past on which nothing was traded.
std::string quietDay(int daysAgo) { return formatGmt8(std::chrono::system_clock::now() - std::chrono::days{daysAgo}, "%Y%m%d"); }

Json plan(const char* provider, const std::string& date, Fields more) {
  more.set("provider", provider);
  more.set("date", date);
  return day().sandbox.control("POST", "/bill", more);
}

std::int64_t numberAt(const Json& json, const char* name) {
  const auto* value = json.find(name);
  BOOST_REQUIRE(value != nullptr);
  BOOST_REQUIRE(value->integer() != nullptr);
  return *value->integer();
}

struct Totals {
  std::uint64_t rows = 0;
  std::int64_t paid = 0;
  std::int64_t back = 0;
  bool operator==(const Totals&) const = default;
};

Totals tradesIn(const std::string& file) {
  bill::BillReader reader{file};
  Totals totals;
  while (const auto* row = reader.nextTrade()) {
    ++totals.rows;
    if (row->kind == bill::TradeKind::payment) totals.paid += row->totalFee.value_or(Fen{}).count();
    totals.back += row->refundFee.value_or(Fen{}).count();
  }
  BOOST_TEST(reader.summary().agrees());
  fs::remove(file);
  return totals;
}

Totals flowsIn(const std::string& file) {
  bill::BillReader reader{file};
  Totals totals;
  while (const auto* row = reader.nextFlow()) {
    ++totals.rows;
    (row->direction == bill::Direction::income ? totals.paid : totals.back) += row->amount.count();
  }
  BOOST_TEST(reader.summary().agrees());
  fs::remove(file);
  return totals;
}

Totals trades(Payment& payment, DownloadBillRequest request) {
  (void)save(payment, request, day().file("made.csv"));
  return tradesIn(day().file("made.csv"));
}

Totals flows(Payment& payment, const DownloadFundflowRequest& request) {
  (void)wait(payment.downloadFundflow(request, bill::makeBillFile(day().file("flow.csv"))));
  return flowsIn(day().file("flow.csv"));
}

std::vector<std::string> linesOf(std::string_view text) {
  std::vector<std::string> lines;
  for (auto at = text.find("\r\n"); at != std::string_view::npos; at = text.find("\r\n")) {
    lines.emplace_back(text.substr(0, at));
    text.remove_prefix(at + 2);
  }
  BOOST_TEST(text.empty());
  return lines;
}

std::vector<std::string> cellsOf(std::string_view line) {
  std::vector<std::string> cells;
  BOOST_REQUIRE(line.starts_with('`'));
  line.remove_prefix(1);
  for (auto at = line.find(",`"); at != std::string_view::npos; at = line.find(",`")) {
    cells.emplace_back(line.substr(0, at));
    line.remove_prefix(at + 2);
  }
  cells.emplace_back(line);
  return cells;
}

std::string textOf(const Reply& reply) { return reply.source ? gateway::drained(*reply.source) : reply.body; }

std::string weixinBill(const weixin_bench::Bench& bench, const std::string& type) {
  return textOf(bench.call("/pay/downloadbill", {{"bill_date", "20261119"}, {"bill_type", type}}).reply);
}

/// The archive behind the link that Alipay gives for a day.
Reply alipayArchive(alipay_bench::Bench& bench, const std::string& type) {
  const auto answer = bench.call(alipayMethod, R"({"bill_type":")" + type + R"(","bill_date":"2026-11-19"})");
  BOOST_REQUIRE_EQUAL(answer["code"], "10000");
  const auto url = answer["bill_download_url"];
  Request request;
  request.method = "GET";
  request.path = "/downloadBillFile.resource";
  request.query = url.substr(url.find('?') + 1);
  return bench.platform.handle(request);
}

void writeFile(const std::string& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

std::string fieldOf(const Fields& input, const char* route = "/bill") {
  try {
    day().sandbox.control("POST", route, input);
  } catch (const ControlError& error) {
    BOOST_TEST(error.status() == 400);
    return error.field();
  }
  return "accepted";
}

/// Counts what was asked of a body, and tells when it is gone.
struct Watch {
  std::atomic<std::size_t> made{0};
  std::promise<void> gone{};
};

class Watched final : public BodySource {
 public:
  Watched(std::shared_ptr<BodySource> body, Watch& watch) : body_{std::move(body)}, watch_{watch} {}
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() override { watch_.gone.set_value(); }
  std::string next() override {
    auto block = body_->next();
    watch_.made += block.size();
    return block;
  }
  [[nodiscard]] bool halfway() const override { return body_->halfway(); }

 private:
  std::shared_ptr<BodySource> body_;
  Watch& watch_;
};

/// A plain server on a thread of its own.
class Serving {
 public:
  explicit Serving(HttpServer::Handler handler)
      : server_{std::make_unique<HttpServer>(context_.get_executor(), 0, std::nullopt, std::move(handler))},
        thread_{[this] { context_.run(); }} {}
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() {
    boost::asio::post(context_, [this] {
      server_.reset();
      context_.stop();
    });
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

/// A client that reads when it is told to.
class SlowClient {
 public:
  SlowClient(std::uint16_t port, const std::string& path, const std::string& body) {
    socket_.open(boost::asio::ip::tcp::v4());
    socket_.set_option(boost::asio::socket_base::receive_buffer_size{64 * 1024});
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    const auto text = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\nConnection: close\r\n\r\n" + body;
    boost::asio::write(socket_, boost::asio::buffer(text));
  }
  /// Fewer bytes at the end.
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    boost::system::error_code error;
    bytes.resize(boost::asio::read(socket_, boost::asio::buffer(bytes), error));
    return bytes;
  }
  void leave() { socket_.close(); }

 private:
  boost::asio::io_context context_{};
  boost::asio::ip::tcp::socket socket_{context_};
};

/// What the server sends is read piece by piece; the body behind its chunks.
std::string unchunked(std::string_view answer) {
  auto at = answer.find("\r\n\r\n");
  BOOST_REQUIRE(at != std::string_view::npos);
  answer.remove_prefix(at + 4);
  std::string body;
  while (true) {
    at = answer.find("\r\n");
    BOOST_REQUIRE(at != std::string_view::npos);
    const auto size = std::stoul(std::string{answer.substr(0, at)}, nullptr, 16);
    if (size == 0) break;
    BOOST_REQUIRE(answer.size() >= at + 4 + size);
    body += answer.substr(at + 2, size);
    answer.remove_prefix(at + 4 + size);
  }
  BOOST_TEST(answer == "0\r\n\r\n");
  return body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(made_bills)

BOOST_AUTO_TEST_CASE(every_type_agrees_with_the_others) {
  const auto date = quietDay(3);
  const auto answer = plan("weixin", date, {{"rows", 400}});
  BOOST_TEST(numberAt(answer, "rows") == 400);
  plan("alipay", date, {{"rows", 400}});
  auto weixin = day().weixin();
  DownloadBillRequest request{.billDate = date};
  const auto all = trades(weixin.payment, request);
  BOOST_TEST(all.rows == 400U);
  for (const char* tarType : {"", "GZIP"}) {
    if (*tarType != '\0') request.tarType = tarType;
    const auto of = [&](const char* type) {
      request.billType = type;
      return trades(weixin.payment, request);
    };
    BOOST_TEST((of("ALL") == all));
    BOOST_TEST((of("SUCCESS") == Totals{360, all.paid, 0}));
    BOOST_TEST((of("REFUND") == Totals{40, 0, all.back}));
    BOOST_TEST(of("RECHARGE_REFUND").rows == 10U);
    DownloadFundflowRequest flow{.billDate = date};
    flow.tarType = request.tarType;
    for (const auto& [account, rows] : {std::pair{"Basic", 800U}, {"Operation", 400U}, {"Fees", 400U}}) {
      flow.accountType = account;
      BOOST_TEST_CONTEXT(account << ' ' << tarType) { BOOST_TEST(flows(weixin.payment, flow).rows == rows); }
    }
  }
  auto alipay = day().alipay();
  BOOST_TEST((trades(alipay.payment, {.billDate = date}) == all));
  BOOST_TEST((flows(alipay.payment, {.billDate = date}) == all));
}

BOOST_AUTO_TEST_CASE(made_rows_stand_behind_what_was_really_traded) {
  plan("weixin", day().today, {{"rows", 100}});
  plan("alipay", day().today, {{"rows", 100}});
  auto weixin = day().weixin();
  auto alipay = day().alipay();
  BOOST_TEST(trades(weixin.payment, {.billDate = day().today}).rows == 104U);
  BOOST_TEST(trades(alipay.payment, {.billDate = day().today}).rows == 104U);
  plan("weixin", day().today, {{"rows", 0}});
  plan("alipay", day().today, {{"rows", 0}});
  BOOST_TEST((trades(weixin.payment, {.billDate = day().today}) == Totals{4, 600, 100}));
  BOOST_TEST((trades(alipay.payment, {.billDate = day().today}) == Totals{4, 600, 100}));
}

BOOST_AUTO_TEST_CASE(rows_and_bytes_are_those_of_the_type) {
  const auto date = quietDay(4);
  auto weixin = day().weixin();
  for (const char* type : {"ALL", "SUCCESS", "REFUND", "RECHARGE_REFUND"}) {
    plan("weixin", date, {{"billType", type}, {"rows", 7}});
    DownloadBillRequest request{.billDate = date, .billType = type};
    BOOST_TEST(trades(weixin.payment, request).rows == 7U);
    plan("weixin", date, {{"billType", type}, {"bytes", 300'000}});
    const auto saved = save(weixin.payment, request, day().file("sized.csv"));
    BOOST_TEST(static_cast<double>(saved.bytes) == 300'000.0, boost::test_tools::tolerance(0.02));
    fs::remove(day().file("sized.csv"));
  }
  for (const char* account : {"Basic", "Operation", "Fees"}) {
    plan("weixin", date, {{"billType", account}, {"bytes", 300'000}});
    const DownloadFundflowRequest request{.billDate = date, .accountType = account};
    const auto saved = wait(weixin.payment.downloadFundflow(request, bill::makeBillFile(day().file("sized.csv"))));
    BOOST_TEST(static_cast<double>(saved.bytes) == 300'000.0, boost::test_tools::tolerance(0.02));
    BOOST_TEST(saved.digestVerified);
    fs::remove(day().file("sized.csv"));
  }
  for (const char* type : {"trade", "signcustomer"}) {
    BOOST_TEST(numberAt(plan("alipay", date, {{"billType", type}, {"bytes", 300'000}}), "bytes") >= 300'000);
  }
}

BOOST_AUTO_TEST_CASE(a_small_bill_word_by_word) {
  weixin_bench::Bench bench;
  bench.platform->extra("/bill", Fields{{"date", "20261119"}, {"rows", 10}});
  const auto lines = linesOf(weixinBill(bench, "ALL"));
  BOOST_REQUIRE(lines.size() == 13U);
  BOOST_TEST(lines[1] ==
             "`2026-11-19 17:41:35,`wx2421b1c4370ec43b,`10000100,`0,`,`4200000263202611190000000000,`M202611190000000000,"
             "`oMadeTrade667415086933887466,`JSAPI,`SUCCESS,`ICBC_CREDIT,`CNY,`726.66,`0.00,`0,`0,`0.00,`0.00,`,`,`充电宝'租借,"
             "`shop=12,desk=0,`4.36000,`0.60%,`726.66,`0.00,`");
  BOOST_TEST(lines[10] ==
             "`2026-11-19 11:13:39,`wx2421b1c4370ec43b,`10000100,`0,`,`4200000263202611190000000008,`M202611190000000008,"
             "`oMadeTrade260304309136619390,`JSAPI,`REFUND,`ICBC_CREDIT,`CNY,`0.00,`0.00,`5000070920261119000000000009,"
             "`MR202611190000000009,`13.46,`0.00,`ORIGINAL,`SUCCESS,`Tea & cake 100%,`,`-0.08000,`0.60%,`0.00,`13.46,`");
  BOOST_TEST(lines[11] == "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额");
  BOOST_TEST(lines[12] == "`10.0,`3251.28,`13.46,`0.00,`19.43000,`3251.28,`13.46");
  std::array<double, 3> sums{};
  for (std::size_t i = 1; i <= 10; ++i) {
    sums[0] += std::stod(cellsOf(lines[i])[12]);
    sums[1] += std::stod(cellsOf(lines[i])[16]);
    sums[2] += std::stod(cellsOf(lines[i])[22]);
  }
  const auto near = boost::test_tools::tolerance(1e-9);
  BOOST_TEST(sums[0] == 3251.28, near);
  BOOST_TEST(sums[1] == 13.46, near);
  BOOST_TEST(sums[2] == 19.43, near);
  // Half of the payment before it.
  BOOST_TEST(cellsOf(lines[9])[12] == "26.93");
  BOOST_TEST(weixinBill(bench, "ALL") == weixinBill(bench, "ALL"));
}

BOOST_AUTO_TEST_CASE(old_columns) {
  constexpr auto first =
      "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
      "总金额,代金券或立减优惠金额,";
  constexpr auto back = "微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,";
  constexpr auto last = "商品名称,商户数据包,手续费,费率";
  weixin_bench::Bench bench;
  bench.platform->extra("/bill", Fields{{"date", "2026-11-19"}, {"rows", 20}, {"columns", "old"}});
  const auto bom = std::string{"\xEF\xBB\xBF"};
  const auto check = [&](const char* type, const std::string& head, std::size_t cells, std::uint64_t rows) {
    const auto text = weixinBill(bench, type);
    const auto lines = linesOf(text);
    BOOST_TEST(lines[0] == bom + head);
    BOOST_TEST(cellsOf(lines[1]).size() == cells);
    BOOST_TEST(lines[lines.size() - 2] == "总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额");
    writeFile(day().file("old.csv"), text);
    BOOST_TEST(tradesIn(day().file("old.csv")).rows == rows);
  };
  check("ALL", std::string{first} + back + last, 24, 20);
  check("SUCCESS", std::string{first} + last, 18, 18);
  check("REFUND", std::string{first} + "退款申请时间,退款成功时间," + back + last, 26, 2);
  bench.platform->extra("/bill", Fields{{"date", "20261119"}, {"columns", "new"}});
  BOOST_TEST(cellsOf(linesOf(weixinBill(bench, "ALL"))[1]).size() == 27U);
}

BOOST_AUTO_TEST_CASE(a_bill_that_changed) {
  const auto date = quietDay(5);
  auto weixin = day().weixin();
  auto alipay = day().alipay();
  for (const char* provider : {"weixin", "alipay"}) plan(provider, date, {{"rows", 30}});
  const auto before = trades(weixin.payment, {.billDate = date});
  const auto basic = flows(weixin.payment, {.billDate = date});
  for (const char* provider : {"weixin", "alipay"}) plan(provider, date, {{"changed", true}});
  const auto after = trades(weixin.payment, {.billDate = date});
  BOOST_TEST(after.rows == before.rows + 1);
  BOOST_TEST(after.back == before.back);
  BOOST_TEST(flows(weixin.payment, {.billDate = date}).rows == basic.rows + 2);
  BOOST_TEST((trades(alipay.payment, {.billDate = date}) == after));
  plan("weixin", date, {{"changed", true}});
  BOOST_TEST(trades(weixin.payment, {.billDate = date}).rows == before.rows + 2);
  plan("weixin", date, {{"changed", false}});
  BOOST_TEST((trades(weixin.payment, {.billDate = date}) == before));

  // Of what was really traded the first payment changes, in all bills of the day.
  plan("weixin", day().today, {{"changed", true}});
  plan("alipay", day().today, {{"changed", true}});
  const auto real = trades(weixin.payment, {.billDate = day().today});
  BOOST_TEST(real.rows == 5U);
  const auto success = trades(weixin.payment, {.billDate = day().today, .billType = "SUCCESS"});
  BOOST_TEST((success == Totals{4, real.paid, 0}));
  const auto account = flows(alipay.payment, {.billDate = day().today});
  BOOST_TEST(account.paid == real.paid);
  (void)save(weixin.payment, {.billDate = day().today}, day().file("changed.csv"));
  BOOST_TEST(test::readFile(day().file("changed.csv")).find("`1.01,") != std::string::npos);
  fs::remove(day().file("changed.csv"));
  plan("weixin", day().today, {{"changed", false}});
  plan("alipay", day().today, {{"changed", false}});
}

BOOST_AUTO_TEST_CASE(the_packed_forms_are_good_for_other_programs) {
  weixin_bench::Bench weixin;
  alipay_bench::Bench alipay;
  for (const int rows : {0, 3000}) {
    weixin.platform->extra("/bill", Fields{{"date", "20261119"}, {"rows", rows}, {"changed", rows == 0}});
    alipay.platform.extra("/bill", Fields{{"date", "20261119"}, {"rows", rows}, {"changed", rows == 0}});
    const auto zipped =
        textOf(weixin.call("/pay/downloadbill", {{"bill_date", "20261119"}, {"bill_type", "ALL"}, {"tar_type", "GZIP"}}).reply);
    BOOST_TEST(codec::gunzip(zipped, 1 << 24) == weixinBill(weixin, "ALL"));
    writeFile(day().file("bill.gz"), zipped);
    BOOST_TEST(std::system(("gzip -t " + day().file("bill.gz")).c_str()) == 0);
    for (const char* type : {"trade", "signcustomer"}) {
      writeFile(day().file("bill.zip"), textOf(alipayArchive(alipay, type)));
      BOOST_TEST(std::system(("unzip -tq " + day().file("bill.zip") + " > " + day().file("said")).c_str()) == 0);
      bill::BillReader detail{day().file("bill.zip")};
      BOOST_TEST(detail.finish().rows == static_cast<std::uint64_t>(std::max(rows, 1)));
      bill::BillReader totals{day().file("bill.zip"), {.totals = true}};
      BOOST_TEST(totals.finish().agrees());
    }
  }
  for (const char* name : {"bill.gz", "bill.zip", "said"}) fs::remove(day().file(name));
}

BOOST_AUTO_TEST_CASE(faults_of_bills_leave_no_file) {
  const auto date = quietDay(6);
  plan("weixin", date, {{"rows", 2000}});
  plan("alipay", date, {{"rows", 2000}});
  auto weixin = day().weixin();
  auto alipay = day().alipay();
  const auto failed = [&](const char* path, const char* kind, const auto& download) {
    day().fault(path, kind);
    const auto error = failureOf(download);
    BOOST_TEST(day().files().empty());
    return error;
  };
  for (const auto& when : {day().today, date}) {
    for (const char* tarType : {"", "GZIP"}) {
      BOOST_TEST_CONTEXT(when << ' ' << tarType) {
        DownloadBillRequest request{.billDate = when};
        DownloadFundflowRequest flow{.billDate = when};
        if (*tarType != '\0') request.tarType = flow.tarType = tarType;
        const auto trade = [&] { (void)save(weixin.payment, request, day().file("bill.csv")); };
        const auto fund = [&] { (void)wait(weixin.payment.downloadFundflow(flow, bill::makeBillFile(day().file("bill.csv")))); };
        const auto early = failed("/pay/downloadbill", "notReady", trade);
        BOOST_TEST(early.errCode() == "20003");
        BOOST_TEST((bill::whyNoBill(early, when, std::chrono::system_clock::now()) == bill::Absence::notReady));
        BOOST_TEST(failed("/pay/downloadfundflow", "notReady", fund).errCode() == "BILL_CREATING");
        BOOST_TEST(toString(failed("/pay/downloadbill", "truncate", trade).errc()) == "connectionLost");
        BOOST_TEST(toString(failed("/pay/downloadfundflow", "truncate", fund).errc()) == "connectionLost");
        const auto wrong = failed("/pay/downloadfundflow", "wrongDigest", fund);
        BOOST_TEST(toString(wrong.errc()) == "badResponse");
        BOOST_TEST(std::string{wrong.what()}.find("Digest") != std::string::npos);
        const auto xml = failed("/pay/downloadbill", "xmlInstead", trade);
        BOOST_TEST(toString(xml.errc()) == "rejected");
        BOOST_TEST(xml.errCode() == "20100");
        BOOST_TEST(failed("/pay/downloadfundflow", "xmlInstead", fund).errCode() == "SYSTEMERROR");
        if (*tarType != '\0') {
          BOOST_TEST(toString(failed("/pay/downloadbill", "damagedGzip", trade).errc()) == "badResponse");
          BOOST_TEST(toString(failed("/pay/downloadfundflow", "damagedGzip", fund).errc()) == "badResponse");
        }
        trade();
        fund();
        fs::remove(day().file("bill.csv"));
      }
    }
    BOOST_TEST_CONTEXT("alipay " << when) {
      const auto trade = [&] { (void)save(alipay.payment, {.billDate = when}, day().file("bill.csv")); };
      const auto early = failed(alipayMethod, "notReady", trade);
      BOOST_TEST(early.errCode() == "BILL_NOT_EXIST");
      BOOST_TEST(toString(failed("/downloadBillFile.resource", "truncate", trade).errc()) == "connectionLost");
      BOOST_TEST(toString(failed("/downloadBillFile.resource", "damagedGzip", trade).errc()) == "badResponse");
      BOOST_TEST(toString(failed("/downloadBillFile.resource", "xmlInstead", trade).errc()) == "badResponse");
      trade();
      fs::remove(day().file("bill.csv"));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_control_refuses) {
  const Fields good{{"provider", "weixin"}, {"date", quietDay(7)}};
  const auto with = [&](const char* name, const Json& value) {
    auto input = good;
    input.set(name, value);
    return fieldOf(input);
  };
  BOOST_TEST(fieldOf({{"rows", 1}}) == "provider");
  BOOST_TEST(with("date", "20261301") == "date");
  BOOST_TEST(with("date", "2026-11") == "date");
  BOOST_TEST(with("billType", "trade") == "billType");
  BOOST_TEST(with("rows", -1) == "rows");
  BOOST_TEST(with("rows", 10'000'001) == "rows");
  BOOST_TEST(with("bytes", std::int64_t{1} << 40) == "bytes");
  BOOST_TEST(with("columns", "newest") == "columns");
  BOOST_TEST(with("changed", 1) == "changed");
  BOOST_TEST(with("byClock", "yes") == "byClock");
  BOOST_TEST(fieldOf({{"provider", "weixin"}, {"rows", 1}, {"bytes", 1}}) == "bytes");
  BOOST_TEST(fieldOf({{"provider", "alipay"}, {"columns", "old"}}) == "columns");
  BOOST_TEST(fieldOf({{"provider", "alipay"}, {"billType", "ALL"}}) == "billType");
  BOOST_TEST(fieldOf({{"provider", "weixin"}, {"amount", 1}, {"account", "basic"}}, "/deposit") == "account");
  for (const auto& [path, kind] : {std::pair{"/pay/orderquery", "notReady"},
                                   {"/pay/downloadbill", "wrongDigest"},
                                   {"/downloadBillFile.resource", "notReady"},
                                   {alipayMethod, "damagedGzip"}}) {
    BOOST_TEST(fieldOf({{"path", path}, {"fault", kind}}, "/fault") == "path");
  }
}

BOOST_AUTO_TEST_CASE(bills_come_by_the_clock) {
  weixin_bench::Bench bench;
  bench.systemNow = *gateway::parseReadableTime("2026-11-20 08:59:59");
  const auto code = [&](const std::string& date) {
    return bench.call("/pay/downloadbill", {{"bill_date", date}, {"bill_type", "ALL"}})["error_code"];
  };
  BOOST_TEST(code("20261119") == "20002");  // no trade, no bill
  bench.platform->extra("/bill", Fields{{"rows", 1}, {"byClock", true}});
  bench.platform->extra("/bill", Fields{{"date", "20261120"}, {"rows", 1}});
  BOOST_TEST(code("20261119") == "20003");
  BOOST_TEST(bench.call("/pay/downloadfundflow", {{"bill_date", "20261119"}, {"account_type", "Fees"}}, true)["err_code"] ==
             "BILL_CREATING");
  bench.advance(1s);
  BOOST_TEST(linesOf(weixinBill(bench, "ALL")).size() == 4U);
  BOOST_TEST(code("20261120") == "20003");
  BOOST_TEST(code("20261121") == "20001");

  alipay_bench::Bench alipay;
  alipay.systemNow = *gateway::parseReadableTime("2026-11-20 08:59:59");
  const auto subCode = [&](const std::string& date) {
    return alipay.call(alipayMethod, R"({"bill_type":"trade","bill_date":")" + date + "\"}")["sub_code"];
  };
  BOOST_TEST(subCode("2026-11-19") == "NO_BILL_DATA");
  alipay.platform.extra("/bill", Fields{{"rows", 1}, {"byClock", true}});
  BOOST_TEST(subCode("2026-11-19") == "BILL_NOT_EXIST");
  alipay.advance(1s);
  BOOST_TEST(subCode("2026-11-19").empty());
  BOOST_TEST(subCode("2026-11-20") == "INVAILID_ARGUMENTS");
}

BOOST_AUTO_TEST_CASE(money_in_the_other_accounts) {
  weixin_bench::Bench bench;
  for (const char* account : {"Operation", "Fees"}) {
    const auto left = bench.platform->extra("/deposit", Fields{{"amount", 500}, {"account", account}});
    BOOST_TEST(numberAt(left, "balance") == 500);
    bench.platform->extra("/withdraw", Fields{{"amount", 120}, {"account", account}});
    BOOST_CHECK_THROW(bench.platform->extra("/withdraw", Fields{{"amount", 381}, {"account", account}}), ControlError);
  }
  bench.advance(24h);
  for (const char* account : {"Operation", "Fees"}) {
    const auto text =
        bench.call("/pay/downloadfundflow", {{"bill_date", "20261120"}, {"account_type", account}}, true).reply.body;
    const auto lines = linesOf(text);
    BOOST_REQUIRE(lines.size() == 5U);
    BOOST_TEST(lines[2].find("`提现,`提现,`支出,`1.20,`3.80,`system") != std::string::npos);
    BOOST_TEST(lines[4] == "`2.0,`1.0,`5.00,`1.0,`1.20");
  }
  BOOST_TEST(bench.call("/pay/downloadfundflow", {{"bill_date", "20261120"}, {"account_type", "Basic"}}, true)["err_code"] ==
             "NO_BILL_EXIST");
}

BOOST_AUTO_TEST_CASE(a_large_bill_is_made_no_faster_than_it_is_read) {
  constexpr std::size_t size = 64 * 1024 * 1024;
  constexpr std::size_t step = 1024 * 1024;
  constexpr std::size_t inTheSystem = 12 * 1024 * 1024;  // the most that two sockets hold
  weixin_bench::Bench bench;
  bench.platform->extra("/bill", Fields{{"date", "20261119"}, {"bytes", std::int64_t{size}}});
  Watch watch;
  {
    const Serving serving{[&](const Request& request) {
      auto reply = bench.platform->handle(request);
      reply.source = std::make_shared<Watched>(std::move(reply.source), watch);
      return reply;
    }};
    SlowClient client{serving.port(), "/pay/downloadbill", bench.body({{"bill_date", "20261119"}, {"bill_type", "ALL"}})};
    std::string answer;
    for (auto piece = client.read(step); !piece.empty(); piece = client.read(step)) {
      answer += piece;
      const std::size_t made = watch.made;
      BOOST_REQUIRE(made <= answer.size() + inTheSystem);
    }
    const auto text = unchunked(answer);
    BOOST_TEST(text.size() == watch.made);
    BOOST_TEST(static_cast<double>(text.size()) == static_cast<double>(size), boost::test_tools::tolerance(0.02));
    writeFile(day().file("large.csv"), text);
  }
  bill::BillReader reader{day().file("large.csv")};
  BOOST_TEST(reader.finish().agrees());
  fs::remove(day().file("large.csv"));
}

BOOST_AUTO_TEST_CASE(a_client_that_leaves_ends_the_making) {
  weixin_bench::Bench bench;
  bench.platform->extra("/bill", Fields{{"date", "20261119"}, {"bytes", 1 << 30}});
  Watch watch;
  auto gone = watch.gone.get_future();
  const Serving serving{[&](const Request& request) {
    auto reply = bench.platform->handle(request);
    reply.source = std::make_shared<Watched>(std::move(reply.source), watch);
    return reply;
  }};
  SlowClient client{serving.port(), "/pay/downloadbill", bench.body({{"bill_date", "20261119"}, {"bill_type", "ALL"}})};
  BOOST_TEST(client.read(1024).size() == 1024U);
  client.leave();
  BOOST_TEST((gone.wait_for(60s) == std::future_status::ready));
  BOOST_TEST(watch.made < std::size_t{64} * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_cuts_the_answer) {
  struct Failing final : BodySource {
    int calls = 0;
    std::string next() override {
      if (++calls == 3) throw std::runtime_error{"no more"};
      return "block";
    }
    [[nodiscard]] bool halfway() const override { return false; }
  };
  const Serving serving{[](const Request&) { return Reply{.source = std::make_shared<Failing>()}; }};
  SlowClient client{serving.port(), "/", ""};
  const auto answer = client.read(4096);
  BOOST_TEST(answer.find("block") != std::string::npos);
  BOOST_TEST(!answer.ends_with("0\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
