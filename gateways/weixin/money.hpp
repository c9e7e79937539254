#pragma once

#include <cstdint>
#include <string>

namespace openapi::gateway::weixin {

/// `amount * part / whole` without overflow, rounded down.
[[nodiscard]] inline std::int64_t share(std::int64_t amount, std::int64_t part, std::int64_t whole) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::int64_t>(static_cast<Wide>(amount) * static_cast<Wide>(part) / static_cast<Wide>(whole));
}

/// The platform's fee of 0.60 %, in fen, rounded half up.
[[nodiscard]] inline std::int64_t feeOf(std::int64_t settlement) { return (settlement * 6 + 500) / 1000; }

/// Yuan as bills print them: `12.30`, and `-0.02000` with five decimals for fees.
[[nodiscard]] inline std::string yuan(std::int64_t fen) {
  const std::string sign = fen < 0 ? "-" : "";
  const auto size = fen < 0 ? -fen : fen;
  const auto cents = std::to_string(size % 100);
  return sign + std::to_string(size / 100) + (cents.size() == 1 ? ".0" : ".") + cents;
}
[[nodiscard]] inline std::string feeYuan(std::int64_t fen) { return yuan(fen) + "000"; }

}  // namespace openapi::gateway::weixin
