#pragma once

#include <chrono>
#include <string>

namespace openapi {

/// What changes from one attempt of a call to the next: given to `encode`, so that it needs no clock of its own.
struct Stamp {
  std::chrono::system_clock::time_point now{};
  std::string nonce{};  ///< 32 letters and digits
};

/// The time now and a fresh nonce.
[[nodiscard]] Stamp freshStamp();

/// `format` as for strftime, in the platforms' time zone (GMT+8, no daylight saving), whatever the host's is.
[[nodiscard]] std::string formatGmt8(std::chrono::system_clock::time_point time, const char* format);

/// Reads `yyyyMMddHHmmss` or `yyyy-MM-dd HH:mm:ss` as GMT+8. False when it is neither or no such time exists.
[[nodiscard]] bool parseGmt8(const std::string& text, std::chrono::system_clock::time_point& time);

/// Whether `text` is a calendar day written as yyyyMMdd.
[[nodiscard]] bool isDay(const std::string& text);

}  // namespace openapi
