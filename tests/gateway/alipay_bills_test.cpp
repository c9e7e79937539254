// Bills of the local Alipay.
#include "alipay_bench.hpp"

#include <codec/text.hpp>

#include <boost/test/unit_test.hpp>

#include <zip.h>

#include <map>
#include <string>

using namespace alipay_bench;
using namespace std::chrono_literals;

namespace {

/// The bytes of each member, by the bytes of its name.
std::map<std::string, std::string> unzip(const std::string& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  auto* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  auto* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  BOOST_REQUIRE(archive != nullptr);
  std::map<std::string, std::string> files;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t stat;
    BOOST_REQUIRE(zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &stat) == 0);
    std::string content(stat.size, '\0');
    auto* file = zip_fopen_index(archive, index, 0);
    BOOST_REQUIRE(zip_fread(file, content.data(), content.size()) == static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    files[stat.name] = content;
  }
  zip_discard(archive);
  return files;
}

Request download(const std::string& url) {
  Request request;
  request.method = "GET";
  const auto path = url.substr(url.find('/', 8));
  request.path = path.substr(0, path.find('?'));
  request.query = path.substr(path.find('?') + 1);
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(alipay_bills)

BOOST_AUTO_TEST_CASE(bills_of_what_was_traded) {
  Bench bench;
  bench.trade("L1", "10.00");
  bench.advance(1s);
  bench.trade("L2", "0.35");
  bench.advance(1s);
  accepted(bench.call("alipay.trade.refund",
                      R"({"out_trade_no":"L1","refund_amount":"3.33","out_request_no":"r1","refund_reason":"坏,了"})"));
  accepted(bench.call("alipay.trade.create", Bench::orderBiz("L3", "99")));
  const auto ask = [&](const std::string& type, const std::string& date) {
    return bench.call("alipay.data.dataservice.bill.downloadurl.query",
                      R"({"bill_type":")" + type + R"(","bill_date":")" + date + "\"}");
  };
  refused(ask("trade", "2026-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("trade", "2026-11-19"), "40004", "NO_BILL_DATA");
  bench.advance(24h);
  refused(ask("trade", "2026-13-01"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("trade", "2019-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("nothing", "2026-11-20"), "40004", "INVAILID_ARGUMENTS");
  refused(ask("zft_acc", "2026-11-20"), "40004", "TYPE_NOT_SUPPORTED");
  const auto answer = ask("trade", "2026-11-20");
  accepted(answer);
  const auto url = answer["bill_download_url"];
  BOOST_TEST(url.starts_with("https://127.0.0.1:4711/downloadBillFile.resource?bizType=trade&"));
  const auto reply = bench.platform.handle(download(url));
  BOOST_TEST(reply.status == 200);
  const auto files = unzip(reply.body);
  BOOST_REQUIRE(files.size() == 2U);
  const auto stem = bench.identity.sellerId + "0156_20261120_";
  const auto detail = utf8(files.at(codec::toGbk(stem + "业务明细.csv").value()));
  const auto summary = utf8(files.at(codec::toGbk(stem + "业务明细(汇总).csv").value()));
  BOOST_TEST((static_cast<unsigned char>(reply.body[7]) & 8U) == 0U);  // no UTF-8 flag in the first local header
  BOOST_TEST(detail.starts_with(
      "#支付宝业务明细查询\r\n#账号：[" + bench.identity.sellerId +
      "0156]\r\n#起始日期：[2026年11月20日 00:00:00]   终止日期：[2026年11月21日 00:00:00]\r\n"
      "#-----------------------------------------业务明细列表----------------------------------------\r\n支付宝交易号,"));
  BOOST_TEST(contains(detail,
                      "\t,L2\t,交易\t,季卡,2026-11-20 12:00:01,2026-11-20 12:00:01,\t,\t,\t,\t,135***@sandbox.com\t,0.35,0.35,"
                      "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,0.00,0.00,季卡\r\n"));
  BOOST_TEST(contains(detail,
                      "\t,L1\t,退款\t,季卡,2026-11-20 12:00:00,2026-11-20 12:00:02,\t,\t,\t,\t,135***@sandbox.com\t,-3.33,-3.33,"
                      "0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,r1\t,0.00,0.00,坏 了\r\n"));
  BOOST_TEST(!contains(detail, "L3"));
  BOOST_TEST(contains(
      detail,
      "#交易合计：2笔，商家实收共10.35元，商家优惠共0.00元\r\n#退款合计：1笔，商家实收退款共-3.33元，商家优惠退款共0.00元\r\n"));
  BOOST_TEST(contains(summary, "\r\n合计,,2,1,7.02,7.02,0.00,0.00,0.00,0.00,0.00,7.02\r\n"));
  refused(ask("trade", "2026-11"), "40004", "INVAILID_ARGUMENTS");
  bench.advance(10 * 24h);
  const auto month = unzip(bench.platform.handle(download(ask("trade", "2026-11")["bill_download_url"])).body);
  const auto whole = utf8(month.at(codec::toGbk(bench.identity.sellerId + "0156_202611_业务明细.csv").value()));
  BOOST_TEST(contains(whole, "#起始日期：[2026年11月01日 00:00:00]   终止日期：[2026年12月01日 00:00:00]"));
  BOOST_TEST(contains(whole, "#交易合计：2笔"));
}

BOOST_AUTO_TEST_CASE(account_bills_and_dead_links) {
  Bench bench;
  bench.trade("V1", "10.00");
  bench.advance(24h);
  bench.trade("V2", "1.00");
  bench.advance(1s);
  accepted(bench.call("alipay.trade.refund", refundBiz("V1", "4.00", "r1")));
  bench.advance(24h);
  const auto ask = [&](const std::string& date) {
    return bench.call("alipay.data.dataservice.bill.downloadurl.query",
                      R"({"bill_type":"signcustomer","bill_date":")" + date + "\"}");
  };
  const auto url = ask("2026-11-21")["bill_download_url"];
  const auto files = unzip(bench.platform.handle(download(url)).body);
  const auto detail = utf8(files.at(codec::toGbk(bench.identity.sellerId + "0156_20261121_账务明细.csv").value()));
  BOOST_TEST(contains(detail, "\t,V2\t,季卡,2026-11-21 12:00:00,135***@sandbox.com,1.00, ,11.00,支付宝,在线支付,\r\n"));
  BOOST_TEST(contains(detail, "\t,V1\t,季卡,2026-11-21 12:00:01,135***@sandbox.com, ,-4.00,7.00,支付宝,交易退款,\r\n"));
  BOOST_TEST(contains(detail, "#支出合计：1笔，共-4.00元\r\n#收入合计：1笔，共1.00元\r\n"));
  bench.advance(29s);
  BOOST_TEST(bench.platform.handle(download(url)).status == 200);
  bench.advance(1s);
  BOOST_TEST(bench.platform.handle(download(url)).status == 404);
  BOOST_TEST(bench.platform.handle(download("https://127.0.0.1/downloadBillFile.resource?fileId=none")).status == 404);
  BOOST_TEST(bench.platform.handle(download("https://127.0.0.1/downloadBillFile.resource?fileId=%")).status == 404);
  bench.platform.knobs().emptyBills = true;
  const auto empty = ask("2026-11-19");
  accepted(empty);
  BOOST_TEST(empty["bill_file_code"] == "EMPTY_DATA_WITH_BILL_FILE");
  BOOST_TEST(unzip(bench.platform.handle(download(empty["bill_download_url"])).body).size() == 2U);
  bench.platform.knobs().billHour = 13;
  refused(ask("2026-11-21"), "40004", "BILL_NOT_EXIST");
}

BOOST_AUTO_TEST_SUITE_END()
