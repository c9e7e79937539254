#include <gateways/bmob/nonces.hpp>

namespace openapi::gateway::bmob {

bool Nonces::add(const std::string& key, Time now, Time until) {
  while (!order_.empty() && order_.front().first < now) {
    known_.erase(order_.front().second);
    order_.pop_front();
  }
  if (!known_.insert(key).second) return false;
  // Ends come nearly in order: the later of two keeps a nonce a little longer than it must be.
  if (!order_.empty() && until < order_.back().first) until = order_.back().first;
  order_.emplace_back(until, key);
  return true;
}

}  // namespace openapi::gateway::bmob
