// Downloads a trade bill. bench/bill_download/run.sh starts the server and the peers. Prints the bytes of the bill.
//   bill_download BASE_URL CA_FILE plain|gzip [FILE [check]]      without FILE the bytes are only counted
#include <openapi/bill/sink.hpp>
#include <openapi/wait.hpp>
#include <openapi/weixin.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

namespace {

class Count final : public openapi::BillSink {
 public:
  void restart() override { bytes_ = 0; }
  void write(std::string_view bytes) override { bytes_ += bytes.size(); }
  void complete() override {}

 private:
  std::size_t bytes_ = 0;
};

}  // namespace

int main(int count, char** arguments) try {
  if (count < 4) return std::fputs("usage: bill_download BASE_URL CA_FILE plain|gzip [FILE [check]]\n", stderr), 2;
  openapi::WeixinConfig config;
  config.appId = "wx2421b1c4370ec43b";
  config.mchId = "10000100";
  config.key = "0123456789abcdef0123456789abcdef";
  config.payBaseUrl = arguments[1];
  openapi::HttpOptions options;
  options.caFile = arguments[2];
  options.proxy = "";
  boost::asio::io_context context{1};
  const openapi::Weixin weixin{context.get_executor(), config, options};
  openapi::DownloadBillRequest request;
  request.billDate = "20231101";
  if (std::string_view{arguments[3]} == "gzip") request.tarType = "GZIP";
  std::shared_ptr<openapi::BillSink> sink = std::make_shared<Count>();
  if (count > 4) sink = openapi::bill::makeBillFile(arguments[4], count > 5);
  const auto saved = openapi::wait(weixin.payment.downloadBill(request, sink));
  std::printf("%lld\n", static_cast<long long>(saved.bytes));
  return 0;
} catch (const std::exception& failure) {
  std::fprintf(stderr, "%s\n", failure.what());
  return 1;
}
