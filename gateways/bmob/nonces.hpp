#pragma once

#include <gateways/clock.hpp>

#include <deque>
#include <string>
#include <unordered_set>
#include <utility>

namespace openapi::gateway::bmob {

/// The nonces of signed requests, for as long as their timestamps are good. They are not kept over a restart.
class Nonces {
 public:
  /// False when `key` was there before. `until`: when a request with this key is refused for its age.
  bool add(const std::string& key, Time now, Time until);

 private:
  std::unordered_set<std::string> known_;
  std::deque<std::pair<Time, std::string>> order_;  ///< oldest first
};

}  // namespace openapi::gateway::bmob
