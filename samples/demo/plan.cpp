#include "plan.hpp"

#include <array>
#include <random>

namespace demo {

namespace {

/// Amounts that floating point gets wrong: 35 * 0.01 is not 0.35, and 19.99 * 100 is not 1999.
constexpr std::array<std::int64_t, 16> awkward{35,  57,  58,   115,  1999, 2003, 1,     29,
                                               113, 201, 1001, 1009, 4035, 8195, 16070, 100'000'007};
constexpr std::array<const char*, 9> clients{"mp-weixin", "app-plus", "jsapi", "h5", "native",
                                             "mp-alipay", "app-plus", "page",  "wap"};
constexpr std::size_t weixinClients = 5;

std::int64_t pick(std::mt19937_64& random, std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from + 1));
}

Story storyOf(std::mt19937_64& random, const Sale& sale) {
  const auto dice = pick(random, 0, 99);
  if (dice < 8) return Story::neverPaid;
  if (dice < 16) return sale.provider == Provider::alipay ? Story::cancelled : Story::neverPaid;
  if (dice < 26) return sale.amount > Fen{3} ? Story::partlyRefunded : Story::paid;
  if (dice < 36) return sale.amount > Fen{3} ? Story::refundedInParts : Story::refundedAtOnce;
  if (dice < 42) return Story::refundedAtOnce;
  return Story::paid;
}

Delivery deliveryOf(std::mt19937_64& random) {
  const auto dice = pick(random, 0, 99);
  if (dice < 12) return Delivery::repeated;
  if (dice < 24) return Delivery::late;
  return dice < 30 ? Delivery::turnedAway : Delivery::prompt;
}

std::vector<Fen> refundsOf(std::mt19937_64& random, Story story, Fen amount) {
  const auto total = amount.count();
  if (story == Story::refundedAtOnce) return {amount};
  if (story == Story::partlyRefunded) return {Fen{pick(random, 1, total - 1)}};
  if (story != Story::refundedInParts) return {};
  const auto first = pick(random, 1, total - 2);
  const auto second = pick(random, 1, total - first - 1);
  return {Fen{first}, Fen{second}, Fen{total - first - second}};
}

}  // namespace

std::vector<Plan> planDay(std::size_t orders, std::uint64_t seed, const std::string& prefix) {
  std::mt19937_64 random{seed};
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < orders; ++i) {
    Plan plan;
    const auto client = i % clients.size();
    plan.sale.provider = client < weixinClients ? Provider::weixin : Provider::alipay;
    plan.sale.clientType = clients.at(client);
    plan.sale.number = prefix + std::to_string(10000 + i);
    const auto size = static_cast<std::int64_t>(awkward.size());
    plan.sale.amount =
        Fen{i % 3 == 0 ? awkward.at(static_cast<std::size_t>(pick(random, 0, size - 1))) : pick(random, 1, 50'000)};
    plan.story = storyOf(random, plan.sale);
    plan.delivery = deliveryOf(random);
    plan.refunds = refundsOf(random, plan.story, plan.sale.amount);
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace demo
