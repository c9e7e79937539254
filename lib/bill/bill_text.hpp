#pragma once

#include <openapi/bill/sink.hpp>
#include <openapi/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace openapi::bill {

inline constexpr std::size_t maxBillText = 256 * 1024 * 1024;

/// A bill in memory.
class BillText : public BillSink {
 public:
  void restart() override { text.clear(); }
  void write(std::string_view bytes) override {
    if (text.size() + bytes.size() > maxBillText) {
      throw Error{Errc::badResponse, "the bill has more than " + std::to_string(maxBillText) + " bytes: download it into a sink"};
    }
    text += bytes;
  }
  void complete() override {}

  std::string text{};
};

}  // namespace openapi::bill
