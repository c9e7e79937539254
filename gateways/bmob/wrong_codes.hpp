#pragma once

#include <gateways/clock.hpp>

#include <cstdint>
#include <deque>
#include <map>

namespace openapi::gateway::bmob {

/// How often somebody tried a wrong code. In memory, because what a refused request writes is rolled back.
class WrongCodes {
 public:
  /// A wrong try at the code with this number, of somebody's phone or address.
  void add(std::int64_t code);
  /// No more tries: the code is void.
  [[nodiscard]] bool isVoid(std::int64_t code) const;

  /// A wrong try at whatever codes there are.
  void addForAll(Time now);
  /// No more of these for now: with many phones some code would be hit.
  [[nodiscard]] bool areTooMany(Time now);

 private:
  std::map<std::int64_t, int> tries_;  ///< by the number of the code: the oldest first
  std::deque<Time> times_;
};

}  // namespace openapi::gateway::bmob
