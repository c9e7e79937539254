#include <alipay/bills.hpp>

#include <answer.hpp>
#include <check.hpp>

namespace openapi::alipay {

namespace {

bool isMonth(const std::string& text) { return text.size() == 6 && isDay(text + "01"); }

void checkDate(const std::string& billDate) {
  if (!isDay(billDate) && !isMonth(billDate))
    check::invalid("billDate", "must be a day written as yyyyMMdd, or a month as yyyyMM");
}

/// Alipay gives addresses without TLS that work with it too; what travels in the open can be changed on the way.
std::string overTls(std::string address) {
  constexpr std::string_view plain = "http://dwbillcenter.alipay.com/";
  if (address.starts_with(plain)) address.insert(4, "s");
  return address;
}

/// `20240131` -> `2024-01-31`, `202401` -> `2024-01`.
std::string withDashes(const std::string& date) {
  std::string text = date.substr(0, 4) + '-' + date.substr(4, 2);
  if (date.size() > 6) text += '-' + date.substr(6);
  return text;
}

HttpRequest encodeQuestion(const Settings& settings, const Fields& extra, const std::string& type, const std::string& date,
                           const Stamp& stamp) {
  Fields business{{"bill_type", type}, {"bill_date", withDashes(date)}};
  for (const auto& [name, value] : extra) business.set(RequestStyle::wireOf(name), marshal::snakeNames(value));
  codec::FormFields own{{"biz_content", Json{std::move(business)}.json()}};
  return gatewayRequest(settings, signedParameters(settings, operations::downloadBill.api, std::move(own), stamp));
}

}  // namespace

void check(const Settings&, const DownloadBillRequest& request) {
  check::extra(request.extra);
  checkDate(request.billDate);
  if (request.billType) check::oneOf("billType", *request.billType, "trade signcustomer");
}

void check(const Settings&, const DownloadFundflowRequest& request) {
  check::extra(request.extra);
  checkDate(request.billDate);
}

HttpRequest encode(const Settings& settings, const DownloadBillRequest& request, const Stamp& stamp) {
  return encodeQuestion(settings, request.extra, request.billType.value_or("trade"), request.billDate, stamp);
}

HttpRequest encode(const Settings& settings, const DownloadFundflowRequest& request, const Stamp& stamp) {
  return encodeQuestion(settings, request.extra, "signcustomer", request.billDate, stamp);
}

std::string decodeAddress(const Settings& settings, const Operation& operation, const HttpResponse& response) {
  const auto node = verifiedNode(settings, operation, response);
  const Json* address = node.find("bill_download_url");
  const bool given = address != nullptr && address->string() != nullptr &&
                     (address->string()->starts_with("https://") || address->string()->starts_with("http://"));
  if (!given) failMissing("bill_download_url");
  return overTls(*address->string());
}

HttpRequest fileRequest(const std::string& address) {
  HttpRequest request;
  request.method = "GET";
  request.url = address;
  return request;
}

SavedBill savedBill(bill::ZipReceiver& receiver, BillSink& sink, const HttpResponse& response) {
  const auto bytes = receiver.finish(response, sink);
  sink.complete();
  return {.bytes = bytes, .digestVerified = false, .extra = {}};
}

}  // namespace openapi::alipay
