#pragma once

#include <alipay/operations.hpp>

#include <openapi/bill/sink.hpp>
#include <openapi/payment.hpp>

#include <bill/zip_receiver.hpp>

#include <string>

// Bills: the gateway gives an address, good for 30 seconds, where a ZIP of GBK texts lies.
// https://opendocs.alipay.com/open/02ivpu
namespace openapi::alipay {

void check(const Settings& settings, const DownloadBillRequest& request);
void check(const Settings& settings, const DownloadFundflowRequest& request);

[[nodiscard]] HttpRequest encode(const Settings& settings, const DownloadBillRequest& request, const Stamp& stamp);
[[nodiscard]] HttpRequest encode(const Settings& settings, const DownloadFundflowRequest& request, const Stamp& stamp);
/// Where the file is.
[[nodiscard]] std::string decodeAddress(const Settings& settings, const Operation& operation, const HttpResponse& response);

[[nodiscard]] HttpRequest fileRequest(const std::string& address);
/// The detail of the archive that came, as UTF-8, written to `sink`, which is then complete.
[[nodiscard]] SavedBill savedBill(bill::ZipReceiver& receiver, BillSink& sink, const HttpResponse& response);

}  // namespace openapi::alipay
