#pragma once

#include "ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace demo {

/// What becomes of an order.
enum class Story { paid, partlyRefunded, refundedInParts, refundedAtOnce, neverPaid, cancelled };
/// How the platform's notification of the payment comes.
enum class Delivery { prompt, repeated, late, turnedAway };

struct Plan {
  Sale sale{};
  Story story = Story::paid;
  Delivery delivery = Delivery::prompt;
  std::vector<Fen> refunds{};
};

/// The orders of a day: the same for the same seed. `prefix` makes their numbers unique.
[[nodiscard]] std::vector<Plan> planDay(std::size_t orders, std::uint64_t seed, const std::string& prefix);

}  // namespace demo
