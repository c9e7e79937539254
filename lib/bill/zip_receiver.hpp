#pragma once

#include <openapi/bill/sink.hpp>
#include <openapi/transport.hpp>

#include <cstdint>
#include <string_view>

namespace openapi::bill {

/// Takes an answer that is a ZIP archive of GBK texts into a file without a name, as an archive is read from its end.
class ZipReceiver : public BodySink {
 public:
  ZipReceiver() = default;
  ZipReceiver(const ZipReceiver&) = delete;
  ZipReceiver& operator=(const ZipReceiver&) = delete;
  ~ZipReceiver() override;

  void begin(const HttpResponse& head) override;
  void take(std::string_view bytes) override;

  /// The answer has ended: writes the detail of the bill to `sink` as UTF-8, and gives the number of its bytes. `response` may
  /// hold the body, if the transport knows no sinks. Throws `Error`: `httpStatus`; `badResponse` when it is no such archive.
  [[nodiscard]] std::int64_t finish(const HttpResponse& response, BillSink& sink);

 private:
  int file_ = -1;
  int status_ = 0;
  bool begun_ = false;
  std::int64_t size_ = 0;
};

}  // namespace openapi::bill
