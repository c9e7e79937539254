#include <gateways/bmob/wrong_codes.hpp>

#include <chrono>

namespace openapi::gateway::bmob {
namespace {

constexpr int maxTries = 5;
constexpr std::size_t maxForAll = 10;
constexpr std::chrono::minutes window{5};
constexpr std::size_t maxKnown = 10'000;

}  // namespace

void WrongCodes::add(std::int64_t code) {
  ++tries_[code];
  if (tries_.size() > maxKnown) tries_.erase(tries_.begin());
}

bool WrongCodes::isVoid(std::int64_t code) const {
  const auto found = tries_.find(code);
  return found != tries_.end() && found->second >= maxTries;
}

void WrongCodes::addForAll(Time now) { times_.push_back(now); }

bool WrongCodes::areTooMany(Time now) {
  while (!times_.empty() && times_.front() + window <= now) times_.pop_front();
  return times_.size() >= maxForAll;
}

}  // namespace openapi::gateway::bmob
