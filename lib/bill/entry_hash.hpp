#pragma once

#include <array>
#include <cstdint>

#include "bill/entry.hpp"

namespace openapi::bill {

/// SipHash-1-3 of kind, order and refund number, with a key of its own for each run: whoever chooses the order numbers cannot
/// make them meet.
class EntryHash {
 public:
  EntryHash();
  [[nodiscard]] std::uint64_t operator()(const Entry& entry) const;

 private:
  std::array<std::uint64_t, 2> key_{};
};

}  // namespace openapi::bill
