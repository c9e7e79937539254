#pragma once

#include <gateways/digits.hpp>

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

/// Yuan with five decimals, as bills print fees.
inline void appendFeeYuan(std::string& out, std::int64_t fen) {
  appendYuan(out, fen);
  out += "000";
}

}  // namespace openapi::gateway::weixin
