#pragma once

#include <openapi/bill/rows.hpp>

#include <cstdint>
#include <string_view>

namespace openapi::bill {

/// Reads `yyyy-MM-dd HH:mm:ss` in GMT+8, full-width colons too. Remembers the last day, which most rows share.
class TimeParser {
 public:
  [[nodiscard]] bool parse(std::string_view text, Time& time);

 private:
  bool parsePlain(const char* text, Time& time);

  std::uint64_t lastDay_ = 0;        ///< the digits of the date
  std::int64_t lastDaySeconds_ = 0;  ///< its midnight, since 1970
};

}  // namespace openapi::bill
